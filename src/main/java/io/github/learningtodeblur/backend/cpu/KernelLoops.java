package io.github.learningtodeblur.backend.cpu;

import java.util.Arrays;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;

/** What is done with blur kernels, which are too small to be worth threads. */
final class KernelLoops {

	private KernelLoops() {}

	/** See {@link Backend#normalizeKernel}. */
	static void normalize(final Tensor raw, final Tensor kernel) {
		final int n = raw.height() * raw.width();
		for (int b = 0; b < raw.batch(); b++) {
			final double sum = positiveSum(HostBuffer.of(raw), b * n, n);
			final float scale = sum > 0 ? (float) (1 / sum) : 0;
			for (int i = b * n; i < (b + 1) * n; i++)
				HostBuffer.of(kernel)[i] = Math.max(0, HostBuffer.of(raw)[i]) * scale;
		}
	}

	private static double positiveSum(final float[] a, final int from, final int n) {
		double sum = 0;
		for (int i = from; i < from + n; i++)
			sum += Math.max(0, a[i]);
		return sum;
	}

	/** See {@link Backend#normalizeKernelGrad}. */
	static void normalizeGrad(final Tensor raw, final Tensor kernel, final Tensor dKernel,
		final Tensor dRaw)
	{
		final int n = raw.height() * raw.width();
		final float[] r = HostBuffer.of(raw), k = HostBuffer.of(kernel), dk = HostBuffer.of(dKernel), dr = HostBuffer.of(dRaw);
		for (int b = 0; b < raw.batch(); b++) {
			final double sum = positiveSum(r, b * n, n);
			final double scale = sum > 0 ? 1 / sum : 0;
			double dot = 0;
			for (int i = b * n; i < (b + 1) * n; i++)
				dot += (double) k[i] * dk[i];
			for (int i = b * n; i < (b + 1) * n; i++)
				dr[i] = r[i] > 0 ? (float) ((dk[i] - dot) * scale) : 0;
		}
	}

	/** See {@link Backend#kernelError}. */
	static void error(final Tensor kernel, final Tensor target, final int levels, final boolean relative,
		final float weight, final Tensor judged, final float limit, final Tensor errors, final Tensor dKernel)
	{
		final int h = kernel.height(), w = kernel.width(), n = h * w;
		final float[] k = HostBuffer.of(kernel), t = HostBuffer.of(target);
		for (int b = 0; b < kernel.batch(); b++) {
			final float[] truth = Arrays.copyOfRange(t, b * n, (b + 1) * n), difference = new float[n];
			for (int i = 0; i < n; i++)
				difference[i] = k[b * n + i] - truth[i];
			final double[] gradient = new double[n];
			double error = 0;
			for (int level = 0; level < levels; level++) {
				final SquareSums sums = new SquareSums(w, h, 1 << level);
				final double[] d = sums.of(difference);
				final double norm = relative ? squares(sums.of(truth)) * levels : levels;
				error += squares(d) / norm;
				if (dKernel != null) sums.addAdjoint(d, 2 * weight / norm, gradient);
			}
			HostBuffer.of(errors)[b] = (float) error;
			// also false if that is not a number
			if (dKernel != null && HostBuffer.of(judged)[b] <= limit) for (int i = 0; i < n; i++)
				HostBuffer.of(dKernel)[b * n + i] += (float) gradient[i];
		}
	}

	private static double squares(final double[] a) {
		double sum = 0;
		for (final double v : a)
			sum += v * v;
		return sum;
	}
}
