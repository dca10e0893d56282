package io.github.learningtodeblur.backend.cpu;

import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Threads;

/**
 * Cuts the rows of all planes of a tensor into pieces of about the same work, so that many small images keep all
 * threads busy as well as one large image.
 */
final class Rows {

	/** Floats of a piece: starting it must cost little beside the work. */
	private static final int GRAIN = 16384;

	private Rows() {}

	@FunctionalInterface
	interface Piece {

		/** Rows {@code from} to {@code to - 1} of a plane. */
		void run(int plane, int from, int to);
	}

	static void forEach(final Tensor t, final Piece piece) {
		forEach(t.batch() * t.channels(), t.height(), t.width(), piece);
	}

	/** @param width floats of a row that are worked on */
	static void forEach(final int planes, final int height, final int width, final Piece piece) {
		final int rows = Math.max(1, GRAIN / width), bands = (height + rows - 1) / rows;
		Threads.forEach(planes * bands, i -> {
			final int from = i % bands * rows;
			piece.run(i / bands, from, Math.min(height, from + rows));
		});
	}

	/**
	 * Which plane of {@code of} goes with a plane of {@code t}: a batch or channels of 1 serve for all.
	 *
	 * @param plane index over batch and channels of {@code t}
	 */
	static int partner(final Tensor t, final int plane, final Tensor of) {
		final int b = of.batch() == 1 ? 0 : plane / t.channels(), c = of.channels() == 1 ? 0 : plane % t.channels();
		return b * of.channels() + c;
	}
}
