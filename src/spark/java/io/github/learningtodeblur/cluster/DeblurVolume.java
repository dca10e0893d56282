package io.github.learningtodeblur.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.batch.Box;
import io.github.learningtodeblur.batch.FolderJob;
import io.github.learningtodeblur.batch.Outcome;
import io.github.learningtodeblur.batch.Table;
import io.github.learningtodeblur.batch.VolumeLayout;
import io.github.learningtodeblur.cli.MethodOptions;
import io.github.learningtodeblur.cluster.zarr.OmeZarr;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.search.KernelSearch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Deblurs a volume in two passes: kernels first, which a person can look at and change, then blocks. The volumes are on disks that all
 * machines see.
 */
@Command(name = "deblur-volume", mixinStandardHelpOptions = true,
	description = "Deblurs a volume (OME-Zarr 0.4) on Spark: first its kernels, then its blocks, each by a task.")
final class DeblurVolume implements Callable<Integer> {

	/** What is done. */
	enum Pass {
		KERNELS, RESTORE, BOTH
	}

	@Option(names = "--volume", required = true, description = "folder of an OME-Zarr; its planes (y, x) are deblurred each by itself")
	private Path volume;

	@Option(names = "--out", required = true,
		description = "folder of the restored OME-Zarr, made if need be. In it, kernels is an array with the kernels, and kernel-table and " +
			"block-table hold table.csv. What is done is skipped, so that a run that was stopped goes on")
	private Path out;

	@Option(names = "--pass", description = "kernels, restore or both (default). After kernels, they can be looked at and replaced; one of " +
		"nothing but 0 stands for the nearest")
	private Pass pass = Pass.BOTH;

	@Option(names = "--kernels", description = "what has a kernel of its own: one (the volume), channel, plane; default: plane")
	private VolumeLayout.Scope scope = VolumeLayout.Scope.PLANE;

	@Option(names = "--tile", description = "side of tiles with kernels of their own, if the blur is not the same all over a plane; 0 for none")
	private int tile;

	@Option(names = "--smooth", description = "planes above and below whose kernels are averaged with that of a plane")
	private int smooth;

	@Option(names = "--block-scale",
		description = "chunks of a block across, and down; 0 (default) for about sixteen million values")
	private int blockScale;

	@Option(names = "--floats", description = "32-bit floats as results, not the type of the volume, into which values may not fit")
	private boolean floats;

	@Mixin
	private MethodOptions method;

	@Option(names = "--size", description = "largest blur to expect in pixels, or auto (default): what an image allows")
	private String size = BlurSize.AUTO;

	@Option(names = "--retries", description = "how often pieces that fail are tried again; default: ${DEFAULT-VALUE}")
	private int retries = 1;

	@Option(names = "--dry-run", description = "says what would be done, and does nothing")
	private boolean dry;

	@Override
	public Integer call() throws IOException {
		final OmeZarr in = OmeZarr.open(volume);
		final VolumeLayout layout = new VolumeLayout(in.array().size(), in.array().chunk(), in.channel(), scope, tile, blockScale);
		final List<Box> places = layout.places(), blocks = layout.blocks();
		final FolderJob.Method found = method.method(size);
		final String plan = String.join(" ", "kernels=" + scope.name().toLowerCase(Locale.ROOT), "tile=" + tile, "smooth=" + smooth,
			"model=" + method.model(), "size=" + size, "refine=" + found.rounds(), "blurred=" + found.blurred(), "restoration=" + method
				.restorationName(), "block=" + blockScale, "floats=" + floats);
		System.out.println("volume: " + in.array().size().length + " dimensions, " + places.size() + " kernels, " + blocks.size() +
			" blocks; " + plan);
		if (dry) return 0;
		Restorations.open(method.restorationName(), Backends.shared(Backends.CPU));
		in.like(out, plan, floats);
		final VolumeJob job = new VolumeJob(volume.toAbsolutePath().toString(), out.toAbsolutePath().toString(), layout, found, method
			.restorationName(), frame(found), smooth);
		try (Spark spark = new Spark("deblur-volume " + volume)) {
			int failed = 0;
			if (pass != Pass.RESTORE) failed += told("kernels", spark.run(new VolumeJob.Kernels(job), places, retries), job.kernelTable());
			if (pass != Pass.KERNELS && failed == 0) failed += told("blocks", spark.run(new VolumeJob.Blocks(job), blocks, retries), job
				.blockTable());
			return failed == 0 ? 0 : 1;
		}
	}

	/** With room for all kernels that can be found. */
	private int frame(final FolderJob.Method found) throws IOException {
		final Deblurring deblurring = new Deblurring(Models.of(found.model(), found.name()), Backends.shared(Backends.CPU)).withLargestBlur(BlurSize
			.parse(size));
		return Math.max(4 * deblurring.kernelSize() + 1, KernelSearch.LARGEST_KERNEL); // points of light show any
	}

	/** @return how many failed */
	private static int told(final String what, final List<Outcome> outcomes, final Table table) throws IOException {
		final Path file = table.gather();
		outcomes.stream().filter(Outcome::failed).forEach(System.err::println);
		final int failed = (int) outcomes.stream().filter(Outcome::failed).count();
		System.out.println("done " + what + "=" + outcomes.size() + " skipped=" + outcomes.stream().filter(o -> o
			.kind() == Outcome.Kind.SKIPPED).count() + " failed=" + failed + " table=" + file);
		return failed;
	}
}
