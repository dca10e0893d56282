package io.github.learningtodeblur.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What the command line answers.
 *
 * @param code of its exit
 * @param out what it printed, without blanks around
 * @param err likewise
 */
record Told(int code, String out, String err) {

	static Told by(final String... args) {
		final PrintStream oldOut = System.out, oldErr = System.err;
		final ByteArrayOutputStream o = new ByteArrayOutputStream(), e = new ByteArrayOutputStream();
		final int code;
		try {
			System.setOut(new PrintStream(o, true, StandardCharsets.UTF_8));
			System.setErr(new PrintStream(e, true, StandardCharsets.UTF_8));
			code = Main.execute(args);
		}
		finally {
			System.setOut(oldOut);
			System.setErr(oldErr);
		}
		return new Told(code, o.toString(StandardCharsets.UTF_8).strip(), e.toString(StandardCharsets.UTF_8).strip());
	}

	String lastLine() {
		return out.substring(out.lastIndexOf('\n') + 1);
	}
}
