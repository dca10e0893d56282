package io.github.learningtodeblur.cli;

import io.github.learningtodeblur.util.Progress;

/** Ctrl-C: the work ends its step and writes its files, then the program leaves. */
final class Canceler implements Progress {

	/** The program waits for {@link #finished} so many times 50 ms. */
	private static final int PATIENCE = 600;

	private volatile boolean canceled;
	private volatile boolean finished;

	Canceler() {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			canceled = true;
			for (int i = 0; i < PATIENCE && !finished; i++)
				try {
					Thread.sleep(50);
				}
				catch (final InterruptedException e) {
					return;
				}
		}));
	}

	void finished() {
		finished = true;
	}

	@Override
	public void report(final long done, final long total, final String what) {}

	@Override
	public boolean canceled() {
		return canceled;
	}
}
