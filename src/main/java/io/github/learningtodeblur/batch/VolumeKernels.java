package io.github.learningtodeblur.batch;

import java.io.IOException;
import java.util.List;

import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.Deblurring.Estimate;
import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.util.Extent;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;

/** The kernels of a volume: estimated one by one, and read again as they are now, by whomever they were changed. */
public final class VolumeKernels {

	private final RandomAccessibleInterval<? extends RealType<?>> volume;
	private final VolumeLayout layout;
	private final KernelStore store;

	/** @param volume of any size and number of dimensions, as {@code layout} says */
	public VolumeKernels(final RandomAccessibleInterval<? extends RealType<?>> volume, final VolumeLayout layout,
		final KernelStore store)
	{
		this.volume = volume;
		this.layout = layout;
		this.store = store;
	}

	/**
	 * Estimates a kernel, and stores it.
	 *
	 * @param place one of {@link VolumeLayout#places}
	 * @throws IllegalArgumentException if the volume tells nothing of it there, as where it is black; then there is none
	 */
	public Report estimate(final Box place, final Deblurring deblurring) throws IOException {
		final Estimate found = deblurring.estimate(Views.dropSingletonDimensions(Views.interval(volume, layout.shown(place))),
			Progress.NONE);
		store.write(place.min(), found.kernel());
		return found.report();
	}

	/**
	 * The kernel of a place, without the border of its frame. Where there is none, the nearest of the same channel.
	 *
	 * @param smooth so many planes above and below, whose kernels are averaged with it
	 * @throws IOException if there is none at all
	 * @throws IllegalArgumentException if it has infinite values
	 */
	Plane kernel(final long[] place, final int smooth) throws IOException {
		Plane sum = null;
		for (final long[] neighbour : smooth == 0 ? List.of(place) : layout.neighbours(place, smooth))
			sum = added(sum, store.read(neighbour));
		if (!isKernel(sum)) for (final long[] other : layout.substitutes(place)) {
			sum = store.read(other);
			if (isKernel(sum)) break;
		}
		if (!isKernel(sum)) throw new IOException("There is no kernel for " + Box.at(place) + ", nor near it");
		if (Double.isInfinite(sum.sum())) throw new IllegalArgumentException("The kernel for " + Box.at(place) + " holds infinite values");
		return trimmed(sum);
	}

	private static boolean isKernel(final Plane kernel) {
		return kernel != null && kernel.sum() > 0;
	}

	private static Plane added(final Plane sum, final Plane kernel) {
		if (!isKernel(kernel)) return sum;
		if (sum == null) return kernel.copy();
		if (sum.width() != kernel.width() || sum.height() != kernel.height()) throw new IllegalArgumentException(
			"Kernels can be smoothed if their frames are of one size, but here are " + sum + " and " + kernel);
		for (int i = 0; i < sum.pixels().length; i++)
			sum.pixels()[i] += kernel.pixels()[i];
		return sum;
	}

	/** As small as it can be with its middle where it is: a restoration looks further for a larger one. */
	private static Plane trimmed(final Plane kernel) {
		final Extent extent = Extent.of(kernel, 0);
		final int x = Math.min(extent.left(), kernel.width() - 1 - extent.right());
		final int y = Math.min(extent.top(), kernel.height() - 1 - extent.bottom());
		return kernel.crop(x, y, kernel.width() - 2 * x, kernel.height() - 2 * y);
	}
}
