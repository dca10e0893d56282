package io.github.learningtodeblur.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.util.Plane;

class KernelMeanTest {

	private static Plane kernel(final int... weighted) {
		final Plane k = new Plane(5, 5);
		for (int i = 0; i < weighted.length; i += 2)
			k.pixels()[weighted[i]] = weighted[i + 1] / 8f;
		return k;
	}

	/** Three bars at different places, one of them longer at an end: they meet where two of them lie. */
	@Test
	void movedToTheMostTypical() {
		final Plane bar = kernel(11, 4, 12, 4), moved = kernel(17, 4, 18, 4), longer = kernel(10, 1, 11, 4, 12, 4);
		final float sum = 3 + 1 / 8f;
		final Plane mean = KernelMean.of(List.of(moved, bar, longer));
		assertEquals(1, mean.sum(), 1e-6);
		// the first of the two that are alike says where
		assertArrayEquals(new float[] { 0.125f / sum, 1.5f / sum, 1.5f / sum }, new float[] { mean.get(1, 3), mean.get(2, 3), mean.get(3,
			3) }, 1e-6f);
	}

	@Test
	void ofOneItself() {
		assertEquals(kernel(11, 2, 12, 6), KernelMean.of(List.of(kernel(11, 2, 12, 6))));
	}
}
