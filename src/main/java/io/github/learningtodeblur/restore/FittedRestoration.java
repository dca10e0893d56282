package io.github.learningtodeblur.restore;

import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/**
 * {@link SparseRestoration} with what it needs to know taken from the image: the noise, by {@link
 * NoiseEstimate}, and whether lights are saturated.
 *
 * @param strength factor on the regularisation, above 0: above 1 smoother, below 1 sharper and noisier
 */
public record FittedRestoration(double strength) implements Restoration {

	/**
	 * Values this close to the largest are as good as the largest: one step of 8 bits, and rounding when
	 * colours are made grey.
	 */
	private static final float CLOSE = 1.5f / 255;

	/** An image is saturated if at least this fraction of its pixels has the largest value. */
	private static final double LEAST_SATURATED = 2e-4;

	public FittedRestoration {
		if (!(strength > 0 && strength < 1e6)) throw new IllegalArgumentException(
			"Strength must be above 0 and below 1e6, got " + strength);
	}

	@Override
	public Restoration fitted(final Plane image) {
		final SparseRestoration r = SparseRestoration.forNoise(Math.min(1, NoiseEstimate.of(image)));
		return new SparseRestoration(r.alpha(), r.lambda() / strength, white(image));
	}

	@Override
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		return fitted(blurry).restore(blurry, kernel, progress);
	}

	/** From where on pixels count as saturated; infinite if too few have the largest value. */
	static float white(final Plane image) {
		float largest = Float.NEGATIVE_INFINITY;
		for (final float v : image.pixels())
			largest = Math.max(largest, v);
		int equal = 0;
		for (final float v : image.pixels())
			if (v == largest) equal++;
		return equal >= Math.max(4, LEAST_SATURATED * image.pixels().length) ? largest - CLOSE
			: Float.POSITIVE_INFINITY;
	}
}
