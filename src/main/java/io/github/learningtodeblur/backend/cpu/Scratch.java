package io.github.learningtodeblur.backend.cpu;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Scratch arrays, lent and given back. What lies idle is bounded: beyond the limit, arrays of those lengths go
 * that were not asked for longest. Not a ThreadLocal: a thread of a fork-join pool may start another piece of
 * the same work while it waits in the middle of one.
 */
final class Scratch {

	private final long limit;
	/** By length; the ones asked for last are at the end. */
	private final Map<Integer, ArrayDeque<float[]>> shelves = new LinkedHashMap<>(32, 0.75f, true);
	private long idle;
	private boolean closed;

	/** @param limit bytes that may lie idle */
	Scratch(final long limit) {
		this.limit = limit;
	}

	/** An array with whatever its last user left in it. */
	float[] take(final int length) {
		return take(length, 1)[0];
	}

	/** Several at once, which takes the lock once only. */
	float[][] take(final int length, final int count) {
		final float[][] arrays = new float[count][];
		synchronized (this) {
			checkOpen();
			final ArrayDeque<float[]> shelf = shelves.get(length);
			if (shelf != null) for (int i = 0; i < count && !shelf.isEmpty(); i++) {
				arrays[i] = shelf.pop();
				idle -= bytes(length);
			}
		}
		for (int i = 0; i < count; i++)
			if (arrays[i] == null) arrays[i] = new float[length];
		return arrays;
	}

	synchronized void give(final float[]... arrays) {
		if (closed) return;
		for (final float[] a : arrays)
			if (bytes(a.length) <= limit) {
				shelves.computeIfAbsent(a.length, n -> new ArrayDeque<>()).push(a);
				idle += bytes(a.length);
			}
		while (idle > limit) {
			final Map.Entry<Integer, ArrayDeque<float[]>> eldest = shelves.entrySet().iterator().next();
			if (eldest.getValue().pollLast() != null) idle -= bytes(eldest.getKey());
			if (eldest.getValue().isEmpty()) shelves.remove(eldest.getKey());
		}
	}

	/** Bytes that lie idle. */
	synchronized long idle() {
		return idle;
	}

	/** Drops all that lies idle, and lends no more. */
	synchronized void close() {
		closed = true;
		shelves.clear();
		idle = 0;
	}

	/** @throws IllegalStateException if not */
	synchronized void checkOpen() {
		if (closed) throw new IllegalStateException("The backend is closed: open another");
	}

	private static long bytes(final int length) {
		return (long) length * Float.BYTES;
	}
}
