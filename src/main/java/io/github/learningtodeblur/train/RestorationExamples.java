package io.github.learningtodeblur.train;

import java.util.List;
import java.util.SplittableRandom;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.net.RestorationProblem;
import io.github.learningtodeblur.restore.Unexplained;
import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/**
 * Examples for a restoration: crops with true kernels, made when asked for, and crops of {@link AlignedExample}s. The
 * noise is told as a user's picture tells it, by {@link NoiseEstimate}, and so is the error ({@link Unexplained}). Thread-safe.
 */
final class RestorationExamples {

	/** An example may be turned and mirrored. */
	private static final int TURNS = 8;

	/** Of the blurry pixels next to a border, the sharp ones are hardly known: this part of a kernel is not counted. */
	private static final double UNCOUNTED = 1 / 3.0;

	/** Part of the pixels that shall have such a gradient: less than kernels need, as skies are restored, too. */
	private static final double GRADIENTS = 0.02, GRADIENT = 0.05;

	/** Pixels in so many examples are rounded to 8 bits. */
	private static final double ROUNDED = 0.5;

	/** In so many, a rectangle is unknown, and so are some pixels. */
	private static final double HIDDEN = 0.15, HIDDEN_PIXELS = 0.001;

	/** Estimated examples may be cropped from this distance of their borders on. */
	private static final int DISTANCE = 10;

	/** @param target sharp, in the middle of the blurry picture */
	record Example(RestorationProblem problem, Plane target) {}

	private final Backend backend;
	private final RestorationPlan plan;
	private final SharpImages images;
	private final List<AlignedExample> estimated;

	RestorationExamples(final Backend backend, final RestorationPlan plan, final SharpImages images,
		final List<AlignedExample> estimated)
	{
		this.backend = backend;
		this.plan = plan;
		this.images = images;
		this.estimated = estimated.stream().filter(this::serves).toList();
	}

	/** Whether its kernel is right enough, and leaves enough of the canvas. */
	private boolean serves(final AlignedExample e) {
		final int n = crop(e.kernel());
		return e.isLikely() && n >= plan.canvas() / 2 && n <= e.blurry().width() && e.shift() <= DISTANCE;
	}

	/** Number of estimated kernels that can be learned from. */
	int estimatedCount() {
		return estimated.size();
	}

	private int crop(final Plane kernel) {
		int n = plan.canvas();
		while (RestorationProblem.around(n, kernel.width()) > plan.canvas())
			n--;
		return n;
	}

	/** Example i depends on the plan, the images, the estimated examples and i only. */
	Example example(final long i) {
		final SplittableRandom random = new SplittableRandom(plan.seed() * 0x9E3779B97F4A7C15L + i);
		return random.nextDouble() < plan.estimated() && !estimated.isEmpty() ? estimated(random.nextInt(estimated.size()),
			random) : made(random);
	}

	/** @param index of an estimated one */
	Example estimated(final int index, final SplittableRandom random) {
		final AlignedExample e = estimated.get(index);
		final int n = crop(e.kernel()), room = e.blurry().width() - n, from = Math.min(DISTANCE, room / 2);
		final int x = from + random.nextInt(room - 2 * from + 1), y = from + random.nextInt(room - 2 * from + 1);
		return finished(e.blurry().crop(x, y, n, n), e.sharp().crop(x, y, n, n), e.kernel(), e.noise(), random);
	}

	/** With a true kernel. */
	Example made(final SplittableRandom random) {
		final int size = plan.smallest() + 2 * random.nextInt((plan.largest() - plan.smallest()) / 2 + 1);
		final double part = random.nextDouble(), noise = plan.noise() * part * part * part;
		final int n = crop(new Plane(size, size));
		final ExamplePlan recipe = new ExamplePlan(n, size, noise, noise, random.nextDouble() < EstimatedExamples.SHOT ? EstimatedExamples.MOST_SHOT
			: 0, random.nextLong(), GRADIENT, GRADIENTS, false, true, Imperfections.OF_CAMERAS);
		final ExampleSource.Example e = new ExampleSource(images, BlurFamilies.of(plan.blur()), recipe).example(0);
		if (random.nextDouble() < ROUNDED) for (int i = 0; i < e.blurry().pixels().length; i++)
			e.blurry().pixels()[i] = Math.round(255 * e.blurry().pixels()[i]) / 255f;
		return finished(e.blurry(), e.sharp(), e.kernel(), NoiseEstimate.of(e.blurry()), random);
	}

	private Example finished(final Plane blurry, final Plane sharp, final Plane kernel, final double noise,
		final SplittableRandom random)
	{
		final int turn = random.nextInt(TURNS), n = sharp.width(), edge = (int) (UNCOUNTED * kernel.width());
		final Plane seen = CropSampler.turned(blurry, turn);
		if (plan.unseen() > 0) addSmooth(seen, plan.unseen() * random.nextDouble(), random);
		if (random.nextDouble() < HIDDEN) hide(seen, random);
		final Plane k = CropSampler.turned(kernel, turn);
		final double error = Unexplained.error(backend, seen, k, noise, Float.POSITIVE_INFINITY, Progress.NONE);
		return new Example(new RestorationProblem(seen, Float.POSITIVE_INFINITY, k, error),
			CropSampler.turned(sharp, turn).crop(edge, edge, n - 2 * edge, n - 2 * edge));
	}

	/** Noise smoothed by [1 2 1] / 4 in both directions, twice. */
	private static void addSmooth(final Plane image, final double deviation, final SplittableRandom random) {
		final int n = image.width(), m = n + 4;
		double[] noise = new double[m * m];
		for (int i = 0; i < noise.length; i++)
			noise[i] = random.nextGaussian();
		for (final int step : new int[] { 1, m, 1, m }) {
			final double[] smooth = new double[noise.length];
			for (int i = step; i < noise.length - step; i++)
				smooth[i] = (noise[i - step] + 2 * noise[i] + noise[i + step]) / 4;
			noise = smooth;
		}
		// what four binomial sums leave of a deviation of 1: 70 / 256 in each direction
		final double scale = deviation * 256 / 70;
		for (int y = 0; y < n; y++)
			for (int x = 0; x < n; x++)
				image.pixels()[y * n + x] += (float) (scale * noise[(y + 2) * m + x + 2]);
	}

	private static void hide(final Plane image, final SplittableRandom random) {
		final int n = image.width(), w = 1 + random.nextInt(n / 3), h = 1 + random.nextInt(n / 10);
		final int left = random.nextInt(n - w), top = random.nextInt(n - h);
		for (int y = top; y < top + h; y++)
			for (int x = left; x < left + w; x++)
				image.pixels()[y * n + x] = Float.NaN;
		for (int i = 0; i < image.pixels().length; i++)
			if (random.nextDouble() < HIDDEN_PIXELS) image.pixels()[i] = Float.NaN;
	}
}
