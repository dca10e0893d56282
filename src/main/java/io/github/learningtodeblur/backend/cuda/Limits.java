package io.github.learningtodeblur.backend.cuda;

/**
 * What is worked on at once. Beyond, results are the same, but for rounding.
 *
 * @param line complex numbers of the longest line that is transformed in shared memory, which has it twice
 * @param scratch bytes of scratch memory that an operation on many images should not exceed
 */
record Limits(int line, long scratch) {

	/** As much as every GPU has. */
	static final Limits USUAL = new Limits(Grid.MOST_SHARED / (4 * Float.BYTES), 256L << 20);
}
