package io.github.learningtodeblur.restore;

import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.backend.Shrinkage;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.SparsePrior;

/**
 * Deconvolution with sparse gradients: Krishnan and Fergus, <em>Fast Image Deconvolution using
 * Hyper-Laplacian Priors</em> (NIPS 2009), minimises <code>lambda / 2 ||k * x - y||^2 + ||Dx
 * x||_alpha^alpha + ||Dy x||_alpha^alpha</code>. Gradients are set free by an auxiliary w
 * (half-quadratic splitting, their Eq. 3): in turn w is shrunk pixel by pixel ({@link Shrinkage.Power})
 * and x found by a division in Fourier space, while the coupling beta grows from 1 to 256 by 2
 * sqrt(2), one pass each. Not in that paper is the treatment of borders, see the package
 * description.
 * <p>
 * alpha hardly matters once lambda fits; 0.8 and 2000 are what benchmarks of kernels use (models/TRAINING.md, "Constants").
 *
 * @param alpha exponent of the gradients, in (0, 1]: smaller is sparser
 * @param lambda trust in the data for values in [0, 1], above 0: smaller is smoother. See {@link
 *           #forNoise}
 * @param white pixels from this value on are taken for saturated: a light may have been any amount brighter
 *           than the camera could tell, and ringing around lights comes from believing it. As with the
 *           borders, the unknown becomes what the estimate predicts, pass by pass. Infinity if there are none
 * @param backend does the work
 */
public record SparseRestoration(double alpha, double lambda, float white, Backend backend) implements Restoration {

	public static final double DEFAULT_ALPHA = SparsePrior.ALPHA;
	public static final double DEFAULT_LAMBDA = 2000;

	public SparseRestoration {
		if (!(alpha > 0 && alpha <= 1)) throw new IllegalArgumentException(
			"alpha must be above 0 and at most 1, got " + alpha);
		if (!(lambda > 0 && lambda <= 1e9)) throw new IllegalArgumentException(
			"lambda must be above 0 and at most 1e9, got " + lambda);
		if (Float.isNaN(white)) throw new IllegalArgumentException("White must be a number");
	}

	/** On the device that everybody uses. */
	public SparseRestoration(final double alpha, final double lambda, final float white) {
		this(alpha, lambda, white, Backends.shared());
	}

	/** Nothing is saturated. */
	public SparseRestoration(final double alpha, final double lambda) {
		this(alpha, lambda, Float.POSITIVE_INFINITY);
	}

	/** alpha 0.8, lambda 2000: between best for a clean photograph and for one with 1 % noise. */
	public SparseRestoration() {
		this(DEFAULT_ALPHA, DEFAULT_LAMBDA);
	}

	/**
	 * lambda fitted to the noise, see {@link SparsePrior#lambda}.
	 *
	 * @param sigma standard deviation of the noise for values in [0, 1], at least 0
	 */
	public static SparseRestoration forNoise(final double sigma, final Backend backend) {
		if (!(sigma >= 0 && sigma <= 1)) throw new IllegalArgumentException(
			"Noise must be between 0 and 1, got " + sigma);
		return new SparseRestoration(DEFAULT_ALPHA, SparsePrior.lambda(sigma), Float.POSITIVE_INFINITY, backend);
	}

	@Override
	public SparseRestoration on(final Backend device) {
		return new SparseRestoration(alpha, lambda, white, device);
	}

	@Override
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		return restore(blurry, List.of(kernel), progress).get(0);
	}

	@Override
	public List<Plane> restore(final Plane blurry, final List<Plane> kernels, final Progress progress) {
		final Plane[] restored = new Plane[kernels.size()];
		for (final List<Integer> group : Planes.bySize(kernels, blurry.pixels().length)) {
			final List<Plane> images = together(blurry, group.stream().map(kernels::get).toList(), progress);
			for (int i = 0; i < group.size(); i++)
				restored[group.get(i)] = images.get(i);
		}
		return List.of(restored);
	}

	/** @param kernels of one size */
	private List<Plane> together(final Plane blurry, final List<Plane> kernels, final Progress progress) {
		progress.check();
		final BlurModel model = new BlurModel(backend, blurry, kernels, white);
		final Tensor spectra = model.allocateSpectra(), targets = model.allocateImages();
		final Tensor estimates = model.allocateImages();
		model.writeBlurry(estimates);
		final double[] betas = SparsePrior.betas();
		final int steps = betas.length, passes = model.hasUnknown() ? SparsePrior.UNKNOWN_PASSES : 1;
		for (int step = 0; step < steps; step++) {
			progress.report(step, steps, "Deconvolution");
			final double beta = betas[step];
			final Shrinkage rule = new Shrinkage.Power(alpha, beta);
			for (int pass = 0; pass < passes; pass++) {
				progress.check();
				backend.shrunkDivergence(estimates, rule, targets);
				backend.fft(targets, spectra);
				model.solve((float) (lambda / beta), 0, 1, spectra, spectra);
				if (step == steps - 1) break;
				backend.ifft(spectra, estimates);
				model.predictUnknown(spectra, targets);
			}
		}
		final List<Plane> out = model.images(spectra);
		progress.report(steps, steps, "Deconvolution");
		return out;
	}
}
