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

	/** Passes cancellation on, but no reports: for pieces of work whose own steps are not told. */
	default Progress cancelOnly() {
		final Progress whole = this;
		return new Progress() {

			@Override
			public void report(final long done, final long total, final String what) {}

			@Override
			public boolean canceled() {
				return whole.canceled();
			}
		};
	}

	/**
	 * A piece of work that takes the whole from one point to another, so that pieces done one after the other only move it
	 * forward.
	 *
	 * @param from fraction of the whole where the piece begins
	 * @param to fraction where it ends
	 */
	default Progress span(final double from, final double to) {
		return span(from, to, "");
	}

	/**
	 * One of several pieces of work that take about equally long: what it reports counts as its part of the
	 * whole.
	 *
	 * @param index from 0
	 * @param name put before what the piece reports; may be empty
	 */
	default Progress part(final int index, final int count, final String name) {
		return span((double) index / count, (index + 1.0) / count, name);
	}

	private Progress span(final double from, final double to, final String name) {
		final Progress whole = this;
		return new Progress() {

			@Override
			public void report(final long done, final long total, final String what) {
				final double part = total <= 0 ? 0 : (double) done / total;
				whole.report(Math.round(1e6 * (from + (to - from) * part)), 1_000_000, name + what);
			}

			@Override
			public boolean canceled() {
				return whole.canceled();
			}
		};
	}
}
