package io.github.learningtodeblur.train;

import java.util.random.RandomGenerator;

import io.github.learningtodeblur.util.Plane;

/**
 * Gaussian blur, averaged over the area of each pixel. Its standard deviation is uniform between
 * {@code minExtent} and 1 times the largest that fits, which is a fifth of the kernel size (2.5 standard
 * deviations to each border).
 *
 * @param minExtent in (0, 1]
 */
public record GaussianBlur(double minExtent) implements BlurFamily {

	private static final int SAMPLES = 8;

	/** Standard deviations from 0.3 of the largest. */
	public GaussianBlur() {
		this(0.3);
	}

	public GaussianBlur {
		if (!(minExtent > 0 && minExtent <= 1)) throw new IllegalArgumentException(
			"Smallest extent must be in (0, 1], got " + minExtent);
	}

	@Override
	public Plane sample(final int size, final RandomGenerator random) {
		BlurFamilies.checkSize(size);
		return gaussian(size, BlurFamilies.uniform(random, minExtent, 1) * size / 5);
	}

	/** @param sigma standard deviation in pixels, above 0 */
	public static Plane gaussian(final int size, final double sigma) {
		final double[] profile = new double[size];
		for (int i = 0; i < size * SAMPLES; i++) {
			final double r = ((i + 0.5) / SAMPLES - size / 2.0) / sigma;
			profile[i / SAMPLES] += Math.exp(-r * r / 2);
		}
		final Plane kernel = new Plane(size, size);
		for (int y = 0; y < size; y++)
			for (int x = 0; x < size; x++)
				kernel.pixels()[y * size + x] = (float) (profile[x] * profile[y]);
		return kernel.normalized();
	}
}
