package io.github.learningtodeblur.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.search.LearnedRefinement;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.parallel.Parallelization;

class RefinementTrainerTest {

	private static final StageSpec STAGE = new StageSpec(8, 5, 8, 2, 2, true);
	private static final ModelSpec SPEC = ModelSpec.refining(11, STAGE);

	@TempDir
	Path folder;

	private Path examples;

	/** Kernels as no search finds them: all motions as a short line to the right, which is like enough to most. */
	@BeforeEach
	void make() throws IOException {
		examples = folder.resolve("examples");
		final Plane line = new Plane(7, 7);
		for (int i = 2; i < 5; i++)
			line.pixels()[3 * 7 + i] = 1 / 3f;
		new EstimatedExamples(90, 5, 9, "camera-shake", 0.01, 4).make(RestorationTrainerTest.images(), (blurry, size) -> line, "a line", examples, 80,
			Progress.NONE);
	}

	private static RefinementPlan plan(final long count) {
		return new RefinementPlan(SPEC, 7, 0.3, Optimizer.Kind.SOAP, 0.01, 4, Budget.ofExamples(count).withCheckpointMinutes(10));
	}

	private RefinementTrainer.Status train(final long count, final String name) throws IOException {
		final List<RefinementTrainer.Status> seen = new ArrayList<>();
		new RefinementTrainer(plan(count), new CpuBackend(), examples, Map.of("license", "CC0"), seen::add).run(folder.resolve(name),
			Progress.NONE);
		return seen.get(seen.size() - 1);
	}

	@Test
	void learns() throws IOException {
		final RefinementTrainer.Status s = train(2000, "a.safetensors");
		System.out.printf("Kernel error as found, and improved: %.3f, %.3f; restored with them %.2f, %.2f dB%n", s.foundError(), s
			.improvedError(), s.foundPsnr(), s.improvedPsnr());
		assertTrue(s.improvedError() < 0.8 * s.foundError(), s.foundError() + " to " + s.improvedError());
		assertTrue(s.improvedPsnr() > s.foundPsnr() + 0.5, s.foundPsnr() + " to " + s.improvedPsnr());
		final Model model = Models.read(folder.resolve("a.safetensors"));
		assertEquals(SPEC, model.spec());
		assertEquals("CC0", model.description().get("license"));
		assertEquals(2, Files.readAllLines(RefinementTrainer.logFile(folder.resolve("a.safetensors"))).size());
		// applied, it does what was measured
		final List<EstimatedExample> held = EstimatedExamples.read(examples, true);
		double before = 0, after = 0;
		int taken = 0;
		for (final EstimatedExample e : held) {
			final Plane better = new LearnedRefinement(model, new CpuBackend()).improved(e.blurry(), e.estimate(), Progress.NONE);
			if (better == e.estimate()) continue; // a short line leaves little unexplained, and may be kept
			taken++;
			assertEquals(7, better.width());
			assertEquals(1, better.sum(), 1e-5);
			before += KernelShift.of(e.kernel(), e.estimate()).likeness();
			after += KernelShift.of(e.kernel(), better).likeness();
		}
		assertTrue(taken > held.size() / 2, taken + " of " + held.size());
		assertTrue(after > before + 0.03 * taken, before / taken + " to " + after / taken);
	}

	@Test
	void doesNotDependOnThreads() throws IOException {
		final List<Model> models = new ArrayList<>();
		for (final int threads : new int[] { 1, 3 })
			Parallelization.runWithNumThreads(threads, () -> {
				train(24, threads + ".safetensors");
				return models.add(Models.read(folder.resolve(threads + ".safetensors")));
			});
		models.get(0).parameters().forEach((name, values) -> assertArrayEquals(values, models.get(1).parameters().get(name), name));
	}

	@Test
	void goesOn() throws IOException {
		train(24, "b.safetensors");
		final Path checkpoint = RefinementTrainer.checkpointFile(folder.resolve("b.safetensors"));
		final RefinementTrainer again = new RefinementTrainer(plan(24), new CpuBackend(), examples, Map.of(), s -> {});
		again.resume(checkpoint);
		final Model model = again.run(folder.resolve("b.safetensors"), Progress.NONE);
		Models.read(folder.resolve("b.safetensors")).parameters().forEach((name, values) -> assertArrayEquals(values, model
			.parameters().get(name), name));
		final RefinementTrainer other = new RefinementTrainer(plan(28), new CpuBackend(), examples, Map.of(), s -> {});
		assertTrue(assertThrows(IOException.class, () -> other.resume(checkpoint)).getMessage().contains("other settings"));
		assertTrue(assertThrows(IOException.class, () -> other.resume(folder.resolve("b.safetensors"))).getMessage().contains(
			"not a checkpoint"));
	}

	/** The last stage of a network that finds kernels is a start. */
	@Test
	void startsFromANetwork() throws IOException {
		final ModelSpec finding = new ModelSpec(List.of(new ScaleSpec(5, "k5", List.of(STAGE)), new ScaleSpec(11, "fine", List.of(STAGE,
			STAGE))), true);
		final Model start = Model.initial(finding, 3);
		final RefinementTrainer trainer = new RefinementTrainer(plan(4), new CpuBackend(), examples, Map.of(), s -> {});
		trainer.startFrom(start);
		final float[] filters = trainer.run(folder.resolve("c.safetensors"), Progress.NONE).parameter("refine/1/filters");
		double difference = 0, size = 0;
		for (int i = 0; i < filters.length; i++) {
			difference += Math.abs(filters[i] - start.parameter("fine/2/filters")[i]);
			size += Math.abs(filters[i]);
		}
		assertTrue(difference < 0.1 * size, "after one step: " + difference / size);
		final Model other = Model.initial(new ModelSpec(List.of(new ScaleSpec(5, "k5", List.of(STAGE)))), 3);
		assertThrows(IllegalArgumentException.class, () -> trainer.startFrom(other));
	}

	@Test
	void refused() throws IOException {
		assertThrows(IllegalArgumentException.class, () -> new RefinementPlan(new ModelSpec(List.of(new ScaleSpec(5, "k5", List.of(
			STAGE)))), 1, 0, Optimizer.Kind.ADAM, 0.01, 4, Budget.ofMinutes(1)));
		assertThrows(IllegalArgumentException.class, () -> new ModelSpec(List.of(new ScaleSpec(5, "k5", List.of(STAGE, STAGE))), true, true));
		assertThrows(IllegalArgumentException.class, () -> new LearnedRefinement(Model.initial(new ModelSpec(List.of(new ScaleSpec(5, "k5",
			List.of(STAGE)))), 1), new CpuBackend()));
		final Path empty = Files.createDirectory(folder.resolve("empty"));
		assertTrue(assertThrows(IOException.class, () -> new RefinementTrainer(plan(4), new CpuBackend(), empty, Map.of(), s -> {}).run(
			folder.resolve("d.safetensors"), Progress.NONE)).getMessage().contains("no examples"));
	}
}
