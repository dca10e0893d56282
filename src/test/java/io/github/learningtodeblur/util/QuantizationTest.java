package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;

import org.junit.jupiter.api.Test;

class QuantizationTest {

	private static Plane rounded(final double step, final double offset) {
		final Plane p = new Plane(60, 50);
		final Random random = new Random(1);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = (float) (offset + step * Math.rint((0.5 + 0.2 * random.nextGaussian()) / step));
		return p;
	}

	@Test
	void stepsAreFound() {
		assertEquals(1 / 20.0, Quantization.step(rounded(1 / 20.0, 0)), 1e-6);
		assertEquals(1 / 255.0, Quantization.step(rounded(1 / 255.0, 0.1)), 1e-6);
		final Plane holes = rounded(1 / 20.0, 0);
		holes.pixels()[7] = Float.NaN;
		assertEquals(1 / 20.0, Quantization.step(holes), 1e-6);
	}

	@Test
	void otherValuesLieOnNoGrid() {
		final Plane p = rounded(1 / 20.0, 0);
		final Random random = new Random(2);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] += 0.01f * random.nextFloat();
		assertEquals(0, Quantization.step(p));
		assertEquals(0, Quantization.step(new Plane(9, 9)));
	}

	/** A picture of 20 levels is at least as noisy as that. */
	@Test
	void roundingIsNoise() {
		final Plane p = new Plane(60, 50);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = i % 60 / 3 / 20f;
		assertEquals(1 / 20.0 / Math.sqrt(12), NoiseEstimate.of(p), 1e-6);
	}
}
