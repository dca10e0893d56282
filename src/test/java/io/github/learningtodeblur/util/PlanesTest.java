package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;

class PlanesTest {

	@Test
	void kernelsOfOneSizeAreABatch() {
		final Plane small = new Plane(3, 3), wide = new Plane(5, 3), large = new Plane(5, 5);
		assertEquals(List.of(List.of(0, 2, 5), List.of(1), List.of(3, 4)), Planes.bySize(List.of(small, wide, small, large,
			large, small), 100));
		assertEquals(List.of(), Planes.bySize(List.of(), 100));
	}

	/** The larger the image, the fewer at a time. */
	@Test
	void batchesFitIntoMemory() {
		final List<Plane> five = Collections.nCopies(5, new Plane(3, 3));
		assertEquals(List.of(List.of(0, 1, 2, 3, 4)), Planes.bySize(five, 200_000));
		assertEquals(List.of(List.of(0, 1), List.of(2, 3), List.of(4)), Planes.bySize(five, 500_000));
		assertEquals(5, Planes.bySize(five, 100_000_000).size());
	}

	/** Also of even sizes, whose middle is the right one of two. */
	@Test
	void framed() {
		final Plane two = new Plane(new float[] { 1, 2, 3, 4, 5, 6 }, 2, 3), larger = Planes.framed(two, 5);
		assertEquals(new Plane(new float[] { 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 3, 4, 0, 0, 0, 5, 6, 0, 0, 0, 0, 0, 0, 0 }, 5, 5), larger);
		assertEquals(new Plane(new float[] { 1, 2, 0, 3, 4, 0, 5, 6, 0 }, 3, 3), Planes.framed(larger, 3));
		assertEquals(new Plane(new float[] { 4 }, 1, 1), Planes.framed(two, 1));
	}

	@Test
	void aPointChangesNothing() {
		final Plane point = Planes.point(9);
		assertEquals(1, point.get(4, 4));
		assertEquals(1, point.sum());
		assertTrue(Planes.isPoint(point));
		point.pixels()[40] = 0.5f;
		assertTrue(Planes.isPoint(point), "only darker");
		point.pixels()[41] = 0.5f;
		assertFalse(Planes.isPoint(point));
		final Plane moved = new Plane(9, 9);
		moved.pixels()[41] = 1;
		assertFalse(Planes.isPoint(moved), "it moves");
	}
}
