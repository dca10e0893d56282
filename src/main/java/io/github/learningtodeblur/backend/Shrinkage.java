package io.github.learningtodeblur.backend;

/**
 * What becomes of the differences between a pixel and its neighbours to the right and below, before their
 * divergence is taken: see {@link Backend#shrunkDivergence}.
 */
public sealed interface Shrinkage {

	/**
	 * Both stay as they are, or become 0 if the sum of their squares is less than {@code threshold}: the minimiser
	 * where each pixel with a gradient costs the same.
	 */
	record Strong(float threshold) implements Shrinkage {}

	/**
	 * Each becomes the w with the least <code>|w|^alpha + beta / 2 (w - v)^2</code>, up to an error of 1e-4 where
	 * |v| is less than 1; beyond, at most what is taken off there is taken off too much.
	 *
	 * @param alpha above 0, at most 1
	 * @param beta above 0
	 */
	record Power(double alpha, double beta) implements Shrinkage {

		public Power {
			if (!(alpha > 0 && alpha <= 1)) throw new IllegalArgumentException(
				"alpha must be above 0 and at most 1, got " + alpha);
			if (!(beta > 0)) throw new IllegalArgumentException("beta must be above 0, got " + beta);
		}

		/** The w that is as good as 0 where |v| is the {@link #threshold}. */
		public double jump() {
			return Math.pow(2 * (1 - alpha) / beta, 1 / (2 - alpha));
		}

		/** Where |v| is less, w is 0. */
		public double threshold() {
			return jump() + alpha / beta * (alpha == 1 ? 1 : Math.pow(jump(), alpha - 1));
		}
	}

	/** Of both the length becomes 1, for gradients far longer than {@code flat}; shorter ones go to 0. */
	record Unit(float flat) implements Shrinkage {}
}
