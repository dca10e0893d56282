package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplingTest {

	private static Plane noise(final int width, final int height) {
		final Random random = new Random(width * 100 + height);
		final Plane p = new Plane(width, height);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = (float) random.nextGaussian();
		return p;
	}

	@Test
	void sameSizeIsTheSameImage() {
		final Plane p = noise(13, 9);
		assertEquals(p, Resampling.resize(p, 13, 9));
	}

	@ParameterizedTest
	@CsvSource({ "13,9,26,18", "13,9,5,4", "1,1,7,3", "40,30,1,1", "17,170,25,9" })
	void constantStaysConstant(final int width, final int height, final int toWidth,
		final int toHeight)
	{
		final Plane p = new Plane(width, height);
		Arrays.fill(p.pixels(), 0.7f);
		for (final float v : Resampling.resize(p, toWidth, toHeight).pixels())
			assertEquals(0.7f, v, 3e-7f);
	}

	/** By hand: of five pixels, the first four and a half in three: one and a half each. */
	@Test
	void meansOfAreas() {
		final float[] row = { 3, 6, 9, 12, 15 };
		final float[] out = new float[3];
		Resampling.apply(row, 0, Resampling.means(1, 1, 1), Resampling.means(5, 3, 4.5), out, 0);
		assertArrayEquals(new float[] { (3 + 6 / 2f) / 1.5f, (6 / 2f + 9) / 1.5f, (12 + 15 / 2f) / 1.5f }, out, 1e-5f);
		assertThrows(IllegalArgumentException.class, () -> Resampling.means(5, 3, 5.5));
		assertThrows(IllegalArgumentException.class, () -> Resampling.means(5, 3, 2.5));
	}

	/** By hand: at a quarter between two pixels the cubic is (-9, 111, 29, -3) / 128. */
	@Test
	void twiceTheSize() {
		final float[] row = { 0, 0, 0, 128, 0, 0, 0 };
		final float[] out = Resampling.resize(new Plane(row, 7, 1), 14, 1).pixels();
		// output 6 lies at input 2.75: a quarter left of pixel 3
		assertArrayEquals(new float[] { 0, 0, 0, -3, -9, 29, 111, 111, 29, -9, -3, 0, 0, 0 }, out, 1e-4f);
		final float[] down = Resampling.resize(new Plane(row, 1, 7), 1, 14).pixels();
		assertArrayEquals(out, down, 1e-5f);
	}

	/** A straight line stays one, in the interior: pixel centres are where they should be. */
	@ParameterizedTest
	@CsvSource({ "30,60", "60,30", "51,33", "33,51", "60,20" })
	void straightLine(final int in, final int out) {
		final Plane p = new Plane(in, 1);
		for (int x = 0; x < in; x++)
			p.pixels()[x] = x;
		final Plane r = Resampling.resize(p, out, 1);
		final double step = (double) in / out, margin = 2 * Math.max(1, step);
		for (int x = 0; x < out; x++) {
			final double at = (x + 0.5) * step - 0.5;
			// a widened cubic sampled at whole pixels is a little uneven
			if (at > margin && at < in - 1 - margin) assertEquals(at, r.get(x, 0), step > 1 ? 0.05 * step
				: 1e-4);
		}
	}

	/** Made smaller, patterns finer than the new grid vanish. */
	@Test
	void stripesVanishWhenShrunk() {
		final Plane p = new Plane(64, 4);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = i % 2;
		for (final float v : Resampling.resize(p, 32, 4).crop(2, 0, 28, 4).pixels())
			assertEquals(0.5, v, 0.02);
	}

	@ParameterizedTest
	@CsvSource({ "13,9,26,18", "13,9,5,4", "1,1,7,3", "40,30,1,1", "17,70,25,9", "11,11,11,11" })
	void adjoint(final int width, final int height, final int toWidth, final int toHeight) {
		final Resampling rows = new Resampling(height, toHeight);
		final Resampling columns = new Resampling(width, toWidth);
		final float[] x = noise(width, height).pixels(), y = noise(toWidth, toHeight).pixels();
		// offsets, and added to what is there
		final float[] ax = new float[y.length + 3], aty = new float[x.length + 2];
		Resampling.apply(x, 0, rows, columns, ax, 3);
		Arrays.fill(aty, 1);
		Resampling.applyAdjoint(y, 0, rows, columns, aty, 2);
		double left = 0, right = 0, size = 0;
		for (int i = 0; i < y.length; i++)
			left += (double) ax[i + 3] * y[i];
		for (int i = 0; i < x.length; i++) {
			right += (double) x[i] * (aty[i + 2] - 1);
			size += Math.abs((double) x[i] * aty[i + 2]);
		}
		assertEquals(left, right, 1e-6 * size + 1e-6);
		assertArrayEquals(new float[3], Arrays.copyOf(ax, 3));
		assertArrayEquals(new float[] { 1, 1 }, Arrays.copyOf(aty, 2));
	}

	@Test
	void weightsOfEveryOutputSumToOne() {
		for (int in = 1; in < 40; in += 3)
			for (int out = 1; out < 40; out++) {
				final Resampling r = new Resampling(in, out);
				for (int i = 0; i < out; i++) {
					double sum = 0;
					for (int t = 0; t < r.taps(); t++)
						sum += r.weight(i, t);
					assertEquals(1, sum, 1e-12);
				}
			}
	}

	@Test
	void refusesSizesBelowOne() {
		assertThrows(IllegalArgumentException.class, () -> new Resampling(0, 3));
		assertThrows(IllegalArgumentException.class, () -> new Resampling(3, 0));
	}
}
