package io.github.learningtodeblur.command;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/** What users read when something went wrong: one sentence. */
final class Failure {

	private Failure() {}

	/** The exception that was thrown first: what runs in tasks comes back wrapped. */
	static Throwable cause(final Throwable thrown) {
		Throwable e = thrown;
		while ((e.getClass() == RuntimeException.class || e instanceof ExecutionException) && e
			.getCause() != null)
			e = e.getCause();
		return e;
	}

	static boolean isCancel(final Throwable thrown) {
		return cause(thrown) instanceof CancellationException;
	}

	/** @param needed bytes the command takes, roughly; 0 if not known */
	static String sentence(final Throwable thrown, final long needed) {
		final Throwable e = cause(thrown);
		if (e instanceof OutOfMemoryError) return "Not enough memory: " + (needed > 0 ? "about " + size(
			needed) + " are needed, and " : "") + "ImageJ may use " + size(Runtime.getRuntime().maxMemory()) +
			" (Edit > Options > Memory & Threads sets more); a smaller image or selection needs less.";
		final String message = e.getMessage();
		// what users can cause carries a sentence of its own
		if (message != null && (e instanceof IOException || e instanceof IllegalArgumentException))
			return message.endsWith(".") ? message : message + ".";
		return "This should not happen (" + e + "): please report it, with what you did.";
	}

	private static String size(final long bytes) {
		return bytes < 1L << 30 ? Math.max(1, bytes >> 20) + " MB" : String.format(Locale.ROOT, "%.1f GB",
			bytes / (double) (1L << 30));
	}
}
