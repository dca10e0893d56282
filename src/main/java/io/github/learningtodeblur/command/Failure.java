package io.github.learningtodeblur.command;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

import io.github.learningtodeblur.backend.BackendUnavailable;
import io.github.learningtodeblur.util.Memory;

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
		if (e instanceof OutOfMemoryError) return Memory.shortage(needed, "ImageJ",
			"(Edit > Options > Memory & Threads sets more); a smaller image or selection needs less.");
		final String message = e instanceof FileSystemException f ? fileSystem(f) : e.getMessage();
		// what users can cause carries a sentence of its own
		if (message != null && (e instanceof IOException || e instanceof IllegalArgumentException ||
			e instanceof BackendUnavailable)) return message.endsWith(".") ? message : message + ".";
		return "This should not happen (" + e + "): please report it, with what you did.";
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
}
