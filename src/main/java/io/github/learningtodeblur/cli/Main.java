package io.github.learningtodeblur.cli;

import net.imglib2.parallel.Parallelization;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: for demos, for training on servers, and for benchmarks. */
@Command(name = "deblur", mixinStandardHelpOptions = true, description = "Learning to Deblur",
	subcommands = { DeblurCommand.class, DeblurFolderCommand.class, TrainCommand.class, BenchmarkCommand.class, SuiteCommand.class,
		SpreadCommand.class, DisturbedCommand.class, ConfidenceCommand.class, FigureCommand.class, EstimateExamplesCommand.class,
		TrainRestorationCommand.class, TrainRefinementCommand.class, AverageCommand.class, MeasureRestorationCommand.class })
public final class Main implements Runnable {

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
		return CommandRunner.execute(new Main(), args);
	}
}
