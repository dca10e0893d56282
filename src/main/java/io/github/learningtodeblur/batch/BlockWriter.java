package io.github.learningtodeblur.batch;

import java.io.IOException;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.FloatType;

/** Where the blocks of a restored volume go. */
@FunctionalInterface
public interface BlockWriter {

	/**
	 * Writes whole chunks, and may be called again for the same ones.
	 *
	 * @param block at its place in the volume
	 * @return values that did not fit the type of the volume, and were cut off
	 */
	long write(RandomAccessibleInterval<FloatType> block) throws IOException;
}
