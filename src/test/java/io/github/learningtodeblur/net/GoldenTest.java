package io.github.learningtodeblur.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.ReferenceBackend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.backend.cpu.CpuBackend;

/** A network against numbers from elsewhere, see {@link GoldenValues}. */
class GoldenTest {

	/**
	 * In double precision, the layers agree to the last digits. What Java computes in floats before it goes to
	 * the device (the window, the smaller and the padded image) is checked and replaced by the full values.
	 */
	@Test
	void referenceBackend() throws IOException {
		final GoldenValues golden = new GoldenValues();
		final Set<String> host = new LinkedHashSet<>();
		final double worst = golden.compare(new ReferenceBackend() {

			@Override
			public void write(final float[] from, final Tensor to) {
				super.write(from, to);
				golden.names().stream().filter(n -> n.startsWith("host/") && !n.endsWith("#lo")).forEach(
					n -> {
						final double[] exact = golden.expected(n);
						if (exact.length != from.length || GoldenValues.difference(exact, values(to)) > 1e-6) return;
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
	void cpuBackend() throws IOException {
		final CpuBackend backend = new CpuBackend();
		final double worst = new GoldenValues().compare(backend, 1e-4);
		System.out.printf("Golden values, %s: largest relative difference %.1e%n", backend.name(), worst);
	}
}
