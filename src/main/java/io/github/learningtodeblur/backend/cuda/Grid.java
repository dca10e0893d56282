package io.github.learningtodeblur.backend.cuda;

/**
 * How a kernel is launched.
 *
 * @param x,y,z blocks; y and z at most 65535
 * @param threads in a block
 * @param shared bytes of shared memory in a block
 */
record Grid(int x, int y, int z, int threads, int shared) {

	/** Bytes of shared memory that a block of every device can have. */
	static final int MOST_SHARED = 48 << 10;

	/** Threads of kernels that need no particular number. */
	static final int THREADS = 256;
	private static final int MOST = 65535;

	Grid {
		if (shared > MOST_SHARED) throw new IllegalArgumentException("A block can't have " + shared + " bytes of shared memory");
		y = Math.min(MOST, y);
		z = Math.min(MOST, z);
	}

	/** A thread for each value of a plane; kernels walk over planes if there are too many. */
	static Grid over(final int values, final int planes) {
		return new Grid(blocks(values, THREADS), planes, 1, THREADS, 0);
	}

	/** As {@link #over}, with room for sums over a block. */
	static Grid summing(final int values, final int planes) {
		return new Grid(blocks(values, THREADS), planes, 1, THREADS, THREADS * Double.BYTES);
	}

	/** One block for each element, which sums up. */
	static Grid oneEach(final int elements) {
		return new Grid(elements, 1, 1, THREADS, THREADS * Double.BYTES);
	}

	static int blocks(final int n, final int each) {
		return (n + each - 1) / each;
	}
}
