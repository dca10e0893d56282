package io.github.learningtodeblur.command;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import ij.IJ;

/**
 * What the library logs, inside ImageJ: warnings go to ImageJ's log, the rest only in ImageJ's debug mode. Java
 * would write it to the standard error stream, for which Fiji opens a window.
 */
final class LibraryLog extends Handler {

	private static final String NAME = "io.github.learningtodeblur";
	/** Kept here, because Java forgets loggers that nobody holds. */
	private static final Logger LIBRARY = Logger.getLogger(NAME);

	static {
		LIBRARY.setUseParentHandlers(false);
		LIBRARY.addHandler(new LibraryLog());
	}

	private LibraryLog() {}

	/** From now on. */
	static void toImageJ() {
		// done when this class was loaded
	}

	@Override
	public void publish(final LogRecord entry) {
		if (entry.getLevel().intValue() >= Level.WARNING.intValue() || IJ.debugMode) IJ.log(entry
			.getMessage());
	}

	@Override
	public void flush() {}

	@Override
	public void close() {}
}
