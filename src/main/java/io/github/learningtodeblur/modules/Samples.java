package io.github.learningtodeblur.modules;

import java.util.ArrayList;
import java.util.List;

import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import net.imglib2.FinalInterval;
import net.imglib2.Interval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import net.imglib2.util.Intervals;

/** What is looked at of an image that may be larger than memory: all of a small one, else blocks spread evenly. */
public final class Samples {

	/** Pixels up to which an image is looked at as a whole. */
	static final long WHOLE = 1L << 22;

	/** Of larger ones, so many blocks across and down, and their sides. */
	private static final int COUNT = 8;
	private static final int SIDE = 256;

	private Samples() {}

	/** Whether an image is looked at as a whole. */
	static boolean isSmall(final Interval image) {
		return Intervals.numElements(image) <= WHOLE;
	}

	/** At most some four million pixels. */
	static List<Interval> of(final Interval image) {
		if (isSmall(image)) return List.of(image);
		final long[] xs = starts(image, 0), ys = starts(image, 1);
		final List<Interval> blocks = new ArrayList<>();
		for (final long y : ys)
			for (final long x : xs)
				blocks.add(FinalInterval.createMinSize(x, y, Math.min(SIDE, image.dimension(0)), Math.min(SIDE, image.dimension(
					1))));
		return blocks;
	}

	private static long[] starts(final Interval image, final int d) {
		final long last = Math.max(0, image.dimension(d) - SIDE);
		final int count = (int) Math.max(1, Math.min(COUNT, image.dimension(d) / SIDE));
		final long[] starts = new long[count];
		for (int i = 0; i < count; i++)
			starts[i] = image.min(d) + (count == 1 ? last / 2 : i * last / (count - 1));
		return starts;
	}

	/**
	 * A region that tells much about the blur: the image itself if it is small, else the square around the block of the sample
	 * with the strongest gradients.
	 *
	 * @param largest pixels up to which an image is small, at least the side of the square squared
	 * @param side columns and rows of the square
	 */
	public static Interval informative(final RandomAccessibleInterval<? extends RealType<?>> image, final long largest,
		final int side)
	{
		if (Intervals.numElements(image) <= Math.max(WHOLE, largest)) return image;
		Interval best = null;
		double most = -1;
		for (final Interval block : of(image)) {
			final double strength = gradients(Images.plane(image, block));
			if (strength <= most) continue;
			most = strength;
			best = block;
		}
		final long[] min = new long[2], max = new long[2];
		for (int d = 0; d < 2; d++) {
			final long length = Math.min(side, image.dimension(d)), middle = (best.min(d) + best.max(d)) / 2;
			min[d] = Math.max(image.min(d), Math.min(image.max(d) - length + 1, middle - length / 2));
			max[d] = min[d] + length - 1;
		}
		return new FinalInterval(min, max);
	}

	/** Sum of squares, between known pixels. */
	private static double gradients(final Plane p) {
		double sum = 0;
		for (int y = 0; y < p.height() - 1; y++)
			for (int x = 0; x < p.width() - 1; x++) {
				final double v = p.get(x, y), dx = p.get(x + 1, y) - v, dy = p.get(x, y + 1) - v, square = dx * dx + dy * dy;
				if (square > 0) sum += square;
			}
		return sum;
	}
}
