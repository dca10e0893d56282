package io.github.learningtodeblur.train;

import io.github.learningtodeblur.backend.Backend;

/** The part of a batch that a network is bound to: gradients add up from one part to the next. */
final class Portion {

	private Portion() {}

	/**
	 * The smallest part that fills the device, of parts of equal size; else the whole batch.
	 *
	 * @param side of the images
	 */
	static int of(final int batch, final Backend backend, final int side) {
		for (int n = backend.batchAtOnce(side, side); n < batch; n++)
			if (batch % n == 0) return n;
		return batch;
	}
}
