package io.github.learningtodeblur.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.BackendUnavailable;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.backend.cuda.EmulatedDevice.Fault;

/** An NVIDIA GPU by its name, and automatically where there is one that computes as it should. */
class ChoiceTest {

	private String usual;

	@BeforeEach
	void load() {
		usual = System.getProperty(Backends.PROPERTY, Backends.AUTO);
		System.setProperty(Backends.PROPERTY, Backends.AUTO);
		EmulatedDevice.load();
	}

	@AfterEach
	void asBefore() {
		System.setProperty(Backends.PROPERTY, usual);
	}

	private static String opened(final String device) {
		try (Backend backend = Backends.open(device)) {
			return backend.name();
		}
	}

	@Test
	void aGpuIsTaken() {
		assertEquals("cuda (Emulated Device)", opened(Backends.CUDA));
		assertEquals("cuda (Emulated Device)", opened(Backends.AUTO));
		assertTrue(opened(Backends.CPU).startsWith("cpu"));
		EmulatedDevice.assertClean();
	}

	@Test
	void oneThatComputesWronglyIsNot() {
		EmulatedDevice.set(Fault.WRONG_LAUNCH, 1);
		assertThrows(BackendUnavailable.class, () -> opened(Backends.CUDA));
		EmulatedDevice.set(Fault.WRONG_LAUNCH, 1);
		assertTrue(opened(Backends.AUTO).startsWith("cpu"));
		EmulatedDevice.assertClean();
	}
}
