package io.github.learningtodeblur.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.util.Plane;

class KernelErrorTest {

	@Test
	void equalKernels() {
		assertEquals(new KernelError(0, 0, 0, 0), KernelError.of(point(5, 2, 1), point(5, 2, 1)));
	}

	/** Nothing found: all of the kernel is error. Half of it found: the square of the other half. */
	@Test
	void weakKernels() {
		assertEquals(1, KernelError.of(new Plane(5, 5), point(5, 2, 1)).centred());
		final Plane half = point(5, 2, 1);
		half.pixels()[1 * 5 + 2] = 0.5f;
		assertEquals(0.25, KernelError.of(half, point(5, 2, 1)).centred());
	}

	/** Two points apart have an error of 1 + 1, and none when moved. */
	@Test
	void shiftedKernel() {
		assertEquals(new KernelError(2, 0, 1, -2), KernelError.of(point(7, 4, 1), point(7, 3, 3)));
	}

	@Test
	void sizesAreCentred() {
		assertEquals(0, KernelError.of(point(3, 1, 1), point(7, 3, 3)).centred());
		assertEquals(0, KernelError.of(point(7, 3, 3), point(3, 1, 1)).centred());
		assertEquals(new KernelError(2, 0, 2, 2), KernelError.of(point(7, 5, 5), point(3, 1, 1)));
	}

	@Test
	void equalsBruteForce() {
		final Random random = new Random(7);
		final Plane estimate = new Plane(9, 5), truth = new Plane(5, 7);
		for (final Plane p : new Plane[] { estimate, truth })
			for (int i = 0; i < p.pixels().length; i++)
				p.pixels()[i] = random.nextFloat();
		double least = Double.POSITIVE_INFINITY;
		for (int dy = -5; dy <= 5; dy++)
			for (int dx = -5; dx <= 5; dx++)
				least = Math.min(least, bruteForce(estimate, truth, dx, dy));
		final KernelError error = KernelError.of(estimate, truth);
		assertEquals(bruteForce(estimate, truth, 0, 0), error.centred(), 1e-9);
		assertEquals(least, error.aligned(), 1e-9);
		assertEquals(least, bruteForce(estimate, truth, error.dx(), error.dy()), 1e-9);
	}

	@Test
	void refusesWhatIsNoKernel() {
		final Plane nan = point(3, 1, 1);
		nan.pixels()[0] = Float.NaN;
		assertThrows(IllegalArgumentException.class, () -> KernelError.of(nan, point(3, 1, 1)));
		assertThrows(IllegalArgumentException.class, () -> KernelError.of(new Plane(4, 3), point(3, 1,
			1)));
		assertThrows(IllegalArgumentException.class, () -> KernelError.of(point(3, 1, 1), new Plane(3,
			3)));
	}

	private static double bruteForce(final Plane a, final Plane b, final int dx, final int dy) {
		double sum = 0, norm = 0;
		for (int y = -20; y <= 20; y++) {
			for (int x = -20; x <= 20; x++) {
				final double t = at(b, x, y), d = at(a, x + dx, y + dy) - t;
				sum += d * d;
				norm += t * t;
			}
		}
		return sum / norm;
	}

	/** Counted from the middle pixel, 0 outside. */
	private static double at(final Plane k, final int x, final int y) {
		final int i = x + k.width() / 2, j = y + k.height() / 2;
		return i < 0 || j < 0 || i >= k.width() || j >= k.height() ? 0 : k.get(i, j);
	}

	private static Plane point(final int size, final int x, final int y) {
		final Plane out = new Plane(size, size);
		out.pixels()[y * size + x] = 1;
		return out;
	}
}
