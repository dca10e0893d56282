package io.github.learningtodeblur.backend.cpu;

import io.github.learningtodeblur.backend.Shrinkage;

/**
 * The rule {@link Shrinkage.Power}: the minimiser w of <code>|w|^alpha + beta / 2 (w - v)^2</code> for any v, from a table: 0 up to a
 * threshold, then a smooth curve that approaches v (Krishnan and Fergus 2009, section 2.2).
 */
final class PowerTable {

	/** Per unit of v; linear interpolation is then at most 2e-5 off for beta up to 256. */
	private static final int RESOLUTION = 4096;

	private final float threshold;

	/** w where v = threshold + i / RESOLUTION, up to 1 above the threshold. */
	private final float[] table = new float[RESOLUTION + 2];

	/** v - w at the end of the table, hence an upper limit beyond. */
	private final float lastGap;

	PowerTable(final Shrinkage.Power rule) {
		final double alpha = rule.alpha(), beta = rule.beta(), start = rule.threshold();
		double w = rule.jump();
		threshold = (float) start;
		for (int i = 0; i < table.length; i++) {
			final double v = start + (double) i / RESOLUTION;
			if (i > 0) w = alpha == 1 ? v - 1 / beta : newton(w + 1.0 / RESOLUTION, v, alpha, beta);
			table[i] = (float) w;
		}
		lastGap = (float) (start + (double) (table.length - 1) / RESOLUTION - w);
	}

	/** Zero of the derivative; the start is near, from the neighbour in the table. */
	private static double newton(final double start, final double v, final double alpha,
		final double beta)
	{
		double w = start;
		for (int i = 0; i < 3; i++) {
			final double power = alpha / beta * Math.pow(w, alpha - 2);
			final double step = (power * w + w - v) / ((alpha - 1) * power + 1);
			w -= step;
			if (Math.abs(step) < 1e-6) break;
		}
		return w;
	}

	float apply(final float v) {
		final float size = Math.abs(v);
		if (!(size > threshold)) return 0;
		final float at = (size - threshold) * RESOLUTION;
		if (at >= RESOLUTION) return v < 0 ? v + lastGap : v - lastGap;
		final int i = (int) at;
		final float w = table[i] + (at - i) * (table[i + 1] - table[i]);
		return v < 0 ? -w : w;
	}
}
