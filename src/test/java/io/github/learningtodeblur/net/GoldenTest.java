package io.github.learningtodeblur.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.ReferenceBackend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.Safetensors;
import io.github.learningtodeblur.model.SpecJson;
import io.github.learningtodeblur.model.Safetensors.Entry;
import io.github.learningtodeblur.util.Plane;

/**
 * A network of two scales of two stages against numbers from elsewhere, tensor by tensor: those of
 * {@code src/test/python/golden.py}, in double precision.
 */
class GoldenTest {

	private final Map<String, Entry> golden = new LinkedHashMap<>();
	private ModelSpec spec;
	private Model model;

	@BeforeEach
	void read() throws IOException {
		try (InputStream in = GoldenTest.class.getResourceAsStream("/golden/network.safetensors")) {
			final Safetensors.Contents contents = Safetensors.read(in, "network.safetensors");
			golden.putAll(contents.tensors());
			spec = SpecJson.read(contents.metadata().get("spec"));
		}
		final Map<String, float[]> parameters = new LinkedHashMap<>();
		for (final String name : spec.parameters().keySet())
			parameters.put(name, golden.get("parameters/" + name).values());
		model = new Model(spec, parameters, Map.of());
	}

	/**
	 * In double precision, the layers agree to the last digits. What Java computes in floats before it goes to
	 * the device (the window, the smaller and the padded image) is checked and replaced by the full values.
	 */
	@Test
	void referenceBackend() {
		final Set<String> host = new LinkedHashSet<>();
		final double worst = compare(new ReferenceBackend() {

			@Override
			public void write(final float[] from, final Tensor to) {
				super.write(from, to);
				golden.keySet().stream().filter(n -> n.startsWith("host/") && !n.endsWith("#lo")).forEach(
					n -> {
						final double[] exact = expected(n);
						if (exact.length != from.length || difference(exact, values(to)) > 1e-6) return;
						System.arraycopy(exact, 0, values(to), 0, exact.length);
						host.add(n);
					});
			}
		}, 1e-9);
		System.out.printf("Golden values, double precision: largest relative difference %.1e%n", worst);
		assertEquals(Set.of("host/blurry/k3", "host/blurry/k5", "host/padded/k3", "host/padded/k5",
			"host/window/k3", "host/window/k5"), host, "unlike what golden.py computes");
	}

	@Test
	void cpuBackend() {
		final CpuBackend backend = new CpuBackend();
		final double worst = compare(backend, 1e-4);
		System.out.printf("Golden values, %s: largest relative difference %.1e%n", backend.name(), worst);
	}

	private double compare(final Backend backend, final double tolerance) {
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

	private static double difference(final double[] a, final double[] b) {
		assertEquals(a.length, b.length);
		double largest = 0;
		for (int i = 0; i < a.length; i++)
			largest = Math.max(largest, Math.abs(a[i] - b[i]));
		return largest;
	}

	private double[] expected(final String name) {
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
