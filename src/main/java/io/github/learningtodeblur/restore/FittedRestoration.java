package io.github.learningtodeblur.restore;

import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Saturation;

/**
 * {@link SparseRestoration} with what it needs to know taken from the image: the noise, by {@link
 * NoiseEstimate}, and whether lights are saturated, by {@link Saturation}.
 *
 * @param strength factor on the regularisation, above 0: above 1 smoother, below 1 sharper and noisier
 */
public record FittedRestoration(double strength) implements Restoration {

	public FittedRestoration {
		if (!(strength > 0 && strength < 1e6)) throw new IllegalArgumentException(
			"Strength must be above 0 and below 1e6, got " + strength);
	}

	/** Of usual strength. */
	public FittedRestoration() {
		this(1);
	}

	@Override
	public Restoration withStrength(final double factor) {
		return new FittedRestoration(factor * strength);
	}

	@Override
	public Restoration fitted(final Plane image) {
		final SparseRestoration r = SparseRestoration.forNoise(Math.min(1, NoiseEstimate.of(image)));
		return new SparseRestoration(r.alpha(), r.lambda() / strength, Saturation.white(image));
	}

	@Override
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		return fitted(blurry).restore(blurry, kernel, progress);
	}
}
