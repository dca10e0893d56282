package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

class WrapAroundTest {

	private static Plane noise(final int width, final int height) {
		final Random random = new Random(width * 100 + height);
		final Plane p = new Plane(width, height);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = random.nextFloat();
		return p;
	}

	@Test
	void byHand() {
		// three steps of half a cosine: 0.1464, 0.5, 0.8536
		final Plane row = WrapAround.extend(new Plane(new float[] { 1, 5, 0 }, 3, 1), 6, 1);
		assertArrayEquals(new float[] { 1, 5, 0, 0.146447f, 0.5f, 0.853553f }, row.pixels(), 1e-6f);
		final Plane column = WrapAround.extend(new Plane(new float[] { 1, 5, 0 }, 1, 3), 1, 6);
		assertArrayEquals(row.pixels(), column.pixels());
	}

	@Test
	void imageStaysInTheUpperLeftCorner() {
		final Plane p = noise(7, 5);
		assertEquals(p, WrapAround.extend(p, 12, 9).crop(0, 0, 7, 5));
		assertEquals(p, WrapAround.extend(p, 7, 5));
		assertEquals(p, WrapAround.extend(p, 7, 9).crop(0, 0, 7, 5));
	}

	@Test
	void constantStaysConstant() {
		final Plane p = new Plane(4, 3);
		Arrays.fill(p.pixels(), 0.3f);
		for (final float v : WrapAround.extend(p, 9, 8).pixels())
			assertEquals(0.3f, v, 1e-7f);
	}

	/** No new extremes, and no step in the extension larger than that of the steepest half cosine. */
	@Test
	void goesRoundSmoothly() {
		final Plane p = noise(9, 8), e = WrapAround.extend(p, 25, 24);
		final double largest = Math.PI / 2 / 17;
		for (int y = 0; y < 24; y++)
			for (int x = 0; x < 25; x++) {
				final float v = e.get(x, y);
				assertTrue(v >= 0 && v <= 1);
				if (x >= 8) assertEquals(v, e.get((x + 1) % 25, y), largest, "to the right of " + x + "," + y);
				if (y >= 7) assertEquals(v, e.get(x, (y + 1) % 24), largest, "below " + x + "," + y);
			}
	}

	@Test
	void refusesToCut() {
		assertThrows(IllegalArgumentException.class, () -> WrapAround.extend(new Plane(4, 3), 3, 5));
		assertThrows(IllegalArgumentException.class, () -> WrapAround.extend(new Plane(4, 3), 5, 2));
	}
}
