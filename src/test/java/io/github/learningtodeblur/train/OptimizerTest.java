package io.github.learningtodeblur.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Safetensors;
import io.github.learningtodeblur.model.Safetensors.Entry;

/** Some steps of each rule against {@code src/test/python/golden.py}, and their first steps by hand. */
class OptimizerTest {

	private final Backend backend = new CpuBackend();

	@ParameterizedTest
	@EnumSource(Optimizer.Kind.class)
	void steps(final Optimizer.Kind kind) throws IOException {
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
		final int[] shape = { 2, 3 };
		// every step rounds a weight once; SOAP's state is rounded as well, and enters as a whole
		final double rounding = kind == Optimizer.Kind.SOAP ? 1e-6 : 1e-9;
		Optimizer optimizer = kind.create(backend, shape);
		for (int step = 0; step < gradients.length / n; step++) {
			// of two examples, say
			for (int i = 0; i < n; i++)
				gradients[step * n + i] *= 2;
			step(optimizer, weights, Arrays.copyOfRange(gradients, step * n, (step + 1) * n), 0.5, 0.01);
			for (int i = 0; i < n; i++)
				assertEquals((double) expected[step * n + i] + low[step * n + i], weights[i], (step + 1) *
					Math.ulp(weights[i]) + rounding, "weight " + i + " after step " + (step + 1));
			// what a checkpoint does: a new optimizer with the old one's state
			final Optimizer resumed = kind.create(backend, shape);
			resumed.restore(optimizer.state());
			optimizer = resumed;
		}
	}

	private void step(final Optimizer optimizer, final float[] weights, final float[] gradient, final double factor,
		final double rate)
	{
		final Tensor w = tensor(weights);
		optimizer.step(w, tensor(gradient), factor, rate);
		backend.read(w, weights);
	}

	private Tensor tensor(final float... values) {
		final Tensor t = backend.allocate(1, 1, 1, values.length);
		backend.write(values, t);
		return t;
	}

	@Test
	void firstStepOfAdadelta() {
		final float[] w = { 5, 5, 5 };
		step(Optimizer.Kind.ADADELTA.create(backend, 3), w, new float[] { 2, -2, 0 }, 1, 0.5);
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
		step(Optimizer.Kind.ADAM.create(backend, 3), w, new float[] { 100, -0.01f, 0 }, 1, 0.5);
		assertEquals(4.5, w[0], 1e-6);
		assertEquals(5.5, w[1], 1e-6);
		assertEquals(5, w[2]);
	}

	/** What SOAP is for: weights seen in another basis take the same way. */
	@Test
	void soapDoesNotDependOnTheBasis() {
		final int n = 4;
		final SplittableRandom random = new SplittableRandom(5);
		final RealMatrix basis = new QRDecomposition(random(random, n)).getQ();
		final RealMatrix start = random(random, n), target = random(random, n);
		final float[] plain = floats(start), rotated = floats(start.multiply(basis));
		final Optimizer one = Optimizer.Kind.SOAP.create(backend, n, n), other = Optimizer.Kind.SOAP.create(backend, n,
			n);
		for (int step = 0; step < 15; step++) {
			// the same gradient twice would be diagonal in its own basis
			final RealMatrix gradient = matrix(plain).subtract(target).add(random(random, n).scalarMultiply(0.1));
			step(one, plain, floats(gradient), 1, 0.1);
			step(other, rotated, floats(gradient.multiply(basis)), 1, 0.1);
		}
		assertArrayEquals(floats(matrix(plain).multiply(basis)), rotated, 1e-4f);
		assertTrue(matrix(plain).subtract(target).getFrobeniusNorm() < 0.7 * start.subtract(target)
			.getFrobeniusNorm(), "nearer to the minimum");
	}

	private static RealMatrix random(final SplittableRandom random, final int n) {
		final RealMatrix m = new Array2DRowRealMatrix(n, n);
		for (int i = 0; i < n * n; i++)
			m.setEntry(i / n, i % n, random.nextGaussian());
		return m;
	}

	private static float[] floats(final RealMatrix m) {
		final int n = m.getColumnDimension();
		final float[] out = new float[n * n];
		for (int i = 0; i < out.length; i++)
			out[i] = (float) m.getEntry(i / n, i % n);
		return out;
	}

	private static RealMatrix matrix(final float[] values) {
		final int n = (int) Math.sqrt(values.length);
		final RealMatrix m = new Array2DRowRealMatrix(n, n);
		for (int i = 0; i < values.length; i++)
			m.setEntry(i / n, i % n, values[i]);
		return m;
	}
}
