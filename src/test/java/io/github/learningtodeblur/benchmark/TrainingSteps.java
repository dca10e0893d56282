package io.github.learningtodeblur.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.train.Budget;
import io.github.learningtodeblur.train.Optimizer;
import io.github.learningtodeblur.train.Schedule;
import io.github.learningtodeblur.train.Trainer;
import io.github.learningtodeblur.train.TrainingPlan;
import io.github.learningtodeblur.train.Updates;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.parallel.Parallelization;

/**
 * Takes the time of steps of the real {@link Trainer}: three stages of one scale, trained end to end, with
 * making the examples and updating the weights. The trainer asks once per step whether it is canceled; these
 * questions are what is timed.
 */
final class TrainingSteps {

	static final int BATCH = 8;

	private TrainingSteps() {}

	/** @return median seconds per step of {@value #BATCH} examples, after {@code warmUp} steps */
	static double seconds(final int kernel, final int threads, final int warmUp, final int steps) {
		final ModelSpec spec = Workload.spec(kernel);
		final TrainingPlan plan = TrainingPlan.usual(spec).withEarlierLoss(0.2).withUpdates(Updates.USUAL.withBatch(BATCH)
			.withOptimizer(Optimizer.Kind.ADAM).withRate(1e-4).withWarmUpSteps(0).withFinalRate(1).withOutlier(1e9))
			.withSchedule(Schedule.USUAL.withSoloSteps(0)).withBudget(Budget.ofExamples(Long.MAX_VALUE / 2)
				.withValidationExamples(1).withCheckpointMinutes(60));
		final Trainer trainer = new Trainer(plan, new CpuBackend(), Workload.sharpImages(), Workload
			.sharpImages(), Map.of(), status -> {});
		trainer.startFrom(Model.initial(spec, 1));
		final long[] times = new long[warmUp + steps + 1];
		final Progress stopwatch = new Progress() {

			private int asked;

			@Override
			public void report(final long done, final long total, final String what) {}

			@Override
			public boolean canceled() {
				if (asked == times.length) return true; // whoever is canceled may ask again
				times[asked] = System.nanoTime();
				return ++asked == times.length;
			}
		};
		try {
			final Path folder = Files.createTempDirectory("steps");
			try {
				final Path out = folder.resolve("model.safetensors");
				Parallelization.runWithNumThreads(threads, () -> trainer.run(out, stopwatch));
			}
			finally {
				try (Stream<Path> files = Files.list(folder)) {
					for (final Path file : files.toList())
						Files.delete(file);
				}
				Files.delete(folder);
			}
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
		final double[] laps = new double[steps];
		for (int i = 0; i < steps; i++)
			laps[i] = (times[warmUp + i + 1] - times[warmUp + i]) * 1e-9;
		Arrays.sort(laps);
		return (laps[steps / 2] + laps[(steps - 1) / 2]) / 2;
	}
}
