package io.github.learningtodeblur.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.BackendUnavailable;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.backend.cuda.EmulatedDevice.Count;
import io.github.learningtodeblur.backend.cuda.EmulatedDevice.Fault;
import jcuda.driver.JCudaDriver;

class MemoryTest {

	/** Floats. */
	private static final int TEN_MEGABYTES = 10 << 18;

	@RegisterExtension
	final Opened opened = new Opened();

	/** Once scratch memory is there, operations neither allocate nor wait; those with several kernels are tried. */
	@Test
	void operationsAllocateNothingAndReadNothingBack() {
		final Backend backend = opened.open();
		final Tensor image = backend.allocate(2, 1, 20, 24), t = backend.allocate(2, 4, 16, 20), k = backend.allocate(2, 4, 16, 20);
		final List<Tensor> weights = List.of(backend.allocate(4, 1, 5, 5), backend.allocate(1, 1, 4, 4));
		final Tensor x = backend.allocateSpectra(2, 4, 20, 24), one = backend.allocateSpectra(2, 1, 20, 24), g = backend.allocateSpectra(2,
			1, 20, 24), two = backend.allocateSpectra(2, 2, 20, 24);
		final Tensor beta = backend.allocate(1, 1, 1, 1), orders = backend.allocate(1, 1, 1, 2), each = backend.allocate(2, 1, 1, 1);
		final Tensor gradients = backend.allocate(2, 2, 20, 24), small = backend.allocate(2, 1, 9, 9);
		final Runnable all = () -> {
			backend.features(image, weights, List.of(k), t);
			backend.featuresGrad(image, weights, List.of(k), t, image, weights);
			backend.fft(t, x);
			backend.ifft(x, t);
			backend.quotient(x, 0, x, 2, 2, beta, one);
			backend.quotientGrad(x, 0, x, 2, 2, beta, one, g, x, x, beta);
			backend.regularized(one, one, one, two, orders, orders, each, g);
			backend.regularizedGrad(one, one, two, orders, orders, each, g, g, one, two, orders, orders);
			backend.gradients(image, image, gradients);
			backend.keepStrongest(gradients, 0.5);
			backend.resize(image, small);
			backend.resizeGrad(small, image);
			backend.kernelError(small, small, 3, true, 1, each, 1, each, small);
			backend.fill(image, 1);
		};
		all.run();
		final long allocations = EmulatedDevice.count(Count.ALLOCATIONS), back = EmulatedDevice.count(Count.COPIES_TO_HOST), to =
			EmulatedDevice.count(Count.COPIES_TO_DEVICE), launches = EmulatedDevice.count(Count.LAUNCHES);
		all.run();
		assertEquals(allocations, EmulatedDevice.count(Count.ALLOCATIONS));
		assertEquals(back, EmulatedDevice.count(Count.COPIES_TO_HOST));
		assertEquals(to, EmulatedDevice.count(Count.COPIES_TO_DEVICE));
		assertTrue(EmulatedDevice.count(Count.LAUNCHES) > launches + 14);
	}

	/** What nobody refers to any more serves again, cleared. */
	@Test
	void garbageServesAgain() {
		final Backend backend = opened.open();
		final long before = EmulatedDevice.count(Count.ALLOCATIONS);
		for (int i = 0; i < 300; i++) {
			final Tensor t = backend.allocate(1, 1, 1, TEN_MEGABYTES / 40);
			final float[] values = new float[t.size()];
			backend.read(t, values);
			assertArrayEquals(new float[t.size()], values);
			backend.fill(t, 3);
			if (i % 10 == 0) System.gc();
		}
		assertTrue(EmulatedDevice.count(Count.ALLOCATIONS) - before < 200, "allocated " + (EmulatedDevice.count(Count.ALLOCATIONS) -
			before));
	}

	/** The device has room for 100 of these. */
	@Test
	void garbageMakesRoom() {
		final Backend backend = opened.open();
		for (int i = 0; i < 300; i++)
			backend.allocate(1, 1, 1, TEN_MEGABYTES + i % 7);
	}

	@Test
	void whatDoesNotFitIsTold() {
		final Backend backend = opened.open();
		final List<Tensor> kept = new ArrayList<>();
		for (int i = 0; i < 50; i++)
			kept.add(backend.allocate(1, 1, 1, TEN_MEGABYTES));
		final String message = assertThrows(BackendUnavailable.class, () -> backend.allocate(1, 1, 10_000, 15_000)).getMessage();
		assertTrue(message.contains("Emulated Device has too little memory: 572 MB more are needed, 523 of 1024 MB are free"), message);
		// and the rest goes on
		backend.fill(kept.get(0), 2);
		final float[] values = new float[TEN_MEGABYTES];
		backend.read(kept.get(0), values);
		assertEquals(2, values[TEN_MEGABYTES - 1]);
	}

	/** Whichever allocation fails for once: what is idle is given up, and it is tried again. */
	@Test
	void anAllocationThatFailsOnceIsTriedAgain() {
		for (int n = 1; n <= 6; n++) {
			EmulatedDevice.set(Fault.FAILING_ALLOCATION, n);
			opened.open();
		}
	}

	/** The emulated GPU knows what is alive, and what was written where it should not have been. */
	@Test
	void mistakesAreSeen() {
		EmulatedDevice.load();
		final Gpu gpu = new Gpu(CudaDriver.require());
		final Memory memory = new Memory(gpu);
		final DevicePointer from = memory.permanent(80), to = memory.permanent(40);
		gpu.call("clear", () -> JCudaDriver.cuMemsetD32Async(from, 0, 20, null));
		copy(gpu, from, to, 10);
		gpu.ask(() -> JCudaDriver.cuMemFree(to));
		assertEquals(0, EmulatedDevice.count(Count.OVERRUNS));
		final DevicePointer next = memory.permanent(40);
		copy(gpu, from, next, 11);
		gpu.ask(() -> JCudaDriver.cuMemFree(next));
		assertEquals(1, EmulatedDevice.count(Count.OVERRUNS));
		final String message = assertThrows(IllegalStateException.class, () -> copy(gpu, from, to, 10)).getMessage();
		assertTrue(message.contains("run copyChannels (CUDA_ERROR_ILLEGAL_ADDRESS)"), message);
		gpu.close();
	}

	private static void copy(final Gpu gpu, final DevicePointer from, final DevicePointer to, final int values) {
		gpu.launch("copyChannels", Grid.over(values, 1), from.address(), 0, 0, to.address(), 0, 0, values, 1);
	}
}
