package io.github.learningtodeblur.backend.cuda;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.github.learningtodeblur.backend.BackendUnavailable;
import jcuda.Pointer;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * The device's memory: buffers, which are free for others once Java's garbage collector has found that nobody refers to
 * them, and scratch memory. What lies idle is bounded. All work is in one stream, so that memory may be given away while
 * work on it is still queued.
 */
final class Memory {

	/** Bytes that freed buffers may keep for others of their size. */
	private static final long MOST_IDLE = 256L << 20;
	/** Addresses are multiples of it. */
	private static final long ALIGNMENT = 256;
	/** How often the garbage collector is waited for, and how long, in ms. */
	private static final int PATIENCE = 10;
	private static final int WAIT = 20;

	private record Block(DevicePointer pointer, long bytes) {}

	/** Knows the block of a buffer that is gone. */
	private static final class Grave extends PhantomReference<DeviceBuffer> {

		private final Block block;

		Grave(final DeviceBuffer buffer, final Block block, final ReferenceQueue<DeviceBuffer> queue) {
			super(buffer, queue);
			this.block = block;
		}
	}

	private final Gpu gpu;
	private final ReferenceQueue<DeviceBuffer> gone = new ReferenceQueue<>();
	private final Set<Grave> inUse = new HashSet<>();
	/** By size; the ones asked for last are at the end. */
	private final Map<Long, ArrayDeque<Block>> idle = new LinkedHashMap<>(32, 0.75f, true);
	private final Set<Block> permanent = new HashSet<>();
	private long idleBytes;
	private Block scratch;

	Memory(final Gpu gpu) {
		this.gpu = gpu;
	}

	/** @return a buffer of zeros */
	DeviceBuffer allocate(final long bytes) {
		synchronized (gpu) {
			gpu.checkOpen();
			collect();
			final ArrayDeque<Block> shelf = idle.get(bytes);
			final Block block = shelf != null && !shelf.isEmpty() ? shelf.pop() : null;
			if (block != null) idleBytes -= bytes;
			final Block taken = block != null ? block : take(bytes);
			final DeviceBuffer buffer = new DeviceBuffer(taken.pointer);
			inUse.add(new Grave(buffer, taken, gone));
			gpu.call("clear memory", () -> JCudaDriver.cuMemsetD32Async(taken.pointer, 0, bytes / Integer.BYTES, null));
			return buffer;
		}
	}

	/** Memory that is there until the end. */
	DevicePointer permanent(final long bytes) {
		synchronized (gpu) {
			final Block block = take(bytes);
			permanent.add(block);
			return block.pointer;
		}
	}

	/**
	 * Scratch memory of an operation, until the next one asks: whoever uses it holds the lock of the GPU.
	 *
	 * @return addresses
	 */
	long[] scratch(final long... bytes) {
		long sum = 0;
		final long[] at = new long[bytes.length];
		for (int i = 0; i < bytes.length; i++) {
			at[i] = sum;
			sum += (bytes[i] + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
		}
		if (scratch == null || scratch.bytes < sum) {
			gpu.checkOpen();
			if (scratch != null) free(scratch);
			scratch = null;
			scratch = take(sum + sum / 4);
		}
		for (int i = 0; i < bytes.length; i++)
			at[i] += scratch.pointer.address();
		return at;
	}

	/** What is at the beginning of {@link #scratch}; waits for queued work. */
	void readScratch(final double[] to) {
		gpu.call("read", () -> JCudaDriver.cuMemcpyDtoH(Pointer.to(to), scratch.pointer, (long) to.length * Double.BYTES));
	}

	/** Blocks of buffers that are gone. */
	private void collect() {
		for (Grave grave = (Grave) gone.poll(); grave != null; grave = (Grave) gone.poll())
			release(grave);
	}

	private void release(final Grave grave) {
		inUse.remove(grave);
		final Block block = grave.block;
		idle.computeIfAbsent(block.bytes, b -> new ArrayDeque<>()).push(block);
		idleBytes += block.bytes;
		while (idleBytes > MOST_IDLE) {
			final Map.Entry<Long, ArrayDeque<Block>> eldest = idle.entrySet().iterator().next();
			if (!eldest.getValue().isEmpty()) {
				free(eldest.getValue().pop());
				idleBytes -= eldest.getKey();
			}
			else idle.remove(eldest.getKey());
		}
	}

	private void freeIdle() {
		idle.values().forEach(shelf -> shelf.forEach(this::free));
		idle.clear();
		idleBytes = 0;
	}

	private void free(final Block block) {
		gpu.call("free memory", () -> JCudaDriver.cuMemFree(block.pointer));
	}

	private Block take(final long bytes) {
		final DevicePointer pointer = new DevicePointer();
		int result = gpu.ask(() -> JCudaDriver.cuMemAlloc(pointer, bytes));
		if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
			// Java does not know how much there is to be gained on the device
			System.gc();
			for (int i = 0; i < PATIENCE && result == CUresult.CUDA_ERROR_OUT_OF_MEMORY; i++) {
				waitForGarbage();
				freeIdle();
				result = gpu.ask(() -> JCudaDriver.cuMemAlloc(pointer, bytes));
			}
		}
		if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) throw tooLittle(bytes);
		final int answer = result;
		gpu.call("allocate memory", () -> answer);
		return new Block(pointer, bytes);
	}

	private void waitForGarbage() {
		try {
			final Grave grave = (Grave) gone.remove(WAIT);
			if (grave != null) release(grave);
			collect();
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}

	private BackendUnavailable tooLittle(final long bytes) {
		final long[] free = new long[1], total = new long[1];
		gpu.call("tell its memory", () -> JCudaDriver.cuMemGetInfo(free, total));
		return new BackendUnavailable("The GPU " + gpu.name() + " has too little memory: " + (bytes >> 20) + " MB more are needed, " +
			(free[0] >> 20) + " of " + (total[0] >> 20) + " MB are free. Close what else uses it, take a smaller image, or the device cpu");
	}

	/** Frees all, also what is still referred to; as far as a GPU that has failed will still do that. */
	void close() {
		synchronized (gpu) {
			if (scratch != null) permanent.add(scratch);
			inUse.forEach(grave -> permanent.add(grave.block));
			idle.values().forEach(permanent::addAll);
			permanent.forEach(block -> gpu.ask(() -> JCudaDriver.cuMemFree(block.pointer)));
		}
	}
}
