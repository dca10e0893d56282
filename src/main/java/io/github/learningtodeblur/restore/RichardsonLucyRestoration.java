package io.github.learningtodeblur.restore;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.backend.Shrinkage;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/**
 * Deconvolution of photon-limited images: Richardson and Lucy's iteration, which climbs to the
 * most likely image under Poisson noise and never leaves the positive values, with the total
 * variation of Dey et al., <em>Richardson-Lucy Algorithm with Total Variation Regularization for 3D
 * Confocal Microscope Deconvolution</em> (Microscopy Research and Technique 69, 2006, Eq. 9):
 * <code>x := x / (1 - lambda div(grad x / |grad x|)) * k^T(y / (k * x))</code>. For photographs
 * {@link SparseRestoration} is better and faster.
 * <p>
 * Of the pixels beyond the border ({@link Borders}) and of unknown ones only the first guess is used; then they count as
 * seen exactly as predicted, that is, their quotient is 1. This is the expectation-maximisation step
 * of the package description, and keeps the result positive.
 * <p>
 * Negative values of the blurry image count as 0.
 *
 * @param lambda weight of the total variation, at least 0 and below 0.2: above, the denominator may
 *          reach 0
 * @param iterations at least 1; more are sharper and noisier
 * @param backend does the work
 */
public record RichardsonLucyRestoration(double lambda, int iterations, Backend backend) implements Restoration {

	public static final double DEFAULT_LAMBDA = 0.005;
	public static final int DEFAULT_ITERATIONS = 100;

	/** Gradients far below this count as flat. */
	private static final float FLAT = 1e-3f;

	/** Least value of an estimate, so that it can grow again, and of a divisor. */
	private static final float LEAST = 1e-6f;

	public RichardsonLucyRestoration {
		if (!(lambda >= 0 && lambda < 0.2)) throw new IllegalArgumentException(
			"lambda must be at least 0 and below 0.2, got " + lambda);
		if (iterations < 1) throw new IllegalArgumentException("At least 1 iteration is needed, got " +
			iterations);
	}

	/** On the device that everybody uses. */
	public RichardsonLucyRestoration(final double lambda, final int iterations) {
		this(lambda, iterations, Backends.shared());
	}

	public RichardsonLucyRestoration() {
		this(Backends.shared());
	}

	/** With usual settings. */
	public RichardsonLucyRestoration(final Backend backend) {
		this(DEFAULT_LAMBDA, DEFAULT_ITERATIONS, backend);
	}

	@Override
	public RichardsonLucyRestoration on(final Backend device) {
		return new RichardsonLucyRestoration(lambda, iterations, device);
	}

	@Override
	public RichardsonLucyRestoration withStrength(final double strength) {
		return new RichardsonLucyRestoration(strength * lambda, iterations, backend);
	}

	@Override
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		progress.check();
		final BlurModel model = new BlurModel(backend, blurry, kernel);
		final Tensor spectrum = model.allocateSpectra(), quotient = model.allocateImages();
		final Tensor divergence = lambda == 0 ? null : model.allocateImages();
		final float[] first = model.blurry().pixels().clone();
		for (int i = 0; i < first.length; i++)
			first[i] = Math.max(LEAST, first[i]);
		final Tensor x = model.allocateImages();
		backend.write(first, x);
		for (int n = 0; n < iterations; n++) {
			progress.check();
			progress.report(n, iterations, "Deconvolution");
			model.blur(x, spectrum, quotient, false);
			backend.ratio(model.observed(), LEAST, quotient);
			model.blur(quotient, spectrum, quotient, true);
			if (divergence != null) backend.shrunkDivergence(x, new Shrinkage.Unit(FLAT), divergence);
			backend.correct(quotient, divergence, (float) lambda, LEAST, x);
		}
		final Plane all = new Plane(x.width(), x.height());
		backend.read(x, all.pixels());
		progress.report(iterations, iterations, "Deconvolution");
		return all.crop(0, 0, blurry.width(), blurry.height());
	}
}
