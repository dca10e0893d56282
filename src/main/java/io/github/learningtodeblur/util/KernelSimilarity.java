package io.github.learningtodeblur.util;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;

/**
 * How alike two kernels are wherever they lie: the largest normalised cross-correlation over all whole shifts (Hu
 * and Yang, <em>Good Regions to Deblur</em>, ECCV 2012).
 *
 * @param value for kernels without negative values between 0 and 1, which only multiples of the same kernel have
 * @param dx shift in pixels: a(x + dx, y + dy) is most like b(x, y), counted from the middle pixels
 * @param dy likewise, downwards
 */
public record KernelSimilarity(double value, int dx, int dy) {

	/**
	 * @param a not all 0, of any size
	 * @param b likewise
	 */
	public static KernelSimilarity of(final Plane a, final Plane b) {
		final double norms = Math.sqrt(squares(a) * squares(b));
		if (norms == 0) throw new IllegalArgumentException("A kernel is 0 everywhere: " + a + ", " + b);
		final int width = a.width() + b.width() - 1, height = a.height() + b.height() - 1;
		final double[] sums = new double[width * height];
		for (int y = 0; y < a.height(); y++)
			for (int x = 0; x < a.width(); x++) {
				final double v = a.get(x, y);
				if (v == 0) continue;
				for (int r = 0; r < b.height(); r++) {
					final int to = (y + b.height() - 1 - r) * width + x + b.width() - 1, from = r * b.width();
					for (int c = 0; c < b.width(); c++)
						sums[to - c] += v * b.pixels()[from + c];
				}
			}
		int most = 0;
		for (int i = 1; i < sums.length; i++)
			if (sums[i] > sums[most]) most = i;
		return new KernelSimilarity(sums[most] / norms, most % width - (b.width() - 1) - a.width() / 2 + b.width() / 2,
			most / width - (b.height() - 1) - a.height() / 2 + b.height() / 2);
	}

	/** {@link #of(Plane, Plane)} for two-dimensional images of ImgLib2. */
	public static KernelSimilarity of(final RandomAccessibleInterval<? extends RealType<?>> a,
		final RandomAccessibleInterval<? extends RealType<?>> b)
	{
		return of(Images.plane(a), Images.plane(b));
	}

	private static double squares(final Plane k) {
		double sum = 0;
		for (final float v : k.pixels())
			sum += (double) v * v;
		return sum;
	}
}
