package io.github.learningtodeblur.cluster.zarr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.imglib2.FinalInterval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

/** Against the files of python3-zarr, in both directions; those that it has written are in python-zarr.zip. */
class ZarrArrayTest {

	@TempDir
	static Path folder;

	@BeforeAll
	static void unpack() throws IOException {
		PythonZarr.unpack(folder);
	}

	/** What python_zarr.py gives an array. */
	private static float value(final int index, final String name) {
		final int v = (int) (index * 7919L % 1000);
		return name.contains("-f") ? v / 8f : v;
	}

	@ParameterizedTest
	@ValueSource(strings = { "blosc-u2", "blosc-zstd-f4", "zlib-i2", "gzip-f8", "zstd-u4", "raw-u2" })
	void readsWhatPythonWrites(final String name) throws IOException {
		final ZarrArray array = ZarrArray.open(folder.resolve(name));
		assertArrayEquals(new long[] { 34, 21, 3 }, array.size());
		assertArrayEquals(new int[] { 16, 8, 2 }, array.chunk());
		int i = 0;
		for (final FloatType v : Views.flatIterable(array.image(0)))
			assertEquals(value(i++, name), v.get());
		assertEquals(34 * 21 * 3, i);
	}

	/** By blocks, of which some end with the array. */
	@ParameterizedTest
	@ValueSource(strings = { "blosc-u2", "blosc-zstd-f4", "zlib-i2", "gzip-f8", "zstd-u4", "raw-u2" })
	void pythonReadsWhatIsWritten(final String name) throws Exception {
		final ZarrArray from = ZarrArray.open(folder.resolve(name));
		final Path copy = folder.resolve("copy-" + name);
		final ZarrArray to = from.like(copy, null);
		final RandomAccessibleInterval<FloatType> image = from.image(1 << 20);
		for (final long[][] box : new long[][][] { { { 0, 0, 0 }, { 31, 15, 1 } }, { { 32, 0, 0 }, { 33, 15, 1 } }, { { 0, 16, 0 }, { 33,
			20, 1 } }, { { 0, 0, 2 }, { 33, 20, 2 } } })
			assertEquals(0, to.write(Views.interval(image, box[0], box[1])));
		int i = 0;
		for (final FloatType v : Views.flatIterable(to.image(0)))
			assertEquals(value(i++, name), v.get());
		assertEquals(PythonZarr.read(folder.resolve(name)), PythonZarr.read(copy));
	}

	@Test
	void valuesAreRoundedAndCutOff() throws IOException {
		final ZarrArray array = ZarrArray.open(folder.resolve("blosc-u2")).like(folder.resolve("cut"), "|u1");
		final float[] values = new float[16 * 8 * 2];
		Arrays.fill(values, 7.4f);
		values[0] = -0.4f;
		values[1] = -3;
		values[2] = 255.4f;
		values[3] = 300;
		values[4] = Float.NaN;
		values[5] = 8.6f;
		assertEquals(2, array.write(Views.translate(ArrayImgs.floats(values, 16, 8, 2), 16, 8, 0)));
		final float[] read = new float[6];
		final var at = array.image(0).randomAccess();
		for (int i = 0; i < 6; i++)
			read[i] = at.setPositionAndGet(16 + i, 8, 0).get();
		assertArrayEquals(new float[] { 0, 0, 255, 255, 0, 9 }, read);
	}

	@Test
	void chunksAreWhole() throws IOException {
		final ZarrArray array = ZarrArray.open(folder.resolve("zstd-u4")).like(folder.resolve("whole"), null);
		for (final FinalInterval part : List.of(FinalInterval.createMinMax(0, 0, 0, 14, 7, 1), FinalInterval.createMinMax(1, 0, 0, 15, 7,
			1), FinalInterval.createMinMax(0, 0, 0, 15, 7, 0), FinalInterval.createMinMax(32, 0, 0, 47, 7, 1)))
			assertThrows(IllegalArgumentException.class, () -> array.write(Views.translate(ArrayImgs.floats(part.dimensionsAsLongArray()), part
				.minAsLongArray())));
		// what was not written has the value for that
		assertEquals(0, array.image(0).randomAccess().get().get());
	}

	/** Other settings, other arrays, damage: a sentence that names the folder or the file. */
	@Test
	void mistakesAreTold() throws IOException {
		final Path bad = Files.createDirectories(folder.resolve("bad"));
		final String good = Files.readString(folder.resolve("blosc-u2/.zarray"));
		for (final String[] change : new String[][] { { "\"blosc\"", "\"lzma\"" }, { "\"<u2\"", "\"<c8\"" }, { "\"C\"", "\"F\"" }, {
			"\"zarr_format\": 2", "\"zarr_format\": 3" }, { "\"shape\"", "\"form\"" } })
		{
			Files.writeString(bad.resolve(".zarray"), good.replace(change[0], change[1]));
			final String told = assertThrows(IOException.class, () -> ZarrArray.open(bad)).getMessage();
			assertTrue(told.contains(bad.toString()), told);
		}
		assertTrue(assertThrows(IOException.class, () -> ZarrArray.open(folder)).getMessage().contains("no .zarray"));
		assertThrows(IOException.class, () -> ZarrArray.open(folder.resolve("zlib-i2")).like(folder.resolve("blosc-u2"), null));
		final ZarrArray array = ZarrArray.open(folder.resolve("gzip-f8")).like(folder.resolve("damaged"), null);
		Files.write(folder.resolve("damaged/0.0.0"), "cut".getBytes(StandardCharsets.UTF_8));
		assertTrue(assertThrows(RuntimeException.class, () -> array.image(0).randomAccess().get().get()).getMessage().contains("0.0.0"));
	}

	@Test
	void theFirstArrayOfAnOmeZarr() throws IOException {
		final OmeZarr ome = OmeZarr.open(folder.resolve("ome"));
		assertEquals(3, ome.channel());
		assertArrayEquals(new long[] { 72, 64, 3, 2 }, ome.array().size());
		final OmeZarr like = ome.like(folder.resolve("like"), "plan a", true);
		assertEquals(ome.attributes().get("multiscales"), like.attributes().get("multiscales"));
		assertEquals(0, like.array().write(ome.array().image(0)));
		assertEquals("plan a", OmeZarr.open(ome.like(folder.resolve("like"), "plan a", true).folder()).attributes().get("deblur").getAsString());
		assertTrue(assertThrows(IOException.class, () -> ome.like(folder.resolve("like"), "plan b", true)).getMessage().contains("plan a"));
		assumeTrue(PythonZarr.isThere(), "no python3-zarr");
		assertEquals("(2, 3, 64, 72) float32", PythonZarr.read(folder.resolve("like/0")).replaceAll(" [0-9.]+$", ""));
	}
}
