package io.github.learningtodeblur.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.ConnectedParts;
import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Saturation;

/**
 * The kernel of pictures that draw it themselves: stars or beads on a dark ground are copies of it, and nothing needs to be
 * guessed. Those that lie alone give the kernel by least squares, if they are indeed copies of one shape, up to brightness and
 * a shift of less than a pixel: nuclei are not.
 */
public final class PointSources {

	/** What is brighter than the ground by so many standard deviations of the noise, and by this part of the range, is a point's. */
	private static final double NOISES = 5, CONTRAST = 0.01;

	/** More of a picture is not bright if it shows points on a ground. */
	private static final double MOST_BRIGHT = 0.3;

	/** Pixels within which what is bright belongs together, so that a kernel's faint places do not tear it. */
	private static final int GAP = 2;

	/** Points that are needed, how their sizes may differ in pixels and as a part, and the smallest peak, in noises. */
	private static final int LEAST_POINTS = 6;
	private static final double DIFFERENT_BY = 2, DIFFERENT = 0.15, LEAST_PEAK = 30;

	/** Part of the brightness that must be in the points that lie alone. */
	private static final double LEAST_ALONE = 0.08;

	/** Part of the points' energy that one shape may leave unexplained, besides the noise. */
	private static final double UNEXPLAINED = 0.03;

	/** Part of those that lie alone that have to be copies, and how often the others are left out. */
	private static final double MOST = 0.6;
	private static final int ROUNDS = 4;

	/** What is bright and connected: its box, and what it adds to the ground. */
	private record Point(int left, int top, int width, int height, double sum, double peak, double x, double y) {

		boolean isAbout(final double w, final double h) {
			return Math.abs(width - w) <= DIFFERENT_BY + DIFFERENT * w && Math.abs(height - h) <= DIFFERENT_BY + DIFFERENT * h;
		}
	}

	private PointSources() {}

	/**
	 * @param backend does the work
	 * @param image in about [0, 1], NaN where unknown
	 * @param largest side of the kernel
	 * @return not negative, sum 1, odd size, centred; empty if the image is not one of points
	 */
	public static Optional<Plane> kernel(final Backend backend, final Plane image, final int largest) {
		final double ground = image.percentile(0.5), noise = NoiseEstimate.of(image);
		final double least = Math.max(NOISES * noise, CONTRAST * (image.percentile(1) - ground));
		if (!(least > 0)) return Optional.empty();
		final List<Point> all = points(image, ground, least), alone = alone(all, largest, noise, Saturation.white(image) - ground);
		if (alone.size() < LEAST_POINTS || sum(alone) < LEAST_ALONE * sum(all)) return Optional.empty();
		// where a kernel lies is free: sources may be where the centres of mass are, or as many as possible on pixels
		final Copies centred = copies(backend, image, ground, alone, 0, 0, noise), onPixels = copies(backend, image, ground, alone, commonFraction(
			alone.stream().mapToDouble(Point::x).toArray()), commonFraction(alone.stream().mapToDouble(Point::y).toArray()), noise);
		final Copies best = centred.points.size() > onPixels.points.size() ? centred : onPixels;
		if (best.points.size() < Math.max(LEAST_POINTS, MOST * alone.size())) return Optional.empty();
		return Optional.of(KernelCleaning.clean(best.kernel));
	}

	/**
	 * Those that are copies of one kernel. Two points close to each other look like a larger one: with the kernel of all, they
	 * are the ones it does not explain.
	 */
	private static Copies copies(final Backend backend, final Plane image, final double ground, final List<Point> alone, final double dx,
		final double dy, final double noise)
	{
		Copies copies = new Copies(backend, image, ground, alone, dx, dy);
		for (int round = 0; round < ROUNDS; round++) {
			final List<Point> explained = copies.explained(noise);
			if (explained.isEmpty()) break;
			if (explained.size() == copies.points.size()) return copies;
			copies = new Copies(backend, image, ground, explained, dx, dy);
		}
		return new Copies(backend, image, ground, copies.explained(noise), dx, dy);
	}

	/** The middle of what positions have behind the point, on a circle. */
	private static double commonFraction(final double[] positions) {
		double sine = 0, cosine = 0;
		for (final double p : positions) {
			sine += Math.sin(2 * Math.PI * p);
			cosine += Math.cos(2 * Math.PI * p);
		}
		return Math.atan2(sine, cosine) / (2 * Math.PI);
	}

	/** Empty if too much is bright. */
	private static List<Point> points(final Plane image, final double ground, final double least) {
		final int w = image.width(), h = image.height();
		final boolean[] near = new boolean[w * h];
		int bright = 0;
		for (int i = 0; i < near.length; i++) {
			if (!(image.pixels()[i] > ground + least)) continue;
			bright++;
			for (int y = Math.max(0, i / w - GAP); y <= Math.min(h - 1, i / w + GAP); y++)
				Arrays.fill(near, y * w + Math.max(0, i % w - GAP), y * w + Math.min(w - 1, i % w + GAP) + 1, true);
		}
		final List<Point> points = new ArrayList<>();
		if (bright > MOST_BRIGHT * near.length) return points;
		for (final int[] part : ConnectedParts.of(near, w, h, true)) {
			int left = w, right = 0, top = h, bottom = 0;
			double sum = 0, peak = 0, x = 0, y = 0;
			boolean known = true;
			for (final int i : part) {
				left = Math.min(left, i % w);
				right = Math.max(right, i % w);
				top = Math.min(top, i / w);
				bottom = Math.max(bottom, i / w);
				final double v = image.pixels()[i] - ground;
				known &= !Double.isNaN(v);
				sum += v;
				x += v * (i % w);
				y += v * (i / w);
				peak = Math.max(peak, v);
			}
			x /= sum;
			y /= sum;
			// those that are cut off count as bright, but show no whole kernel; nor do those with so much darkness beside them that
			// their centre of mass is elsewhere
			final boolean whole = known && left > 0 && top > 0 && right < w - 1 && bottom < h - 1 && sum > 0 && x >= left && x <= right &&
				y >= top && y <= bottom;
			if (known) points.add(new Point(left, top, right - left + 1, bottom - top + 1, sum, whole ? peak : 0, x, y));
		}
		return points;
	}

	/** Those of the size that most bright ones have: larger ones are several, smaller ones too faint to be whole. */
	private static List<Point> alone(final List<Point> all, final int largest, final double noise, final double white) {
		final List<Point> bright = all.stream().filter(p -> p.peak > LEAST_PEAK * noise && p.peak < white && Math.max(p.width,
			p.height) < largest).toList();
		if (bright.size() < LEAST_POINTS) return List.of();
		final double w = median(bright.stream().mapToDouble(Point::width).toArray()), h = median(bright.stream().mapToDouble(
			Point::height).toArray());
		return bright.stream().filter(p -> p.isAbout(w, h)).toList();
	}

	private static double median(final double[] values) {
		Arrays.sort(values);
		return values[values.length / 2];
	}

	private static double sum(final List<Point> points) {
		return points.stream().mapToDouble(Point::sum).sum();
	}

	/**
	 * Points side by side, each on a tile of its own, as what lies between them does not matter; and the kernel of which they
	 * are copies.
	 */
	private static final class Copies {

		private final List<Point> points;
		private final int side;
		private final int tile;
		private final int columns;
		private final Plane seen;
		private final Plane sources;
		private final Plane kernel;

		Copies(final Backend backend, final Plane image, final double ground, final List<Point> points, final double dx, final double dy) {
			this.points = points;
			side = 1 | points.stream().mapToInt(p -> Math.max(p.width, p.height)).max().orElse(0) + 1;
			tile = 2 * side + 1;
			columns = Math.max(1, (int) Math.ceil(Math.sqrt(points.size())));
			final int rows = Math.max(1, (points.size() + columns - 1) / columns);
			seen = new Plane(columns * tile, rows * tile);
			sources = new Plane(seen.width(), seen.height());
			for (int n = 0; n < points.size(); n++)
				place(image, ground, points.get(n), dx, dy, middle(n));
			final Plane start = new Plane(side, side);
			Arrays.fill(start.pixels(), 1f / (side * side));
			kernel = new KernelLeastSquares(backend, side, 1, 0, tensor(backend, seen)).solve(tensor(backend, sources), List.of(
				start)).get(0);
		}

		private static Tensor tensor(final Backend backend, final Plane plane) {
			final Tensor t = backend.allocate(1, 1, plane.height(), plane.width());
			backend.write(plane.pixels(), t);
			return t;
		}

		/** Of the tile of a point. */
		private int middle(final int n) {
			return (n / columns * tile + side) * seen.width() + n % columns * tile + side;
		}

		/** Copies what a point's box shows, and puts its source, between four pixels, beside its centre of mass. */
		private void place(final Plane image, final double ground, final Point p, final double dx, final double dy, final int at) {
			final int left = (int) Math.floor(p.x - dx), top = (int) Math.floor(p.y - dy), w = seen.width();
			for (int v = p.top; v < p.top + p.height; v++)
				for (int u = p.left; u < p.left + p.width; u++)
					seen.pixels()[at + (v - top) * w + u - left] = (float) (image.get(u, v) - ground);
			final double fx = p.x - dx - left, fy = p.y - dy - top;
			sources.pixels()[at] = (float) (p.sum * (1 - fx) * (1 - fy));
			sources.pixels()[at + 1] = (float) (p.sum * fx * (1 - fy));
			sources.pixels()[at + w] = (float) (p.sum * (1 - fx) * fy);
			sources.pixels()[at + w + 1] = (float) (p.sum * fx * fy);
		}

		/** Those that the kernel leaves little of, besides noise. */
		List<Point> explained(final double noise) {
			final List<Point> out = new ArrayList<>();
			final int w = seen.width(), r = side / 2;
			for (int n = 0; n < points.size(); n++) {
				double left = 0, energy = 0;
				for (int y = -side; y <= side; y++)
					for (int x = -side; x <= side; x++) {
						double made = 0;
						for (int k = 0; k < 4; k++) {
							final int u = x - k % 2 + r, v = y - k / 2 + r;
							if (u >= 0 && v >= 0 && u < side && v < side) made += sources.pixels()[middle(n) + k / 2 * w + k % 2] * kernel
								.get(u, v);
						}
						final double is = seen.pixels()[middle(n) + y * w + x];
						left += (is - made) * (is - made);
						energy += is * is;
					}
				final Point p = points.get(n);
				if (left < UNEXPLAINED * energy + 2 * noise * noise * p.width * p.height) out.add(p);
			}
			return out;
		}
	}
}
