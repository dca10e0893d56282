package io.github.learningtodeblur.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.util.Plane;

class KernelSharpeningTest {

	private static final int SIZE = 9;
	private final Backend backend = new CpuBackend();

	/** Blurred by hand: the weights of a Gaussian of half a pixel, next to the middle, are exp(-2) of it. */
	@Test
	void undoesItsGaussian() {
		final double side = Math.exp(-2), corner = Math.exp(-4), sum = 1 + 4 * side + 4 * corner;
		final float[] line = new float[SIZE * SIZE], blurred = new float[SIZE * SIZE];
		for (int i = 2; i < 7; i++) {
			line[4 * SIZE + i] = 0.2f;
			for (int dy = -1; dy <= 1; dy++)
				for (int dx = -1; dx <= 1; dx++)
					blurred[(4 + dy) * SIZE + i + dx] += 0.2 * (dx != 0 && dy != 0 ? corner : dx != 0 || dy != 0 ? side : 1) /
						sum;
		}
		final Tensor k = backend.allocate(1, 1, SIZE, SIZE);
		backend.write(blurred, k);
		final float[] sharp = new float[SIZE * SIZE];
		backend.read(new KernelSharpening(backend, k, 0.5).sharpened(), sharp);
		double total = 0;
		for (final float v : sharp) {
			assertTrue(v >= 0);
			total += v;
		}
		assertEquals(1, total, 1e-5);
		assertTrue(distance(sharp, line) < 0.15 * distance(blurred, line), distance(sharp, line) + " of " + distance(
			blurred, line));
	}

	private static double distance(final float[] a, final float[] b) {
		double sum = 0;
		for (int i = 0; i < a.length; i++)
			sum += (a[i] - b[i]) * (a[i] - b[i]);
		return sum;
	}

	/** Only where the kernel leaves the network, and only after the scale whose spec says so. */
	@Test
	void aModelSharpensItsLastKernelOnly() {
		final List<StageSpec> stages = List.of(new StageSpec(4, 3, 4, 2, 1, true));
		final ModelSpec plain = new ModelSpec(List.of(new ScaleSpec(5, "a", stages), new ScaleSpec(9, "b", stages)));
		final ModelSpec sharpening = new ModelSpec(List.of(new ScaleSpec(5, "a", stages, 0.7), new ScaleSpec(9, "b", stages,
			0.5)));
		final Parameters weights = Parameters.of(backend, Model.initial(plain, 1));
		final Plane image = new Plane(60, 50);
		final Random random = new Random(1);
		for (int i = 0; i < image.pixels().length; i++)
			image.pixels()[i] = random.nextFloat();
		final MultiScaleNetwork without = run(plain, weights, image), with = run(sharpening, weights, image);
		for (int s = 0; s < 2; s++)
			assertArrayEquals(without.kernel(s, 0).pixels(), with.kernel(s, 0).pixels());
		assertArrayEquals(without.kernel(1, 0).pixels(), without.kernel().pixels());
		assertEquals(1, with.kernel().sum(), 1e-5);
		assertTrue(energy(with.kernel()) > 1.02 * energy(without.kernel()), "sharper");
	}

	private MultiScaleNetwork run(final ModelSpec spec, final Parameters weights, final Plane image) {
		final MultiScaleNetwork net = new MultiScaleNetwork(backend, spec, weights, image.height(), image.width());
		net.setBlurry(List.of(image));
		net.forward();
		return net;
	}

	private static double energy(final Plane p) {
		double sum = 0;
		for (final float v : p.pixels())
			sum += (double) v * v;
		return sum;
	}
}
