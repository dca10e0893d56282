package io.github.learningtodeblur.backend.cuda;

import io.github.learningtodeblur.backend.Buffer;
import io.github.learningtodeblur.backend.Tensor;

/** Values in the device's memory, which is free again some time after nobody refers to this any more: see {@link Memory}. */
final class DeviceBuffer implements Buffer {

	private final DevicePointer pointer;

	DeviceBuffer(final DevicePointer pointer) {
		this.pointer = pointer;
	}

	static DevicePointer of(final Tensor t) {
		return ((DeviceBuffer) t.buffer()).pointer;
	}

	/** Where a batch element begins. */
	static long address(final Tensor t, final int batch) {
		return of(t).address() + (long) batch * t.channels() * t.height() * t.width() * Float.BYTES;
	}
}
