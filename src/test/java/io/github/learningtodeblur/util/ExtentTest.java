package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ExtentTest {

	@Test
	void bordersAndMiddle() {
		final Plane k = new Plane(9, 7);
		k.pixels()[2 * 9 + 1] = 1;
		k.pixels()[5 * 9 + 6] = 0.5f;
		k.pixels()[6 * 9 + 8] = 0.02f;
		k.pixels()[0] = -1;
		assertEquals(new Extent(1, 2, 6, 5), Extent.of(k, Extent.NOTICEABLE));
		assertEquals(4, Extent.of(k, 0.1).middleX());
		assertEquals(4, Extent.of(k, 0.1).middleY());
		assertEquals(new Extent(1, 2, 8, 6), Extent.of(k, 0));
		assertEquals(new Extent(1, 2, 1, 2), Extent.of(k, 0.5));
	}

	@Test
	void anEmptyKernelHasNone() {
		assertThrows(IllegalArgumentException.class, () -> Extent.of(new Plane(3, 3), 0));
	}

	@Test
	void debrisDoesNotMoveTheMiddleOfTheBulk() {
		final Plane k = new Plane(21, 15);
		for (int y = 4; y < 9; y++)
			for (int x = 6; x < 11; x++)
				k.pixels()[y * 21 + x] = 1;
		assertEquals(8, Extent.middleOfBulk(k)[0], 1e-6);
		assertEquals(6, Extent.middleOfBulk(k)[1], 1e-6);
		k.pixels()[14 * 21 + 20] = 0.2f;
		assertEquals(8, Extent.middleOfBulk(k)[0], 0.2);
		assertEquals(6, Extent.middleOfBulk(k)[1], 0.2);
		assertThrows(IllegalArgumentException.class, () -> Extent.middleOfBulk(new Plane(3, 3)));
	}
}
