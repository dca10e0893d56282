package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.batch.FolderJob;
import io.github.learningtodeblur.batch.Outcome;
import io.github.learningtodeblur.batch.Outcome.Kind;
import io.github.learningtodeblur.files.ImageFolder;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.util.Part;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which files to deblur, and how, whoever does it; and what is told of it. */
public final class FolderOptions {

	@Option(names = "--images", required = true, description = "folder of blurry images; folders inside are left out")
	private Path images;

	@Option(names = "--names", description = "which files: * stands for anything, {a,b} for a or b; default: ${DEFAULT-VALUE}")
	private String names = "*.{png,jpg,jpeg,tif,tiff,bmp,gif,pbm,pgm,ppm,fits,fit}";

	@Option(names = "--out", required = true,
		description = "folder for the results: deblurred-NAME.tif, kernel-NAME.tif and table.csv. What is there already is skipped, so " +
			"that a run that was stopped goes on; what failed is tried again")
	private Path out;

	@Mixin
	private MethodOptions method;

	@Option(names = "--size", description = "largest blur to expect in pixels, or auto (default): what an image allows")
	private String size = BlurSize.AUTO;

	@Option(names = "--linear", arity = "0..1", fallbackValue = "true",
		description = "for photographs of bright lights or strong contrasts: takes the gamma of sRGB off before, and puts it on " +
			"again after")
	private boolean linear;

	@Option(names = "--part",
		description = "i/n: the i-th of n parts, for machines that share the work; the folder must not change meanwhile. Default: " +
			"${DEFAULT-VALUE}, all")
	private String part = Part.WHOLE;

	@Option(names = "--dry-run", arity = "0..1", fallbackValue = "true", description = "says what would be done, and does nothing")
	private boolean dry;

	/** The user's part of the folder. */
	public List<ImageFolder.Entry> files() throws IOException {
		return Part.parse(part).of(ImageFolder.list(images, names));
	}

	/** Whether nothing is to be done; then it has been told what would be. */
	public boolean isDry(final List<ImageFolder.Entry> files) {
		if (!dry) return false;
		int left = 0;
		for (final ImageFolder.Entry file : files) {
			final boolean done = Files.exists(out.resolve(file.deblurred()));
			System.out.println((done ? "would skip " : "would deblur ") + file.name());
			if (!done) left++;
		}
		System.out.println("dry run: " + left + " of " + files.size() + " files would be deblurred into " + out);
		return true;
	}

	/** Checks the settings, and makes the folder for the results. */
	public FolderJob job() throws IOException {
		final FolderJob.Method found = method.method(size);
		Restorations.open(method.restorationName(), Backends.shared(Backends.CPU));
		final Path results = ImageFolder.results(images, out);
		return new FolderJob(images.toAbsolutePath().toString(), results.toAbsolutePath().toString(), found, method.restorationName(),
			linear);
	}

	/**
	 * Writes the table, and tells the end: failures first, then numbers.
	 *
	 * @return exit code
	 */
	public int finish(final FolderJob job, final List<Outcome> outcomes) throws IOException {
		final Path table = job.table().gather();
		for (final Outcome o : outcomes)
			if (o.failed()) System.err.println(o);
		System.out.println("done part=" + Part.parse(part) + " files=" + outcomes.size() + " deblurred=" + count(outcomes, Kind.DONE) +
			" skipped=" + count(outcomes, Kind.SKIPPED) + " failed=" + count(outcomes, Kind.FAILED) + " table=" + table);
		return outcomes.stream().anyMatch(Outcome::failed) ? 1 : 0;
	}

	private static long count(final List<Outcome> outcomes, final Kind kind) {
		return outcomes.stream().filter(o -> o.kind() == kind).count();
	}
}
