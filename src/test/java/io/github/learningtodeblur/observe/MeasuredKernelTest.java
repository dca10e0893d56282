package io.github.learningtodeblur.observe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.util.KernelSimilarity;
import io.github.learningtodeblur.train.CameraShake;
import io.github.learningtodeblur.util.Enlargement;
import io.github.learningtodeblur.util.Plane;

class MeasuredKernelTest {

	@Test
	void kernelsAreCentredAndNormalised() {
		final Plane even = new Plane(6, 4);
		even.pixels()[1 * 6 + 4] = 3; // one pixel, far from the middle
		assertEquals(new Plane(new float[] { 1 }, 1, 1), MeasuredKernel.of(even).kernel());
		even.pixels()[1 * 6 + 2] = 3;
		even.pixels()[0] = -5; // of no meaning in a kernel
		final Plane line = MeasuredKernel.of(even).kernel();
		assertEquals(new Plane(new float[] { 0.5f, 0, 0.5f }, 3, 1), line);
		final Plane tail = new Plane(5, 1);
		tail.pixels()[0] = 3;
		tail.pixels()[4] = 1; // the middle is that of the extent, not of the mass
		assertEquals(new Plane(new float[] { 0.75f, 0, 0, 0, 0.25f }, 5, 1), MeasuredKernel.of(tail).kernel());
		final Plane haze = new Plane(7, 1);
		haze.pixels()[0] = 0.02f; // hardly noticeable
		haze.pixels()[4] = 0.98f;
		assertEquals(9, MeasuredKernel.of(haze).kernel().width());
		assertEquals(0.98f, MeasuredKernel.of(haze).kernel().get(4, 0), 1e-6);
	}

	private static Plane shaken(final int size) {
		return new CameraShake(0, 1, 0.5).sample(size, new SplittableRandom(7));
	}

	/** In whole numbers, as a camera with an offset and noise sees a point. */
	private static Plane measured(final Plane kernel, final int side, final double peak, final double offset, final double noise) {
		final SplittableRandom random = new SplittableRandom(11);
		float largest = 0;
		for (final float v : kernel.pixels())
			largest = Math.max(largest, v);
		final Plane out = new Plane(side, side);
		final int margin = (side - kernel.width()) / 2;
		for (int y = 0; y < side; y++)
			for (int x = 0; x < side; x++) {
				final int u = x - margin, v = y - margin;
				final double signal = u < 0 || v < 0 || u >= kernel.width() || v >= kernel.height() ? 0 : kernel.get(u, v);
				out.pixels()[y * side + x] = Math.round(offset + peak * signal / largest + noise * random.nextGaussian());
			}
		return out;
	}

	@Test
	void theBackgroundIsTakenOff() {
		final Plane kernel = shaken(19);
		for (final double[] seen : new double[][] { { 2000, 100, 0 }, { 2000, 100, 8 }, { 60000, 700, 30 }, { 200, 20, 1.5 },
			{ 1, -3, 0 }, { 3000, 0, 10 } })
		{
			final MeasuredKernel is = MeasuredKernel.of(measured(kernel, 41, seen[0], seen[1], seen[2]));
			final String told = "peak " + seen[0] + ", offset " + seen[1] + ", noise " + seen[2] + ": " + is.notes();
			final boolean none = seen[0] == 1; // rounded to nothing but whole pixels
			if (!none) assertTrue(KernelSimilarity.of(is.kernel(), kernel).value() > 0.995, told + " " + KernelSimilarity.of(is.kernel(),
				kernel));
			assertTrue(is.kernel().width() <= 23, told + " " + is.kernel());
			assertEquals(1, is.notes().size(), told);
			assertTrue(is.notes().get(0).contains("background"), told);
		}
	}

	/** Kernels without a background stay as they are, whether they fade or not. */
	@Test
	void whatFadesIsNoBackground() {
		for (final double sigma : new double[] { 1, 2, 4 }) {
			final Plane gaussian = new Plane(13, 13);
			for (int i = 0; i < 169; i++)
				gaussian.pixels()[i] = (float) Math.exp(-(Math.pow(i % 13 - 6, 2) + Math.pow(i / 13 - 6, 2)) / (2 * sigma * sigma));
			final MeasuredKernel is = MeasuredKernel.of(gaussian);
			assertArrayEquals(gaussian.normalized().pixels(), is.kernel().pixels(), 1e-6f);
			assertEquals(sigma == 4 ? 1 : 0, is.notes().size(), sigma + ": " + is.notes());
		}
		final Plane box = new Plane(9, 9);
		java.util.Arrays.fill(box.pixels(), 1);
		final MeasuredKernel is = MeasuredKernel.of(box);
		assertEquals(box.normalized(), is.kernel());
		assertTrue(is.notes().get(0).contains("does not fade at its border, where 40 %"), is.notes().toString());
		assertEquals(List.of(), MeasuredKernel.of(shaken(17)).notes());
	}

	@Test
	void enlargedKernelsAreMadeSmallAgain() {
		final Plane kernel = MeasuredKernel.of(shaken(15)).kernel();
		final MeasuredKernel is = MeasuredKernel.of(Enlargement.enlarged(kernel));
		assertArrayEquals(kernel.pixels(), is.kernel().pixels(), 1e-6f);
		assertEquals(1, is.notes().size());
		// a block of this size has been drawn so
		final Plane block = new Plane(40, 40);
		for (int y = 16; y < 24; y++)
			java.util.Arrays.fill(block.pixels(), y * 40 + 16, y * 40 + 24, 1);
		assertEquals(64, MeasuredKernel.of(block).kernel().pixels().length, 20);
	}

	@Test
	void whatIsNoKernelIsRefused() {
		final Plane nan = new Plane(9, 9);
		nan.pixels()[3] = Float.NaN;
		assertEquals("The kernel image contains the value NaN", assertThrows(IllegalArgumentException.class, () -> MeasuredKernel
			.of(nan)).getMessage());
		assertThrows(IllegalArgumentException.class, () -> MeasuredKernel.of(new Plane(9, 9)));
	}
}
