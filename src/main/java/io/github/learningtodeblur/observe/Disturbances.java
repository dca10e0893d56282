package io.github.learningtodeblur.observe;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

import io.github.learningtodeblur.util.ConnectedParts;
import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Quantization;
import io.github.learningtodeblur.util.Threads;
import io.github.learningtodeblur.util.Unknown;

/**
 * Finds what is sharp or dead in a blurred picture, and hence cannot have been blurred with it. A blur leaves no edge that
 * rises within two pixels: where most of the picture has none, areas of one value with such edges were drawn into it, and
 * pixels that stand out of all their neighbours are dead or hot. Of a sharp picture nothing can be told that way; there only
 * large areas count.
 *
 * @param believed the picture without them: NaN where something was drawn, dead and hot pixels and lines replaced by what
 *          lies around
 * @param drawn number of pixels that became NaN
 * @param outliers number of pixels that were replaced
 * @param banding offsets of rows or columns that were taken off; null if there are none
 */
record Disturbances(Plane believed, int drawn, int outliers, Banding banding) {

	/** An edge is sharp if within two pixels it rises by so much of what it rises within {@link #REACH}. */
	private static final double SHARP = FlatAreas.SHARP;
	private static final int REACH = FlatAreas.REACH;

	/** Rows that a thread takes at a time. */
	private static final int BAND = 32;

	/** Least contrast of an edge that counts: in standard deviations of the noise, and in parts of the range. */
	private static final double NOISES = 8, CONTRAST = 0.08;

	/** Part of the strong edges that may be sharp in a blurred picture. */
	private static final double BLURRED = 0.16;

	/** Part of a line of pixels that has to be dead. */
	private static final double DEAD_PART = 0.5;

	/** Pixels around a drawn area that belong to it: its edges are smoothed often. */
	private static final float MARGIN = 2.5f;

	/**
	 * If more than this part of a picture looks drawn, it is a drawing, and to be believed; unless nearly all of the rest is one
	 * area, as what a microscope's stop leaves open.
	 */
	private static final double MOST_DRAWN = 0.6, ONE_FIELD = 0.95;

	/** Known areas of at most this part of the picture that drawn ones enclose, such as the inside of letters, belong to them. */
	private static final double ISLAND = 2e-3;

	/** @param picture any values, NaN where unknown; not changed */
	static Disturbances in(final Plane picture) {
		final Disturbances first = in(picture, picture, null);
		final Banding banding = Banding.in(first.believed);
		// once more without the steps from line to line, which look like edges and make single pixels stand out
		return banding == null ? first : in(picture, banding.subtractedFrom(picture), banding);
	}

	/**
	 * @param picture where what was drawn has one value
	 * @param even the same without offsets of rows or columns, which is to be believed but for what is found
	 * @param banding that had these offsets, or null
	 */
	private static Disturbances in(final Plane picture, final Plane even, final Banding banding) {
		final int w = picture.width(), h = picture.height();
		final Plane out = even.copy();
		if (w < 2 * REACH || h < 2 * REACH) return new Disturbances(out, 0, 0, banding);
		final double least = Math.max(NOISES * NoiseEstimate.of(even), CONTRAST * spread(even));
		if (!(least > 0)) return new Disturbances(out, 0, 0, banding);
		final Plane guess = Unknown.filled(even);
		final FlatAreas areas = new FlatAreas(banding != null ? Unknown.filled(picture) : guess, guess, least);
		final boolean[] found = areas.drawn(), small = grown(found, w, h);
		final boolean blurred = sharpPart(guess, least, leftOut(small, guess, least)) <= BLURRED;
		final int deadLines = blurred ? fillDeadLines(out, found) : 0;
		final boolean[] drawn = !blurred ? grown(areas.drawnInSharp(), w, h) : deadLines > 0
			? grown(found, w, h) : small;
		fillIslands(drawn, w, h);
		if (part(drawn) > MOST_DRAWN && !leavesOneField(drawn, w, h)) Arrays.fill(drawn, false);
		int count = 0;
		for (int i = 0; i < drawn.length; i++)
			if (drawn[i] && !Float.isNaN(out.pixels()[i])) {
				out.pixels()[i] = Float.NaN;
				count++;
			}
		return new Disturbances(out, count, deadLines + (blurred ? replaceOutliers(out, least) : 0), banding);
	}

	/** What tells nothing of the blur: what may be drawn, and single pixels that stand out. */
	private static boolean[] leftOut(final boolean[] drawn, final Plane guess, final double least) {
		final boolean[] out = drawn.clone();
		final Plane evened = guess.copy();
		replaceOutliers(evened, least);
		for (int i = 0; i < out.length; i++)
			out[i] |= evened.pixels()[i] != guess.pixels()[i];
		return out;
	}

	private static double part(final boolean[] drawn) {
		int count = 0;
		for (final boolean d : drawn)
			if (d) count++;
		return (double) count / drawn.length;
	}

	/** Whether what is not drawn is one area, of a size that shows something. */
	private static boolean leavesOneField(final boolean[] drawn, final int w, final int h) {
		final boolean[] rest = inverted(drawn);
		int all = 0, largest = 0;
		for (final int[] part : ConnectedParts.of(rest, w, h, false)) {
			all += part.length;
			largest = Math.max(largest, part.length);
		}
		return largest > ISLAND * drawn.length && largest >= ONE_FIELD * all;
	}

	private static boolean[] inverted(final boolean[] set) {
		final boolean[] out = new boolean[set.length];
		for (int i = 0; i < out.length; i++)
			out[i] = !set[i];
		return out;
	}

	/** Between the 1st and the 99th percentile of the known values, by a sample of them. */
	private static double spread(final Plane p) {
		final int step = Math.max(1, p.pixels().length / 50_000);
		final float[] sample = new float[p.pixels().length / step];
		int n = 0;
		for (int i = 0; i < sample.length; i++)
			if (!Float.isNaN(p.pixels()[i * step])) sample[n++] = p.pixels()[i * step];
		Arrays.sort(sample, 0, n);
		return n == 0 ? 0 : sample[(int) (0.99 * (n - 1))] - sample[(int) (0.01 * (n - 1))];
	}

	/**
	 * Part of the edges of enough contrast that are sharp, away from what is left out, in the direction with the fewest: a
	 * motion leaves edges along it as they were.
	 */
	private static double sharpPart(final Plane p, final double least, final boolean[] leftOut) {
		double part = 1;
		for (final int step : new int[] { 1, p.width() - 1, p.width(), p.width() + 1 })
			part = Math.min(part, sharpPart(p, least, leftOut, step));
		return part;
	}

	private static double sharpPart(final Plane p, final double least, final boolean[] leftOut, final int step) {
		final int w = p.width(), h = p.height();
		final LongAdder strong = new LongAdder(), sharp = new LongAdder();
		Threads.forEachBand(Math.max(0, h - 2 * REACH), BAND, (from, to) -> {
			for (int y = REACH + from; y < REACH + to; y++)
				for (int i = y * w + REACH; i < y * w + w - REACH; i++)
					if (isStrong(p.pixels(), leftOut, i, step, least)) {
						strong.increment();
						if (steepest2(p.pixels(), i, step) > SHARP * contrast(p.pixels(), i, step)) sharp.increment();
					}
		});
		return strong.sum() == 0 ? 0 : (double) sharp.sum() / strong.sum();
	}

	/** Whether there is the steepest part of an edge of enough contrast, so that wide edges do not count by their width. */
	private static boolean isStrong(final float[] p, final boolean[] leftOut, final int i, final int step,
		final double least)
	{
		final float middle = Math.abs(p[i + step] - p[i]);
		// an edge that rises by so much has a step at least so steep; most pixels end here
		if (middle < 0.49 * least / (2 * REACH - 1)) return false;
		if (contrast(p, i, step) < least || middle < 0.5 * steepest(p, i, step)) return false;
		for (int r = -REACH + 1; r <= REACH; r++)
			if (leftOut[i + r * step]) return false;
		return true;
	}

	private static float contrast(final float[] p, final int i, final int step) {
		float min = Float.POSITIVE_INFINITY, max = Float.NEGATIVE_INFINITY;
		for (int r = -REACH + 1; r <= REACH; r++) {
			min = Math.min(min, p[i + r * step]);
			max = Math.max(max, p[i + r * step]);
		}
		return max - min;
	}

	private static float steepest(final float[] p, final int i, final int step) {
		float most = 0;
		for (int r = -REACH + 1; r < REACH; r++)
			most = Math.max(most, Math.abs(p[i + (r + 1) * step] - p[i + r * step]));
		return most;
	}

	private static float steepest2(final float[] p, final int i, final int step) {
		return Math.max(Math.abs(p[i + 2 * step] - p[i]), Math.abs(p[i + step] - p[i - step]));
	}

	private static boolean[] grown(final boolean[] areas, final int w, final int h) {
		final float[] distance = distances(areas, w, h);
		final boolean[] out = new boolean[areas.length];
		for (int i = 0; i < out.length; i++)
			out[i] = distance[i] <= MARGIN;
		return out;
	}

	/**
	 * Distance of every pixel to the nearest one of a set, by two sweeps (chamfer); infinite if there are none.
	 */
	static float[] distances(final boolean[] set, final int w, final int h) {
		final float[] d = new float[w * h];
		final float diagonal = (float) Math.sqrt(2);
		for (int i = 0; i < d.length; i++)
			d[i] = set[i] ? 0 : Float.POSITIVE_INFINITY;
		for (int y = 0; y < h; y++)
			for (int x = 0; x < w; x++) {
				final int i = y * w + x;
				if (x > 0) d[i] = Math.min(d[i], d[i - 1] + 1);
				if (y > 0) d[i] = Math.min(d[i], d[i - w] + 1);
				if (y > 0 && x > 0) d[i] = Math.min(d[i], d[i - w - 1] + diagonal);
				if (y > 0 && x < w - 1) d[i] = Math.min(d[i], d[i - w + 1] + diagonal);
			}
		for (int y = h - 1; y >= 0; y--)
			for (int x = w - 1; x >= 0; x--) {
				final int i = y * w + x;
				if (x < w - 1) d[i] = Math.min(d[i], d[i + 1] + 1);
				if (y < h - 1) d[i] = Math.min(d[i], d[i + w] + 1);
				if (y < h - 1 && x < w - 1) d[i] = Math.min(d[i], d[i + w + 1] + diagonal);
				if (y < h - 1 && x > 0) d[i] = Math.min(d[i], d[i + w - 1] + diagonal);
			}
		return d;
	}

	private static void fillIslands(final boolean[] drawn, final int w, final int h) {
		for (final int[] part : ConnectedParts.of(inverted(drawn), w, h, false))
			if (part.length <= ISLAND * drawn.length) for (final int i : part)
				drawn[i] = true;
	}

	/**
	 * Rows and columns of a single pixel's width over most of the picture are no drawing but a fault of the sensor. Of a
	 * blurred picture, what lies on either side tells what would be there.
	 *
	 * @param drawn loses what is filled
	 * @return number of pixels
	 */
	private static int fillDeadLines(final Plane p, final boolean[] drawn) {
		return fillDeadLines(p, drawn, p.width(), 1, p.height(), p.width()) + fillDeadLines(p, drawn, p.height(), p.width(), p
			.width(), 1);
	}

	/** @param across from line to line, {@code along} from pixel to pixel of a line */
	private static int fillDeadLines(final Plane p, final boolean[] drawn, final int lines, final int across,
		final int length, final int along)
	{
		final float[] v = p.pixels();
		final double step = Quantization.step(p);
		int filled = 0;
		for (int line = 2; line < lines - 2; line++) {
			final int first = line * across;
			int dead = 0;
			for (int n = 0; n < length; n++)
				if (isDead(drawn, first + n * along, across)) dead++;
			if (dead < DEAD_PART * length) continue;
			for (int n = 0; n < length; n++) {
				final int i = first + n * along;
				if (!isDead(drawn, i, across)) continue;
				final float left = v[i - across], right = v[i + across], further = v[i - 2 * across] + v[i + 2 * across];
				final float between = Float.isNaN(further) ? (left + right) / 2 : 2 * (left + right) / 3 - further / 6;
				if (Float.isNaN(between)) continue;
				v[i] = step > 0 ? (float) (left + step * Math.rint((between - left) / step)) : between;
				drawn[i] = false;
				filled++;
			}
		}
		return filled;
	}

	private static boolean isDead(final boolean[] drawn, final int i, final int across) {
		return drawn[i] && !drawn[i - across] && !drawn[i + across];
	}

	/** Replaces pixels beyond all their neighbours by more than those differ; known ones only. */
	private static int replaceOutliers(final Plane p, final double least) {
		final int w = p.width();
		final float[] in = p.pixels().clone();
		final LongAdder count = new LongAdder();
		Threads.forEachBand(p.height(), BAND, (from, to) -> {
			final float[] around = new float[8];
			for (int i = from * w; i < to * w; i++) {
				if (Float.isNaN(in[i])) continue;
				final int n = neighbours(in, w, p.height(), i, least, around);
				if (n < 3) continue;
				Arrays.sort(around, 0, n);
				// one of the neighbours may be an outlier itself
				final float low = around[n > 5 ? 1 : 0], high = around[n > 5 ? n - 2 : n - 1];
				final double far = Math.max(least, high - low);
				if (in[i] > high + far || in[i] < low - far) {
					p.pixels()[i] = around[n / 2]; // one of the values there, which keeps to its steps
					count.increment();
				}
			}
		});
		return count.intValue();
	}

	/** @return the number of known ones; 0 as soon as two are too close for the pixel to be an outlier */
	private static int neighbours(final float[] p, final int w, final int h, final int i, final double least,
		final float[] around)
	{
		final int x = i % w, y = i / w;
		int n = 0, close = 0;
		for (int v = Math.max(0, y - 1); v <= Math.min(h - 1, y + 1); v++)
			for (int u = Math.max(0, x - 1); u <= Math.min(w - 1, x + 1); u++) {
				final float value = p[v * w + u];
				if (u == x && v == y || Float.isNaN(value)) continue;
				if (Math.abs(value - p[i]) < 0.99 * least && ++close == 2) return 0;
				around[n++] = value;
			}
		return n;
	}
}
