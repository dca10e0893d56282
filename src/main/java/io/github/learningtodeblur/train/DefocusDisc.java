package io.github.learningtodeblur.train;

import java.util.random.RandomGenerator;

import io.github.learningtodeblur.util.Plane;

/**
 * Blur of a lens out of focus: an even disc; every pixel has the share of its area that the disc covers. The
 * diameter is uniform between {@code minExtent} and 1 times the kernel size.
 *
 * @param minExtent in (0, 1]
 */
public record DefocusDisc(double minExtent) implements BlurFamily {

	/** Lines per pixel along which the covered length is exact. */
	private static final int LINES = 16;

	/** Diameters from 0.3 of the kernel size. */
	public DefocusDisc() {
		this(0.3);
	}

	public DefocusDisc {
		if (!(minExtent > 0 && minExtent <= 1)) throw new IllegalArgumentException(
			"Smallest extent must be in (0, 1], got " + minExtent);
	}

	@Override
	public Plane sample(final int size, final RandomGenerator random) {
		BlurFamilies.checkSize(size);
		return disc(size, BlurFamilies.uniform(random, minExtent * size, size) / 2);
	}

	/** @param radius in pixels, above 0, at most {@code size / 2.0} */
	static Plane disc(final int size, final double radius) {
		final Plane kernel = new Plane(size, size);
		final int middle = size / 2;
		for (int line = 0; line < size * LINES; line++) {
			final double y = (line + 0.5) / LINES - size / 2.0;
			if (Math.abs(y) >= radius) continue;
			final double half = Math.sqrt(radius * radius - y * y);
			final int row = line / LINES * size;
			for (int x = 0; x <= middle; x++) {
				// pixel x covers [x - middle - 0.5, x - middle + 0.5]; the right half is the mirror image
				final double covered = Math.min(1, half - (middle - x - 0.5));
				if (covered <= 0) continue;
				final float share = (float) (x == middle ? Math.min(1, 2 * half) : covered);
				kernel.pixels()[row + x] += share;
				if (x != middle) kernel.pixels()[row + size - 1 - x] += share;
			}
		}
		return kernel.normalized();
	}
}
