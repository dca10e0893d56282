package io.github.learningtodeblur.train;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

import io.github.learningtodeblur.util.Plane;

/** Random squares of photographs. Thread-safe. */
final class CropSampler {

	/**
	 * Pixels above which a larger image is not drawn more often: between that and zero, images are drawn in
	 * proportion to their pixels, so that crops differ; above, single photos would rule the training.
	 */
	static final int MAX_WEIGHT = 1 << 18;

	private final List<Photograph> photographs;
	private final double minScale;
	private final boolean invert;

	/** Running sums of the images' weights, by the size of the crops. */
	private final Map<Integer, double[]> cumulated = new ConcurrentHashMap<>();

	/** @param minScale,invert see {@link SharpImages.Selection} */
	CropSampler(final List<Photograph> photographs, final double minScale, final boolean invert) {
		this.photographs = photographs;
		this.minScale = minScale;
		this.invert = invert;
	}

	/** See {@link SharpImages#crop}. */
	Plane crop(final RandomGenerator random, final int size) {
		final Photograph item = draw(random, size);
		final int side = Math.min(item.width(), item.height());
		final double least = Math.min(item.maxScale(), Math.max(minScale * item.maxScale(), size / (double) side));
		final double scale = least + (item.maxScale() - least) * random.nextDouble();
		final int span = Math.min(side, (int) Math.ceil(size / scale));
		final int x = random.nextInt(item.width() - span + 1);
		final int y = random.nextInt(item.height() - span + 1);
		final int turn = random.nextInt(8);
		final Plane crop = scale == 1 ? cut(item, x, y, size, turn) : turned(shrink(item, x, y, size, span,
			Math.min(span, size / scale)), turn);
		return invert && random.nextBoolean() ? SharpImages.inverted(crop) : crop;
	}

	/** One of those that are large enough. */
	private Photograph draw(final RandomGenerator random, final int size) {
		final double[] sums = cumulated.computeIfAbsent(size, this::cumulate);
		final double total = sums[sums.length - 1];
		if (total == 0) throw new IllegalArgumentException("None of " + photographs.size() +
			" images is large enough for crops of " + size + " pixels");
		final int index = Arrays.binarySearch(sums, random.nextDouble() * total);
		return photographs.get(index < 0 ? -index - 1 : index + 1); // the first sum above what was drawn
	}

	private double[] cumulate(final int size) {
		final double[] sums = new double[photographs.size()];
		double sum = 0;
		for (int i = 0; i < sums.length; i++) {
			final Photograph item = photographs.get(i);
			if (item.side() >= size) sum += Math.min(MAX_WEIGHT, (double) item.width() * item.height());
			sums[i] = sum;
		}
		return sums;
	}

	/** A square of {@code size} pixels at (x, y); {@code turn} in 0 to 7 is one of the ways to lay it. */
	private static Plane cut(final Photograph item, final int x, final int y, final int size, final int turn) {
		final Plane out = new Plane(size, size);
		final int[] steps = steps(turn, size, item.width());
		final int start = y * item.width() + x + steps[0];
		for (int row = 0; row < size; row++) {
			int from = start + row * steps[2];
			for (int i = row * size; i < (row + 1) * size; i++, from += steps[1])
				out.pixels()[i] = (item.pixels()[from] & 255) * (1 / 255f);
		}
		return out;
	}

	private static Plane turned(final Plane in, final int turn) {
		final int size = in.width();
		final Plane out = new Plane(size, size);
		final int[] steps = steps(turn, size, size);
		for (int row = 0; row < size; row++) {
			int from = steps[0] + row * steps[2];
			for (int i = row * size; i < (row + 1) * size; i++, from += steps[1])
				out.pixels()[i] = in.pixels()[from];
		}
		return out;
	}

	/** Offset of the first pixel, step per column, step per row. */
	private static int[] steps(final int turn, final int size, final int stride) {
		int start = 0;
		int right = 1;
		int down = stride;
		if ((turn & 1) != 0) {
			start += (size - 1) * right;
			right = -right;
		}
		if ((turn & 2) != 0) {
			start += (size - 1) * down;
			down = -down;
		}
		return (turn & 4) == 0 ? new int[] { start, right, down } : new int[] { start, down, right };
	}

	/**
	 * Shrinks the square of {@code length} pixels at (x, y) to {@code size}: every new pixel is the mean over
	 * the area it covers, which is at least one old pixel.
	 *
	 * @param span columns and rows that may be read, at least {@code length}
	 */
	private static Plane shrink(final Photograph item, final int x, final int y, final int size,
		final int span, final double length)
	{
		final double step = length / size;
		final int taps = (int) Math.ceil(step) + 1;
		final int[] first = new int[size];
		final float[] weights = new float[size * taps];
		for (int i = 0; i < size; i++) {
			// A window of fixed length that begins early enough to end inside
			first[i] = Math.max(0, Math.min((int) (i * step), span - taps));
			for (int t = 0; t < taps; t++) {
				final double from = Math.max(i * step, first[i] + t);
				final double to = Math.min((i + 1) * step, first[i] + t + 1);
				weights[i * taps + t] = (float) (Math.max(0, to - from) / step);
			}
		}
		final int usable = Math.min(taps, span);
		final Plane out = new Plane(size, size);
		final float[] row = new float[span];
		final float[] sums = new float[span];
		for (int i = 0; i < size; i++) {
			Arrays.fill(sums, 0);
			for (int t = 0; t < usable; t++) {
				final float weight = weights[i * taps + t] / 255;
				if (weight == 0) continue;
				final int from = (y + first[i] + t) * item.width() + x;
				for (int c = 0; c < span; c++)
					row[c] = item.pixels()[from + c] & 255;
				for (int c = 0; c < span; c++)
					sums[c] += weight * row[c];
			}
			for (int c = 0; c < size; c++) {
				float sum = 0;
				for (int t = 0; t < usable; t++)
					sum += weights[c * taps + t] * sums[first[c] + t];
				out.pixels()[i * size + c] = Math.min(1, sum);
			}
		}
		return out;
	}
}
