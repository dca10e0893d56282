package io.github.learningtodeblur.batch;

import java.io.IOException;

import io.github.learningtodeblur.util.Plane;

/** Where the kernels of a volume are kept, so that a person can look at them, and put others in their place. */
public interface KernelStore {

	/**
	 * @param place see {@link VolumeLayout#kernels}
	 * @return the kernel, in the middle of a frame of odd sides; null or nothing but 0 if there is none, and the nearest is to be taken
	 */
	Plane read(long[] place) throws IOException;

	/** Whole, or not at all. */
	void write(long[] place, Plane kernel) throws IOException;
}
