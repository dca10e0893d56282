package io.github.learningtodeblur.util;

/**
 * One of the eight ways in which a picture can be turned and mirrored: where its pixels, row by row, lie then.
 *
 * @param width of the turned picture
 * @param height of the turned picture
 * @param start index of the first pixel
 * @param right step to the next pixel
 * @param down step to the next row
 */
public record Orientation(int width, int height, int start, int right, int down) {

	/** Of every picture there are so many, of which the first four keep width and height. */
	public static final int COUNT = 8;

	/** @param tag 1 to {@value #COUNT}, what tag 274 of TIFF and EXIF says; left as it is if that makes no sense */
	public static Orientation of(final int tag, final int w, final int h) {
		return switch (tag) {
			case 2 -> new Orientation(w, h, w - 1, -1, w);
			case 3 -> new Orientation(w, h, w * h - 1, -1, -w);
			case 4 -> new Orientation(w, h, w * (h - 1), 1, -w);
			case 5 -> new Orientation(h, w, 0, h, 1);
			case 6 -> new Orientation(h, w, h - 1, h, -1);
			case 7 -> new Orientation(h, w, w * h - 1, -h, -1);
			case 8 -> new Orientation(h, w, h * (w - 1), -h, 1);
			default -> new Orientation(w, h, 0, 1, w);
		};
	}

	/** A picture turned as a tag says; {@code image} itself if that leaves it as it is. */
	public static Plane turned(final Plane image, final int tag) {
		if (tag == 1) return image;
		final int w = image.width(), h = image.height();
		final Orientation o = of(tag, w, h);
		final Plane out = new Plane(o.width, o.height);
		for (int y = 0; y < h; y++)
			for (int x = 0, to = o.start + y * o.down; x < w; x++, to += o.right)
				out.pixels()[to] = image.get(x, y);
		return out;
	}

	/** The tag that undoes another one: only the two quarter turns are not their own. */
	public static int inverse(final int tag) {
		return tag == 6 ? 8 : tag == 8 ? 6 : tag;
	}
}
