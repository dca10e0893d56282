package io.github.learningtodeblur.restore;

import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

import io.github.learningtodeblur.backend.cpu.Fft2d;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Threads;
import io.github.learningtodeblur.util.Unknown;

/**
 * What every deconvolution needs to know: the spectrum K of the kernel, that of the blurry image Y
 * after its extension ({@link Borders}), and the denominators. All for circular convolution at the
 * size of the Fourier transform, of which the image is the upper left part. One restoration, one
 * instance: the extension changes.
 */
final class BlurModel {

	/** Rows per band. */
	private static final int BAND = 32;

	final Fft2d fft;
	final int width;
	final int height;

	/** Columns of a half spectrum. */
	final int half;

	private final int imageWidth;
	private final int imageHeight;

	/** The blurry image and its extension: (height, width). */
	private final float[] blurry;
	private final float[] kernelSpectrum;

	/** conj(K) Y, in the layout of {@link Fft2d}. */
	private final float[] backProjected;

	/** |K|^2: (height, half). */
	private final float[] kernelPower;

	/**
	 * |Dx|^2 by column and |Dy|^2 by row, for differences of neighbours: 2 - 2 cos(2 pi frequency).
	 */
	private final float[] powerDx;
	private final float[] powerDy;

	/** Where the image is saturated, and where it is unknown, in the layout of {@link #blurry}, ascending. */
	private final int[] saturated;
	private final int[] unknown;
	private final float white;

	BlurModel(final Plane image, final Plane kernel) {
		this(image, kernel, Float.POSITIVE_INFINITY);
	}

	/** @param white pixels from this value on may have been brighter: see {@link #predictUnknown} */
	BlurModel(final Plane image, final Plane kernel, final float white) {
		check(image, kernel);
		this.white = white;
		imageWidth = image.width();
		imageHeight = image.height();
		width = Fft2d.goodSize(Borders.extended(imageWidth, kernel.width()));
		height = Fft2d.goodSize(Borders.extended(imageHeight, kernel.height()));
		half = width / 2 + 1;
		fft = Fft2d.of(height, width);
		blurry = Borders.extend(Unknown.filled(image), width, height).pixels();
		saturated = where(image, v -> v >= white);
		unknown = where(image, Double::isNaN);
		kernelSpectrum = new float[fft.spectrumLength()];
		fft.forward(placed(kernel), 0, width, height, width, kernelSpectrum, 0);
		backProjected = new float[fft.spectrumLength()];
		kernelPower = new float[height * half];
		powerDx = differencePower(half, width);
		powerDy = differencePower(height, height);
		for (int y = 0; y < height; y++) {
			final int at = y * 2 * half;
			for (int x = 0; x < half; x++) {
				final float re = kernelSpectrum[at + x], im = kernelSpectrum[at + half + x];
				kernelPower[y * half + x] = re * re + im * im;
			}
		}
		transformBlurry();
	}

	private int[] where(final Plane image, final DoublePredicate is) {
		return IntStream.range(0, imageWidth * imageHeight).filter(i -> is.test(image.pixels()[i])).map(i -> i /
			imageWidth * width + i % imageWidth).toArray();
	}

	/** Whether pixels inside the image are unknown, or saturated. */
	boolean hasUnknown() {
		return unknown.length > 0 || saturated.length > 0;
	}

	/** The blurry image with its present extension: (height, width). Not to be changed. */
	float[] blurry() {
		return blurry;
	}

	/**
	 * The minimiser x of <code>c ||k * x - y||^2 + b ||x - mean||^2 + ||Dx x - wx||^2 + ||Dy x -
	 * wy||^2</code>, the gradient part times {@code g}: a division in Fourier space. The mean of x is
	 * that of y.
	 *
	 * @param target spectrum of Dx' wx + Dy' wy, or null for 0 (then only ratios of c, b, g matter)
	 * @param out spectrum of x; may be {@code target}
	 */
	void solve(final float c, final float b, final float g, final float[] target, final float[] out) {
		forRows((y, at) -> {
			final int power = y * half;
			final float dy = powerDy[y];
			for (int x = 0; x < half; x++) {
				// the mean must not be drawn to 0; |K|^2 is 1 there
				final float prior = y == 0 && x == 0 ? 0 : b + g * (powerDx[x] + dy);
				final float scale = 1 / (c * kernelPower[power + x] + prior);
				float re = c * backProjected[at + x], im = c * backProjected[at + half + x];
				if (target != null) {
					re += g * target[at + x];
					im += g * target[at + half + x];
				}
				out[at + x] = re * scale;
				out[at + half + x] = im * scale;
			}
		});
	}

	/**
	 * Replaces what was not observed by the blurred estimate: the extension of the blurry image, unknown pixels, and
	 * saturated ones where the estimate says that they were brighter than white.
	 *
	 * @param estimate spectrum of the sharp image; overwritten
	 * @param scratch (height, width); overwritten
	 */
	void predictUnknown(final float[] estimate, final float[] scratch) {
		multiply(estimate, 1);
		fft.inverse(estimate, 0, scratch, 0, width, height, width);
		for (int y = 0; y < height; y++) {
			final int first = y < imageHeight ? imageWidth : 0;
			System.arraycopy(scratch, y * width + first, blurry, y * width + first, width - first);
		}
		for (final int i : saturated)
			blurry[i] = Math.max(white, scratch[i]);
		for (final int i : unknown)
			blurry[i] = scratch[i];
		transformBlurry();
	}

	/**
	 * Circular convolution k * x, or correlation k^T x, of an image with its extension.
	 *
	 * @param x (height, width)
	 * @param spectrum overwritten
	 * @param out (height, width), may be {@code x}
	 */
	void blur(final float[] x, final float[] spectrum, final float[] out, final boolean transposed) {
		fft.forward(x, 0, width, height, width, spectrum, 0);
		multiply(spectrum, transposed ? -1 : 1);
		fft.inverse(spectrum, 0, out, 0, width, height, width);
	}

	/** The image of a spectrum without the extension. */
	Plane image(final float[] spectrum) {
		final Plane out = new Plane(imageWidth, imageHeight);
		fft.inverse(spectrum, 0, out.pixels(), 0, imageWidth, imageHeight, imageWidth);
		return out;
	}

	private void transformBlurry() {
		fft.forward(blurry, 0, width, height, width, backProjected, 0);
		multiply(backProjected, -1);
	}

	/** In place, by the spectrum of the kernel if {@code sign} is 1, by its conjugate if it is -1. */
	private void multiply(final float[] spectrum, final int sign) {
		forRows((y, at) -> {
			for (int x = at; x < at + half; x++) {
				final float kr = kernelSpectrum[x], ki = sign * kernelSpectrum[x + half];
				final float re = spectrum[x], im = spectrum[x + half];
				spectrum[x] = kr * re - ki * im;
				spectrum[x + half] = kr * im + ki * re;
			}
		});
	}

	/** The kernel, scaled to sum 1, its middle pixel at (0, 0), the rest wrapped around. */
	private float[] placed(final Plane kernel) {
		final float[] out = new float[Math.multiplyExact(width, height)];
		final double sum = kernel.sum();
		for (int y = 0; y < kernel.height(); y++) {
			final int row = Math.floorMod(y - kernel.height() / 2, height) * width;
			for (int x = 0; x < kernel.width(); x++)
				out[row + Math.floorMod(x - kernel.width() / 2, width)] = (float) (kernel.get(x, y) / sum);
		}
		return out;
	}

	private static float[] differencePower(final int count, final int period) {
		final float[] power = new float[count];
		for (int i = 0; i < count; i++)
			power[i] = (float) (2 - 2 * Math.cos(2 * Math.PI * i / period));
		return power;
	}

	@FunctionalInterface
	private interface Row {

		/** @param at where row y of a spectrum begins */
		void run(int y, int at);
	}

	private void forRows(final Row row) {
		Threads.forEachBand(height, BAND, (from, to) -> {
			for (int y = from; y < to; y++)
				row.run(y, y * 2 * half);
		});
	}

	private static void check(final Plane image, final Plane kernel) {
		if (kernel.width() % 2 == 0 || kernel.height() % 2 == 0) throw new IllegalArgumentException(
			"Kernel must have odd sizes, got " + kernel);
		checkValues(kernel, "Kernel", false);
		checkValues(image, "Image", true);
		if (!(kernel.sum() > 0)) throw new IllegalArgumentException(
			"Kernel must have a positive sum, got " + kernel.sum());
	}

	private static void checkValues(final Plane plane, final String what, final boolean mayBeUnknown) {
		for (int i = 0; i < plane.pixels().length; i++)
			if (!Float.isFinite(plane.pixels()[i]) && !(mayBeUnknown && Float.isNaN(plane.pixels()[i]))) throw new IllegalArgumentException(what +
				" has the value " + plane.pixels()[i] + " at pixel " + i % plane.width() + "," + i / plane
					.width());
	}
}
