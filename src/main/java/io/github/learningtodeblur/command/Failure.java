package io.github.learningtodeblur.command;

import io.github.learningtodeblur.batch.Failures;
import io.github.learningtodeblur.util.Memory;

/** What users of ImageJ read when something went wrong: one sentence, with its full stop. */
final class Failure {

	private Failure() {}

	/** @param needed bytes the command takes, roughly; 0 if not known */
	static String sentence(final Throwable thrown, final long needed) {
		final Throwable e = Failures.cause(thrown);
		if (e instanceof OutOfMemoryError) return Memory.shortage(needed, "ImageJ",
			"(Edit > Options > Memory & Threads sets more); a smaller image or selection needs less.");
		return Failures.ofUsers(e).map(s -> s.endsWith(".") ? s : s + ".").orElseGet(() -> "This should not happen (" + e +
			"): please report it, with what you did.");
	}
}
