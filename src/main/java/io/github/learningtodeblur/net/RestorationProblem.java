package io.github.learningtodeblur.net;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Unknown;

/**
 * What a restoration has to start from.
 *
 * @param blurry values in about [0, 1], NaN where unknown
 * @param white pixels from this value on are saturated; infinite if none are
 * @param kernel of odd width and height, positive sum, its middle pixel the origin
 * @param noise standard deviation
 * @param strength factor on the noise's variance, above 0: above 1 smoother, below 1 sharper and noisier
 */
public record RestorationProblem(Plane blurry, float white, Plane kernel, double noise, double strength) {

	/**
	 * Around the image, as much is found as its kernel reaches, and some more for the transforms to wrap around in; in kernel
	 * sizes, of which 1 is the least that keeps opposite borders apart.
	 */
	private static final double AROUND = 1.5;

	public RestorationProblem {
		if (kernel.width() % 2 == 0 || kernel.height() % 2 == 0) throw new IllegalArgumentException(
			"Kernel must have odd sizes, got " + kernel);
		Planes.checkValues(kernel, "Kernel", false);
		Planes.checkValues(blurry, "Image", true);
		if (!(kernel.sum() > 0)) throw new IllegalArgumentException("Kernel must have a positive sum, got " + kernel.sum());
		if (!(noise >= 0)) throw new IllegalArgumentException("Noise must not be negative, got " + noise);
		if (!(strength > 0)) throw new IllegalArgumentException("Strength must be above 0, got " + strength);
	}

	/** As it was trained. */
	public RestorationProblem(final Plane blurry, final float white, final Plane kernel, final double noise) {
		this(blurry, white, kernel, noise, 1);
	}

	/** Columns or rows that an image needs with what is around. */
	public static int around(final int image, final int kernel) {
		return Math.addExact(image, (int) (AROUND * kernel));
	}

	/** Whether pixels inside the image are unknown, or saturated. */
	boolean hasUnknown() {
		return Unknown.isAny(blurry, white);
	}
}
