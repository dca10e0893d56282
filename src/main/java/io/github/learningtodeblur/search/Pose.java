package io.github.learningtodeblur.search;

import io.github.learningtodeblur.util.Plane;

/**
 * How a picture is laid before a kernel is looked for in it: always the same way, however it was turned or mirrored before,
 * so that neither changes what is found. Differences of neighbours tell: along rows they are stronger than along columns, and
 * from left to right and from top to bottom, steep rises outweigh steep falls.
 */
final class Pose {

	private Pose() {}

	/**
	 * @param image NaN where unknown
	 * @return the turn that lays it so, see {@link io.github.learningtodeblur.util.Orientation#of}
	 */
	static int of(final Plane image) {
		final double[] right = differences(image, 1, 0), down = differences(image, 0, 1);
		final boolean turned = down[0] > right[0];
		final boolean mirrored = (turned ? down : right)[1] < 0, upsideDown = (turned ? right : down)[1] < 0;
		if (mirrored) return upsideDown ? turned ? 7 : 3 : turned ? 6 : 2;
		return upsideDown ? turned ? 8 : 4 : turned ? 5 : 1;
	}

	/** Sums of the squares and of the cubes of all differences of neighbours. */
	private static double[] differences(final Plane image, final int dx, final int dy) {
		final double[] sums = new double[2];
		for (int y = 0; y < image.height() - dy; y++)
			for (int x = 0; x < image.width() - dx; x++) {
				final double d = image.get(x + dx, y + dy) - image.get(x, y);
				if (Double.isNaN(d)) continue;
				sums[0] += d * d;
				sums[1] += d * d * d;
			}
		return sums;
	}
}
