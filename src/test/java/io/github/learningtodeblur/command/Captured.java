package io.github.learningtodeblur.command;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

/** What code prints. */
final class Captured {

	private Captured() {}

	static String out(final Callable<?> code) throws Exception {
		final PrintStream before = System.out;
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try {
			System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
			code.call();
		}
		finally {
			System.setOut(before);
		}
		return bytes.toString(StandardCharsets.UTF_8);
	}

	static String err(final Callable<?> code) throws Exception {
		final PrintStream before = System.err;
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try {
			System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
			code.call();
		}
		finally {
			System.setErr(before);
		}
		return bytes.toString(StandardCharsets.UTF_8);
	}
}
