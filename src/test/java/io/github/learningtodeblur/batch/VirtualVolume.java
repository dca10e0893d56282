package io.github.learningtodeblur.batch;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.learningtodeblur.batch.VolumeLayout.Scope;
import io.github.learningtodeblur.restore.WienerRestoration;
import io.github.learningtodeblur.util.Plane;
import net.imglib2.img.basictypeaccess.array.ShortArray;
import net.imglib2.img.cell.Cell;
import net.imglib2.img.cell.CellGrid;
import net.imglib2.img.cell.LazyCellImg;
import net.imglib2.parallel.Parallelization;
import net.imglib2.type.numeric.integer.UnsignedShortType;

/**
 * A volume of 2048x2048x1024 values of 16 bits, 8 GB, that exists chunk by chunk only, restored block by block: for measuring memory
 * and time. Arguments: how many of its blocks (all, without), how many threads, how many
 * chunks a block has across and down, and pixels of motion, 1 for none, with which it is copied.
 */
final class VirtualVolume {

	private static final long[] SIZE = { 2048, 2048, 1024 };
	private static final int[] CHUNK = { 128, 128, 64 };

	/** Chunks of 2 MB that a thread keeps: a block and its surroundings. */
	private static final int KEPT = 40;

	private VirtualVolume() {}

	public static void main(final String[] args) throws Exception {
		final VolumeLayout layout = new VolumeLayout(SIZE, CHUNK, -1, Scope.ONE, 0, args.length > 2 ? Integer.parseInt(args[2]) : 4);
		final List<Box> all = layout.blocks();
		final int wanted = args.length > 0 ? Integer.parseInt(args[0]) : all.size();
		final int threads = args.length > 1 ? Integer.parseInt(args[1]) : 1;
		final List<Box> blocks = Stream.concat(all.subList(all.size() - 1, all.size()).stream(), all.subList(0, wanted - 1).stream())
			.toList();
		final int blur = args.length > 3 ? Integer.parseInt(args[3]) : 5;
		final long start = System.nanoTime();
		final ExecutorService workers = Executors.newFixedThreadPool(threads);
		final AtomicInteger next = new AtomicInteger();
		long values = 0;
		try {
			// as the tasks of a cluster: each thread with what it has read
			final Callable<Long> work = () -> Parallelization.runSingleThreaded(() -> {
				final VolumeRestoration restoration = new VolumeRestoration(volume(), layout, new Blur(blur), 0, new WienerRestoration());
				long written = 0;
				for (int i = next.getAndIncrement(); i < blocks.size(); i = next.getAndIncrement())
					written += restoration.restore(blocks.get(i), out -> out.size());
				return written;
			});
			for (final Future<Long> worker : workers.invokeAll(Collections.nCopies(threads, work)))
				values += worker.get();
		}
		finally {
			workers.shutdown();
		}
		System.out.printf("done blocks=%d of %d values=%d seconds=%d heap_mb=%d%n", blocks.size(), all.size(), values, TimeUnit.NANOSECONDS
			.toSeconds(System.nanoTime() - start), Runtime.getRuntime().maxMemory() >> 20);
	}

	/** A grid of lines that drift with the depth. */
	private static LazyCellImg<UnsignedShortType, ShortArray> volume() {
		final CellGrid grid = new CellGrid(SIZE, CHUNK);
		final Map<Long, Cell<ShortArray>> kept = new LinkedHashMap<>(16, 0.75f, true) {

			@Override
			protected boolean removeEldestEntry(final Map.Entry<Long, Cell<ShortArray>> eldest) {
				return size() > KEPT;
			}
		};
		return new LazyCellImg<>(grid, new UnsignedShortType(), index -> {
			Cell<ShortArray> cell = kept.get(index);
			if (cell == null) {
				cell = cell(grid, index);
				kept.put(index, cell);
			}
			return cell;
		});
	}

	private static Cell<ShortArray> cell(final CellGrid grid, final long index) {
		final long[] min = new long[3];
		final int[] size = new int[3];
		grid.getCellDimensions(index, min, size);
		final short[] values = new short[size[0] * size[1] * size[2]];
		int i = 0;
		for (int z = 0; z < size[2]; z++)
			for (int y = 0; y < size[1]; y++)
				for (int x = 0; x < size[0]; x++)
					values[i++] = (short) ((min[0] + x + min[2] + z) % 23 < 7 || (min[1] + y) % 31 < 5 ? 3000 : 200);
		return new Cell<>(size, min, new ShortArray(values));
	}

	/** Motion, the same everywhere. */
	private record Blur(int pixels) implements KernelStore {

		@Override
		public Plane read(final long[] place) {
			final Plane kernel = new Plane(pixels, 1);
			Arrays.fill(kernel.pixels(), 1f / pixels);
			return kernel;
		}

		@Override
		public void write(final long[] place, final Plane kernel) {
			throw new UnsupportedOperationException("known");
		}
	}
}
