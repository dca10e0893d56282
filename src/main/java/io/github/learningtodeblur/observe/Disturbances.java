package io.github.learningtodeblur.observe;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import io.github.learningtodeblur.util.ConnectedParts;
import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Threads;
import io.github.learningtodeblur.util.Unknown;

/**
 * Finds what is sharp or dead in a blurred picture, and hence cannot have been blurred with it. A blur leaves no edge that
 * rises within two pixels: where most of the picture has none, areas of one value with such edges were drawn into it, and
 * pixels that stand out of all their neighbours are dead or hot. Of a sharp picture nothing can be told that way; there only
 * large areas count.
 *
 * @param believed the picture without them: NaN where something was drawn, dead and hot pixels replaced by the median
 *          around
 * @param drawn number of pixels that became NaN
 * @param outliers number of pixels that were replaced
 * @param banded whether offsets of rows or columns were taken off ({@link Banding})
 */
record Disturbances(Plane believed, int drawn, int outliers, boolean banded) {

	/** An edge is sharp if within two pixels it rises by so much of what it rises within {@link #REACH}. */
	private static final double SHARP = 0.8;
	private static final int REACH = 5;

	/** Rows that a thread takes at a time. */
	private static final int BAND = 32;

	/** Least contrast of an edge that counts: in standard deviations of the noise, and in parts of the range. */
	private static final double NOISES = 8, CONTRAST = 0.08;

	/** Part of its edges that has to be sharp for an area to be drawn, and their least number. */
	private static final double MOST = 0.7;
	private static final int LEAST_EDGES = 6;

	/** Least number of pixels of an area; in a picture that is sharp anyway, at least this part of it. */
	private static final int LEAST_AREA = 6;
	private static final double LARGE_AREA = 1e-3;

	/** Part of the strong edges that may be sharp in a blurred picture. */
	private static final double BLURRED = 0.16;

	/** Pixels around a drawn area that belong to it: its edges are smoothed often. */
	private static final float MARGIN = 2.5f;

	/** If more than this part of a picture looks drawn, it is a drawing, and to be believed. */
	private static final double MOST_DRAWN = 0.6;

	/** Known areas of at most this part of the picture that drawn ones enclose, such as the inside of letters, belong to them. */
	private static final double ISLAND = 2e-3;

	/** @param picture any values, NaN where unknown; not changed */
	static Disturbances in(final Plane picture) {
		final Plane guess = Unknown.filled(picture);
		final int w = picture.width(), h = picture.height();
		if (w < 2 * REACH || h < 2 * REACH) return new Disturbances(picture, 0, 0, false);
		final double least = Math.max(NOISES * NoiseEstimate.of(picture), CONTRAST * spread(picture));
		if (!(least > 0)) return new Disturbances(picture, 0, 0, false);
		final Areas areas = new Areas(guess, least);
		final boolean[] small = grown(areas.drawn(LEAST_AREA), w, h);
		final boolean blurred = sharpPart(guess, least, small) <= BLURRED;
		final boolean[] drawn = blurred ? small : grown(areas.drawn((int) Math.max(64, LARGE_AREA * w * h)), w, h);
		fillIslands(drawn, w, h);
		if (part(drawn) > MOST_DRAWN) Arrays.fill(drawn, false);
		final Plane out = picture.copy();
		int count = 0;
		for (int i = 0; i < drawn.length; i++)
			if (drawn[i] && !Float.isNaN(out.pixels()[i])) {
				out.pixels()[i] = Float.NaN;
				count++;
			}
		final int outliers = blurred ? replaceOutliers(out, least) : 0;
		return new Disturbances(out, count, outliers, Banding.remove(out));
	}

	private static double part(final boolean[] drawn) {
		int count = 0;
		for (final boolean d : drawn)
			if (d) count++;
		return (double) count / drawn.length;
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
	private static float[] distances(final boolean[] set, final int w, final int h) {
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
		final boolean[] known = new boolean[drawn.length];
		for (int i = 0; i < known.length; i++)
			known[i] = !drawn[i];
		for (final int[] part : ConnectedParts.of(known, w, h, false))
			if (part.length <= ISLAND * drawn.length) for (final int i : part)
				drawn[i] = true;
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

	/** The areas of one value, and how many of their edges are strong and sharp. */
	private static final class Areas {

		private static final int SMALL = -1, NEW = -2;

		private final int w;
		private final int h;
		private final float[] p;
		/** Number of the area that a pixel belongs to; {@link #SMALL} if that has less than {@link #LEAST_AREA} pixels. */
		private final int[] area;
		private int count;
		/** By number; of noise, nearly all areas are small, and have none. */
		private int[] size = new int[64];
		private final int[] strong;
		private final int[] sharp;

		Areas(final Plane picture, final double least) {
			w = picture.width();
			h = picture.height();
			p = picture.pixels();
			area = new int[w * h];
			Arrays.fill(area, NEW);
			final int[] open = new int[w * h];
			for (int i = 0; i < area.length; i++)
				if (area[i] == NEW) flood(i, open);
			strong = new int[count];
			sharp = new int[count];
			for (int y = 0; y < h; y++)
				for (int x = 0; x < w; x++) {
					if (area[y * w + x] == SMALL) continue;
					edge(x, y, 1, 0, least);
					edge(x, y, -1, 0, least);
					edge(x, y, 0, 1, least);
					edge(x, y, 0, -1, least);
				}
		}

		private void flood(final int first, final int[] open) {
			int done = 0, n = 0;
			open[n++] = first;
			area[first] = count;
			while (done < n) {
				final int j = open[done++], x = j % w;
				if (x > 0) n = join(j - 1, first, open, n);
				if (x < w - 1) n = join(j + 1, first, open, n);
				if (j >= w) n = join(j - w, first, open, n);
				if (j < p.length - w) n = join(j + w, first, open, n);
			}
			if (n < LEAST_AREA) for (int i = 0; i < n; i++)
				area[open[i]] = SMALL;
			else {
				if (count == size.length) size = Arrays.copyOf(size, 2 * count);
				size[count++] = n;
			}
		}

		private int join(final int j, final int first, final int[] open, final int n) {
			if (area[j] != NEW || p[j] != p[first]) return n;
			area[j] = count;
			open[n] = j;
			return n + 1;
		}

		/** Looks from a pixel at the border of its area outwards. */
		private void edge(final int x, final int y, final int dx, final int dy, final double least) {
			final int i = y * w + x;
			if (x + dx < 0 || y + dy < 0 || x + dx >= w || y + dy >= h || area[i + dy * w + dx] == area[i]) return;
			float near = 0, far = 0;
			for (int r = 1; r <= REACH; r++) {
				final int u = x + r * dx, v = y + r * dy;
				if (u < 0 || v < 0 || u >= w || v >= h) break;
				final float d = Math.abs(p[v * w + u] - p[i]);
				if (r <= 2) near = Math.max(near, d);
				far = Math.max(far, d);
			}
			if (far < least) return;
			strong[area[i]]++;
			if (near > SHARP * far) sharp[area[i]]++;
		}

		/** Pixels of the areas that were drawn, of those that have enough pixels. */
		boolean[] drawn(final int leastSize) {
			final boolean[] out = new boolean[area.length];
			for (int i = 0; i < out.length; i++) {
				final int a = area[i];
				out[i] = a != SMALL && size[a] >= leastSize && strong[a] >= LEAST_EDGES && sharp[a] >= MOST * strong[a];
			}
			addSameInk(out);
			return out;
		}

		/** A value that mostly occurs in what was drawn was drawn elsewhere, too: on a ground of nearly that value, say. */
		private void addSameInk(final boolean[] drawn) {
			final Map<Float, int[]> counts = new HashMap<>();
			for (int i = 0; i < drawn.length; i++)
				if (drawn[i]) counts.computeIfAbsent(p[i], v -> new int[2])[0]++;
			if (counts.isEmpty()) return;
			for (final float v : p) {
				final int[] count = counts.get(v);
				if (count != null) count[1]++;
			}
			for (int i = 0; i < drawn.length; i++) {
				final int[] count = counts.get(p[i]);
				drawn[i] |= count != null && count[0] > 0.5 * count[1];
			}
		}
	}
}
