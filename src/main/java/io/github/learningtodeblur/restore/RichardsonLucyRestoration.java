package io.github.learningtodeblur.restore;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;

/**
 * Deconvolution of photon-limited images: Richardson and Lucy's iteration, which climbs to the
 * most likely image under Poisson noise and never leaves the positive values, with the total
 * variation of Dey et al., <em>Richardson-Lucy Algorithm with Total Variation Regularization for 3D
 * Confocal Microscope Deconvolution</em> (Microscopy Research and Technique 69, 2006, Eq. 9):
 * <code>x := x / (1 - lambda div(grad x / |grad x|)) * k^T(y / (k * x))</code>. For photographs
 * {@link SparseRestoration} is better and faster.
 * <p>
 * Of the pixels beyond the border ({@link Borders}) and of unknown ones only the first guess is used; then they count as
 * seen exactly as predicted, that is, their quotient is 1. This is the expectation-maximisation step
 * of the package description, and keeps the result positive.
 * <p>
 * Negative values of the blurry image count as 0.
 * <p>
 * Gain in dB over the blurry image, true kernel, 100 iterations; discs and bars of 128x108 pixels, the
 * scene of the tests, with Gaussian noise, and with so many photons in a pixel of value 1:
 * <pre>
 *               lambda = 0    0.001    0.005    0.01    0.05     sparse   Wiener
 * noise 0.01           8.3     11.7     13.8    12.3     5.7       14.5      9.7
 * 1000 photons         3.0      6.0     11.3    11.4     5.8        4.5      6.3
 * 100 photons         -5.3     -4.2      0.0     3.9     6.1       -9.6     -1.6
 * 30 photons          -7.9     -7.4     -5.3    -2.6     6.2      -14.4     -5.4
 * </pre>
 *
 * @param lambda weight of the total variation, at least 0 and below 0.2: above, the denominator may
 *          reach 0
 * @param iterations at least 1; more are sharper and noisier
 */
public record RichardsonLucyRestoration(double lambda, int iterations) implements Restoration {

	public static final double DEFAULT_LAMBDA = 0.005;
	public static final int DEFAULT_ITERATIONS = 100;

	/** Gradients far below this count as flat. */
	private static final float FLAT = 1e-3f;

	/** Least value of an estimate, so that it can grow again, and of a divisor. */
	private static final float LEAST = 1e-6f;
	private static final int BAND = 32;

	public RichardsonLucyRestoration {
		if (!(lambda >= 0 && lambda < 0.2)) throw new IllegalArgumentException(
			"lambda must be at least 0 and below 0.2, got " + lambda);
		if (iterations < 1) throw new IllegalArgumentException("At least 1 iteration is needed, got " +
			iterations);
	}

	public RichardsonLucyRestoration() {
		this(DEFAULT_LAMBDA, DEFAULT_ITERATIONS);
	}

	@Override
	public Restoration withStrength(final double strength) {
		return new RichardsonLucyRestoration(strength * lambda, iterations);
	}

	@Override
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		progress.check();
		final BlurModel model = new BlurModel(blurry, kernel);
		final int width = model.width, height = model.height;
		final float[] spectrum = new float[model.fft.spectrumLength()];
		final float[] quotient = new float[width * height];
		final float[] divergence = lambda == 0 ? null : new float[width * height];
		final float[] x = model.blurry().clone();
		for (int i = 0; i < x.length; i++)
			x[i] = Math.max(LEAST, x[i]);
		for (int n = 0; n < iterations; n++) {
			progress.check();
			progress.report(n, iterations, "Deconvolution");
			model.blur(x, spectrum, quotient, false);
			divide(blurry, quotient, width, height);
			model.blur(quotient, spectrum, quotient, true);
			if (divergence != null) Threads.forEachBand(height, BAND, (from, to) -> divergence(x, width,
				height, from, to, divergence));
			Threads.forEachBand(height, BAND, (from, to) -> {
				for (int i = from * width; i < to * width; i++) {
					final float prior = divergence == null ? 1 : 1 - (float) lambda * divergence[i];
					x[i] = Math.max(LEAST, x[i] / prior * quotient[i]);
				}
			});
		}
		final Plane out = new Plane(blurry.width(), blurry.height());
		for (int y = 0; y < out.height(); y++)
			System.arraycopy(x, y * width, out.pixels(), y * out.width(), out.width());
		progress.report(iterations, iterations, "Deconvolution");
		return out;
	}

	/** In place: y / (k * x) where y was seen, 1 elsewhere. */
	private static void divide(final Plane blurry, final float[] predicted, final int width,
		final int height)
	{
		Threads.forEachBand(height, BAND, (from, to) -> {
			for (int y = from; y < to; y++) {
				final int seen = y < blurry.height() ? blurry.width() : 0;
				final int row = y * width, in = y * blurry.width();
				for (int x = 0; x < seen; x++) {
					final float v = blurry.pixels()[in + x];
					predicted[row + x] = Float.isNaN(v) ? 1 : Math.max(0, v) / Math.max(LEAST, predicted[row + x]);
				}
				for (int x = seen; x < width; x++)
					predicted[row + x] = 1;
			}
		});
	}

	/**
	 * Rows {@code from} to {@code to - 1} of div(grad x / |grad x|): differences to the next pixel,
	 * circular, then the adjoint differences to the pixel before.
	 */
	private static void divergence(final float[] x, final int width, final int height,
		final int from, final int to, final float[] out)
	{
		float[] above = new float[width], here = new float[width];
		final float[] across = new float[width];
		unitGradient(x, width, height, from == 0 ? height - 1 : from - 1, across, above);
		for (int y = from; y < to; y++) {
			unitGradient(x, width, height, y, across, here);
			float left = across[width - 1];
			for (int i = 0; i < width; i++) {
				out[y * width + i] = across[i] - left + here[i] - above[i];
				left = across[i];
			}
			final float[] swap = above;
			above = here;
			here = swap;
		}
	}

	private static void unitGradient(final float[] x, final int width, final int height, final int y,
		final float[] across, final float[] down)
	{
		final int row = y * width, below = (y + 1 == height ? 0 : y + 1) * width;
		for (int i = 0; i < width; i++) {
			final float v = x[row + i];
			final float dx = x[row + (i + 1 == width ? 0 : i + 1)] - v, dy = x[below + i] - v;
			final float scale = 1 / (float) Math.sqrt(dx * dx + dy * dy + FLAT * FLAT);
			across[i] = dx * scale;
			down[i] = dy * scale;
		}
	}
}
