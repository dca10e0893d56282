package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.api.Test;

class NoiseEstimateTest {

	private static Plane scene(final double noise) {
		final Plane p = new Plane(150, 120);
		final Random random = new Random(4);
		for (int y = 0; y < 120; y++)
			for (int x = 0; x < 150; x++)
				p.pixels()[y * 150 + x] = (float) (0.2 + 0.003 * x + (x / 30 + y / 30) % 2 * 0.2 + noise *
					random.nextGaussian());
		return p;
	}

	@Test
	void slopesAndEdgesAreNoNoise() {
		assertEquals(0.001 / Math.sqrt(12), NoiseEstimate.of(scene(0)), 1e-6); // its values lie in steps of 0.001
	}

	@Test
	void noiseIsFoundWithinATenth() {
		for (final double noise : new double[] { 0.002, 0.01, 0.05 })
			assertEquals(noise, NoiseEstimate.of(scene(noise)), 0.1 * noise);
	}

	/** Cut off at white, noise is 0 there; what is left tells the truth. */
	@Test
	void saturatedPixelsDoNotCount() {
		final Plane p = scene(0.02);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = i % 150 < 90 ? 1 : Math.min(1, p.pixels()[i]);
		assertEquals(0.02, NoiseEstimate.of(p), 0.003);
	}

	@Test
	void tinyAndFlatImagesHaveNone() {
		assertEquals(0, NoiseEstimate.of(new Plane(2, 50)));
		assertEquals(0, NoiseEstimate.of(new Plane(50, 50)));
		assertTrue(NoiseEstimate.of(scene(0.1)) < 0.12);
	}
}
