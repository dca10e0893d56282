package io.github.learningtodeblur.net;

import io.github.learningtodeblur.util.Plane;

/**
 * How an estimated kernel is compared with the true one in training.
 *
 * @param shiftable whether the estimate may lie elsewhere at no price, see {@link KernelAlignment}
 * @param levels number of resolutions of which the mean error is taken, see {@link
 *          io.github.learningtodeblur.backend.Backend#kernelError}. Images have large slow and small fast changes,
 *          so that slow errors of a kernel, such as a faint haze around it, spoil the restored image most, and the
 *          plain error hardly sees them
 * @param relative whether the squared error is divided by that of no kernel at all; else thin, bright kernels count
 *          for more than wide, faint ones
 */
public record KernelLoss(boolean shiftable, int levels, boolean relative) {

	/** Kernels pixel by pixel, as they lie. */
	public static final KernelLoss PLAIN = new KernelLoss(false, 1);

	/** The paper's: the squared L2 distance, and nothing else. */
	public static final KernelLoss PAPER = new KernelLoss(false, 1, false);

	/** What networks are trained with: pixels to squares of 8x8. */
	public static final KernelLoss USUAL = new KernelLoss(true, 4);

	/** Relative. */
	public KernelLoss(final boolean shiftable, final int levels) {
		this(shiftable, levels, true);
	}

	public KernelLoss {
		if (levels < 1 || levels > 8) throw new IllegalArgumentException("Levels must be 1 to 8, got " + levels);
	}

	/**
	 * Relative squared error at one level.
	 *
	 * @param kernel square
	 * @param truth of the same size; moved to where {@code kernel} lies if this is {@link #shiftable}
	 */
	public double error(final Plane kernel, final Plane truth) {
		final float[] k = kernel.pixels();
		float[] t = truth.pixels();
		if (shiftable) KernelAlignment.align(k, truth.pixels(), kernel.width(), t = new float[k.length], 0);
		double error = 0, energy = 0;
		for (int i = 0; i < k.length; i++) {
			error += (k[i] - t[i]) * (k[i] - t[i]);
			energy += t[i] * t[i];
		}
		return error / energy;
	}
}
