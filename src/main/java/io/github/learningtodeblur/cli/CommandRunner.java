package io.github.learningtodeblur.cli;

import io.github.learningtodeblur.batch.Failures;
import picocli.CommandLine;

/** Runs a command as users are to see it: whatever is wrong is one line on stderr. */
public final class CommandRunner {

	private CommandRunner() {}

	/** @return 0, or 1 if something was wrong, or 2 for bad options */
	public static int execute(final Object command, final String... args) {
		final CommandLine line = new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
		line.setExecutionExceptionHandler((e, c, parsed) -> failed(e));
		line.setParameterExceptionHandler((e, a) -> {
			System.err.println("error: " + e.getMessage());
			return 2;
		});
		try {
			return line.execute(Arguments.given(args));
		}
		catch (final Error e) { // picocli hands on but exceptions
			return failed(e);
		}
	}

	private static int failed(final Throwable e) {
		System.err.println("error: " + Failures.sentence(e));
		return 1;
	}
}
