package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is told of a plane as a whole. */
class PlaneTest {

	@Test
	void percentilesAreOfWhatIsKnown() {
		final Plane p = new Plane(new float[] { Float.NaN, 5, -1, 3, Float.NaN, 4, 2, 0, 1 }, 3, 3);
		assertEquals(-1, p.percentile(0));
		assertEquals(2, p.percentile(0.5));
		assertEquals(5, p.percentile(1));
		assertEquals(4, p.percentile(0.9));
		assertEquals(5, p.get(1, 0), "a plane is left as it is");
		assertTrue(Double.isNaN(new Plane(new float[] { Float.NaN }, 1, 1).percentile(0.5)));
	}
}
