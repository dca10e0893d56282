package io.github.learningtodeblur.restore;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.WrapAround;

/**
 * Extends an image at the right and at the bottom for circular deconvolution. The new pixels are a
 * soap film: they solve Laplace's equation between the borders of the image, which meet around the
 * edge, as in Liu and Jia, <em>Reducing Boundary Artifacts in Image Deconvolution</em> (ICIP 2008).
 * Compared with other ways in the package description.
 */
final class Borders {

	/**
	 * Sweeps over the new pixels, beginning with a cosine transition, and their over-relaxation.
	 */
	private static final int SWEEPS = 15;
	private static final float RELAXATION = 1.8f;

	private Borders() {}

	/** @return the image in the upper left corner of a plane of {@code width * height} */
	static Plane extend(final Plane image, final int width, final int height) {
		final Plane out = WrapAround.extend(image, width, height);
		for (int sweep = 0; sweep < SWEEPS; sweep++)
			for (int y = 0; y < height; y++)
				relaxRow(out.pixels(), width, height, y, y < image.height() ? image.width() : 0);
		return out;
	}

	/**
	 * Moves every pixel from column {@code first} on towards the mean of its neighbours, in place.
	 */
	private static void relaxRow(final float[] p, final int width, final int height, final int y,
		final int first)
	{
		final int row = y * width;
		final int above = (y == 0 ? height - 1 : y - 1) * width;
		final int below = (y == height - 1 ? 0 : y + 1) * width;
		float left = p[row + (first == 0 ? width : first) - 1];
		for (int x = first; x < width; x++) {
			final float right = p[row + (x + 1 == width ? 0 : x + 1)];
			final float mean = 0.25f * (left + right + p[above + x] + p[below + x]);
			left = p[row + x] += RELAXATION * (mean - p[row + x]);
		}
	}
}
