package io.github.learningtodeblur.cli;

import static io.github.learningtodeblur.cli.RunOptions.or;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.train.Optimizer;
import io.github.learningtodeblur.train.RefinementPlan;
import io.github.learningtodeblur.train.RefinementTrainer;
import net.imglib2.parallel.Parallelization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Trains the network that improves kernels. */
@Command(name = "train-refinement", mixinStandardHelpOptions = true,
	description = "Trains a network that improves kernels, on kernels that were estimated (estimate-examples); writes the best so far," +
		" a checkpoint and a log.")
final class TrainRefinementCommand implements Callable<Integer> {

	@Mixin
	private DeviceOption device;

	@Mixin
	private RunOptions run;

	@Option(names = "--estimated", required = true, description = "folder of examples with estimated kernels")
	private Path estimated;

	@Option(names = "--pairs", description = "pairs of feature images")
	private Integer pairs;

	@Option(names = "--kernel-loss", description = "weight of the kernels' errors beside that of the images'")
	private Double kernelLoss;

	@Spec
	private CommandSpec command;

	@Override
	public Integer call() throws IOException {
		checkOptions();
		run.checkOut();
		if (!Files.isDirectory(estimated)) throw new IOException("There is no folder " + estimated);
		final RefinementPlan plan = plan();
		final Model start = run.from == null ? null : Models.open(run.from);
		final Map<String, String> texts = run.description("Improves kernels", "as " + estimated.getFileName());
		return Parallelization.runWithNumThreads(run.threads, () -> {
			try (Backend backend = device.open()) {
				final RefinementTrainer trainer = new RefinementTrainer(plan, backend, estimated, texts, this::print);
				if (run.resume) trainer.resume(RefinementTrainer.checkpointFile(run.out));
				else if (start != null) trainer.startFrom(start);
				final Canceler progress = new Canceler();
				trainer.run(run.out, progress);
				progress.finished();
				System.out.println("done model=" + run.out + " log=" + RefinementTrainer.logFile(run.out) + (progress.canceled()
					? " canceled" : ""));
				return 0;
			}
		});
	}

	/** What shapes examples plays no part: they are there already. */
	private void checkOptions() {
		final ParseResult given = command.commandLine().getParseResult();
		for (final String option : List.of("--blur", "--min-scale", "--earlier-loss"))
			if (given.hasMatchedOption(option)) throw new IllegalArgumentException(option +
				" has no meaning here: examples are made by estimate-examples");
	}

	private RefinementPlan plan() {
		final StageSpec u = StageSpec.DEFAULT.withPairs(4);
		final RefinementPlan p = RefinementPlan.usual(RefinementPlan.spec(new StageSpec(or(run.filters, u.filters()), or(run.filterSize, u
			.filterSize()), or(run.hidden, u.hidden()), or(run.layers, u.layers()), or(pairs, u.pairs()), true)));
		return new RefinementPlan(p.spec(), run.seed, or(kernelLoss, p.kernelLoss()), run.optimizer == null ? p.optimizer()
			: Optimizer.Kind.named(run.optimizer), or(run.rate, p.rate()), or(run.batch, p.batch()), run.budget());
	}

	private void print(final RefinementTrainer.Status s) {
		System.out.printf(Locale.ROOT,
			"%.0f min  examples %d  loss %.2f dB  held out: kernel error %.4f to %.4f, restored %.3f to %.3f dB  rate %.4f  %.0f %%%n", s
				.seconds() / 60, s.examples(), -s.loss(), s.foundError(), s.improvedError(), s.foundPsnr(), s.improvedPsnr(), s.rate(),
			100 * s.done());
	}
}
