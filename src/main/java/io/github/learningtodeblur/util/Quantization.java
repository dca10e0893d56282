package io.github.learningtodeblur.util;

import java.util.Arrays;

/** The steps in which an image's values lie, if it came from whole numbers. */
public final class Quantization {

	private static final int SAMPLES = 20_000;

	/** Multiples of the step may be so far off, in steps: values are rounded to floats. */
	private static final double CLOSE = 0.05;

	/** A finer step has no effect on anything, and is found in any values by chance. */
	private static final double FINEST = 1e-4;

	/** An image of fewer levels is a drawing, of which nothing was rounded. */
	private static final int LEAST_LEVELS = 8;

	private Quantization() {}

	/** @return in the units of the image; 0 if the values lie on no grid, on one too fine to matter, or it is a drawing of few levels */
	public static double step(final Plane image) {
		return step(image, LEAST_LEVELS);
	}

	/** The same even of images of few levels, as of faint noise in the darkest of 256. */
	public static double anyStep(final Plane image) {
		return step(image, 0);
	}

	private static double step(final Plane image, final int leastLevels) {
		final int skip = Math.max(1, image.pixels().length / SAMPLES);
		final float[] sample = new float[(image.pixels().length + skip - 1) / skip];
		int n = 0;
		for (int i = 0; i < sample.length; i++)
			if (Float.isFinite(image.pixels()[i * skip])) sample[n++] = image.pixels()[i * skip];
		if (n < 2) return 0;
		Arrays.sort(sample, 0, n);
		final double range = (double) sample[n - 1] - sample[0];
		double least = Double.POSITIVE_INFINITY;
		for (int i = 1; i < n; i++) {
			final double gap = (double) sample[i] - sample[i - 1];
			if (gap > FINEST * range / 2) least = Math.min(least, gap);
		}
		if (!(least * leastLevels < range) || least < FINEST * range) return 0;
		for (int i = 1; i < n; i++) {
			final double steps = ((double) sample[i] - sample[i - 1]) / least;
			if (Math.abs(steps - Math.rint(steps)) > CLOSE) return 0;
		}
		return least;
	}
}
