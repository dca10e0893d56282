package io.github.learningtodeblur.train;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

import io.github.learningtodeblur.util.Plane;

/**
 * Makes training examples (Eq. 1 and Sec. 3.3 of the paper): a crop of a sharp image, a random kernel, their
 * convolution, Gaussian noise. Example i depends on the plan, the images and i only, not on threads or on
 * what was asked before. Thread-safe.
 */
public final class ExampleSource {

	/** Crops looked at before the one with most gradients is taken after all. */
	static final int MAX_TRIES = 100;

	/** Crops without enough gradients after which a strict rule is held to be impossible. */
	static final int STRICT_TRIES = 10_000;

	/**
	 * One example.
	 *
	 * @param blurry cropSize * cropSize; not clipped, noise may leave [0, 1]
	 * @param kernel kernelSize * kernelSize, sum 1, convolution orientation; if it changes over the picture, that of the middle
	 * @param sharp the pixels of the sharp image under {@code blurry}, or null if the plan does not keep them
	 */
	public record Example(Plane blurry, Plane kernel, Plane sharp) {}

	private final SharpImages images;

	private final BlurFamily blur;

	private final ExamplePlan plan;

	private final LongAdder examples = new LongAdder();

	private final LongAdder tries = new LongAdder();

	/**
	 * @throws IllegalArgumentException if no image is large enough: a crop needs cropSize + kernelSize - 1
	 *           pixels, as only those count that the kernel reaches completely
	 */
	public ExampleSource(final SharpImages images, final BlurFamily blur, final ExamplePlan plan) {
		this.images = images;
		this.blur = blur;
		this.plan = plan;
		if (images.countFor(sharpSize()) == 0) throw new IllegalArgumentException("None of " + images
			.count() + " images is large enough for crops of " + sharpSize() + " pixels");
	}

	public ExamplePlan plan() {
		return plan;
	}

	/** Mean number of crops looked at per example so far; above 1 because of the rule of gradients. */
	public double meanTries() {
		return tries.doubleValue() / Math.max(1, examples.sum());
	}

	private int sharpSize() {
		return plan.cropSize() + plan.kernelSize() - 1;
	}

	/**
	 * Makes one example.
	 *
	 * @param i number of the example, any value
	 */
	public Example example(final long i) {
		final SplittableRandom random = new SplittableRandom(mix(plan.seed() + 0x9E3779B97F4A7C15L * mix(
			i)));
		final Plane large = crop(random);
		final Plane drawn = blur.sample(plan.kernelSize(), random);
		final Imperfections.Blurred blurred = plan.imperfections().blurred(large, drawn, random);
		final Plane blurry = blurred.blurry();
		final double root = BlurFamilies.uniform(random, Math.sqrt(plan.noiseMin()), Math.sqrt(plan.noiseMax()));
		final double sigma = plan.noiseMin() == plan.noiseMax() ? plan.noiseMin() : root * root;
		addNoise(blurry, sigma, plan.shotNoise() > 0 ? plan.shotNoise() * random.nextDouble() : 0, random);
		final int margin = plan.kernelSize() / 2;
		return new Example(plan.imperfections().stored(blurry, random), blurred.kernel(), plan.keepSharp() ? large.crop(margin, margin, plan.cropSize(),
			plan.cropSize()) : null);
	}

	/**
	 * Adds what a camera adds, in place: noise of variance <code>sigma^2 + shot^2 v</code> to a value v, or
	 * sigma^2 where that is negative.
	 *
	 * @param sigma standard deviation in the dark
	 * @param shot standard deviation of the shot noise at 1
	 */
	public static void addNoise(final Plane blurry, final double sigma, final double shot,
		final RandomGenerator random)
	{
		if (sigma == 0 && shot == 0) return;
		final float[] v = blurry.pixels();
		for (int i = 0; i < v.length; i++)
			v[i] += (float) ((shot == 0 ? sigma : Math.sqrt(sigma * sigma + shot * shot * Math.max(0, v[i]))) *
				random.nextGaussian());
	}

	/** A crop with enough gradients; or, unless the rule is strict, the best of {@link #MAX_TRIES}. */
	private Plane crop(final SplittableRandom random) {
		examples.increment();
		Plane best = null;
		double most = -1;
		for (int t = 0; t < (plan.strict() ? STRICT_TRIES : MAX_TRIES); t++) {
			final Plane candidate = images.crop(random, sharpSize());
			tries.increment();
			if (plan.minGradients() == 0) return candidate;
			final double fraction = gradients(candidate, (float) plan.threshold());
			if (fraction >= plan.minGradients()) return candidate;
			if (fraction > most) {
				most = fraction;
				best = candidate;
			}
		}
		if (plan.strict()) throw new IllegalArgumentException("None of " + STRICT_TRIES + " crops of " + sharpSize() +
			" pixels has gradients of " + plan.threshold() + " in " + 100 * plan.minGradients() +
			" % of its pixels: sharper images are needed, or a rule that is not strict");
		return best;
	}

	/**
	 * The paper rejects examples "where less than 6% pixels have gradients in x- and y-direction with an
	 * absolute value 0.05 or above". Read as: in x at least 6 % of the pixels, and in y at least 6 %, not
	 * necessarily the same ones. Gradients are differences of neighbours.
	 *
	 * @return fraction of pixels with a gradient of {@code threshold} or above, in x or in y, the smaller one
	 */
	static double gradients(final Plane image, final float threshold) {
		final int width = image.width();
		final float[] v = image.pixels();
		int inX = 0;
		int inY = 0;
		for (int y = 0; y < image.height() - 1; y++) {
			for (int i = y * width; i < (y + 1) * width - 1; i++) {
				if (Math.abs(v[i + 1] - v[i]) >= threshold) inX++;
				if (Math.abs(v[i + width] - v[i]) >= threshold) inY++;
			}
		}
		return Math.min(inX, inY) / (double) ((width - 1) * (image.height() - 1));
	}

	/** Stafford's mix13: neighbouring numbers give unrelated ones, so that streams do not overlap. */
	private static long mix(final long number) {
		long z = (number ^ number >>> 30) * 0xBF58476D1CE4E5B9L;
		z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
		return z ^ z >>> 31;
	}
}
