package io.github.learningtodeblur.net;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;

/**
 * Kernel estimation (section 3.1.2, Eq. 4): window on the features, division in Fourier space, crop to the
 * kernel size, negative values to zero, sum to one.
 */
public final class KernelEstimation {

	private final Backend backend;
	private final Signal features;
	private final int pairs;
	private final Tensor window;
	private final Tensor logBeta;
	private final Tensor dLogBeta;
	private final Tensor spectra;
	private final Tensor dSpectra;
	private final Tensor quotient;
	private final Tensor dQuotient;
	private final Signal raw;
	private final Signal kernel;

	/**
	 * @param features (batch, 2 * pairs, h, w), windowed in place
	 * @param logBeta logarithm of beta_k, one value
	 * @param dLogBeta its gradient, added to; or null if beta_k is fixed
	 * @param size of the kernel, odd
	 */
	public KernelEstimation(final Backend backend, final Signal features, final Tensor logBeta,
		final Tensor dLogBeta, final int size, final boolean training)
	{
		this.backend = backend;
		this.features = features;
		this.logBeta = logBeta;
		this.dLogBeta = dLogBeta;
		final Tensor f = features.value();
		if (f.height() < size || f.width() < size) throw new IllegalArgumentException(
			"Feature images of " + f.width() + "x" + f.height() + " are smaller than the kernel, " + size);
		pairs = f.channels() / 2;
		window = backend.allocate(1, 1, f.height(), f.width());
		backend.write(window(f.height(), f.width()), window);
		final int height = backend.goodSize(f.height()), width = backend.goodSize(f.width());
		spectra = backend.allocateSpectra(f.batch(), 2 * pairs, height, width);
		quotient = backend.allocateSpectra(f.batch(), 1, height, width);
		dSpectra = training ? backend.allocateSpectra(f.batch(), 2 * pairs, height, width) : null;
		dQuotient = training ? backend.allocateSpectra(f.batch(), 1, height, width) : null;
		raw = Signal.allocate(backend, training, f.batch(), 1, size, size);
		kernel = Signal.allocate(backend, training, f.batch(), 1, size, size);
	}

	/** (batch, 1, size, size), not negative, sum 1 (all 0 if nothing is above 0), in convolution orientation, origin in the middle */
	public Signal kernel() {
		return kernel;
	}

	public void forward() {
		backend.scale(features.value(), window);
		backend.fft(features.value(), spectra);
		backend.quotient(spectra, 0, spectra, pairs, pairs, logBeta, quotient);
		backend.ifftKernel(quotient, raw.value());
		backend.normalizeKernel(raw.value(), kernel.value());
	}

	void backward() {
		backend.normalizeKernelGrad(raw.value(), kernel.value(), kernel.grad(), raw.grad());
		backend.fftKernel(raw.grad(), dQuotient);
		backend.quotientGrad(spectra, 0, spectra, pairs, pairs, logBeta, quotient, dQuotient, dSpectra,
			dSpectra, dLogBeta);
		backend.ifft(dSpectra, features.grad());
		backend.scale(features.grad(), window);
	}

	/**
	 * Bartlett-Hann window, outer product of both axes: 0 at the borders, 1 in the middle.
	 * <code>0.62 - 0.48 |t| + 0.38 cos(2 pi t)</code> for t from -1/2 to 1/2.
	 */
	static float[] window(final int height, final int width) {
		final double[] down = barthann(height), across = barthann(width);
		final float[] w = new float[height * width];
		for (int y = 0; y < height; y++)
			for (int x = 0; x < width; x++)
				w[y * width + x] = (float) (down[y] * across[x]);
		return w;
	}

	private static double[] barthann(final int n) {
		final double[] w = new double[n];
		for (int i = 0; i < n; i++) {
			final double t = n == 1 ? 0 : (double) i / (n - 1) - 0.5;
			w[i] = Math.max(0, 0.62 - 0.48 * Math.abs(t) + 0.38 * Math.cos(2 * Math.PI * t));
		}
		return w;
	}
}
