package io.github.learningtodeblur.net;

import static io.github.learningtodeblur.backend.ReferenceBackend.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.ReferenceBackend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.model.RestorationSpec;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/**
 * Gradients of a learned restoration, from the loss of all stages to every parameter of the first, against differences of
 * fourth order in double precision. With unknown and saturated pixels, which stages predict for one another.
 */
class RestorationGradientTest {

	private static final double STEP = 1e-4, TOLERANCE = 1e-6;
	private static final float[] WEIGHTS = { 0.15f, 0.3f, 1 };

	private final ReferenceBackend backend = new ReferenceBackend();
	private final Random random = new Random(15);

	@Test
	void gradientsOfAllStages() {
		final RestorationSpec spec = new RestorationSpec(3, 4, 3, 3, 2);
		final RestorationModel model = RestorationModel.initial(spec, 3);
		model.parameters().forEach((name, values) -> {
			// large enough to be felt
			if (name.endsWith("mix2")) for (int i = 0; i < values.length; i++)
				values[i] *= 10;
			if (name.endsWith("beta")) values[1] = (float) Math.log(0.05);
		});
		final Parameters parameters = Parameters.of(backend, model).trained(spec.parameters().keySet());
		final List<Plane> kernels = List.of(noise(3, 3), noise(5, 3));
		final RestorationNetwork net = new RestorationNetwork(backend, spec, parameters, 2, 20, 18, true);
		final List<RestorationProblem> problems = new ArrayList<>();
		for (int b = 0; b < 2; b++) {
			final Plane blurry = noise(13, 14);
			blurry.pixels()[40] = blurry.pixels()[41] = Float.NaN;
			problems.add(new RestorationProblem(blurry, b == 0 ? Float.POSITIVE_INFINITY : 0.8f, kernels.get(b), 0.02 + 0.02 *
				b));
		}
		net.set(problems);
		net.setTarget(List.of(noise(9, 10), noise(11, 8)));
		loss(net);
		net.backward(WEIGHTS);
		double worst = 0;
		int checked = 0;
		for (final String name : parameters.trained()) {
			final double[] value = values(parameters.value(name)), gradient = values(parameters.gradient(name));
			double largest = 0;
			for (final double g : gradient)
				largest = Math.max(largest, Math.abs(g));
			assertTrue(largest > 0, name + " has no gradient");
			for (int tried = 0; tried < Math.min(8, value.length); tried++) {
				final int i = value.length <= 8 ? tried : random.nextInt(value.length);
				final double before = value[i], expected = gradient[i];
				final double[] losses = new double[5];
				for (int s = 0; s < 5; s++) {
					value[i] = before + (s - 2) * STEP;
					losses[s] = loss(net);
				}
				value[i] = before;
				final double difference = (8 * (losses[3] - losses[1]) - (losses[4] - losses[0])) / (12 * STEP);
				final double error = Math.abs(expected - difference) / Math.max(Math.abs(expected), 0.01 * largest);
				assertTrue(error < TOLERANCE, name + "[" + i + "]: gradient " + expected + ", differences " + difference);
				worst = Math.max(worst, error);
				checked++;
			}
		}
		System.out.printf("Gradients of a restoration: largest relative error %.1e in %d coordinates%n", worst, checked);
	}

	private double loss(final RestorationNetwork net) {
		net.forward(Progress.NONE);
		double sum = 0;
		for (int s = 0; s < net.stageCount(); s++)
			sum += WEIGHTS[s] * logOfErrors(net, s);
		return sum;
	}

	/** In doubles. */
	private double logOfErrors(final RestorationNetwork net, final int stage) {
		final Tensor errors = backend.allocate(2, 1, 1, 1);
		net.measure(stage, errors);
		return Math.log(values(errors)[0] + 1e-6f) + Math.log(values(errors)[1] + 1e-6f);
	}

	/** Stages share their memory when there is no backward pass: the result has to be the same. */
	@Test
	void sameWithAndWithoutRoomForGradients() {
		final RestorationSpec spec = new RestorationSpec(3, 4, 3, 3, 2);
		final Parameters parameters = Parameters.of(backend, RestorationModel.initial(spec, 3));
		final Plane[] results = new Plane[2];
		final Plane kernel = noise(3, 3), blurry = noise(17, 14);
		for (int i = 0; i < 2; i++) {
			final RestorationNetwork net = new RestorationNetwork(backend, spec, parameters, 1, 20, 22, i == 0);
			net.set(List.of(new RestorationProblem(blurry, Float.POSITIVE_INFINITY, kernel, 0.01)));
			net.forward(Progress.NONE);
			results[i] = net.image(2, 0);
		}
		assertEquals(results[0], results[1]);
	}

	private Plane noise(final int width, final int height) {
		final Plane p = new Plane(width, height);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = random.nextFloat();
		return p;
	}
}
