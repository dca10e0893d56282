package io.github.learningtodeblur.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.ValidConvolution;
import net.imglib2.parallel.Parallelization;

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
