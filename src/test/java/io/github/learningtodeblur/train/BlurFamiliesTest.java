package io.github.learningtodeblur.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.learningtodeblur.util.Plane;

class BlurFamiliesTest {

	/** Columns and rows between the first and the last pixel that is not zero, the larger of both. */
	private static int extent(final Plane kernel) {
		final int size = kernel.width();
		int min = size;
		int max = -1;
		int top = size;
		int bottom = -1;
		for (int y = 0; y < size; y++) {
			for (int x = 0; x < size; x++) {
				if (kernel.get(x, y) == 0) continue;
				min = Math.min(min, x);
				max = Math.max(max, x);
				top = Math.min(top, y);
				bottom = Math.max(bottom, y);
			}
		}
		return Math.max(max - min, bottom - top) + 1;
	}

	@ParameterizedTest
	@ValueSource(strings = { "camera-shake", "defocus", "gaussian", "motion", "mixed" })
	void kernelsAreValid(final String name) {
		assertTrue(BlurFamilies.names().contains(name));
		final BlurFamily family = BlurFamilies.of(name);
		for (final int size : new int[] { 3, 5, 9, 17, 33, 65 }) {
			final SplittableRandom random = new SplittableRandom(size);
			for (int n = 0; n < 200; n++) {
				final Plane kernel = family.sample(size, random);
				assertEquals(size, kernel.width());
				assertEquals(size, kernel.height());
				assertEquals(1, kernel.sum(), 1e-6);
				double x = 0;
				double y = 0;
				for (int i = 0; i < size * size; i++) {
					final float v = kernel.pixels()[i];
					assertTrue(v >= 0 && v <= 1, () -> "value " + v);
					x += v * (i % size - size / 2);
					y += v * (i / size - size / 2);
				}
				assertEquals(0, x, 0.05, name + " of size " + size);
				assertEquals(0, y, 0.05, name + " of size " + size);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "camera-shake", "defocus", "gaussian", "motion", "mixed" })
	void equalSeedsGiveEqualKernels(final String name) {
		final BlurFamily family = BlurFamilies.of(name);
		assertEquals(family.sample(17, new SplittableRandom(5)), family.sample(17, new SplittableRandom(
			5)));
		assertNotEquals(family.sample(17, new SplittableRandom(5)), family.sample(17,
			new SplittableRandom(6)));
	}

	@Test
	void badValuesAreRefused() {
		assertThrows(IllegalArgumentException.class, () -> BlurFamilies.of("haze"));
		assertThrows(IllegalArgumentException.class, () -> new CameraShake(1.1, 0.3, 0.5));
		assertThrows(IllegalArgumentException.class, () -> new CameraShake(0.3, 0, 0.5));
		assertThrows(IllegalArgumentException.class, () -> new CameraShake(0.3, 0.3, Double.NaN));
		for (final String name : BlurFamilies.names())
			for (final int size : new int[] { 1, 8 })
				assertThrows(IllegalArgumentException.class, () -> BlurFamilies.of(name).sample(size,
					new SplittableRandom(1)));
	}

	@Test
	void theCovarianceIsEquation6() {
		assertEquals(1 / 16.0, CameraShake.covariance(0), 1e-15);
		// by hand, at |t - t'| = l: (1 + sqrt 5 + 5 / 3) exp(-sqrt 5) / 16
		assertEquals(0.0327497, CameraShake.covariance(0.3), 1e-6);
	}

	@Test
	void trajectoriesHaveTheCovarianceOfEquation6() {
		final int draws = 20_000;
		final SplittableRandom random = new SplittableRandom(1);
		final int[] points = { 0, 1, 7, 20, CameraShake.POINTS - 1 };
		final double[][] sums = new double[points.length][points.length];
		for (int n = 0; n < draws; n++) {
			final double[] f = CameraShake.trajectory(random);
			for (int i = 0; i < points.length; i++)
				for (int j = 0; j < points.length; j++)
					sums[i][j] += f[points[i]] * f[points[j]] / draws;
		}
		for (int i = 0; i < points.length; i++) {
			for (int j = 0; j < points.length; j++) {
				final double t = Math.abs(points[i] - points[j]) / (CameraShake.POINTS - 1.0);
				// a mean of products has a standard error of at most sqrt(2 / draws) sigma^2; five of them
				assertEquals(CameraShake.covariance(t), sums[i][j], 5 * Math.sqrt(2.0 / draws) / 16);
			}
		}
	}

	@Test
	void cameraShakeFillsTheKernelUnlessTold() {
		final SplittableRandom random = new SplittableRandom(2);
		final CameraShake full = new CameraShake(0, 1, 0);
		final CameraShake smaller = new CameraShake(1, 0.3, 0);
		double mean = 0;
		for (int n = 0; n < 300; n++) {
			final Plane kernel = full.sample(17, random);
			boolean touches = false;
			for (int i = 0; i < 17; i++)
				touches |= kernel.get(i, 0) > 0 || kernel.get(i, 16) > 0 || kernel.get(0, i) > 0 || kernel.get(
					16, i) > 0;
			assertTrue(touches);
			final int extent = extent(smaller.sample(17, random));
			assertTrue(extent >= 3 && extent <= 17, () -> "extent " + extent);
			mean += extent / 300.0;
		}
		assertTrue(mean > 8 && mean < 13, "mean extent " + mean);
	}

	@Test
	void motionIsAStraightLine() {
		final SplittableRandom random = new SplittableRandom(3);
		for (int n = 0; n < 100; n++) {
			final Plane kernel = new LinearMotion(0.5).sample(21, random);
			double xx = 0;
			double xy = 0;
			double yy = 0;
			for (int y = -10; y <= 10; y++) {
				for (int x = -10; x <= 10; x++) {
					final float v = kernel.get(x + 10, y + 10);
					xx += v * x * x;
					xy += v * x * y;
					yy += v * y * y;
				}
			}
			// Smaller eigenvalue of the second moments: the width a bilinear point has, at most 0.5 pixels
			final double across = (xx + yy - Math.hypot(xx - yy, 2 * xy)) / 2;
			final double along = (xx + yy + Math.hypot(xx - yy, 2 * xy)) / 2;
			assertTrue(across < 0.25, "variance across " + across);
			// 21 pixels * 0.5 to 1, ends one pixel nearer: variance length^2 / 12
			assertTrue(along > 9.5 * 9.5 / 12 && along < 20 * 20 / 12.0 + 0.3, "variance along " + along);
		}
	}

	@Test
	void discsCoverTheirArea() {
		final double radius = 3.3;
		final Plane disc = DefocusDisc.disc(9, radius);
		final double height = 1 / (Math.PI * radius * radius);
		assertEquals(height, disc.get(4, 4), 1e-3 * height);
		assertEquals(height, disc.get(6, 5), 1e-3 * height); // its far corner is 2.9 from the middle
		assertEquals(0, disc.get(0, 4));
		assertEquals(0, disc.get(7, 7));
		assertTrue(disc.get(1, 4) > 0.7 * height && disc.get(1, 4) < height); // covered up to 3.3 of 3.5
		assertArrayEquals(disc.rotated180().pixels(), disc.pixels(), 1e-7f);
		assertEquals(1, DefocusDisc.disc(3, 0.4).get(1, 1)); // smaller than a pixel
	}

	@Test
	void gaussiansHaveTheirVariance() {
		final Plane kernel = GaussianBlur.gaussian(21, 1.5);
		double variance = 0;
		for (int i = 0; i < 441; i++)
			variance += kernel.pixels()[i] * (i % 21 - 10) * (i % 21 - 10);
		assertEquals(1.5 * 1.5 + 1 / 12.0, variance, 5e-3); // a pixel's own width comes on top
	}
}
