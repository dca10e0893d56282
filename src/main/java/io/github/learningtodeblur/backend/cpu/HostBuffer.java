package io.github.learningtodeblur.backend.cpu;

import io.github.learningtodeblur.backend.Buffer;
import io.github.learningtodeblur.backend.Tensor;

/** Floats in the JVM's heap. */
record HostBuffer(float[] values) implements Buffer {

	@Override
	public float[] hostArray() {
		return values;
	}

	static float[] of(final Tensor t) {
		return ((HostBuffer) t.buffer()).values;
	}
}
