package io.github.learningtodeblur.util;

import java.util.Arrays;

/**
 * Estimates the noise of an image from the image: a mask that answers neither to slopes nor to straight edges
 * along the axes (the product of two second differences: Immerkaer, <em>Fast Noise Variance Estimation</em>,
 * 1996), and a median, which fine structures do not reach as long as they fill less than the larger part of
 * the image. Blur leaves less of them. Pixels at either end of the image's range are left out with their
 * neighbours, as noise is cut off there, and so are unknown ones (NaN). It is at least that of rounding to the image's own
 * steps ({@link Quantization}).
 */
public final class NoiseEstimate {

	/** That of rounding to 8 bits, for values in [0, 1]: of pictures without noise, nothing is known better. */
	public static final double ROUNDING = 1 / (255 * Math.sqrt(12));

	/** Root of the sum of the mask's squares. */
	private static final double MASK_NORM = 6;

	/** Median of |x| for a normal distribution of standard deviation 1. */
	private static final double MEDIAN = 0.6745;

	/** Of larger images, rows are left out. */
	private static final int SAMPLES = 250_000;

	private NoiseEstimate() {}

	/**
	 * @param image finite or NaN
	 * @return standard deviation in the units of the image; 0 if the image has less than 3 rows or columns, or
	 *         nothing but clipped pixels
	 */
	public static double of(final Plane image) {
		final float[] answers = answers(image);
		return Math.max(answers.length == 0 ? 0 : median(answers) / (MASK_NORM * MEDIAN), Quantization.step(image) / Math.sqrt(12));
	}

	/**
	 * How far the mask's answers reach beyond those of noise: high where there are fine structures.
	 *
	 * @return logarithm of the mean of their squares to that of noise with the same median; 0 if there are none
	 */
	public static double tail(final Plane image) {
		final float[] answers = answers(image);
		double squares = 0;
		for (final float a : answers)
			squares += (double) a * a;
		final double sigma = answers.length == 0 ? 0 : median(answers) / MEDIAN;
		if (sigma == 0) return 0;
		return Math.log(squares / answers.length / (sigma * sigma));
	}

	private static float median(final float[] answers) {
		return Selection.of(answers, answers.length, answers.length / 2);
	}

	/** Sizes of the mask's answers. */
	private static float[] answers(final Plane image) {
		final int w = image.width(), h = image.height();
		float min = Float.POSITIVE_INFINITY, max = Float.NEGATIVE_INFINITY;
		for (final float v : image.pixels()) {
			if (v < min) min = v;
			if (v > max) max = v;
		}
		final int rows = Math.max(0, h - 2), step = Math.max(1, (int) ((long) w * rows / SAMPLES));
		final float[] answers = new float[Math.max(0, w - 2) * ((rows + step - 1) / step)];
		int n = 0;
		final float[] p = image.pixels();
		for (int y = 1; y < h - 1; y += step)
			for (int i = y * w + 1; i < y * w + w - 1; i++) {
				if (clipped(p, i, w, min, max)) continue;
				answers[n++] = Math.abs(4 * p[i] - 2 * (p[i - 1] + p[i + 1] + p[i - w] + p[i + w]) + p[i - w -
					1] + p[i - w + 1] + p[i + w - 1] + p[i + w + 1]);
			}
		return Arrays.copyOf(answers, n);
	}

	private static boolean clipped(final float[] p, final int i, final int w, final float min,
		final float max)
	{
		for (int at = i - w; at <= i + w; at += w)
			for (int j = at - 1; j <= at + 1; j++)
				if (!(p[j] > min && p[j] < max)) return true;
		return false;
	}
}
