package io.github.learningtodeblur.net;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;

/**
 * Image estimation (section 3.1.3, Eq. 5): the latent image as the blurry one divided by the kernel in
 * Fourier space, regularized by a learned beta_x.
 */
public final class ImageEstimation {

	private final Backend backend;
	private final Signal kernel;
	private final Tensor blurrySpectrum;
	private final Tensor logBeta;
	private final Tensor dLogBeta;
	private final Tensor kernelSpectrum;
	private final Tensor dKernelSpectrum;
	private final Tensor quotient;
	private final Tensor dQuotient;
	private final Signal latent;

	/**
	 * @param blurrySpectrum see {@link BlurrySpectrum}
	 * @param height of the image without padding
	 */
	public ImageEstimation(final Backend backend, final Signal kernel, final Tensor blurrySpectrum,
		final Tensor logBeta, final Tensor dLogBeta, final int height, final int width,
		final boolean training)
	{
		this.backend = backend;
		this.kernel = kernel;
		this.blurrySpectrum = blurrySpectrum;
		this.logBeta = logBeta;
		this.dLogBeta = dLogBeta;
		kernelSpectrum = like(blurrySpectrum);
		quotient = like(blurrySpectrum);
		dKernelSpectrum = training ? like(blurrySpectrum) : null;
		dQuotient = training ? like(blurrySpectrum) : null;
		latent = Signal.allocate(backend, training, kernel.value().batch(), 1, height, width);
	}

	private Tensor like(final Tensor spectrum) {
		return backend.allocateSpectra(spectrum.batch(), 1, spectrum.height(), spectrum.width());
	}

	/** (batch, 1, h, w) */
	public Signal latent() {
		return latent;
	}

	public void forward() {
		backend.fftKernel(kernel.value(), kernelSpectrum);
		backend.quotient(kernelSpectrum, 0, blurrySpectrum, 0, 1, logBeta, quotient);
		backend.ifft(quotient, latent.value());
	}

	/** Overwrites the kernel's gradient. */
	void backward() {
		backend.fft(latent.grad(), dQuotient);
		backend.quotientGrad(kernelSpectrum, 0, blurrySpectrum, 0, 1, logBeta, quotient, dQuotient,
			dKernelSpectrum, null, dLogBeta);
		backend.ifftKernel(dKernelSpectrum, kernel.grad());
	}
}
