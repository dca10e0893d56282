package io.github.learningtodeblur.util;

/**
 * Where a camera could not tell how bright the scene was. An image is saturated if many of its pixels share
 * the largest value.
 */
public final class Saturation {

	/**
	 * Values this close to the largest are as good as the largest: one step of 8 bits or, if those are larger, of the
	 * image's own, and rounding when colours are made grey.
	 */
	private static final float CLOSE = 1.5f / 255, STEPS = 1.5f;

	/** Least fraction of the pixels, and least number. */
	private static final double LEAST = 2e-4;
	private static final int LEAST_PIXELS = 4;

	/** Of text on white paper, of which nothing is cut off, at most 0.04 of the strong edges touch white. */
	private static final double MOST_OF_EDGES = 0.05;

	private Saturation() {}

	/** Pixels from this value on are saturated; infinite if none are. */
	public static float white(final Plane image) {
		float largest = Float.NEGATIVE_INFINITY;
		for (final float v : image.pixels())
			if (v > largest) largest = v;
		final float least = largest - Math.max(CLOSE, STEPS * (float) Quantization.step(image));
		int close = 0;
		for (final float v : image.pixels())
			if (v >= least) close++;
		return close >= Math.max(LEAST_PIXELS, LEAST * image.pixels().length) ? least
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

	/** Whether what matters in an image is light that was cut off, see {@link #ofEdges}. */
	public static boolean isCutOff(final Plane image) {
		return ofEdges(image) > MOST_OF_EDGES;
	}

	/**
	 * Which part of the strongest tenth of the gradients touches saturated pixels, 0 to 1: large where light was
	 * cut off, small where something really is white, as paper is, and blur fades into it.
	 */
	public static double ofEdges(final Plane observed) {
		final float white = white(observed);
		if (white == Float.POSITIVE_INFINITY) return 0;
		final Plane image = Unknown.filled(observed);
		final int w = image.width(), h = image.height();
		final float[] strength = new float[(w - 1) * (h - 1)];
		final boolean[] touches = new boolean[strength.length];
		for (int y = 0, i = 0; y < h - 1; y++)
			for (int x = 0; x < w - 1; x++, i++) {
				final float v = image.get(x, y), right = image.get(x + 1, y), below = image.get(x, y + 1);
				strength[i] = Math.max(Math.abs(right - v), Math.abs(below - v));
				touches[i] = Math.max(v, Math.max(right, below)) >= white;
			}
		final double strong = new Plane(strength, w - 1, h - 1).percentile(0.9);
		int count = 0, touching = 0;
		for (int i = 0; i < strength.length; i++)
			if (strength[i] >= strong) {
				count++;
				if (touches[i]) touching++;
			}
		return (double) touching / count;
	}
}
