package io.github.learningtodeblur.restore;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Regions;
import io.github.learningtodeblur.util.ValidConvolution;

/**
 * What a kernel and a restored image leave unexplained of a blurry one: noise; and more, if the kernel errs, or if the blur is
 * not the same everywhere.
 */
public final class Unexplained {

	/** Side of the region that is looked at. */
	private static final int REGION = 512;

	/**
	 * Standard deviation that is always added to the noise's; what may be unexplained, as a multiple of the noise, before it says
	 * anything; and factor on what is beyond that, most of which a restored image takes upon itself. How they were chosen:
	 * models/TRAINING.md, "What is unexplained".
	 */
	private static final double LEAST = 0.0045, NOISE = 1.25, BEYOND_NOISE = 2.5;

	private Unexplained() {}

	/**
	 * What is left of a blurry image when a restored one, blurred again, is taken off.
	 *
	 * @param restored of the size of {@code blurry}
	 * @param kernel square, of odd size, sum 1, smaller than the image
	 * @return the part where all that blurs into a pixel is in the image; NaN where the blurry one is
	 */
	public static Plane of(final Plane blurry, final Plane restored, final Plane kernel) {
		final Plane left = ValidConvolution.convolve(restored, kernel);
		final int r = kernel.width() / 2;
		for (int y = 0, i = 0; y < left.height(); y++)
			for (int x = 0; x < left.width(); x++, i++)
				left.pixels()[i] -= blurry.get(x + r, y + r);
		return left;
	}

	/** Of an image, what {@link #error} looks at: where it has the strongest gradients. */
	static Plane region(final Plane image) {
		return Regions.informative(image, REGION);
	}

	/**
	 * How much a restoration should allow for, noise and all that a kernel and an image cannot explain: the latter as far as
	 * {@link SparseRestoration} leaves it.
	 *
	 * @param blurry values in about [0, 1], NaN where unknown; time grows with its size
	 * @param kernel see {@link Restoration#restore}
	 * @param noise standard deviation of the noise
	 * @param white pixels from this value on are saturated, and do not count
	 * @return a standard deviation, above that of the noise
	 * @throws java.util.concurrent.CancellationException if {@code progress} is canceled
	 */
	public static double error(final Backend backend, final Plane blurry, final Plane kernel, final double noise, final float white,
		final Progress progress)
	{
		final double known = Math.hypot(noise, LEAST);
		final Plane k = Planes.framed(kernel, Math.max(kernel.width(), kernel.height())).normalized();
		if (blurry.width() <= k.width() || blurry.height() <= k.height()) return known;
		final Plane left = of(blurry, new FittedRestoration(1, backend).restore(blurry, k, progress), k);
		for (int y = 0, i = 0; y < left.height(); y++)
			for (int x = 0; x < left.width(); x++, i++)
				if (!(blurry.get(x + k.width() / 2, y + k.width() / 2) < white)) left.pixels()[i] = Float.NaN;
		final double all = Planes.deviation(left), expected = NOISE * Math.max(NoiseEstimate.ROUNDING, noise);
		return Math.hypot(known, BEYOND_NOISE * Math.sqrt(Math.max(0, all * all - expected * expected)));
	}
}
