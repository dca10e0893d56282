package io.github.learningtodeblur.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import io.github.learningtodeblur.Deblurred;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.batch.Outcome.Kind;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.files.ImageFiles.Picture;
import io.github.learningtodeblur.files.ImageFolder;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.util.LinearLight;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/**
 * Deblurs files of a folder, one at a time, with one network: the image and the kernel as TIFFs of 32-bit floats, and a row of the
 * table. What is written does not depend on who does it, with how many threads, or how often. For one thread at a time.
 */
public final class FileDeblurring implements AutoCloseable {

	static final String COLUMNS = "file,seconds,failure,notes," + Report.COLUMNS;

	private final FolderJob job;
	private final Backend backend;
	private final Table table;
	private final Deblurring deblurring;
	private final Restoration restoration;

	/** @param backend closed with this, or if this cannot be made */
	public FileDeblurring(final FolderJob job, final Backend backend) throws IOException {
		this.job = job;
		this.backend = backend;
		table = job.table();
		try {
			deblurring = job.method().on(backend);
			restoration = Restorations.open(job.restoration(), backend);
		}
		catch (final IOException | RuntimeException e) {
			backend.close();
			throw e;
		}
	}

	/**
	 * Unless its result is there. What is wrong with a file is told, not thrown.
	 *
	 * @throws IOException if its row cannot be written
	 */
	public Outcome deblur(final ImageFolder.Entry file) throws IOException {
		final Path results = Path.of(job.results());
		if (Files.exists(results.resolve(file.deblurred()))) return new Outcome(file.name(), Kind.SKIPPED, file.deblurred() +
			" is there already");
		final long start = System.nanoTime();
		try {
			final Picture picture = ImageFiles.read(Path.of(job.images(), file.name()));
			final Deblurred result = deblurring.deblur(job.linear() ? picture.channels().stream().map(LinearLight::of).toList()
				: picture.channels(), restoration, Progress.NONE);
			ImageFiles.writeTiff(results.resolve(file.kernel()), List.of(result.kernel()));
			final Report report = result.report().inUnits(picture.unit(), picture.zero());
			final String notes = String.join("; ", picture.notes());
			row(file, start, "", notes, report.csv());
			final List<Plane> restored = picture.inUnits(job.linear() ? result.channels().stream().map(LinearLight::saved).toList() : result
				.channels());
			// last, because it tells the next run that this file is done
			ImageFiles.writeTiff(results.resolve(file.deblurred()), restored, picture.shown(restored));
			return new Outcome(file.name(), Kind.DONE, (notes.isEmpty() ? "" : "it " + notes + "; ") + report.line());
		}
		catch (final Exception | OutOfMemoryError e) {
			final String why = Failures.sentence(e);
			row(file, start, why, "", ",".repeat(Report.NAMES.size() - 1));
			return new Outcome(file.name(), Kind.FAILED, why);
		}
	}

	@Override
	public void close() {
		backend.close();
	}

	private void row(final ImageFolder.Entry file, final long start, final String failure, final String notes,
		final String report)
		throws IOException
	{
		table.put(file.name(), String.join(",", Table.field(file.name()), String.format(Locale.ROOT, "%.2f", (System
			.nanoTime() - start) * 1e-9), Table.field(failure), Table.field(notes), report));
	}
}
