package io.github.learningtodeblur.search;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.util.Extent;
import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Saturation;
import io.github.learningtodeblur.util.Threads;
import io.github.learningtodeblur.util.Unknown;
import io.github.learningtodeblur.util.WrapAround;

/**
 * Improves a kernel that is nearly right: image and kernel are estimated in turn. The image by iteratively reweighted least
 * squares, where a gradient g costs <code>g^2 / (g0^2 + v)</code>, g0 being that of the image before and v what is uncertain of it,
 * as in variational blind deconvolution (Levin, Weiss, Durand and Freeman, <em>Efficient Marginal Likelihood Optimization in
 * Blind Deconvolution</em>, CVPR 2011; Wipf and Zhang, <em>Revisiting Bayesian Blind Deconvolution</em>, JMLR 2014): weak
 * gradients take part, in contrast to {@link KernelRefinement}, if the image says so. The kernel by {@link KernelLeastSquares}.
 * <p>
 * A blurry image differs from the blurred one by noise, which is white, and by what the kernel misses of the image, whose
 * spectrum falls as images' do, with the square of the frequency. So frequencies count in inverse proportion to the sum of both:
 * high ones if there is little noise, all alike if there is much. What was not observed, the surroundings first, is predicted by
 * the image so far.
 */
final class ReweightedRefinement {

	/** More rounds, or more steps of conjugate gradients in each, bring nothing. */
	private static final int ROUNDS = 5, STEPS = 20;

	/** Pixels by which the kernel may outgrow its extent. */
	private static final int MARGIN = 3;

	/** What the kernel misses of the image's gradients, as a part of their root mean square. */
	private static final double MISSED = 0.08;

	/** Part of the variance of a gradient, as it would be if others were known, by which it is uncertain; and in the first round. */
	private static final double UNCERTAIN = 0.2, FIRST = 0.3;

	/** See {@link KernelLeastSquares}; per standard deviation of the noise. */
	private static final double SMOOTHNESS = 200;

	/** Added to squared gradients, so that weights are finite. */
	private static final float LEAST = 1e-14f;

	/** Weights are taken by rows, as many as make so many pixels. */
	private static final int PIXELS = 16384;

	private final Backend backend;
	private final int width, height, n, size;
	/** Of the noise. */
	private final double variance;
	/** NaN where not observed. */
	private final float[] observed;
	private final Tensor image, spectrum, kernel, kernelSpectrum, believed, normal, gradients, ones;
	private final KernelLeastSquares leastSquares;
	/** The image so far; costs of its gradients to the right and below. */
	private final float[] x, right, below;
	private final float[] residual, preconditioned, direction, product, diagonal;

	private ReweightedRefinement(final Backend backend, final Plane blurry, final Plane restored, final int size) {
		this.backend = backend;
		this.size = size;
		width = backend.goodSize(blurry.width() + 2 * (size / 2));
		height = backend.goodSize(blurry.height() + 2 * (size / 2));
		n = width * height;
		final double noise = Math.max(NoiseEstimate.ROUNDING, NoiseEstimate.of(blurry));
		variance = noise * noise;
		observed = new float[n];
		Arrays.fill(observed, Float.NaN);
		final float white = Saturation.white(blurry);
		for (int v = 0; v < blurry.height(); v++)
			for (int u = 0; u < blurry.width(); u++)
				if (blurry.get(u, v) < white) observed[(v + size / 2) * width + u + size / 2] = blurry.get(u, v);
		image = backend.allocate(1, 1, height, width);
		spectrum = backend.allocateSpectra(1, 1, height, width);
		kernel = backend.allocate(1, 1, size, size);
		kernelSpectrum = backend.allocateSpectra(1, 1, height, width);
		believed = backend.allocateSpectra(1, 1, height, width);
		normal = backend.allocateSpectra(1, 1, height, width);
		gradients = backend.allocate(1, 2, height, width);
		ones = backend.allocate(1, 1, height, width);
		backend.fill(ones, 1);
		leastSquares = new KernelLeastSquares(backend, size, 1, SMOOTHNESS * noise, 2, height, width);
		x = inTheMiddle(WrapAround.extend(restored, width, height));
		right = new float[n];
		below = new float[n];
		residual = new float[n];
		preconditioned = new float[n];
		direction = new float[n];
		product = new float[n];
		diagonal = new float[n];
	}

	/**
	 * @param region of the blurry image: values in [0, 1], NaN where unknown; time grows with its size
	 * @param kernel of odd size, not negative, positive sum
	 * @return a better one of the same size: not negative, sum 1, without what can only be noise
	 * @throws java.util.concurrent.CancellationException if {@code progress} is canceled
	 */
	static Plane refined(final Backend backend, final Plane region, final Plane kernel, final Progress progress) {
		final Plane start = framed(KernelCleaning.clean(kernel));
		final Plane restored = Unknown.filled(new FittedRestoration(1, backend).restore(region, start, progress));
		final Plane found = new ReweightedRefinement(backend, region, restored, start.width()).run(start, progress);
		return KernelCleaning.clean(Planes.framed(found, kernel.width()));
	}

	/** In the smallest frame with a margin: what lies farther out can only be debris. Not larger than it was. */
	private static Plane framed(final Plane kernel) {
		final Extent extent = Extent.of(kernel, 0);
		final int middle = kernel.width() / 2;
		final int radius = Math.max(Math.max(middle - extent.left(), extent.right() - middle), Math.max(middle - extent.top(), extent
			.bottom() - middle));
		return Planes.framed(kernel, Math.min(kernel.width(), 2 * (radius + MARGIN) + 1));
	}

	/** Moved, circularly, to where it is observed: what is around it is then on all sides. */
	private float[] inTheMiddle(final Plane extended) {
		final float[] out = new float[n];
		for (int v = 0; v < height; v++)
			for (int u = 0; u < width; u++)
				out[(v + size / 2) % height * width + (u + size / 2) % width] = extended.get(u, v);
		return out;
	}

	private Plane run(final Plane start, final Progress progress) {
		believe();
		Plane k = start.normalized();
		for (int round = 0; round < ROUNDS; round++) {
			progress.check();
			backend.write(k.pixels(), kernel);
			backend.fftKernel(kernel, kernelSpectrum);
			backend.multiply(kernelSpectrum, kernelSpectrum, true, normal);
			backend.multiply(normal, believed, false, normal);
			final double energy = energy();
			final double first = FIRST * variance / k2(k);
			weigh(round == 0 ? weight -> first : weight -> uncertain(weight, energy));
			image(energy);
			k = kernel(k, energy);
		}
		return k;
	}

	private static double k2(final Plane k) {
		double sum = 0;
		for (final float v : k.pixels())
			sum += (double) v * v;
		return sum;
	}

	/** By how much each frequency is believed, relative to what only noise disturbs. */
	private void believe() {
		final double missed = MISSED * MISSED * squaredGradients() / (2 * n);
		final float[] point = new float[n];
		point[0] = 1;
		backend.write(point, image);
		backend.fft(image, believed);
		final Tensor low = backend.allocateSpectra(1, 1, height, width);
		backend.solve(believed, believed, (float) missed, 0, (float) variance, null, low);
		backend.addChannels(low, 0, -1, believed, 0, 1);
	}

	private double squaredGradients() {
		double squares = 0;
		for (int i = 0; i < n; i++) {
			final double a = x[rightOf(i)] - x[i], b = x[belowOf(i)] - x[i];
			squares += a * a + b * b;
		}
		return squares;
	}

	/** Mean over all frequencies of what the normal equations multiply them by. */
	private double energy() {
		backend.ifft(normal, image);
		return backend.read(image)[0];
	}

	private int rightOf(final int i) {
		return i % width == width - 1 ? i + 1 - width : i + 1;
	}

	private int belowOf(final int i) {
		return i >= n - width ? i + width - n : i + width;
	}

	/**
	 * Costs of gradients, relative to that of the noise.
	 *
	 * @param uncertain variance of a gradient, from what it cost so far
	 */
	private void weigh(final DoubleUnaryOperator uncertain) {
		for (int i = 0; i < n; i++) {
			right[i] = weight(x[rightOf(i)] - x[i], uncertain.applyAsDouble(right[i]));
			below[i] = weight(x[belowOf(i)] - x[i], uncertain.applyAsDouble(below[i]));
		}
	}

	private float weight(final float gradient, final double uncertain) {
		return (float) (variance / (gradient * gradient + uncertain + LEAST));
	}

	/** Finds the image that explains the blurry one with few strong gradients, from the one so far. */
	private void image(final double energy) {
		for (int v = 0, i = 0; v < height; v++)
			for (int u = 0; u < width; u++, i++)
				diagonal[i] = (float) energy + right[i] + below[i] + right[u == 0 ? i + width - 1 : i - 1] + below[v == 0 ? i + n - width
					: i - width];
		completed();
		backend.fft(image, spectrum);
		backend.multiply(spectrum, believed, false, spectrum);
		backend.multiply(spectrum, kernelSpectrum, true, spectrum);
		backend.ifft(spectrum, image);
		backend.read(image, residual);
		multiplied(x, product);
		double power = 0;
		for (int i = 0; i < n; i++) {
			residual[i] -= product[i];
			direction[i] = preconditioned[i] = residual[i] / diagonal[i];
			power += residual[i] * preconditioned[i];
		}
		for (int step = 0; step < STEPS && power > 0; step++) {
			multiplied(direction, product);
			final float along = (float) (power / dot(direction, product));
			Threads.forEachBand(n, PIXELS, (from, to) -> {
				for (int i = from; i < to; i++) {
					x[i] += along * direction[i];
					residual[i] -= along * product[i];
					preconditioned[i] = residual[i] / diagonal[i];
				}
			});
			final double next = dot(residual, preconditioned);
			final float momentum = (float) (next / power);
			power = next;
			Threads.forEachBand(n, PIXELS, (from, to) -> {
				for (int i = from; i < to; i++)
					direction[i] = preconditioned[i] + momentum * direction[i];
			});
		}
	}

	/** The blurry image, and where it was not observed, the image so far, blurred: to {@link #image}. */
	private void completed() {
		backend.write(x, image);
		backend.fft(image, spectrum);
		backend.multiply(spectrum, kernelSpectrum, false, spectrum);
		backend.ifft(spectrum, image);
		backend.read(image, product);
		for (int i = 0; i < n; i++)
			if (!Float.isNaN(observed[i])) product[i] = observed[i];
		backend.write(product, image);
	}

	/** By the matrix of the normal equations. */
	private void multiplied(final float[] p, final float[] out) {
		backend.write(p, image);
		backend.fft(image, spectrum);
		backend.multiply(spectrum, normal, false, spectrum);
		backend.ifft(spectrum, image);
		backend.read(image, out);
		Threads.forEachBand(height, Math.max(1, PIXELS / width), (from, to) -> {
			for (int v = from; v < to; v++) {
				final int row = v * width, above = v == 0 ? n - width : row - width, under = v == height - 1 ? 0 : row + width;
				for (int u = 0; u < width; u++) {
					final int i = row + u, l = u == 0 ? row + width - 1 : i - 1, r = u == width - 1 ? row : i + 1;
					out[i] += right[l] * (p[i] - p[l]) - right[i] * (p[r] - p[i]) + below[above + u] * (p[i] - p[above + u]) - below[i] *
						(p[under + u] - p[i]);
				}
			}
		});
	}

	private static double dot(final float[] a, final float[] b) {
		double sum = 0;
		for (int i = 0; i < a.length; i++)
			sum += a[i] * b[i];
		return sum;
	}

	/** The kernel that explains the blurry gradients by the image's, which are uncertain. */
	private Plane kernel(final Plane before, final double energy) {
		completed();
		backend.gradients(image, ones, gradients);
		leastSquares.observe(gradients);
		backend.write(x, image);
		backend.gradients(image, ones, gradients);
		double uncertain = 0;
		for (int i = 0; i < n; i++)
			uncertain += uncertain(right[i], energy) + uncertain(below[i], energy);
		return leastSquares.solve(gradients, List.of(before), uncertain / squaredGradients()).get(0);
	}

	/** @param weight the more variation costs, the less a gradient is uncertain */
	private double uncertain(final double weight, final double energy) {
		return UNCERTAIN * variance / (energy / 4 + weight);
	}
}
