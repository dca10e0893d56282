package io.github.learningtodeblur.cli;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

import io.github.learningtodeblur.backend.BackendUnavailable;
import io.github.learningtodeblur.util.Memory;
import net.imglib2.parallel.Parallelization;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: for demos, for training on servers, and for benchmarks. */
@Command(name = "deblur", mixinStandardHelpOptions = true, description = "Learning to Deblur",
	subcommands = { DeblurCommand.class, TrainCommand.class, BenchmarkCommand.class, SuiteCommand.class, SpreadCommand.class,
		DisturbedCommand.class, ConfidenceCommand.class, FigureCommand.class, EstimateExamplesCommand.class, TrainRestorationCommand.class,
		MeasureRestorationCommand.class })
public final class Main implements Runnable {

	private static final String TRACE = "deblur.trace";

	Main() {}

	@Override
	public void run() {
		CommandLine.usage(this, System.out);
	}

	/** Exits with 0, with 1 if something was wrong (one line on stderr says what), with 2 for bad options. */
	public static void main(final String[] args) {
		System.setProperty("java.awt.headless", "true");
		// all cores: on a machine with two, ImgLib2's own default is one thread
		System.exit(Parallelization.runWithNumThreads(Runtime.getRuntime().availableProcessors(), () -> execute(
			args)));
	}

	static int execute(final String... args) {
		final CommandLine line = new CommandLine(new Main());
		line.setExecutionExceptionHandler((e, command, parsed) -> {
			System.err.println("error: " + sentence(e));
			return 1;
		});
		line.setParameterExceptionHandler((e, a) -> {
			System.err.println("error: " + e.getMessage());
			return 2;
		});
		try {
			return line.execute(Arguments.given(args));
		}
		catch (final Error e) { // picocli hands on but exceptions
			System.err.println("error: " + sentence(e));
			return 1;
		}
	}

	private static String sentence(final Throwable thrown) {
		Throwable e = thrown;
		// what runs in tasks comes back wrapped
		while ((e.getClass() == RuntimeException.class || e instanceof ExecutionException ||
			e instanceof java.io.UncheckedIOException) && e.getCause() != null)
			e = e.getCause();
		if (e instanceof CancellationException) return "Canceled";
		if (e instanceof OutOfMemoryError) return Memory.shortage(0);
		// of these the message is a bare path
		if (e instanceof java.nio.file.FileSystemException f) return "Can't use " + f.getFile() + ": " +
			(f.getReason() != null ? f.getReason() : f instanceof java.nio.file.NoSuchFileException
				? "it does not exist and can't be made" : f instanceof java.nio.file.AccessDeniedException
					? "no permission" : f.getClass().getSimpleName());
		final String message = e.getMessage();
		// what users can cause carries a sentence of its own; the rest is for the developers
		if (message != null && (e instanceof java.io.IOException || e instanceof IllegalArgumentException ||
			e instanceof BackendUnavailable)) return message;
		if (Boolean.getBoolean(TRACE)) e.printStackTrace();
		return "this should not happen (" + e.toString().replaceAll("\\s+", " ") +
			"): please report it, with what you did; -D" + TRACE + "=true shows where";
	}
}
