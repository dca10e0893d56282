package io.github.learningtodeblur.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.ReferenceBackend;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.model.RestorationSpec;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/** What a batch of examples gives is what its elements give one after the other. */
class BatchTest {

	private static final int BATCH = 4;
	private static final float[] WEIGHTS = { 0.4f, 1 };
	private static final float ALL = Float.POSITIVE_INFINITY;
	private static final StageSpec STAGE = new StageSpec(4, 3, 4, 2, 2, true);
	private static final ModelSpec SPEC = new ModelSpec(List.of(new ScaleSpec(3, "k3", List.of(STAGE)), new ScaleSpec(9, "k9",
		List.of(STAGE, STAGE))));

	private final Random random = new Random(17);
	private final List<Plane> blurry = planes(40, 40), truth = planes(9, 9);

	private List<Plane> planes(final int width, final int height) {
		final List<Plane> all = new ArrayList<>();
		for (int b = 0; b < BATCH; b++)
			all.add(noise(width, height));
		return all;
	}

	private Plane noise(final int width, final int height) {
		final Plane p = new Plane(width, height);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = random.nextFloat();
		return p;
	}

	private MultiScaleNetwork network(final Backend backend, final int portion) {
		return MultiScaleNetwork.training(backend, SPEC, Parameters.of(backend, Model.initial(SPEC, 3)).trained(SPEC.parameters()
			.keySet()), portion, 40, 40);
	}

	private void forward(final MultiScaleNetwork net, final int from, final int portion, final KernelLoss loss) {
		net.setBlurry(blurry.subList(from, from + portion));
		net.setTarget(truth.subList(from, from + portion), loss);
		net.forward();
	}

	/** All gradients, one after the other, of the batch in portions. */
	private float[] gradients(final Backend backend, final KernelLoss loss, final int portion, final float limit) {
		final MultiScaleNetwork net = network(backend, portion);
		for (int from = 0; from < BATCH; from += portion) {
			forward(net, from, portion, loss);
			net.backward(WEIGHTS, limit);
		}
		return gradients(backend, net.parameters());
	}

	private static float[] gradients(final Backend backend, final Parameters parameters) {
		int length = 0;
		for (final String name : parameters.trained())
			length += parameters.value(name).size();
		final float[] all = new float[length];
		int at = 0;
		for (final String name : parameters.trained()) {
			final float[] g = backend.read(parameters.gradient(name));
			System.arraycopy(g, 0, all, at, g.length);
			at += g.length;
		}
		return all;
	}

	private static void assertSame(final float[] expected, final float[] actual) {
		double largest = 0;
		for (final float v : expected)
			largest = Math.max(largest, Math.abs(v));
		assertTrue(largest > 0, "there is a gradient");
		assertArrayEquals(expected, actual, (float) (1e-5 * largest));
	}

	@Test
	void gradientsAddUp() {
		final Backend backend = new ReferenceBackend();
		for (final KernelLoss loss : List.of(KernelLoss.USUAL, KernelLoss.PAPER))
			assertSame(gradients(backend, loss, 1, ALL), gradients(backend, loss, BATCH, ALL));
	}

	/** On the CPU to the last bit: a model must not depend on how many examples are worked on at once. */
	@Test
	void portionsMakeNoDifference() {
		final float[] one = gradients(new CpuBackend(), KernelLoss.USUAL, 1, ALL);
		for (final int portion : new int[] { 2, BATCH })
			assertArrayEquals(one, gradients(new CpuBackend(), KernelLoss.USUAL, portion, ALL), "portions of " + portion);
	}

	/** Elements whose last stage errs too much are left out, with all their stages; and all others are not. */
	@Test
	void outliersOfABatchAreLeftOut() {
		final Backend backend = new ReferenceBackend();
		for (final KernelLoss loss : List.of(KernelLoss.USUAL, KernelLoss.PAPER)) {
			final MultiScaleNetwork whole = network(backend, BATCH), single = network(backend, 1);
			forward(whole, 0, BATCH, loss);
			final float[] losses = whole.losses(1), sorted = losses.clone();
			Arrays.sort(sorted);
			final float limit = (sorted[1] + sorted[2]) / 2;
			whole.backward(WEIGHTS, limit);
			for (int b = 0; b < BATCH; b++) {
				forward(single, b, 1, loss);
				assertEquals(losses[b], single.losses(1)[0], 1e-5 * losses[b]);
				if (losses[b] <= limit) single.backward(WEIGHTS, ALL);
			}
			assertSame(gradients(backend, single.parameters()), gradients(backend, whole.parameters()));
		}
	}

	/** Where the true kernels belong is found anew after each forward pass. */
	@Test
	void targetsFollowTheEstimates() {
		final Backend backend = new CpuBackend();
		final MultiScaleNetwork net = network(backend, BATCH);
		forward(net, 0, BATCH, KernelLoss.USUAL);
		net.errors(0);
		final float[] before = net.errors(1);
		final Parameters p = net.parameters();
		backend.write(Model.initial(SPEC, 8).parameter("k9/2/filters"), p.value("k9/2/filters"));
		net.forward();
		final float[] errors = net.errors(1);
		assertTrue(Math.abs(before[0] - errors[0]) > 1e-4);
		net.setTarget(truth, KernelLoss.USUAL);
		assertArrayEquals(net.errors(1), errors);
	}

	@Test
	void everyElementHasItsKernel() {
		final MultiScaleNetwork whole = network(new CpuBackend(), BATCH), single = network(new CpuBackend(), 1);
		forward(whole, 0, BATCH, KernelLoss.PLAIN);
		for (int b = 0; b < BATCH; b++) {
			forward(single, b, 1, KernelLoss.PLAIN);
			assertEquals(single.kernel(), whole.kernel(b));
		}
	}

	/** Of restorations, whose images and kernels have sizes of their own. */
	@Test
	void restorationsAddUp() {
		final Backend backend = new CpuBackend();
		final RestorationSpec spec = new RestorationSpec(2, 4, 3, 3, 2);
		final List<RestorationProblem> problems = new ArrayList<>();
		final List<Plane> sharp = new ArrayList<>();
		for (int b = 0; b < BATCH; b++) {
			problems.add(new RestorationProblem(noise(20 - b, 20 - b), Float.POSITIVE_INFINITY, noise(3 + 2 * b, 3 + 2 * b), 0.02));
			sharp.add(noise(18 - 2 * b, 18 - 2 * b));
		}
		float[] one = null;
		for (final int portion : new int[] { 1, 2, BATCH }) {
			final RestorationNetwork net = new RestorationNetwork(backend, spec, Parameters.of(backend, RestorationModel.initial(spec,
				3)).trained(spec.parameters().keySet()), portion, 30, 30, true);
			for (int from = 0; from < BATCH; from += portion) {
				net.set(problems.subList(from, from + portion));
				net.setTarget(sharp.subList(from, from + portion));
				net.forward(Progress.NONE);
				net.backward(WEIGHTS);
			}
			// what the network itself makes of them lies where it is looked for
			final List<Plane> own = new ArrayList<>();
			for (int b = 0; b < portion; b++)
				own.add(net.image(1, b));
			net.setTarget(own);
			assertArrayEquals(new float[portion], net.errors(1));
			final float[] g = gradients(backend, net.parameters());
			if (one == null) one = g;
			assertSame(one, g);
			assertArrayEquals(one, g, "portions of " + portion);
		}
	}
}
