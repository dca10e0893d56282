package io.github.learningtodeblur.batch;

import java.io.Serializable;
import java.util.Locale;

/**
 * What became of a piece of work.
 *
 * @param piece its name
 * @param text how it was done, or why it was not; one line
 */
public record Outcome(String piece, Kind kind, String text) implements Serializable {

	/** A piece is skipped if its result was there. */
	public enum Kind {
		DONE, SKIPPED, FAILED
	}

	public boolean failed() {
		return kind == Kind.FAILED;
	}

	@Override
	public String toString() {
		return kind.name().toLowerCase(Locale.ROOT) + " " + piece + ": " + text;
	}
}
