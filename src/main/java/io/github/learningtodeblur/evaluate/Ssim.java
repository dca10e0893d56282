package io.github.learningtodeblur.evaluate;

import java.util.Arrays;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Threads;

/**
 * Structural similarity of Wang et al. (IEEE TIP 13(4), 2004, Eq. 13): window of 11x11 weighted by
 * a Gaussian of sigma 1.5, K1 = 0.01, K2 = 0.03, values in [0, 1]; the mean over all positions
 * where the window lies inside the image.
 */
final class Ssim {

	static final int WINDOW = 11;
	private static final double SIGMA = 1.5;
	private static final double C1 = 0.01 * 0.01;
	private static final double C2 = 0.03 * 0.03;

	private Ssim() {}

	/** @return at most 1, which only equal images have */
	static double of(final Plane a, final Plane b) {
		if (a.width() != b.width() || a.height() != b.height() || a.width() < WINDOW || a
			.height() < WINDOW) throw new IllegalArgumentException(
				"Images of equal size, at least " + WINDOW + "x" + WINDOW + ", are needed, got " + a +
					" and " + b);
		final int width = a.width(), rows = a.height() - WINDOW + 1, columns = width - WINDOW + 1;
		final double[] weights = weights();
		final double[] sums = new double[rows];
		Threads.forEachBand(rows, 32, (from, to) -> {
			// down the columns: means of a, b, a^2, b^2, ab; double, for variances are their differences
			final double[][] down = new double[5][width];
			final double[][] mean = new double[5][columns];
			for (int y = from; y < to; y++) {
				for (final double[] d : down)
					Arrays.fill(d, 0);
				for (int k = 0; k < WINDOW; k++)
					addRow(weights[k], a.pixels(), b.pixels(), (y + k) * width, down);
				for (int m = 0; m < mean.length; m++)
					across(down[m], weights, mean[m]);
				for (int x = 0; x < columns; x++)
					sums[y] += ssim(mean[0][x], mean[1][x], mean[2][x], mean[3][x], mean[4][x]);
			}
		});
		return Arrays.stream(sums).sum() / ((double) rows * columns);
	}

	private static void addRow(final double w, final float[] a, final float[] b, final int offset,
		final double[][] down)
	{
		final double[] da = down[0], db = down[1], daa = down[2], dbb = down[3], dab = down[4];
		for (int x = 0; x < da.length; x++) {
			final double va = a[offset + x], vb = b[offset + x];
			da[x] += w * va;
			db[x] += w * vb;
			daa[x] += w * va * va;
			dbb[x] += w * vb * vb;
			dab[x] += w * va * vb;
		}
	}

	private static void across(final double[] in, final double[] weights, final double[] out) {
		Arrays.fill(out, 0);
		for (int k = 0; k < WINDOW; k++) {
			final double w = weights[k];
			for (int x = 0; x < out.length; x++)
				out[x] += w * in[x + k];
		}
	}

	private static double ssim(final double a, final double b, final double aa, final double bb,
		final double ab)
	{
		final double ab2 = 2 * a * b, squares = a * a + b * b;
		return (ab2 + C1) * (2 * ab - ab2 + C2) / ((squares + C1) * (aa + bb - squares + C2));
	}

	/** One-dimensional Gaussian of sum 1; the window is its product with itself. */
	private static double[] weights() {
		final double[] g = new double[WINDOW];
		double sum = 0;
		for (int i = 0; i < WINDOW; i++) {
			final int d = i - WINDOW / 2;
			sum += g[i] = Math.exp(-d * d / (2 * SIGMA * SIGMA));
		}
		for (int i = 0; i < WINDOW; i++)
			g[i] /= sum;
		return g;
	}
}
