package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class KernelSimilarityTest {

	private static final Plane SMALL = new Plane(new float[] { 1, 2, 0, 0, 3, 0, 0, 0, 0 }, 3, 3);

	@Test
	void neitherPlaceNorScaleNorSizeMatters() {
		final Plane large = new Plane(7, 5);
		large.pixels()[3 * 7 + 4] = 2;
		large.pixels()[3 * 7 + 5] = 4;
		large.pixels()[4 * 7 + 5] = 6;
		assertEquals(1, KernelSimilarity.of(SMALL, large).value(), 1e-9);
		final KernelSimilarity back = KernelSimilarity.of(large, SMALL);
		assertEquals(1, back.value(), 1e-9);
		// the 1 is at (-1, -1) from the middle of one, at (1, 1) from that of the other
		assertEquals(2, back.dx());
		assertEquals(2, back.dy());
	}

	/** A point fits best where the kernel is largest: 3 / sqrt(1 + 4 + 9). */
	@Test
	void byHand() {
		assertEquals(3 / Math.sqrt(14), KernelSimilarity.of(SMALL, new Plane(new float[] { 1 }, 1, 1)).value(), 1e-9);
		// turned around, the 2 and the 3 exchange their places: 2 * 3 + 3 * 2 + ...
		assertEquals((3 * 2 + 2 * 3) / 14.0, KernelSimilarity.of(SMALL, SMALL.rotated180()).value(), 1e-9);
		assertThrows(IllegalArgumentException.class, () -> KernelSimilarity.of(SMALL, new Plane(3, 3)));
	}
}
