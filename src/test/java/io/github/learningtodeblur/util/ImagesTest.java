package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import net.imglib2.FinalInterval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.converter.Converters;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.cell.CellImgFactory;
import net.imglib2.img.planar.PlanarImgFactory;
import net.imglib2.position.FunctionRandomAccessible;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Intervals;
import net.imglib2.view.Views;

class ImagesTest {

	private static final int W = 37, H = 23;

	private static int value(final long x, final long y) {
		return (int) (7 * x + 11 * y) % 251;
	}

	private static <T extends RealType<T>> Img<T> filled(final Img<T> img) {
		final var c = img.localizingCursor();
		while (c.hasNext())
			c.next().setReal(value(c.getLongPosition(0), c.getLongPosition(1)));
		return img;
	}

	@Test
	void anArrayOfFloatsIsTakenAsItIs() {
		final float[] values = new float[W * H];
		assertSame(values, Images.plane(ArrayImgs.floats(values, W, H)).pixels());
		assertSame(values, Images.values(ArrayImgs.floats(values, 1, H, W)));
		final Plane plane = new Plane(values, W, H);
		assertSame(values, Images.img(plane).update(null).getCurrentStorageArray());
		assertEquals(plane, Images.plane(Images.img(plane)));
		assertSame(values, Images.plane(Images.img(plane)).pixels());
	}

	/** Of every kind of image and view. */
	@Test
	void othersAreCopied() {
		final Consumer<RandomAccessibleInterval<? extends RealType<?>>> check = image -> {
			final Plane p = Images.plane(image);
			assertEquals(W, p.width());
			assertEquals(H, p.height());
			for (int y = 0; y < H; y++)
				for (int x = 0; x < W; x++)
					assertEquals(value(x, y), p.get(x, y), image.getClass() + " at " + x + "," + y);
		};
		check.accept(filled(ArrayImgs.unsignedBytes(W, H)));
		check.accept(filled(ArrayImgs.doubles(W, H)));
		check.accept(filled(new CellImgFactory<>(new UnsignedShortType(), 10).create(W, H)));
		check.accept(filled(new CellImgFactory<>(new FloatType(), 8).create(W, H)));
		check.accept(filled(new PlanarImgFactory<>(new UnsignedByteType()).create(W, H)));
		check.accept(Views.interval(new FunctionRandomAccessible<>(2, (p, t) -> t.set(value(p.getLongPosition(0), p
			.getLongPosition(1))), DoubleType::new), new FinalInterval(W, H)));
		check.accept(Converters.convert((RandomAccessibleInterval<UnsignedByteType>) filled(ArrayImgs.unsignedBytes(W, H)),
			(in, out) -> out.set(in.get()), new FloatType()));
		check.accept(Views.permute(Views.permute(filled(ArrayImgs.floats(W, H)), 0, 1), 0, 1));
		check.accept(Views.hyperSlice(Views.addDimension(filled(ArrayImgs.floats(W, H)), 3, 3), 2, 3));
		check.accept(Views.translate(filled(ArrayImgs.floats(W, H)), 100, -50));
	}

	@Test
	void blocks() {
		final RandomAccessibleInterval<UnsignedShortType> image = Views.translate(filled(new CellImgFactory<>(
			new UnsignedShortType(), 10).create(W, H)), 100, 200);
		final Plane block = Images.plane(image, FinalInterval.createMinSize(103, 205, 20, 11));
		for (int y = 0; y < 11; y++)
			for (int x = 0; x < 20; x++)
				assertEquals(value(x + 3, y + 5), block.get(x, y));
		final Img<FloatType> own = filled(ArrayImgs.floats(W, H));
		assertNotSame(Images.plane(own).pixels(), Images.plane(own, own).pixels(), "a block is a copy");
		assertTrue(assertThrows(IllegalArgumentException.class, () -> Images.plane(image, Intervals.createMinSize(99, 200, 2,
			2))).getMessage().contains("2x2 at 99,200 leaves the image 37x23 at 100,200"));
	}

	@Test
	void writing() {
		final Img<FloatType> large = ArrayImgs.floats(50, 40);
		final Plane p = Images.plane(filled(ArrayImgs.floats(W, H)));
		Images.write(p, Views.interval(large, Intervals.createMinSize(5, 7, W, H)));
		assertEquals(p, Images.plane(large, Intervals.createMinSize(5, 7, W, H)));
		assertEquals(p.sum(), Images.plane(large).sum(), "nothing else was touched");
		assertThrows(IllegalArgumentException.class, () -> Images.write(p, large));
	}

	@Test
	void planesOfAThreeDimensionalImage() {
		final float[] values = new float[24];
		for (int i = 0; i < 24; i++)
			values[i] = i;
		final var planes = Images.planes(ArrayImgs.floats(values, 3, 4, 2));
		assertEquals(2, planes.size());
		assertArrayEquals(java.util.Arrays.copyOfRange(values, 12, 24), planes.get(1).pixels());
		assertThrows(IllegalArgumentException.class, () -> Images.planes(ArrayImgs.floats(1, 2, 3, 4)));
		assertThrows(IllegalArgumentException.class, () -> Images.plane(ArrayImgs.floats(3, 4, 2)));
	}
}
