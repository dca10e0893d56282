package io.github.learningtodeblur.util;

/** Finds values by their rank without sorting all of them (Hoare, <em>Algorithm 65: Find</em>, 1961): several times as fast. */
public final class Selection {

	private Selection() {}

	/**
	 * The value that sorting would put at a place.
	 *
	 * @param values no NaN among the first {@code count}; these are put in another order
	 * @param count at least 1
	 * @param rank 0 for the smallest, up to {@code count - 1}
	 */
	public static float of(final float[] values, final int count, final int rank) {
		if (count < 1 || count > values.length || rank < 0 || rank >= count) throw new IllegalArgumentException("Rank " + rank +
			" of " + count + " of " + values.length + " values");
		int first = 0, last = count - 1;
		while (first < last) {
			final float pivot = median(values[first], values[(first + last) >>> 1], values[last]);
			int i = first, j = last;
			while (i <= j) {
				while (values[i] < pivot)
					i++;
				while (values[j] > pivot)
					j--;
				if (i > j) break;
				final float swap = values[i];
				values[i++] = values[j];
				values[j--] = swap;
			}
			if (rank <= j) last = j;
			else if (rank >= i) first = i;
			else break;
		}
		return values[rank];
	}

	private static float median(final float a, final float b, final float c) {
		return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
	}
}
