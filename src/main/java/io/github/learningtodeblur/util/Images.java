package io.github.learningtodeblur.util;

import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

/** The door between ImgLib2's images and planar floats. */
public final class Images {

	private Images() {}

	/** A copy of a two-dimensional image; values as they are. */
	public static Plane plane(final RandomAccessibleInterval<? extends RealType<?>> image) {
		if (image.numDimensions() != 2) throw new IllegalArgumentException(
			"A two-dimensional image is needed, got " + image.numDimensions() + " dimensions");
		final Plane plane = new Plane(Math.toIntExact(image.dimension(0)), Math.toIntExact(image.dimension(
			1)));
		final Cursor<? extends RealType<?>> cursor = Views.flatIterable(image).cursor();
		for (int i = 0; i < plane.pixels().length; i++)
			plane.pixels()[i] = cursor.next().getRealFloat();
		return plane;
	}

	/** The plane's own array as an image. */
	public static Img<FloatType> img(final Plane plane) {
		return ArrayImgs.floats(plane.pixels(), plane.width(), plane.height());
	}
}
