package io.github.learningtodeblur.train;

import io.github.learningtodeblur.util.Plane;

/**
 * A sharp image in memory, as 8-bit luminance.
 *
 * @param name of its file, without the folder
 * @param maxScale largest factor by which crops may be scaled
 */
record Photograph(String name, byte[] pixels, int width, int height, double maxScale) {

	/** @param image values in [0, 1]; what is beyond is cut off */
	static Photograph of(final String name, final Plane image, final double maxScale) {
		final float[] values = image.pixels();
		final byte[] bytes = new byte[values.length];
		for (int i = 0; i < bytes.length; i++)
			bytes[i] = (byte) Math.round(255 * Math.max(0, Math.min(1, values[i])));
		return new Photograph(name, bytes, image.width(), image.height(), maxScale);
	}

	/** Length of the shorter side after the least shrinking. */
	double side() {
		return Math.min(width, height) * maxScale;
	}
}
