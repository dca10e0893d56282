package io.github.learningtodeblur.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.net.KernelLoss;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.parallel.Parallelization;

class TrainerTest {

	private static final StageSpec STAGE = new StageSpec(8, 5, 8, 2, 2, true);
	private static final Schedule SCHEDULE = Schedule.USUAL.withSoloSteps(3);

	@TempDir
	Path folder;

	/** Overlapping rectangles: edges everywhere, as photographs have. */
	private static SharpImages images(final long seed) {
		final List<Plane> planes = new ArrayList<>();
		final Random random = new Random(seed);
		for (int i = 0; i < 4; i++) {
			final Plane p = new Plane(150, 150);
			for (int r = 0; r < 400; r++) {
				final int w = 3 + random.nextInt(25), h = 3 + random.nextInt(25);
				final int x0 = random.nextInt(150), y0 = random.nextInt(150);
				final float v = random.nextFloat();
				for (int y = y0; y < Math.min(150, y0 + h); y++)
					for (int x = x0; x < Math.min(150, x0 + w); x++)
						p.pixels()[y * 150 + x] = v;
			}
			planes.add(p);
		}
		return SharpImages.of(planes, SharpImages.Selection.ALL);
	}

	private static TrainingPlan plan(final int stages, final long examples,
		final Optimizer.Kind optimizer, final int... kernels)
	{
		return plan(stages, examples, optimizer, 0, kernels);
	}

	private static TrainingPlan plan(final int stages, final long examples,
		final Optimizer.Kind optimizer, final double fineTune, final int... kernels)
	{
		final List<ScaleSpec> scales = new ArrayList<>();
		for (final int k : kernels)
			scales.add(new ScaleSpec(k, "k" + k, Collections.nCopies(stages, STAGE)));
		return plan(new ModelSpec(scales), optimizer, examples).withSchedule(SCHEDULE.withFineTune(fineTune));
	}

	private static TrainingPlan plan(final ModelSpec spec, final Optimizer.Kind optimizer, final long examples) {
		return TrainingPlan.usual(spec).withSeed(3).withEarlierLoss(0.1).withRecipe(ExampleRecipe.USUAL.withNoise(
			new NoiseRange(0.005, 0.015))).withUpdates(Updates.USUAL.withBatch(4).withOptimizer(optimizer).withRate(0.01)
				.withWarmUpSteps(10).withFinalRate(0.1)).withSchedule(SCHEDULE).withBudget(Budget.ofExamples(examples)
					.withValidationExamples(8).withCheckpointMinutes(10));
	}

	private Trainer trainer(final TrainingPlan plan, final List<TrainingStatus> seen) {
		return new Trainer(plan, new CpuBackend(), images(1), images(2),
			Map.of("license", "CC0"), seen::add);
	}

	private Model train(final TrainingPlan plan, final Path out, final List<TrainingStatus> seen)
		throws IOException
	{
		return trainer(plan, seen).run(out, Progress.NONE);
	}

	@Test
	void learns() throws IOException {
		final List<TrainingStatus> start = new ArrayList<>(), end = new ArrayList<>();
		train(plan(1, 8, Optimizer.Kind.ADAM, 5), folder.resolve("a.safetensors"), start);
		train(plan(1, 1600, Optimizer.Kind.ADAM, 5), folder.resolve("b.safetensors"), end);
		final double before = start.get(start.size() - 1).validation();
		final double after = end.get(end.size() - 1).validation();
		System.out.println("kernel error after 8 and 1600 examples: " + before + ", " + after);
		assertTrue(after < before / 2, before + " to " + after);
	}

	@Test
	void scalesThatShareWeightsTakeTurns() throws IOException {
		final List<ScaleSpec> scales = new ArrayList<>();
		for (final int k : new int[] { 3, 5, 7 })
			scales.add(new ScaleSpec(k, k == 3 ? "k3" : "fine", Collections.nCopies(2, STAGE)));
		final TrainingPlan tied = plan(new ModelSpec(scales), Optimizer.Kind.ADAM, 400);
		assertEquals(List.of("0-0 1", "0-0 2", "1-2 1", "1-2 2"), tied.phases().stream().map(p -> p
			.first() + "-" + p.scale() + " " + p.stages()).toList());
		assertEquals(1, tied.phases().stream().mapToDouble(Phase::share).sum(), 1e-9);
		final List<TrainingStatus> seen = new ArrayList<>();
		final Model model = train(tied, folder.resolve("tied.safetensors"), seen);
		assertEquals(tied.spec(), model.spec());
		final List<TrainingStatus> last = seen.stream().filter(s -> s.phase() == 4 && !Double.isNaN(s
			.validation())).toList();
		assertEquals(List.of(5, 7), last.stream().map(TrainingStatus::kernel).toList());
		assertNotEquals(last.get(0).validation(), last.get(1).validation());

		// a model that has all of it goes on in the last phase, all stages at once from the first step
		final Trainer again = trainer(tied, new ArrayList<>());
		again.startFrom(model);
		final Model better = again.run(folder.resolve("again.safetensors"), Progress.NONE);
		assertFalse(Arrays.equals(model.parameter("fine/1/filters"), better.parameter("fine/1/filters")));
		assertArrayEquals(model.parameter("k3/1/filters"), better.parameter("k3/1/filters"));
	}

	@Test
	void resultDoesNotDependOnTheNumberOfThreads() throws IOException {
		Model first = null;
		for (final int threads : new int[] { 1, 2, 7 }) {
			final Path out = folder.resolve("t" + threads + ".safetensors");
			final Model model = Parallelization.runWithNumThreads(threads, () -> train(plan(2, 48,
				Optimizer.Kind.ADAM, 3, 5), out, new ArrayList<>()));
			if (first == null) first = model;
			assertSame(first, model);
		}
	}

	private static void assertSame(final Model a, final Model b) {
		assertEquals(a.spec(), b.spec());
		a.parameters().forEach((name, v) -> assertArrayEquals(v, b.parameters().get(name), name));
	}

	@Test
	void aResumedRunEndsAsOneThatWasNotInterrupted() throws IOException {
		for (final Optimizer.Kind kind : Optimizer.Kind.values()) {
			final TrainingPlan plan = plan(2, 120, kind, 3, 5);
			final Model whole = train(plan, folder.resolve("whole.safetensors"), new ArrayList<>());
			final Path out = folder.resolve("parts.safetensors");
			trainer(plan, new ArrayList<>()).run(out, new CancelAfter(17));
			final Trainer second = trainer(plan, new ArrayList<>());
			second.resume(Trainer.checkpointFile(out));
			assertSame(whole, second.run(out, Progress.NONE));
			assertTrue(Files.readAllLines(Trainer.logFile(out)).size() > 2, "the log is continued");
		}
	}

	@Test
	void cancelKeepsModelAndCheckpoint() throws IOException {
		final Path out = folder.resolve("c.safetensors");
		trainer(plan(1, 1_000_000, Optimizer.Kind.ADAM, 5), new ArrayList<>()).run(out, new CancelAfter(
			5));
		assertEquals(5, Models.read(out).spec().scales().get(0).kernel());
		assertTrue(Files.exists(Trainer.checkpointFile(out)));
		assertEquals("CC0", Models.read(out).description().get("license"));
	}

	@Test
	void validationsComeWithSamples() throws IOException {
		final List<TrainingStatus> seen = new ArrayList<>();
		train(plan(1, 12, Optimizer.Kind.ADAM, 5), folder.resolve("s.safetensors"), seen);
		final List<TrainingStatus.Sample> samples = seen.get(seen.size() - 1).samples();
		assertEquals(6, samples.size());
		for (final TrainingStatus.Sample s : samples) {
			assertEquals(1, s.kernel().sum(), 1e-4);
			assertEquals(5, s.estimate().width());
			assertTrue(s.blurry().width() > 50);
		}
		assertEquals(6, samples.stream().map(TrainingStatus.Sample::estimate).distinct().count(), "each has its own");
	}

	/** The best model stays, and nobody waits for another validation. */
	@Test
	void cancelDoesNotValidateAgain() throws IOException {
		final List<TrainingStatus> seen = new ArrayList<>();
		final Path out = folder.resolve("v.safetensors");
		trainer(plan(1, 1_000_000, Optimizer.Kind.ADAM, 5), seen).run(out, new CancelAfter(3));
		assertTrue(seen.stream().allMatch(s -> Double.isNaN(s.validation())), "validated");
		assertTrue(Files.exists(out));
	}

	@Test
	void anotherPlanCannotBeResumed() throws IOException {
		final Path out = folder.resolve("d.safetensors");
		trainer(plan(1, 400, Optimizer.Kind.ADAM, 5), new ArrayList<>()).run(out, new CancelAfter(3));
		final String message = assertThrows(IOException.class, () -> trainer(plan(1, 800,
			Optimizer.Kind.ADAM, 5), new ArrayList<>()).resume(Trainer.checkpointFile(out))).getMessage();
		assertTrue(message.endsWith("belongs to a run with other settings: examples=400 and not 800"), message);
	}

	@Test
	void coarseScalesAreFrozenUntilFineTuned() throws IOException {
		final Model coarse = train(plan(1, 40, Optimizer.Kind.ADAM, 3), folder.resolve(
			"e.safetensors"), new ArrayList<>());
		final String filters = "k3/1/filters";
		final Model fine = trainFrom(coarse, plan(1, 400, Optimizer.Kind.ADAM, 3, 5));
		assertArrayEquals(coarse.parameter(filters), fine.parameter(filters));
		final Model tuned = trainFrom(coarse, plan(1, 400, Optimizer.Kind.ADAM, 0.5, 3, 5));
		assertFalse(Arrays.equals(coarse.parameter(filters), tuned.parameter(filters)));
	}

	private Model trainFrom(final Model start, final TrainingPlan plan) throws IOException {
		final Trainer trainer = trainer(plan, new ArrayList<>());
		trainer.startFrom(start);
		return trainer.run(folder.resolve("from.safetensors"), Progress.NONE);
	}

	@Test
	void aNewStageIsTrainedAloneAtFirst() throws IOException {
		final Model one = train(plan(1, 40, Optimizer.Kind.ADAM, 5), folder.resolve("g.safetensors"),
			new ArrayList<>());
		// 8 examples are 2 steps, and the first 3 are the new stage's own
		final Model two = trainFrom(one, plan(2, 8, Optimizer.Kind.ADAM, 5));
		assertArrayEquals(one.parameter("k5/1/filters"), two.parameter("k5/1/filters"));
		final Model later = trainFrom(one, plan(2, 40, Optimizer.Kind.ADAM, 5));
		assertFalse(Arrays.equals(one.parameter("k5/1/filters"), later.parameter("k5/1/filters")));
	}

	/** What has learned everything goes on with everything, from the first step. */
	@Test
	void aWholeModelIsNotTrainedStageByStage() throws IOException {
		final TrainingPlan plan = plan(2, 8, Optimizer.Kind.ADAM, 3).withSchedule(SCHEDULE.withSoloSteps(1000));
		final Model start = Model.initial(plan.spec(), 5);
		final Model end = trainFrom(start, plan);
		for (final int stage : new int[] { 1, 2 })
			assertFalse(Arrays.equals(start.parameter("k3/" + stage + "/filters"), end.parameter("k3/" + stage +
				"/filters")), "stage " + stage);
	}

	/** beta_k fixed; beta_x learned wherever an image follows from it, if the schedule says so. */
	@Test
	void betasAreTrainedWhereThePlanSaysSo() throws IOException {
		final NetworkLayout layout = NetworkLayout.PAPER.withKernels(List.of(3, 5)).withStages(List.of(2)).withStage(
			new StageSpec(4, 5, 4, 2, 2, false));
		for (final boolean learned : new boolean[] { true, false }) {
			final TrainingPlan plan = TrainingPlan.paper(layout.spec()).withRecipe(ExampleRecipe.PAPER.withCrop(80)).withUpdates(
				Updates.PAPER.withBatch(4).withOptimizer(Optimizer.Kind.ADAM)).withSchedule(Schedule.PAPER.withSoloSteps(2)
					.withCoarserBetaX(learned)).withBudget(Budget.ofExamples(128).withValidationExamples(2));
			final Model m = train(plan, folder.resolve("betas.safetensors"), new ArrayList<>());
			final float initial = (float) Math.log(Model.INITIAL_BETA_X);
			assertNotEquals(initial, m.parameter("k3/1/log_beta_x")[0]);
			assertEquals(learned, m.parameter("k3/2/log_beta_x")[0] != initial);
			assertNotEquals(initial, m.parameter("k5/1/log_beta_x")[0]);
			assertEquals(initial, m.parameter("k5/2/log_beta_x")[0], "no image follows");
			for (final String n : m.spec().parameters().keySet())
				if (n.endsWith("log_beta_k")) assertEquals((float) Math.log(Model.INITIAL_BETA_K), m.parameter(n)[0], n);
		}
	}

	/** With a factor just above 1, about half of the examples are, but none before there is an average. */
	@Test
	void outliersAreNotLearnedFrom() throws IOException {
		for (final KernelLoss loss : List.of(KernelLoss.USUAL, KernelLoss.PAPER)) {
			final List<TrainingStatus> seen = new ArrayList<>();
			final TrainingPlan plan = plan(1, TrainingStep.TRUSTED_AFTER, Optimizer.Kind.ADAM, 3).withLoss(loss);
			// so slow that errors do not fall below their average
			final TrainingPlan strict = plan.withUpdates(plan.updates().withOutlier(1.0001).withRate(1e-7));
			train(strict, folder.resolve("few.safetensors"), seen);
			assertEquals(0, seen.get(seen.size() - 1).skipped());
			final int more = 200;
			final Budget longer = Budget.ofExamples(TrainingStep.TRUSTED_AFTER + more).withValidationExamples(2);
			train(strict.withBudget(longer), folder.resolve("many.safetensors"), seen);
			final long skipped = seen.get(seen.size() - 1).skipped();
			assertTrue(skipped > more / 10 && skipped < more, skipped + " of " + more);
			train(plan.withUpdates(strict.updates().withOutlier(10)).withBudget(longer), folder.resolve("usual.safetensors"), seen);
			assertEquals(0, seen.get(seen.size() - 1).skipped(), "ten times the average");
		}
	}

	/** In the paper's schedule, "examples" are those of the whole run, a third for each stage of one scale. */
	@Test
	void evenStagesSeeEqualNumbersOfExamples() throws IOException {
		final List<TrainingStatus> seen = new ArrayList<>();
		final TrainingPlan plan = plan(3, 96, Optimizer.Kind.ADAM, 3);
		train(plan.withSchedule(SCHEDULE.withEven(true)), folder.resolve("even.safetensors"), seen);
		assertEquals(List.of(32L, 32L, 32L), seen.stream().filter(s -> !Double.isNaN(s.validation())).map(
			TrainingStatus::examples).toList());
		seen.clear();
		train(plan, folder.resolve("uneven.safetensors"), seen);
		assertEquals(List.of(16L, 32L, 48L), seen.stream().filter(s -> !Double.isNaN(s.validation())).map(
			TrainingStatus::examples).toList());
	}

	@Test
	void phasesGrowStageByStageAndScaleByScale() {
		final TrainingPlan plan = plan(2, 100, Optimizer.Kind.ADAM, 3, 5);
		final List<Phase> phases = plan.phases();
		assertEquals(4, phases.size());
		assertEquals(1, phases.stream().mapToDouble(Phase::share).sum(), 1e-12);
		assertEquals(List.of(3), phases.get(1).spec(plan.spec()).kernels());
		assertEquals(List.of(3, 5), phases.get(2).spec(plan.spec()).kernels());
		assertEquals(plan.spec(), phases.get(3).spec(plan.spec()));
		assertNotEquals(plan.spec(), phases.get(2).spec(plan.spec()));
	}

	@Test
	void rateWarmsUpAndFallsAlongACosine() {
		final TrainingPlan plan = plan(1, 100, Optimizer.Kind.ADAM, 5);
		final Phase phase = plan.phases().get(0);
		assertEquals(0.001, plan.updates().rate(phase, 0, 0), 1e-12);
		assertEquals(0.01, plan.updates().rate(phase, 9, 0), 1e-12);
		assertEquals(0.01 * (0.1 + 0.9 * 0.5), plan.updates().rate(phase, 50, 0.5), 1e-12);
		assertEquals(0.001, plan.updates().rate(phase, 99, 1), 1e-12);
	}

	/** Canceled once it has been asked a number of times. */
	private static final class CancelAfter implements Progress {

		private int left;

		CancelAfter(final int asked) {
			left = asked;
		}

		@Override
		public void report(final long done, final long total, final String what) {}

		@Override
		public boolean canceled() {
			return left-- <= 0;
		}
	}
}
