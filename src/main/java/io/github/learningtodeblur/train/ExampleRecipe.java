package io.github.learningtodeblur.train;

/**
 * What the examples of a training are like, for all its scales. Of one scale, it is an {@link ExamplePlan}.
 *
 * @param blur name of a family of kernels, see {@link BlurFamilies}
 * @param shotNoise largest standard deviation of shot noise at white, see {@link ExamplePlan}
 * @param crop side of the sharp crops in pixels; 0 for what suits the kernel size, see {@link #cropSize}
 * @param strict whether a crop with too few gradients is never taken, however long that takes; else the best of
 *          some is
 * @param minScale crops are shrunk by a random factor down to this, see {@link SharpImages.Selection}
 */
public record ExampleRecipe(String blur, NoiseRange noise, double shotNoise, int crop, boolean strict,
	double minScale)
{

	public static final ExampleRecipe USUAL = new ExampleRecipe("camera-shake", NoiseRange.of(0.01), 0, 0, false, 0.6);

	/** See the table of {@link TrainingPlan}. */
	public static final ExampleRecipe PAPER = new ExampleRecipe("paper-shake", NoiseRange.of(0.01), 0, 256, true, 1);

	public ExampleRecipe {
		BlurFamilies.of(blur); // or it is unknown
		if (crop < 0) throw new IllegalArgumentException("Crops must have a size above 0, or 0 for automatic, got " + crop);
	}

	public ExampleRecipe withBlur(final String name) {
		return new ExampleRecipe(name, noise, shotNoise, crop, strict, minScale);
	}

	public ExampleRecipe withNoise(final NoiseRange range) {
		return new ExampleRecipe(blur, range, shotNoise, crop, strict, minScale);
	}

	public ExampleRecipe withShotNoise(final double largest) {
		return new ExampleRecipe(blur, noise, largest, crop, strict, minScale);
	}

	public ExampleRecipe withCrop(final int side) {
		return new ExampleRecipe(blur, noise, shotNoise, side, strict, minScale);
	}

	public ExampleRecipe withStrict(final boolean always) {
		return new ExampleRecipe(blur, noise, shotNoise, crop, always, minScale);
	}

	public ExampleRecipe withMinScale(final double factor) {
		return new ExampleRecipe(blur, noise, shotNoise, crop, strict, factor);
	}

	/**
	 * Side of the blurry images of a kernel size. Where the crop is not given, feature images come out in sizes that
	 * transforms and vectors like (96 for 5x5, 128 for 9x9, 192 for 17x17, 256 for 33x33 and larger), as large as
	 * images can be that are cheap and still tell the kernel.
	 */
	int cropSize(final int kernel, final int filterSize) {
		if (crop > 0) return crop - kernel + 1;
		final int features = kernel <= 5 ? 96 : kernel <= 9 ? 128 : kernel <= 13 ? 160 : kernel <= 17 ? 192
			: kernel <= 25 ? 240 : 256;
		return features + filterSize - 1;
	}

	ExamplePlan of(final int kernel, final int filterSize, final long seed) {
		final ExamplePlan plan = new ExamplePlan(cropSize(kernel, filterSize), kernel, seed).withNoise(noise.min(), noise
			.max()).withShotNoise(shotNoise);
		return strict ? plan.withStrictRule() : plan;
	}
}
