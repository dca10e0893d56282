package io.github.learningtodeblur.util;

import java.util.Arrays;

/**
 * Blurs an image: convolution (Eq. 1 without noise), only where the whole kernel lies inside. One thread,
 * plain Java; kernels with many zeros, as those of camera shake, are as much faster.
 */
public final class ValidConvolution {

	/** Taps per pass over a row. With 6 or 8 the JIT of Java 17 gives up making vectors of the loop. */
	private static final int TAPS = 4;

	private ValidConvolution() {}

	/**
	 * out(x, y) = sum over i, j of kernel(i, j) * in(x + k - 1 - i, y + k - 1 - j).
	 *
	 * @param in image of width w and height h
	 * @param kernel of k * k pixels, k at most w and h
	 * @return image of (w - k + 1) * (h - k + 1) pixels; for odd k its pixel (x, y) lies at (x + k / 2, y + k
	 *         / 2) of {@code in}
	 */
	public static Plane convolve(final Plane in, final Plane kernel) {
		final int size = kernel.width();
		if (kernel.height() != size || size > in.width() || size > in.height())
			throw new IllegalArgumentException("Cannot blur " + in + " with " + kernel);
		final Plane out = new Plane(in.width() - size + 1, in.height() - size + 1);
		final int width = out.width();
		final int[] rows = new int[size * size + TAPS];
		final int[] shifts = new int[rows.length];
		final float[] weights = new float[rows.length];
		// Rows of the image, once per shift in use. A loop over one array at many offsets costs three times as
		// much: Java 17 makes vectors only of arrays that are read and written at the same index.
		final float[][][] ring = new float[size][size][];
		int count = 0;
		for (int j = 0; j < size; j++) {
			for (int i = 0; i < size; i++) {
				if (kernel.get(i, j) == 0) continue;
				rows[count] = size - 1 - j;
				shifts[count] = size - 1 - i;
				weights[count++] = kernel.get(i, j);
				if (ring[0][size - 1 - i] == null)
					for (final float[][] row : ring)
						row[size - 1 - i] = new float[width];
			}
		}
		if (count == 0) return out;
		// The last pass is filled up with taps of weight 0
		Arrays.fill(rows, count, rows.length, rows[0]);
		Arrays.fill(shifts, count, shifts.length, shifts[0]);

		final float[] sum = new float[width];
		for (int y = 1 - size; y < out.height(); y++) {
			final int entering = y + size - 1;
			for (int s = 0; s < size; s++) {
				final float[] row = ring[entering % size][s];
				if (row != null) System.arraycopy(in.pixels(), entering * in.width() + s, row, 0, width);
			}
			if (y < 0) continue;
			Arrays.fill(sum, 0);
			for (int t = 0; t < count; t += TAPS)
				add(sum, width, ring[(y + rows[t]) % size][shifts[t]], weights[t], //
					ring[(y + rows[t + 1]) % size][shifts[t + 1]], weights[t + 1], //
					ring[(y + rows[t + 2]) % size][shifts[t + 2]], weights[t + 2], //
					ring[(y + rows[t + 3]) % size][shifts[t + 3]], weights[t + 3]);
			System.arraycopy(sum, 0, out.pixels(), y * width, width);
		}
		return out;
	}

	private static void add(final float[] sum, final int length, final float[] a, final float wa,
		final float[] b, final float wb, final float[] c, final float wc, final float[] d,
		final float wd)
	{
		for (int x = 0; x < length; x++)
			sum[x] += wa * a[x] + wb * b[x] + wc * c[x] + wd * d[x];
	}
}
