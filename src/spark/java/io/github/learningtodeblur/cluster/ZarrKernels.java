package io.github.learningtodeblur.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

import io.github.learningtodeblur.batch.KernelStore;
import io.github.learningtodeblur.batch.VolumeLayout;
import io.github.learningtodeblur.cluster.zarr.ZarrArray;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import net.imglib2.FinalInterval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

/** The kernels of a volume as an array of Zarr: rows and columns of a kernel, then those of {@link VolumeLayout#kernels}; one chunk each. */
final class ZarrKernels implements KernelStore {

	private final ZarrArray array;
	private final int side;

	/**
	 * @param folder of the array, made if it is not there
	 * @param side columns and rows of the frame of all kernels, odd
	 */
	ZarrKernels(final Path folder, final VolumeLayout layout, final int side) throws IOException {
		final long[] count = layout.kernels(), size = new long[count.length + 2];
		final int[] chunk = new int[size.length];
		Arrays.fill(chunk, 1);
		size[0] = size[1] = chunk[0] = chunk[1] = side;
		System.arraycopy(count, 0, size, 2, count.length);
		array = ZarrArray.floats(folder, size, chunk);
		this.side = side;
	}

	@Override
	public Plane read(final long[] place) {
		// not kept: a person may put another one in its place
		RandomAccessibleInterval<FloatType> kernel = array.image(0);
		for (int d = place.length - 1; d >= 0; d--)
			kernel = Views.hyperSlice(kernel, d + 2, place[d]);
		return Images.plane(kernel);
	}

	@Override
	public void write(final long[] place, final Plane kernel) throws IOException {
		if (kernel.width() > side || kernel.height() > side) throw new IllegalArgumentException("The kernel of " + kernel.width() + "x" +
			kernel.height() + " pixels does not fit into the frame of " + side + "x" + side);
		RandomAccessibleInterval<FloatType> block = Images.img(Planes.framed(kernel, side));
		for (final long p : place)
			block = Views.translate(Views.addDimension(block, 0, 0), position(block.numDimensions(), p));
		array.write(Views.interval(block, new FinalInterval(block)));
	}

	private static long[] position(final int dimensions, final long last) {
		final long[] shift = new long[dimensions + 1];
		shift[dimensions] = last;
		return shift;
	}
}
