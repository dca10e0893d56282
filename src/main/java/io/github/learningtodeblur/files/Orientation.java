package io.github.learningtodeblur.files;

/**
 * Where the pixels of a file, row by row, lie in the upright picture.
 *
 * @param width of the upright picture
 * @param height of the upright picture
 * @param start index of the file's first pixel
 * @param right step to the file's next pixel
 * @param down step to the file's next row
 */
record Orientation(int width, int height, int start, int right, int down) {

	/** @param tag what tag 274 of TIFF and EXIF says; upright if it makes no sense */
	static Orientation of(final int tag, final int w, final int h) {
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
}
