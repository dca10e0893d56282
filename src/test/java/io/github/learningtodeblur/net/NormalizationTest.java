package io.github.learningtodeblur.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.benchmark.Workload;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.util.Plane;

/** Normalized networks care about neither brightness nor contrast, nor which of black and white is which; others do. */
class NormalizationTest {

	private static final Plane IMAGE = Workload.rectangles(150, 120, 1);

	/** By trained weights: those of an untrained network are so small that tanh is a line. */
	private static float[] kernel(final boolean normalized, final float gain, final float offset)
		throws IOException
	{
		final Model bundled = Models.open("camera-shake");
		final ModelSpec spec = new ModelSpec(bundled.spec().scales(), normalized);
		final Plane p = IMAGE.copy();
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = gain * p.pixels()[i] + offset;
		final Backend backend = new CpuBackend();
		final MultiScaleNetwork net = new MultiScaleNetwork(backend, spec, Parameters.of(backend, new Model(
			spec, bundled.parameters(), bundled.description())), p.height(), p.width());
		net.setBlurry(List.of(p));
		net.forward();
		return net.kernel().pixels();
	}

	private static double distance(final float[] a, final float[] b) {
		double square = 0, norm = 0;
		for (int i = 0; i < a.length; i++) {
			square += (a[i] - b[i]) * (a[i] - b[i]);
			norm += a[i] * a[i];
		}
		return Math.sqrt(square / norm);
	}

	@Test
	void normalizedNetworksSeeNeitherBrightnessNorContrast() throws IOException {
		final float[] usual = kernel(true, 1, 0);
		assertEquals(0, distance(usual, kernel(true, 1, 0.3f)), 1e-3);
		assertEquals(0, distance(usual, kernel(true, 0.2f, 0)), 1e-3);
		assertEquals(0, distance(usual, kernel(true, -1, 1)), 1e-3);
	}

	@Test
	void othersDo() throws IOException {
		final float[] usual = kernel(false, 1, 0);
		assertTrue(distance(usual, kernel(false, 1, 0.3f)) > 0.05);
		assertTrue(distance(usual, kernel(false, 0.2f, 0)) > 0.05);
		assertTrue(distance(usual, kernel(false, -1, 1)) > 0.05);
	}
}
