package io.github.learningtodeblur.backend.cpu;

import java.util.Arrays;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;

/** The division of kernel and image estimation (Eq. 4, 5), and its adjoint (appendix A). */
final class QuotientLoops {

	private final Scratch scratch;

	QuotientLoops(final Scratch scratch) {
		this.scratch = scratch;
	}

	/** See {@link Backend#quotient}. */
	void forward(final Tensor x, final int xFrom, final Tensor y, final int yFrom,
		final int pairs, final Tensor logBeta, final Tensor out)
	{
		final int half = out.width() / 2 + 1, length = out.height() * 2 * half;
		final float beta = (float) Math.exp(HostBuffer.of(logBeta)[0]);
		final float[] o = HostBuffer.of(out);
		Rows.forEach(out.batch(), out.height(), 2 * half, (b, from, to) -> {
			final int xb = (b * x.channels() + xFrom) * length, yb = (b * y.channels() + yFrom) * length;
			final float[][] lent = scratch.take(half, 3);
			final float[] den = lent[0], nr = lent[1], ni = lent[2];
			for (int r = from; r < to; r++) {
				final int row = r * 2 * half, at = b * length + row;
				sums(HostBuffer.of(x), xb + row, HostBuffer.of(y), yb + row, pairs, length, beta, half, den, nr, ni);
				for (int i = 0; i < half; i++)
					o[at + i] = nr[i] / den[i];
				for (int i = 0; i < half; i++)
					o[at + half + i] = ni[i] / den[i];
			}
			scratch.give(lent);
		});
	}

	/** One row: denominator, and real and imaginary part of the numerator. */
	private static void sums(final float[] x, final int xAt, final float[] y, final int yAt,
		final int pairs, final int length, final float beta, final int half, final float[] den,
		final float[] nr, final float[] ni)
	{
		denominator(x, xAt, pairs, length, beta, half, den);
		Arrays.fill(nr, 0);
		Arrays.fill(ni, 0);
		for (int p = 0; p < pairs; p++) {
			final int xr = xAt + p * length, xi = xr + half, yr = yAt + p * length, yi = yr + half;
			for (int i = 0; i < half; i++)
				nr[i] += x[xr + i] * y[yr + i] + x[xi + i] * y[yi + i];
			for (int i = 0; i < half; i++)
				ni[i] += x[xr + i] * y[yi + i] - x[xi + i] * y[yr + i];
		}
	}

	private static void denominator(final float[] x, final int xAt, final int pairs, final int length,
		final float beta, final int half, final float[] den)
	{
		Arrays.fill(den, beta);
		for (int p = 0; p < pairs; p++) {
			final int xr = xAt + p * length, xi = xr + half;
			for (int i = 0; i < half; i++)
				den[i] += x[xr + i] * x[xr + i] + x[xi + i] * x[xi + i];
		}
	}

	/** See {@link Backend#quotientGrad}. */
	void backward(final Tensor x, final int xFrom, final Tensor y, final int yFrom,
		final int pairs, final Tensor logBeta, final Tensor out, final Tensor g, final Tensor gx,
		final Tensor gy, final Tensor dLogBeta)
	{
		final int half = out.width() / 2 + 1, height = out.height(), length = height * 2 * half;
		final float beta = (float) Math.exp(HostBuffer.of(logBeta)[0]);
		final float[] xs = HostBuffer.of(x), ys = HostBuffer.of(y), qs = HostBuffer.of(out), gs = HostBuffer.of(g);
		final float[] gxs = HostBuffer.of(gx), gys = gy == null ? null : HostBuffer.of(gy);
		final double[] dBeta = new double[out.batch() * height]; // by row
		Rows.forEach(out.batch(), height, 2 * half, (b, from, to) -> {
			final int xb = (b * x.channels() + xFrom) * length, yb = (b * y.channels() + yFrom) * length;
			final int ob = b * length;
			final float[][] lent = scratch.take(half, 4);
			final float[] den = lent[0], hr = lent[1], hi = lent[2], cut = lent[3];
			for (int r = from; r < to; r++) {
				final int row = r * 2 * half;
				denominator(xs, xb + row, pairs, length, beta, half, den);
				// h = G / D;   cut = 2 Re(conj(G) N / D) / D = 2 Re(conj(G) Q) / D
				for (int i = 0; i < half; i++) {
					final float inverse = 1 / den[i];
					final float gr = gs[ob + row + i], gi = gs[ob + row + half + i];
					final float qr = qs[ob + row + i], qi = qs[ob + row + half + i];
					hr[i] = gr * inverse;
					hi[i] = gi * inverse;
					cut[i] = 2 * (gr * qr + gi * qi) * inverse;
				}
				// a half spectrum: all columns but the first and the last stand for two
				double rowSum = cut[0] + cut[half - 1];
				for (int i = 1; i < half - 1; i++)
					rowSum += 2 * cut[i];
				dBeta[b * height + r] = -rowSum / 2;
				for (int p = 0; p < pairs; p++) {
					final int xr = xb + p * length + row, xi = xr + half;
					final int yr = yb + p * length + row, yi = yr + half;
					for (int i = 0; i < half; i++) {
						final float ar = xs[xr + i], ai = xs[xi + i], cr = ys[yr + i], ci = ys[yi + i];
						gxs[xr + i] = hr[i] * cr + hi[i] * ci - cut[i] * ar;
						gxs[xi + i] = hr[i] * ci - hi[i] * cr - cut[i] * ai;
						if (gys != null) {
							gys[yr + i] = ar * hr[i] - ai * hi[i];
							gys[yi + i] = ar * hi[i] + ai * hr[i];
						}
					}
				}
			}
			scratch.give(lent);
		});
		// in the order of images and rows
		if (dLogBeta != null) for (int b = 0; b < out.batch(); b++) {
			double sum = 0;
			for (int r = 0; r < height; r++)
				sum += dBeta[b * height + r];
			HostBuffer.of(dLogBeta)[0] += sum * beta / ((double) height * out.width());
		}
	}
}
