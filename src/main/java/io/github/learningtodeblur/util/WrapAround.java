package io.github.learningtodeblur.util;

/**
 * Extends an image at the right and at the bottom so that it wraps around smoothly: each row goes over from
 * its last value to its first along half a cosine, then each column likewise. A circular convolution of such
 * an image sees no jump at the borders.
 */
public final class WrapAround {

	private WrapAround() {}

	/** @return the image in the upper left corner of a plane of {@code width * height} */
	public static Plane extend(final Plane image, final int width, final int height) {
		final int w = image.width(), h = image.height();
		if (width < w || height < h) throw new IllegalArgumentException("Can't extend " + image + " to " +
			width + "x" + height);
		final Plane out = new Plane(width, height);
		final float[] p = out.pixels();
		final float[] across = transition(width - w), down = transition(height - h);
		for (int y = 0; y < h; y++) {
			System.arraycopy(image.pixels(), y * w, p, y * width, w);
			final float last = p[y * width + w - 1], first = p[y * width];
			for (int x = w; x < width; x++)
				p[y * width + x] = last + across[x - w] * (first - last);
		}
		for (int y = h; y < height; y++) {
			final float t = down[y - h];
			final int last = (h - 1) * width;
			for (int x = 0; x < width; x++)
				p[y * width + x] = p[last + x] + t * (p[x] - p[last + x]);
		}
		return out;
	}

	/** From near 0 to near 1 in n steps that leave out both ends. */
	private static float[] transition(final int n) {
		final float[] t = new float[n];
		for (int i = 0; i < n; i++)
			t[i] = (float) (0.5 - 0.5 * Math.cos(Math.PI * (i + 1) / (n + 1)));
		return t;
	}
}
