package io.github.learningtodeblur.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Saturation;

class FittedRestorationTest {

	@Test
	void lambdaFollowsTheNoiseAndTheStrength() {
		final Plane kernel = Scene.hook(9), sharp = Scene.sharp(120, 110, 6);
		double before = Double.POSITIVE_INFINITY;
		for (final double noise : new double[] { 0.001, 0.01, 0.05 }) {
			final Plane blurry = Scene.photograph(sharp, kernel, noise);
			final SparseRestoration usual = (SparseRestoration) new FittedRestoration(1).fitted(blurry);
			final SparseRestoration strong = (SparseRestoration) new FittedRestoration(4).fitted(blurry);
			assertTrue(usual.lambda() < before);
			assertEquals(usual.lambda() / 4, strong.lambda(), 1e-9 * usual.lambda());
			before = usual.lambda();
		}
		assertThrows(IllegalArgumentException.class, () -> new FittedRestoration(0));
	}

	@Test
	void onlyFlatWhitesAreSaturated() {
		final Plane p = Scene.sharp(100, 100, 7);
		p.pixels()[77] = 2;
		assertEquals(Float.POSITIVE_INFINITY, Saturation.white(p));
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = Math.min(0.9f, p.pixels()[i]);
		assertEquals(0.9f - 1.5f / 255, Saturation.white(p), 1e-6);
	}

	/** Lights of four times white, whose traces are cut off at white: without care they ring. */
	@Test
	void saturatedLightsRingLess() {
		final Plane kernel = Scene.hook(13), sharp = Scene.sharp(150, 140, 8);
		for (int i = 0; i < sharp.pixels().length; i++)
			sharp.pixels()[i] *= 0.4f;
		for (int y = 30; y < 120; y += 30)
			for (int x = 30; x < 130; x += 30)
				for (int dy = 0; dy < 3; dy++)
					for (int dx = 0; dx < 3; dx++)
						sharp.pixels()[(y + dy) * 150 + x + dx] = 4;
		final Plane blurry = Scene.photograph(sharp, kernel, 0.002), shown = Scene.shown(sharp, kernel);
		for (int i = 0; i < blurry.pixels().length; i++)
			blurry.pixels()[i] = Math.min(1, blurry.pixels()[i]);
		final SparseRestoration careful = (SparseRestoration) new FittedRestoration(1).fitted(blurry);
		final Plane with = careful.restore(blurry, kernel, Progress.NONE);
		final Plane without = new SparseRestoration(careful.alpha(), careful.lambda()).restore(blurry,
			kernel, Progress.NONE);
		final double a = Scene.rmsOfTheDark(with, shown), b = Scene.rmsOfTheDark(without, shown);
		System.out.printf("rms beside saturated lights: %.4f with care, %.4f without%n", a, b);
		assertTrue(a < 0.4 * b, a + " against " + b);
	}

	@Test
	void tilesAreFittedTogether() {
		final Plane kernel = Scene.hook(7), sharp = Scene.sharp(330, 120, 9);
		final Plane blurry = Scene.photograph(sharp, kernel, 0.01);
		for (int y = 0; y < blurry.height(); y++) // no noise on the left
			for (int x = 0; x < 160; x++)
				blurry.pixels()[y * blurry.width() + x] = 0.5f;
		final Restoration fitted = new FittedRestoration(1).fitted(blurry);
		assertEquals(new TiledRestoration(fitted, 100).restore(blurry, kernel, Progress.NONE),
			new TiledRestoration(new FittedRestoration(1), 100).restore(blurry, kernel, Progress.NONE));
	}
}
