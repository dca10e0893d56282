package io.github.learningtodeblur.observe;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Quantization;

/**
 * The areas of one value in a picture, and how many of their edges are strong and sharp. Each pixel at the border of an
 * area looks outwards, at a right angle to the border: along rows and columns only, an edge that is nearly parallel to
 * them would seem to rise slowly.
 */
final class FlatAreas {

	/** Least number of pixels of an area. */
	private static final int LEAST_AREA = 6;

	/** So far an edge is followed. */
	static final int REACH = 5;

	/** An edge is sharp if within {@link #NEAR} pixels it rises by so much of what it rises within {@link #REACH}. */
	static final double SHARP = 0.8;
	private static final double NEAR = 2;

	/** Or if the picture behind it changes by so much less within as many pixels: it may be dark near a black bar. */
	private static final double STEEPER = 2;

	/** Part of its edges that has to be sharp for an area to be drawn, and their least number. */
	private static final double MOST = 0.7, NEARLY_ALL = 0.95;
	private static final int LEAST_EDGES = 6;

	/** Part of the border of a small area, of so many pixels, that has to be an edge at all. */
	private static final double STANDS_OUT = 0.5;
	private static final int SMALL_AREA = 64;

	/** In a picture that is sharp anyway, least part of it that an area takes to count. */
	private static final double LARGE_AREA = 1e-3;

	/** Sharp edges that a small area needs both across and down. */
	private static final int LEAST_ENDS = 2;

	/** Part of the edges that has to be sharp if the same value was drawn elsewhere; and pixels within which all of it was. */
	private static final double ENOUGH_OF_INK = 0.35;
	private static final int CLOSE = 12;

	/** Pixels around one at the border that tell where outside is. */
	private static final int AROUND = 3;

	private static final int SMALL = -1, NEW = -2;

	private final int w;
	private final int h;
	private final float[] p;
	/** What edges are looked for in: the same without offsets of its rows or columns. */
	private final float[] even;
	/** Number of the area that a pixel belongs to; {@link #SMALL} if that has less than {@link #LEAST_AREA} pixels. */
	private final int[] area;
	private int count;
	/** By number; of noise, nearly all areas are small, and have none. */
	private int[] size = new int[64];
	private final int[] looks;
	private final int[] strong;
	private final int[] sharp;
	/** Of the sharp ones, those that run down rather than across. */
	private final int[] down;

	/**
	 * @param picture no NaN
	 * @param even of the same size, in which edges are looked for
	 * @param least contrast of an edge that counts
	 */
	FlatAreas(final Plane picture, final Plane even, final double least) {
		w = picture.width();
		h = picture.height();
		p = picture.pixels();
		this.even = even.pixels();
		area = new int[w * h];
		Arrays.fill(area, NEW);
		final int[] open = new int[w * h];
		for (int i = 0; i < area.length; i++)
			if (area[i] == NEW) flood(i, open);
		looks = new int[count];
		strong = new int[count];
		sharp = new int[count];
		down = new int[count];
		for (int y = 0; y < h; y++)
			for (int x = 0; x < w; x++)
				if (area[y * w + x] != SMALL && isBorder(x, y)) lookOutwards(x, y, least);
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

	/** Whether a neighbour belongs to something else. */
	private boolean isBorder(final int x, final int y) {
		final int i = y * w + x, a = area[i];
		return x > 0 && area[i - 1] != a || x < w - 1 && area[i + 1] != a || y > 0 && area[i - w] != a || y < h - 1 &&
			area[i + w] != a;
	}

	private void lookOutwards(final int x, final int y, final double least) {
		final int a = area[y * w + x];
		int outX = 0, outY = 0;
		for (int v = Math.max(0, y - AROUND); v <= Math.min(h - 1, y + AROUND); v++)
			for (int u = Math.max(0, x - AROUND); u <= Math.min(w - 1, x + AROUND); u++)
				if (area[v * w + u] != a) {
					outX += u - x;
					outY += v - y;
				}
		final double length = Math.hypot(outX, outY);
		if (length > AROUND) {
			edge(x, y, outX / length, outY / length, least);
			return;
		}
		// a thin line has an outside on either side
		for (final int[] d : new int[][] { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } }) {
			final int u = x + d[0], v = y + d[1];
			if (u >= 0 && v >= 0 && u < w && v < h && area[v * w + u] != a) edge(x, y, d[0], d[1], least);
		}
	}

	/** Looks from a pixel at the border of its area outwards. */
	private void edge(final int x, final int y, final double dx, final double dy, final double least) {
		final int i = y * w + x;
		float near = 0, far = 0, behind = 0;
		final float[] rise = new float[REACH + 1];
		int known = 0;
		for (int r = 1; r <= REACH; r++) {
			final double u = x + r * dx, v = y + r * dy;
			if (u < 0 || v < 0 || u > w - 1 || v > h - 1) break;
			rise[r] = between(u, v) - even[i];
			known = r;
			far = Math.max(far, Math.abs(rise[r]));
			if (r <= NEAR) near = Math.max(near, Math.abs(rise[r]));
		}
		if (known > 0) looks[area[i]]++;
		if (far < least) return;
		for (int r = 2; r + 2 <= known; r++)
			behind = Math.max(behind, Math.abs(rise[r + 2] - rise[r]));
		strong[area[i]]++;
		if (near > SHARP * far || known == REACH && near > STEEPER * behind) {
			sharp[area[i]]++;
			if (Math.abs(dx) > Math.abs(dy)) down[area[i]]++;
		}
	}

	/** Bilinear. */
	private float between(final double x, final double y) {
		final int x0 = (int) x, y0 = (int) y, x1 = Math.min(w - 1, x0 + 1), y1 = Math.min(h - 1, y0 + 1);
		final double fx = x - x0, fy = y - y0;
		return (float) ((1 - fy) * ((1 - fx) * even[y0 * w + x0] + fx * even[y0 * w + x1]) + fy * ((1 - fx) * even[y1 * w +
			x0] + fx * even[y1 * w + x1]));
	}

	/** Pixels of the areas that were drawn, in a picture whose own edges are blurred. */
	boolean[] drawn() {
		return drawn(LEAST_AREA, MOST);
	}

	/** The same in one whose own edges are sharp: large areas only, with hardly an edge that is not. */
	boolean[] drawnInSharp() {
		return drawn((int) Math.max(SMALL_AREA, LARGE_AREA * w * h), NEARLY_ALL);
	}

	private boolean[] drawn(final int leastSize, final double most) {
		final boolean[] out = new boolean[area.length];
		for (int i = 0; i < out.length; i++)
			out[i] = area[i] != SMALL && size[area[i]] >= leastSize && isDrawn(area[i], most);
		addSameInk(out);
		return out;
	}

	private boolean isDrawn(final int a, final double most) {
		// a bar may lie beside darkness, but a few pixels with edges on some sides only are a piece of an edge
		if (size[a] < SMALL_AREA && (strong[a] < STANDS_OUT * looks[a] || Math.min(down[a], sharp[a] - down[a]) < LEAST_ENDS))
			return false;
		return strong[a] >= LEAST_EDGES && sharp[a] >= most * strong[a];
	}

	/**
	 * A value that mostly occurs in what was drawn was drawn close by, too, such as the dots of a colon; and anywhere, as on a
	 * ground of nearly that value, if the picture there has its neighbours less often, or there are edges.
	 */
	private void addSameInk(final boolean[] drawn) {
		final Map<Float, Integer> inks = new HashMap<>();
		for (int i = 0; i < drawn.length; i++)
			if (drawn[i]) inks.merge(p[i], 1, Integer::sum);
		if (inks.isEmpty()) return;
		final double step = Quantization.step(new Plane(p, w, h));
		final Map<Long, Integer> elsewhere = new HashMap<>();
		for (int i = 0; i < drawn.length; i++)
			if (!drawn[i] && (step > 0 || inks.containsKey(p[i]))) elsewhere.merge(level(p[i], step), 1, Integer::sum);
		final Set<Float> mostly = new HashSet<>(), only = new HashSet<>();
		inks.forEach((value, count) -> {
			final long level = level(value, step);
			final int same = elsewhere.getOrDefault(level, 0);
			if (count <= same) return;
			mostly.add(value);
			if (step == 0 || same > elsewhere.getOrDefault(level - 1, 0) + elsewhere.getOrDefault(level + 1, 0)) only.add(value);
		});
		final float[] distance = Disturbances.distances(drawn, w, h);
		for (int i = 0; i < drawn.length; i++)
			drawn[i] |= only.contains(p[i]) || distance[i] <= CLOSE && mostly.contains(p[i]) || inks.containsKey(p[i]) &&
				hasEdges(area[i]);
	}

	private static long level(final float value, final double step) {
		return step > 0 ? Math.round(value / step) : Float.floatToIntBits(value);
	}

	private boolean hasEdges(final int a) {
		return a != SMALL && strong[a] >= LEAST_EDGES && strong[a] >= STANDS_OUT * looks[a] && sharp[a] >= ENOUGH_OF_INK *
			strong[a];
	}
}
