package io.github.learningtodeblur.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class BackendsTest {

	@Test
	void theSharedDeviceStaysOpen() {
		final Backend shared = Backends.shared();
		shared.close();
		assertSame(shared, Backends.shared());
		final Tensor t = shared.allocate(1, 1, 4, 4), s = shared.allocateSpectra(1, 1, 4, 4);
		shared.fill(t, 2);
		shared.fft(t, s);
		shared.ifft(s, t);
		final float[] values = new float[16];
		shared.read(t, values);
		assertEquals(2, values[5], 1e-6);
	}

	@Test
	void anOpenedOneIsOnesOwn() {
		try (Backend one = Backends.open(); Backend other = Backends.open()) {
			assertNotSame(one, other);
			assertNotSame(one, Backends.shared());
			assertEquals(one.name(), Backends.shared().name());
		}
	}
}
