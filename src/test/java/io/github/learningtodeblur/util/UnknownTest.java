package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

class UnknownTest {

	private static Plane ramp() {
		final Plane p = new Plane(41, 30);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = i % 41 / 40f;
		return p;
	}

	private static Plane withHole(final Plane p, final int x0, final int y0, final int w, final int h) {
		final Plane out = p.copy();
		for (int y = y0; y < y0 + h; y++)
			for (int x = x0; x < x0 + w; x++)
				out.pixels()[y * p.width() + x] = Float.NaN;
		return out;
	}

	@Test
	void aGuessContinuesWhatIsAround() {
		final Plane guess = Unknown.filled(withHole(ramp(), 12, 8, 14, 11));
		for (int i = 0; i < guess.pixels().length; i++)
			assertEquals(ramp().pixels()[i], guess.pixels()[i], 0.12);
		assertEquals(0, Unknown.filled(withHole(new Plane(5, 4), 0, 0, 5, 4)).sum());
	}

	@Test
	void nothingIsDoneIfAllIsKnown() {
		final Plane p = ramp();
		assertSame(p, Unknown.filled(p));
		assertSame(p, Unknown.marked(p, p));
	}

	@Test
	void resizingKeepsWhatIsUnknown() {
		final Plane half = Resampling.resize(withHole(ramp(), 10, 10, 10, 10), 20, 15);
		assertTrue(Float.isNaN(half.get(7, 7)));
		assertTrue(!Float.isNaN(half.get(3, 7)) && !Float.isNaN(half.get(7, 3)));
		assertEquals(0.25, Unknown.fraction(Resampling.resize(withHole(new Plane(20, 20), 0, 0, 10, 10), 10, 10)), 1e-9);
	}

	@Test
	void aMaskSaysWhatIsBelieved() {
		final Plane mask = new Plane(41, 30);
		Arrays.fill(mask.pixels(), 41, 41 * 30, 3);
		mask.pixels()[100] = Float.NaN;
		final Plane masked = Unknown.masked(ramp(), mask);
		for (int i = 0; i < masked.pixels().length; i++)
			if (i < 41 || i == 100) assertTrue(Float.isNaN(masked.pixels()[i]));
			else assertEquals(ramp().pixels()[i], masked.pixels()[i]);
		final Plane back = Unknown.unmasked(new Plane(41, 30), ramp(), mask);
		for (int i = 0; i < back.pixels().length; i++)
			assertEquals(i < 41 || i == 100 ? ramp().pixels()[i] : 0, back.pixels()[i]);
		assertEquals("The mask must be as large as the image: it has 30x41 pixels, the image 41x30", assertThrows(
			IllegalArgumentException.class, () -> Unknown.masked(ramp(), new Plane(30, 41))).getMessage());
		assertThrows(IllegalArgumentException.class, () -> Unknown.masked(ramp(), new Plane(41, 30)));
	}

	/** The box around what is known is left. */
	@Test
	void marginsOfNothingAreCutOff() {
		final Plane p = new Plane(40, 30);
		Arrays.fill(p.pixels(), Float.NaN);
		assertSame(p, Unknown.cropped(p));
		for (int y = 10; y < 28; y++)
			for (int x = 30; x < 39; x++)
				if (x + y > 42) p.pixels()[y * 40 + x] = 100 * x + y;
		assertEquals(p.crop(30, 10, 9, 18), Unknown.cropped(p));
		final Plane all = new Plane(4, 3);
		assertSame(all, Unknown.cropped(all));
	}
}
