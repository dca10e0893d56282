package io.github.learningtodeblur.util;

/**
 * Pixels that were not observed, or cannot be believed, are NaN: a margin without data, a scale bar drawn into a blurred
 * picture. They travel with the image through crops and tiles. Whoever needs a value takes a smooth guess ({@link
 * #filled}), whoever weighs evidence leaves them out ({@link #marked}), and a restoration predicts them.
 */
public final class Unknown {

	/** Sweeps that smooth what was guessed from a coarser level. */
	private static final int SWEEPS = 8;

	private Unknown() {}

	/** Whether there are any. */
	public static boolean in(final Plane image) {
		for (final float v : image.pixels())
			if (Float.isNaN(v)) return true;
		return false;
	}

	/** Whether there are such pixels, or saturated ones. */
	public static boolean isAny(final Plane image, final float white) {
		for (final float v : image.pixels())
			if (!(v < white)) return true;
		return false;
	}

	/** Fraction of the pixels, 0 to 1. */
	public static double fraction(final Plane image) {
		int count = 0;
		for (final float v : image.pixels())
			if (Float.isNaN(v)) count++;
		return (double) count / image.pixels().length;
	}

	/**
	 * Without margins of which nothing is known, such as black bars, or around a round field of view.
	 *
	 * @return {@code image} itself if it has no such margins
	 */
	public static Plane cropped(final Plane image) {
		final int w = image.width(), h = image.height();
		int left = w, right = -1, top = h, bottom = -1;
		for (int i = 0; i < image.pixels().length; i++)
			if (!Float.isNaN(image.pixels()[i])) {
				left = Math.min(left, i % w);
				right = Math.max(right, i % w);
				top = Math.min(top, i / w);
				bottom = i / w;
			}
		if (right < 0) return image;
		final int width = right - left + 1, height = bottom - top + 1;
		return width == w && height == h ? image : image.crop(left, top, width, height);
	}

	/**
	 * The image with a smooth guess in place of what is unknown: about the solution of Laplace's equation between the
	 * known pixels around, found from coarse to fine. Where nothing is known at all, 0.
	 *
	 * @return {@code image} itself if all is known
	 */
	public static Plane filled(final Plane image) {
		if (!in(image)) return image;
		final int w = image.width(), h = image.height();
		final Plane out = image.copy();
		final float[] p = out.pixels();
		if (w == 1 && h == 1) {
			p[0] = 0;
			return out;
		}
		final Plane coarse = filled(halved(image));
		for (int y = 0; y < h; y++)
			for (int x = 0; x < w; x++)
				if (Float.isNaN(p[y * w + x])) p[y * w + x] = between(coarse, (x - 0.5) / 2, (y - 0.5) / 2);
		for (int sweep = 0; sweep < SWEEPS; sweep++)
			for (int y = 0; y < h; y++)
				for (int x = 0; x < w; x++) {
					final int i = y * w + x;
					if (Float.isNaN(image.pixels()[i])) p[i] = 0.25f * (p[x > 0 ? i - 1 : i] + p[x < w - 1 ? i + 1 : i] +
						p[y > 0 ? i - w : i] + p[y < h - 1 ? i + w : i]);
				}
		return out;
	}

	/** Means of the known ones of four pixels; NaN if there are none. */
	private static Plane halved(final Plane p) {
		final Plane out = new Plane((p.width() + 1) / 2, (p.height() + 1) / 2);
		for (int y = 0; y < out.height(); y++)
			for (int x = 0; x < out.width(); x++) {
				double sum = 0;
				int count = 0;
				for (int v = 2 * y; v < Math.min(p.height(), 2 * y + 2); v++)
					for (int u = 2 * x; u < Math.min(p.width(), 2 * x + 2); u++)
						if (!Float.isNaN(p.get(u, v))) {
							sum += p.get(u, v);
							count++;
						}
				out.pixels()[y * out.width() + x] = (float) (sum / count);
			}
		return out;
	}

	/** Bilinear; beyond the borders, the border's. */
	private static float between(final Plane p, final double x, final double y) {
		final double cx = Math.max(0, Math.min(p.width() - 1, x)), cy = Math.max(0, Math.min(p.height() - 1, y));
		final int x0 = (int) cx, y0 = (int) cy, x1 = Math.min(p.width() - 1, x0 + 1), y1 = Math.min(p.height() - 1, y0 + 1);
		final double fx = cx - x0, fy = cy - y0;
		return (float) ((1 - fy) * ((1 - fx) * p.get(x0, y0) + fx * p.get(x1, y0)) + fy * ((1 - fx) * p.get(x0, y1) + fx *
			p.get(x1, y1)));
	}

	/** {@code to} with NaN wherever {@code from}, of the same size, has it. */
	public static Plane marked(final Plane to, final Plane from) {
		if (!in(from)) return to;
		final Plane out = to.copy();
		for (int i = 0; i < out.pixels().length; i++)
			if (Float.isNaN(from.pixels()[i])) out.pixels()[i] = Float.NaN;
		return out;
	}

	/**
	 * The image with NaN wherever a mask is 0: how users say what is to be believed.
	 *
	 * @throws IllegalArgumentException if the mask has another size, or is 0 everywhere
	 */
	public static Plane masked(final Plane image, final Plane mask) {
		if (image.width() != mask.width() || image.height() != mask.height()) throw new IllegalArgumentException(
			"The mask must be as large as the image: it has " + mask.width() + "x" + mask.height() + " pixels, the image " +
				image.width() + "x" + image.height());
		final Plane out = image.copy();
		boolean any = false;
		for (int i = 0; i < out.pixels().length; i++)
			if (believed(mask, i)) any = true;
			else out.pixels()[i] = Float.NaN;
		if (!any) throw new IllegalArgumentException("The mask is 0 everywhere: pixels to be believed need another value");
		return out;
	}

	/** What was restored, with the values of the original wherever the mask is 0. */
	public static Plane unmasked(final Plane restored, final Plane original, final Plane mask) {
		final Plane out = restored.copy();
		for (int i = 0; i < out.pixels().length; i++)
			if (!believed(mask, i)) out.pixels()[i] = original.pixels()[i];
		return out;
	}

	private static boolean believed(final Plane mask, final int i) {
		return mask.pixels()[i] != 0 && !Float.isNaN(mask.pixels()[i]);
	}
}
