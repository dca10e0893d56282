package io.github.learningtodeblur.train;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Resampling;

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

	/** A square laid in one of eight ways. */
	static Plane turned(final Plane in, final int turn) {
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
		final float[] square = new float[span * span];
		for (int row = 0; row < span; row++)
			for (int i = row * span, from = (y + row) * item.width() + x; i < (row + 1) * span; i++, from++)
				square[i] = (item.pixels()[from] & 255) * (1 / 255f);
		final Resampling means = Resampling.means(span, size, length);
		final Plane out = new Plane(size, size);
		Resampling.apply(square, 0, means, means, out.pixels(), 0);
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = Math.min(1, out.pixels()[i]);
		return out;
	}
}
