package io.github.learningtodeblur.restore;

import io.github.learningtodeblur.util.Threads;

/**
 * Dx' wx + Dy' wy, where w are the differences of an image's neighbours after a method has changed them:
 * (Dx x)(i) = x(i + 1) - x(i), circular, whose adjoint is (Dx' w)(i) = w(i - 1) - w(i).
 */
final class Divergence {

	private static final int BAND = 32;

	private Divergence() {}

	@FunctionalInterface
	interface Differences {

		/** Writes a row of wx to {@code across} and of wy to {@code down}. Called by several threads. */
		void row(int y, float[] across, float[] down);
	}

	/** @param out (height, width), overwritten */
	static void of(final Differences w, final int width, final int height, final float[] out) {
		Threads.forEachBand(height, BAND, (from, to) -> {
			final float[] across = new float[width];
			float[] above = new float[width], here = new float[width];
			w.row((from == 0 ? height : from) - 1, across, above);
			for (int y = from; y < to; y++) {
				w.row(y, across, here);
				final int o = y * width;
				float left = across[width - 1];
				for (int i = 0; i < width; i++) {
					out[o + i] = left - across[i] + above[i] - here[i];
					left = across[i];
				}
				final float[] swap = above;
				above = here;
				here = swap;
			}
		});
	}
}
