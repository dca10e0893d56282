package io.github.learningtodeblur.restore;

import java.util.Arrays;
import java.util.concurrent.CancellationException;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Memory;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.FinalInterval;
import net.imglib2.Interval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.parallel.Parallelization;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Intervals;
import net.imglib2.view.Views;

/**
 * Another restoration, tile by tile, so that memory stays bounded and tiles can be worked on in parallel. Tiles overlap by
 * what the method asks for ({@link Restoration#halo}), over which an image goes over linearly from one tile to the next:
 * what a tile's border gets wrong has died away there, and no seam is left to see. Images that fit into one
 * tile are restored as they are.
 * <p>
 * Any block of the result can be had by itself, of an image of any size: where tiles lie depends on the image only, so that
 * blocks put together are, to the last bit, the image restored at once. Nor does the result depend on the number of threads.
 * <p>
 * A tile that does not fit into the memory of the method's device is restored on the CPU.
 *
 * @param method works on the tiles
 * @param tile columns and rows of a tile without its overlap, at least 64
 */
public record TiledRestoration(Restoration method, int tile) implements Restoration {

	/** With the overlap, the transforms of such a tile stay within a few megabytes. */
	public static final int DEFAULT_TILE = 1280;

	public TiledRestoration {
		if (tile < 64) throw new IllegalArgumentException("Tiles must have at least 64 pixels, got " + tile);
	}

	public TiledRestoration(final Restoration method) {
		this(method, DEFAULT_TILE);
	}

	@Override
	public Restoration on(final Backend backend) {
		return new TiledRestoration(method.on(backend), tile);
	}

	@Override
	public int halo(final Plane kernel) {
		return method.halo(kernel);
	}

	@Override
	public int bytesPerPixel() {
		return method.bytesPerPixel();
	}

	@Override
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		if (isOneTile(blurry.width(), blurry.height(), kernel)) return ofTile(blurry, kernel, progress);
		final Plane out = new Plane(blurry.width(), blurry.height());
		new TiledRestoration(method.fitted(blurry), tile).restore(Images.img(blurry), kernel, Images.img(out), progress);
		return out;
	}

	private Plane ofTile(final Plane blurry, final Plane kernel, final Progress progress) {
		return Backends.orOnCpu(() -> method.restore(blurry, kernel, progress), cpu -> method.on(cpu).restore(blurry, kernel,
			progress));
	}

	/** Whether an image of so many pixels is restored as a whole. */
	public boolean isOneTile(final long width, final long height, final Plane kernel) {
		final int most = tile + method.halo(kernel);
		return width <= most && height <= most;
	}

	/**
	 * One block of the restored image. Of the blurry one, only the tiles are read that the block touches, with their overlap: a
	 * block as large as a tile touches up to nine, the whole image all of them once. Hence a few large blocks are faster than many
	 * small ones.
	 * <p>
	 * Memory: a row of tiles of {@code out}, and for each thread a tile of {@link Restoration#bytesPerPixel()}. If there is
	 * too little, fewer threads work.
	 *
	 * @param in two-dimensional, of any size, as {@link #restore(Plane, Plane, Progress)} wants its values
	 * @param out a block of the image, in its coordinates; every pixel is written once
	 * @throws IllegalArgumentException if {@code out} leaves {@code in}
	 * @throws CancellationException if {@code progress} is canceled; then a part of {@code out} is written
	 */
	public void restore(final RandomAccessibleInterval<? extends RealType<?>> in, final Plane kernel,
		final RandomAccessibleInterval<FloatType> out, final Progress progress)
	{
		if (in.numDimensions() != 2 || out.numDimensions() != 2 || !Intervals.contains(in, out))
			throw new IllegalArgumentException("The output " + Images.text(out) + " leaves the image " + Images.text(in));
		if (isOneTile(in.dimension(0), in.dimension(1), kernel)) {
			final Plane all = ofTile(Images.plane(in), kernel, progress);
			Images.write(all.crop((int) (out.min(0) - in.min(0)), (int) (out.min(1) - in.min(1)), (int) out.dimension(0),
				(int) out.dimension(1)), out);
			return;
		}
		new Block(in, kernel, out, progress).restore();
	}

	/** The work on one block. Coordinates count from the image's first pixel. */
	private final class Block {

		private final RandomAccessibleInterval<? extends RealType<?>> in;
		private final Plane kernel;
		private final RandomAccessibleInterval<FloatType> out;
		private final Progress progress;
		private final Axis across;
		private final Axis down;
		private final int left;
		private final int top;
		private final int width;
		private final int height;

		Block(final RandomAccessibleInterval<? extends RealType<?>> in, final Plane kernel,
			final RandomAccessibleInterval<FloatType> out, final Progress progress)
		{
			this.in = in;
			this.kernel = kernel;
			this.out = out;
			this.progress = progress;
			across = new Axis(Math.toIntExact(in.dimension(0)), tile, method.halo(kernel));
			down = new Axis(Math.toIntExact(in.dimension(1)), tile, method.halo(kernel));
			left = (int) (out.min(0) - in.min(0));
			top = (int) (out.min(1) - in.min(1));
			width = (int) out.dimension(0);
			height = (int) out.dimension(1);
		}

		/**
		 * One row of tiles after the other: blended across by all threads, then added to what the row above left. Never
		 * more than two values are added at a time, so their order does not matter.
		 */
		void restore() {
			final int first = down.first(top), last = down.last(top + height - 1), bottom = top + height;
			float[] carried = {};
			int from = top;
			for (int row = first; row <= last; row++) {
				progress.check();
				progress.report(row - first, last - first + 1, "Restoring the image");
				final int to = row == last ? bottom : Math.min(bottom, down.end(row));
				final int done = row == last ? bottom : Math.max(from, Math.min(bottom, down.begin(row + 1)));
				final float[] strip = strip(row, from, to);
				for (int i = 0; i < strip.length; i++)
					strip[i] *= down.weight(row, from + i / width);
				for (int i = 0; i < carried.length; i++)
					strip[i] += carried[i];
				write(strip, from, done);
				carried = Arrays.copyOfRange(strip, (done - from) * width, strip.length);
				from = done;
			}
			progress.check();
			progress.report(1, 1, "Restoring the image");
		}

		/** Rows from, from + 1, ... to - 1 of a row of tiles, blended across. */
		private float[] strip(final int row, final int from, final int to) {
			final float[] strip = new float[Math.multiplyExact(width, to - from)];
			final int first = across.first(left), count = across.last(left + width - 1) - first + 1, lanes = lanes(count);
			for (int done = 0; done < count; done += lanes) {
				final int column = first + done;
				Threads.forEach(Math.min(lanes, count - done), i -> add(column + i, row, from, to, strip));
				progress.check();
			}
			return strip;
		}

		/** Tiles that there is memory for at the same time. */
		private int lanes(final int tiles) {
			final int threads = Math.min(tiles, Threads.count());
			final long side = tile + 2L * across.overlap + 2L * Math.max(kernel.width(), kernel.height());
			final long bytes = side * side * method.bytesPerPixel();
			return threads == 1 || Memory.has(threads * bytes) ? threads : (int) Math.max(1, Memory.free() / bytes);
		}

		private void add(final int column, final int row, final int from, final int to, final float[] strip) {
			if (progress.canceled()) return;
			final int x0 = across.from(column), y0 = down.from(row), w = across.to(column) - x0, h = down.to(row) - y0;
			final Interval block = FinalInterval.createMinSize(in.min(0) + x0, in.min(1) + y0, w, h);
			final Plane[] result = new Plane[1];
			try {
				// a tile's own steps are not reported: several are worked on at a time
				Parallelization.runSingleThreaded(() -> {
					result[0] = ofTile(Images.plane(in, block), kernel, progress.cancelOnly());
				});
			}
			catch (final CancellationException e) {
				return; // told by whoever waits for the tiles
			}
			final Plane restored = result[0];
			final int begin = Math.max(left, across.begin(column)), end = Math.min(left + width, across.end(column));
			synchronized (strip) {
				for (int y = from; y < to; y++)
					for (int x = begin; x < end; x++)
						strip[(y - from) * width + x - left] += across.weight(column, x) * restored.get(x - x0, y - y0);
			}
		}

		private void write(final float[] strip, final int from, final int to) {
			if (to == from) return;
			final long y = in.min(1) + from;
			Images.write(Arrays.copyOf(strip, (to - from) * width), Views.interval(out, FinalInterval.createMinMax(out
				.min(0), y, out.max(0), y + to - from - 1)));
		}
	}

	/** How one axis is cut. */
	private static final class Axis {

		private final int length;
		private final int overlap;
		private final int count;
		private final double step;
		/** Never so wide that three tiles meet: a sum of three would depend on its order. */
		private final int blend;

		Axis(final int length, final int tile, final int overlap) {
			this.length = length;
			this.overlap = overlap;
			count = Math.max(1, (int) Math.ceil((double) length / tile));
			step = (double) length / count;
			blend = Math.min(overlap, (int) step - 1);
		}

		/** Where the part of tile i begins, without overlap. */
		private int start(final int i) {
			return (int) Math.round(i * step);
		}

		int from(final int i) {
			return Math.max(0, start(i) - overlap);
		}

		int to(final int i) {
			return Math.min(length, start(i + 1) + overlap);
		}

		/** 1 inside, falling to 0 within half the overlap around the cuts; weights of all tiles add up to 1. */
		float weight(final int i, final int x) {
			final float rising = i == 0 ? 1 : ramp(x - start(i));
			final float falling = i == count - 1 ? 0 : ramp(x - start(i + 1));
			return rising - falling;
		}

		/** First and last tile that tell of a pixel. */
		int first(final int x) {
			int i = 0;
			while (i < count - 1 && end(i) <= x)
				i++;
			return i;
		}

		int last(final int x) {
			int i = count - 1;
			while (i > 0 && begin(i) > x)
				i--;
			return i;
		}

		/** First pixel of a tile that has a weight, and the one after the last. */
		int begin(final int i) {
			return i == 0 ? 0 : Math.max(0, start(i) - blend / 2 - 1);
		}

		int end(final int i) {
			return i == count - 1 ? length : Math.min(length, start(i + 1) + blend / 2 + 1);
		}

		private float ramp(final int distance) {
			return Math.max(0, Math.min(1, (distance + 0.5f) / blend + 0.5f));
		}
	}
}
