package io.github.learningtodeblur.modules;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.util.Locale;

import io.github.learningtodeblur.restore.WienerRestoration;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.basictypeaccess.nio.FloatBufferAccess;
import net.imglib2.img.basictypeaccess.array.ShortArray;
import net.imglib2.img.cell.Cell;
import net.imglib2.img.cell.CellGrid;
import net.imglib2.img.cell.LazyCellImg;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Fraction;
import net.imglib2.view.Views;

/**
 * A 16-bit image of any size that is made cell by cell whenever it is looked at, blurred by a camera's shake; as a program,
 * restores it into a file that is mapped into memory, with whatever heap it is given.
 */
final class LargeImage {

	/** Grey levels from dark to bright. */
	static final int RANGE = 30_000;
	private static final int CELL = 256, SIZE = 7;

	/** Where the camera was, at equal steps of time. */
	private static final int[][] TAPS = { { 0, 3 }, { 1, 2 }, { 2, 1 }, { 3, 0 }, { 4, 1 }, { 4, 2 }, { 3, 3 }, { 3, 4 }, { 4, 5 }, { 5,
		6 }, { 6, 5 } };

	private LargeImage() {}

	/** Rectangles of many grey levels, all over the plane. */
	static int sharp(final long x, final long y) {
		final int a = (int) (x * 45 >> 10), b = (int) (y * 61 >> 10), c = (int) (2 * x + 3 * y >> 7);
		int hash = (a * 7919 + b * 104_729 + c * 1_299_709) * 0x9E3779B1;
		hash ^= hash >>> 15;
		return 5000 + (hash * 0x85EBCA6B >>> 16) * RANGE / 0x10000;
	}

	static Plane kernel() {
		final Plane k = new Plane(SIZE, SIZE);
		for (final int[] tap : TAPS)
			k.pixels()[tap[1] * SIZE + tap[0]] = 1f / TAPS.length;
		return k;
	}

	static int blurry(final long x, final long y) {
		int sum = 0;
		for (final int[] tap : TAPS)
			sum += sharp(x - tap[0] + SIZE / 2, y - tap[1] + SIZE / 2);
		return (sum + TAPS.length / 2) / TAPS.length;
	}

	/** Keeps no cell: each is made whenever it is looked at. */
	static RandomAccessibleInterval<UnsignedShortType> of(final long width, final long height) {
		final CellGrid grid = new CellGrid(new long[] { width, height }, new int[] { CELL, CELL });
		return new LazyCellImg<>(grid, new UnsignedShortType(), index -> {
			final long[] min = new long[2];
			final int[] size = new int[2];
			grid.getCellDimensions(index, min, size);
			final short[] values = new short[size[0] * size[1]];
			for (int y = 0; y < size[1]; y++)
				for (int x = 0; x < size[0]; x++)
					values[y * size[0] + x] = (short) blurry(min[0] + x, min[1] + y);
			return new Cell<>(size, min, new ShortArray(values));
		});
	}

	/**
	 * @param args width, height, side of the tiles, output file: floats in the machine's order; and, if not all of the image is to be
	 *          restored, how many rows
	 */
	public static void main(final String[] args) throws IOException {
		final int width = Integer.parseInt(args[0]), all = Integer.parseInt(args[1]), height = args.length > 4 ? Integer.parseInt(
			args[4]) : all;
		final RandomAccessibleInterval<UnsignedShortType> image = of(width, all);
		final long start = System.nanoTime();
		double before = 0, after = 0;
		try (RandomAccessFile file = new RandomAccessFile(args[3], "rw")) {
			file.setLength(4L * width * height);
			// mapped strip by strip, as a map is limited to 2 GB: a few rows of tiles each
			final BlockRestoration blocks = new BlockRestoration(new WienerRestoration(), Integer.parseInt(args[2])).fitted(
				image);
			final int rows = (int) Math.min(height, Integer.MAX_VALUE / 4 / width);
			for (int y = 0; y < height; y += rows) {
				final int n = Math.min(rows, height - y);
				final var map = file.getChannel().map(MapMode.READ_WRITE, 4L * width * y, 4L * width * n).order(ByteOrder
					.nativeOrder()).asFloatBuffer();
				final ArrayImg<FloatType, FloatBufferAccess> out = new ArrayImg<>(new FloatBufferAccess(map, true), new long[] {
					width, n }, new Fraction());
				out.setLinkedType(new FloatType(out));
				blocks.restore(image, Images.img(kernel()), Views.translate(out, 0, y), Progress.NONE);
			}
			// corners, and where tiles meet
			for (final long[] at : new long[][] { { 30, 30 }, { width - 230, height - 230 }, { width / 2, height / 2 }, {
				width / 3, 2 * height / 3 } })
			{
				for (long y = at[1]; y < at[1] + 200; y++)
					for (long x = at[0]; x < at[0] + 200; x++) {
						file.seek(4 * (y * width + x));
						final float v = Float.intBitsToFloat(ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? file.readInt()
							: Integer.reverseBytes(file.readInt()));
						before += Math.pow(blurry(x, y) - sharp(x, y), 2);
						after += Math.pow(v - sharp(x, y), 2);
					}
			}
		}
		final double ratio = Math.sqrt(after / before);
		System.out.printf(Locale.ROOT,
			"%d rows of %dx%d pixels of 16 bits (%d MB, %d MB as floats) in a heap of %d MB: %.0f s; error %.2f of the blurry image's%n", height, width,
			all, 2L * width * all >> 20, 4L * width * all >> 20, Runtime.getRuntime().maxMemory() >> 20, 1e-9 * (System
				.nanoTime() - start), ratio);
		if (!(ratio < 0.5)) throw new AssertionError("not restored: " + ratio);
	}
}
