package io.github.learningtodeblur.net;

import java.util.Arrays;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Shrinkage;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.RestorationSpec;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.SparsePrior;
import io.github.learningtodeblur.util.Threads;
import io.github.learningtodeblur.util.Unknown;
import io.github.learningtodeblur.util.WrapAround;

/**
 * What the stages of a restoration are given. The blurry image lies in the middle of a larger one, all around which it is
 * unknown, as are pixels that are NaN; a saturated one is known to be white at least. Each pixel thus has a lowest and a
 * highest value, equal where it was observed. The stages begin with what a deconvolution with sparse gradients makes of it
 * ({@link SparsePrior}), so that all they learn is what they do better. They also see what a division without any prior but
 * few slopes makes of it, where also those details are that the other takes for noise. Slow changes are taken off both before:
 * the stages are to see edges, not brightness.
 */
final class RestorationInput {

	/** Weight of the first differences, at 1 % noise, in the second image that is seen. */
	private static final double DETAILED = 0.04;

	/** The same in the slow changes, for any noise: about 20 pixels. */
	private static final double SLOW = 10;

	/** Standard deviation: with less, the gradients would cost nothing. */
	private static final double LEAST_NOISE = 0.002;

	/** The stages see the level of the noise as a value about as large as an edge's. */
	private static final float LEVEL_SEEN = 0.1f;

	private static final double USUAL_NOISE = 0.01;

	private final Backend backend;
	private final Tensor low, high, blurry, kernel, level, base, first, firstSpectrum;
	private final boolean training;
	private final Tensor image, blurrySpectrum, spectrum;
	private final Tensor noPower, fullPower, detailed, slow;
	private final double[] betas = SparsePrior.betas();
	/** Of the gradients set free, by beta; and how the weights grow with the variance of the noise. */
	private final Tensor[] sparse = new Tensor[betas.length];
	private final Tensor sparsePower;

	/** @param training whether there will be backward passes */
	RestorationInput(final Backend backend, final int batch, final int height, final int width, final boolean training) {
		this.backend = backend;
		this.training = training;
		low = backend.allocate(batch, 1, height, width);
		high = backend.allocate(batch, 1, height, width);
		blurry = backend.allocate(batch, 1, height, width);
		first = backend.allocate(batch, 1, height, width);
		base = backend.allocate(batch, RestorationSpec.INPUTS, height, width);
		level = backend.allocate(batch, 1, 1, 1);
		kernel = backend.allocateSpectra(batch, 1, height, width);
		firstSpectrum = backend.allocateSpectra(batch, 1, height, width);
		image = backend.allocate(batch, 1, height, width);
		blurrySpectrum = backend.allocateSpectra(batch, 1, height, width);
		spectrum = backend.allocateSpectra(batch, 1, height, width);
		noPower = number(0);
		fullPower = number(1);
		detailed = number(Math.log(DETAILED));
		slow = number(Math.log(SLOW));
		sparsePower = number(SparsePrior.POWER / 2);
		for (int i = 0; i < betas.length; i++)
			sparse[i] = number(Math.log(betas[i] / SparsePrior.lambda(USUAL_NOISE)));
	}

	private Tensor number(final double value) {
		final Tensor t = backend.allocate(1, 1, 1, 1);
		backend.fill(t, (float) value);
		return t;
	}

	/** @param problems one per batch element */
	void set(final List<RestorationProblem> problems) {
		final int height = blurry.height(), width = blurry.width(), n = height * width;
		final float[] lows = new float[problems.size() * n], highs = new float[lows.length], guess = new float[lows.length];
		final float[] seen = new float[2 * lows.length], levels = new float[problems.size()];
		int size = 1;
		for (final RestorationProblem p : problems)
			size = Math.max(size, Math.max(p.kernel().width(), p.kernel().height()));
		if (size > Math.min(width, height)) throw new IllegalArgumentException("A kernel of " + size +
			" pixels does not fit into an image of " + width + "x" + height);
		final float[] kernels = new float[problems.size() * size * size];
		final int side = size;
		Threads.forEach(problems.size(), b -> {
			final RestorationProblem p = problems.get(b);
			bounds(p, b * n, lows, highs);
			guess(p.blurry(), b * n, guess);
			final Plane k = p.kernel();
			final double sum = k.sum();
			for (int y = 0; y < k.height(); y++)
				for (int x = 0; x < k.width(); x++)
					kernels[(b * side + y + (side - k.height()) / 2) * side + x + (side - k.width()) / 2] = (float) (k.get(x,
						y) / sum);
			final double noise = Math.max(LEAST_NOISE, p.noise()) / USUAL_NOISE;
			levels[b] = (float) Math.log(p.strength() * noise * noise);
			Arrays.fill(seen, (2 * b + 1) * n, (2 * b + 2) * n, LEVEL_SEEN * levels[b]);
		});
		final Tensor kernelImages = backend.allocate(problems.size(), 1, size, size);
		backend.write(kernels, kernelImages);
		backend.fftKernel(kernelImages, kernel);
		backend.write(lows, low);
		backend.write(highs, high);
		backend.write(guess, blurry);
		backend.write(levels, level);
		backend.write(seen, base);
		// training knows of one pass, which is enough to learn from
		begin(!training && problems.stream().anyMatch(RestorationProblem::hasUnknown) ? SparsePrior.UNKNOWN_PASSES : 1);
	}

	/** Pixel (0, 0) of the image in the middle. */
	int left(final Plane image) {
		return (blurry.width() - image.width()) / 2;
	}

	int top(final Plane image) {
		return (blurry.height() - image.height()) / 2;
	}

	private void bounds(final RestorationProblem p, final int at, final float[] lows, final float[] highs) {
		final Plane image = p.blurry();
		final int width = blurry.width(), left = left(image), top = top(image);
		Arrays.fill(lows, at, at + width * blurry.height(), Float.NEGATIVE_INFINITY);
		Arrays.fill(highs, at, at + width * blurry.height(), Float.POSITIVE_INFINITY);
		for (int y = 0; y < image.height(); y++)
			for (int x = 0; x < image.width(); x++) {
				final float v = image.get(x, y);
				if (Float.isNaN(v)) continue;
				final int i = at + (top + y) * width + left + x;
				lows[i] = Math.min(v, p.white());
				if (v < p.white()) highs[i] = v;
			}
	}

	/** Smooth around the image, to begin with. */
	private void guess(final Plane image, final int at, final float[] out) {
		final int width = blurry.width(), height = blurry.height(), left = left(image), top = top(image);
		final Plane wrapped = WrapAround.extend(Unknown.filled(image), width, height);
		for (int y = 0; y < height; y++) {
			final int row = at + (y + top) % height * width;
			System.arraycopy(wrapped.pixels(), y * width, out, row + left, width - left);
			System.arraycopy(wrapped.pixels(), (y + 1) * width - left, out, row, left);
		}
	}

	private void begin(final int passes) {
		backend.copyChannels(blurry, 0, first, 0, 1);
		backend.fft(blurry, blurrySpectrum);
		for (int i = 0; i < betas.length; i++) {
			final Shrinkage rule = new Shrinkage.Power(SparsePrior.ALPHA, betas[i]);
			for (int pass = 0; pass < passes; pass++) {
				backend.shrunkDivergence(first, rule, image);
				backend.fft(image, spectrum);
				backend.regularized(kernel, blurrySpectrum, null, spectrum, sparse[i], sparsePower, level, firstSpectrum);
				backend.ifft(firstSpectrum, first);
				backend.multiply(firstSpectrum, kernel, false, spectrum);
				backend.ifft(spectrum, image);
				backend.clamp(image, low, high, blurry);
				backend.fft(blurry, blurrySpectrum);
			}
		}
		divide(slow, noPower);
		backend.addChannels(image, 0, -1, base, 0, 1);
		backend.addChannels(image, 0, -1, base, 1, 1);
		divide(detailed, fullPower);
		backend.addChannels(image, 0, 1, base, 1, 1);
	}

	private void divide(final Tensor weight, final Tensor power) {
		backend.regularized(kernel, blurrySpectrum, null, null, weight, power, level, spectrum);
		backend.ifft(spectrum, image);
	}

	/** Lowest values: (batch, 1, h, w). */
	Tensor low() {
		return low;
	}

	Tensor high() {
		return high;
	}

	/** What is unknown is as predicted. */
	Tensor blurry() {
		return blurry;
	}

	/** The kernel's spectrum. */
	Tensor kernel() {
		return kernel;
	}

	/** Of the noise: the logarithm of its variance relative to that of 1 %. */
	Tensor level() {
		return level;
	}

	/** What the stages see besides the image so far (batch, 2, h, w), to the first channel of which that is added. */
	Tensor base() {
		return base;
	}

	/** The first image. */
	Tensor first() {
		return first;
	}

	Tensor firstSpectrum() {
		return firstSpectrum;
	}
}
