package io.github.learningtodeblur.search;

import io.github.learningtodeblur.util.Plane;

/**
 * How much of a restored image is clearly darker or brighter than anything in the blurry one. Blur takes some
 * off the extremes, but a restoration that leaves the range in many places is nothing but ringing, which
 * sparsity does not always tell.
 */
final class Overshoot {

	private final float min;
	private final float max;

	/** @param blurry what images are restored from; NaN does not count */
	Overshoot(final Plane blurry) {
		float least = Float.POSITIVE_INFINITY, most = Float.NEGATIVE_INFINITY;
		for (final float v : blurry.pixels()) {
			if (v < least) least = v;
			if (v > most) most = v;
		}
		min = least;
		max = most;
	}

	/**
	 * @param restored any size; NaN does not count
	 * @param beyond what counts as clearly outside, as a fraction of the range
	 * @return fraction of the pixels of {@code restored}, 0 to 1
	 */
	double of(final Plane restored, final float beyond) {
		final float margin = beyond * (max - min);
		int count = 0;
		for (final float v : restored.pixels())
			if (v < min - margin || v > max + margin) count++;
		return (double) count / restored.pixels().length;
	}
}
