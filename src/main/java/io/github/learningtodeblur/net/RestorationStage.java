package io.github.learningtodeblur.net;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.RestorationSpec;

/**
 * One stage of a learned restoration. What was not observed of the blurry image becomes what the image so far predicts;
 * feature extraction (section 3.1.1 of the paper) looks at the image and says how its differences should be corrected; a
 * division in Fourier space (as Eq. 5) finds the image that has these and explains the blurry one.
 */
final class RestorationStage {

	private final Backend backend;
	private final RestorationInput given;
	private final Tensor logBeta, power, dLogBeta, dPower;
	private final int margin;
	private final FeatureExtraction extraction;
	private final Tensor in;
	/** Of the first input image. */
	private final Tensor dIn;
	/** What the image so far looks like, blurred. */
	private final Tensor predicted;
	private final Tensor blurrySpectrum;
	private final Signal targets;
	private final Tensor targetSpectra, dTargetSpectra;
	private final Tensor spectrum, dSpectrum;
	private final Signal image;
	private final Tensor scratch;

	/**
	 * @param shared a stage whose memory is used as well, when there is no backward pass; or null
	 */
	RestorationStage(final Backend backend, final Parameters parameters, final RestorationSpec spec, final int stage,
		final RestorationInput given, final RestorationStage shared, final boolean training)
	{
		this.backend = backend;
		this.given = given;
		final String prefix = RestorationSpec.prefix(stage);
		logBeta = parameters.value(prefix + "log_beta");
		power = parameters.value(prefix + "power");
		dLogBeta = parameters.gradient(prefix + "log_beta");
		dPower = parameters.gradient(prefix + "power");
		margin = spec.filterSize() / 2;
		final Tensor y = given.blurry();
		final int batch = y.batch(), height = y.height(), width = y.width();
		final boolean own = shared == null;
		in = own ? backend.allocate(batch, RestorationSpec.INPUTS, height, width) : shared.in;
		dIn = training ? backend.allocate(batch, 1, height, width) : null;
		extraction = own ? new FeatureExtraction(backend, parameters, prefix, spec.layers(), in, dIn, training)
			: shared.extraction.with(parameters, prefix);
		predicted = own ? backend.allocate(batch, 1, height, width) : shared.predicted;
		blurrySpectrum = own ? backend.allocateSpectra(batch, 1, height, width) : shared.blurrySpectrum;
		targets = own ? Signal.allocate(backend, training, batch, RestorationSpec.ORDERS, height, width) : shared.targets;
		targetSpectra = own ? backend.allocateSpectra(batch, RestorationSpec.ORDERS, height, width) : shared.targetSpectra;
		dTargetSpectra = training ? backend.allocateSpectra(batch, RestorationSpec.ORDERS, height, width) : null;
		spectrum = own ? backend.allocateSpectra(batch, 1, height, width) : shared.spectrum;
		dSpectrum = training ? backend.allocateSpectra(batch, 1, height, width) : null;
		image = own ? Signal.allocate(backend, training, batch, 1, height, width) : shared.image;
		scratch = own ? backend.allocateSpectra(batch, 1, height, width) : shared.scratch;
	}

	/** (batch, 1, h, w) */
	Signal image() {
		return image;
	}

	Tensor spectrum() {
		return spectrum;
	}

	/** Gradient of the spectrum, beside that of the image. */
	Tensor dSpectrum() {
		return dSpectrum;
	}

	/**
	 * @param before the image so far
	 * @param beforeSpectrum its spectrum
	 */
	void forward(final Tensor before, final Tensor beforeSpectrum) {
		backend.copyChannels(given.base(), 0, in, 0, RestorationSpec.INPUTS);
		backend.addChannels(before, 0, 1, in, 0, 1);
		extraction.forward();
		backend.divergence(extraction.features().value(), margin, targets.value());
		backend.fft(targets.value(), targetSpectra);
		backend.multiply(beforeSpectrum, given.kernel(), false, scratch);
		backend.ifft(scratch, predicted);
		// the image is free again: it holds the blurry one until that is transformed
		backend.clamp(predicted, given.low(), given.high(), image.value());
		backend.fft(image.value(), blurrySpectrum);
		backend.regularized(given.kernel(), blurrySpectrum, beforeSpectrum, targetSpectra, logBeta, power, given.level(),
			spectrum);
		backend.ifft(spectrum, image.value());
	}

	/**
	 * From the gradients of {@link #image} and {@link #dSpectrum}, both overwritten.
	 *
	 * @param beforeSpectrum as in {@link #forward}
	 * @param dBefore gradient of the image so far, added to; null if nobody asks for it
	 * @param dBeforeSpectrum the same of its spectrum, overwritten
	 */
	void backward(final Tensor beforeSpectrum, final Tensor dBefore, final Tensor dBeforeSpectrum) {
		final Tensor g = scratch;
		backend.fft(image.grad(), g);
		backend.addChannels(dSpectrum, 0, 1, g, 0, 1);
		// without somebody to ask, what is written is not used
		final Tensor to = dBeforeSpectrum == null ? dSpectrum : dBeforeSpectrum;
		backend.regularizedGrad(given.kernel(), beforeSpectrum, targetSpectra, logBeta, power, given.level(), spectrum, g, to,
			dTargetSpectra, dLogBeta, dPower);
		backend.ifft(dTargetSpectra, targets.grad());
		backend.divergenceGrad(targets.grad(), margin, extraction.features().grad());
		extraction.backward(dBefore != null);
		if (dBefore == null) return;
		backend.addChannels(dIn, 0, 1, dBefore, 0, 1);
		// through what was predicted
		backend.multiply(g, given.kernel(), false, g);
		backend.ifft(g, image.grad());
		backend.clampGrad(predicted, given.low(), given.high(), image.grad());
		backend.fft(image.grad(), g);
		backend.multiply(g, given.kernel(), true, g);
		backend.addChannels(g, 0, 1, dBeforeSpectrum, 0, 1);
	}
}
