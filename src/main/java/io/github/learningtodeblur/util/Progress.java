package io.github.learningtodeblur.util;

/** Where long work tells how far it is, and asks whether to go on. Implementations are thread-safe. */
public interface Progress {

	/** Reports nothing, is never canceled. */
	Progress NONE = new Progress() {

		@Override
		public void report(final long done, final long total, final String what) {}

		@Override
		public boolean canceled() {
			return false;
		}
	};

	/**
	 * @param done finished steps, 0 to {@code total}
	 * @param total all steps of this piece of work
	 * @param what a few words for the status line
	 */
	void report(long done, long total, String what);

	/** Whether the user wants the work to stop; asked often, at least several times a second. */
	boolean canceled();

	/** @throws java.util.concurrent.CancellationException if the user wants the work to stop */
	default void check() {
		if (canceled()) throw new java.util.concurrent.CancellationException("Canceled");
	}
}
