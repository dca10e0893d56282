package io.github.learningtodeblur.batch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

import io.github.learningtodeblur.backend.BackendUnavailable;
import io.github.learningtodeblur.util.Memory;

/** What is told of a failure: one sentence. */
public final class Failures {

	private static final String TRACE = "deblur.trace";

	private Failures() {}

	/** The exception that was thrown first: what runs in tasks comes back wrapped, or as a copy whose message begins with its class. */
	public static Throwable cause(final Throwable thrown) {
		Throwable e = thrown;
		while (e.getCause() != null && (e.getClass() == RuntimeException.class || e instanceof ExecutionException ||
			e instanceof UncheckedIOException || isCopy(e)))
			e = e.getCause();
		return e;
	}

	/** As fork and join make one, to show both threads. */
	private static boolean isCopy(final Throwable e) {
		return e.getClass() == e.getCause().getClass() && e.getCause().toString().equals(e.getMessage());
	}

	public static boolean isCancel(final Throwable thrown) {
		return cause(thrown) instanceof CancellationException;
	}

	/** The sentence that what users can cause carries; empty for what only developers can. Memory is another matter. */
	public static Optional<String> ofUsers(final Throwable thrown) {
		final Throwable e = cause(thrown);
		if (!(e instanceof IOException || e instanceof IllegalArgumentException || e instanceof BackendUnavailable)) return Optional
			.empty();
		return Optional.ofNullable(e instanceof FileSystemException f ? fileSystem(f) : e.getMessage());
	}

	/** The message of these exceptions is often the path and nothing else. */
	private static String fileSystem(final FileSystemException e) {
		final String file = e.getFile();
		if (file == null) return e.getReason();
		if (e instanceof NoSuchFileException) return "There is no file " + file;
		if (e instanceof AccessDeniedException) return "No permission to read or write " + file;
		if (e instanceof FileAlreadyExistsException) return "There is a file " + file + " already";
		if (e instanceof NotDirectoryException) return file + " is not a folder";
		if (e instanceof DirectoryNotEmptyException) return "The folder " + file + " is not empty";
		return "Cannot read or write " + file + (e.getReason() == null ? "" : ": " + e.getReason());
	}

	/** Where there are no windows. */
	public static String sentence(final Throwable thrown) {
		if (isCancel(thrown)) return "Canceled";
		final Throwable e = cause(thrown);
		if (e instanceof OutOfMemoryError) return Memory.shortage(0);
		return ofUsers(e).orElseGet(() -> {
			if (Boolean.getBoolean(TRACE)) e.printStackTrace();
			return "this should not happen (" + e.toString().replaceAll("\\s+", " ") +
				"): please report it, with what you did; -D" + TRACE + "=true shows where";
		});
	}
}
