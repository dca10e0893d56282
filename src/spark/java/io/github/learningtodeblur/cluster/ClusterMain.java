package io.github.learningtodeblur.cluster;

import io.github.learningtodeblur.cli.CommandRunner;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line for Spark: started by {@code spark-submit}, or by itself on one machine. */
@Command(name = "deblur-on-spark", mixinStandardHelpOptions = true, description = "Learning to Deblur, on Spark",
	subcommands = { DeblurFolder.class, DeblurVolume.class })
public final class ClusterMain implements Runnable {

	ClusterMain() {}

	@Override
	public void run() {
		CommandLine.usage(this, System.out);
	}

	/** Exits as {@code cli.Main} does. */
	public static void main(final String[] args) {
		System.setProperty("java.awt.headless", "true");
		System.exit(execute(args));
	}

	static int execute(final String... args) {
		return CommandRunner.execute(new ClusterMain(), args);
	}
}
