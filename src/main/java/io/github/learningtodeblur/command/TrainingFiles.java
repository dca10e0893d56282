package io.github.learningtodeblur.command;

import java.awt.GraphicsEnvironment;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

import ij.IJ;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.util.Progress;

/** What commands that train read and write; every mistake is a sentence for the user. */
final class TrainingFiles {

	private TrainingFiles() {}

	/**
	 * @param images folder, may be missing
	 * @param minSide shorter sides of images in pixels
	 */
	static SharpImages load(final File images, final double minScale, final int minSide, final Progress progress)
		throws IOException
	{
		if (images == null || images.getPath().isBlank()) throw new IOException(
			"No folder of sharp images was chosen");
		if (ImageFiles.images(images.toPath()).isEmpty()) throw new IOException(
			"There are no image files in " + images + ": png, jpg, tif, bmp and gif are read, also in folders inside");
		return SharpImages.load(List.of(images.toPath()), new SharpImages.Selection(name -> true, minScale, Map.of(), false, false),
			minSide, progress);
	}

	/** The model file to write, with an extension. */
	static Path output(final File output) throws IOException {
		if (output == null || output.getPath().isBlank()) throw new IOException(
			"No model file to write was chosen");
		final Path file = output.getName().indexOf('.') < 0 ? output.toPath().resolveSibling(output
			.getName() + ".safetensors") : output.toPath();
		final Path folder = file.toAbsolutePath().getParent();
		if (Files.isDirectory(file) || !Files.isDirectory(folder) || !Files.isWritable(folder) || Files
			.exists(file) && !Files.isWritable(file)) throw new IOException("Cannot write " + file + ": " +
				(Files.isDirectory(file) ? "it is a folder" : Files.isDirectory(folder) ? "no permission"
					: "there is no folder " + folder));
		return file;
	}

	static void mustExist(final Path checkpoint) throws IOException {
		if (!Files.exists(checkpoint)) throw new IOException("There is no run to resume: " + checkpoint + " does not exist");
	}

	/** The work of days may be in that file. Macros and scripts without a screen know what they do. */
	static void mayOverwrite(final String title, final Path out) {
		if (!Files.exists(out) || GraphicsEnvironment.isHeadless() || IJ.isMacro()) return;
		if (!IJ.showMessageWithCancel(title, out + " exists, and \"Resume\" is not checked.\n" +
			"Replace it by a newly trained model?")) throw new CancellationException();
	}

	/** When a file was written, in milliseconds since 1970; 0 if there is none. Whether a run that was canceled has got to write its model. */
	static long written(final Path out) {
		return out.toFile().lastModified();
	}

	/** What to say at the end. */
	static String ended(final String title, final boolean canceled, final Path out) {
		return title + (canceled ? ": canceled; the best model so far is in " : ": wrote ") + out + (canceled
			? ", and the run can be resumed" : "");
	}
}
