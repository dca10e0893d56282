package io.github.learningtodeblur.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.net.KernelLoss;
import io.github.learningtodeblur.train.SharpImages.Selection;
import io.github.learningtodeblur.util.Plane;

/** The numbers of sections 3 and 5 of the paper, and that the trainer does what they say. */
class PaperPresetTest {

	private static final ModelSpec SPEC = NetworkLayout.PAPER.spec();
	private static final TrainingPlan PLAN = Preset.named("paper").plan(SPEC);

	@Test
	void network() {
		final StageSpec two = new StageSpec(32, 9, 32, 2, 2, false), four = two.withPairs(4);
		final List<StageSpec> stages = List.of(two, two, four);
		assertEquals(new ModelSpec(List.of(new ScaleSpec(17, "k17", stages), new ScaleSpec(25, "k25", stages),
			new ScaleSpec(33, "k33", stages, 0.5)), false), SPEC);
		// fixed at 1e-4, and never among what is trained
		assertEquals(1e-4, Math.exp(Model.initial(SPEC, 1).parameter("k25/2/log_beta_k")[0]), 1e-9);
		for (final Phase p : PLAN.phases())
			for (final boolean solo : new boolean[] { false, true })
				assertTrue(p.trained(p.spec(SPEC), solo, true).stream().noneMatch(n -> n.endsWith("log_beta_k")));
	}

	@Test
	void examples() {
		assertEquals(new ExampleRecipe("paper-shake", new NoiseRange(0.01, 0.01), 0, 256, true, 1), PLAN.recipe());
		for (final int kernel : new int[] { 17, 25, 33 }) {
			final ExamplePlan plan = PLAN.recipe().of(kernel, 9, 1);
			assertEquals(new ExamplePlan(256 - kernel + 1, kernel, 0.01, 0.01, 0, 1, 0.05, 0.06, true, false, Imperfections.NONE), plan);
		}
		assertEquals(256, PLAN.imageSide());
	}

	@Test
	void updates() {
		assertEquals(new Updates(1, Optimizer.Kind.ADADELTA, 0.01, 0, 1, 1, Double.POSITIVE_INFINITY, 10), PLAN.updates());
		for (final Phase p : PLAN.phases())
			for (final double done : new double[] { 0, 0.4, 1 })
				assertEquals(0.01, PLAN.updates().rate(p, (long) (done * 1000), done), 0, "constant");
		// one step of Zeiler's rule: decay 0.95, epsilon 1e-6
		final Backend backend = new CpuBackend();
		final Tensor w = backend.allocate(1, 1, 1, 1), gradient = backend.allocate(1, 1, 1, 1);
		backend.fill(gradient, 2);
		Optimizer.Kind.ADADELTA.create(backend, 1).step(w, gradient, 1, PLAN.updates().rate(PLAN.phases().get(0), 0, 0));
		assertEquals(-0.01 * 2 * Math.sqrt(1e-6 / (0.05 * 4 + 1e-6)), backend.read(w)[0], 1e-9);
	}

	@Test
	void loss() {
		assertEquals(new KernelLoss(false, 1, false), PLAN.loss());
		assertEquals(0, PLAN.earlierLoss());
	}

	/** Above 10 times the running error of what is made small, once there is one. */
	@Test
	void outliers() {
		final Counters c = new Counters();
		c.examples = TrainingStep.TRUSTED_AFTER - 1;
		c.loss = 0.03;
		c.error = 0.7;
		assertEquals(Double.POSITIVE_INFINITY, TrainingStep.limit(c, PLAN.updates().outlier()));
		c.examples++;
		assertEquals(0.3, TrainingStep.limit(c, PLAN.updates().outlier()), 1e-12);
	}

	@Test
	void schedule() {
		assertEquals(new Schedule(1000, false, 0, true, true), PLAN.schedule());
		final List<Phase> phases = PLAN.phases();
		assertEquals(List.of("0 1", "0 2", "0 3", "1 1", "1 2", "1 3", "2 1", "2 2", "2 3"), phases.stream().map(p -> {
			assertEquals(p.first(), p.scale());
			assertEquals(1 / 9.0, p.share(), 1e-12, "all stages take equally long");
			assertFalse(p.allScales());
			return p.scale() + " " + p.stages();
		}).toList());
		// a new stage alone, then all of its scale; coarser scales stay, but for the image that they hand over
		assertEquals(Set.of("k25/2/filters", "k25/2/mix1", "k25/2/mix2", "k25/2/log_beta_x"), trained(phases.get(4), true));
		final Set<String> later = trained(phases.get(4), false);
		assertEquals(Set.of("k17/3/log_beta_x"), later.stream().filter(n -> !n.startsWith("k25/")).collect(Collectors
			.toSet()));
		assertEquals(8, later.stream().filter(n -> n.startsWith("k25/")).count());
		assertTrue(trained(phases.get(8), false).contains("k25/3/log_beta_x"));
		assertEquals(Set.of(), trained(phases.get(2), false).stream().filter(n -> !n.startsWith("k17/")).collect(Collectors
			.toSet()));
	}

	private static Set<String> trained(final Phase p, final boolean solo) {
		return p.trained(p.spec(SPEC), solo, PLAN.schedule().coarserBetaX());
	}

	/** As large as the frame, a line without width, its centre of mass in the middle. */
	@Test
	void kernels() {
		final SplittableRandom random = new SplittableRandom(4);
		final BlurFamily family = BlurFamilies.of(PLAN.recipe().blur());
		for (final int size : new int[] { 17, 25, 33 })
			for (int n = 0; n < 200; n++) {
				final Plane k = family.sample(size, random);
				final int last = size - 1;
				double x = 0, y = 0;
				float border = 0;
				for (int i = 0; i < size * size; i++) {
					x += (i % size - last / 2) * k.pixels()[i];
					y += (i / size - last / 2) * k.pixels()[i];
					if (i % size == 0 || i % size == last || i / size == 0 || i / size == last) border += k.pixels()[i];
				}
				assertEquals(0, Math.hypot(x, y), 0.05, "centre of mass");
				assertTrue(border > 0, "fills its frame");
			}
	}

	/** Crops of 6 % gradients, whatever it takes; and an error where there are none. */
	@Test
	void ruleOfGradientsWithoutExceptions() {
		final Plane sparse = new Plane(800, 800);
		final Random random = new Random(1);
		for (int y = 0; y < 60; y++)
			for (int x = 0; x < 60; x++)
				sparse.pixels()[y * 800 + x] = random.nextFloat();
		final SharpImages one = SharpImages.of(List.of(sparse), new Selection(n -> true, 1, Map.of(), false, false));
		final ExamplePlan plan = new ExamplePlan(56, 9, 1).withStrictRule().withSharp();
		final ExampleSource source = new ExampleSource(one, BlurFamilies.of("paper-shake"), plan);
		for (int i = 0; i < 10; i++) {
			final Plane sharp = source.example(i).sharp();
			double sum = 0;
			for (final float v : sharp.pixels())
				sum += v;
			assertTrue(sum > 0, "a blank crop");
		}
		assertTrue(source.meanTries() > ExampleSource.MAX_TRIES, "only " + source.meanTries() + " tries: too easy a test");
		final ExampleSource blank = new ExampleSource(SharpImages.of(List.of(new Plane(80, 80)), Selection.ALL), BlurFamilies
			.of("paper-shake"), plan);
		final String message = assertThrows(IllegalArgumentException.class, () -> blank.example(0)).getMessage();
		assertTrue(message.contains("sharper images"), message);
	}

	/** Ours, for comparison: what the table of the plan says. */
	@Test
	void theDefault() {
		final TrainingPlan usual = TrainingPlan.usual(NetworkLayout.USUAL.spec());
		assertEquals(new KernelLoss(true, 4, true), usual.loss());
		assertEquals(new Updates(8, Optimizer.Kind.SOAP, 0.03, 100, 0.02, 0.5, 1, 10), usual.updates());
		assertEquals(new Schedule(1000, true, 0, false, false), usual.schedule());
		assertEquals(new ExampleRecipe("camera-shake", new NoiseRange(0.01, 0.01), 0, 0, false, 0.6), usual.recipe());
		assertTrue(usual.spec().normalized());
		assertEquals(List.of(9, 17), usual.spec().kernels());
		assertEquals(List.of(4, 4, 4), usual.spec().scales().get(0).stages().stream().map(StageSpec::pairs).toList());
		assertTrue(usual.spec().scales().get(0).stages().get(0).learnBetaK());
		assertThrows(IllegalArgumentException.class, () -> Preset.named("papers"));
	}
}
