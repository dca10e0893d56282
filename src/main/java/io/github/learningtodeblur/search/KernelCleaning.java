package io.github.learningtodeblur.search;

import java.util.Arrays;
import java.util.List;

import io.github.learningtodeblur.util.ConnectedParts;
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
		final List<int[]> parts = parts(k);
		final double[] masses = masses(k);
		final double most = Arrays.stream(masses).max().orElse(0);
		for (int i = 0; i < masses.length; i++)
			if (masses[i] < Math.min(most, LEAST_MASS * total)) for (final int j : parts.get(i))
				p[j] = 0;
	}

	/** What each connected part of a kernel weighs. */
	static double[] masses(final Plane k) {
		return parts(k).stream().mapToDouble(part -> Arrays.stream(part).mapToDouble(j -> k.pixels()[j]).sum()).toArray();
	}

	private static List<int[]> parts(final Plane k) {
		final boolean[] positive = new boolean[k.pixels().length];
		for (int i = 0; i < positive.length; i++)
			positive[i] = k.pixels()[i] > 0;
		return ConnectedParts.of(positive, k.width(), k.height(), true);
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
