package io.github.learningtodeblur.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.util.Orientation;
import io.github.learningtodeblur.util.Plane;

class PoseTest {

	/** However a picture comes, it is laid in one way. */
	@Test
	void turnsAndMirrorsAreUndone() {
		for (int seed = 0; seed < 20; seed++) {
			final Plane image = picture(seed);
			final Plane laid = Orientation.turned(image, Pose.of(image));
			assertEquals(1, Pose.of(laid));
			for (int turn = 1; turn <= Orientation.COUNT; turn++) {
				final Plane turned = Orientation.turned(image, turn);
				assertEquals(laid, Orientation.turned(turned, Pose.of(turned)), "picture " + seed + " turned by " + turn);
			}
		}
	}

	/** Rising steeply and falling slowly from left to right. */
	@Test
	void steepRisesLieToTheRight() {
		final Plane teeth = new Plane(40, 30);
		for (int i = 0; i < teeth.pixels().length; i++)
			teeth.pixels()[i] = 0.1f * (9 - i % 40 % 10);
		assertEquals(1, Pose.of(teeth));
		assertEquals(2, Pose.of(Orientation.turned(teeth, 2)));
	}

	/** With unknown pixels, as they travel with the picture; one of them would make every sum unknown. */
	private static Plane picture(final int seed) {
		final Random random = new Random(seed);
		final Plane p = new Plane(23, 31);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = random.nextInt(100) == 0 ? Float.NaN : random.nextFloat();
		return p;
	}
}
