package io.github.learningtodeblur.modules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.backend.SmallDevice;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.restore.ObservedRestoration;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.restore.RichardsonLucyRestoration;
import io.github.learningtodeblur.restore.Unexplained;
import io.github.learningtodeblur.restore.WienerRestoration;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.FinalInterval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.cell.CellImgFactory;
import net.imglib2.position.FunctionRandomAccessible;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Intervals;
import net.imglib2.view.Views;

class BlockRestorationTest {

	private static final int W = 420, H = 330;

	private static Img<UnsignedShortType> cells() {
		final Img<UnsignedShortType> cells = new CellImgFactory<>(new UnsignedShortType(), 64).create(W, H);
		final var c = cells.localizingCursor();
		while (c.hasNext())
			c.next().set(LargeImage.blurry(c.getLongPosition(0), c.getLongPosition(1)));
		return cells;
	}

	private static final Img<FloatType> KERNEL = Images.img(LargeImage.kernel());

	/** Of 16-bit cells, in the values of the image, block by block exactly as at once. */
	@Test
	void blocksOfCellsAreTheWhole() {
		final Img<UnsignedShortType> cells = cells();
		final RandomAccessibleInterval<UnsignedShortType> moved = Views.translate(cells, 7000, -3000);
		for (final Restoration method : List.of(new WienerRestoration(), new FittedRestoration(1))) {
			final BlockRestoration blocks = new BlockRestoration(method, 120).fitted(moved);
			final Img<FloatType> whole = blocks.restore(moved, KERNEL);
			final Img<FloatType> out = new CellImgFactory<>(new FloatType(), 150).create(W, H);
			final RandomAccessibleInterval<FloatType> placed = Views.translate(out, 7000, -3000);
			for (int y = 0; y < H; y += 150)
				for (int x = 0; x < W; x += 150)
					blocks.restore(moved, KERNEL, Views.interval(placed, FinalInterval.createMinSize(7000 + x, -3000 + y, Math.min(
						150, W - x), Math.min(150, H - y))));
			assertEquals(Images.plane(whole), Images.plane(out));
			assertTrue(error(Images.plane(out)) < 0.5 * error(Images.plane(cells)), "sharper: " + error(Images.plane(out)) +
				" after " + error(Images.plane(cells)));
		}
	}

	/** RMS against the sharp scene, away from the border, in grey levels. */
	private static double error(final Plane p) {
		double sum = 0;
		for (int y = 20; y < H - 20; y++)
			for (int x = 20; x < W - 20; x++)
				sum += Math.pow(p.get(x, y) - LargeImage.sharp(x, y), 2);
		return Math.sqrt(sum / (W - 40) / (H - 40));
	}

	/** Against the whole image restored in memory, in parts of the range: 0.3 % rms, 6 % at most, where Richardson and Lucy amplify rounding. */
	@Test
	void tilesAreNearlyTheImageRestoredAtOnce() {
		final Plane blurry = Images.plane(cells());
		for (final Restoration method : List.of(new WienerRestoration(), new RichardsonLucyRestoration(0.005, 20))) {
			final Plane whole = new ObservedRestoration(method).restore(blurry, LargeImage.kernel(), Progress.NONE);
			final Plane tiled = Images.plane(new BlockRestoration(method, 120).restore(Images.img(blurry), KERNEL));
			final Plane one = Images.plane(new BlockRestoration(method).restore(Images.img(blurry), KERNEL));
			double most = 0, squares = 0;
			for (int i = 0; i < whole.pixels().length; i++) {
				final double d = Math.abs(whole.pixels()[i] - tiled.pixels()[i]);
				most = Math.max(most, d);
				squares += d * d;
				assertEquals(whole.pixels()[i], one.pixels()[i], 0.2f, "one tile: the same but for rounding");
			}
			final double range = LargeImage.RANGE, rms = Math.sqrt(squares / whole.pixels().length);
			System.out.println(method + ": tiles against the whole " + rms / range + " rms, " + most / range + " at most");
			assertTrue(rms < 0.003 * range && most < 0.06 * range, rms / range + ", " + most / range);
		}
	}

	@Test
	void unknownPixelsStayUnknown() {
		final Plane blurry = Images.plane(cells());
		for (int y = 100; y < 110; y++)
			for (int x = 230; x < 245; x++)
				blurry.pixels()[y * W + x] = Float.NaN;
		final Plane out = Images.plane(new BlockRestoration(new WienerRestoration(), 120).restore(Images.img(blurry), KERNEL));
		for (int i = 0; i < out.pixels().length; i++)
			assertEquals(Float.isNaN(blurry.pixels()[i]), Float.isNaN(out.pixels()[i]));
	}

	@Test
	void whatHasNoBlurIsCopied() {
		final Img<UnsignedShortType> cells = cells();
		assertEquals(Images.plane(cells), Images.plane(new BlockRestoration(new WienerRestoration()).restore(cells, ArrayImgs
			.floats(new float[] { 0, 0, 0, 0, 3, 0, 0, 0, 0 }, 3, 3))));
		final Img<UnsignedShortType> constant = ArrayImgs.unsignedShorts(90, 80);
		constant.forEach(t -> t.set(77));
		assertEquals(77, new BlockRestoration(new WienerRestoration()).restore(constant, KERNEL).getAt(30, 40).get());
	}

	@Test
	void mistakesAreTold() {
		final Img<UnsignedShortType> cells = cells();
		final BlockRestoration blocks = new BlockRestoration(new WienerRestoration(), 120);
		assertTrue(assertThrows(IllegalArgumentException.class, () -> blocks.restore(cells, ArrayImgs.floats(new float[] { 1, 1,
			1, 1 }, 2, 2))).getMessage().contains("odd"));
		assertTrue(assertThrows(IllegalArgumentException.class, () -> blocks.restore(cells, KERNEL, ArrayImgs.floats(W + 1, 3)))
			.getMessage().contains("leaves the image 420x330 at 0,0"));
		assertTrue(assertThrows(IllegalArgumentException.class, () -> blocks.fitted(List.of(cells, ArrayImgs.unsignedShorts(40, 30))))
			.getMessage().contains("images of one size"));
		assertThrows(IllegalArgumentException.class, () -> new BlockRestoration(new WienerRestoration(), 20));
		assertThrows(CancellationException.class, () -> blocks.restore(cells, KERNEL, ArrayImgs.floats(W, H), new Progress() {

			@Override
			public void report(final long done, final long total, final String what) {}

			@Override
			public boolean canceled() {
				return true;
			}
		}));
	}

	/** Tiles of a dark part stay dark beside a bright one: all are seen in the range of the whole image. */
	@Test
	void tilesShareTheRangeOfALargeImage() {
		final int side = 2100;
		final RandomAccessibleInterval<FloatType> halves = Views.interval(new FunctionRandomAccessible<>(2, (at, v) -> v.set(
			LargeImage.blurry(at.getLongPosition(0), at.getLongPosition(1)) / (at.getLongPosition(0) < side / 2 ? 20f : 1)),
			FloatType::new), new FinalInterval(side, side));
		final List<Double> most = Collections.synchronizedList(new ArrayList<>());
		final BlockRestoration blocks = new BlockRestoration((blurry, kernel, progress) -> {
			double max = 0;
			for (final float v : blurry.pixels())
				if (v > max) max = v; // or it is unknown
			most.add(max);
			return blurry.copy();
		}, 300).fitted(halves);
		for (final int x : new int[] { 400, 1700 }) {
			most.clear();
			final Img<FloatType> out = ArrayImgs.floats(10, 10);
			blocks.restore(halves, KERNEL, Views.translate(out, x, 1000));
			assertEquals(1, most.size(), "within one tile");
			assertEquals(x == 400 ? 0.75 / 20 : 0.75, most.get(0), x == 400 ? 0.01 : 0.05);
			assertEquals(halves.getAt(x + 3, 1004).get(), out.getAt(3, 4).get(), 1);
		}
	}

	@Test
	void tilesOfALargeImageThatDoNotFitOnTheDeviceAreRestoredOnTheCpu() {
		final RandomAccessibleInterval<UnsignedShortType> large = LargeImage.of(2100, 2000);
		final SmallDevice device = new SmallDevice(1000);
		final List<Plane> restored = new ArrayList<>();
		for (final Backend b : List.of(device.backend(), Backends.shared(Backends.CPU))) {
			final Img<FloatType> out = ArrayImgs.floats(40, 30);
			new BlockRestoration(new WienerRestoration(b), 300).restore(large, KERNEL, Views.translate(out, 1000, 900));
			restored.add(Images.plane(out));
		}
		assertEquals(restored.get(1), restored.get(0));
		assertTrue(device.refused() > 0);
	}

	/** The blocks of a sample have nothing to do with each other: where they meet, no kernel explains anything. */
	@Test
	void samplesOfALargeImageLieApart() {
		final List<Plane> seen = new ArrayList<>();
		new BlockRestoration(new Restoration() {

			@Override
			public Restoration fitted(final Plane image) {
				seen.add(image);
				return this;
			}

			@Override
			public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
				return blurry;
			}
		}).fitted(LargeImage.of(2100, 2000));
		final Plane sample = seen.get(0), block = sample.crop(0, 0, sample.width(), 256);
		assertEquals(unexplained(block), unexplained(sample.crop(0, 100, sample.width(), 512)), 0.3 * unexplained(block));
	}

	private static double unexplained(final Plane p) {
		return Unexplained.error(Backends.shared(Backends.CPU), p, LargeImage.kernel(), NoiseEstimate.of(p), Float.POSITIVE_INFINITY,
			Progress.NONE);
	}

	/** Of many small images, as many pixels as of a large one, from the first to the last. */
	@Test
	void aShareOfManyImages() {
		final List<Plane> seen = new ArrayList<>();
		final List<Img<UnsignedShortType>> many = new ArrayList<>();
		for (int i = 0; i < 100; i++)
			many.add(cells());
		new BlockRestoration(new Restoration() {

			@Override
			public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
				return blurry;
			}

			@Override
			public Restoration fitted(final Plane image) {
				seen.add(image);
				return this;
			}
		}).fitted(many);
		final long pixels = (long) seen.get(0).width() * seen.get(0).height();
		assertTrue(pixels > 3 << 20 && pixels < 5 << 20, "looked at " + pixels);
	}

	/** Of more pixels than are looked at: a sample finds the range. */
	@Test
	void samplesOfALargeImage() {
		final RandomAccessibleInterval<UnsignedShortType> large = LargeImage.of(9000, 7000);
		final var blocks = Samples.of(large);
		assertEquals(64, blocks.size());
		assertTrue(blocks.stream().allMatch(b -> Intervals.contains(large, b) && Intervals.numElements(b) == 256 * 256));
		assertArrayEquals(new long[] { 9000 - 256, 7000 - 256 }, blocks.get(63).minAsLongArray());
		assertEquals(8, Samples.of(new FinalInterval(1_000_000, 100)).size());
		final var region = Samples.informative(large, 1 << 24, 2048);
		assertTrue(Intervals.contains(large, region));
		assertArrayEquals(new long[] { 2048, 2048 }, region.dimensionsAsLongArray());
	}

	/** An image of 11 megapixels, 22 MB of 16 bits, 43 MB of floats, within a heap of 40 MB. */
	@Test
	void anImageLargerThanMemory(@TempDir final Path folder) throws IOException, InterruptedException {
		final Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx40m",
			"-XX:+UseSerialGC", "--add-modules", "jdk.incubator.vector", "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
			LargeImage.class.getName(), "3600", "3000", "256", folder.resolve("out.raw").toString()).redirectErrorStream(true)
				.redirectOutput(folder.resolve("log.txt").toFile()).start();
		final boolean ended = java.waitFor(5, TimeUnit.MINUTES);
		java.destroyForcibly();
		final String log = Files.readString(folder.resolve("log.txt"));
		assertTrue(ended && java.exitValue() == 0, log);
		System.out.print(log);
		assertEquals(4L * 3600 * 3000, new File(folder.toFile(), "out.raw").length());
	}
}
