package io.github.learningtodeblur.cluster;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.batch.Box;
import io.github.learningtodeblur.batch.FolderJob;
import io.github.learningtodeblur.batch.Outcome;
import io.github.learningtodeblur.batch.Outcome.Kind;
import io.github.learningtodeblur.batch.Table;
import io.github.learningtodeblur.batch.VolumeKernels;
import io.github.learningtodeblur.batch.VolumeLayout;
import io.github.learningtodeblur.batch.VolumeRestoration;
import io.github.learningtodeblur.cluster.zarr.OmeZarr;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.batch.Failures;
import net.imglib2.util.Intervals;

/**
 * All that a machine must be told to do its share of a volume.
 *
 * @param volume folder of an OME-Zarr
 * @param results folder of another, which was made
 * @param frame side of the kernels' frames
 * @param smooth planes above and below whose kernels are averaged
 */
record VolumeJob(String volume, String results, VolumeLayout layout, FolderJob.Method method, String restoration, int frame,
	int smooth) implements Serializable
{

	/** Of chunks that each task keeps while it works. */
	private static final long MEMORY = 64L << 20;

	private Path folder(final String name) throws IOException {
		return Files.createDirectories(Path.of(results).resolve(name));
	}

	Table kernelTable() throws IOException {
		return new Table(folder("kernel-table"), "kernel,seconds,remark," + Report.COLUMNS);
	}

	Table blockTable() throws IOException {
		return new Table(folder("block-table"), "block,seconds,remark,values,clipped");
	}

	private ZarrKernels kernels() throws IOException {
		return new ZarrKernels(Path.of(results).resolve("kernels"), layout, frame);
	}

	/** What a piece comes to, once: its row tells that it is done. */
	private interface Work {

		String row() throws IOException;
	}

	/** @param columns of what is known of a piece where there is nothing to see, for which there is an exception; 0 if that is a failure */
	private static Outcome once(final Table table, final Box piece, final int columns, final Work work) throws IOException {
		final String name = piece.toString();
		if (table.has(name)) return new Outcome(name, Kind.SKIPPED, "there already");
		final long start = System.nanoTime();
		String remark = "", row;
		try {
			row = work.row();
		}
		catch (final IOException | RuntimeException | OutOfMemoryError e) {
			if (columns == 0 || !(Failures.cause(e) instanceof IllegalArgumentException nothing)) return new Outcome(name, Kind.FAILED, Failures
				.sentence(e));
			remark = nothing.getMessage(); // it would be the same once more
			row = ",".repeat(columns - 1);
		}
		table.put(name, String.join(",", name, String.format(Locale.ROOT, "%.2f", (System.nanoTime() - start) * 1e-9), Table.field(
			remark), row));
		return new Outcome(name, Kind.DONE, remark);
	}

	/** The first pass. */
	record Kernels(VolumeJob job) implements Spark.Job<Box, KernelTool> {

		@Override
		public KernelTool tool() throws IOException {
			return new KernelTool(job);
		}

		@Override
		public Outcome work(final KernelTool tool, final Box place) throws IOException {
			return once(tool.table, place, Report.NAMES.size(), () -> tool.kernels.estimate(place, tool.deblurring).csv());
		}
	}

	/** A network of its own. */
	static final class KernelTool implements AutoCloseable {

		private final Backend backend;
		private final Deblurring deblurring;
		private final VolumeKernels kernels;
		private final Table table;

		KernelTool(final VolumeJob job) throws IOException {
			// files first: what fails there leaves no device open
			kernels = new VolumeKernels(OmeZarr.open(Path.of(job.volume)).array().image(MEMORY), job.layout, job.kernels());
			table = job.kernelTable();
			backend = Backends.open(job.method.device());
			deblurring = job.method.on(backend);
		}

		@Override
		public void close() {
			backend.close();
		}
	}

	/** The second pass. */
	record Blocks(VolumeJob job) implements Spark.Job<Box, BlockTool> {

		@Override
		public BlockTool tool() throws IOException {
			return new BlockTool(job);
		}

		@Override
		public Outcome work(final BlockTool tool, final Box block) throws IOException {
			return once(tool.table, block, 0, () -> tool.row(block));
		}
	}

	/** What was found in the volume for all blocks alike, and chunks that were read. */
	static final class BlockTool implements AutoCloseable {

		private final Backend backend;
		private final VolumeRestoration restoration;
		private final OmeZarr out;
		private final Table table;

		BlockTool(final VolumeJob job) throws IOException {
			backend = Backends.open(job.method.device());
			restoration = new VolumeRestoration(OmeZarr.open(Path.of(job.volume)).array().image(MEMORY), job.layout, job.kernels(),
				job.smooth, Restorations.open(job.restoration, backend));
			out = OmeZarr.open(Path.of(job.results));
			table = job.blockTable();
		}

		private String row(final Box block) throws IOException {
			final long clipped = restoration.restore(block, out.array()::write);
			return Intervals.numElements(block.interval()) + "," + clipped;
		}

		@Override
		public void close() {
			backend.close();
		}
	}
}
