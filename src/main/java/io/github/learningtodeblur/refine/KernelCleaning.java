package io.github.learningtodeblur.refine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.github.learningtodeblur.util.Extent;
import io.github.learningtodeblur.util.Plane;

/**
 * Takes off a kernel what can only be noise, and centres it. A camera moves in one go: values that are small
 * beside the largest, and parts with little of the mass that touch nothing else, are no traces of it. (Parts
 * alone, or small values alone with a higher limit, do worse: see {@link KernelRefinement}.)
 */
final class KernelCleaning {

	/** Connected parts with less of the mass become 0. */
	private static final double LEAST_MASS = 0.05;

	private KernelCleaning() {}

	/**
	 * @param kernel not negative, positive sum
	 * @return sum 1; moved by whole pixels so that the middle of its {@link Extent} is that of the plane
	 */
	static Plane clean(final Plane kernel) {
		final Plane k = kernel.copy();
		dropSmallValues(k.pixels());
		dropSmallParts(k);
		return centred(k);
	}

	private static void dropSmallValues(final float[] k) {
		float largest = 0;
		for (final float v : k)
			largest = Math.max(largest, v);
		for (int i = 0; i < k.length; i++)
			if (k[i] < Extent.NOTICEABLE * largest) k[i] = 0;
	}

	/** The part with most mass always stays. */
	private static void dropSmallParts(final Plane k) {
		final float[] p = k.pixels();
		final double total = k.sum();
		final boolean[] seen = new boolean[p.length];
		final List<List<Integer>> parts = new ArrayList<>();
		final List<Double> masses = new ArrayList<>();
		for (int i = 0; i < p.length; i++)
			if (p[i] > 0 && !seen[i]) {
				final List<Integer> part = part(k, i, seen);
				parts.add(part);
				masses.add(part.stream().mapToDouble(j -> p[j]).sum());
			}
		final double most = masses.stream().mapToDouble(m -> m).max().orElse(0);
		for (int i = 0; i < parts.size(); i++)
			if (masses.get(i) < Math.min(most, LEAST_MASS * total)) parts.get(i).forEach(j -> p[j] = 0);
	}

	/** All pixels above 0 that are connected with the first one, also by corners. */
	private static List<Integer> part(final Plane k, final int first, final boolean[] seen) {
		final List<Integer> part = new ArrayList<>();
		final Deque<Integer> open = new ArrayDeque<>(List.of(first));
		seen[first] = true;
		while (!open.isEmpty()) {
			final int i = open.pop(), x0 = i % k.width(), y0 = i / k.width();
			part.add(i);
			for (int y = Math.max(0, y0 - 1); y <= Math.min(k.height() - 1, y0 + 1); y++)
				for (int x = Math.max(0, x0 - 1); x <= Math.min(k.width() - 1, x0 + 1); x++) {
					final int j = y * k.width() + x;
					if (seen[j] || k.pixels()[j] <= 0) continue;
					seen[j] = true;
					open.push(j);
				}
		}
		return part;
	}

	private static Plane centred(final Plane k) {
		final int w = k.width(), h = k.height();
		final Extent extent = Extent.of(k, 0);
		final int dx = extent.middleX() - w / 2, dy = extent.middleY() - h / 2;
		final Plane out = new Plane(w, h);
		for (int y = Math.max(0, -dy); y < Math.min(h, h - dy); y++)
			for (int x = Math.max(0, -dx); x < Math.min(w, w - dx); x++)
				out.pixels()[y * w + x] = k.get(x + dx, y + dy);
		return out.normalized();
	}
}
