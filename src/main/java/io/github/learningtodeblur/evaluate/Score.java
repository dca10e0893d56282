package io.github.learningtodeblur.evaluate;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Threads;

/**
 * How close a restored image is to the sharp one, as Levin et al. (CVPR 2009, section 5) measure
 * it: a kernel is known only up to a shift, so that the image is compared at the shift where it
 * fits best. {@value #BORDER} pixels at each border don't count; shifts go from -{@value
 * #MAX_SHIFT} to {@value #MAX_SHIFT} pixels in steps of a quarter, in between pixels are
 * interpolated bilinearly.
 *
 * @param psnr 10 log10(pixels / ssd) in dB, for images in [0, 1]; infinite if ssd is 0
 * @param ssim structural similarity at the same shift, see {@link Ssim}
 * @param ssd smallest sum of squared differences over all shifts
 * @param dx shift in pixels: restored(x + dx, y + dy) is compared with sharp(x, y)
 * @param dy likewise, downwards
 */
public record Score(double psnr, double ssim, double ssd, double dx, double dy) {

	static final int BORDER = 15;
	static final int MAX_SHIFT = 5;

	/** Steps per pixel. */
	static final int STEPS = 4;

	/** Smallest width and height that leave one window of SSIM. */
	static final int MIN_SIZE = 2 * BORDER + Ssim.WINDOW;

	/**
	 * @param restored values around [0, 1], not clipped
	 * @param sharp of the same size, at least 41x41
	 */
	public static Score of(final Plane restored, final Plane sharp) {
		final int width = sharp.width(), height = sharp.height();
		if (restored.width() != width || restored.height() != height)
			throw new IllegalArgumentException("Cannot compare images of different size: " + restored +
				" and " + sharp);
		if (Math.min(width, height) < MIN_SIZE) throw new IllegalArgumentException(
			"An image of at least " + MIN_SIZE + "x" + MIN_SIZE + " is needed, got " + sharp);
		checkFinite(restored);
		checkFinite(sharp);
		final int[] shift = bestShift(restored, sharp);
		final Plane target = sharp.crop(BORDER, BORDER, width - 2 * BORDER, height - 2 * BORDER);
		final Plane moved = shifted(restored, shift[0], shift[1]);
		// once more pixel by pixel: the products of the search cancel where images are nearly equal
		final double ssd = ssd(moved, target);
		return new Score(10 * Math.log10(target.pixels().length / ssd), Ssim.of(moved, target), ssd,
			(double) shift[0] / STEPS, (double) shift[1] / STEPS);
	}

	/**
	 * Levin's error ratio: this SSD divided by that of the same deconvolution with the true kernel.
	 * Up to 2 counts as a success, above 3 results look bad.
	 */
	public double errorRatio(final Score withTrueKernel) {
		return ssd / withTrueKernel.ssd;
	}

	/** Where the SSD is smallest, in steps; the shorter shift wins a tie. */
	private static int[] bestShift(final Plane restored, final Plane sharp) {
		final ShiftedDifferences differences = new ShiftedDifferences(restored, sharp);
		final int most = MAX_SHIFT * STEPS;
		int[] best = { 0, 0 };
		double least = differences.at(0, 0);
		for (int dy = -most; dy <= most; dy++) {
			for (int dx = -most; dx <= most; dx++) {
				final double ssd = differences.at(dx, dy);
				if (ssd < least || ssd == least && dx * dx + dy * dy < best[0] * best[0] + best[1] *
					best[1])
				{
					least = ssd;
					best = new int[] { dx, dy };
				}
			}
		}
		return best;
	}

	/**
	 * The image without its border, moved by {@code dx, dy} steps: pixel (x, y) is at (x + dx, y +
	 * dy).
	 */
	static Plane shifted(final Plane image, final int dx, final int dy) {
		final int width = image.width(), height = image.height();
		final Plane out = new Plane(width - 2 * BORDER, height - 2 * BORDER);
		final float a = Math.floorMod(dx, STEPS) / (float) STEPS;
		final float b = Math.floorMod(dy, STEPS) / (float) STEPS;
		final int left = BORDER + Math.floorDiv(dx, STEPS), top = BORDER + Math.floorDiv(dy, STEPS);
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
	 * &lt;R_j, R_k&gt; - 2 sum w_j &lt;R_j, S&gt; + &lt;S, S&gt;</code>, where only 121 correlations
	 * with the sharp image S and five sorts of sums over the restored image itself occur. Exact up to
	 * rounding in double precision.
	 */
	private static final class ShiftedDifferences {

		private static final int COUNT = 2 * MAX_SHIFT + 1;

		private final double[] withSharp = new double[COUNT * COUNT];
		private final double[] self;
		private final double[] right;
		private final double[] below;
		private final double[] falling;
		private final double[] rising;
		private final double sharpSquared;

		ShiftedDifferences(final Plane restored, final Plane sharp) {
			Threads.forEach(withSharp.length, s -> withSharp[s] = correlation(restored, s % COUNT -
				MAX_SHIFT, s / COUNT - MAX_SHIFT, sharp));
			sharpSquared = correlation(sharp, 0, 0, sharp);
			final double[][] sums = new double[5][];
			final int[] dx = { 0, 1, 0, 1, -1 }, dy = { 0, 0, 1, 1, 1 };
			Threads.forEach(sums.length, i -> sums[i] = products(restored, dx[i], dy[i]));
			self = sums[0];
			right = sums[1];
			below = sums[2];
			falling = sums[3];
			rising = sums[4];
		}

		/** The SSD at a shift of {@code dx, dy} steps. */
		double at(final int dx, final int dy) {
			final double a = Math.floorMod(dx, STEPS) / (double) STEPS;
			final double b = Math.floorMod(dy, STEPS) / (double) STEPS;
			final int x = Math.floorDiv(dx, STEPS) + MAX_SHIFT, y = Math.floorDiv(dy, STEPS) + MAX_SHIFT;
			// at the last whole shift the neighbour has weight 0, any index will do
			final int x1 = Math.min(x + 1, COUNT - 1), y1 = Math.min(y + 1, COUNT - 1);
			final int p00 = y * COUNT + x, p10 = y * COUNT + x1, p01 = y1 * COUNT + x, p11 = y1 * COUNT +
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
		private static double correlation(final Plane restored, final int dx, final int dy,
			final Plane sharp)
		{
			final int width = sharp.width();
			double sum = 0;
			for (int y = BORDER; y < sharp.height() - BORDER; y++)
				sum += dot(restored.pixels(), (y + dy) * width + BORDER + dx, sharp.pixels(), y * width +
					BORDER, width - 2 * BORDER);
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
		private static double[] products(final Plane image, final int dx, final int dy) {
			final int width = image.width(), inner = width - 2 * BORDER;
			final float[] p = image.pixels();
			final double[] sums = new double[COUNT * COUNT];
			final double[] row = new double[COUNT];
			for (int y = BORDER - MAX_SHIFT; y < image.height() - BORDER + MAX_SHIFT; y++) {
				final int first = y * width + BORDER - MAX_SHIFT, other = first + dy * width + dx;
				row[0] = dot(p, first, p, other, inner);
				for (int i = 1; i < COUNT; i++)
					row[i] = row[i - 1] - (double) p[first + i - 1] * p[other + i - 1] + (double) p[first +
						inner + i - 1] * p[other + inner + i - 1];
				// this row is inside the window of all shifts j that it is at most an image away from
				for (int j = 0; j < COUNT; j++) {
					final int start = BORDER - MAX_SHIFT + j;
					if (y < start || y >= start + image.height() - 2 * BORDER) continue;
					for (int i = 0; i < COUNT; i++)
						sums[j * COUNT + i] += row[i];
				}
			}
			return sums;
		}
	}
}
