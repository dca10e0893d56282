package io.github.learningtodeblur.util;

import java.util.ArrayList;
import java.util.List;

import net.imglib2.Cursor;
import net.imglib2.Interval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.blocks.PrimitiveBlocks;
import net.imglib2.blocks.PrimitiveBlocks.OnFallback;
import net.imglib2.converter.RealTypeConverters;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.FloatArray;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Intervals;
import net.imglib2.view.Views;

/**
 * The door between ImgLib2's images and planar floats. An {@code ArrayImg<FloatType>} is taken as it is, any other image
 * or view is copied in blocks.
 */
public final class Images {

	private Images() {}

	/**
	 * A two-dimensional image; values as they are.
	 *
	 * @return of an {@code ArrayImg<FloatType>} its own array, else a copy
	 */
	public static Plane plane(final RandomAccessibleInterval<? extends RealType<?>> image) {
		checkDimensions(image, 2);
		return new Plane(values(image), Math.toIntExact(image.dimension(0)), Math.toIntExact(image.dimension(1)));
	}

	/**
	 * A copy of a block of a two-dimensional image.
	 *
	 * @param block must lie within the image
	 */
	public static Plane plane(final RandomAccessibleInterval<? extends RealType<?>> image, final Interval block) {
		checkDimensions(image, 2);
		if (!Intervals.contains(image, block)) throw new IllegalArgumentException("The block " + text(block) +
			" leaves the image " + text(image));
		return new Plane(copied(image, block), Math.toIntExact(block.dimension(0)), Math.toIntExact(block.dimension(1)));
	}

	/** The planes of a two- or three-dimensional image, as {@link #plane}. */
	public static List<Plane> planes(final RandomAccessibleInterval<? extends RealType<?>> image) {
		final List<Plane> planes = new ArrayList<>();
		for (final RandomAccessibleInterval<? extends RealType<?>> slice : slices(image))
			planes.add(plane(slice));
		return planes;
	}

	/** A two-dimensional image itself, or all planes of a three-dimensional one. */
	public static List<RandomAccessibleInterval<? extends RealType<?>>> slices(
		final RandomAccessibleInterval<? extends RealType<?>> image)
	{
		if (image.numDimensions() == 2) return List.of(image);
		checkDimensions(image, 3);
		final List<RandomAccessibleInterval<? extends RealType<?>>> slices = new ArrayList<>();
		for (long i = image.min(2); i <= image.max(2); i++)
			slices.add(slice(image, i));
		return slices;
	}

	private static <T extends RealType<?>> RandomAccessibleInterval<T> slice(final RandomAccessibleInterval<T> image,
		final long position)
	{
		return Views.hyperSlice(image, 2, position);
	}

	/**
	 * The values of an image of any number of dimensions, the first running fastest.
	 *
	 * @return of an {@code ArrayImg<FloatType>} its own array, else a copy
	 */
	public static float[] values(final RandomAccessibleInterval<? extends RealType<?>> image) {
		final float[] own = array(image);
		return own != null ? own : copied(image, image);
	}

	/** The array behind an image; null if there is none, or it is of another type. */
	private static float[] array(final RandomAccessibleInterval<?> image) {
		return image instanceof ArrayImg<?, ?> a && a.firstElement() instanceof FloatType && a.update(
			null) instanceof FloatArray floats && floats.getCurrentStorageArray().length == Intervals.numElements(image)
				? floats.getCurrentStorageArray() : null;
	}

	private static float[] copied(final RandomAccessibleInterval<? extends RealType<?>> image, final Interval block) {
		final float[] out = new float[Math.toIntExact(Intervals.numElements(block))];
		PrimitiveBlocks.of(RealTypeConverters.convert(image, new FloatType()), OnFallback.ACCEPT).copy(block, out);
		return out;
	}

	/** The plane's own array as an image. */
	public static ArrayImg<FloatType, FloatArray> img(final Plane plane) {
		return ArrayImgs.floats(plane.pixels(), plane.width(), plane.height());
	}

	/** Writes a plane to an image, or a block of one, of the same size. */
	public static void write(final Plane plane, final RandomAccessibleInterval<FloatType> out) {
		checkDimensions(out, 2);
		if (out.dimension(0) != plane.width() || out.dimension(1) != plane.height()) throw new IllegalArgumentException(
			plane + " does not fit into the output " + text(out));
		write(plane.pixels(), out);
	}

	/** Writes values, of which the first dimension runs fastest, to an image, or a block of one. */
	public static void write(final float[] values, final RandomAccessibleInterval<FloatType> out) {
		if (values.length != Intervals.numElements(out)) throw new IllegalArgumentException(values.length +
			" values do not fit into the output " + text(out));
		final Cursor<FloatType> cursor = Views.flatIterable(out).cursor();
		for (final float v : values)
			cursor.next().set(v);
	}

	private static void checkDimensions(final Interval image, final int n) {
		if (image.numDimensions() != n) throw new IllegalArgumentException("An image of " + n +
			" dimensions is needed, got one of " + image.numDimensions());
	}

	/** For messages: "300x200 at 10,20". */
	public static String text(final Interval i) {
		final StringBuilder size = new StringBuilder(), at = new StringBuilder();
		for (int d = 0; d < i.numDimensions(); d++) {
			size.append(d == 0 ? "" : "x").append(i.dimension(d));
			at.append(d == 0 ? "" : ",").append(i.min(d));
		}
		return size + " at " + at;
	}
}
