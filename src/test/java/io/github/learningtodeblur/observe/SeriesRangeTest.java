package io.github.learningtodeblur.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.util.Plane;

class SeriesRangeTest {

	private static final Plane SCENE = Disturbances.shakenStreet().blurry();
	private static final ValueRange OWN = Observation.of(SCENE).range();

	private static Plane lit(final double gain, final double offset) {
		return Disturbances.ranged(SCENE, gain, offset);
	}

	/** A film that gets a little brighter and darker, with a flash and a black frame. */
	private static SeriesRange film() {
		return SeriesRange.of(9, i -> i == 4 ? lit(30, 0) : i == 6 ? new Plane(SCENE.width(), SCENE.height()) : lit(1 + 0.02 * (i % 3), 0));
	}

	@Test
	void framesHaveOneRange() {
		final SeriesRange film = film();
		final Observation first = Observation.of(SCENE, film), second = Observation.of(lit(1.1, 0.01), film);
		assertEquals(first.range(), second.range());
		assertEquals(8, first.rangePlanes(), "but for the black one");
		assertEquals(OWN.high(), first.range().high(), 0.06 * OWN.high(), "the flash does not count");
		// and what was restored comes back in its own values
		assertEquals(SCENE.get(50, 60), first.result(first.image()).get(50, 60), 1e-5);
		assertNull(Observation.of(new Plane(64, 64), film).range());
	}

	/** Values stay in about [0, 1] in a frame that is much darker or brighter, or lies elsewhere. */
	@Test
	void rangesFollowWhatIsQuiteDifferent() {
		final SeriesRange film = film();
		for (final double[] light : new double[][] { { 0.02, 0 }, { 0.1, 0.3 }, { 7, 0 }, { 1, 12 }, { 1, -5 } }) {
			final ValueRange range = Observation.of(lit(light[0], light[1]), film).range();
			final double low = light[1] + light[0] * OWN.low(), high = light[1] + light[0] * OWN.high(), width = high - low;
			assertTrue(range.low() > low - 0.4 * width && range.low() < low + 0.4 * width, light[0] + ": from " + range.low());
			assertTrue(range.high() > high - 0.8 * width && range.high() < high + 0.8 * width, light[0] + ": to " + range.high());
			// in steps: a little more light changes nothing
			assertEquals(range, Observation.of(lit(1.0001 * light[0], light[1]), film).range());
		}
	}

	@Test
	void someFramesOfManyAreLookedAt() {
		final List<Integer> asked = new ArrayList<>();
		SeriesRange.of(100_000, i -> {
			asked.add(i);
			return SCENE;
		});
		assertEquals(9, asked.size());
		assertEquals(List.of(0, 99_999), List.of(asked.get(0), asked.get(8)));
		assertEquals(SeriesRange.OWN, SeriesRange.of(1, i -> {
			throw new IllegalStateException("a single picture is looked at later");
		}));
		assertEquals(OWN, Observation.of(SCENE, SeriesRange.of(3, i -> new Plane(64, 64))).range(), "nothing but black frames");
	}
}
