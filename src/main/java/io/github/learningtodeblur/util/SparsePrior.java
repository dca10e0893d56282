package io.github.learningtodeblur.util;

/**
 * The constants of a deconvolution with sparse gradients, Krishnan and Fergus, <em>Fast Image Deconvolution using
 * Hyper-Laplacian Priors</em> (NIPS 2009), for values in [0, 1]: for those that do it for one image, and for those that do it
 * for a batch.
 */
public final class SparsePrior {

	/** Exponent of the gradients: it hardly matters once lambda fits; this is what benchmarks of kernels use. */
	public static final double ALPHA = 0.8;

	/** Standard deviation. Less noise is not believed: kernels are never exact, and noise is never all that the model misses. */
	public static final double LEAST_NOISE = 0.0055;

	/** lambda, the trust in the data, for so little noise; and the power of the noise with which it falls. */
	public static final double MOST_TRUST = 5000, POWER = 1.8;

	/** Passes for each beta where pixels are saturated or unknown: what they were is found out step by step. */
	public static final int UNKNOWN_PASSES = 4;

	private static final double FIRST_BETA = 1, BETA_RATIO = 2 * Math.sqrt(2), LAST_BETA = 256;

	private SparsePrior() {}

	/** How strongly gradients are coupled to those set free (half-quadratic splitting, their Eq. 3), in this order. */
	public static double[] betas() {
		final double[] betas = new double[(int) Math.ceil(Math.log(LAST_BETA / FIRST_BETA) / Math.log(BETA_RATIO))];
		double beta = FIRST_BETA;
		for (int i = 0; i < betas.length; i++, beta *= BETA_RATIO)
			betas[i] = beta;
		return betas;
	}

	/** lambda for noise of standard deviation {@code sigma}: <code>5000 min(1, (0.0055 / sigma)^1.8)</code>. */
	public static double lambda(final double sigma) {
		return MOST_TRUST * Math.pow(LEAST_NOISE / Math.max(LEAST_NOISE, sigma), POWER);
	}
}
