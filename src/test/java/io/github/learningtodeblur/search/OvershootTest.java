package io.github.learningtodeblur.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.util.Plane;

class OvershootTest {

	@Test
	void pixelsBeyondATenthOfTheRangeCount() {
		final Plane blurry = new Plane(new float[] { 0.2f, 0.4f, 0.6f, 0.7f }, 2, 2);
		final Overshoot overshoot = new Overshoot(blurry);
		assertEquals(0, overshoot.of(blurry, 0.1f));
		// the range is 0.2 to 0.7: from 0.15 to 0.75 is not clearly outside
		assertEquals(0, overshoot.of(new Plane(new float[] { 0.16f, 0.4f, 0.6f, 0.74f }, 2, 2), 0.1f));
		assertEquals(0.75, overshoot.of(new Plane(new float[] { 0.14f, -9, 0.6f, 0.76f }, 2, 2), 0.1f));
	}
}
