package io.github.learningtodeblur.restore;

import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Shrinkage;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/**
 * Deconvolution with few gradients: minimises <code>||k * x - y||^2 + lambda ||grad x||_0</code>, where the
 * last term counts the pixels with a gradient other than 0, by half-quadratic splitting (Xu, Lu, Xu and Jia,
 * <em>Image Smoothing via L0 Gradient Minimization</em>, 2011; for blurry images Pan, Hu, Su and Yang 2014).
 * The result is a drawing of the image, flat areas and sharp edges: not a photograph to keep, but what a
 * kernel is best estimated from.
 * <p>
 * Bound to an image and a number of kernels, of which it makes one drawing each, side by side, and leaves them on the
 * device.
 */
public final class L0Deconvolution {

	/** Growth of the coupling between gradients and their auxiliaries in each step; larger ones do worse. */
	private static final double BETA_RATIO = 2;

	/** Last coupling, at which image and auxiliaries are one but for what is fainter than any edge. */
	private static final double LAST_BETA = 1e3;

	private final Backend backend;
	private final BlurModel model;
	private final Tensor spectra;
	private final Tensor estimates;
	private final Tensor targets;
	private final Tensor drawings;

	/**
	 * @param blurry values in [0, 1], NaN where unknown
	 * @param size of the kernels, odd
	 * @param count number of kernels at a time
	 */
	public L0Deconvolution(final Backend backend, final Plane blurry, final int size, final int count) {
		this.backend = backend;
		model = new BlurModel(backend, blurry, size, size, count, Float.POSITIVE_INFINITY);
		spectra = model.allocateSpectra();
		estimates = model.allocateImages();
		targets = model.allocateImages();
		drawings = backend.allocate(count, 1, blurry.height(), blurry.width());
	}

	/**
	 * @param lambda price of a gradient for values in [0, 1], above 0: 0.004 leaves strong edges only, 0.0001
	 *          nearly all that is not noise
	 * @param kernels as for {@link Restoration}
	 * @param progress asked at every step
	 * @return (count, 1, height, width) of the image; overwritten by the next call
	 * @throws java.util.concurrent.CancellationException if {@code progress} is canceled
	 */
	public Tensor restore(final double lambda, final List<Plane> kernels, final Progress progress) {
		if (!(lambda > 0 && lambda < LAST_BETA)) throw new IllegalArgumentException(
			"lambda must be above 0 and below " + LAST_BETA + ", got " + lambda);
		progress.check();
		model.setKernels(kernels);
		model.writeBlurry(estimates);
		for (double beta = 2 * lambda;; beta *= BETA_RATIO) {
			progress.check();
			// below this, a gradient costs more than it explains
			backend.shrunkDivergence(estimates, new Shrinkage.Strong((float) (lambda / beta)), targets);
			backend.fft(targets, spectra);
			model.solve((float) (1 / beta), 0, 1, spectra, spectra);
			if (beta * BETA_RATIO > LAST_BETA) break;
			backend.ifft(spectra, estimates);
			if (model.hasUnknown()) model.predictUnknown(spectra, targets);
		}
		backend.ifft(spectra, drawings);
		return drawings;
	}
}
