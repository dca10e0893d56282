package io.github.learningtodeblur.util;

/**
 * The smallest box that holds a kernel, borders included. Its middle is where kernels are centred here, not the
 * centre of mass: a kernel then fits the smallest frame, and a restored thing lies in the middle of its streak. A
 * kernel of Lai et al. with 41 pixels of extent, most of the time spent at one end, leaves a frame of 51 if its
 * centre of mass, 7 pixels from there, is put into the middle.
 */
public record Extent(int left, int top, int right, int bottom) {

	/** Fraction of a kernel's largest value below which others do not count. */
	public static final double NOTICEABLE = 0.03;

	/**
	 * @param fraction of the largest value that others must exceed, in [0, 1)
	 * @throws IllegalArgumentException if there are no values above 0
	 */
	public static Extent of(final Plane kernel, final double fraction) {
		float largest = 0;
		for (final float v : kernel.pixels())
			largest = Math.max(largest, v);
		if (!(largest > 0)) throw new IllegalArgumentException("The kernel is empty: it has no values above 0");
		int left = kernel.width(), right = 0, top = kernel.height(), bottom = 0;
		for (int y = 0; y < kernel.height(); y++)
			for (int x = 0; x < kernel.width(); x++) {
				if (!(kernel.get(x, y) > fraction * largest)) continue;
				left = Math.min(left, x);
				right = Math.max(right, x);
				top = Math.min(top, y);
				bottom = Math.max(bottom, y);
			}
		return new Extent(left, top, right, bottom);
	}

	/** Column of the middle; of two, the right one. */
	public int middleX() {
		return (left + right + 1) / 2;
	}

	/** Row of the middle; of two, the lower one. */
	public int middleY() {
		return (top + bottom + 1) / 2;
	}
}
