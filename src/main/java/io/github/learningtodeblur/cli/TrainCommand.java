package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.train.Trainer;
import io.github.learningtodeblur.train.TrainingPlan;
import io.github.learningtodeblur.train.TrainingStatus;
import net.imglib2.parallel.Parallelization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains a model on a folder of sharp images. */
@Command(name = "train", mixinStandardHelpOptions = true,
	description = "Trains a model on sharp images; writes the best so far, a checkpoint and a log.")
final class TrainCommand implements Callable<Integer> {

	@Mixin
	private SharpImageOptions images;

	@Mixin
	private RunOptions run;

	@Mixin
	private TrainingOptions options;

	@Mixin
	private DeviceOption device;

	/** Seconds of training at the last line printed. */
	private double printed;

	@Override
	public Integer call() throws IOException {
		run.checkOut();
		final Model start = run.from == null ? null : Models.open(run.from);
		final TrainingPlan plan = options.plan(run, start);
		return Parallelization.runWithNumThreads(run.threads, () -> train(plan, start));
	}

	private Integer train(final TrainingPlan plan, final Model start) throws IOException {
		final SharpImages.Split split = images.load(plan.recipe().minScale());
		try (Backend backend = device.open()) {
			System.out.println("backend: " + backend.name() + ", " + run.threads + " threads");
			return train(plan, start, split, backend);
		}
	}

	private Integer train(final TrainingPlan plan, final Model start, final SharpImages.Split split,
		final Backend backend) throws IOException
	{
		final Trainer trainer = new Trainer(plan, backend, split.training(), split.validation(), description(),
			this::print);
		if (run.resume) {
			trainer.resume(Trainer.checkpointFile(run.out));
			System.out.println("resumed from " + Trainer.checkpointFile(run.out));
		}
		else if (start != null) trainer.startFrom(start);
		final Canceler progress = new Canceler();
		trainer.run(run.out, progress);
		progress.finished();
		System.out.println("done model=" + run.out + " log=" + Trainer.logFile(run.out) + (progress.canceled()
			? " canceled" : ""));
		return 0;
	}

	private Map<String, String> description() {
		final Map<String, String> d = run.description("Blind deblurring network", images);
		d.put("cite", "Schuler, Hirsch, Harmeling, Schoelkopf: Learning to Deblur, arXiv 1406.7444");
		return d;
	}

	private void print(final TrainingStatus s) {
		final boolean measured = !Double.isNaN(s.validation());
		if (!measured && s.seconds() - printed < 10) return;
		printed = s.seconds();
		System.out.printf(Locale.ROOT,
			"phase %d/%d  kernel %dx%d  stages %d  examples %d  %.1f/s  error %.4f%s  rate %.4f  left %s%n", s
				.phase(), s.phases(), s.kernel(), s.kernel(), s.stages(), s.examples(), s
					.examplesPerSecond(), s.error(), !measured ? "" : String.format(
						Locale.ROOT, "  validation %.4f (best %.4f)", s.validation(), s.best()), s.rate(), left(s
							.secondsLeft()));
	}

	private static String left(final double seconds) {
		return seconds < 90 ? Math.round(seconds) + " s" : Math.round(seconds / 60) + " min";
	}
}
