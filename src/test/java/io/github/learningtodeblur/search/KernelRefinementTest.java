package io.github.learningtodeblur.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.evaluate.KernelError;
import io.github.learningtodeblur.restore.Scene;
import io.github.learningtodeblur.util.Extent;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

class KernelRefinementTest {

	private static final Backend DEVICE = Backends.shared();

	private static final Plane SHARP = Scene.sharp(200, 180, 5);

	/** What a network at its worst gives: the right extent, no shape. */
	private static Plane blob(final int size) {
		final Plane out = new Plane(size, size);
		for (int y = 0; y < size; y++)
			for (int x = 0; x < size; x++)
				out.pixels()[y * size + x] = (float) Math.exp(-4 * (Math.pow(x - size / 2, 2) + Math.pow(y -
					size / 2, 2)) / (size * size / 4.0));
		return out.normalized();
	}

	@Test
	void aBlobTakesTheShapeOfTheKernel() {
		for (final double noise : new double[] { 0, 0.01 }) {
			final Plane truth = Scene.hook(13).normalized();
			final Plane blurry = Scene.photograph(SHARP, truth, noise);
			final double before = KernelError.of(blob(13), truth).aligned();
			final Plane refined = new KernelRefinement().refine(DEVICE, blurry, blob(13), Progress.NONE);
			final double after = KernelError.of(refined, truth).aligned();
			System.out.printf("noise %.3f: kernel error %.3f to %.3f%n", noise, before, after);
			assertTrue(before > 0.6 && after < 0.7 * before, before + " to " + after);
		}
	}

	/** The size asked for may be much larger than the blur. */
	@Test
	void aSmallKernelIsFoundInALargeFrame() {
		final Plane truth = Scene.hook(9).normalized();
		final Plane blurry = Scene.photograph(SHARP, truth, 0.003);
		final Plane refined = new KernelRefinement().refine(DEVICE, blurry, blob(25), Progress.NONE);
		assertTrue(KernelError.of(refined, truth).aligned() < 0.2);
	}

	@Test
	void aSharpImageKeepsItsPoint() {
		final Random random = new Random(3);
		for (final double noise : new double[] { 0, 0.01 }) {
			final Plane image = SHARP.copy();
			for (int i = 0; i < image.pixels().length; i++)
				image.pixels()[i] += (float) (noise * random.nextGaussian());
			final Plane refined = new KernelRefinement().refine(DEVICE, image, Scene.point(9, 0, 0),
				Progress.NONE);
			assertTrue(refined.get(4, 4) > 0.9, Arrays.toString(refined.pixels()));
		}
	}

	@Test
	void kernelsAreNormalizedAndCentred() {
		final Plane blurry = Scene.photograph(SHARP, Scene.hook(9), 0.02);
		final Plane k = new KernelRefinement(2).refine(DEVICE, blurry, blob(11), Progress.NONE);
		assertEquals(11, k.width());
		assertEquals(1, k.sum(), 1e-5);
		for (final float v : k.pixels())
			assertTrue(v >= 0);
		final Extent extent = Extent.of(k, 0);
		assertEquals(5, extent.middleX());
		assertEquals(5, extent.middleY());
	}

	@Test
	void faintDebrisDoesNotMoveAKernel() {
		final Plane k = new Plane(15, 15);
		for (int y = 9; y < 13; y++)
			for (int x = 1; x < 4; x++)
				k.pixels()[y * 15 + x] = 0.08f;
		k.pixels()[14 * 15 + 14] = 0.01f;
		final Plane r = KernelRefinement.registered(k);
		assertEquals(k.sum(), r.sum(), 1e-6);
		assertEquals(r.width() / 2, Extent.middleOfBulk(r)[0], 0.51);
		assertEquals(r.height() / 2, Extent.middleOfBulk(r)[1], 0.51);
		assertSame(r, KernelRefinement.registered(r));
	}

	@Test
	void noRoundsNoChange() {
		final Plane k = blob(9);
		assertSame(k, new KernelRefinement(0).refine(DEVICE, SHARP, k, Progress.NONE));
		assertThrows(IllegalArgumentException.class, () -> new KernelRefinement(-1));
	}

	@Test
	void aWashedOutImageLeavesTheKernel() {
		final Plane washed = SHARP.copy();
		for (int i = 0; i < washed.pixels().length; i++)
			washed.pixels()[i] = Math.min(1, 2.5f * washed.pixels()[i]);
		final Plane k = blob(9);
		assertSame(k, new KernelRefinement().refine(DEVICE, washed, k, Progress.NONE));
	}

	/** An image without any gradient tells nothing. */
	@Test
	void aFlatImageLeavesTheKernel() {
		final Plane flat = new Plane(64, 64);
		Arrays.fill(flat.pixels(), 0.5f);
		final Plane k = blob(9);
		assertSame(k, new KernelRefinement(3).refine(DEVICE, flat, k, Progress.NONE));
	}

	@Test
	void reportsRoundsAndStops() {
		final List<String> told = new ArrayList<>();
		final Progress afterThree = new Progress() {

			@Override
			public void report(final long done, final long total, final String what) {
				told.add(done + "/" + total);
			}

			@Override
			public boolean canceled() {
				return told.size() == 3;
			}
		};
		assertThrows(CancellationException.class, () -> new KernelRefinement().refine(DEVICE, SHARP, blob(9),
			afterThree));
		assertEquals(List.of("0/10", "1/10", "2/10"), told);
	}

	/** As many images in a batch. */
	private static Tensor onDevice(final Plane... images) {
		final Tensor t = DEVICE.allocate(images.length, 1, images[0].height(), images[0].width());
		DEVICE.writePlanes(List.of(images), t);
		return t;
	}

	@Test
	void leastSquaresFindTheKernelExactly() {
		final Plane truth = Scene.hook(11).normalized();
		final Random random = new Random(1);
		final Plane x = new Plane(90, 80), y = new Plane(90, 80);
		for (int row = 20; row < 60; row++)
			for (int c = 20; c < 70; c++)
				if (random.nextInt(10) == 0) x.pixels()[row * 90 + c] = (float) random.nextGaussian();
		for (int row = 6; row < 74; row++)
			for (int c = 6; c < 84; c++) {
				double sum = 0;
				for (int j = 0; j < 11; j++)
					for (int i = 0; i < 11; i++)
						sum += truth.get(i, j) * x.get(c + 5 - i, row + 5 - j);
				y.pixels()[row * 90 + c] = (float) sum;
			}
		final Plane k = new KernelLeastSquares(DEVICE, 11, 1, 0, onDevice(y)).solve(onDevice(x), List.of(blob(11))).get(0);
		assertTrue(KernelError.of(k, truth).centred() < 1e-3, "error " + KernelError.of(k, truth)
			.centred());
	}

	/** From a blob to a box of 3x3: the dearer a rough change, the less of the box's edges; the box itself stays. */
	@Test
	void leastSquaresPayForRoughChanges() {
		final Random random = new Random(2);
		final Plane x = new Plane(40, 40), y = new Plane(40, 40), box = new Plane(7, 7);
		for (int row = 15; row < 25; row++)
			for (int c = 15; c < 25; c++)
				x.pixels()[row * 40 + c] = (float) random.nextGaussian();
		for (int j = -1; j <= 1; j++)
			for (int i = -1; i <= 1; i++) {
				box.pixels()[(3 + j) * 7 + 3 + i] = 1 / 9f;
				for (int row = 10; row < 30; row++)
					for (int c = 10; c < 30; c++)
						y.pixels()[row * 40 + c] += x.get(c - i, row - j) / 9;
			}
		double before = 1;
		for (final double price : new double[] { 0, 0.1, 1, 10 }) {
			final KernelLeastSquares leastSquares = new KernelLeastSquares(DEVICE, 7, 1, price, onDevice(y));
			final Plane k = leastSquares.solve(onDevice(x), List.of(blob(7))).get(0);
			final double step = k.get(2, 3) - k.get(1, 3);
			assertTrue(step < before, price + ": " + Arrays.toString(k.pixels()));
			before = step;
			if (price == 0) assertEquals(1 / 9.0, step, 1e-3);
			final Plane same = leastSquares.solve(onDevice(x), List.of(box)).get(0);
			for (int i = 0; i < 49; i++)
				assertEquals(box.pixels()[i], same.pixels()[i], 1e-3, price + ", pixel " + i);
		}
	}

	/** What comes of a kernel does not depend on the others, nor on their number, order and sizes. */
	@Test
	void kernelsSideBySideAreRefinedAsIfAlone() {
		final Plane blurry = Scene.photograph(SHARP, Scene.hook(13).normalized(), 0.005), turned = Scene.hook(13)
			.rotated180().normalized();
		final KernelRefinement refinement = new KernelRefinement(3);
		final List<Plane> starts = List.of(blob(7), turned, blob(13), blob(7).rotated180());
		final List<Plane> together = refinement.climb(DEVICE, blurry, starts, 13, Progress.NONE);
		for (int i = 0; i < starts.size(); i++)
			assertEquals(refinement.climb(DEVICE, blurry, List.of(starts.get(i)), 13, Progress.NONE).get(0), together.get(i),
				"start " + i);
		assertTrue(!together.get(1).equals(together.get(2)));
	}

	/** A start whose gradients say nothing stays, and does not harm its neighbour. */
	@Test
	void leastSquaresWithoutGradientsKeepTheStart() {
		final Random random = new Random(3);
		final Plane nothing = new Plane(40, 40), x = new Plane(40, 40);
		for (int row = 15; row < 25; row++)
			for (int c = 15; c < 25; c++)
				x.pixels()[row * 40 + c] = (float) random.nextGaussian();
		final List<Plane> k = new KernelLeastSquares(DEVICE, 7, 2, 0, onDevice(x)).solve(onDevice(nothing, x), List.of(blob(
			7), blob(7)));
		assertEquals(blob(7), k.get(0));
		assertTrue(KernelError.of(k.get(1), Scene.point(7, 0, 0)).centred() < 1e-3);
	}

	@Test
	void cleaningDropsSpecksAndCentres() {
		final Plane k = new Plane(15, 15);
		for (int x = 8; x < 14; x++)
			k.pixels()[11 * 15 + x] = 1; // the path
		k.pixels()[15 + 1] = 0.2f; // a speck of 3 % of the mass
		k.pixels()[10 * 15 + 9] = 0.02f; // small beside its neighbours
		final Plane clean = KernelCleaning.clean(k);
		final Plane expected = new Plane(15, 15);
		for (int x = 4; x < 10; x++)
			expected.pixels()[7 * 15 + x] = 1 / 6f;
		// 10.5 is the middle of the path: rounded up, it comes to lie in column 7
		assertEquals(1, clean.sum(), 1e-6);
		for (int i = 0; i < 225; i++)
			assertEquals(expected.pixels()[i], clean.pixels()[i], 1e-6, "pixel " + i);
	}
}
