package io.github.learningtodeblur.backend.cpu;

import java.util.Arrays;

/**
 * Sums over all squares of {@code side} pixels a side that share a pixel with an image, which is 0 beyond its
 * borders; and the adjoint.
 */
final class SquareSums {

	private final int width;
	private final int height;
	private final int side;
	/** Squares in a row. */
	private final int across;

	SquareSums(final int width, final int height, final int side) {
		this.width = width;
		this.height = height;
		this.side = side;
		across = width + side - 1;
	}

	/**
	 * @param image (height, width)
	 * @return (height + side - 1, width + side - 1)
	 */
	double[] of(final float[] image) {
		final double[] rows = new double[height * across];
		for (int y = 0; y < height; y++)
			for (int x = 0; x < width; x++)
				for (int i = 0; i < side; i++)
					rows[y * across + x + i] += image[y * width + x];
		final double[] out = new double[(height + side - 1) * across];
		for (int y = 0; y < height; y++)
			for (int i = 0; i < side; i++)
				for (int x = 0; x < across; x++)
					out[(y + i) * across + x] += rows[y * across + x];
		return out;
	}

	/**
	 * @param sums as from {@link #of}
	 * @param image (height, width), added to
	 */
	void addAdjoint(final double[] sums, final double factor, final double[] image) {
		final double[] row = new double[across];
		for (int y = 0; y < height; y++) {
			Arrays.fill(row, 0);
			for (int i = 0; i < side; i++)
				for (int x = 0; x < across; x++)
					row[x] += sums[(y + i) * across + x];
			for (int x = 0; x < width; x++) {
				double sum = 0;
				for (int i = 0; i < side; i++)
					sum += row[x + i];
				image[y * width + x] += factor * sum;
			}
		}
	}
}
