package io.github.learningtodeblur.files;

/**
 * How a file stores its values.
 *
 * @param bits of a value; of those of a PGM with a largest value of 4095, 12
 */
public record SampleFormat(int bits, Kind kind) {

	/** What the bits mean. */
	public enum Kind {
		UNSIGNED, SIGNED, FLOAT
	}

	public SampleFormat {
		if (bits < 1 || bits > 64) throw new IllegalArgumentException("A value has 1 to 64 bits, got " + bits);
	}

	public boolean isFloat() {
		return kind == Kind.FLOAT;
	}

	/** Distance of neighbouring values in the file: 1 for integers, 0 (next to nothing) for floats. */
	public double step() {
		return isFloat() ? 0 : 1;
	}

	static SampleFormat unsigned(final int bits) {
		return new SampleFormat(bits, Kind.UNSIGNED);
	}
}
