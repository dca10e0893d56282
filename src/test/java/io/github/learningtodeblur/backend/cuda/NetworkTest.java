package io.github.learningtodeblur.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.Deblurred;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.model.RestorationSpec;
import io.github.learningtodeblur.net.GoldenValues;
import io.github.learningtodeblur.restore.LearnedRestoration;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.restore.RichardsonLucyRestoration;
import io.github.learningtodeblur.restore.Scene;
import io.github.learningtodeblur.restore.SparseRestoration;
import io.github.learningtodeblur.restore.WienerRestoration;
import io.github.learningtodeblur.train.Budget;
import io.github.learningtodeblur.train.Optimizer;
import io.github.learningtodeblur.train.RestorationPlan;
import io.github.learningtodeblur.train.RestorationTrainer;
import io.github.learningtodeblur.train.Schedule;
import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.train.Trainer;
import io.github.learningtodeblur.train.TrainingPlan;
import io.github.learningtodeblur.train.TrainingStatus;
import io.github.learningtodeblur.train.Updates;
import io.github.learningtodeblur.util.KernelSimilarity;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/** What is built on the operations, on the emulated GPU: the same as on the CPU, but for rounding. */
class NetworkTest {

	@RegisterExtension
	final Opened opened = new Opened();

	@TempDir
	Path folder;

	@Test
	void goldenValues() throws IOException {
		final double worst = new GoldenValues().compare(opened.open(), 1e-4);
		System.out.printf("Golden values, emulated GPU: largest relative difference %.1e%n", worst);
	}

	private static SharpImages images(final int seed) {
		final List<Plane> planes = new ArrayList<>();
		for (int i = 0; i < 5; i++)
			planes.add(Scene.sharp(150, 150, 10 * seed + i));
		return SharpImages.of(planes, SharpImages.Selection.ALL);
	}

	private static void assertSame(final Map<String, float[]> expected, final Map<String, float[]> is, final double tolerance) {
		expected.forEach((name, values) -> {
			for (int i = 0; i < values.length; i++)
				assertEquals(values[i], is.get(name)[i], tolerance, name + "[" + i + "]");
		});
	}

	/** Two scales of two stages: the same errors, and the same weights after all steps. */
	@Test
	void training() throws IOException {
		final StageSpec stage = new StageSpec(8, 5, 8, 2, 2, true);
		final List<ScaleSpec> scales = List.of(new ScaleSpec(3, "k3", List.of(stage, stage)), new ScaleSpec(5, "k5", Collections.nCopies(2,
			stage)));
		final TrainingPlan plan = TrainingPlan.usual(new ModelSpec(scales)).withSeed(3).withUpdates(Updates.USUAL.withBatch(4)
			.withOptimizer(Optimizer.Kind.ADAM).withRate(0.01)).withSchedule(Schedule.USUAL.withSoloSteps(1)).withBudget(Budget.ofExamples(
				64).withValidationExamples(2).withCheckpointMinutes(10));
		final List<List<TrainingStatus>> seen = List.of(new ArrayList<>(), new ArrayList<>());
		final List<Map<String, float[]>> trained = new ArrayList<>();
		for (final Backend backend : List.of(new CpuBackend(), opened.open()))
			trained.add(train(plan, backend, seen.get(trained.size())));
		assertEquals(4, seen.get(0).size(), "phases");
		for (int i = 0; i < seen.get(0).size(); i++) {
			assertEquals(seen.get(0).get(i).error(), seen.get(1).get(i).error(), 1e-4);
			assertEquals(seen.get(0).get(i).validation(), seen.get(1).get(i).validation(), 1e-4);
		}
		assertSame(trained.get(0), trained.get(1), 1e-3);
	}

	/** @param seen what is measured at the end of each phase, not the reports between, whose time is not given */
	private Map<String, float[]> train(final TrainingPlan plan, final Backend backend, final List<TrainingStatus> seen)
		throws IOException
	{
		return new Trainer(plan, backend, images(1), images(2), Map.of(), status -> {
			if (!Double.isNaN(status.validation())) seen.add(status);
		}).run(folder.resolve("trained.safetensors"), Progress.NONE).parameters();
	}

	@Test
	void trainingOfARestoration() throws IOException {
		final RestorationPlan plan = new RestorationPlan(new RestorationSpec(2, 8, 5, 8, 2), 7, 60, "camera-shake", 5, 9, 0.02, 0.01, 0,
			0.15, Optimizer.Kind.ADAM, 0.01, 4, Budget.ofExamples(32).withValidationExamples(2).withCheckpointMinutes(10));
		final List<List<RestorationTrainer.Status>> seen = List.of(new ArrayList<>(), new ArrayList<>());
		final List<Map<String, float[]>> trained = new ArrayList<>();
		for (final Backend backend : List.of(new CpuBackend(), opened.open()))
			trained.add(new RestorationTrainer(plan, backend, images(1).split(), null, Map.of(), seen.get(trained.size())::add).run(folder
				.resolve(trained.size() + ".safetensors"), Progress.NONE).parameters());
		for (int i = 0; i < seen.get(0).size(); i++)
			assertEquals(seen.get(0).get(i).truePsnr(), seen.get(1).get(i).truePsnr(), 1e-2);
		assertSame(trained.get(0), trained.get(1), 1e-3);
	}

	/** All that is done with a known kernel, with unknown and with saturated pixels. */
	@Test
	void restorations() {
		final Plane kernel = Scene.hook(7), blurry = Scene.photograph(Scene.sharp(76, 66, 3), kernel, 0.005);
		blurry.pixels()[1000] = blurry.pixels()[1001] = Float.NaN;
		final Backend cpu = new CpuBackend(), gpu = opened.open();
		final Restoration[] all = { new WienerRestoration(), new SparseRestoration(0.8, 2000, 0.9f), new RichardsonLucyRestoration(0.005,
			10), LearnedRestoration.bundled() };
		for (final Restoration method : all) {
			final Plane expected = method.on(cpu).restore(blurry, kernel, Progress.NONE), is = method.on(gpu).restore(blurry, kernel,
				Progress.NONE);
			for (int i = 0; i < is.pixels().length; i++)
				assertEquals(expected.pixels()[i], is.pixels()[i], 2e-3, method + ", pixel " + i);
		}
	}

	/** From a blurred picture to a sharp one, with bundled models. */
	@Test
	void deblurring() throws IOException {
		final Plane kernel = Scene.hook(9), sharp = Scene.sharp(128, 118, 5), blurry = Scene.photograph(sharp, kernel, 0.005);
		final List<Deblurred> results = new ArrayList<>();
		for (final Backend backend : List.of(new CpuBackend(), opened.open()))
			results.add(new Deblurring(Models.open("camera-shake"), backend).withKernelSize(9).deblur(List.of(blurry),
				LearnedRestoration.bundled().on(backend), Progress.NONE));
		final double before = Scene.rms(blurry, Scene.shown(sharp, kernel), 10, 99);
		for (final Deblurred result : results) {
			// what refinement finds in a drawing is nearly exact, and the network that ends the search smears it a little
			assertTrue(KernelSimilarity.of(result.kernel(), kernel).value() > 0.95);
			final double after = Scene.rms(result.channels().get(0), Scene.shown(sharp, kernel), 10, 99);
			assertTrue(after < before / 4.5, before + " to " + after);
		}
		assertTrue(KernelSimilarity.of(results.get(0).kernel(), results.get(1).kernel()).value() > 0.9999);
	}
}
