package io.github.learningtodeblur.backend.cpu;

import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Scratch arrays of one length, lent and given back. Not a ThreadLocal: a thread of a fork-join pool may
 * start another piece of the same work while it waits in the middle of one.
 */
final class ArrayPool {

	private final int length;
	private final ConcurrentLinkedDeque<float[]> free = new ConcurrentLinkedDeque<>();

	ArrayPool(final int length) {
		this.length = length;
	}

	/** An array with whatever its last user left in it. */
	float[] take() {
		final float[] a = free.pollFirst();
		return a != null ? a : new float[length];
	}

	void give(final float[] a) {
		free.addFirst(a);
	}
}
