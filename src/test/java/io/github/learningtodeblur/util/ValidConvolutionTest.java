package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;

import org.junit.jupiter.api.Test;

class ValidConvolutionTest {

	private static Plane noise(final int width, final int height, final long seed) {
		final Random random = new Random(seed);
		final Plane p = new Plane(width, height);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = random.nextFloat();
		return p;
	}

	@Test
	void blurOfADeltaIsTheKernel() {
		final Plane kernel = noise(5, 5, 3);
		final Plane delta = new Plane(13, 11);
		delta.pixels()[5 * 13 + 6] = 1;
		final Plane out = ValidConvolution.convolve(delta, kernel);
		assertEquals(9, out.width());
		assertEquals(7, out.height());
		// (6, 5) of the image is (4, 3) of the valid region: there lies the middle of the kernel
		assertEquals(kernel, out.crop(2, 1, 5, 5));
		assertEquals(kernel.sum(), out.sum(), 1e-5);
	}

	@Test
	void convolutionIsTheSumOfItsDefinition() {
		for (final int size : new int[] { 3, 5, 9 }) {
			for (final int width : new int[] { 9, 12, 37 }) {
				final Plane in = noise(width, 11, width);
				final Plane kernel = noise(size, size, size);
				for (int i = 0; i < size * size; i += 3)
					kernel.pixels()[i] = 0;
				final Plane out = ValidConvolution.convolve(in, kernel);
				for (int y = 0; y < out.height(); y++) {
					for (int x = 0; x < out.width(); x++) {
						double sum = 0;
						for (int j = 0; j < size; j++)
							for (int i = 0; i < size; i++)
								sum += kernel.get(i, j) * in.get(x + size - 1 - i, y + size - 1 - j);
						assertEquals(sum, out.get(x, y), 1e-6 * size * size);
					}
				}
			}
		}
		assertEquals(new Plane(7, 9), ValidConvolution.convolve(noise(9, 11, 1), new Plane(3, 3)));
		assertThrows(IllegalArgumentException.class, () -> ValidConvolution.convolve(noise(9, 4, 1),
			new Plane(5, 5)));
	}
}
