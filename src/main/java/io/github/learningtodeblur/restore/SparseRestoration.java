package io.github.learningtodeblur.restore;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;

/**
 * Deconvolution with sparse gradients: Krishnan and Fergus, <em>Fast Image Deconvolution using
 * Hyper-Laplacian Priors</em> (NIPS 2009), minimises <code>lambda / 2 ||k * x - y||^2 + ||Dx
 * x||_alpha^alpha + ||Dy x||_alpha^alpha</code>. Gradients are set free by an auxiliary w
 * (half-quadratic splitting, their Eq. 3): in turn w is shrunk pixel by pixel ({@link Shrinkage})
 * and x found by a division in Fourier space, while the coupling beta grows from 1 to 256 by 2
 * sqrt(2), one pass each. Not in that paper is the treatment of borders, see the package
 * description.
 * <p>
 * Mean PSNR in dB, true kernel. Levin: 16 photographs of 0.1 % noise, scored as in {@code
 * evaluate.Score}; 1 % noise: 20 crops from the sharp images of Sun et al., Levin's kernels:
 * <pre>
 *          Levin, lambda =           1 % noise, lambda =
 * alpha    2000    4000    8000      500    1000    2000
 * 1/2     31.35   32.51   33.12    27.72   29.17   30.35
 * 2/3     32.21   33.10   33.35    28.55   29.94   30.64
 * 0.8     32.82   33.42   33.33    29.24   30.43   30.43
 * 1       33.41   33.47   32.98    30.09   30.46   29.51
 * </pre>
 * Hence alpha hardly matters once lambda fits; 0.8 and 2000 are what benchmarks of kernels use. A
 * last beta of 2000 changes 0.02 dB on Levin; finer steps (by 2) cost 0.1 to 0.2 dB there, coarser
 * ones (by 4) gain up to 0.15, as if lambda were larger. 255x255 pixels take 20 ms on one core when
 * warm (AMD EPYC, Java 17, vectors of 512 bits).
 *
 * @param alpha exponent of the gradients, in (0, 1]: smaller is sparser
 * @param lambda trust in the data for values in [0, 1], above 0: smaller is smoother. See {@link
 *           #forNoise}
 */
public record SparseRestoration(double alpha, double lambda) implements Restoration {

	public static final double DEFAULT_ALPHA = 0.8;
	public static final double DEFAULT_LAMBDA = 2000;

	private static final double FIRST_BETA = 1;
	private static final double BETA_RATIO = 2 * Math.sqrt(2);
	private static final double LAST_BETA = 256;
	private static final int BAND = 32;

	public SparseRestoration {
		if (!(alpha > 0 && alpha <= 1)) throw new IllegalArgumentException(
			"alpha must be above 0 and at most 1, got " + alpha);
		if (!(lambda > 0 && lambda <= 1e9)) throw new IllegalArgumentException(
			"lambda must be above 0 and at most 1e9, got " + lambda);
	}

	/** alpha 0.8, lambda 2000: between best for a clean photograph and for one with 1 % noise. */
	public SparseRestoration() {
		this(DEFAULT_ALPHA, DEFAULT_LAMBDA);
	}

	/**
	 * lambda fitted to the noise: <code>1.3 (sigma^2 + 0.004^2)^(-3/4)</code>. Best values measured
	 * with exactly known kernels are 30000, 8000, 1400, 250 at sigma 0.001, 0.003, 0.01, 0.03. The
	 * constant 0.004 stands for all that makes kernel and camera inexact: Levin's photographs, of
	 * noise 0.001, want 4000 to 8000.
	 *
	 * @param sigma standard deviation of the noise for values in [0, 1], at least 0
	 */
	public static SparseRestoration forNoise(final double sigma) {
		if (!(sigma >= 0 && sigma <= 1)) throw new IllegalArgumentException(
			"Noise must be between 0 and 1, got " + sigma);
		final double variance = sigma * sigma + 0.004 * 0.004;
		return new SparseRestoration(DEFAULT_ALPHA, 1.3 * Math.pow(variance, -0.75));
	}

	@Override
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		progress.check();
		final BlurModel model = new BlurModel(blurry, kernel);
		final int width = model.width, height = model.height;
		final float[] spectrum = new float[model.fft.spectrumLength()];
		final float[] estimate = model.blurry().clone();
		final float[] target = new float[width * height];
		final int steps = (int) Math.ceil(Math.log(LAST_BETA / FIRST_BETA) / Math.log(BETA_RATIO));
		double beta = FIRST_BETA;
		for (int step = 0; step < steps; step++, beta *= BETA_RATIO) {
			progress.check();
			progress.report(step, steps, "Deconvolution");
			final Shrinkage shrinkage = new Shrinkage(alpha, beta);
			Threads.forEachBand(height, BAND, (from, to) -> shrunkGradients(estimate, width, height, from,
				to, shrinkage, target));
			model.fft.forward(target, 0, width, height, width, spectrum, 0);
			model.solve((float) (lambda / beta), 0, 1, spectrum, spectrum);
			if (step == steps - 1) break;
			model.fft.inverse(spectrum, 0, estimate, 0, width, height, width);
			model.predictExtension(spectrum, target);
		}
		final Plane out = model.image(spectrum);
		progress.report(steps, steps, "Deconvolution");
		return out;
	}

	/**
	 * Rows {@code from} to {@code to - 1} of Dx' wx + Dy' wy, where w are the shrunk differences of
	 * x: (Dx x)(i) = x(i + 1) - x(i), circular, whose adjoint is (Dx' w)(i) = w(i - 1) - w(i).
	 */
	private static void shrunkGradients(final float[] x, final int width, final int height,
		final int from, final int to, final Shrinkage shrinkage, final float[] out)
	{
		float[] above = new float[width], here = new float[width];
		shrunkDown(x, width, height, from == 0 ? height - 1 : from - 1, shrinkage, above);
		for (int y = from; y < to; y++) {
			shrunkDown(x, width, height, y, shrinkage, here);
			final int row = y * width;
			final float first = x[row];
			float left = shrinkage.apply(first - x[row + width - 1]);
			for (int i = 0; i < width; i++) {
				final float next = i + 1 == width ? first : x[row + i + 1];
				final float w = shrinkage.apply(next - x[row + i]);
				out[row + i] = left - w + above[i] - here[i];
				left = w;
			}
			final float[] swap = above;
			above = here;
			here = swap;
		}
	}

	/** Row y of wy. */
	private static void shrunkDown(final float[] x, final int width, final int height, final int y,
		final Shrinkage shrinkage, final float[] out)
	{
		final int row = y * width, below = (y + 1 == height ? 0 : y + 1) * width;
		for (int i = 0; i < width; i++)
			out[i] = shrinkage.apply(x[below + i] - x[row + i]);
	}
}
