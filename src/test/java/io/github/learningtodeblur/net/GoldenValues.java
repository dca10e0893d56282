package io.github.learningtodeblur.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.ReferenceBackend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.Safetensors;
import io.github.learningtodeblur.model.Safetensors.Entry;
import io.github.learningtodeblur.model.SpecJson;
import io.github.learningtodeblur.util.Plane;

/** Numbers of a network of two scales of two stages from elsewhere: those of {@code src/test/python/golden.py}, in double precision. */
public final class GoldenValues {

	private final Map<String, Entry> golden = new LinkedHashMap<>();
	private final ModelSpec spec;
	private final Model model;

	public GoldenValues() throws IOException {
		try (InputStream in = GoldenValues.class.getResourceAsStream("/golden/network.safetensors")) {
			final Safetensors.Contents contents = Safetensors.read(in, "network.safetensors");
			golden.putAll(contents.tensors());
			spec = SpecJson.read(contents.metadata().get("spec"));
		}
		final Map<String, float[]> parameters = new LinkedHashMap<>();
		for (final String name : spec.parameters().keySet())
			parameters.put(name, golden.get("parameters/" + name).values());
		model = new Model(spec, parameters, Map.of());
	}

	Set<String> names() {
		return golden.keySet();
	}

	/**
	 * Forward, backward, and forward without room for gradients, tensor by tensor.
	 *
	 * @param tolerance relative to a tensor's largest value
	 * @return the largest difference, likewise
	 */
	public double compare(final Backend backend, final double tolerance) {
		final Parameters parameters = Parameters.of(backend, model);
		final Plane blurry = plane("blurry");
		final MultiScaleNetwork net = MultiScaleNetwork.training(backend, spec, parameters.trained(spec
			.parameters().keySet()), 1, blurry.height(), blurry.width());
		net.setBlurry(List.of(blurry));
		net.setTarget(List.of(plane("target")), KernelLoss.PLAIN);
		net.forward();
		net.backward(new float[] { 1, 1 }, Float.POSITIVE_INFINITY);
		double worst = stages(net, backend, tolerance);
		for (int s = 0; s < 2; s++)
			assertEquals(golden.get("error/k5/" + (s + 1)).values()[0], net.errors(s)[0], tolerance);
		assertEquals(golden.get("loss").values()[0], net.errors(0)[0] + net.errors(1)[0], 1e-4);
		for (final String name : spec.parameters().keySet())
			worst = Math.max(worst, check("gradient/" + name, net.parameters().gradient(name), backend,
				tolerance));

		final MultiScaleNetwork applied = new MultiScaleNetwork(backend, spec, parameters, blurry
			.height(), blurry.width());
		applied.setBlurry(List.of(blurry));
		applied.forward();
		return Math.max(worst, stages(applied, backend, tolerance));
	}

	private double stages(final MultiScaleNetwork net, final Backend backend,
		final double tolerance)
	{
		double worst = 0;
		for (int i = 0; i < 2; i++)
			for (int s = 0; s < 2; s++) {
				final String where = spec.scales().get(i).weights() + "/" + (s + 1);
				final Stage stage = net.scale(i).stages().get(s);
				worst = Math.max(worst, check("features/" + where, stage.features().value(), backend,
					tolerance));
				worst = Math.max(worst, check("kernel/" + where, stage.kernel().value(), backend, tolerance));
				if (stage.latent() != null) worst = Math.max(worst, check("latent/" + where, stage.latent()
					.value(), backend, tolerance));
			}
		return worst;
	}

	/** @return the difference relative to the largest value */
	private double check(final String name, final Tensor actual, final Backend backend,
		final double tolerance)
	{
		final double[] values = new double[actual.size()];
		if (backend instanceof ReferenceBackend) System.arraycopy(ReferenceBackend.values(actual), 0,
			values, 0, values.length);
		else {
			final float[] floats = new float[actual.size()];
			backend.read(actual, floats);
			for (int i = 0; i < floats.length; i++)
				values[i] = floats[i];
		}
		final double[] expected = expected(name);
		double largest = 1e-30;
		for (final double v : expected)
			largest = Math.max(largest, Math.abs(v));
		final double difference = difference(expected, values) / largest;
		assertTrue(difference <= tolerance, () -> name + " differs by " + difference +
			" of its largest value");
		return difference;
	}

	static double difference(final double[] a, final double[] b) {
		assertEquals(a.length, b.length);
		double largest = 0;
		for (int i = 0; i < a.length; i++)
			largest = Math.max(largest, Math.abs(a[i] - b[i]));
		return largest;
	}

	double[] expected(final String name) {
		final float[] high = golden.get(name).values(), low = golden.get(name + "#lo").values();
		final double[] sum = new double[high.length];
		for (int i = 0; i < sum.length; i++)
			sum[i] = (double) high[i] + low[i];
		return sum;
	}

	private Plane plane(final String name) {
		final Entry e = golden.get(name);
		return new Plane(e.values(), e.shape()[1], e.shape()[0]);
	}
}
