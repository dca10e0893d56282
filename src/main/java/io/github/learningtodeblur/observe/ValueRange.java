package io.github.learningtodeblur.observe;

import io.github.learningtodeblur.util.Plane;

/**
 * The values that an image really uses, which settings tuned to [0, 1] are scaled to. Single pixels do not count, however
 * far they lie: of every pixel and its neighbours the median is taken.
 *
 * @param low becomes 0
 * @param high becomes {@value #USUAL}; above {@code low}
 */
public record ValueRange(double low, double high) {

	/** What the high value becomes: so much of [0, 1] the blurred photographs use that settings were tuned to. */
	private static final double USUAL = 0.75;

	/** Of larger images, rows are left out. */
	private static final int SAMPLES = 2_000_000;

	public ValueRange {
		if (!(low < high && Double.isFinite(low) && Double.isFinite(high))) throw new IllegalArgumentException(
			"A range needs a low and a higher value, got " + low + " and " + high);
	}

	/** @return null if the image is constant, but for single pixels, or nothing of it is known */
	static ValueRange of(final Plane image) {
		final int w = image.width(), h = image.height();
		final int step = Math.max(1, (int) ((long) w * h / SAMPLES));
		float low = Float.POSITIVE_INFINITY, high = Float.NEGATIVE_INFINITY;
		final float[] around = new float[9];
		for (int y = 0; y < h; y += step)
			for (int x = 0; x < w; x++) {
				int n = 0;
				for (int v = Math.max(0, y - 1); v <= Math.min(h - 1, y + 1); v++)
					for (int u = Math.max(0, x - 1); u <= Math.min(w - 1, x + 1); u++) {
						final float value = image.get(u, v);
						if (!Float.isNaN(value)) n = insert(around, n, value);
					}
				if (n == 0) continue;
				final float lower = around[(n - 1) / 2], upper = around[n / 2];
				if (lower < low) low = lower;
				if (upper > high) high = upper;
			}
		return low < high ? new ValueRange(low, high) : null;
	}

	/** Into the first n values, which are sorted. */
	private static int insert(final float[] sorted, final int n, final float value) {
		int i = n;
		for (; i > 0 && sorted[i - 1] > value; i--)
			sorted[i] = sorted[i - 1];
		sorted[i] = value;
		return n + 1;
	}

	Plane scaled(final Plane image) {
		final Plane out = new Plane(image.width(), image.height());
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = (float) (USUAL * (image.pixels()[i] - low) / (high - low));
		return out;
	}

	float unscaled(final float value) {
		return (float) (low + (high - low) * value / USUAL);
	}
}
