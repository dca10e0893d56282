package io.github.learningtodeblur.net;

/**
 * How an estimated kernel is compared with the true one in training.
 *
 * @param shiftable whether the estimate may lie elsewhere at no price, see {@link KernelAlignment}
 * @param levels number of resolutions of which the mean error is taken, see {@link
 *          io.github.learningtodeblur.backend.Backend#kernelError}. Images have large slow and small fast changes,
 *          so that slow errors of a kernel, such as a faint haze around it, spoil the restored image most, and the
 *          plain error hardly sees them. Correlation of the error's logarithm with that of the error ratio, 48
 *          kernels of three networks for photographs of Levin et al.: 0.85 for single pixels, 0.88 for sums of
 *          2x2, 0.90 of 4x4, 0.87 of 8x8, 0.82 of 16x16
 */
public record KernelLoss(boolean shiftable, int levels) {

	/** The paper's: kernels pixel by pixel, as they lie. */
	public static final KernelLoss PLAIN = new KernelLoss(false, 1);

	/** What networks are trained with: pixels to squares of 8x8. */
	public static final KernelLoss USUAL = new KernelLoss(true, 4);

	public KernelLoss {
		if (levels < 1 || levels > 8) throw new IllegalArgumentException("Levels must be 1 to 8, got " + levels);
	}
}
