package io.github.learningtodeblur.net;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;

/** One stage (section 3.2): features, kernel, and the latent image unless nobody asks for it. */
public final class Stage {

	private final Backend backend;
	private final FeatureExtraction extraction;
	private final KernelEstimation estimation;
	private final ImageEstimation image;

	/**
	 * @param in (batch, 1 or 2, h, w)
	 * @param dIn gradient of the first input channel; or null
	 * @param withImage whether the latent image is needed
	 */
	public Stage(final Backend backend, final Parameters parameters, final String prefix,
		final StageSpec spec, final Tensor in, final Tensor dIn, final Tensor blurrySpectrum,
		final int kernelSize, final boolean withImage, final boolean training)
	{
		this.backend = backend;
		extraction = new FeatureExtraction(backend, parameters, prefix, spec.layers(), in, dIn, training);
		final String betaK = prefix + "log_beta_k", betaX = prefix + "log_beta_x";
		estimation = new KernelEstimation(backend, extraction.features(), parameters.value(betaK), spec
			.learnBetaK() ? parameters.gradient(betaK) : null, kernelSize, training);
		image = withImage ? new ImageEstimation(backend, estimation.kernel(), blurrySpectrum, parameters
			.value(betaX), parameters.gradient(betaX), in.height(), in.width(), training) : null;
	}

	public Signal kernel() {
		return estimation.kernel();
	}

	/** x~ then y~, windowed. */
	public Signal features() {
		return extraction.features();
	}

	/** Null if the stage was made without. */
	public Signal latent() {
		return image == null ? null : image.latent();
	}

	public void forward() {
		extraction.forward();
		estimation.forward();
		if (image != null) image.forward();
	}

	/** Gradient of the kernel from what comes after this stage; the loss adds to it. */
	void backwardToKernel(final boolean latentUsed) {
		if (latentUsed) image.backward();
		else backend.fill(kernel().grad(), 0);
	}

	/** @param toInput whether the gradient of the input is needed; without, it is left as it is */
	void backwardFromKernel(final boolean toInput) {
		estimation.backward();
		extraction.backward(toInput);
	}
}
