package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LinearLightTest {

	/** Of the standard: 188 is about half the light of 255, and 12 lies on the straight part's end. */
	@Test
	void theCurveIsThatOfSRgb() {
		final Plane saved = new Plane(new float[] { 0, 10 / 255f, 0.5f, 188 / 255f, 1, 1.2f, -0.5f, Float.NaN }, 8, 1);
		final Plane light = LinearLight.of(saved);
		assertArrayEquals(new float[] { 0, 0.003035f, 0.214041f, 0.502887f, 1, 1.516f, -0.214041f, Float.NaN }, light.pixels(),
			1e-3f);
		assertTrue(Math.abs(light.pixels()[1] - 0.003035) < 1e-5);
		assertArrayEquals(saved.pixels(), LinearLight.saved(light).pixels(), 1e-6f);
	}
}
