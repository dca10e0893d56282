package io.github.learningtodeblur.restore;

import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.backend.Shrinkage;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;

/**
 * Deconvolution with sparse gradients: Krishnan and Fergus, <em>Fast Image Deconvolution using
 * Hyper-Laplacian Priors</em> (NIPS 2009), minimises <code>lambda / 2 ||k * x - y||^2 + ||Dx
 * x||_alpha^alpha + ||Dy x||_alpha^alpha</code>. Gradients are set free by an auxiliary w
 * (half-quadratic splitting, their Eq. 3): in turn w is shrunk pixel by pixel ({@link Shrinkage.Power})
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
 * @param white pixels from this value on are taken for saturated: a light may have been any amount brighter
 *           than the camera could tell, and ringing around lights comes from believing it. As with the
 *           borders, the unknown becomes what the estimate predicts, pass by pass. Infinity if there are none
 * @param backend does the work
 */
public record SparseRestoration(double alpha, double lambda, float white, Backend backend) implements Restoration {

	public static final double DEFAULT_ALPHA = 0.8;
	public static final double DEFAULT_LAMBDA = 2000;
	private static final double MOST_TRUST = 5000;

	private static final double FIRST_BETA = 1;
	private static final double BETA_RATIO = 2 * Math.sqrt(2);
	private static final double LAST_BETA = 256;

	/**
	 * Passes for each beta where pixels are saturated or unknown: what they were is found out step by step. RMS error
	 * beside lights four times as bright as white: 0.062 if they are believed, 0.048 with 1 pass, 0.018 with
	 * 3, 0.013 with 10.
	 */
	private static final int UNKNOWN_PASSES = 4;

	public SparseRestoration {
		if (!(alpha > 0 && alpha <= 1)) throw new IllegalArgumentException(
			"alpha must be above 0 and at most 1, got " + alpha);
		if (!(lambda > 0 && lambda <= 1e9)) throw new IllegalArgumentException(
			"lambda must be above 0 and at most 1e9, got " + lambda);
		if (Float.isNaN(white)) throw new IllegalArgumentException("White must be a number");
	}

	/** On the device that everybody uses. */
	public SparseRestoration(final double alpha, final double lambda, final float white) {
		this(alpha, lambda, white, Backends.shared());
	}

	/** Nothing is saturated. */
	public SparseRestoration(final double alpha, final double lambda) {
		this(alpha, lambda, Float.POSITIVE_INFINITY);
	}

	/** alpha 0.8, lambda 2000: between best for a clean photograph and for one with 1 % noise. */
	public SparseRestoration() {
		this(DEFAULT_ALPHA, DEFAULT_LAMBDA);
	}

	/**
	 * lambda fitted to the noise: <code>5000 min(1, (0.0055 / sigma)^1.8)</code>. Kernels are never exact,
	 * and noise is never all that the model misses; hence the upper limit. Mean PSNR in dB with the kernel
	 * estimated and refined (true kernel in brackets; Kodak: 21 photographs with random kernels of 9 to 33
	 * pixels):
	 * <pre>
	 * lambda      Levin, 0.001     Kodak, 0         Kodak, 0.005     Sun, 0.01        Kodak, 0.01
	 * 500         29.78 (30.12)    27.89 (29.50)    23.74 (24.31)    27.06 (28.28)    24.66 (26.33)
	 * 1000        31.24 (31.64)    28.38 (30.85)    24.86 (25.88)    27.93 (29.63)    24.94 (27.39)
	 * 2000        32.35 (32.82)    28.73 (32.34)    25.82 (27.43)    28.15 (29.75)    24.87 (27.82)
	 * 4000        32.93 (33.42)    28.98 (33.97)    26.47 (28.59)    27.67 (28.45)    24.54 (26.95)
	 * 8000        32.80 (33.33)    29.16 (35.66)    26.59 (28.64)    26.84 (27.08)    24.02 (25.59)
	 * </pre>
	 * At sigma 0.03, 250 was best with true kernels.
	 *
	 * @param sigma standard deviation of the noise for values in [0, 1], at least 0
	 */
	public static SparseRestoration forNoise(final double sigma) {
		if (!(sigma >= 0 && sigma <= 1)) throw new IllegalArgumentException(
			"Noise must be between 0 and 1, got " + sigma);
		return new SparseRestoration(DEFAULT_ALPHA, sigma == 0 ? MOST_TRUST : MOST_TRUST * Math.min(1, Math
			.pow(0.0055 / sigma, 1.8)));
	}

	@Override
	public SparseRestoration on(final Backend device) {
		return new SparseRestoration(alpha, lambda, white, device);
	}

	@Override
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		return restore(blurry, List.of(kernel), progress).get(0);
	}

	@Override
	public List<Plane> restore(final Plane blurry, final List<Plane> kernels, final Progress progress) {
		final Plane[] restored = new Plane[kernels.size()];
		for (final List<Integer> group : Planes.bySize(kernels, blurry.pixels().length)) {
			final List<Plane> images = together(blurry, group.stream().map(kernels::get).toList(), progress);
			for (int i = 0; i < group.size(); i++)
				restored[group.get(i)] = images.get(i);
		}
		return List.of(restored);
	}

	/** @param kernels of one size */
	private List<Plane> together(final Plane blurry, final List<Plane> kernels, final Progress progress) {
		progress.check();
		final BlurModel model = new BlurModel(backend, blurry, kernels, white);
		final Tensor spectra = model.allocateSpectra(), targets = model.allocateImages();
		final Tensor estimates = model.allocateImages();
		model.writeBlurry(estimates);
		final int steps = (int) Math.ceil(Math.log(LAST_BETA / FIRST_BETA) / Math.log(BETA_RATIO));
		final int passes = model.hasUnknown() ? UNKNOWN_PASSES : 1;
		double beta = FIRST_BETA;
		for (int step = 0; step < steps; step++, beta *= BETA_RATIO) {
			progress.report(step, steps, "Deconvolution");
			final Shrinkage rule = new Shrinkage.Power(alpha, beta);
			for (int pass = 0; pass < passes; pass++) {
				progress.check();
				backend.shrunkDivergence(estimates, rule, targets);
				backend.fft(targets, spectra);
				model.solve((float) (lambda / beta), 0, 1, spectra, spectra);
				if (step == steps - 1) break;
				backend.ifft(spectra, estimates);
				model.predictUnknown(spectra, targets);
			}
		}
		final List<Plane> out = model.images(spectra);
		progress.report(steps, steps, "Deconvolution");
		return out;
	}
}
