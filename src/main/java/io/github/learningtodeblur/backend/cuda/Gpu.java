package io.github.learningtodeblur.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;

import io.github.learningtodeblur.backend.BackendUnavailable;
import io.github.learningtodeblur.backend.Tensor;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUctx_flags;
import jcuda.driver.CUdevice;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * A GPU as the driver shows it: a context of our own, the kernels, and its only stream, in which work is done in the
 * order it is asked for. Several threads may use it: whoever needs several calls in a row holds its lock.
 */
final class Gpu {

	/** Made from src/main/cuda. */
	static final String KERNELS = "kernels.ptx";

	private static final int SLOT = Long.BYTES;
	private static final int MOST_ARGUMENTS = 64;

	private final String name;
	private final CUcontext context = new CUcontext();
	private final CUmodule module = new CUmodule();
	private final Map<String, CUfunction> functions = new HashMap<>();
	/** Arguments of the next launch, a slot for each; the driver copies them. */
	private final ByteBuffer slots = ByteBuffer.allocateDirect(MOST_ARGUMENTS * SLOT).order(ByteOrder.nativeOrder());
	private final Pointer[] slotPointers = new Pointer[MOST_ARGUMENTS];
	private boolean closed;

	/** @throws BackendUnavailable if its driver does not read our kernels */
	Gpu(final CudaDriver.Device device) {
		name = device.name();
		for (int i = 0; i < MOST_ARGUMENTS; i++)
			slotPointers[i] = Pointer.to(slots).withByteOffset((long) i * SLOT);
		final CUdevice handle = new CUdevice();
		checkOpening(JCudaDriver.cuDeviceGet(handle, device.number()));
		checkOpening(JCudaDriver.cuCtxCreate(context, CUctx_flags.CU_CTX_SCHED_BLOCKING_SYNC, handle));
		final int result = JCudaDriver.cuModuleLoadData(module, kernels());
		JCudaDriver.cuCtxPopCurrent(new CUcontext());
		if (result != CUresult.CUDA_SUCCESS) JCudaDriver.cuCtxDestroy(context);
		checkOpening(result);
	}

	private void checkOpening(final int result) {
		if (result != CUresult.CUDA_SUCCESS) throw new BackendUnavailable("The GPU " + name + " can't be used (" + CUresult.stringFor(
			result) + "). Close what else uses it, or update its driver");
	}

	/** As text that ends with 0, as the driver wants it. */
	private static byte[] kernels() {
		try (InputStream in = Gpu.class.getResourceAsStream(KERNELS)) {
			final byte[] text = in.readAllBytes();
			return Arrays.copyOf(text, text.length + 1);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	String name() {
		return name;
	}

	/** @throws IllegalStateException if it is closed */
	synchronized void checkOpen() {
		if (closed) throw new IllegalStateException("The backend is closed: open another");
	}

	/**
	 * Has the driver do something, with our context.
	 *
	 * @return the driver's answer, a {@link CUresult}
	 */
	synchronized int ask(final IntSupplier work) {
		checkOpen();
		check(JCudaDriver.cuCtxPushCurrent(context), "push the context");
		try {
			return work.getAsInt();
		}
		finally {
			JCudaDriver.cuCtxPopCurrent(new CUcontext());
		}
	}

	/** As {@link #ask}, where only success will do. */
	void call(final String what, final IntSupplier work) {
		check(ask(work), what);
	}

	private void check(final int result, final String what) {
		if (result != CUresult.CUDA_SUCCESS) throw new IllegalStateException("The GPU " + name + " failed to " + what + " (" + CUresult
			.stringFor(result) + "). Try again with the device cpu");
	}

	/**
	 * Puts a kernel into the stream.
	 *
	 * @param arguments tensors or addresses ({@code long}), null for none of them; {@code int}, {@code float} and {@code
	 *          double} as the kernel has them
	 */
	synchronized void launch(final String kernel, final Grid grid, final Object... arguments) {
		call("run " + kernel, () -> {
			final CUfunction function = functions.computeIfAbsent(kernel, this::find);
			for (int i = 0; i < arguments.length; i++)
				put(arguments[i], i * SLOT);
			return JCudaDriver.cuLaunchKernel(function, grid.x(), grid.y(), grid.z(), grid.threads(), 1, 1, grid.shared(), null, Pointer
				.to(Arrays.copyOf(slotPointers, arguments.length)), null);
		});
		// until then, nobody else may be given their memory
		Reference.reachabilityFence(arguments);
	}

	private void put(final Object argument, final int at) {
		if (argument == null) slots.putLong(at, 0);
		else if (argument instanceof Tensor t) slots.putLong(at, DeviceBuffer.of(t).address());
		else if (argument instanceof Long address) slots.putLong(at, address);
		else if (argument instanceof Integer i) slots.putInt(at, i);
		else if (argument instanceof Double d) slots.putDouble(at, d);
		else slots.putFloat(at, (Float) argument);
	}

	private CUfunction find(final String kernel) {
		final CUfunction function = new CUfunction();
		check(JCudaDriver.cuModuleGetFunction(function, module, kernel), "find the kernel " + kernel);
		return function;
	}

	/** Frees everything. */
	synchronized void close() {
		if (closed) return;
		ask(() -> JCudaDriver.cuModuleUnload(module));
		closed = true;
		JCudaDriver.cuCtxDestroy(context);
	}

	synchronized boolean isClosed() {
		return closed;
	}
}
