package io.github.learningtodeblur.backend;

/**
 * A device cannot be used, or cannot do what it is asked for: there is none, its driver is too old, its memory does not suffice.
 * The message is for users: why, and what to do.
 */
public class BackendUnavailable extends RuntimeException {

	public BackendUnavailable(final String message) {
		super(message);
	}

	public BackendUnavailable(final String message, final Throwable cause) {
		super(message, cause);
	}
}
