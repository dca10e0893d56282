package io.github.learningtodeblur.command;

import java.util.ArrayList;
import java.util.List;

import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.IJ;
import ij.ImagePlus;
import ij.measure.ResultsTable;
import io.github.learningtodeblur.evaluate.Score;

/**
 * Compares a deblurred image with the sharp one, as Levin et al. (2009) do: at the shift where they fit best,
 * without 15 pixels at the border. One row per slice and frame in the Results table; several channels count
 * as their mean.
 */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Evaluate Deblurring...",
	attrs = @Attr(name = "no-legacy"))
public class Evaluation extends LibraryCommand {

	@Parameter(label = "Image", persist = false, required = false, description = "The deblurred image.")
	private ImagePlus image;

	@Parameter(label = "Sharp image", persist = false, required = false)
	private ImagePlus sharp;

	@Parameter(label = "Image restored with the true kernel, for the error ratio", persist = false,
		required = false,
		description = "Made by Deconvolve with Kernel. One of the other two images stands for none.")
	private ImagePlus reference;

	@Override
	String title() {
		return "Evaluate Deblurring";
	}

	@Override
	List<String> imagesNeeded() {
		return List.of("image", "sharp image");
	}

	@Override
	void run(final SciJavaProgress progress) {
		needed(image, "image");
		needed(sharp, "sharp image");
		checkSize(image);
		final boolean ratio = reference != null && reference != image && reference != sharp;
		if (ratio) checkSize(reference);
		if (bits(image) != bits(sharp)) IJ.log(title() + ": " +
			image.getTitle() + " has " + image.getBitDepth() + " bits, and " + sharp.getTitle() + " " + sharp.getBitDepth() +
			": their numbers are compared as they are");
		final Hyperstack target = new Hyperstack(sharp);
		final Hyperstack result = new Hyperstack(image, target);
		final Hyperstack best = ratio ? new Hyperstack(reference, target) : null;
		final List<Score> scores = new ArrayList<>();
		final List<Double> ratios = new ArrayList<>();
		final int count = target.slices() * target.frames();
		for (int i = 0; i < count; i++) {
			progress.check();
			progress.report(i, count, "Comparing");
			final int z = i % target.slices() + 1, t = i / target.slices() + 1;
			final Score score = Score.of(result.grey(z, t), target.grey(z, t));
			scores.add(score);
			ratios.add(ratio ? score.errorRatio(Score.of(best.grey(z, t), target.grey(z, t))) : Double.NaN);
		}
		final ResultsTable table = ResultsTable.getResultsTable();
		for (int i = 0; i < count; i++) {
			table.incrementCounter();
			table.addLabel(image.getTitle() + (count == 1 ? "" : " " + (i + 1)));
			table.addValue("PSNR", scores.get(i).psnr());
			table.addValue("SSIM", scores.get(i).ssim());
			if (ratio) table.addValue("Error ratio", ratios.get(i));
			table.addValue("Shift x", scores.get(i).dx());
			table.addValue("Shift y", scores.get(i).dy());
			ReportTable.addFrom(image, table);
		}
		table.show("Results");
	}

	/** Of a value: colours have 8. */
	private static int bits(final ImagePlus image) {
		return image.getBitDepth() == 24 ? 8 : image.getBitDepth();
	}

	private void checkSize(final ImagePlus other) {
		if (other.getWidth() != sharp.getWidth() || other.getHeight() != sharp.getHeight() || other
			.getNSlices() != sharp.getNSlices() || other.getNFrames() != sharp.getNFrames())
			throw new IllegalArgumentException("Images of different size cannot be compared: " + name(other) +
				" and " + name(sharp));
	}

	private static String name(final ImagePlus i) {
		return i.getTitle() + " has " + i.getWidth() + "x" + i.getHeight() + " pixels, " + plural(i
			.getNSlices(), "slice") + ", " + plural(i.getNFrames(), "frame");
	}
}
