package io.github.learningtodeblur.util;

import java.util.ArrayList;
import java.util.List;

/** Arithmetic on {@link Plane}s that more than one package needs. */
public final class Planes {

	/** Pixels that are worked on side by side; more only take memory. */
	private static final int TOGETHER = 1 << 20;

	private Planes() {}

	/**
	 * A kernel in the middle of another frame: zeros around it, or the middle part.
	 *
	 * @param size of the frame, odd
	 */
	public static Plane framed(final Plane kernel, final int size) {
		return framed(kernel, size, size);
	}

	/**
	 * The same in a frame that need not be a square.
	 *
	 * @param width,height of the frame, odd
	 */
	public static Plane framed(final Plane kernel, final int width, final int height) {
		final Plane out = new Plane(width, height);
		final int left = width / 2 - kernel.width() / 2, top = height / 2 - kernel.height() / 2;
		for (int y = Math.max(0, -top); y < Math.min(kernel.height(), height - top); y++)
			for (int x = Math.max(0, -left); x < Math.min(kernel.width(), width - left); x++)
				out.pixels()[(y + top) * width + x + left] = kernel.get(x, y);
		return out;
	}

	/**
	 * The kernel of no blur: 1 in the middle.
	 *
	 * @param size odd
	 */
	public static Plane point(final int size) {
		final Plane out = new Plane(size, size);
		out.pixels()[out.pixels().length / 2] = 1;
		return out;
	}

	/** Whether a kernel, of odd size, changes nothing but brightness: all but the middle is 0. */
	public static boolean isPoint(final Plane kernel) {
		for (int i = 0; i < kernel.pixels().length; i++)
			if (kernel.pixels()[i] != 0 && i != kernel.pixels().length / 2) return false;
		return true;
	}

	/**
	 * @param what for the message, such as "Image"
	 * @param mayBeUnknown whether NaN will do
	 * @throws IllegalArgumentException naming the first value that is infinite, or NaN, and its pixel
	 */
	public static void checkValues(final Plane plane, final String what, final boolean mayBeUnknown) {
		for (int i = 0; i < plane.pixels().length; i++) {
			final float v = plane.pixels()[i];
			if (!Float.isFinite(v) && !(mayBeUnknown && Float.isNaN(v))) throw new IllegalArgumentException(what + " has the value " + v +
				" at pixel " + i % plane.width() + "," + i / plane.width());
		}
	}

	/** Standard deviation of what is known; 0 if nothing is. */
	public static double deviation(final Plane p) {
		double sum = 0, squares = 0;
		int count = 0;
		for (final float v : p.pixels()) {
			if (Float.isNaN(v)) continue;
			sum += v;
			squares += (double) v * v;
			count++;
		}
		return count == 0 ? 0 : Math.sqrt(Math.max(0, squares / count - sum / count * (sum / count)));
	}

	/**
	 * Sorts kernels into batches.
	 *
	 * @param pixels of the image that each is applied to
	 * @return lists of the numbers of kernels of one size, which are few if the image is large; in the order of the first
	 *         of each
	 */
	public static List<List<Integer>> bySize(final List<Plane> kernels, final int pixels) {
		final int most = Math.max(1, TOGETHER / pixels);
		final List<List<Integer>> groups = new ArrayList<>();
		for (int i = 0; i < kernels.size(); i++) {
			final Plane kernel = kernels.get(i);
			List<Integer> group = null;
			for (final List<Integer> g : groups) {
				final Plane first = kernels.get(g.get(0));
				if (first.width() == kernel.width() && first.height() == kernel.height() && g.size() < most) group = g;
			}
			if (group == null) groups.add(group = new ArrayList<>());
			group.add(i);
		}
		return groups;
	}

	/**
	 * Brightness of a colour image with the weights of Rec. 601: 0.299 R + 0.587 G + 0.114 B.
	 *
	 * @param channels one plane, which is returned as it is, or three of equal size in the order R, G, B
	 * @throws IllegalArgumentException for another number of planes or unequal sizes
	 */
	public static Plane luminance(final List<Plane> channels) {
		checkChannels(channels);
		if (channels.size() == 1) return channels.get(0);
		final Plane out = new Plane(channels.get(0).width(), channels.get(0).height());
		final float[] r = channels.get(0).pixels();
		final float[] g = channels.get(1).pixels();
		final float[] b = channels.get(2).pixels();
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = 0.299f * r[i] + 0.587f * g[i] + 0.114f * b[i];
		return out;
	}

	/** @throws IllegalArgumentException if there are not one or three planes of equal size */
	public static void checkChannels(final List<Plane> channels) {
		if (channels.size() != 1 && channels.size() != 3) throw new IllegalArgumentException(
			"An image has 1 or 3 channels, got " + channels.size());
		for (final Plane p : channels)
			if (p.width() != channels.get(0).width() || p.height() != channels.get(0).height())
				throw new IllegalArgumentException("Channels differ in size: " + channels);
	}
}
