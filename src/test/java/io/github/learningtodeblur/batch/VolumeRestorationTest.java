package io.github.learningtodeblur.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.batch.VolumeLayout.Scope;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.restore.WienerRestoration;
import io.github.learningtodeblur.search.KernelRefinement;
import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.ValidConvolution;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.loops.LoopBuilder;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Intervals;
import net.imglib2.view.Views;

class VolumeRestorationTest {

	private static final int W = 250, H = 190, DEPTH = 4;

	/** Kernels in memory. */
	private static final class Kept implements KernelStore {

		private final Map<List<Long>, Plane> kernels = new HashMap<>();

		private static List<Long> key(final long[] place) {
			return Arrays.stream(place).boxed().toList();
		}

		@Override
		public Plane read(final long[] place) {
			return kernels.get(key(place));
		}

		@Override
		public void write(final long[] place, final Plane kernel) {
			kernels.put(key(place), kernel);
		}
	}

	/** A streak, in a frame that is larger. */
	private static Plane streak(final int length) {
		final Plane k = new Plane(21, 21);
		for (int i = 0; i < length; i++)
			k.pixels()[10 * 21 + 10 - length / 2 + i] = 1f / length;
		return k;
	}

	private static Plane sharp(final int z) {
		final Plane street = Disturbances.street();
		return street.crop(3 * z, 2 * z, W + 20, H + 20);
	}

	/** Each plane with the streak of its own length, in the values 100 to 1100, and a little noise: without any, what is flat looks drawn. */
	private static Img<FloatType> volume(final int... lengths) {
		final Random random = new Random(5);
		final Img<FloatType> volume = ArrayImgs.floats(W, H, DEPTH);
		final var out = volume.cursor();
		for (int z = 0; z < DEPTH; z++)
			for (final float v : ValidConvolution.convolve(sharp(z), streak(lengths[z])).pixels())
				out.next().set(100 + 1000 * v + 5 * (float) random.nextGaussian());
		return volume;
	}

	private static Img<FloatType> restored(final Img<FloatType> volume, final VolumeLayout layout, final KernelStore kernels,
		final int smooth) throws IOException
	{
		final Img<FloatType> out = ArrayImgs.floats(W, H, DEPTH);
		final VolumeRestoration restoration = new VolumeRestoration(volume, layout, kernels, smooth, new WienerRestoration());
		for (final Box block : layout.blocks())
			assertEquals(7, restoration.restore(block, values -> {
				assertTrue(Intervals.equals(block.interval(), values), "at its place");
				LoopBuilder.setImages(values, Views.interval(out, values)).forEachPixel((v, o) -> o.set(v));
				return 7;
			}));
		return out;
	}

	/** RMS against the sharp scene, in parts of its range, in one plane. */
	private static double error(final Img<FloatType> volume, final int z) {
		final Plane sharp = sharp(z).crop(10, 10, W, H);
		final var values = Views.hyperSlice(volume, 2, z).randomAccess();
		double sum = 0;
		for (int y = 25; y < H - 25; y++)
			for (int x = 25; x < W - 25; x++)
				sum += Math.pow((values.setPositionAndGet(x, y).get() - 100) / 1000 - sharp.get(x, y), 2);
		return Math.sqrt(sum / (H - 50) / (W - 50));
	}

	private static VolumeLayout layout(final Scope scope, final int tile, final int chunk, final int scale) {
		return new VolumeLayout(new long[] { W, H, DEPTH }, new int[] { chunk, chunk, 2 }, -1, scope, tile, scale);
	}

	/** As sharp as planes restored at once; of a short kernel, the blocks are the plane. */
	@Test
	void blocksArePlanesWithTheirOwnKernels() throws IOException {
		final int[] lengths = { 9, 5, 13, 7 };
		final Img<FloatType> volume = volume(lengths);
		final Kept kernels = new Kept();
		for (int z = 0; z < DEPTH; z++)
			kernels.write(new long[] { 0, 0, z }, streak(lengths[z]));
		final Img<FloatType> whole = restored(volume, layout(Scope.PLANE, 0, 256, 1), kernels, 0);
		final Img<FloatType> blocks = restored(volume, layout(Scope.PLANE, 0, 64, 2), kernels, 0);
		for (int z = 0; z < DEPTH; z++) {
			assertTrue(error(whole, z) < 0.55 * error(volume, z), z + ": " + error(whole, z) + " of " + error(volume, z));
			assertTrue(error(blocks, z) < 1.05 * error(whole, z), z + ": " + error(blocks, z) + " by blocks, " + error(whole, z));
		}
		assertTrue(difference(whole, blocks, 1) < 4, "they differ by " + difference(whole, blocks, 1) + " of 1000");
	}

	/** RMS, in one plane, away from the border. */
	private static double difference(final Img<FloatType> a, final Img<FloatType> b, final int z) {
		final double[] sum = { 0 };
		final long[] min = { 25, 25, z }, max = { W - 26, H - 26, z };
		LoopBuilder.setImages(Views.interval(a, min, max), Views.interval(b, min, max)).forEachPixel((v, w) -> sum[0] += Math.pow(v
			.get() - w.get(), 2));
		return Math.sqrt(sum[0] / (W - 50) / (H - 50));
	}

	/** Of a plane that has none, the nearest; an empty one is none. */
	@Test
	void missingKernelsAreTheNearestOnes() throws IOException {
		final int[] lengths = { 9, 9, 5, 5 };
		final Img<FloatType> volume = volume(lengths);
		final Kept all = new Kept(), some = new Kept();
		for (int z = 0; z < DEPTH; z++)
			all.write(new long[] { 0, 0, z }, streak(lengths[z]));
		some.write(new long[] { 0, 0, 0 }, streak(9));
		some.write(new long[] { 0, 0, 1 }, new Plane(21, 21));
		some.write(new long[] { 0, 0, 3 }, streak(5));
		final VolumeLayout layout = layout(Scope.PLANE, 0, 256, 1);
		// of two equally near, the first; here plane 1 has plane 0 at its side, and plane 2 has plane 3
		assertSame(restored(volume, layout, all, 0), restored(volume, layout, some, 0));
		assertThrows(IOException.class, () -> restored(volume, layout, new Kept(), 0));
	}

	@Test
	void kernelsAreSmoothedOverPlanes() throws IOException {
		final Img<FloatType> volume = volume(5, 5, 5, 5);
		final Kept jumping = new Kept(), smooth = new Kept();
		final int[] lengths = { 3, 7, 5, 5 };
		for (int z = 0; z < DEPTH; z++)
			jumping.write(new long[] { 0, 0, z }, streak(lengths[z]));
		for (int z = 0; z < DEPTH; z++) {
			final Plane mean = new Plane(21, 21);
			for (int n = Math.max(0, z - 1); n <= Math.min(DEPTH - 1, z + 1); n++)
				for (int i = 0; i < mean.pixels().length; i++)
					mean.pixels()[i] += streak(lengths[n]).pixels()[i];
			smooth.write(new long[] { 0, 0, z }, mean);
		}
		final VolumeLayout layout = layout(Scope.PLANE, 0, 256, 1);
		assertSame(restored(volume, layout, smooth, 0), restored(volume, layout, jumping, 1));
	}

	/** The left of the image is blurred otherwise than the right; equal kernels give what one gives, whatever the blocks. */
	@Test
	void tilesHaveKernelsOfTheirOwn() throws IOException {
		final int[] left = { 11, 11, 11, 11 }, right = { 3, 3, 3, 3 };
		final Img<FloatType> volume = volume(left), other = volume(right);
		LoopBuilder.setImages(Views.interval(volume, new long[] { W / 2, 0, 0 }, new long[] { W - 1, H - 1, DEPTH - 1 }), Views.interval(
			other, new long[] { W / 2, 0, 0 }, new long[] { W - 1, H - 1, DEPTH - 1 })).forEachPixel((v, o) -> v.set(o));
		final VolumeLayout tiles = layout(Scope.ONE, 125, 64, 2), one = layout(Scope.ONE, 0, 64, 2);
		final Kept two = new Kept(), equal = new Kept(), single = new Kept();
		single.write(new long[3], streak(11));
		for (final Box place : tiles.places()) {
			two.write(place.min(), streak(place.min()[0] == 0 ? 11 : 3));
			equal.write(place.min(), streak(5));
		}
		final double local = error(restored(volume, tiles, two, 0), 0), same = error(restored(volume, one, single, 0), 0);
		assertTrue(local < 0.8 * same, local + " with two kernels, " + same + " with one");
		single.write(new long[3], streak(5));
		final double once = error(restored(volume, one, single, 0), 0), often = error(restored(volume, tiles, equal, 0), 0);
		assertEquals(once, often, 0.1 * once);
	}

	/** Of the very pixels of its plane, or its tile; where all is black, there is none. */
	@Test
	void kernelsAreEstimatedWhereTheyAre(@TempDir final Path folder) throws IOException {
		final Img<FloatType> volume = volume(9, 5, 9, 5);
		Views.hyperSlice(volume, 2, 3).forEach(FloatType::setZero);
		final Kept kept = new Kept();
		final Deblurring deblurring = new Deblurring(Models.read(Folders.tinyModel(folder))).withRefinement(new KernelRefinement(0));
		for (final VolumeLayout layout : List.of(layout(Scope.PLANE, 0, 256, 1), layout(Scope.PLANE, 125, 256, 1))) {
			final VolumeKernels kernels = new VolumeKernels(volume, layout, kept);
			for (final Box place : List.of(Box.at(0, 0, 0), Box.at(layout.kernels()[0] - 1, 0, 1))) {
				kernels.estimate(place, deblurring);
				final int width = W / (int) layout.kernels()[0], height = H / (int) layout.kernels()[1];
				final Plane shown = Images.plane(Views.hyperSlice(volume, 2, place.min()[2])).crop((int) place.min()[0] * width, 0, width,
					height);
				assertEquals(deblurring.estimateKernel(shown, Progress.NONE), kept.read(place.min()));
			}
			assertNotEquals(kept.read(new long[] { 0, 0, 0 }), kept.read(new long[] { layout.kernels()[0] - 1, 0, 1 }));
			assertThrows(IllegalArgumentException.class, () -> kernels.estimate(Box.at(0, 0, 3), deblurring));
			assertNull(kept.read(new long[] { 0, 0, 3 }));
		}
	}

	/** Of 8 gigabytes, which are made as they are asked for, with a heap of 400 megabytes: the first block, and the last. */
	@Test
	void volumesMayBeLargerThanMemory(@TempDir final Path folder) throws Exception {
		final Path log = folder.resolve("log");
		final Process java = Folders.java(log, List.of("-Xmx400m"), VirtualVolume.class.getName(), "2", "1", "1");
		assertEquals(0, java.waitFor(), () -> read(log));
		assertTrue(read(log).contains("done blocks=2 of 4096"), read(log));
	}

	private static String read(final Path file) {
		try {
			return Files.readString(file);
		}
		catch (final IOException e) {
			return e.toString();
		}
	}

	private static void assertSame(final Img<FloatType> expected, final Img<FloatType> actual) {
		final var a = expected.cursor();
		final var b = actual.cursor();
		while (a.hasNext())
			assertEquals(a.next().get(), b.next().get());
	}
}
