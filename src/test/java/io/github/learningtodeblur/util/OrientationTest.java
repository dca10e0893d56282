package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

class OrientationTest {

	/** A B C over D E F. */
	private static final Plane IMAGE = new Plane(new float[] { 1, 2, 3, 4, 5, 6 }, 3, 2);

	@Test
	void turnsByHand() {
		assertSame(IMAGE, Orientation.turned(IMAGE, 1));
		assertEquals(new Plane(new float[] { 3, 2, 1, 6, 5, 4 }, 3, 2), Orientation.turned(IMAGE, 2), "mirrored");
		assertEquals(IMAGE.rotated180(), Orientation.turned(IMAGE, 3));
		assertEquals(new Plane(new float[] { 4, 1, 5, 2, 6, 3 }, 2, 3), Orientation.turned(IMAGE, 6), "quarter turn to the right");
	}

	@Test
	void everyTurnIsAnotherOneAndCanBeUndone() {
		final Set<Plane> all = new HashSet<>();
		for (int turn = 1; turn <= Orientation.COUNT; turn++) {
			final Plane turned = Orientation.turned(IMAGE, turn);
			all.add(turned);
			assertEquals(IMAGE, Orientation.turned(turned, Orientation.inverse(turn)), "turn " + turn);
		}
		assertEquals(Orientation.COUNT, all.size());
	}
}
