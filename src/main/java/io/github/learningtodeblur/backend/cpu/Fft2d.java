package io.github.learningtodeblur.backend.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jtransforms.fft.FloatFFT_1D;

import io.github.learningtodeblur.backend.TransformSize;
import io.github.learningtodeblur.util.Threads;

/**
 * Fourier transform of real images to half spectra and back. Columns are transformed side by side, a block of
 * them at a time, by {@link Kernels#fftPass}: column after column through a transposed copy took four times
 * as long. Rows likewise, through a transposed copy, where passes are fast ({@link Kernels#fastPasses}); else,
 * and for the few rows of kernels, by JTransforms. Plans are immutable and may be shared by threads.
 * <p>
 * A spectrum of a (height, width) image has {@code height} rows of {@code 2 * (width / 2 + 1)} floats: first
 * all real parts of the row, then all imaginary parts. Forward is not normalised, inverse carries
 * {@code 1 / (width * height)}.
 */
final class Fft2d {

	/** Columns side by side: 64 keep 512 rows of them within 256 kB. */
	private static final int LANES = 64;
	private static final int LANE_STEP = 16;
	/** Pairs of rows side by side. */
	private static final int ROW_LANES = 16;
	private static final int ROWS = 2 * ROW_LANES;
	/** Values of a row that are laid across at a time: all rows of these stay in the nearest cache. */
	private static final int TILE = 32;

	private final Kernels kernels;
	private final int height;
	private final int width;
	private final int half;
	private final FloatFFT_1D rows;
	private final Passes down;
	/** Null where rows are better transformed one by one. */
	private final Passes across;
	private final Scratch scratch;

	/** @param scratch where its memory comes from */
	Fft2d(final int height, final int width, final Kernels kernels, final Scratch scratch) {
		TransformSize.check(height, width);
		this.kernels = kernels;
		this.height = height;
		this.width = width;
		this.half = width / 2 + 1;
		this.rows = new FloatFFT_1D(width);
		this.down = new Passes(height);
		this.across = kernels.fastPasses() ? new Passes(width) : null;
		this.scratch = scratch;
	}

	int height() {
		return height;
	}

	int width() {
		return width;
	}

	/** Floats in a spectrum: {@code height * 2 * (width / 2 + 1)}. */
	int spectrumLength() {
		return height * 2 * half;
	}

	/**
	 * @param image row y at {@code offset + y * stride}; where it is smaller than the transform, zeros follow
	 *          at the right and the bottom
	 * @param spectrum overwritten from {@code spectrumOffset}
	 */
	void forward(final float[] image, final int offset, final int stride, final int imageHeight,
		final int imageWidth, final float[] spectrum, final int spectrumOffset)
	{
		if (across != null) Threads.forEachBand(height, ROWS, (from, to) -> rowsForward(image, offset,
			stride, imageHeight, imageWidth, spectrum, spectrumOffset, from, to));
		else Threads.forEachBand(height, ROWS, (from, to) -> {
			final float[] a = scratch.take(width);
			for (int y = from; y < to; y++) {
				if (y >= imageHeight) {
					clearRow(spectrum, spectrumOffset, y);
					continue;
				}
				System.arraycopy(image, offset + y * stride, a, 0, imageWidth);
				Arrays.fill(a, imageWidth, width, 0);
				rowForward(a, spectrum, spectrumOffset + y * 2 * half);
			}
			scratch.give(a);
		});
		columns(spectrum, spectrumOffset, spectrum, spectrumOffset, -1);
	}

	/**
	 * Transforms a kernel whose middle is the origin: what is left of and above it wraps around.
	 *
	 * @param kernel {@code size * size} values, size odd
	 */
	void forwardWrapped(final float[] kernel, final int offset, final int size,
		final float[] spectrum, final int spectrumOffset)
	{
		final int radius = size / 2;
		checkFits(size);
		final float[] a = scratch.take(width);
		for (int y = 0; y < height; y++) {
			final int ky = y <= radius ? y + radius : y - height + radius;
			if (ky < 0) {
				clearRow(spectrum, spectrumOffset, y);
				continue;
			}
			Arrays.fill(a, 0);
			System.arraycopy(kernel, offset + ky * size + radius, a, 0, radius + 1);
			System.arraycopy(kernel, offset + ky * size, a, width - radius, radius);
			rowForward(a, spectrum, spectrumOffset + y * 2 * half);
		}
		scratch.give(a);
		columns(spectrum, spectrumOffset, spectrum, spectrumOffset, -1);
	}

	/** Only the upper left {@code imageHeight * imageWidth} pixels are computed and written. */
	void inverse(final float[] spectrum, final int spectrumOffset, final float[] image,
		final int offset, final int stride, final int imageHeight, final int imageWidth)
	{
		final float[] columns = scratch.take(spectrumLength());
		columns(spectrum, spectrumOffset, columns, 0, 1);
		if (across != null) Threads.forEachBand(imageHeight, ROWS, (from, to) -> rowsInverse(columns, image,
			offset, stride, imageWidth, from, to));
		else Threads.forEachBand(imageHeight, ROWS, (from, to) -> {
			final float[] a = scratch.take(width);
			for (int y = from; y < to; y++) {
				rowInverse(columns, y * 2 * half, a);
				System.arraycopy(a, 0, image, offset + y * stride, imageWidth);
			}
			scratch.give(a);
		});
		scratch.give(columns);
	}

	/** The inverse around the origin, see {@link #forwardWrapped}. */
	void inverseWrapped(final float[] spectrum, final int spectrumOffset, final float[] kernel,
		final int offset, final int size)
	{
		final int radius = size / 2;
		checkFits(size);
		final float[] columns = scratch.take(spectrumLength());
		columns(spectrum, spectrumOffset, columns, 0, 1);
		final float[] a = scratch.take(width);
		for (int ky = 0; ky < size; ky++) {
			final int y = (ky - radius + height) % height;
			rowInverse(columns, y * 2 * half, a);
			System.arraycopy(a, 0, kernel, offset + ky * size + radius, radius + 1);
			System.arraycopy(a, width - radius, kernel, offset + ky * size, radius);
		}
		scratch.give(a);
		scratch.give(columns);
	}

	private void checkFits(final int size) {
		if (size % 2 == 0 || size > height || size > width) throw new IllegalArgumentException(
			"A kernel of odd size up to " + Math.min(height, width) + " is needed, got " + size);
	}

	/**
	 * Rows two by two, as real and imaginary part of one complex row: Z = A + i B. Then
	 * <code>A(k) = (Z(k) + conj Z(n - k)) / 2</code> and <code>i B(k) = (Z(k) - conj Z(n - k)) / 2</code>.
	 */
	private void rowsForward(final float[] image, final int offset, final int stride,
		final int imageHeight, final int imageWidth, final float[] spectrum, final int spectrumOffset,
		final int from, final int to)
	{
		if (from >= imageHeight) {
			for (int y = from; y < to; y++)
				clearRow(spectrum, spectrumOffset, y);
			return;
		}
		final float[][] block = scratch.take(width * ROW_LANES, 4);
		final int there = Math.min(ROWS, imageHeight - from);
		for (int tile = 0; tile < imageWidth; tile += TILE) {
			final int end = Math.min(imageWidth, tile + TILE);
			for (int l = 0; l < ROWS; l++) {
				final float[] part = block[l % 2];
				final int at = offset + (from + l) * stride;
				if (l < there) for (int x = tile; x < end; x++)
					part[x * ROW_LANES + l / 2] = image[at + x];
				else for (int x = tile; x < end; x++)
					part[x * ROW_LANES + l / 2] = 0;
			}
		}
		for (int j = 0; j < 2; j++)
			Arrays.fill(block[j], imageWidth * ROW_LANES, width * ROW_LANES, 0);
		across.run(kernels, ROW_LANES, -1, block);
		final float[] re = block[0], im = block[1];
		for (int tile = 0; tile < half; tile += TILE) {
			final int end = Math.min(half, tile + TILE);
			for (int y = from; y < to; y += 2) {
				final int l = (y - from) / 2, a = spectrumOffset + y * 2 * half, b = a + 2 * half;
				final boolean second = y + 1 < to;
				for (int k = tile; k < end; k++) {
					final int i = k * ROW_LANES + l, j = (k == 0 ? 0 : width - k) * ROW_LANES + l;
					final float zr = re[i], zi = im[i], yr = re[j], yi = im[j];
					spectrum[a + k] = 0.5f * (zr + yr);
					spectrum[a + half + k] = 0.5f * (zi - yi);
					if (second) {
						spectrum[b + k] = 0.5f * (zi + yi);
						spectrum[b + half + k] = 0.5f * (yr - zr);
					}
				}
			}
		}
		scratch.give(block);
	}

	/** The inverse of {@link #rowsForward}: <code>Z(k) = A(k) + i B(k)</code>. */
	private void rowsInverse(final float[] spectrum, final float[] image, final int offset,
		final int stride, final int imageWidth, final int from, final int to)
	{
		final float[][] block = scratch.take(width * ROW_LANES, 4);
		final float[] re = block[0], im = block[1];
		final int n = half - 1;
		for (int l = 0; l < ROW_LANES; l++) {
			final int y = from + 2 * l;
			if (y >= to) { // lanes without a row
				for (int x = 0; x < width; x++)
					re[x * ROW_LANES + l] = im[x * ROW_LANES + l] = 0;
				continue;
			}
			// a last odd row is its own partner
			final int a = y * 2 * half, b = y + 1 < to ? a + 2 * half : a;
			re[l] = spectrum[a];
			im[l] = spectrum[b];
			re[n * ROW_LANES + l] = spectrum[a + n];
			im[n * ROW_LANES + l] = spectrum[b + n];
		}
		for (int tile = 1; tile < n; tile += TILE) {
			final int end = Math.min(n, tile + TILE);
			for (int l = 0; from + 2 * l < to; l++) {
				final int y = from + 2 * l, a = y * 2 * half, b = y + 1 < to ? a + 2 * half : a;
				for (int k = tile; k < end; k++) {
					final int i = k * ROW_LANES + l, j = (width - k) * ROW_LANES + l;
					final float ar = spectrum[a + k], ai = spectrum[a + half + k];
					final float br = spectrum[b + k], bi = spectrum[b + half + k];
					re[i] = ar - bi;
					im[i] = ai + br;
					re[j] = ar + bi;
					im[j] = br - ai;
				}
			}
		}
		across.run(kernels, ROW_LANES, 1, block);
		final float scale = 1f / width;
		for (int tile = 0; tile < imageWidth; tile += TILE) {
			final int end = Math.min(imageWidth, tile + TILE);
			for (int l = 0; l < to - from; l++) {
				final float[] part = block[l % 2];
				final int at = offset + (from + l) * stride;
				for (int x = tile; x < end; x++)
					image[at + x] = part[x * ROW_LANES + l / 2] * scale;
			}
		}
		scratch.give(block);
	}

	private void clearRow(final float[] spectrum, final int offset, final int y) {
		Arrays.fill(spectrum, offset + y * 2 * half, offset + (y + 1) * 2 * half, 0);
	}

	private void rowForward(final float[] a, final float[] spectrum, final int at) {
		rows.realForward(a, 0);
		final int n = half - 1;
		spectrum[at] = a[0];
		spectrum[at + half] = 0;
		for (int k = 1; k < n; k++) {
			spectrum[at + k] = a[2 * k];
			spectrum[at + half + k] = a[2 * k + 1];
		}
		spectrum[at + n] = a[1];
		spectrum[at + half + n] = 0;
	}

	private void rowInverse(final float[] spectrum, final int at, final float[] a) {
		final int n = half - 1;
		a[0] = spectrum[at];
		a[1] = spectrum[at + n];
		for (int k = 1; k < n; k++) {
			a[2 * k] = spectrum[at + k];
			a[2 * k + 1] = spectrum[at + half + k];
		}
		rows.realInverse(a, 0, true);
	}

	/** All columns, block by block; the inverse is scaled by 1 / height. */
	private void columns(final float[] in, final int inOffset, final float[] out, final int outOffset,
		final int sign)
	{
		Threads.forEachBand(half, LANES, (from, to) -> {
			final int count = to - from;
			final int lanes = (count + LANE_STEP - 1) / LANE_STEP * LANE_STEP;
			final float[][] parts = scratch.take(height * LANES, 4);
			for (int y = 0; y < height; y++) {
				final int row = inOffset + y * 2 * half + from;
				for (int j = 0; j < 2; j++) {
					System.arraycopy(in, row + j * half, parts[j], y * lanes, count);
					Arrays.fill(parts[j], y * lanes + count, (y + 1) * lanes, 0);
				}
			}
			down.run(kernels, lanes, sign, parts);
			if (sign > 0) {
				final float scale = 1f / height;
				for (int j = 0; j < 2; j++)
					for (int i = 0; i < height * lanes; i++)
						parts[j][i] *= scale;
			}
			for (int y = 0; y < height; y++) {
				final int row = outOffset + y * 2 * half + from;
				for (int j = 0; j < 2; j++)
					System.arraycopy(parts[j], y * lanes, out, row + j * half, count);
			}
			scratch.give(parts);
		});
	}

	/** Complex transforms of one length, side by side. */
	private static final class Passes {

		private final int length;
		private final int[] radices;
		private final float[][] forwardTwiddles;
		private final float[][] inverseTwiddles;

		Passes(final int length) {
			this.length = length;
			radices = radices(length);
			forwardTwiddles = twiddles(-1);
			inverseTwiddles = twiddles(1);
		}

		/** @param parts real and imaginary parts, in and out, and two arrays of that size for scratch */
		void run(final Kernels kernels, final int lanes, final int sign, final float[][] parts) {
			int n = length, stride = 1;
			for (int pass = 0; pass < radices.length; pass++) {
				final int radix = radices[pass];
				kernels.fftPass(radix, n, stride, lanes, sign, (sign < 0 ? forwardTwiddles
					: inverseTwiddles)[pass], parts[0], parts[1], parts[2], parts[3]);
				for (int j = 0; j < 2; j++) {
					final float[] swap = parts[j];
					parts[j] = parts[j + 2];
					parts[j + 2] = swap;
				}
				n /= radix;
				stride *= radix;
			}
		}

		/** Later passes run over longer stretches, which suits those that do most. */
		private static int[] radices(final int n) {
			final List<Integer> list = new ArrayList<>();
			int rest = n;
			for (final int radix : new int[] { 4, 3, 2, 5 })
				while (rest % radix == 0) {
					list.add(radix);
					rest /= radix;
				}
			return list.stream().mapToInt(Integer::intValue).toArray();
		}

		private float[][] twiddles(final int sign) {
			final float[][] all = new float[radices.length][];
			int n = length;
			for (int pass = 0; pass < radices.length; pass++) {
				final int radix = radices[pass], m = n / radix;
				final float[] t = new float[2 * m * (radix - 1)];
				for (int p = 0; p < m; p++)
					for (int j = 1; j < radix; j++) {
						final double angle = sign * 2 * Math.PI * p * j / n;
						t[2 * (p * (radix - 1) + j - 1)] = (float) Math.cos(angle);
						t[2 * (p * (radix - 1) + j - 1) + 1] = (float) Math.sin(angle);
					}
				all[pass] = t;
				n = m;
			}
			return all;
		}
	}
}
