package io.github.learningtodeblur.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.batch.Folders;
import io.github.learningtodeblur.batch.VolumeLayout;
import io.github.learningtodeblur.cluster.zarr.OmeZarr;
import io.github.learningtodeblur.cluster.zarr.PythonZarr;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

/** A volume of python3-zarr, two channels of three planes of which the last is black, on a real Spark. */
class DeblurVolumeTest {

	@TempDir
	Path folder;
	private Path volume;
	private Path to;

	@BeforeEach
	void unpack() throws IOException {
		PythonZarr.unpack(folder);
		volume = folder.resolve("ome");
		to = folder.resolve("restored");
		blurred();
		Masters.local(2);
	}

	@AfterEach
	void forget() {
		Masters.forget();
	}

	/** What is sharp would be left as it is. */
	private void blurred() throws IOException {
		final Img<FloatType> all = ArrayImgs.floats(72, 64, 3, 2);
		for (int plane = 0; plane < 5; plane++) {
			final Plane p = Folders.blurred(plane).copy();
			for (int i = 0; i < p.pixels().length; i++)
				p.pixels()[i] *= 255;
			Images.write(p, Views.hyperSlice(Views.hyperSlice(all, 3, plane / 3), 2, plane % 3));
		}
		assertEquals(0, OmeZarr.open(volume).array().write(all));
	}

	private int deblur(final Path out, final String... more) {
		return ClusterMain.execute(arguments(out, more));
	}

	private String[] arguments(final Path out, final String... more) {
		final List<String> args = new ArrayList<>(List.of("deblur-volume", "--volume=" + volume, "--out=" + out, "--refine=0", "--device=cpu",
			 "--restoration=wiener", "--block-scale=1"));
		args.addAll(List.of(more));
		return args.toArray(String[]::new);
	}

	/** Every chunk of an image, and every kernel: the bytes of its file, as a number. */
	private static Map<String, Integer> chunks(final Path results) throws IOException {
		final Map<String, Integer> chunks = new TreeMap<>();
		for (final String array : List.of("0", "kernels"))
			if (Files.isDirectory(results.resolve(array))) try (Stream<Path> files = Files.walk(results.resolve(array))) {
				for (final Path f : files.filter(Files::isRegularFile).toList())
					if (!f.getFileName().toString().startsWith(".") || f.toString().endsWith(".part")) chunks.put(results.relativize(f).toString(),
						Arrays.hashCode(Files.readAllBytes(f)));
			}
		return chunks;
	}

	/** Chunks there are by now of an image that is being written: files may come and go while one looks. */
	private static int finished(final Path results) throws IOException {
		final int[] count = { 0 };
		for (final String array : List.of("0", "kernels"))
			Files.walkFileTree(results.resolve(array), new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) {
					if (!file.getFileName().toString().startsWith(".")) count[0]++;
					return FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult visitFileFailed(final Path file, final IOException gone) {
					return FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult postVisitDirectory(final Path directory, final IOException gone) {
					return FileVisitResult.CONTINUE;
				}
			});
		return count[0];
	}

	private static RandomAccessibleInterval<FloatType> image(final Path ome) throws IOException {
		return OmeZarr.open(ome).array().image(1 << 20);
	}

	/** Kernels are those that the network finds; the black plane has none, and stays black. */
	@Test
	void kernelsFirstThenBlocks() throws IOException {
		assertEquals(0, deblur(to, "--pass=kernels"));
		assertEquals(5, chunks(to).size(), "five kernels, and no block");
		final List<String> kernels = Files.readAllLines(to.resolve("kernel-table/table.csv"));
		assertEquals(7, kernels.size());
		assertTrue(kernels.get(6).matches("000001-000002-000000-000000,[0-9.]+,.*constant.*"), kernels.get(6));
		assertEquals(0, deblur(to));
		assertEquals(5 + 2 * 3 * 2 * 3, chunks(to).size());
		assertEquals(2 * 3 * 2 * 3 + 1, Files.readAllLines(to.resolve("block-table/table.csv")).size());
		int changed = 0;
		final var before = Views.flatIterable(image(volume)).cursor();
		for (final FloatType after : Views.flatIterable(image(to)))
			if (before.next().get() != after.get()) changed++;
		assertTrue(changed > 0.5 * 5 * 64 * 72, "changed " + changed);
		for (final FloatType v : Views.flatIterable(Views.hyperSlice(Views.hyperSlice(image(to), 3, 1), 2, 2)))
			assertEquals(0, v.get());
	}

	/** What a person puts in its place is taken: here a point, with which a plane stays as it is. */
	@Test
	void kernelsCanBeReplaced() throws IOException {
		assertEquals(0, deblur(to, "--pass=kernels", "--floats"));
		final VolumeLayout layout = new VolumeLayout(new long[] { 72, 64, 3, 2 }, new int[] { 32, 32, 1, 1 }, 3, VolumeLayout.Scope.PLANE, 0,
			1);
		final Plane point = new Plane(3, 3);
		point.pixels()[4] = 1;
		new ZarrKernels(to.resolve("kernels"), layout, 255).write(new long[] { 0, 0, 1, 0 }, point);
		assertEquals(0, deblur(to, "--pass=restore", "--floats"));
		for (int z = 0; z < 2; z++) {
			final Plane before = plane(volume, z), after = plane(to, z);
			if (z == 1) assertEquals(before, after);
			else assertNotEquals(before, after);
		}
	}

	/** With a kernel that somebody has spoiled, blocks fail and are told of; they are done when it is mended. */
	@Test
	void blocksThatFailAreNotDone() throws IOException {
		assertEquals(0, deblur(to, "--pass=kernels", "--floats"));
		final VolumeLayout layout = new VolumeLayout(new long[] { 72, 64, 3, 2 }, new int[] { 32, 32, 1, 1 }, 3, VolumeLayout.Scope.PLANE, 0,
			1);
		final Plane kernel = Planes.point(3);
		kernel.pixels()[0] = Float.POSITIVE_INFINITY;
		new ZarrKernels(to.resolve("kernels"), layout, 255).write(new long[] { 0, 0, 1, 0 }, kernel);
		assertEquals(1, deblur(to, "--pass=restore", "--floats", "--retries=0"));
		final int blocks = 2 * 3 * 2 * 3;
		assertTrue(Files.readAllLines(to.resolve("block-table/table.csv")).size() < blocks + 1);
		new ZarrKernels(to.resolve("kernels"), layout, 255).write(new long[] { 0, 0, 1, 0 }, Planes.point(3));
		assertEquals(0, deblur(to, "--pass=restore", "--floats"));
		assertEquals(blocks + 1, Files.readAllLines(to.resolve("block-table/table.csv")).size());
		assertEquals(plane(volume, 1), plane(to, 1));
	}

	private static Plane plane(final Path ome, final int z) throws IOException {
		return Images.plane(Views.hyperSlice(Views.hyperSlice(image(ome), 3, 0), 2, z));
	}

	/** Another plan for what was begun would make a patchwork. */
	@Test
	void settingsStay() throws IOException {
		assertEquals(0, deblur(to, "--pass=kernels", "--kernels=channel"));
		assertEquals(2, chunks(to).size());
		assertEquals(1, deblur(to));
		assertEquals(2, chunks(to).size());
		final Path dry = folder.resolve("dry");
		assertEquals(0, deblur(dry, "--dry-run"));
		assertFalse(Files.exists(dry));
	}

	/** Every chunk that is there is whole, and in the end, all are as they would have been. */
	@Test
	void survivesTheDeathOfTheDriver() throws Exception {
		final Path whole = folder.resolve("whole");
		assertEquals(0, deblur(whole));
		final List<String> args = new ArrayList<>(List.of(ClusterMain.class.getName()));
		args.addAll(List.of(arguments(to)));
		final Process driver = Folders.java(folder.resolve("log"), Masters.options("local[1]"), args.toArray(String[]::new));
		final long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
		while (finished(to) < 5 + 3) {
			assertTrue(driver.isAlive() && System.nanoTime() < end, () -> "nothing to kill");
			Thread.sleep(2);
		}
		driver.destroyForcibly().waitFor();
		final Map<String, Integer> left = chunks(to), expected = chunks(whole);
		assertTrue(left.size() < expected.size(), "killed too late");
		left.forEach((name, bytes) -> assertTrue(name.endsWith(".part") || expected.get(name).equals(bytes), name));
		assertEquals(0, deblur(to));
		final Map<String, Integer> all = chunks(to);
		all.keySet().removeIf(n -> n.endsWith(".part"));
		assertEquals(expected, all);
		assertEquals(2 * 3 * 2 * 3 + 1, Files.readAllLines(to.resolve("block-table/table.csv")).size());
	}
}
