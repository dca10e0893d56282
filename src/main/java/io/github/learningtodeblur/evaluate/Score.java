package io.github.learningtodeblur.evaluate;

import java.util.Arrays;

import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;

/**
 * How close a restored image is to the sharp one, as Levin et al. (CVPR 2009, section 5) measure
 * it: a kernel is known only up to a shift, so that the image is compared at the shift where it
 * fits best. {@value #BORDER} pixels at each border don't count; shifts go from -{@value
 * #MAX_SHIFT} to {@value #MAX_SHIFT} pixels in steps of a quarter, in between pixels are
 * interpolated bilinearly. Kernels much larger than Levin's can move an image further: then both
 * grow.
 *
 * @param psnr 10 log10(pixels / ssd) in dB, for images in [0, 1]; infinite if ssd is 0
 * @param ssim structural similarity at the same shift, see {@link Ssim}; what is left out counts as equal
 * @param ssd smallest sum of squared differences over all shifts
 * @param dx shift in pixels: restored(x + dx, y + dy) is compared with sharp(x, y)
 * @param dy likewise, downwards
 */
public record Score(double psnr, double ssim, double ssd, double dx, double dy) {

	static final int BORDER = 15;
	static final int MAX_SHIFT = 5;

	/** Steps per pixel. */
	static final int STEPS = 4;

	/** {@link #of(Plane, Plane)} for two-dimensional images of ImgLib2. */
	public static Score of(final RandomAccessibleInterval<? extends RealType<?>> restored,
		final RandomAccessibleInterval<? extends RealType<?>> sharp)
	{
		return of(Images.plane(restored), Images.plane(sharp));
	}

	/**
	 * @param restored values around [0, 1], not clipped
	 * @param sharp of the same size, at least 41x41
	 */
	public static Score of(final Plane restored, final Plane sharp) {
		return of(restored, sharp, MAX_SHIFT);
	}

	/** @param maxShift shifts up to so many pixels are tried; from {@value #BORDER} on, the border is a pixel wider */
	public static Score of(final Plane restored, final Plane sharp, final int maxShift) {
		return of(restored, sharp, maxShift, null);
	}

	/**
	 * Of a part of the sharp image only.
	 *
	 * @param counted for each pixel of {@code sharp}, whether it counts; null if all do
	 */
	public static Score of(final Plane restored, final Plane sharp, final int maxShift, final boolean[] counted) {
		final int width = sharp.width(), height = sharp.height();
		final int border = Math.max(BORDER, maxShift + 1), least = 2 * border + Ssim.WINDOW;
		if (restored.width() != width || restored.height() != height)
			throw new IllegalArgumentException("Cannot compare images of different size: " + restored +
				" and " + sharp);
		if (maxShift < 0) throw new IllegalArgumentException("The largest shift must not be negative, got " + maxShift);
		if (Math.min(width, height) < least) throw new IllegalArgumentException(
			"An image of at least " + least + "x" + least + " is needed, got " + sharp);
		if (counted != null && counted.length != sharp.pixels().length) throw new IllegalArgumentException(
			"What counts must be said of " + sharp.pixels().length + " pixels, got " + counted.length);
		checkFinite(restored);
		checkFinite(sharp);
		final int[] shift = new ShiftedDifferences(restored, sharp, border, maxShift, counted).best();
		final Plane target = sharp.crop(border, border, width - 2 * border, height - 2 * border);
		final Plane moved = shifted(restored, border, shift[0], shift[1]);
		final int pixels = leaveOut(counted, moved, target, border, width);
		if (pixels == 0) throw new IllegalArgumentException("No pixel of " + sharp + " is left to be compared");
		// once more pixel by pixel: the products of the search cancel where images are nearly equal
		final double ssd = ssd(moved, target);
		return new Score(10 * Math.log10(pixels / ssd), Ssim.of(moved, target), ssd,
			(double) shift[0] / STEPS, (double) shift[1] / STEPS);
	}

	/** Makes pixels equal that do not count; returns the number of those that do. */
	private static int leaveOut(final boolean[] counted, final Plane moved, final Plane target, final int border,
		final int width)
	{
		if (counted == null) return target.pixels().length;
		int count = 0;
		for (int y = 0, i = 0; y < target.height(); y++)
			for (int x = 0; x < target.width(); x++, i++)
				if (counted[(y + border) * width + x + border]) count++;
				else moved.pixels()[i] = target.pixels()[i];
		return count;
	}

	/**
	 * Levin's error ratio: this SSD divided by that of the same deconvolution with the true kernel.
	 * Up to 2 counts as a success, above 3 results look bad.
	 */
	public double errorRatio(final Score withTrueKernel) {
		return ssd / withTrueKernel.ssd;
	}

	/**
	 * The image without its border, moved by {@code dx, dy} steps: pixel (x, y) is at (x + dx, y +
	 * dy).
	 */
	static Plane shifted(final Plane image, final int border, final int dx, final int dy) {
		final int width = image.width(), height = image.height();
		final Plane out = new Plane(width - 2 * border, height - 2 * border);
		final float a = Math.floorMod(dx, STEPS) / (float) STEPS;
		final float b = Math.floorMod(dy, STEPS) / (float) STEPS;
		final int left = border + Math.floorDiv(dx, STEPS), top = border + Math.floorDiv(dy, STEPS);
		final float[] in = image.pixels();
		for (int y = 0; y < out.height(); y++) {
			int i = (top + y) * width + left;
			for (int x = 0; x < out.width(); x++, i++)
				out.pixels()[y * out.width() + x] = (1 - b) * ((1 - a) * in[i] + a * in[i + 1]) + b * ((1 -
					a) * in[i + width] + a * in[i + width + 1]);
		}
		return out;
	}

	static double ssd(final Plane a, final Plane b) {
		double sum = 0;
		for (int i = 0; i < a.pixels().length; i++) {
			final double d = a.pixels()[i] - b.pixels()[i];
			sum += d * d;
		}
		return sum;
	}

	private static void checkFinite(final Plane image) {
		for (int i = 0; i < image.pixels().length; i++)
			if (!Float.isFinite(image.pixels()[i])) throw new IllegalArgumentException("Value " + image
				.pixels()[i] + " at pixel " + i % image.width() + "," + i / image.width() + " of " + image);
	}

	/**
	 * The SSD at every shift without visiting the pixels again: a bilinearly shifted image is a
	 * weighted sum of four copies R_j of the image at whole shifts, hence <code>ssd = sum w_j w_k
	 * &lt;R_j, R_k&gt; - 2 sum w_j &lt;R_j, S&gt; + &lt;S, S&gt;</code>, where only one correlation
	 * with the sharp image S per whole shift and five sorts of sums over the restored image itself occur. Exact up
	 * to rounding in double precision.
	 */
	private static final class ShiftedDifferences {

		private final int border;
		private final int maxShift;

		/** Whole shifts in x, and in y. */
		private final int count;
		private final double[] withSharp;
		private final double[] self;
		private final double[] right;
		private final double[] below;
		private final double[] falling;
		private final double[] rising;
		private final double sharpSquared;

		ShiftedDifferences(final Plane restored, final Plane sharp, final int border, final int maxShift,
			final boolean[] counted)
		{
			this.border = border;
			this.maxShift = maxShift;
			count = 2 * maxShift + 1;
			withSharp = correlations(restored, counted == null ? sharp : times(sharp, counted));
			sharpSquared = correlation(sharp, 0, 0, counted == null ? sharp : times(sharp, counted));
			final double[][] sums = new double[5][];
			final int[] dx = { 0, 1, 0, 1, -1 }, dy = { 0, 0, 1, 1, 1 };
			if (counted == null) Threads.forEach(sums.length, i -> sums[i] = products(restored, dx[i], dy[i]));
			else {
				final Plane ones = new Plane(sharp.width(), sharp.height());
				Arrays.fill(ones.pixels(), 1);
				for (int i = 0; i < sums.length; i++)
					sums[i] = correlations(product(restored, dx[i], dy[i]), times(ones, counted));
			}
			self = sums[0];
			right = sums[1];
			below = sums[2];
			falling = sums[3];
			rising = sums[4];
		}

		/** Where the SSD is smallest, in steps; the shorter shift wins a tie. */
		int[] best() {
			final int most = maxShift * STEPS;
			int[] best = { 0, 0 };
			double least = at(0, 0);
			for (int dy = -most; dy <= most; dy++) {
				for (int dx = -most; dx <= most; dx++) {
					final double ssd = at(dx, dy);
					if (ssd < least || ssd == least && dx * dx + dy * dy < best[0] * best[0] + best[1] * best[1]) {
						least = ssd;
						best = new int[] { dx, dy };
					}
				}
			}
			return best;
		}

		private static Plane times(final Plane image, final boolean[] counted) {
			final Plane out = image.copy();
			for (int i = 0; i < counted.length; i++)
				if (!counted[i]) out.pixels()[i] = 0;
			return out;
		}

		/** image(x, y) * image(x + dx, y + dy), 0 where the latter lies outside. */
		private static Plane product(final Plane image, final int dx, final int dy) {
			final Plane out = new Plane(image.width(), image.height());
			for (int y = Math.max(0, -dy); y < image.height() - Math.max(0, dy); y++)
				for (int x = Math.max(0, -dx); x < image.width() - Math.max(0, dx); x++)
					out.pixels()[y * image.width() + x] = image.get(x, y) * image.get(x + dx, y + dy);
			return out;
		}

		/** {@link #correlation} at every whole shift. */
		private double[] correlations(final Plane image, final Plane other) {
			final double[] sums = new double[count * count];
			Threads.forEach(sums.length, s -> sums[s] = correlation(image, s % count - maxShift, s / count - maxShift,
				other));
			return sums;
		}

		/** The SSD at a shift of {@code dx, dy} steps. */
		double at(final int dx, final int dy) {
			final double a = Math.floorMod(dx, STEPS) / (double) STEPS;
			final double b = Math.floorMod(dy, STEPS) / (double) STEPS;
			final int x = Math.floorDiv(dx, STEPS) + maxShift, y = Math.floorDiv(dy, STEPS) + maxShift;
			// at the last whole shift the neighbour has weight 0, any index will do
			final int x1 = Math.min(x + 1, count - 1), y1 = Math.min(y + 1, count - 1);
			final int p00 = y * count + x, p10 = y * count + x1, p01 = y1 * count + x, p11 = y1 * count +
				x1;
			final double w00 = (1 - a) * (1 - b), w10 = a * (1 - b), w01 = (1 - a) * b, w11 = a * b;
			final double squares = w00 * w00 * self[p00] + w10 * w10 * self[p10] + w01 * w01 * self[p01] +
				w11 * w11 * self[p11];
			final double pairs = w00 * w10 * right[p00] + w01 * w11 * right[p01] + //
				w00 * w01 * below[p00] + w10 * w11 * below[p10] + //
				w00 * w11 * falling[p00] + w10 * w01 * rising[p10];
			final double mixed = w00 * withSharp[p00] + w10 * withSharp[p10] + //
				w01 * withSharp[p01] + w11 * withSharp[p11];
			return squares + 2 * pairs - 2 * mixed + sharpSquared;
		}

		/** Sum over the inner region of restored(x + dx, y + dy) * sharp(x, y). */
		private double correlation(final Plane restored, final int dx, final int dy,
			final Plane sharp)
		{
			final int width = sharp.width();
			double sum = 0;
			for (int y = border; y < sharp.height() - border; y++)
				sum += dot(restored.pixels(), (y + dy) * width + border + dx, sharp.pixels(), y * width +
					border, width - 2 * border);
			return sum;
		}

		/** Four sums: one alone waits for each addition. */
		private static double dot(final float[] a, final int aOffset, final float[] b,
			final int bOffset, final int length)
		{
			double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
			int i = 0;
			for (; i + 3 < length; i += 4) {
				s0 += (double) a[aOffset + i] * b[bOffset + i];
				s1 += (double) a[aOffset + i + 1] * b[bOffset + i + 1];
				s2 += (double) a[aOffset + i + 2] * b[bOffset + i + 2];
				s3 += (double) a[aOffset + i + 3] * b[bOffset + i + 3];
			}
			for (; i < length; i++)
				s0 += (double) a[aOffset + i] * b[bOffset + i];
			return s0 + s1 + (s2 + s3);
		}

		/**
		 * For every whole shift (i, j) the sum over the inner region of image(x + i, y + j) * image(x +
		 * i + dx, y + j + dy). Neighbouring shifts share all but a row or column, so that sums slide.
		 */
		private double[] products(final Plane image, final int dx, final int dy) {
			final int width = image.width(), inner = width - 2 * border;
			final float[] p = image.pixels();
			final double[] sums = new double[count * count];
			final double[] row = new double[count];
			for (int y = border - maxShift; y < image.height() - border + maxShift; y++) {
				final int first = y * width + border - maxShift, other = first + dy * width + dx;
				row[0] = dot(p, first, p, other, inner);
				for (int i = 1; i < count; i++)
					row[i] = row[i - 1] - (double) p[first + i - 1] * p[other + i - 1] + (double) p[first +
						inner + i - 1] * p[other + inner + i - 1];
				// this row is inside the window of all shifts j that it is at most an image away from
				for (int j = 0; j < count; j++) {
					final int start = border - maxShift + j;
					if (y < start || y >= start + image.height() - 2 * border) continue;
					for (int i = 0; i < count; i++)
						sums[j * count + i] += row[i];
				}
			}
			return sums;
		}
	}
}
