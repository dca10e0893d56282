package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

/** Ranks are those of sorted values. */
class SelectionTest {

	@Test
	void sameAsSorted() {
		final SplittableRandom random = new SplittableRandom(3);
		for (int length = 1; length < 60; length++)
			for (final int levels : new int[] { 1, 2, 5, 1_000_000 }) {
				final float[] values = new float[length + 3];
				for (int i = 0; i < values.length; i++)
					values[i] = i < length ? random.nextInt(levels) - 2 : -9; // what is behind does not count
				final float[] sorted = Arrays.copyOf(values, length);
				Arrays.sort(sorted);
				for (int rank = 0; rank < length; rank++) {
					final float[] given = values.clone();
					assertEquals(sorted[rank], Selection.of(given, length, rank), length + " values, rank " + rank);
					final float[] left = Arrays.copyOf(given, length);
					Arrays.sort(left);
					assertEquals(0, Arrays.compare(sorted, left), "other values");
				}
			}
	}

	@Test
	void orderedValues() {
		final float[] rising = new float[10_001], falling = new float[10_001];
		for (int i = 0; i < rising.length; i++) {
			rising[i] = i;
			falling[i] = -i;
		}
		assertEquals(5000, Selection.of(rising, rising.length, 5000));
		assertEquals(-5000, Selection.of(falling, falling.length, 5000));
	}

	@Test
	void ranksThatAreNot() {
		for (final int[] wrong : new int[][] { { 0, 0 }, { 4, 0 }, { 3, 3 }, { 3, -1 } })
			assertThrows(IllegalArgumentException.class, () -> Selection.of(new float[3], wrong[0], wrong[1]));
	}
}
