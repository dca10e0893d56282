package io.github.learningtodeblur.restore;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/**
 * Deconvolution by one division in Fourier space: Eq. 5 of <em>Learning to Deblur</em>, <code>||k *
 * x - y||^2 + betaX ||x||^2</code>, with a second, better prior on the gradients,
 * <code>betaGradient (||Dx x||^2 + ||Dy x||^2)</code>; D are differences of neighbouring pixels.
 * Priors don't act on the mean. Fast; flat areas stay noisy and edges ring slightly, see {@link
 * SparseRestoration}.
 *
 * @param betaX weight of the squared values, at least 0
 * @param betaGradient weight of the squared gradients, at least 0; not both may be 0
 * @param backend does the work
 */
public record WienerRestoration(double betaX, double betaGradient, Backend backend) implements Restoration {

	/** How often the unknown pixels beyond the border are predicted, see the package description. */
	private static final int PREDICTIONS = 2;

	/** The same where pixels inside are unknown. */
	private static final int MORE_PREDICTIONS = 8;

	public WienerRestoration {
		if (!(betaX >= 0 && betaX <= Float.MAX_VALUE)) throw new IllegalArgumentException(
			"betaX must be 0 or more, got " + betaX);
		if (!(betaGradient >= 0 && betaGradient <= Float.MAX_VALUE)) throw new IllegalArgumentException(
			"betaGradient must be 0 or more, got " + betaGradient);
		if ((float) betaX == 0 && (float) betaGradient == 0) throw new IllegalArgumentException(
			"betaX and betaGradient must not both be 0");
	}

	/** On the device that everybody uses. */
	public WienerRestoration(final double betaX, final double betaGradient) {
		this(betaX, betaGradient, Backends.shared());
	}

	public WienerRestoration() {
		this(Backends.shared());
	}

	/** With usual settings. */
	public WienerRestoration(final Backend backend) {
		this(1e-3, 5e-3, backend);
	}

	@Override
	public WienerRestoration on(final Backend device) {
		return new WienerRestoration(betaX, betaGradient, device);
	}

	@Override
	public WienerRestoration withStrength(final double strength) {
		return new WienerRestoration(strength * betaX, strength * betaGradient, backend);
	}

	@Override
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		progress.check();
		final BlurModel model = new BlurModel(backend, blurry, kernel);
		final Tensor spectrum = model.allocateSpectra(), scratch = model.allocateImages();
		final int predictions = model.hasUnknown() ? MORE_PREDICTIONS : PREDICTIONS;
		for (int i = 0; i < predictions; i++) {
			progress.check();
			progress.report(i, predictions + 1, "Deconvolution");
			model.solve(1, (float) betaX, (float) betaGradient, null, spectrum);
			model.predictUnknown(spectrum, scratch);
		}
		progress.check();
		model.solve(1, (float) betaX, (float) betaGradient, null, spectrum);
		final Plane out = model.images(spectrum).get(0);
		progress.report(predictions + 1, predictions + 1, "Deconvolution");
		return out;
	}
}
