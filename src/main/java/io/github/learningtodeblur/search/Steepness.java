package io.github.learningtodeblur.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Threads;

/**
 * How sharp an image is already, in numbers that neither brightness nor contrast change, along each of four
 * directions, as motion blurs one of them only: how much of an edge's height falls between two neighbours; how fast
 * differences grow with the distance of the pixels; and how much of it all is noise. A sharp edge is crossed in
 * one or two pixels, no blurred one is. What is unknown does not count.
 */
final class Steepness {

	private static final int[][] DIRECTIONS = { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 1, -1 } };

	/** Pixels on either side of a step that tell the height of its edge. */
	private static final int REACH = 4;

	/** Height from which on an edge counts: in standard deviations of the noise, and as a fraction of the range. */
	private static final double ABOVE_NOISE = 6, ABOVE_RANGE = 0.1;

	/** Of all edges, the steepness that this part does not reach. */
	private static final double[] QUANTILES = { 0.5, 0.75, 0.9, 0.97 };

	/** Part of an edge's height in two pixels from which on it is sharp, and what is added to how many are. */
	private static final double SHARP = 0.8, RARE = 0.005;

	/** Of all edges, the height of a step, by the range, that this part does not reach. */
	private static final double[] HIGH = { 0.25, 0.5, 0.75, 0.97, 0.995 };

	/** Numbers that the steps of a direction come to. */
	private static final int STEPS = 2 * QUANTILES.length + 1 + HIGH.length;

	/** Side of the squares whose means tell whether there is more than noise. */
	private static final int SQUARE = 8;

	/** Distances of which the differences are compared. */
	private static final int[] LAGS = { 1, 2, 4, 8 };

	private static final int BINS = 128;

	/** Part of the values at either end that does not count for the range. */
	private static final double OUTSIDE = 0.005;

	/** The same for how high edges are: few small bright things on black are all there is to see in some micrographs. */
	private static final double OUTLIERS = 0.0005;

	private static final int SAMPLES = 20_000;

	/** Numbers of a direction. */
	private static final int NUMBERS = STEPS + LAGS.length - 1;

	/** Stands for "none" in logarithms of fractions and of ratios of variances. */
	private static final double TINY = 1e-4;

	private Steepness() {}

	/** What the numbers of {@link #of} mean, in their order. */
	static List<String> names() {
		final List<String> names = new ArrayList<>();
		for (final String of : new String[] { "least", "mean" }) {
			for (int pixels = 1; pixels <= 2; pixels++)
				for (final double q : QUANTILES)
					names.add("steep" + pixels + "_" + of + "_" + Math.round(100 * q));
			names.add("sharp_" + of);
			for (final double q : HIGH)
				names.add("high_" + of + "_" + Math.round(1000 * q));
			for (int l = 1; l < LAGS.length; l++)
				names.add("growth_" + of + "_" + LAGS[l]);
		}
		names.add("structure");
		names.add("two_levels");
		names.addAll(plainNames());
		return names;
	}

	/** What the last numbers of {@link #of} mean, which say nothing of sharpness. */
	static List<String> plainNames() {
		return List.of("edges_least", "edges_mean", "noise_range", "noise_variance", "noise_tail");
	}

	/**
	 * @param margin pixels at each border that do not count
	 * @param noise standard deviation
	 */
	static double[] of(final Plane image, final int margin, final double noise) {
		final float[] sorted = sorted(image);
		final double range = range(sorted, OUTSIDE), height = range(sorted, OUTLIERS);
		final double least = least(range, noise);
		final int n = NUMBERS;
		final double[][] byDirection = new double[DIRECTIONS.length][];
		final double[] edges = new double[DIRECTIONS.length];
		final double[] variances = new double[DIRECTIONS.length];
		Threads.forEach(DIRECTIONS.length, d -> {
			final double[] numbers = new double[n];
			edges[d] = Math.log(TINY + steps(image, margin, DIRECTIONS[d], least, height, numbers));
			variances[d] = growth(image, margin, DIRECTIONS[d], noise, numbers);
			byDirection[d] = numbers;
		});
		final double[] plain = plain(image, range, noise, edges, variances[DIRECTIONS.length - 1]), out = new double[2 * n + 2 + plain.length];
		for (int i = 0; i < n; i++) {
			out[i] = Double.POSITIVE_INFINITY;
			for (final double[] numbers : byDirection) {
				out[i] = Math.min(out[i], numbers[i]);
				out[n + i] += numbers[i] / DIRECTIONS.length;
			}
		}
		out[2 * n] = structure(image, margin, noise);
		out[2 * n + 1] = twoLevels(sorted, range);
		System.arraycopy(plain, 0, out, 2 * n + 2, plain.length);
		return out;
	}

	/** Of the numbers of {@link #of}, those named {@link #plainNames}. */
	static double[] plain(final Plane image, final int margin, final double noise) {
		final double range = range(image);
		final double[] edges = new double[DIRECTIONS.length];
		Threads.forEach(DIRECTIONS.length, d -> edges[d] = Math.log(TINY + steps(image, margin, DIRECTIONS[d], least(range, noise),
			1, new double[NUMBERS])));
		return plain(image, range, noise, edges, growth(image, margin, DIRECTIONS[DIRECTIONS.length - 1], noise,
			new double[NUMBERS]));
	}

	private static double[] plain(final Plane image, final double range, final double noise, final double[] edges,
		final double variance)
	{
		return new double[] { Arrays.stream(edges).min().orElseThrow(), Arrays.stream(edges).average().orElseThrow(), Math.log(
			noise / Math.max(range, 1e-12) + TINY), Math.log(2 * noise * noise / Math.max(variance, 1e-20) + TINY), NoiseEstimate
				.tail(image) };
	}

	/** Height of the edges that count. */
	private static double least(final double range, final double noise) {
		return Math.max(1e-12, Math.max(ABOVE_NOISE * noise, ABOVE_RANGE * range));
	}

	/** Between the values that all but a few pixels lie in. */
	static double range(final Plane image) {
		return range(sorted(image), OUTSIDE);
	}

	private static double range(final float[] sorted, final double outside) {
		final int last = sorted.length - 1;
		return last < 0 ? 0 : sorted[(int) ((1 - outside) * last)] - sorted[(int) (outside * last)];
	}

	/** Some of the values that are known. */
	private static float[] sorted(final Plane image) {
		final int step = Math.max(1, image.pixels().length / SAMPLES);
		final float[] sorted = new float[(image.pixels().length + step - 1) / step];
		int n = 0;
		for (int i = 0; i < image.pixels().length; i += step)
			if (!Float.isNaN(image.pixels()[i])) sorted[n++] = image.pixels()[i];
		Arrays.sort(sorted, 0, n);
		return Arrays.copyOf(sorted, n);
	}

	/**
	 * Mean squared distance of the values from their median by the mean distance and the range: about 1 if there is only paper and
	 * ink, less with everything between.
	 */
	private static double twoLevels(final float[] sorted, final double range) {
		double sum = 0, squares = 0;
		for (final float v : sorted) {
			final double d = Math.abs(v - sorted[sorted.length / 2]);
			sum += d;
			squares += d * d;
		}
		return sum == 0 ? 0 : squares / (sum * range);
	}

	/**
	 * Of every step that is the largest near it, the part of the height of its edge; and the part that the step takes
	 * together with that before or behind it.
	 *
	 * @param height of the highest edges there may be
	 * @param out becomes the quantiles of either, 0 if there are no edges, the logarithm of how many edges are sharp, and quantiles
	 *          of how high steps are
	 * @return fraction of the pixels with an edge
	 */
	private static double steps(final Plane image, final int margin, final int[] direction, final double least,
		final double height, final double[] out)
	{
		final int w = image.width(), h = image.height(), step = direction[1] * w + direction[0];
		final int left = margin + REACH, top = margin + REACH + 1;
		final float[] p = image.pixels();
		final long[] one = new long[BINS + 1], two = new long[BINS + 1], high = new long[BINS + 1];
		long edges = 0, all = 0, sharp = 0;
		for (int y = top; y < h - top; y++)
			for (int i = y * w + left; i < y * w + w - left - 1; i++) {
				all++;
				final float rise = Math.abs(p[i + step] - p[i]);
				// a step of an edge is at least a part of it
				if (!(rise * (2 * REACH - 1) > least)) continue;
				float min = p[i], max = p[i], steepest = 0;
				for (int t = 1 - REACH; t < REACH; t++) {
					final float a = p[i + t * step], b = p[i + (t + 1) * step];
					min = Math.min(min, Math.min(a, b));
					max = Math.max(max, Math.max(a, b));
					steepest = Math.max(steepest, Math.abs(b - a));
				}
				if (!(max - min > least && rise >= steepest)) continue;
				final float both = Math.max(rise, Math.max(Math.abs(p[i + 2 * step] - p[i]), Math.abs(p[i + step] - p[i -
					step])));
				one[(int) (BINS * rise / (max - min))]++;
				two[(int) (BINS * both / (max - min))]++;
				high[(int) (BINS * Math.min(1, both / height))]++;
				if (both > SHARP * (max - min)) sharp++;
				edges++;
			}
		quantiles(one, edges, QUANTILES, out, 0);
		quantiles(two, edges, QUANTILES, out, QUANTILES.length);
		quantiles(high, edges, HIGH, out, 2 * QUANTILES.length + 1);
		out[2 * QUANTILES.length] = Math.log((double) sharp / Math.max(1, edges) + RARE);
		return all == 0 ? 0 : (double) edges / all;
	}

	private static void quantiles(final long[] histogram, final long count, final double[] quantiles, final double[] out,
		final int at)
	{
		for (int q = 0, bin = 0, sum = 0; q < quantiles.length && count > 0; q++) {
			while (bin < histogram.length && sum + histogram[bin] < quantiles[q] * count)
				sum += (int) histogram[bin++];
			out[at + q] = (double) bin / BINS;
		}
	}

	/** How much more the means of small squares vary than by noise alone: 0, as a logarithm, where there is nothing else. */
	private static double structure(final Plane image, final int margin, final double noise) {
		double sum = 0, squares = 0;
		int count = 0;
		for (int y = margin; y + SQUARE <= image.height() - margin; y += SQUARE)
			for (int x = margin; x + SQUARE <= image.width() - margin; x += SQUARE) {
				double mean = 0;
				for (int v = y; v < y + SQUARE; v++)
					for (int u = x; u < x + SQUARE; u++)
						mean += image.get(u, v) / (SQUARE * SQUARE);
				if (Double.isNaN(mean)) continue;
				sum += mean;
				squares += mean * mean;
				count++;
			}
		if (count < 2) return 0;
		final double variance = Math.max(0, squares / count - sum / count * sum / count), alone = noise * noise / (SQUARE *
			SQUARE);
		return Math.log((variance + 1e-20) / (alone + 1e-20));
	}

	/**
	 * Logarithms of the ratio of mean squared differences of one distance to those of twice that, without what noise
	 * adds.
	 *
	 * @return the mean squared difference at the largest distance
	 */
	private static double growth(final Plane image, final int margin, final int[] direction, final double noise,
		final double[] out)
	{
		final int w = image.width(), h = image.height(), step = direction[1] * w + direction[0];
		final int edge = margin + LAGS[LAGS.length - 1];
		final float[] p = image.pixels();
		final double[] sums = new double[LAGS.length];
		long count = 0;
		for (int y = edge; y < h - edge; y++)
			for (int i = y * w + margin; i < y * w + w - edge; i++) {
				final float v = p[i];
				if (Float.isNaN(v + p[i + step] + p[i + 2 * step] + p[i + 4 * step] + p[i + 8 * step])) continue;
				for (int l = 0; l < LAGS.length; l++) {
					final float d = p[i + LAGS[l] * step] - v;
					sums[l] += d * d;
				}
				count++;
			}
		if (count == 0) return 0;
		for (int l = 0; l < LAGS.length; l++)
			sums[l] /= count;
		for (int l = 1; l < LAGS.length; l++)
			out[STEPS + l - 1] = Math.log((signal(sums[l - 1], noise) + 1e-20) / (signal(sums[l], noise) + 1e-20));
		return sums[LAGS.length - 1];
	}

	private static double signal(final double squares, final double noise) {
		return Math.max(squares - 2 * noise * noise, squares / 20);
	}
}
