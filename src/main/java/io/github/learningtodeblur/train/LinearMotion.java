package io.github.learningtodeblur.train;

import java.util.random.RandomGenerator;

import io.github.learningtodeblur.util.Plane;

/**
 * Steady motion: a straight line through the middle, its angle uniform, its length uniform between
 * {@code minExtent} and 1 times the kernel size (a length of n pixels has its ends n - 1 pixels apart), drawn
 * with sub-pixel accuracy.
 *
 * @param minExtent in (0, 1]
 */
public record LinearMotion(double minExtent) implements BlurFamily {

	/** Lengths from 0.3 of the kernel size. */
	public LinearMotion() {
		this(0.3);
	}

	public LinearMotion {
		if (!(minExtent > 0 && minExtent <= 1)) throw new IllegalArgumentException(
			"Smallest extent must be in (0, 1], got " + minExtent);
	}

	@Override
	public Plane sample(final int size, final RandomGenerator random) {
		BlurFamilies.checkSize(size);
		final double length = Math.max(0, BlurFamilies.uniform(random, minExtent * size, size) - 1);
		final double angle = Math.PI * random.nextDouble();
		final double dx = length * Math.cos(angle);
		final double dy = length * Math.sin(angle);
		final int points = 1 + (int) (4 * length);
		final double middle = (size - 1) / 2.0;
		final Plane kernel = new Plane(size, size);
		for (int i = 0; i < points; i++) {
			final double t = (i + 0.5) / points - 0.5;
			BlurFamilies.splat(kernel.pixels(), size, middle + t * dx, middle + t * dy, 1.0 / points);
		}
		return kernel.normalized();
	}
}
