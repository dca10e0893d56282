package io.github.learningtodeblur.restore;

import java.util.concurrent.CancellationException;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;

/**
 * Another restoration, tile by tile, so that memory stays bounded and tiles can be worked on in parallel.
 * Tiles overlap by several kernel widths, over which an image goes over linearly from one tile to the next:
 * what a tile's border gets wrong has died away there, and no seam is left to see. Images that fit into one
 * tile are restored as they are. The result does not depend on the number of threads.
 *
 * @param method works on the tiles
 * @param tile columns and rows of a tile without its overlap, at least 64
 */
public record TiledRestoration(Restoration method, int tile) implements Restoration {

	/** With the overlap, the transforms of such a tile stay within a few megabytes. */
	public static final int DEFAULT_TILE = 1280;
	/**
	 * Overlap on each side, in kernel widths; half of it is blended. Against the image restored as a whole,
	 * tiles of 100 pixels with a motion blur of 7 differ by rms 0.009, 0.005, 0.003, 0.002 for overlaps of 14,
	 * 21, 32 and 64 pixels.
	 */
	private static final int OVERLAP = 4;
	private static final int MIN_OVERLAP = 48;

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
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		final int overlap = Math.max(MIN_OVERLAP, OVERLAP * Math.max(kernel.width(), kernel.height()));
		if (blurry.width() <= tile + overlap && blurry.height() <= tile + overlap) return method.restore(
			blurry, kernel, progress);
		final Axis across = new Axis(blurry.width(), tile, overlap);
		final Axis down = new Axis(blurry.height(), tile, overlap);
		final Restoration fitted = method.fitted(blurry);
		final Plane out = new Plane(blurry.width(), blurry.height());
		// One row of tiles after the other: blended across by all threads, then added to the one above. Never
		// more than two values are added at a time, so their order does not matter.
		for (int row = 0; row < down.count; row++) {
			progress.check();
			progress.report(row, down.count, "Restoring the image");
			final int y = row, top = down.from(row), height = down.to(row) - top;
			final float[] strip = new float[blurry.width() * height];
			Threads.forEach(across.count, column -> {
				if (progress.canceled()) return;
				final int left = across.from(column), width = across.to(column) - left;
				final Plane restored;
				try {
					// a tile's own steps are not reported: several are worked on at a time
					restored = Parallelization.runSingleThreaded(() -> fitted.restore(blurry.crop(left, top,
						width, height), kernel, progress.cancelOnly()));
				}
				catch (final CancellationException e) {
					return; // reported below, once for all tiles
				}
				synchronized (strip) {
					for (int r = 0; r < height; r++)
						for (int x = 0; x < width; x++)
							strip[r * blurry.width() + left + x] += across.weight(column, left + x) * restored.get(
								x, r);
				}
			});
			for (int r = 0; r < height; r++) {
				final float weight = down.weight(y, top + r);
				final int to = (top + r) * blurry.width(), from = r * blurry.width();
				if (weight != 0) for (int x = 0; x < blurry.width(); x++)
					out.pixels()[to + x] += weight * strip[from + x];
			}
		}
		progress.check();
		progress.report(down.count, down.count, "Restoring the image");
		return out;
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

		private float ramp(final int distance) {
			return Math.max(0, Math.min(1, (distance + 0.5f) / blend + 0.5f));
		}
	}
}
