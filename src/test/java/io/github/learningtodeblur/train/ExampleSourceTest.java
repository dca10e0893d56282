package io.github.learningtodeblur.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.train.ExampleSource.Example;
import io.github.learningtodeblur.train.SharpImages.Selection;
import io.github.learningtodeblur.util.Plane;

class ExampleSourceTest {

	private static final BlurFamily SHAKE = BlurFamilies.of("camera-shake");

	private static Plane noise(final int width, final int height, final long seed) {
		final Random random = new Random(seed);
		final Plane p = new Plane(width, height);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = random.nextFloat();
		return p;
	}

	private static SharpImages images() {
		return SharpImages.of(List.of(noise(60, 50, 1), noise(45, 80, 2)), Selection.ALL);
	}

	@Test
	void examplesAreAFunctionOfSeedAndNumber() {
		final ExamplePlan plan = new ExamplePlan(24, 9, 7);
		final ExampleSource one = new ExampleSource(images(), SHAKE, plan);
		final ExampleSource two = new ExampleSource(images(), SHAKE, plan);
		final List<Example> forward = LongStream.range(0, 20).mapToObj(one::example).toList();
		final List<Example> parallel = LongStream.range(0, 20).parallel().mapToObj(two::example).toList();
		assertEquals(forward, parallel);
		assertEquals(forward.get(13), two.example(13));
		assertEquals(20, forward.stream().map(Example::kernel).distinct().count());
		assertEquals(20, forward.stream().map(Example::blurry).distinct().count());
		assertNotEquals(forward.get(0), new ExampleSource(images(), SHAKE, new ExamplePlan(24, 9, 8))
			.example(0));
		assertNull(forward.get(0).sharp());
		assertEquals(24, forward.get(0).blurry().width());
		assertEquals(9, forward.get(0).kernel().width());
	}

	@Test
	void theSharpImageLiesUnderTheBlurryOne() {
		// A family that does not blur: both must be equal
		final BlurFamily none = (size, random) -> {
			final Plane kernel = new Plane(size, size);
			kernel.pixels()[size * size / 2] = 1;
			return kernel;
		};
		final Example example = new ExampleSource(images(), none, new ExamplePlan(24, 9, 1).withNoise(0,
			0).withSharp()).example(5);
		assertArrayEquals(example.sharp().pixels(), example.blurry().pixels(), 1e-6f);
	}

	@Test
	void noiseHasTheStandardDeviationOfThePlan() {
		final SharpImages grey = SharpImages.of(List.of(new Plane(200, 200)), Selection.ALL);
		final ExamplePlan plan = new ExamplePlan(128, 9, 0.02, 0.02, 0, 1, 0.05, 0, false, false, Imperfections.NONE);
		assertEquals(0.02, deviation(new ExampleSource(grey, SHAKE, plan).example(1).blurry()), 0.02 * 5 /
			Math.sqrt(2 * 128 * 128)); // five standard errors
		final ExampleSource range = new ExampleSource(grey, SHAKE, plan.withNoise(0.01, 0.05));
		final double[] deviations = LongStream.range(0, 100).mapToDouble(i -> deviation(range.example(i)
			.blurry())).sorted().toArray();
		assertTrue(deviations[0] > 0.0095 && deviations[0] < 0.013, "smallest " + deviations[0]);
		assertTrue(deviations[99] < 0.0525 && deviations[99] > 0.047, "largest " + deviations[99]);
	}

	/** Most pictures have less noise than the middle of a range that few leave. */
	@Test
	void littleNoiseIsDrawnAsOftenAsMuch() {
		final ExampleSource source = new ExampleSource(SharpImages.of(List.of(new Plane(200, 200)), Selection.ALL), SHAKE, new ExamplePlan(128, 9,
			0, 0.04, 0, 1, 0.05, 0, false, false, Imperfections.NONE));
		final double[] deviations = LongStream.range(0, 200).mapToDouble(i -> deviation(source.example(i).blurry())).toArray();
		for (final double[] partAndBelow : new double[][] { { 0.25, 0.0025 }, { 0.5, 0.01 }, { 0.75, 0.0225 }, { 1, 0.0425 } })
			assertEquals(partAndBelow[0], Arrays.stream(deviations).filter(d -> d < partAndBelow[1]).count() / 200.0, 0.1, "below " +
				partAndBelow[1]);
	}

	@Test
	void shotNoiseGrowsWithTheLight() {
		final Plane grey = new Plane(200, 200);
		Arrays.fill(grey.pixels(), 0.25f);
		ExampleSource.addNoise(grey, 0.03, 0.08, new java.util.SplittableRandom(1));
		final double[] values = LongStream.range(0, grey.pixels().length).mapToDouble(i -> grey
			.pixels()[(int) i] - 0.25).toArray();
		double square = 0;
		for (final double v : values)
			square += v * v;
		assertEquals(0.05, Math.sqrt(square / values.length), 0.05 * 5 / Math.sqrt(2 * 40000)); // 3, 4, 5
		final Plane bright = new Plane(200, 200);
		Arrays.fill(bright.pixels(), 1);
		final SharpImages images = SharpImages.of(List.of(bright), Selection.ALL);
		final ExampleSource source = new ExampleSource(images, SHAKE, new ExamplePlan(128, 9, 0, 0, 0.1, 1,
			0.05, 0, false, false, Imperfections.NONE));
		final double[] deviations = LongStream.range(0, 100).mapToDouble(i -> {
			final Plane p = source.example(i).blurry();
			for (int j = 0; j < p.pixels().length; j++)
				p.pixels()[j] -= 1;
			return deviation(p);
		}).sorted().toArray();
		assertTrue(deviations[0] < 0.01 && deviations[99] > 0.09 && deviations[99] < 0.105, deviations[0] +
			" to " + deviations[99]);
	}

	private static double deviation(final Plane plane) {
		double square = 0;
		for (final float v : plane.pixels())
			square += v * v;
		return Math.sqrt(square / plane.pixels().length);
	}

	@Test
	void gradientsAreCountedInBothDirections() {
		final Plane stripes = new Plane(21, 21);
		for (int i = 0; i < 441; i++)
			stripes.pixels()[i] = i % 21 % 2 * 0.1f;
		assertEquals(0, ExampleSource.gradients(stripes, 0.05f)); // none in y
		final Plane board = new Plane(21, 21);
		for (int i = 0; i < 441; i++)
			board.pixels()[i] = (i % 21 + i / 21) % 2 * 0.1f;
		assertEquals(1, ExampleSource.gradients(board, 0.05f));
		assertEquals(0, ExampleSource.gradients(board, 0.11f));
		final Plane dot = new Plane(11, 11);
		dot.pixels()[60] = 1;
		assertEquals(2 / 100.0, ExampleSource.gradients(dot, 0.05f));
	}

	@Test
	void flatCropsAreRejected() {
		// Left half black, right half noise: crops must reach into the noise
		final Plane half = noise(200, 60, 4);
		for (int i = 0; i < half.pixels().length; i++)
			if (i % 200 < 100) half.pixels()[i] = 0;
		final SharpImages images = SharpImages.of(List.of(half), Selection.ALL);
		final ExampleSource source = new ExampleSource(images, SHAKE, new ExamplePlan(24, 9, 1)
			.withSharp());
		for (int i = 0; i < 100; i++)
			assertTrue(deviation(source.example(i).sharp()) > 0.05);
		assertTrue(source.meanTries() > 1.3 && source.meanTries() < 3, "tries " + source.meanTries());

		final ExampleSource flat = new ExampleSource(SharpImages.of(List.of(new Plane(60, 60)),
			Selection.ALL), SHAKE, new ExamplePlan(24, 9, 1));
		assertEquals(24, flat.example(0).blurry().width()); // gives up, but gives
		assertEquals(ExampleSource.MAX_TRIES, flat.meanTries());
	}

	@Test
	void badPlansAreRefused() {
		assertThrows(IllegalArgumentException.class, () -> new ExamplePlan(24, 8, 1));
		assertThrows(IllegalArgumentException.class, () -> new ExamplePlan(4, 9, 1));
		assertThrows(IllegalArgumentException.class, () -> new ExamplePlan(24, 9, 1).withNoise(0.2, 0.1));
		assertThrows(IllegalArgumentException.class, () -> new ExamplePlan(24, 9, 1).withShotNoise(-1));
		assertThrows(IllegalArgumentException.class, () -> new ExampleSource(images(), SHAKE,
			new ExamplePlan(64, 9, 1)));
	}
}
