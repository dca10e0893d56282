package io.github.learningtodeblur.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.learningtodeblur.model.Safetensors;
import io.github.learningtodeblur.model.Safetensors.Entry;

/** Ten steps of each rule against {@code src/test/python/golden.py}, and their first steps by hand. */
class OptimizerTest {

	@ParameterizedTest
	@EnumSource(Optimizer.Kind.class)
	void tenSteps(final Optimizer.Kind kind) throws IOException {
		final Map<String, Entry> golden;
		try (InputStream in = OptimizerTest.class.getResourceAsStream("/golden/optimizers.safetensors")) {
			golden = Safetensors.read(in, "optimizers.safetensors").tensors();
		}
		final String name = kind.name().toLowerCase(java.util.Locale.ROOT);
		final float[] weights = golden.get("start").values().clone();
		final float[] gradients = golden.get(name + "/gradients").values();
		final float[] expected = golden.get(name + "/weights").values();
		final float[] low = golden.get(name + "/weights#lo").values();
		final int n = weights.length;
		Optimizer optimizer = kind.create(n);
		for (int step = 0; step < 10; step++) {
			optimizer.step(weights, Arrays.copyOfRange(gradients, step * n, (step + 1) * n), 0.01);
			for (int i = 0; i < n; i++) // every step rounds a weight once
				assertEquals((double) expected[step * n + i] + low[step * n + i], weights[i], (step + 1) *
					Math.ulp(weights[i]) + 1e-9, "weight " + i + " after step " + (step + 1));
			// what a checkpoint does: a new optimizer with the old one's state
			final Optimizer resumed = kind.create(n);
			for (int s = 0; s < resumed.state().size(); s++)
				System.arraycopy(optimizer.state().get(s), 0, resumed.state().get(s), 0, resumed.state().get(s)
					.length);
			optimizer = resumed;
		}
	}

	@Test
	void firstStepOfAdadelta() {
		final float[] w = { 5, 5, 5 };
		Optimizer.Kind.ADADELTA.create(3).step(w, new float[] { 2, -2, 0 }, 0.5);
		// RMS of the gradient is sqrt(0.05 * 4 + 1e-6), that of the steps before is sqrt(1e-6)
		final double step = 0.5 * 2 * Math.sqrt(1e-6) / Math.sqrt(0.2 + 1e-6);
		assertEquals(5 - step, w[0], 5e-7);
		assertEquals(5 + step, w[1], 5e-7);
		assertEquals(5, w[2]);
	}

	/** The bias corrections make the first step as long as the rate, whatever the gradient. */
	@Test
	void firstStepOfAdam() {
		final float[] w = { 5, 5, 5 };
		Optimizer.Kind.ADAM.create(3).step(w, new float[] { 100, -0.01f, 0 }, 0.5);
		assertEquals(4.5, w[0], 1e-6);
		assertEquals(5.5, w[1], 1e-6);
		assertEquals(5, w[2]);
	}
}
