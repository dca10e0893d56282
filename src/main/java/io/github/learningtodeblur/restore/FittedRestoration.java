package io.github.learningtodeblur.restore;

import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Saturation;

/**
 * {@link SparseRestoration} with what it needs to know taken from the image: the noise, by {@link
 * NoiseEstimate}, and whether lights are saturated, by {@link Saturation}.
 *
 * @param strength factor on the regularisation, above 0: above 1 smoother, below 1 sharper and noisier
 * @param backend does the work
 */
public record FittedRestoration(double strength, Backend backend) implements Restoration {

	public FittedRestoration {
		if (!(strength > 0 && strength < 1e6)) throw new IllegalArgumentException(
			"Strength must be above 0 and below 1e6, got " + strength);
	}

	/** On the device that everybody uses. */
	public FittedRestoration(final double strength) {
		this(strength, Backends.shared());
	}

	/** Of usual strength. */
	public FittedRestoration() {
		this(1);
	}

	@Override
	public FittedRestoration withStrength(final double factor) {
		return new FittedRestoration(factor * strength, backend);
	}

	@Override
	public FittedRestoration on(final Backend device) {
		return new FittedRestoration(strength, device);
	}

	@Override
	public SparseRestoration fitted(final Plane image) {
		final SparseRestoration r = SparseRestoration.forNoise(Math.min(1, NoiseEstimate.of(image)), backend);
		return new SparseRestoration(r.alpha(), r.lambda() / strength, Saturation.white(image), backend);
	}

	@Override
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		return fitted(blurry).restore(blurry, kernel, progress);
	}

	@Override
	public List<Plane> restore(final Plane blurry, final List<Plane> kernels, final Progress progress) {
		return fitted(blurry).restore(blurry, kernels, progress);
	}
}
