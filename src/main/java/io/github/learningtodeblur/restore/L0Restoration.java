package io.github.learningtodeblur.restore;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/**
 * Deconvolution with few gradients: minimises <code>||k * x - y||^2 + lambda ||grad x||_0</code>, where the
 * last term counts the pixels with a gradient other than 0, by half-quadratic splitting (Xu, Lu, Xu and Jia,
 * <em>Image Smoothing via L0 Gradient Minimization</em>, 2011; for blurry images Pan, Hu, Su and Yang 2014).
 * The result is a drawing of the image, flat areas and sharp edges: not a photograph to keep, but what a
 * kernel is best estimated from.
 *
 * @param lambda price of a gradient for values in [0, 1], above 0: 0.004 leaves strong edges only, 0.0001
 *          nearly all that is not noise
 */
public record L0Restoration(double lambda) implements Restoration {

	/** Growth of the coupling between gradients and their auxiliaries in each step; larger ones do worse. */
	private static final double BETA_RATIO = 2;

	/** Last coupling: 1e5, as usual for smoothing, changes nothing here. */
	private static final double LAST_BETA = 1e4;

	public L0Restoration {
		if (!(lambda > 0 && lambda < LAST_BETA)) throw new IllegalArgumentException(
			"lambda must be above 0 and below " + LAST_BETA + ", got " + lambda);
	}

	@Override
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		progress.check();
		final BlurModel model = new BlurModel(blurry, kernel);
		final int width = model.width, height = model.height;
		final float[] spectrum = new float[model.fft.spectrumLength()];
		final float[] estimate = model.blurry().clone();
		final float[] target = new float[width * height];
		for (double beta = 2 * lambda;; beta *= BETA_RATIO) {
			progress.check();
			// below this, a gradient costs more than it explains
			final float threshold = (float) (lambda / beta);
			Divergence.of((y, across, down) -> row(estimate, width, height, y, threshold, across, down),
				width, height, target);
			model.fft.forward(target, 0, width, height, width, spectrum, 0);
			model.solve((float) (1 / beta), 0, 1, spectrum, spectrum);
			if (beta * BETA_RATIO > LAST_BETA) break;
			model.fft.inverse(spectrum, 0, estimate, 0, width, height, width);
			if (model.hasUnknown()) model.predictUnknown(spectrum, target);
		}
		return model.image(spectrum);
	}

	/** Row y of the differences; those of a pixel are both 0 if their squares sum up to less than {@code threshold}. */
	private static void row(final float[] x, final int width, final int height, final int y,
		final float threshold, final float[] across, final float[] down)
	{
		final int o = y * width, below = (y + 1 == height ? 0 : y + 1) * width;
		for (int i = 0; i < width; i++) {
			final float v = x[o + i];
			final float dx = x[o + (i + 1 == width ? 0 : i + 1)] - v, dy = x[below + i] - v;
			final boolean keep = dx * dx + dy * dy >= threshold;
			across[i] = keep ? dx : 0;
			down[i] = keep ? dy : 0;
		}
	}
}
