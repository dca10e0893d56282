package io.github.learningtodeblur.batch;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import net.imglib2.FinalInterval;
import net.imglib2.Interval;
import net.imglib2.util.IntervalIndexer;

/**
 * How a volume is cut: into blocks, which are whole chunks, so that no two machines write the same chunk; and into areas that have a
 * kernel each. The first two dimensions are those of planes, which are blurred each by itself; the third is called z, whatever it is.
 *
 * @param size of the volume, two or more dimensions
 * @param chunk of its storage
 * @param channel which dimension, of those after the second, counts the channels; -1 for none
 * @param scope what has a kernel of its own
 * @param tile side of the squares, about, into which planes are cut if the blur is not the same all over; 0 if it is
 * @param blockScale chunks of a block across, and down; in the other directions, it has one. 0 for as many as make a block of some
 *          sixteen million values
 */
public record VolumeLayout(long[] size, int[] chunk, int channel, Scope scope, int tile, int blockScale) implements Serializable {

	/** What has a kernel of its own: the volume, each channel, or each plane. */
	public enum Scope {
		ONE, CHANNEL, PLANE
	}

	private static final long BLOCK = 1L << 24;

	public VolumeLayout {
		final int n = size.length;
		if (n < 2 || chunk.length != n) throw new IllegalArgumentException("A volume has two dimensions or more, and its chunks as many; got " +
			Arrays.toString(size) + " and " + Arrays.toString(chunk));
		for (int d = 0; d < n; d++)
			if (size[d] < 1 || chunk[d] < 1) throw new IllegalArgumentException("A volume needs a size and chunks above 0, got " + Arrays
				.toString(size) + " and " + Arrays.toString(chunk));
		if (channel != -1 && (channel < 2 || channel >= n)) throw new IllegalArgumentException("There is no dimension " + channel +
			" for channels in a volume of " + n);
		if (tile != 0 && tile < 64 || blockScale < 0) throw new IllegalArgumentException(
			"Tiles need 64 pixels or more, or 0 for none, and blocks a scale of 0 or more; got " + tile + " and " + blockScale);
	}

	/** The blocks, together all of the volume. */
	public List<Box> blocks() {
		final long[] step = new long[size.length];
		long others = 1;
		for (int d = 2; d < step.length; d++)
			others *= step[d] = chunk[d];
		final long scale = blockScale > 0 ? blockScale : Math.max(1, (long) Math.sqrt((double) BLOCK / others / chunk[0] / chunk[1]));
		for (int d = 0; d < 2; d++)
			step[d] = Math.min(scale, (size[d] + chunk[d] - 1) / chunk[d]) * chunk[d];
		if (step[0] * step[1] * others > Integer.MAX_VALUE) throw new IllegalArgumentException("A block of " + step[0] + "x" + step[1] +
			"x" + others + " values is too large: take a smaller scale");
		final long[] count = new long[size.length];
		for (int d = 0; d < count.length; d++)
			count[d] = (size[d] + step[d] - 1) / step[d];
		final List<Box> blocks = new ArrayList<>();
		for (final long[] at : positions(count)) {
			final long[] max = new long[at.length];
			for (int d = 0; d < at.length; d++) {
				at[d] *= step[d];
				max[d] = Math.min(size[d], at[d] + step[d]) - 1;
			}
			blocks.add(new Box(at, max));
		}
		return blocks;
	}

	/** How many kernels there are: tiles across, tiles down, then as the volume, 1 in directions that share one. */
	public long[] kernels() {
		final long[] count = new long[size.length];
		for (int d = 0; d < count.length; d++)
			count[d] = d < 2 ? tile == 0 ? 1 : (size[d] + tile - 1) / tile : hasKernels(d) ? size[d] : 1;
		return count;
	}

	/** Whether kernels differ along a dimension after the second. */
	private boolean hasKernels(final int d) {
		return scope == Scope.PLANE || scope == Scope.CHANNEL && d == channel;
	}

	/** The place of every kernel among {@link #kernels}. */
	public List<Box> places() {
		return positions(kernels()).stream().map(Box::at).toList();
	}

	/**
	 * Where a kernel is estimated: its tile, in its own plane or the middle one; of a kernel for all channels, in all of them.
	 *
	 * @param place of the kernel
	 */
	public Interval shown(final Box place) {
		final long[] min = new long[size.length], max = new long[size.length];
		for (int d = 0; d < min.length; d++)
			if (d < 2) {
				min[d] = start(d, place.min()[d]);
				max[d] = start(d, place.min()[d] + 1) - 1;
			}
			else if (d == channel && !hasKernels(d)) max[d] = size[d] - 1;
			else min[d] = max[d] = hasKernels(d) ? place.min()[d] : size[d] / 2;
		return new FinalInterval(min, max);
	}

	/** Where a tile begins; that after the last, where the volume ends. */
	long start(final int d, final long i) {
		return Math.round((double) i * size[d] / kernels()[d]);
	}

	/** The place of a plane's kernel. */
	long[] place(final long[] plane, final long across, final long down) {
		final long[] place = new long[size.length];
		place[0] = across;
		place[1] = down;
		for (int d = 2; d < place.length; d++)
			place[d] = hasKernels(d) ? plane[d] : 0;
		return place;
	}

	/**
	 * Places whose kernels may stand in for another: of the same channel and time, the nearest first, itself leading.
	 *
	 * @param place of a kernel
	 */
	List<long[]> substitutes(final long[] place) {
		final int z = z();
		final List<long[]> same = new ArrayList<>();
		for (final long[] p : positions(kernels())) {
			boolean alike = true;
			for (int d = 2; d < p.length; d++)
				alike &= d == z || p[d] == place[d];
			if (alike) same.add(p);
		}
		same.sort((a, b) -> Long.compare(distance(a, place), distance(b, place)));
		return same;
	}

	/** Places of the same tile, channel and time, so many planes above and below. */
	List<long[]> neighbours(final long[] place, final int planes) {
		final int z = z();
		final List<long[]> all = new ArrayList<>();
		if (z < 0) return List.of(place);
		for (long p = Math.max(0, place[z] - planes); p <= Math.min(kernels()[z] - 1, place[z] + planes); p++) {
			final long[] other = place.clone();
			other[z] = p;
			all.add(other);
		}
		return all;
	}

	/** The planes that tell how to restore a channel: some, evenly spread. */
	List<long[]> samples(final long channelNumber) {
		final int z = z();
		final List<long[]> planes = new ArrayList<>();
		for (int i = 1; i <= 3; i++) {
			final long[] plane = new long[size.length];
			for (int d = 2; d < plane.length; d++)
				plane[d] = d == channel ? channelNumber : d == z ? i * size[d] / 4 : size[d] / 2;
			if (planes.stream().noneMatch(p -> Arrays.equals(p, plane))) planes.add(plane);
		}
		return planes;
	}

	private int z() {
		for (int d = 2; d < size.length; d++)
			if (d != channel) return d;
		return -1;
	}

	private static long distance(final long[] a, final long[] b) {
		long sum = 0;
		for (int d = 0; d < a.length; d++)
			sum += Math.abs(a[d] - b[d]);
		return sum;
	}

	/** All positions of a grid, the first dimension running fastest. */
	static List<long[]> positions(final long[] count) {
		long n = 1;
		for (final long c : count)
			n = Math.multiplyExact(n, c);
		final List<long[]> all = new ArrayList<>(Math.toIntExact(n));
		for (long i = 0; i < n; i++) {
			final long[] at = new long[count.length];
			IntervalIndexer.indexToPosition(i, count, at);
			all.add(at);
		}
		return all;
	}
}
