package io.github.learningtodeblur.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.learningtodeblur.backend.ReferenceBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.util.Plane;

class KernelAlignmentTest {

	private static final int SIZE = 21;

	/** A smooth blob with a tail, so that its place is unambiguous. */
	private static float[] kernel(final double dx, final double dy) {
		final float[] k = new float[SIZE * SIZE];
		for (int y = 0; y < SIZE; y++)
			for (int x = 0; x < SIZE; x++) {
				final double u = x - 10 - dx, v = y - 10 - dy;
				k[y * SIZE + x] = (float) (Math.exp(-(u * u + v * v) / 3) + 0.5 * Math.exp(-((u - 3) * (u - 3) + (v -
					2) * (v - 2)) / 3));
			}
		return k;
	}

	@ParameterizedTest(name = "{0}, {1} pixels")
	@CsvSource({ "0,0", "2,-1", "-1.25,0.5", "1.75,1.75" })
	void findsTheShift(final double dx, final double dy) {
		final float[] out = new float[3 + SIZE * SIZE];
		final float[] estimate = new float[out.length], expected = kernel(dx, dy);
		System.arraycopy(expected, 0, estimate, 3, expected.length);
		KernelAlignment.align(estimate, kernel(0, 0), SIZE, out, 3);
		for (int i = 0; i < expected.length; i++)
			assertEquals(expected[i], out[3 + i], dx == Math.rint(dx) ? 1e-6 : 0.05, "pixel " + i);
	}

	/** Ten per cent of the size, and three quarters of a pixel. */
	@Test
	void doesNotGoFar() {
		final float[] out = new float[SIZE * SIZE];
		KernelAlignment.align(kernel(6, 0), kernel(0, 0), SIZE, out, 0);
		final double moved = middle(out) - middle(kernel(0, 0));
		assertTrue(moved > 2 && moved < 2.8, "moved by " + moved);
	}

	private static double middle(final float[] k) {
		double mass = 0, moment = 0;
		for (int i = 0; i < k.length; i++) {
			mass += k[i];
			moment += k[i] * (i % SIZE);
		}
		return moment / mass;
	}

	/** The loss with shiftable kernels is that of the shifted kernel as it lies. */
	@Test
	void gradientIsThatOfTheShiftedKernel() {
		final ReferenceBackend backend = new ReferenceBackend();
		final StageSpec stage = new StageSpec(4, 3, 4, 2, 2, true);
		final ModelSpec spec = new ModelSpec(List.of(new ScaleSpec(SIZE, "k", List.of(stage))), true);
		final Parameters p = Parameters.of(backend, Model.initial(spec, 3));
		final Parameters trained = p.trained(spec.parameters().keySet());
		final MultiScaleNetwork net = MultiScaleNetwork.training(backend, spec, trained, 1, 66, 66);
		final Plane image = new Plane(66, 66);
		for (int i = 0; i < image.pixels().length; i++)
			image.pixels()[i] = (float) Math.sin(0.1 * i + i % 66 * i % 7);
		net.setBlurry(List.of(image));
		final Plane truth = new Plane(kernel(2, 1), SIZE, SIZE).normalized();
		final double[][] gradients = new double[2][];
		net.setTarget(List.of(truth), new KernelLoss(true, 1));
		net.forward();
		final float shiftable = net.errors(0)[0];
		gradients[0] = gradient(net, trained);
		final float[] shifted = new float[SIZE * SIZE];
		KernelAlignment.align(net.kernel().pixels(), truth.pixels(), SIZE, shifted, 0);
		net.setTarget(List.of(truth), KernelLoss.PLAIN);
		assertTrue(shiftable < net.errors(0)[0], "shifts can only help");
		net.setTarget(List.of(new Plane(shifted, SIZE, SIZE)), KernelLoss.PLAIN);
		assertEquals(shiftable, net.errors(0)[0], 1e-6);
		gradients[1] = gradient(net, trained);
		assertArrayEquals(gradients[1], gradients[0], 1e-9);
		double largest = 0;
		for (final double g : gradients[0])
			largest = Math.max(largest, Math.abs(g));
		assertTrue(largest > 1e-6, "there is a gradient");
	}

	private static double[] gradient(final MultiScaleNetwork net, final Parameters trained) {
		trained.clearGradients();
		net.backward(new float[] { 1 }, Float.POSITIVE_INFINITY);
		return ReferenceBackend.values(trained.gradient("k/1/filters")).clone();
	}
}
