package io.github.learningtodeblur.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.train.Imperfections.Change;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.ValidConvolution;

class ImperfectionsTest {

	private static Plane noise(final int width, final int height) {
		final SplittableRandom random = new SplittableRandom(3);
		final Plane p = new Plane(width, height);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = random.nextFloat();
		return p;
	}

	private static Plane kernel() {
		return BlurFamilies.of("camera-shake").sample(15, new SplittableRandom(5));
	}

	@Test
	void blurChangesFromOneBorderToTheOther() {
		final Plane sharp = noise(60, 50), a = new Plane(3, 3), b = new Plane(3, 3);
		a.pixels()[3] = 1;
		b.pixels()[5] = 1;
		final Plane out = new Change(a, b, 1, 0).convolve(sharp);
		final Plane left = ValidConvolution.convolve(sharp, a), right = ValidConvolution.convolve(sharp, b);
		for (int y = 0; y < out.height(); y++) {
			for (final int x : new int[] { 0, 20, 57 }) {
				final double part = 0.5 + (x - 28.5) / 58;
				assertEquals((1 - part) * left.get(x, y) + part * right.get(x, y), out.get(x, y), 1e-5);
			}
		}
	}

	/** What is known of the blur is its mean: nothing is smoothed that a restoration would not be told. */
	@Test
	void kernelIsTheMean() {
		final Imperfections imperfections = new Imperfections(0.8, 0);
		final SplittableRandom random = new SplittableRandom(1);
		int changed = 0;
		for (int i = 0; i < 100; i++) {
			final Plane kernel = kernel();
			final Change change = imperfections.change(kernel, random);
			if (change == null) continue;
			changed++;
			assertEquals(1, change.first().sum(), 1e-5);
			assertEquals(1, change.right() * change.right() + change.down() * change.down(), 1e-9);
			for (int j = 0; j < kernel.pixels().length; j++)
				assertEquals((change.first().pixels()[j] + change.second().pixels()[j]) / 2, change.mean().pixels()[j], 1e-7);
			// the middle of a picture has it
			final Plane point = new Plane(91, 91);
			point.pixels()[45 * 91 + 45] = 1;
			final Plane seen = change.convolve(point);
			double difference = 0;
			for (int y = 0; y < 15; y++)
				for (int x = 0; x < 15; x++)
					difference += Math.abs(seen.get(38 - 7 + x, 38 - 7 + y) - change.mean().get(x, y));
			assertTrue(difference < 0.2, "difference " + difference);
		}
		assertTrue(changed > 30 && changed < 70, "changed " + changed);
	}

	/** No part of a kernel is moved farther than was said. */
	@Test
	void rimMovesByLessThanVariation() {
		final Plane rim = new Plane(15, 15);
		rim.pixels()[7 * 15 + 14] = 1;
		final SplittableRandom random = new SplittableRandom(9);
		double most = 0;
		for (int i = 0; i < 500; i++) {
			final Change change = new Imperfections(0.8, 0).change(rim, random);
			if (change == null) continue;
			double x = 0, y = 0;
			for (int j = 0; j < 225; j++) {
				x += change.first().pixels()[j] * (j % 15 - 14);
				y += change.first().pixels()[j] * (j / 15 - 7);
			}
			most = Math.max(most, Math.hypot(x, y));
		}
		assertTrue(most > 0.4 && most < 0.8, "most " + most);
	}

	@Test
	void jpegLosesLittle() {
		final Plane smooth = new Plane(64, 48);
		for (int i = 0; i < smooth.pixels().length; i++)
			smooth.pixels()[i] = (float) (0.5 + 0.3 * Math.sin(i % 64 * 0.2) * Math.cos(i / 64 * 0.15));
		final double good = Score.of(Imperfections.jpeg(smooth, 0.97f), smooth).psnr(), bad = Score.of(Imperfections.jpeg(smooth, 0.2f), smooth).psnr();
		assertTrue(good > 42 && bad > 25 && bad < good - 3, good + " " + bad);
	}

	@Test
	void shareOfFiles() {
		final SplittableRandom random = new SplittableRandom(2);
		final Plane p = noise(16, 16);
		int stored = 0;
		for (int i = 0; i < 200; i++)
			if (new Imperfections(0, 0.2).stored(p, random) != p) stored++;
		assertTrue(stored > 20 && stored < 60, "stored " + stored);
		assertSame(p, Imperfections.NONE.stored(p, random));
		assertNull(Imperfections.NONE.change(p, random));
	}

	@Test
	void examplesCarryTheMeanKernel() {
		final SharpImages images = SharpImages.of(List.of(noise(120, 120)), SharpImages.Selection.ALL);
		final ExamplePlan plan = new ExamplePlan(64, 9, 0, 0, 0, 1, 0, 0, false, true, new Imperfections(2, 0));
		double worst = 0;
		for (int i = 0; i < 20; i++) {
			final ExampleSource.Example e = new ExampleSource(images, BlurFamilies.of("camera-shake"), plan).example(i);
			assertNotNull(e.sharp());
			assertEquals(1, e.kernel().sum(), 1e-5);
			final Plane again = ValidConvolution.convolve(e.sharp(), e.kernel());
			double sum = 0;
			for (int y = 0; y < again.height(); y++)
				for (int x = 0; x < again.width(); x++)
					sum += Math.abs(again.get(x, y) - e.blurry().get(x + 4, y + 4));
			worst = Math.max(worst, sum / again.pixels().length);
		}
		assertTrue(worst > 0.002 && worst < 0.1, "worst " + worst);
	}

	@Test
	void refused() {
		assertThrows(IllegalArgumentException.class, () -> new Imperfections(-1, 0));
		assertThrows(IllegalArgumentException.class, () -> new Imperfections(0, 1.1));
	}
}
