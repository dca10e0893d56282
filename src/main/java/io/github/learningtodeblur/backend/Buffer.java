package io.github.learningtodeblur.backend;

/** Opaque storage of a device; only the backend that made it knows what is inside. */
public interface Buffer {

	/** The values themselves if they lie in the JVM's heap, for whoever would copy them else; null if they do not. */
	default float[] hostArray() {
		return null;
	}
}
