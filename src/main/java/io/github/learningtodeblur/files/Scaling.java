package io.github.learningtodeblur.files;

/** From a file's values to those of planes: (value - offset) / factor, in double. */
record Scaling(double factor, double offset) {

	/**
	 * Values of this many times their range have too few digits left in a float: 14 bits of 24 for what changes in
	 * the picture.
	 */
	private static final double FAR = 1024;

	/** In place of the value of white. */
	static final double MEASURED = -1;

	/**
	 * Integers up to 16 bits: their type's range becomes 0 to 1. Else these are measurements: what lies below 1 stays
	 * as it is, and what goes above is divided by the largest value, but for values far from 0: of these the smallest
	 * becomes 0.
	 *
	 * @param white the value of white if the file names it, 0 if its format does, {@link #MEASURED} if nothing does
	 * @param min of the values that are finite
	 * @param max below {@code min} if none are
	 */
	static Scaling of(final SampleFormat format, final double white, final double min, final double max) {
		if (white > 0) return new Scaling(white, 0);
		if (!isMeasured(format, white)) return new Scaling((1 << format.bits()) - 1,
			format.kind() == SampleFormat.Kind.SIGNED ? -(1 << format.bits() - 1) : 0);
		if (max > min && Math.max(Math.abs(min), Math.abs(max)) > FAR * (max - min)) return new Scaling(max - min,
			min);
		return new Scaling(max > 1 ? max : 1, 0);
	}

	/** Whether the values themselves must tell their range. */
	static boolean isMeasured(final SampleFormat format, final double white) {
		return white <= 0 && (white == MEASURED || format.isFloat() || format.bits() > 16);
	}

	/** With 1 - x for x: for files in which large values are dark. */
	Scaling inverted() {
		return new Scaling(-factor, offset + factor);
	}

	float scaled(final double value) {
		return (float) ((value - offset) / factor) + 0f; // no -0
	}
}
