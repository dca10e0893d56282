package io.github.learningtodeblur.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.train.SharpImages.Rejected;
import io.github.learningtodeblur.train.SharpImages.Selection;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;

/** Reads the image files of a training: all that is done with files. */
final class SharpImageReader {

	private final Selection selection;
	private final int minSide;

	/** @param minSide pixels that a shorter side needs after the least shrinking */
	SharpImageReader(final Selection selection, final int minSide) {
		this.selection = selection;
		this.minSide = minSide;
	}

	/** See {@link SharpImages#load}. */
	SharpImages read(final List<Path> folders, final Progress progress) throws IOException {
		final List<Path> files = new ArrayList<>();
		int dropped = 0;
		for (final Path folder : folders)
			for (final Path file : ImageFiles.images(folder))
				if (selection.accept().test(file.getFileName().toString())) files.add(file);
				else dropped++;
		final Photograph[] loaded = new Photograph[files.size()];
		final String[] unreadable = new String[files.size()], small = new String[files.size()];
		final AtomicInteger done = new AtomicInteger();
		Threads.forEach(loaded.length, i -> {
			if (progress.canceled()) return;
			try {
				final ImageFiles.Picture p = ImageFiles.read(files.get(i));
				checkWhole(files.get(i), p);
				// Small ones are not kept: their bytes would only take memory
				if (Math.min(p.width(), p.height()) * selection.maxScaleOf(p.name()) < minSide) small[i] = files.get(i) +
					" is too small: " + p.width() + "x" + p.height() + " pixels, but a side of " + minSide + " is needed";
				else loaded[i] = selection.photograph(p.name(), p.luminance());
			}
			catch (final IOException e) {
				unreadable[i] = e.getMessage();
			}
			progress.report(done.incrementAndGet(), loaded.length, "Loading sharp images");
		});
		progress.check();
		final List<Photograph> taken = present(loaded);
		final Rejected rejected = new Rejected(dropped, present(unreadable), present(small), minSide);
		if (taken.isEmpty()) throw new IOException("No usable images in " + folders.stream().map(Path::toString).collect(
			Collectors.joining(", ")) + ": " + rejected.summary(0) + (rejected.unreadable().isEmpty() ? ""
				: "; the first error: " + rejected.unreadable().get(0)));
		return new SharpImages(taken, selection, rejected);
	}

	private static void checkWhole(final Path file, final ImageFiles.Picture picture) throws IOException {
		for (final Plane p : picture.channels())
			for (final float v : p.pixels())
				if (!Float.isFinite(v)) throw new IOException(file + " has pixels without a value (" + v +
					"), where training needs whole images");
	}

	private static <T> List<T> present(final T[] some) {
		return Arrays.stream(some).filter(Objects::nonNull).toList();
	}
}
