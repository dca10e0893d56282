package io.github.learningtodeblur.batch;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.learningtodeblur.modules.BlockRestoration;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.FinalInterval;
import net.imglib2.Interval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Intervals;
import net.imglib2.view.Views;

/**
 * Restores a volume block by block, plane by plane, with its kernels. Of a plane, what a block needs to see around it is read, and it is
 * restored by itself: next to another block it lies within what the far border of its surroundings still matters, hardly. All planes of
 * a channel are restored with the same settings, found in some of them. Where tiles have kernels of their own, one goes over into the next.
 * <p>
 * Memory: the floats of a block, and what the restoration of a plane of it takes.
 */
public final class VolumeRestoration {

	/** Of a tile's side, the part over which one kernel goes over into the next. */
	private static final double TRANSITION = 0.5;

	private final RandomAccessibleInterval<? extends RealType<?>> volume;
	private final VolumeLayout layout;
	private final VolumeKernels kernels;
	private final int smooth;
	private final BlockRestoration method;
	private final Map<Long, BlockRestoration> fits = new ConcurrentHashMap<>();

	/**
	 * @param volume of any size, as {@code layout} says
	 * @param kernels as they were estimated, or changed since
	 * @param smooth planes above and below whose kernels are averaged with that of a plane; 0 for none
	 * @param method works on values in about [0, 1]
	 */
	public VolumeRestoration(final RandomAccessibleInterval<? extends RealType<?>> volume, final VolumeLayout layout,
		final KernelStore kernels, final int smooth, final Restoration method)
	{
		this.volume = volume;
		this.layout = layout;
		this.kernels = new VolumeKernels(volume, layout, kernels);
		this.smooth = smooth;
		this.method = new BlockRestoration(method);
	}

	/**
	 * Restores a block, and writes it.
	 *
	 * @param block one of {@link VolumeLayout#blocks}
	 * @return what the writer does
	 */
	public long restore(final Box block, final BlockWriter writer) throws IOException {
		final Interval interval = block.interval();
		final Img<FloatType> values = ArrayImgs.floats(interval.dimensionsAsLongArray());
		final RandomAccessibleInterval<FloatType> out = Views.translate(values, block.min());
		final long[] planes = interval.dimensionsAsLongArray();
		planes[0] = planes[1] = 1;
		for (final long[] plane : VolumeLayout.positions(planes)) {
			for (int d = 2; d < plane.length; d++)
				plane[d] += block.min()[d];
			restore(plane, plane(out, plane));
		}
		return writer.write(out);
	}

	private void restore(final long[] at, final RandomAccessibleInterval<FloatType> out) throws IOException {
		final RandomAccessibleInterval<? extends RealType<?>> plane = plane(volume, at);
		final BlockRestoration fitted = fits.computeIfAbsent(layout.channel() < 0 ? 0 : at[layout.channel()], c -> method.fitted(
			layout.samples(c).stream().map(s -> plane(volume, s)).toList()));
		final long[] tiles = layout.kernels();
		if (tiles[0] * tiles[1] == 1) {
			restore(fitted, plane, kernels.kernel(layout.place(at, 0, 0), smooth), out);
			return;
		}
		// always in this order, so that sums do not depend on the block
		for (long down = 0; down < tiles[1]; down++)
			for (long across = 0; across < tiles[0]; across++) {
				final Interval part = Intervals.intersect(out, reach(across, down));
				if (Intervals.isEmpty(part)) continue;
				final RandomAccessibleInterval<FloatType> one = Views.translate(ArrayImgs.floats(part.dimensionsAsLongArray()), part
					.minAsLongArray());
				restore(fitted, plane, kernels.kernel(layout.place(at, across, down), smooth), one);
				add(one, across, down, out);
			}
	}

	/** The area where a tile's kernel counts. */
	private Interval reach(final long across, final long down) {
		final long[] min = new long[2], max = new long[2];
		for (int d = 0; d < 2; d++) {
			final long i = d == 0 ? across : down, margin = (long) Math.ceil(transition(d) / 2);
			min[d] = Math.max(0, layout.start(d, i) - margin);
			max[d] = Math.min(layout.size()[d], layout.start(d, i + 1) + margin) - 1;
		}
		return new FinalInterval(min, max);
	}

	private double transition(final int d) {
		return Math.max(1, TRANSITION * layout.size()[d] / layout.kernels()[d]);
	}

	/** 1 inside of a tile, falling to 0 around its ends; all tiles together are 1. */
	private double weight(final int d, final long i, final long x) {
		final double rising = i == 0 ? 1 : ramp(d, x - layout.start(d, i));
		final double falling = i == layout.kernels()[d] - 1 ? 0 : ramp(d, x - layout.start(d, i + 1));
		return rising - falling;
	}

	private double ramp(final int d, final long distance) {
		return Math.max(0, Math.min(1, (distance + 0.5) / transition(d) + 0.5));
	}

	private void add(final RandomAccessibleInterval<FloatType> one, final long across, final long down,
		final RandomAccessibleInterval<FloatType> out)
	{
		final var from = Views.flatIterable(one).localizingCursor();
		final var to = Views.flatIterable(Views.interval(out, one)).cursor();
		while (from.hasNext()) {
			final float value = from.next().get();
			final double weight = weight(0, across, from.getLongPosition(0)) * weight(1, down, from.getLongPosition(1));
			final FloatType sum = to.next();
			sum.set(sum.get() + (float) weight * value);
		}
	}

	/** With as much around as is needed, and no more: a plane may be larger than memory. */
	private static void restore(final BlockRestoration fitted, final RandomAccessibleInterval<? extends RealType<?>> plane,
		final Plane kernel, final RandomAccessibleInterval<FloatType> out)
	{
		final Img<FloatType> k = Images.img(kernel);
		fitted.restore(Views.interval(plane, Intervals.intersect(Intervals.expand(out, fitted.halo(k)), plane)), k, out, Progress.NONE);
	}

	private static <T extends RealType<?>> RandomAccessibleInterval<T> plane(final RandomAccessibleInterval<T> volume,
		final long[] at)
	{
		RandomAccessibleInterval<T> plane = volume;
		for (int d = at.length - 1; d >= 2; d--)
			plane = Views.hyperSlice(plane, d, at[d]);
		return plane;
	}
}
