package io.github.learningtodeblur.files;

import java.util.ArrayList;
import java.util.List;

import io.github.learningtodeblur.util.Orientation;
import io.github.learningtodeblur.util.Plane;

/**
 * A decoded picture before its values are scaled and it is turned upright.
 *
 * @param bands 1 or 3
 * @param white see {@link Scaling#of}
 * @param inverted whether large values are dark
 * @param orientation tag 274 of TIFF and EXIF: 1 (upright) to 8
 * @param notes sentences on what was left out, without their subject
 */
record Samples(int width, int height, int bands, SampleFormat format, double white, boolean inverted,
	int orientation, List<String> notes, Rows rows)
{

	/** Access to the values of one row. */
	@FunctionalInterface
	interface Rows {

		void read(int band, int y, double[] into);
	}

	Samples {
		if (bands != 1 && bands != 3) throw new IllegalArgumentException("1 or 3 bands, got " + bands);
		notes = List.copyOf(notes);
	}

	ImageFiles.Picture picture(final String name) {
		double min = Double.POSITIVE_INFINITY, max = Double.NEGATIVE_INFINITY;
		final double[] row = new double[width];
		if (Scaling.isMeasured(format, white)) for (int b = 0; b < bands; b++)
			for (int y = 0; y < height; y++) {
				rows.read(b, y, row);
				for (final double v : row)
					if (Double.isFinite(v)) {
						min = Math.min(min, v);
						max = Math.max(max, v);
					}
			}
		final Scaling usual = Scaling.of(format, white, min, max);
		final Scaling scaling = inverted ? usual.inverted() : usual;
		final Orientation turn = Orientation.of(orientation, width, height);
		final List<Plane> planes = new ArrayList<>();
		for (int b = 0; b < bands; b++) {
			final Plane plane = new Plane(turn.width(), turn.height());
			for (int y = 0; y < height; y++) {
				rows.read(b, y, row);
				int to = turn.start() + y * turn.down();
				for (int x = 0; x < width; x++, to += turn.right())
					plane.pixels()[to] = scaling.scaled(row[x]);
			}
			planes.add(plane);
		}
		return new ImageFiles.Picture(name, planes, format, scaling.factor(), scaling.offset(), notes);
	}

	Samples turned(final int exif) {
		return new Samples(width, height, bands, format, white, inverted, exif, notes, rows);
	}
}
