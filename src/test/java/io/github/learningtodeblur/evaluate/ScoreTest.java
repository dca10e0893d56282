package io.github.learningtodeblur.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.KernelSimilarity;
import io.github.learningtodeblur.util.Plane;
import net.imglib2.converter.RealTypeConverters;
import net.imglib2.type.numeric.real.DoubleType;

class ScoreTest {

	@Test
	void equalImages() {
		final Plane image = noise(50, 44, 1);
		final Score score = Score.of(image.copy(), image);
		assertEquals(new Score(Double.POSITIVE_INFINITY, score.ssim(), 0, 0, 0), score);
		assertEquals(1, score.ssim(), 1e-12);
	}

	/** Of any type. */
	@Test
	void imagesOfImgLib2() {
		final Plane sharp = noise(50, 44, 2), bright = sharp.copy();
		for (int i = 0; i < bright.pixels().length; i++)
			bright.pixels()[i] += 0.1f;
		final var view = RealTypeConverters.convert(Images.img(bright),
			new DoubleType());
		assertEquals(Score.of(bright, sharp), Score.of(view, Images.img(sharp)));
		assertEquals(KernelSimilarity.of(bright, sharp), KernelSimilarity.of(view, Images.img(sharp)));
		final Plane a = noise(5, 5, 1), b = noise(7, 7, 2);
		assertEquals(KernelError.of(a, b), KernelError.of(Images.img(a), Images.img(b)));
	}

	/** 0.1 too bright everywhere is 10 log10(1 / 0.01) = 20 dB. */
	@Test
	void constantOffset() {
		final Plane sharp = noise(50, 44, 2);
		final Plane restored = sharp.copy();
		for (int i = 0; i < restored.pixels().length; i++)
			restored.pixels()[i] += 0.1f;
		final Score score = Score.of(restored, sharp);
		assertEquals(20, score.psnr(), 1e-4);
		assertEquals(20 * 14 * 0.01, score.ssd(), 1e-4);
		assertEquals(0, score.dx());
		assertEquals(0, score.dy());
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 0", "0, -1", "5, 5", "-5, 5", "3.25, -0.5", "-4.75, 4.75", "0.25, 2.5" })
	void findsTheShift(final double dx, final double dy) {
		final Score score = Score.of(waves(60, 53, dx, dy), waves(60, 53, 0, 0));
		assertEquals(dx, score.dx());
		assertEquals(dy, score.dy());
		assertTrue(score.psnr() > 45, score::toString);
		assertTrue(score.ssim() > 0.99, score::toString);
	}

	/** Beyond 5 pixels an image counts as wrong. */
	@Test
	void noShiftBeyondTheLimit() {
		final Score score = Score.of(waves(60, 53, 7, 0), waves(60, 53, 0, 0));
		assertEquals(5, score.dx());
		assertTrue(score.psnr() < 30, score::toString);
	}

	/** Large kernels move an image further; the border grows with the shifts. */
	@Test
	void findsLargerShiftsIfAsked() {
		final Score score = Score.of(waves(90, 80, 19.25, -7.5), waves(90, 80, 0, 0), 20);
		assertEquals(19.25, score.dx());
		assertEquals(-7.5, score.dy());
		assertTrue(score.psnr() > 45, score::toString);
		assertMessage("53x53", () -> Score.of(new Plane(52, 60), new Plane(52, 60), 20));
	}

	/** A bar in the way neither counts nor decides about the shift. */
	@Test
	void countsWhatItShould() {
		final Plane sharp = waves(90, 80, 0, 0), restored = waves(90, 80, 3.25, -1.5);
		final boolean[] counted = new boolean[90 * 80];
		java.util.Arrays.fill(counted, true);
		final Score clean = Score.of(restored, sharp, 5, counted);
		assertEquals(Score.of(restored, sharp), clean);
		for (int y = 20; y < 45; y++)
			for (int x = 0; x < 90; x++)
				restored.pixels()[y * 90 + x] = sharp.get(x, y);
		for (int y = 20 - 5; y < 45 + 6; y++)
			java.util.Arrays.fill(counted, y * 90, (y + 1) * 90, false);
		assertTrue(Score.of(restored, sharp).psnr() < 40);
		final Score score = Score.of(restored, sharp, 5, counted);
		assertEquals(3.25, score.dx());
		assertEquals(-1.5, score.dy());
		assertEquals(clean.psnr(), score.psnr(), 1);
		java.util.Arrays.fill(counted, false);
		assertMessage("No pixel", () -> Score.of(restored, sharp, 5, counted));
	}

	@Test
	void equalsBruteForce() {
		for (int seed = 10; seed < 14; seed++) {
			final Plane sharp = smoothed(noise(47, 42, seed));
			final Plane other = noise(47, 42, seed + 100);
			final Plane restored = new Plane(47, 42);
			for (int y = 0; y < 42; y++)
				for (int x = 0; x < 47; x++)
					restored.pixels()[y * 47 + x] = 0.05f * other.get(x, y) + //
						0.9f * sharp.get(Math.min(46, x + 2), Math.max(0, y - 1));
			double least = Double.POSITIVE_INFINITY, bestX = 0, bestY = 0;
			for (double dy = -5; dy <= 5; dy += 0.25) {
				for (double dx = -5; dx <= 5; dx += 0.25) {
					final double ssd = bruteForce(restored, sharp, dx, dy);
					if (ssd >= least) continue;
					least = ssd;
					bestX = dx;
					bestY = dy;
				}
			}
			final Score score = Score.of(restored, sharp);
			assertEquals(least, score.ssd(), 1e-5 * least, "seed " + seed);
			assertEquals(bestX, score.dx(), "seed " + seed);
			assertEquals(bestY, score.dy(), "seed " + seed);
		}
	}

	/** Levin's border: at a shift of 5 nothing nearer than 10 pixels to the border is seen. */
	@Test
	void borderDoesNotCount() {
		final Plane sharp = noise(50, 45, 3);
		final Plane restored = smoothed(sharp);
		final Score before = Score.of(restored, sharp);
		for (int y = 0; y < 45; y++)
			for (int x = 0; x < 50; x++)
				if (Math.min(x, y) < 10 || Math.min(49 - x, 44 - y) < 10) restored.pixels()[y * 50 + x] = 7;
		assertEquals(before, Score.of(restored, sharp));
	}

	@Test
	void errorRatio() {
		final Score bad = new Score(20, 0.5, 6, 0, 0), good = new Score(23, 0.7, 3, 0.25, 0);
		assertEquals(2, bad.errorRatio(good));
	}

	@Test
	void refusesWhatCannotBeCompared() {
		assertMessage("different size", () -> Score.of(new Plane(50, 50), new Plane(50, 51)));
		assertMessage("41x41", () -> Score.of(new Plane(50, 40), new Plane(50, 40)));
		final Plane nan = new Plane(50, 50);
		nan.pixels()[103] = Float.NaN;
		assertMessage("3,2", () -> Score.of(nan, new Plane(50, 50)));
	}

	/** Constant images have no structure: (2 a b + C1) / (a^2 + b^2 + C1). */
	@Test
	void similarityOfConstants() {
		final Plane a = new Plane(12, 11), b = new Plane(12, 11);
		java.util.Arrays.fill(a.pixels(), 0.2f);
		java.util.Arrays.fill(b.pixels(), 0.6f);
		assertEquals((2 * 0.2 * 0.6 + 1e-4) / (0.04 + 0.36 + 1e-4), Ssim.of(a, b), 1e-7);
	}

	@Test
	void similarityEqualsBruteForce() {
		final Plane a = noise(15, 13, 4), b = smoothed(a);
		double sum = 0;
		for (int y = 5; y < 8; y++)
			for (int x = 5; x < 10; x++)
				sum += similarityAt(a, b, x, y);
		assertEquals(sum / 15, Ssim.of(a, b), 1e-9);
		assertEquals(Ssim.of(a, b), Ssim.of(b, a), 1e-12);
	}

	@Test
	void anyNumberOfThreads() {
		final Plane sharp = noise(90, 101, 5), restored = smoothed(sharp);
		final Score[] scores = new Score[2];
		net.imglib2.parallel.Parallelization.runSingleThreaded(() -> scores[0] = Score.of(restored,
			sharp));
		net.imglib2.parallel.Parallelization.runWithNumThreads(3, () -> scores[1] = Score.of(restored,
			sharp));
		assertArrayEquals(new Score[] { scores[0], scores[0] }, scores);
	}

	private static double similarityAt(final Plane a, final Plane b, final int cx, final int cy) {
		double weights = 0, ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
		for (int dy = -5; dy <= 5; dy++) {
			for (int dx = -5; dx <= 5; dx++) {
				final double w = Math.exp(-(dx * dx + dy * dy) / 4.5);
				final double va = a.get(cx + dx, cy + dy), vb = b.get(cx + dx, cy + dy);
				weights += w;
				ma += w * va;
				mb += w * vb;
				aa += w * va * va;
				bb += w * vb * vb;
				ab += w * va * vb;
			}
		}
		ma /= weights;
		mb /= weights;
		final double varA = aa / weights - ma * ma, varB = bb / weights - mb * mb;
		final double cov = ab / weights - ma * mb;
		return (2 * ma * mb + 1e-4) * (2 * cov + 9e-4) / ((ma * ma + mb * mb + 1e-4) * (varA + varB +
			9e-4));
	}

	private static double bruteForce(final Plane restored, final Plane sharp, final double dx,
		final double dy)
	{
		double sum = 0;
		for (int y = 15; y < sharp.height() - 15; y++) {
			for (int x = 15; x < sharp.width() - 15; x++) {
				final int x0 = (int) Math.floor(x + dx), y0 = (int) Math.floor(y + dy);
				final double a = x + dx - x0, b = y + dy - y0;
				final double v = (1 - b) * ((1 - a) * restored.get(x0, y0) + a * restored.get(x0 + 1, y0)) +
					b * ((1 - a) * restored.get(x0, y0 + 1) + a * restored.get(x0 + 1, y0 + 1));
				sum += (v - sharp.get(x, y)) * (v - sharp.get(x, y));
			}
		}
		return sum;
	}

	/** A smooth image moved by dx, dy to the right and down. */
	private static Plane waves(final int width, final int height, final double dx, final double dy) {
		final Plane out = new Plane(width, height);
		for (int y = 0; y < height; y++)
			for (int x = 0; x < width; x++)
				out.pixels()[y * width + x] = (float) (0.5 + 0.2 * Math.sin((x - dx) * 0.25 + (y - dy) *
					0.07) + 0.2 * Math.cos((y - dy) * 0.22 - (x - dx) * 0.11));
		return out;
	}

	private static Plane noise(final int width, final int height, final long seed) {
		final Plane out = new Plane(width, height);
		final Random random = new Random(seed);
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = random.nextFloat();
		return out;
	}

	private static Plane smoothed(final Plane in) {
		final Plane out = in.copy();
		for (int y = 1; y < in.height() - 1; y++)
			for (int x = 1; x < in.width() - 1; x++)
				out.pixels()[y * in.width() + x] = (in.get(x, y) * 2 + in.get(x - 1, y) + //
					in.get(x + 1, y) + in.get(x, y - 1) + in.get(x, y + 1)) / 6;
		return out;
	}

	private static void assertMessage(final String part, final Runnable code) {
		final String message = assertThrows(IllegalArgumentException.class, code::run).getMessage();
		assertTrue(message.contains(part), message);
	}
}
