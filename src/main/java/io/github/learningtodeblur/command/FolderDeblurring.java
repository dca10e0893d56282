package io.github.learningtodeblur.command;

import java.awt.GraphicsEnvironment;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.IJ;
import ij.ImagePlus;
import ij.io.FileInfo;
import ij.io.FileSaver;
import ij.io.Opener;
import ij.io.TiffDecoder;
import ij.measure.Measurements;
import ij.measure.ResultsTable;
import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.batch.Failures;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.files.ImageFolder;
import io.github.learningtodeblur.util.Part;
import io.github.learningtodeblur.util.Progress;

/**
 * Deblurs all images of a folder into another one. Never writes over a file; a file that fails is a row of the
 * table, and the next one follows.
 */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Deblur Folder...",
	attrs = @Attr(name = "no-legacy"))
public class FolderDeblurring extends LibraryCommand {

	/** Of the table. */
	static final String FILE = "File", KERNEL_SIZE = "Kernel size", SECONDS = "Seconds", REMARK = "Remark";

	private static final String TIFF = ".tif";

	@Parameter(label = "Folder of blurry images", style = "directory", autoFill = false, required = false,
		persist = false, description = "Folders inside are left out.")
	private File input;

	@Parameter(label = "Folder for the results", style = "directory", autoFill = false, required = false,
		persist = false, description = "Another folder; it is made if need be. No file there is ever replaced.")
	private File output;

	@Parameter(label = "Names", persist = false,
		description = "Which files: * stands for anything, {a,b} for a or b, as in *.tif or cell*.{png,jpg}.")
	private String pattern = "*";

	@Parameter(label = "Model", style = CommandDialog.MODEL, autoFill = false, persist = false,
		description = "A bundled model, by its name, or a model file.")
	private File model = new File(ModelFile.DEFAULT);

	@Parameter(label = "Largest blur size (auto, or pixels)", persist = false,
		description = "A number of pixels, or auto: what the image allows, up to twice the model's largest size. The kernel may come out some pixels larger than a number asked for.")
	private String size = BlurSize.AUTO;

	@Parameter(label = "Refine the kernel", persist = false,
		description = "Further rounds of estimation after the network: better, and takes longer.")
	private boolean refine = true;

	@Parameter(label = "Restoration method", persist = false, style = Choices.RESTORATION,
		description = Choices.RESTORATIONS)
	private String restoration = Restorations.USUAL;

	@Parameter(label = "Restoration strength (1 = usual)", persist = false, min = "0.01", max = "30",
		stepSize = "0.1", description = "Above 1 smoother, below 1 sharper and noisier.")
	private double strength = 1;

	@Parameter(label = "Kernel (one, or per channel or slice)", persist = false,
		choices = { KernelSet.ONE, KernelSet.CHANNEL, KernelSet.SLICE },
		description = "Of each image: one for the whole stack, one per channel, or one per slice and frame.")
	private String kernels = KernelSet.ONE;

	@Parameter(label = "Photographs with gamma (sRGB): blur in linear light", persist = false,
		description = "For photographs of bright lights or strong contrasts, as cameras save them (8 bits, RGB): their gamma is taken off before and put on again after. Not for data of microscopes and detectors, which are linear as they are.")
	private boolean linear = false;

	@Parameter(label = "Blurred for certain: look for a kernel even if it looks sharp", persist = false,
		description = "For images of which is said that no blur was found, and there is one.")
	private boolean blurred = false;

	@Parameter(label = "Save the kernels, too", persist = false)
	private boolean save = true;

	@Parameter(label = "Skip what is there already", persist = false,
		description = "Files whose result is in the folder. Otherwise a new result is written beside it.")
	private boolean skip = true;

	@Parameter(label = "Device", persist = false, choices = { Backends.AUTO, Backends.CPU, Backends.CUDA },
		description = Choices.DEVICE)
	private String device = Backends.AUTO;

	@Parameter(label = "Part of the files (i/n)", persist = false,
		description = "For several machines that share the work: 3/50 is the third of fifty parts; 1/1 is all.")
	private String part = Part.WHOLE;

	@Parameter(type = ItemIO.OUTPUT)
	private ResultsTable table;

	@Override
	String title() {
		return "Deblur Folder";
	}

	@Override
	void run(final SciJavaProgress progress) throws IOException {
		final List<ImageFolder.Entry> files = Part.parse(part).of(ImageFolder.list(path(input), pattern));
		final Path results = ImageFolder.results(path(input), path(output));
		final BlindSettings settings = new BlindSettings(model, size, refine, restoration, strength, kernels,
			linear, blurred, device);
		CallingMacro.ownErrors();
		final ResultsTable rows = new ResultsTable();
		rows.setPrecision(1);
		for (int i = 0; i < files.size(); i++) {
			progress.check();
			final ImageFolder.Entry file = files.get(i);
			final Row row = new Row(file.name());
			final long start = System.nanoTime();
			try {
				deblur(file, results, settings, row, progress.part(i, files.size(), row.file + ": "));
			}
			catch (final Exception | OutOfMemoryError e) {
				if (Failures.isCancel(e)) throw e;
				row.remark = Failure.sentence(e, 0);
			}
			row.seconds = Math.round((System.nanoTime() - start) * 1e-8) / 10.0;
			row.addTo(rows);
			if (GraphicsEnvironment.isHeadless()) IJ.log(rows.getRowAsString(i));
			else rows.show(title());
		}
		table = rows;
	}

	/** What is told about a file; its columns. */
	private static final class Row {

		private final String file;
		private int kernelSize;
		private double seconds;
		private String remark = "";
		private Report report;

		Row(final String file) {
			this.file = file;
		}

		void addTo(final ResultsTable table) {
			table.incrementCounter();
			table.addValue(FILE, file);
			if (kernelSize == 0) table.addValue(KERNEL_SIZE, "");
			else table.addValue(KERNEL_SIZE, kernelSize);
			table.addValue(SECONDS, seconds);
			table.addValue(REMARK, remark);
			if (report != null) ReportTable.add(report.values(), table);
			else for (final String name : Report.NAMES)
				table.addValue(name, "");
		}
	}

	/** Null stays. */
	private static Path path(final File file) {
		return file == null ? null : file.toPath();
	}

	private void deblur(final ImageFolder.Entry file, final Path results, final BlindSettings settings, final Row row,
		final Progress progress) throws IOException
	{
		if (skip && Files.exists(results.resolve(file.deblurred()))) {
			row.remark = "Skipped: " + file.deblurred() + " is there already.";
			return;
		}
		final ImagePlus image = open(input.toPath().resolve(file.name()));
		final BlindSettings.Result result = settings.deblur(image, null, progress);
		row.kernelSize = result.kernels().at(1, 1, 1).width();
		row.report = result.reports().get(0);
		row.remark = result.remark();
		if (save) save(result.kernels().image(file.kernel()), results, skip);
		// last, because it tells the next run that this file is done
		result.deblurred().setTitle(file.deblurred());
		save(result.deblurred(), results, false);
	}

	private static ImagePlus open(final Path file) throws IOException {
		ImageFiles.checkWhole(file);
		checkTiff(file);
		IJ.redirectErrorMessages(true); // to the log: no windows in between
		try {
			final ImagePlus image = new Opener().openImage(file.toAbsolutePath().toString());
			if (image != null && image.getWidth() > 0 && image.getHeight() > 0 && !isWords(file, image)) return image;
		}
		finally {
			IJ.redirectErrorMessages(false);
		}
		throw new IOException("This is not an image, or of a kind that ImageJ cannot read");
	}

	/** ImageJ fills up with black what is missing of a TIFF, without a word. */
	private static void checkTiff(final Path file) throws IOException {
		final Path whole = file.toAbsolutePath();
		final FileInfo[] pages;
		try {
			pages = new TiffDecoder(whole.getParent() + File.separator, whole.getFileName().toString()).getTiffInfo();
		}
		catch (final IOException | RuntimeException e) {
			return; // not one that ImageJ can read
		}
		final long end = pages == null ? 0 : Arrays.stream(pages).mapToLong(FolderDeblurring::end).max().orElse(0);
		if (end > Files.size(file)) throw new IOException("The file is cut: its pixels end at byte " + end + ", the file at " + Files.size(
			file));
	}

	/** Of the pixels in the file, as far as it is known. */
	private static long end(final FileInfo page) {
		final boolean bytes = page.fileType != FileInfo.BITMAP && page.fileType != FileInfo.GRAY12_UNSIGNED;
		final boolean compressed = page.compression > FileInfo.COMPRESSION_NONE;
		final boolean strips = page.stripOffsets != null && page.stripOffsets.length > 1;
		if (bytes && !compressed && !strips) return page.getOffset() + (page.getBytesPerPixel() * (long) page.width * page.height + page
			.getGap()) * page.nImages - page.getGap();
		long end = 0;
		for (int i = 0; page.stripOffsets != null && page.stripLengths != null && i < Math.min(page.stripOffsets.length, page.stripLengths.length); i++)
			end = Math.max(end, (page.stripOffsets[i] & 0xffffffffL) + page.stripLengths[i]);
		return end;
	}

	/** Whether this is a text that ImageJ has taken for the numbers of a text image. */
	private static boolean isWords(final Path file, final ImagePlus image) {
		return file.toString().endsWith(".txt") && !Float.isFinite((float) image.getStatistics(
			Measurements.MEAN).mean);
	}

	/**
	 * Under its title, or the first number that is free after it; whole or not at all.
	 *
	 * @param once whether the same file is not written a second time: a run that was killed may have left a kernel
	 */
	private static void save(final ImagePlus image, final Path folder, final boolean once) throws IOException {
		final Path part = folder.resolve("unfinished-" + UUID.randomUUID() + TIFF); // a temporary file would be its owner's only
		try {
			if (!new FileSaver(image).saveAsTiff(part.toString())) throw new IOException("Cannot write " + folder
				.resolve(image.getTitle()) + ": no permission, or the disk is full");
			final String title = image.getTitle(), stem = title.substring(0, title.length() - TIFF.length());
			Path file = folder.resolve(title);
			for (int i = 2; Files.exists(file); i++) {
				if (once && Files.mismatch(part, file) < 0) return;
				file = folder.resolve(stem + "-" + i + TIFF);
			}
			Files.move(part, file);
		}
		finally {
			Files.deleteIfExists(part);
		}
	}
}
