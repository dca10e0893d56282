package io.github.learningtodeblur.net;

/**
 * Moves a true kernel to where an estimated one lies. An image does not tell where its kernel is: a shifted
 * kernel merely shifts the restored image. The paper compares kernels as they lie, with the centre of mass in
 * the middle; but to put that within a pixel a network must know all of a large kernel, and being off by a
 * pixel costs a thin line as much as being elsewhere altogether. What a network then learns is to hedge: kernels
 * smeared out over all places. Hence the shift is taken off before the loss. What leaves the frame is lost,
 * which keeps kernels in the middle.
 */
final class KernelAlignment {

	/** Largest shift in x and in y as a fraction of the size. */
	private static final double REACH = 0.1;

	/** Steps per pixel, and how many of them to either side of the best whole shift. */
	private static final int FINENESS = 4, STEPS = 3;

	private KernelAlignment() {}

	/**
	 * The shift is the one with the largest normalized correlation: among whole pixels first, then nearby among
	 * quarters of a pixel, by Catmull-Rom cubics.
	 *
	 * @param estimate (size, size), from {@code at} on
	 * @param truth (size, size), not all 0
	 * @param out (size, size), from {@code at} on; overwritten with the shifted truth
	 */
	static void align(final float[] estimate, final float[] truth, final int size, final float[] out,
		final int at)
	{
		final int reach = Math.max(1, (int) Math.round(REACH * size));
		double best = Double.NEGATIVE_INFINITY;
		int bestX = 0, bestY = 0;
		for (int dy = -reach; dy <= reach; dy++)
			for (int dx = -reach; dx <= reach; dx++) {
				final double c = correlation(estimate, at, truth, size, dx, dy);
				if (c <= best) continue;
				best = c;
				bestX = dx;
				bestY = dy;
			}
		best = Double.NEGATIVE_INFINITY;
		final float[] across = new float[size * size], both = new float[size * size];
		for (int x = -STEPS; x <= STEPS; x++) {
			shift(truth, size, 1, size, bestX + (double) x / FINENESS, across);
			for (int y = -STEPS; y <= STEPS; y++) {
				shift(across, size, size, 1, bestY + (double) y / FINENESS, both);
				final double c = correlation(estimate, at, both, size, 0, 0);
				if (c <= best) continue;
				best = c;
				System.arraycopy(both, 0, out, at, both.length);
			}
		}
	}

	/** Normalized by what is left of b, shifted by (dx, dy) pixels. */
	private static double correlation(final float[] a, final int at, final float[] b, final int size,
		final int dx, final int dy)
	{
		double ab = 0, bb = 0;
		for (int y = Math.max(0, dy); y < Math.min(size, size + dy); y++)
			for (int x = Math.max(0, dx); x < Math.min(size, size + dx); x++) {
				final double v = b[(y - dy) * size + x - dx];
				ab += a[at + y * size + x] * v;
				bb += v * v;
			}
		return bb == 0 ? Double.NEGATIVE_INFINITY : ab / Math.sqrt(bb);
	}

	/**
	 * Shifts along lines of pixels.
	 *
	 * @param step between the pixels of a line
	 * @param stride between lines
	 */
	private static void shift(final float[] in, final int size, final int step, final int stride,
		final double by, final float[] out)
	{
		final int whole = (int) Math.floor(by);
		final double t = by - whole;
		// pixel i of the result lies between i - whole - 1 and i - whole, t to the left of the latter
		final float[] w = { (float) (t * t * (t - 1) / 2), (float) (t * (1 + t * (4 - 3 * t)) / 2),
			(float) (1 + t * t * (3 * t - 5) / 2), (float) (-t * (1 - t) * (1 - t) / 2) };
		for (int line = 0; line < size; line++)
			for (int i = 0; i < size; i++) {
				float sum = 0;
				for (int k = 0; k < 4; k++) {
					final int from = i - whole - 2 + k;
					if (from >= 0 && from < size) sum += w[k] * in[line * stride + from * step];
				}
				out[line * stride + i * step] = sum;
			}
	}
}
