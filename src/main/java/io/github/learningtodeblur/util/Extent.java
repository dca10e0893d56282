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

	/**
	 * The box of a kernel's bulk: beyond each of its four sides lies hardly any of the mass. Faint debris, however far out,
	 * does not move its middle.
	 *
	 * @param kernel without negative values
	 * @throws IllegalArgumentException if the sum is not positive
	 */
	public static Extent ofBulk(final Plane kernel) {
		final double[] across = new double[kernel.width()], down = new double[kernel.height()];
		for (int y = 0; y < down.length; y++)
			for (int x = 0; x < across.length; x++) {
				across[x] += kernel.get(x, y);
				down[y] += kernel.get(x, y);
			}
		final double beyond = BEYOND * kernel.sum();
		if (!(beyond > 0)) throw new IllegalArgumentException("The kernel is empty: it has no values above 0");
		return new Extent(first(across, beyond), first(down, beyond), last(across, beyond), last(down, beyond));
	}

	private static int first(final double[] mass, final double beyond) {
		int i = 0;
		for (double sum = mass[0]; sum <= beyond; sum += mass[i])
			i++;
		return i;
	}

	private static int last(final double[] mass, final double beyond) {
		int i = mass.length - 1;
		for (double sum = mass[i]; sum <= beyond; sum += mass[i])
			i--;
		return i;
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
