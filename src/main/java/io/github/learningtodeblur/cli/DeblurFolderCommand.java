package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.batch.FileDeblurring;
import io.github.learningtodeblur.batch.FolderJob;
import io.github.learningtodeblur.batch.Outcome;
import io.github.learningtodeblur.files.ImageFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Deblurs the files of a folder, or a part of them, one after the other. */
@Command(name = "deblur-folder", mixinStandardHelpOptions = true,
	description = "Deblurs the images of a folder, each by itself, or a part of them.")
final class DeblurFolderCommand implements Callable<Integer> {

	@Mixin
	private FolderOptions folder;

	@Override
	public Integer call() throws IOException {
		final List<ImageFolder.Entry> files = folder.files();
		if (folder.isDry(files)) return 0;
		final FolderJob job = folder.job();
		final List<Outcome> outcomes = new ArrayList<>();
		try (FileDeblurring deblurring = new FileDeblurring(job, Backends.shared(job.method().device()))) {
			for (final ImageFolder.Entry file : files) {
				outcomes.add(deblurring.deblur(file));
				System.out.println(outcomes.get(outcomes.size() - 1));
			}
		}
		return folder.finish(job, outcomes);
	}
}
