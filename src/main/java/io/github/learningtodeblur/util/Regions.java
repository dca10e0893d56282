package io.github.learningtodeblur.util;

/** Where an image tells most about its blur. */
public final class Regions {

	private Regions() {}

	/**
	 * The square with the largest sum of squared gradients between known pixels, as far as steps of an eighth of its
	 * side tell; small images whole.
	 */
	public static Plane informative(final Plane image, final int side) {
		final int w = Math.min(side, image.width()), h = Math.min(side, image.height());
		if (w == image.width() && h == image.height()) return image;
		// sums over cells of 1/8 of the region; regions start at cells
		final int cell = side / 8;
		final int columns = (image.width() + cell - 1) / cell, rows = (image.height() + cell - 1) / cell;
		final double[] energy = new double[rows * columns];
		for (int y = 0; y < image.height() - 1; y++)
			for (int x = 0; x < image.width() - 1; x++) {
				final float v = image.get(x, y), dx = image.get(x + 1, y) - v, dy = image.get(x, y + 1) - v;
				final float e = dx * dx + dy * dy;
				if (e > 0) energy[y / cell * columns + x / cell] += e; // not where pixels are unknown
			}
		double most = -1;
		int left = 0, top = 0;
		for (int y = 0; y == 0 || y * cell <= image.height() - h; y++)
			for (int x = 0; x == 0 || x * cell <= image.width() - w; x++) {
				double sum = 0;
				for (int r = y; r < Math.min(rows, y + (h + cell - 1) / cell); r++)
					for (int c = x; c < Math.min(columns, x + (w + cell - 1) / cell); c++)
						sum += energy[r * columns + c];
				if (sum > most) {
					most = sum;
					left = x * cell;
					top = y * cell;
				}
			}
		return image.crop(left, top, w, h);
	}
}
