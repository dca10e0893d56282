package io.github.learningtodeblur.backend;

/** Sizes of Fourier transforms that all devices are good at: even products of 2, 3 and 5. */
public final class TransformSize {

	private TransformSize() {}

	/** The smallest one that is at least {@code n}. */
	public static int atLeast(final int n) {
		for (int size = Math.max(2, n + n % 2);; size += 2) {
			int rest = size;
			for (final int p : new int[] { 2, 3, 5 })
				while (rest % p == 0)
					rest /= p;
			if (rest == 1) return size;
		}
	}

	/** @throws IllegalArgumentException unless both are such sizes */
	public static void check(final int height, final int width) {
		if (height < 2 || width < 2 || atLeast(height) != height || atLeast(width) != width) throw new IllegalArgumentException(
			"Transform sizes must be even products of 2, 3 and 5, got " + width + "x" + height);
	}
}
