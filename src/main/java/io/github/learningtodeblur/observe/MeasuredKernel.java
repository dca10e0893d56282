package io.github.learningtodeblur.observe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import io.github.learningtodeblur.util.ConnectedParts;
import io.github.learningtodeblur.util.Enlargement;
import io.github.learningtodeblur.util.Extent;
import io.github.learningtodeblur.util.Plane;

/**
 * A blur kernel as people have it, made fit for restoration: a picture of a bead or a star with the camera's offset and noise
 * around it, a drawing, or a kernel that was estimated here and saved, enlarged or not.
 *
 * @param kernel no negative values, sum 1; the middle of its {@link Extent}, without what is hardly noticeable, is that of
 *          the plane, as estimated kernels lie: else restored images would be shifted against theirs. Sizes are odd and as
 *          small as that allows
 * @param notes what was done to it and what should be known of it: predicates to its name, mostly none
 */
public record MeasuredKernel(Plane kernel, List<String> notes) {

	/** In smaller pictures there is no telling a background from the kernel. */
	private static final int LEAST_SIDE = 7;

	/** Median of |x| for a normal distribution of standard deviation 1. */
	private static final double MEDIAN = 0.6745;

	/**
	 * At a border without kernel, values spread as neighbours differ. If they spread more, by this factor and this part of the
	 * kernel's largest value, a kernel goes on there.
	 */
	private static final double SPREAD = 1.6, SMOOTH = 2e-4;

	/** A background is not above this part of the largest value. */
	private static final double HIGHEST = 0.5;

	/** In standard deviations of the noise, what cannot be told from it; parts of less of the mass are noise as well. */
	private static final double NOISES = 3, LEAST_MASS = 0.005;

	/** Levels and noises of less of the largest value are those of computing. */
	private static final double NEGLIGIBLE = 1e-5;

	/** A kernel does not fade if so much of its mass lies at the border, along this part of it: a streak may just touch it. */
	private static final double FADED = 0.03, ALONG = 0.2;

	/**
	 * @param image any values
	 * @throws IllegalArgumentException if there are values that are no numbers, or none above the background
	 */
	public static MeasuredKernel of(final Plane image) {
		for (final float v : image.pixels())
			if (!Float.isFinite(v)) throw new IllegalArgumentException("The kernel image contains the value " + v);
		final List<String> notes = new ArrayList<>();
		final Plane small = Enlargement.undone(image);
		if (small != image) notes.add("is enlarged, and taken as " + small.width() + "x" + small.height() + " pixels");
		final Plane k = small.copy();
		takeOffBackground(k, notes);
		for (int i = 0; i < k.pixels().length; i++)
			k.pixels()[i] = Math.max(0, k.pixels()[i]);
		final double border = isLarge(k) ? atBorder(k) : 0;
		if (border > FADED) notes.add(String.format(Locale.ROOT, "does not fade at its border, where %.0f %% of it lie: if it " +
			"was cut off there, a larger part of the picture is needed", 100 * border));
		return new MeasuredKernel(centred(k), List.copyOf(notes));
	}

	private static boolean isLarge(final Plane k) {
		return Math.min(k.width(), k.height()) >= LEAST_SIDE;
	}

	/** The level of the border, and whatever cannot be told from its noise. */
	private static void takeOffBackground(final Plane k, final List<String> notes) {
		if (!isLarge(k)) return;
		final float[] border = border(k), differences = new float[border.length];
		for (int i = 0; i < border.length; i++)
			differences[i] = Math.abs(border[i] - border[(i + 1) % border.length]);
		final double level = median(border), noise = median(differences) / (MEDIAN * Math.sqrt(2));
		for (int i = 0; i < border.length; i++)
			border[i] = (float) Math.abs(border[i] - level);
		float largest = Float.NEGATIVE_INFINITY;
		for (final float v : k.pixels())
			largest = Math.max(largest, v);
		final double height = largest - level;
		if (Math.max(Math.abs(level), noise) < NEGLIGIBLE * largest || level > HIGHEST * largest || median(border) / MEDIAN > SPREAD * noise + SMOOTH * height)
			return;
		final boolean[] above = new boolean[k.pixels().length];
		for (int i = 0; i < above.length; i++) {
			k.pixels()[i] -= (float) level;
			above[i] = k.pixels()[i] > NOISES * noise;
			if (!above[i]) k.pixels()[i] = 0;
		}
		final double sum = k.sum();
		for (final int[] part : ConnectedParts.of(above, k.width(), k.height(), true))
			if (noise > 0 && Arrays.stream(part).mapToDouble(i -> k.pixels()[i]).sum() < LEAST_MASS * sum) for (final int i : part)
				k.pixels()[i] = 0;
		notes.add(String.format(Locale.ROOT, "has a background of %.4g, which was taken off", level) + (noise > 0 ? String
			.format(Locale.ROOT, " with its noise of %.2g", noise) : ""));
	}

	/** Its pixels one after the other, around the picture. */
	private static float[] border(final Plane k) {
		final int w = k.width(), h = k.height();
		final float[] out = new float[2 * (w + h) - 4];
		for (int n = 0; n < out.length; n++) {
			final int x = n < w ? n : n < w + h - 1 ? w - 1 : n < 2 * w + h - 2 ? 2 * w + h - 3 - n : 0;
			final int y = n < w ? 0 : n < w + h - 1 ? n - w + 1 : n < 2 * w + h - 2 ? h - 1 : out.length - n;
			out[n] = k.get(x, y);
		}
		return out;
	}

	/** Part of the mass at the border; 0 if the kernel only touches it. */
	private static double atBorder(final Plane k) {
		float largest = 0;
		for (final float v : k.pixels())
			largest = Math.max(largest, v);
		final float[] border = border(k);
		double sum = 0;
		int count = 0;
		for (final float v : border) {
			sum += v;
			if (v > Extent.NOTICEABLE * largest) count++;
		}
		return count > ALONG * border.length ? sum / k.sum() : 0;
	}

	private static double median(final float[] values) {
		final float[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

	private static Plane centred(final Plane positive) {
		final Extent all = Extent.of(positive, 0), middle = Extent.of(positive, Extent.NOTICEABLE);
		final int x = middle.middleX(), y = middle.middleY();
		final int radiusX = Math.max(x - all.left(), all.right() - x);
		final int radiusY = Math.max(y - all.top(), all.bottom() - y);
		final Plane out = new Plane(2 * radiusX + 1, 2 * radiusY + 1);
		for (int row = all.top(); row <= all.bottom(); row++)
			for (int c = all.left(); c <= all.right(); c++)
				out.pixels()[(row - y + radiusY) * out.width() + c - x + radiusX] = positive.get(c, row);
		return out.normalized();
	}
}
