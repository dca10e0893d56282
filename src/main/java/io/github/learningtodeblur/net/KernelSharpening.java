package io.github.learningtodeblur.net;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;

/**
 * Deconvolves estimated kernels by a small Gaussian (section 5): a network that minimizes a squared error smooths what
 * it is not sure of. It is the quotient of Eq. 5, with the Gaussian as the known blur.
 */
final class KernelSharpening {

	/** Regularization, beta_x of Eq. 5; of a Gaussian of 0.5 pixels it leaves all but the finest diagonals. */
	private static final double BETA = 1e-2;

	/** Zeros around the kernels, as the division is circular. */
	private static final int MARGIN = 8;

	private final Backend backend;
	private final Tensor kernels;
	private final Tensor gaussian;
	private final Tensor logBeta;
	private final Tensor spectra;
	private final Tensor quotient;
	private final Tensor raw;
	private final Tensor sharp;

	/**
	 * @param kernels (batch, 1, size, size)
	 * @param deviation of the Gaussian in pixels
	 */
	KernelSharpening(final Backend backend, final Tensor kernels, final double deviation) {
		this.backend = backend;
		this.kernels = kernels;
		final int batch = kernels.batch(), size = kernels.width(), side = backend.goodSize(size + MARGIN);
		gaussian = backend.allocateSpectra(batch, 1, side, side);
		spectra = backend.allocateSpectra(batch, 1, side, side);
		quotient = backend.allocateSpectra(batch, 1, side, side);
		raw = backend.allocate(batch, 1, size, size);
		sharp = backend.allocate(batch, 1, size, size);
		logBeta = backend.allocate(1, 1, 1, 1);
		backend.write(new float[] { (float) Math.log(BETA) }, logBeta);
		backend.write(gaussian(batch, size, deviation), raw);
		backend.fftKernel(raw, gaussian);
	}

	private static float[] gaussian(final int batch, final int size, final double deviation) {
		final float[] g = new float[size * size], all = new float[batch * g.length];
		double sum = 0;
		for (int y = 0; y < size; y++)
			for (int x = 0; x < size; x++) {
				final double r2 = Math.pow(x - size / 2, 2) + Math.pow(y - size / 2, 2);
				sum += g[y * size + x] = (float) Math.exp(-r2 / (2 * deviation * deviation));
			}
		for (int i = 0; i < all.length; i++)
			all[i] = (float) (g[i % g.length] / sum);
		return all;
	}

	/** As they are now, not negative, sum 1. */
	Tensor sharpened() {
		backend.fftKernel(kernels, spectra);
		backend.quotient(gaussian, 0, spectra, 0, 1, logBeta, quotient);
		backend.ifftKernel(quotient, raw);
		backend.normalizeKernel(raw, sharp);
		return sharp;
	}
}
