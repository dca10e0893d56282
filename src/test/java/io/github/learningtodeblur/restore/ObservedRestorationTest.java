package io.github.learningtodeblur.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

class ObservedRestorationTest {

	private static final Restoration OBSERVED = new ObservedRestoration(new WienerRestoration());

	@Test
	void noBlurNoChange() {
		final Plane picture = Scene.sharp(70, 60, 4);
		assertEquals(picture, OBSERVED.restore(picture, Scene.point(9, 0, 0), Progress.NONE));
	}

	@Test
	void constantChannelsStay() {
		final Plane flat = new Plane(70, 60);
		flat.pixels()[100] = 7;
		assertEquals(flat, OBSERVED.restore(flat, Scene.hook(9), Progress.NONE));
	}

	@Test
	void unitsAreThoseOfThePicture() {
		final Plane blurry = Scene.photograph(Scene.sharp(90, 80, 3), Scene.hook(9), 0.002), kelvin = blurry.copy();
		for (int i = 0; i < kelvin.pixels().length; i++)
			kelvin.pixels()[i] = 290 + 10 * blurry.pixels()[i];
		final Plane expected = OBSERVED.restore(blurry, Scene.hook(9), Progress.NONE);
		for (int i = 0; i < kelvin.pixels().length; i++)
			expected.pixels()[i] = 290 + 10 * expected.pixels()[i];
		assertArrayEquals(expected.pixels(), OBSERVED.restore(kelvin, Scene.hook(9), Progress.NONE).pixels(), 0.01f);
		assertTrue(expected.sum() > 0);
	}
}
