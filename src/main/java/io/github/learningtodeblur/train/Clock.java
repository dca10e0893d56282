package io.github.learningtodeblur.train;

/** Seconds spent training, and since the last report and checkpoint. */
final class Clock {

	private long lap = System.nanoTime();
	private long reported = lap;
	private long written = lap;

	double lap() {
		final long before = lap;
		lap = System.nanoTime();
		return (lap - before) * 1e-9;
	}

	double sinceReport() {
		return (System.nanoTime() - reported) * 1e-9;
	}

	void report() {
		reported = System.nanoTime();
	}

	double sinceCheckpoint() {
		return (System.nanoTime() - written) * 1e-9;
	}

	void checkpoint() {
		written = reported = System.nanoTime();
	}
}
