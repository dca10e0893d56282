package io.github.learningtodeblur.util;

import java.util.Arrays;

/**
 * One grey-level image, or one kernel: {@code height * width} floats, row by row. The array is not copied.
 *
 * @param pixels value of (x, y) at {@code y * width + x}; images are in [0, 1] unless said otherwise
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record Plane(float[] pixels, int width, int height) {

	public Plane {
		if (width < 1 || height < 1 || (long) width * height != pixels.length)
			throw new IllegalArgumentException("A plane of " + width + "x" + height + " needs " +
				(long) width * height + " values, got " + pixels.length);
	}

	/** A plane of zeros. */
	public Plane(final int width, final int height) {
		this(new float[Math.multiplyExact(width, height)], width, height);
	}

	public float get(final int x, final int y) {
		return pixels[y * width + x];
	}

	public Plane copy() {
		return new Plane(pixels.clone(), width, height);
	}

	/** The rectangle of {@code w * h} pixels with its upper left corner at ({@code x}, {@code y}). */
	public Plane crop(final int x, final int y, final int w, final int h) {
		if (x < 0 || y < 0 || x + w > width || y + h > height)
			throw new IllegalArgumentException("Crop " + w + "x" + h + " at " + x + "," + y +
				" leaves the image of " + width + "x" + height);
		final Plane out = new Plane(w, h);
		for (int row = 0; row < h; row++)
			System.arraycopy(pixels, (y + row) * width + x, out.pixels, row * w, w);
		return out;
	}

	/**
	 * The value that such a part of those known is below; NaN if none is.
	 *
	 * @param fraction 0 for the least, to 1 for the largest
	 */
	public double percentile(final double fraction) {
		final float[] known = new float[pixels.length];
		int count = 0;
		for (final float v : pixels)
			if (!Float.isNaN(v)) known[count++] = v;
		return count == 0 ? Double.NaN : Selection.of(known, count, (int) (fraction * (count - 1)));
	}

	public double sum() {
		double sum = 0;
		for (final float v : pixels)
			sum += v;
		return sum;
	}

	/** Divided by its sum, which must not be 0: what kernels are compared and applied as. */
	public Plane normalized() {
		final Plane out = copy();
		final float scale = (float) (1 / sum());
		for (int i = 0; i < out.pixels.length; i++)
			out.pixels[i] *= scale;
		return out;
	}

	/** Rotated by 180 degrees: turns a convolution kernel into its correlation kernel. */
	public Plane rotated180() {
		final Plane out = new Plane(width, height);
		for (int i = 0; i < pixels.length; i++)
			out.pixels[i] = pixels[pixels.length - 1 - i];
		return out;
	}

	@Override
	public boolean equals(final Object o) {
		return o instanceof Plane p && p.width == width && p.height == height && Arrays.equals(
			p.pixels, pixels);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(pixels) * 31 + width;
	}

	@Override
	public String toString() {
		return "Plane " + width + "x" + height;
	}
}
