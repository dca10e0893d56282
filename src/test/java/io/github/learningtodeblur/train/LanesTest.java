package io.github.learningtodeblur.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.net.KernelLoss;
import io.github.learningtodeblur.net.MultiScaleNetwork;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.util.Plane;

class LanesTest {

	/** Else each failure would cost a network, and its memory. */
	@Test
	void aNetworkComesBackWhateverHappens() {
		final Backend backend = new CpuBackend();
		final ModelSpec spec = new ModelSpec(List.of(new ScaleSpec(3, "k3", List.of(new StageSpec(2, 3, 2, 1, 1, true)))));
		final Parameters weights = Parameters.of(backend, Model.initial(spec, 1));
		final AtomicInteger made = new AtomicInteger();
		final Lanes lanes = new Lanes(() -> {
			made.incrementAndGet();
			return MultiScaleNetwork.training(backend, spec, weights.trained(spec.parameters().keySet()), 1, 16, 16);
		}, KernelLoss.PLAIN);
		final Plane kernel = new Plane(3, 3);
		kernel.pixels()[4] = 1;
		final ExampleSource.Example example = new ExampleSource.Example(new Plane(16, 16), kernel, null);
		for (int i = 0; i < 3; i++) {
			assertThrows(IllegalStateException.class, () -> lanes.run(example, net -> {
				throw new IllegalStateException("in the middle of a step");
			}));
			// also where the network itself refuses its input
			assertThrows(IllegalArgumentException.class, () -> lanes.run(new ExampleSource.Example(new Plane(15, 16), kernel,
				null), net -> {}));
		}
		assertEquals(1, lanes.idle());
		assertEquals(1, made.get());
	}
}
