package io.github.learningtodeblur.train;

/**
 * How training examples are made (Sec. 3.3 of the paper).
 *
 * @param cropSize columns and rows of the blurry images, at least 8 (paper: 256 for the sharp image)
 * @param kernelSize columns and rows of the kernels, odd, at least 3
 * @param noiseMin smallest standard deviation of the Gaussian noise, in units of the range [0, 1]
 * @param noiseMax largest (paper: 0.01 for both); every example draws its own, of an evenly distributed square root: of
 *          numbers drawn evenly themselves from 0 to 0.05, few would be as small as most pictures' are
 * @param shotNoise largest standard deviation of the shot noise of a white pixel, in [0, 1]: 1 / sqrt(n) where
 *          white means n photons, less in the dark. Every example draws its own, uniformly from 0. A Gaussian
 *          of the same variance stands in for Poisson's distribution
 * @param seed of all examples
 * @param threshold absolute gradient, per pixel, that counts for the next parameter (paper: 0.05)
 * @param minGradients smallest fraction of pixels with such a gradient, in x and again in y, in [0, 1]; 0
 *          takes every crop (paper: 0.06)
 * @param strict whether crops with fewer are never taken; else the one with most of a hundred is
 * @param keepSharp whether examples carry their sharp image
 * @param imperfections what else pictures have (paper: nothing)
 */
public record ExamplePlan(int cropSize, int kernelSize, double noiseMin, double noiseMax,
	double shotNoise, long seed, double threshold, double minGradients, boolean strict,
	boolean keepSharp, Imperfections imperfections)
{

	public ExamplePlan {
		if (cropSize < 8) throw new IllegalArgumentException("Crop size must be at least 8, got " +
			cropSize);
		BlurFamilies.checkSize(kernelSize);
		if (!(noiseMin >= 0 && noiseMin <= noiseMax && noiseMax <= 1))
			throw new IllegalArgumentException("Noise must be 0 <= min <= max <= 1, got " + noiseMin + " to " +
				noiseMax);
		if (!(shotNoise >= 0 && shotNoise <= 1)) throw new IllegalArgumentException(
			"Shot noise must be in [0, 1], got " + shotNoise);
		if (!(threshold >= 0)) throw new IllegalArgumentException("Gradient threshold must be >= 0, got " +
			threshold);
		if (!(minGradients >= 0 && minGradients <= 1)) throw new IllegalArgumentException(
			"Fraction of gradients must be in [0, 1], got " + minGradients);
	}

	/** The paper's noise of 0.01 and rule of 6 %, without sharp images. */
	public ExamplePlan(final int cropSize, final int kernelSize, final long seed) {
		this(cropSize, kernelSize, 0.01, 0.01, 0, seed, 0.05, 0.06, false, false, Imperfections.NONE);
	}

	public ExamplePlan withNoise(final double min, final double max) {
		return new ExamplePlan(cropSize, kernelSize, min, max, shotNoise, seed, threshold, minGradients, strict,
			keepSharp, imperfections);
	}

	public ExamplePlan withShotNoise(final double largest) {
		return new ExamplePlan(cropSize, kernelSize, noiseMin, noiseMax, largest, seed, threshold,
			minGradients, strict, keepSharp, imperfections);
	}

	public ExamplePlan withSharp() {
		return new ExamplePlan(cropSize, kernelSize, noiseMin, noiseMax, shotNoise, seed, threshold,
			minGradients, strict, true, imperfections);
	}

	/** With the rule of gradients holding for every example. */
	public ExamplePlan withStrictRule() {
		return new ExamplePlan(cropSize, kernelSize, noiseMin, noiseMax, shotNoise, seed, threshold,
			minGradients, true, keepSharp, imperfections);
	}

	public ExamplePlan withImperfections(final Imperfections i) {
		return new ExamplePlan(cropSize, kernelSize, noiseMin, noiseMax, shotNoise, seed, threshold, minGradients, strict,
			keepSharp, i);
	}
}
