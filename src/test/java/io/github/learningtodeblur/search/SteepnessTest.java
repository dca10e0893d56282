package io.github.learningtodeblur.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.train.ExampleSource;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.ValidConvolution;

class SteepnessTest {

	private static final int LEAST_90 = Steepness.names().indexOf("steep1_least_90");
	private static final int MEAN_90 = Steepness.names().indexOf("steep1_mean_90");
	private static final int BOTH_90 = Steepness.names().indexOf("steep2_least_90");
	private static final int SHARP = Steepness.names().indexOf("sharp_least");
	private static final int STRUCTURE = Steepness.names().indexOf("structure");
	private static final int GROWTH = Steepness.names().indexOf("growth_least_2");

	/** Discs of some grey on another. */
	private static Plane discs() {
		final Plane p = new Plane(160, 150);
		final SplittableRandom random = new SplittableRandom(4);
		for (int n = 0; n < 60; n++) {
			final double cx = 160 * random.nextDouble(), cy = 150 * random.nextDouble(), r = 6 + 14 * random.nextDouble();
			final float grey = 0.1f + 0.8f * (float) random.nextDouble();
			for (int y = 0; y < 150; y++)
				for (int x = 0; x < 160; x++)
					if (Math.hypot(x - cx, y - cy) < r) p.pixels()[y * 160 + x] = grey;
		}
		return p;
	}

	private static double[] of(final Plane p) {
		return Steepness.of(p, 0, 0.002);
	}

	/** Whole steps between neighbours; half of them after a blur of two pixels, in the direction of the blur only. */
	@Test
	void blurTakesTheSteepness() {
		final double[] sharp = of(discs());
		assertEquals(Steepness.names().size(), sharp.length);
		assertEquals(1, sharp[LEAST_90], 0.01);
		final Plane across = new Plane(5, 5);
		for (int i = 0; i < 5; i++)
			across.pixels()[10 + i] = 0.2f;
		final double[] moved = of(ValidConvolution.convolve(discs(), across));
		assertTrue(moved[LEAST_90] < 0.6, "" + moved[LEAST_90]);
		assertTrue(moved[MEAN_90] > moved[LEAST_90] + 0.1, moved[MEAN_90] + " of " + moved[LEAST_90]);
		assertTrue(moved[BOTH_90] < 0.8 && moved[BOTH_90] > moved[LEAST_90], moved[BOTH_90] + " of " + moved[LEAST_90]);
		assertEquals(0, sharp[SHARP], 0.1);
		assertTrue(moved[SHARP] < -2, "" + moved[SHARP]);
		assertTrue(moved[GROWTH] < sharp[GROWTH] - 0.2, moved[GROWTH] + " against " + sharp[GROWTH]);
	}

	/** The means of squares of nothing but noise vary as they must; any picture's vary more. */
	@Test
	void structureIsWhatNoiseLacks() {
		final Plane noise = new Plane(200, 160), picture = discs();
		ExampleSource.addNoise(noise, 0.1, 0, new SplittableRandom(6));
		assertEquals(0, Steepness.of(noise, 0, 0.1)[STRUCTURE], 0.3);
		ExampleSource.addNoise(picture, 0.1, 0, new SplittableRandom(7));
		assertTrue(Steepness.of(picture, 0, 0.1)[STRUCTURE] > 3, "" + Steepness.of(picture, 0, 0.1)[STRUCTURE]);
	}

	@Test
	void neitherRangeNorSignMatters() {
		final Plane noisy = discs(), other = noisy.copy();
		ExampleSource.addNoise(noisy, 0.01, 0, new SplittableRandom(5));
		for (int i = 0; i < other.pixels().length; i++)
			other.pixels()[i] = 300 - 40 * noisy.pixels()[i];
		assertArrayEquals(Steepness.of(noisy, 3, 0.01), Steepness.of(other, 3, 0.4), 0.02);
	}

	@Test
	void unknownPixelsDoNotCount() {
		final Plane bar = discs(), hole = bar.copy(), half = bar.crop(0, 0, 160, 100);
		for (int i = 104 * 160; i < hole.pixels().length; i++)
			hole.pixels()[i] = Float.NaN;
		final double[] known = Steepness.of(half, 0, 0.002), marked = Steepness.of(hole, 0, 0.002);
		for (int i = 0; i <= GROWTH; i++)
			assertEquals(known[i], marked[i], 0.25, Steepness.names().get(i));
		for (final double v : marked)
			assertTrue(Double.isFinite(v));
	}

	/** Nothing there, nothing to be said, but no failure either. */
	@Test
	void plainNumbersAreTheLastOnes() {
		final Plane noisy = discs();
		ExampleSource.addNoise(noisy, 0.03, 0, new SplittableRandom(8));
		final double[] all = Steepness.of(noisy, 4, 0.03), plain = Steepness.plain(noisy, 4, 0.03);
		assertEquals(Steepness.plainNames().size(), plain.length);
		assertArrayEquals(Arrays.copyOfRange(all, all.length - plain.length, all.length), plain);
	}

	@Test
	void flatAndTinyImages() {
		for (final Plane p : new Plane[] { new Plane(40, 40), new Plane(7, 5) })
			for (final double v : Steepness.of(p, 0, 0))
				assertTrue(Double.isFinite(v));
	}
}
