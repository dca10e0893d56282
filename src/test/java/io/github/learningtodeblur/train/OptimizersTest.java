package io.github.learningtodeblur.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.net.Parameters;

class OptimizersTest {

	private static final ModelSpec SPEC = new ModelSpec(List.of(new ScaleSpec(3, "k3", List.of(new StageSpec(2, 3, 2, 1, 1,
		true)))));
	private static final String FILTERS = "k3/1/filters", BETA = "k3/1/log_beta_k";

	private final Backend backend = new CpuBackend();
	private Parameters weights;

	@BeforeEach
	void gradients() {
		weights = Parameters.of(backend, Model.initial(SPEC, 1)).trained(SPEC.parameters().keySet());
		// its norm is that of (3, 4)
		final float[] filters = new float[18];
		filters[5] = 3;
		backend.write(filters, weights.gradient(FILTERS));
		backend.write(new float[] { 4 }, weights.gradient(BETA));
	}

	private float[] meanOfAdam(final int examples, final double clip) {
		final Optimizers optimizers = new Optimizers(backend, Optimizer.Kind.ADAM, SPEC.parameters());
		assertTrue(optimizers.step(weights, examples, clip, 0.1));
		// a tenth of the gradient, after the first step
		return new float[] { optimizers.state().get(FILTERS).get(0)[5], optimizers.state().get(BETA).get(0)[0] };
	}

	/** By all weights together. */
	@Test
	void aMeanGradientThatIsTooLongIsShortened() {
		assertArrayEquals(new float[] { 0.3f, 0.4f }, meanOfAdam(1, 10), 1e-6f);
		assertArrayEquals(new float[] { 0.15f, 0.2f }, meanOfAdam(2, 10), 1e-6f);
		assertArrayEquals(new float[] { 0.15f, 0.2f }, meanOfAdam(2, Double.POSITIVE_INFINITY), 1e-6f);
		assertArrayEquals(new float[] { 0.06f, 0.08f }, meanOfAdam(1, 1), 1e-6f);
		assertArrayEquals(new float[] { 0.06f, 0.08f }, meanOfAdam(2, 1), 1e-6f);
	}

	@Test
	void aGradientThatIsNotFiniteChangesNothing() {
		final Map<String, float[]> before = weights.read(SPEC, Map.of()).parameters();
		for (final float bad : new float[] { Float.NaN, Float.POSITIVE_INFINITY }) {
			backend.write(new float[] { bad }, weights.gradient(BETA));
			final Optimizers optimizers = new Optimizers(backend, Optimizer.Kind.ADAM, SPEC.parameters());
			assertFalse(optimizers.step(weights, 1, 1, 0.1));
			assertEquals(Map.of(), optimizers.state());
		}
		weights.read(SPEC, Map.of()).parameters().forEach((name, values) -> assertArrayEquals(before.get(name), values));
	}

	@Test
	void onlyWhatIsTrainedChanges() {
		final Parameters some = weights.trained(Set.of(BETA));
		backend.write(new float[] { 4 }, some.gradient(BETA));
		final Map<String, float[]> before = weights.read(SPEC, Map.of()).parameters();
		assertTrue(new Optimizers(backend, Optimizer.Kind.SOAP, SPEC.parameters()).step(some, 1, 1, 0.1));
		weights.read(SPEC, Map.of()).parameters().forEach((name, values) -> assertEquals(name.equals(BETA), !Arrays.equals(
			before.get(name), values), name));
	}

	/** Parts of equal size, none too small for the device. */
	@Test
	void portionsOfABatch() {
		for (final int[] c : new int[][] { { 8, 1, 1 }, { 8, 2, 2 }, { 8, 3, 4 }, { 8, 5, 8 }, { 8, 16, 8 }, { 5, 2, 5 }, { 1, 4,
			1 }, { 32, 6, 8 } }) {
			final Backend device = new CpuBackend() {

				@Override
				public int batchAtOnce(final int height, final int width) {
					return height == 20 && width == 20 ? c[1] : 0;
				}
			};
			assertEquals(c[2], Portion.of(c[0], device, 20), c[0] + " by at least " + c[1]);
		}
	}
}
