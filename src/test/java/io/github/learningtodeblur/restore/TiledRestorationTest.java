package io.github.learningtodeblur.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.learningtodeblur.backend.LogLines;
import io.github.learningtodeblur.backend.SmallDevice;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.ValidConvolution;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.parallel.Parallelization;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Intervals;
import net.imglib2.view.Views;

class TiledRestorationTest {

	private static final Plane KERNEL = kernel();

	private static Plane kernel() {
		final Plane k = new Plane(7, 7);
		for (int i = 0; i < 7; i++)
			k.pixels()[i * 7 + Math.min(6, i / 2 + 2)] = 1 / 7f;
		return k;
	}

	private static Plane blurry() {
		final Plane sharp = new Plane(306, 256);
		for (int y = 0; y < 256; y++)
			for (int x = 0; x < 306; x++)
				sharp.pixels()[y * 306 + x] = (x / 13 * 7 + y / 11 * 5 + x * y / 997) % 10 / 10f;
		return ValidConvolution.convolve(sharp, KERNEL);
	}

	@Test
	void anIdentityComesOutUnchanged() {
		final Plane image = blurry();
		final Plane same = new TiledRestoration((b, k, p) -> b.copy(), 64).restore(image, KERNEL,
			Progress.NONE);
		for (int i = 0; i < image.pixels().length; i++)
			assertEquals(image.pixels()[i], same.pixels()[i], 1e-6);
	}

	@ParameterizedTest
	@ValueSource(strings = { "sparse", "learned" })
	void tilesLeaveNoSeams(final String name) {
		final Plane image = blurry();
		final Restoration method = Restorations.named(name).fitted(image);
		final Plane whole = method.restore(image, KERNEL, Progress.NONE);
		final Plane tiled = new TiledRestoration(method, 100).restore(image, KERNEL, Progress.NONE);
		// The level may differ a little: a line of seven pixels leaves frequencies undetermined, which each tile
		// fills in its own way. A seam would be a step at the cuts, at 100 and 200.
		double squares = 0;
		final double[] steps = new double[image.width()];
		for (int y = 20; y < image.height() - 20; y++)
			for (int x = 20; x < image.width() - 20; x++) {
				final double here = whole.get(x, y) - tiled.get(x, y);
				steps[x] += Math.abs(here - (whole.get(x - 1, y) - tiled.get(x - 1, y)));
				squares += here * here;
			}
		final double rms = Math.sqrt(squares / image.pixels().length);
		final double mean = Arrays.stream(steps).sum() / (image.width() - 40);
		System.out.println("tiled against whole: rms " + rms + ", steps at the cuts " + steps[100] / mean +
			" and " + steps[200] / mean + " times the mean");
		assertTrue(rms < 0.006, "rms " + rms);
		assertTrue(steps[100] < 3 * mean && steps[200] < 3 * mean, "a seam");
	}

	/** Where tiles differ, one goes over into the other, in the middle of what both have seen. */
	@Test
	void tilesAreBlended() {
		final Plane image = new Plane(300, 250);
		for (int i = 0; i < image.pixels().length; i++)
			image.pixels()[i] = i % 300 / 300f;
		// each tile becomes grey, as bright as its middle
		final Plane out = new TiledRestoration((b, k, p) -> {
			final Plane grey = new Plane(b.width(), b.height());
			Arrays.fill(grey.pixels(), b.get(b.width() / 2, b.height() / 2));
			return grey;
		}, 100).restore(image, KERNEL, Progress.NONE);
		assertEquals(74 / 300f, out.get(0, 10), 1e-6, "tile and halo on one side");
		assertEquals(0.5, out.get(150, 125), 0.01);
		assertEquals((out.get(0, 10) + out.get(150, 10)) / 2, out.get(100, 10), 0.01, "half of each at the cut");
		for (int x = 1; x < 300; x++)
			assertEquals(out.get(x - 1, 200), out.get(x, 200), 0.01, "a step at " + x);
	}

	/** However the image is divided, each block is what the whole has there: also cells, and one pixel. */
	@Test
	void blocksAreTheWhole() {
		final Plane image = blurry();
		final Restoration method = new WienerRestoration();
		final TiledRestoration tiled = new TiledRestoration(method, 70);
		final Plane whole = tiled.restore(image, KERNEL, Progress.NONE);
		final RandomAccessibleInterval<FloatType> moved = Views.translate(Images.img(image), -1000, 5000);
		for (final int[] cell : new int[][] { { 128, 96 }, { 300, 40 }, { 77, 250 } }) {
			final Plane out = new Plane(image.width(), image.height());
			final RandomAccessibleInterval<FloatType> placed = Views.translate(Images.img(out), -1000, 5000);
			for (int y = 0; y < image.height(); y += cell[1])
				for (int x = 0; x < image.width(); x += cell[0])
					tiled.restore(moved, KERNEL, Views.interval(placed, Intervals.createMinSize(x - 1000, y + 5000, Math.min(cell[0],
						image.width() - x), Math.min(cell[1], image.height() - y))), Progress.NONE);
			assertEquals(whole, out);
		}
		final Plane one = new Plane(1, 1);
		tiled.restore(moved, KERNEL, Views.translate(Images.img(one), -1000 + 141, 5000 + 69), Progress.NONE);
		assertEquals(whole.get(141, 69), one.get(0, 0));
	}

	@Test
	void blocksOfAnImageOfOneTile() {
		final Plane image = blurry(), part = new Plane(30, 20);
		final TiledRestoration tiled = new TiledRestoration(new WienerRestoration());
		tiled.restore(Images.img(image), KERNEL, Views.translate(Images.img(part), 100, 90), Progress.NONE);
		assertEquals(new WienerRestoration().restore(image, KERNEL, Progress.NONE).crop(100, 90, 30, 20), part);
		final String message = assertThrows(IllegalArgumentException.class, () -> tiled.restore(Images.img(image), KERNEL, Views
			.translate(Images.img(part), 290, 90), Progress.NONE)).getMessage();
		assertEquals("The output 30x20 at 290,90 leaves the image 300x250 at 0,0", message);
	}

	/** Only what a block needs is read. */
	@Test
	void theHaloIsAskedFor() {
		final Plane image = blurry();
		for (int y = 0; y < image.height(); y++)
			for (int x = 0; x < image.width(); x++)
				if (x < 30 || y < 15) image.pixels()[y * image.width() + x] = Float.POSITIVE_INFINITY; // which no method takes
		final TiledRestoration tiled = new TiledRestoration(new WienerRestoration(), 80);
		final Plane part = new Plane(40, 30);
		// a block in the last of four and of four tiles, whose overlap begins 48 pixels before
		tiled.restore(Images.img(image), KERNEL, Views.translate(Images.img(part), 255, 218), Progress.NONE);
		assertThrows(IllegalArgumentException.class, () -> tiled.restore(Images.img(image), KERNEL, Views.translate(Images.img(
			part), 100, 218), Progress.NONE));
	}

	/** As one tile, or as one of several, on any number of threads; the log has one line. */
	@Test
	void whatDoesNotFitOnTheDeviceIsRestoredOnTheCpu() {
		final Plane image = blurry();
		for (final int tile : new int[] { 64, 2000 }) {
			final SmallDevice device = new SmallDevice(150 * 150);
			final Plane right = new TiledRestoration(new WienerRestoration(new CpuBackend()), tile).restore(image, KERNEL, Progress.NONE);
			try (LogLines log = new LogLines()) {
				assertEquals(right, Parallelization.runWithNumThreads(3, () -> new TiledRestoration(new WienerRestoration(device.backend()),
					tile).restore(image, KERNEL, Progress.NONE)));
				assertTrue(log.lines().size() <= 1, log.lines().toString());
			}
			assertTrue(device.refused() > 0);
			assertEquals(tile == 64, device.granted() > 0, "corners fit");
		}
	}

	@Test
	void threadsDoNotMatter() {
		final Plane image = blurry();
		final TiledRestoration tiled = new TiledRestoration(new WienerRestoration(), 64);
		final Plane one = Parallelization.runSingleThreaded(() -> tiled.restore(image, KERNEL,
			Progress.NONE));
		assertEquals(one, Parallelization.runWithNumThreads(5, () -> tiled.restore(image, KERNEL,
			Progress.NONE)));
	}

	@Test
	void cancelStops() {
		assertThrows(CancellationException.class, () -> new TiledRestoration(new SparseRestoration(), 64)
			.restore(blurry(), KERNEL, new Progress() {

				@Override
				public void report(final long done, final long total, final String what) {}

				@Override
				public boolean canceled() {
					return true;
				}
			}));
	}
}
