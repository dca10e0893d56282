package io.github.learningtodeblur.cluster;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.batch.FileDeblurring;
import io.github.learningtodeblur.batch.FolderJob;
import io.github.learningtodeblur.batch.Outcome;
import io.github.learningtodeblur.cli.FolderOptions;
import io.github.learningtodeblur.files.ImageFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Deblurs the files of a folder, each by a task. The folders are on disks that all machines see. */
@Command(name = "deblur-folder", mixinStandardHelpOptions = true,
	description = "Deblurs the images of a folder on Spark, each by a task.")
final class DeblurFolder implements Callable<Integer> {

	@Mixin
	private FolderOptions folder;

	@Option(names = "--retries", description = "how often files that fail are tried again; default: ${DEFAULT-VALUE}")
	private int retries = 1;

	@Override
	public Integer call() throws IOException {
		final List<ImageFolder.Entry> files = folder.files();
		if (folder.isDry(files)) return 0;
		final FolderJob job = folder.job();
		try (Spark spark = new Spark("deblur-folder " + job.images())) {
			final List<Outcome> outcomes = spark.run(new Files(job), files, retries);
			return folder.finish(job, outcomes);
		}
	}

	private record Files(FolderJob job) implements Spark.Job<ImageFolder.Entry, FileDeblurring> {

		@Override
		public FileDeblurring tool() throws IOException {
			return new FileDeblurring(job, Backends.open(job.method().device()));
		}

		@Override
		public Outcome work(final FileDeblurring deblurring, final ImageFolder.Entry file) throws IOException {
			return deblurring.deblur(file);
		}
	}
}
