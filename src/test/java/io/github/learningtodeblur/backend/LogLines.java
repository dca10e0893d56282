package io.github.learningtodeblur.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What {@link Backends} logs meanwhile. */
public final class LogLines extends Handler implements AutoCloseable {

	private static final Logger LOGGER = Logger.getLogger(Backends.class.getName());

	private final List<String> lines = new ArrayList<>();

	public LogLines() {
		LOGGER.addHandler(this);
	}

	/** Level and message. */
	public synchronized List<String> lines() {
		return List.copyOf(lines);
	}

	@Override
	public synchronized void publish(final LogRecord entry) {
		lines.add(entry.getLevel() + " " + entry.getMessage());
	}

	@Override
	public void flush() {}

	@Override
	public void close() {
		LOGGER.removeHandler(this);
	}
}
