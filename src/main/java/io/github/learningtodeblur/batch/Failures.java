package io.github.learningtodeblur.batch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

import io.github.learningtodeblur.backend.BackendUnavailable;
import io.github.learningtodeblur.util.Memory;

/** What is told of a failure where there are no windows: one sentence. */
public final class Failures {

	private static final String TRACE = "deblur.trace";

	private Failures() {}

	/** For users, if they can have caused it; else asks for a report. */
	public static String sentence(final Throwable thrown) {
		Throwable e = thrown;
		// what runs in tasks comes back wrapped
		while ((e.getClass() == RuntimeException.class || e instanceof ExecutionException || e instanceof UncheckedIOException) &&
			e.getCause() != null)
			e = e.getCause();
		if (e instanceof CancellationException) return "Canceled";
		if (e instanceof OutOfMemoryError) return Memory.shortage(0);
		// of these the message is a bare path
		if (e instanceof FileSystemException f) return "Can't use " + f.getFile() + ": " + (f.getReason() != null ? f.getReason()
			: f instanceof NoSuchFileException ? "it does not exist and can't be made" : f instanceof AccessDeniedException
				? "no permission" : f.getClass().getSimpleName());
		final String message = e.getMessage();
		// what users can cause carries a sentence of its own; the rest is for the developers
		if (message != null && (e instanceof IOException || e instanceof IllegalArgumentException ||
			e instanceof BackendUnavailable)) return message;
		if (Boolean.getBoolean(TRACE)) e.printStackTrace();
		return "this should not happen (" + e.toString().replaceAll("\\s+", " ") +
			"): please report it, with what you did; -D" + TRACE + "=true shows where";
	}
}
