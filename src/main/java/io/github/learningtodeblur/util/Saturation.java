package io.github.learningtodeblur.util;

/**
 * Where a camera could not tell how bright the scene was. An image is saturated if many of its pixels share
 * the largest value.
 */
public final class Saturation {

	/**
	 * Values this close to the largest are as good as the largest: one step of 8 bits, and rounding when
	 * colours are made grey.
	 */
	private static final float CLOSE = 1.5f / 255;

	/** Least fraction of the pixels, and least number. */
	private static final double LEAST = 2e-4;
	private static final int LEAST_PIXELS = 4;

	private Saturation() {}

	/** Pixels from this value on are saturated; infinite if none are. */
	public static float white(final Plane image) {
		float largest = Float.NEGATIVE_INFINITY;
		for (final float v : image.pixels())
			largest = Math.max(largest, v);
		int close = 0;
		for (final float v : image.pixels())
			if (v >= largest - CLOSE) close++;
		return close >= Math.max(LEAST_PIXELS, LEAST * image.pixels().length) ? largest - CLOSE
			: Float.POSITIVE_INFINITY;
	}

	/** Fraction of the pixels that are saturated. */
	public static double fraction(final Plane image) {
		final float white = white(image);
		int count = 0;
		for (final float v : image.pixels())
			if (v >= white) count++;
		return (double) count / image.pixels().length;
	}
}
