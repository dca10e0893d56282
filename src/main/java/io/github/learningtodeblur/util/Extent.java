package io.github.learningtodeblur.util;

/**
 * The smallest box that holds a kernel, borders included. Its middle is where kernels are centred here, not the
 * centre of mass: a kernel then fits the smallest frame, and a restored thing lies in the middle of its streak.
 */
public record Extent(int left, int top, int right, int bottom) {

	/** Fraction of a kernel's largest value below which others do not count. */
	public static final double NOTICEABLE = 0.03;

	/** Part of the mass that may lie beyond a side of the bulk. */
	private static final double BEYOND = 0.02;

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

	/** The larger side, in pixels. */
	public int side() {
		return Math.max(right - left, bottom - top) + 1;
	}

	/**
	 * The middle of a kernel's bulk, in x and in y: halfway between the lines beyond which, on either side, lies hardly any of
	 * the mass. Faint debris, however far out, does not move it.
	 *
	 * @param kernel without negative values
	 * @return in pixels, 0 being the middle of the first one
	 * @throws IllegalArgumentException if the sum is not positive
	 */
	public static double[] middleOfBulk(final Plane kernel) {
		final double[] across = new double[kernel.width()], down = new double[kernel.height()];
		for (int y = 0; y < down.length; y++)
			for (int x = 0; x < across.length; x++) {
				across[x] += kernel.get(x, y);
				down[y] += kernel.get(x, y);
			}
		final double sum = kernel.sum();
		if (!(sum > 0)) throw new IllegalArgumentException("The kernel is empty: it has no values above 0");
		return new double[] { middle(across, sum), middle(down, sum) };
	}

	private static double middle(final double[] mass, final double sum) {
		return (quantile(mass, BEYOND * sum) + quantile(mass, (1 - BEYOND) * sum)) / 2;
	}

	/** Where so much of the mass is left of a line; every pixel's is spread evenly over it. */
	private static double quantile(final double[] mass, final double left) {
		double sum = 0;
		for (int i = 0; i < mass.length; i++) {
			if (mass[i] > 0 && sum + mass[i] >= left) return i - 0.5 + (left - sum) / mass[i];
			sum += mass[i];
		}
		return mass.length - 0.5; // by rounding only
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
