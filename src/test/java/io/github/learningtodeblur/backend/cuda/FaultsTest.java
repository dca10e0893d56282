package io.github.learningtodeblur.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.BackendUnavailable;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.backend.cuda.EmulatedDevice.Count;
import io.github.learningtodeblur.backend.cuda.EmulatedDevice.Fault;

/** A GPU that is missing, too old, or fails: what is told, and that nothing is left behind. */
class FaultsTest {

	/** Skips all where there is none. */
	@BeforeAll
	static void build() {
		EmulatedDevice.load();
	}

	@BeforeEach
	void load() {
		EmulatedDevice.load();
	}

	@AfterEach
	void noContextIsLeft() {
		assertEquals(0, EmulatedDevice.count(Count.CONTEXTS));
	}

	private static String refusal() {
		return assertThrows(BackendUnavailable.class, CudaBackend::open).getMessage();
	}

	private static void assertTold(final String part, final String message) {
		assertTrue(message.contains(part), message);
	}

	@Test
	void withoutADevice() {
		EmulatedDevice.set(Fault.DEVICES, 0);
		assertTold("no NVIDIA GPU", refusal());
		assertEquals(0, EmulatedDevice.count(Count.LAUNCHES));
	}

	@Test
	void withAnOldDriver() {
		EmulatedDevice.set(Fault.DRIVER, 8000);
		assertTold("driver is too old", refusal());
	}

	@Test
	void withAnOldDevice() {
		EmulatedDevice.set(Fault.CAPABILITY, 35);
		assertTold("too old", refusal());
	}

	/** Whichever launch of the self-test does nothing. */
	@Test
	void theSelfTestFindsWhatDoesNotWork() {
		final long launches = launchesOfTheSelfTest();
		assertTrue(launches >= 7, "self-test of " + launches + " launches");
		for (int n = 1; n <= launches; n++) {
			EmulatedDevice.load();
			EmulatedDevice.set(Fault.WRONG_LAUNCH, n);
			assertTold("does not compute as it should", refusal());
			EmulatedDevice.assertClean();
		}
	}

	private static long launchesOfTheSelfTest() {
		CudaBackend.open().close();
		return EmulatedDevice.count(Count.LAUNCHES);
	}

	/** Whichever launch of the self-test fails. */
	@Test
	void aFailingLaunchWhileOpening() {
		final long launches = launchesOfTheSelfTest();
		for (int n = 1; n <= launches; n++) {
			EmulatedDevice.set(Fault.FAILING_LAUNCH, n);
			assertTold("CUDA_ERROR_LAUNCH_FAILED", refusal());
			assertEquals(0, EmulatedDevice.count(Count.CONTEXTS));
		}
	}

	/** After it, a device does nothing more; closing it still works, and another can be opened. */
	@Test
	void aFailingLaunchLater() {
		final CudaBackend backend = CudaBackend.open();
		final Tensor t = backend.allocate(1, 1, 8, 8), s = backend.allocateSpectra(1, 1, 8, 8);
		EmulatedDevice.set(Fault.FAILING_LAUNCH, 2);
		final String message = assertThrows(IllegalStateException.class, () -> backend.fft(t, s)).getMessage();
		assertEquals("The GPU Emulated Device failed to run fftColumns (CUDA_ERROR_LAUNCH_FAILED). Try again with the device cpu", message);
		assertThrows(IllegalStateException.class, () -> backend.read(t, new float[64]));
		backend.close();
		backend.close();
		assertThrows(IllegalStateException.class, () -> backend.read(t, new float[64]));
		CudaBackend.open().close();
	}
}
