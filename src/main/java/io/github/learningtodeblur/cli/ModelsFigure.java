package io.github.learningtodeblur.cli;

import java.awt.Color;
import java.io.IOException;
import java.util.Locale;
import java.util.SplittableRandom;

import ij.ImagePlus;
import ij.ImageStack;
import ij.plugin.MontageMaker;
import ij.process.ByteProcessor;
import ij.process.ImageProcessor;
import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.search.KernelRefinement;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.train.BlurFamilies;
import io.github.learningtodeblur.train.ExampleSource;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.ValidConvolution;

/**
 * An image blurred here, and what several networks alone make of it (Fig. 4): in the corner of each picture its kernel,
 * below it what it is and its PSNR.
 */
final class ModelsFigure implements Figure {

	/** Of the pictures. */
	private static final int MODELS_SIDE = 256;

	@Override
	public void draw(final FigureOptions o) throws IOException {
		if (o.image == null) throw new IllegalArgumentException("--image is needed for models");
		final Plane whole = ImageFiles.read(o.image).luminance();
		final int side = MODELS_SIDE + o.kernel - 1;
		if (Math.min(whole.width(), whole.height()) < side) throw new IOException(o.image + " is too small: " + whole +
			", but " + side + " pixels a side are needed");
		final Plane large = whole.crop((whole.width() - side) / 2, (whole.height() - side) / 2, side, side);
		final Plane sharp = large.crop(o.kernel / 2, o.kernel / 2, MODELS_SIDE, MODELS_SIDE);
		final SplittableRandom random = new SplittableRandom(o.seed);
		final Plane truth = BlurFamilies.of(o.blur).sample(o.kernel, random);
		final Plane blurry = ValidConvolution.convolve(large, truth);
		ExampleSource.addNoise(blurry, o.noise, 0, random);
		final Restoration restoration = new FittedRestoration(1, o.device.shared());
		final ImageStack panels = new ImageStack();
		panels.addSlice(panel("blurry", blurry, truth, sharp));
		for (final String name : o.model.split(",")) {
			final Plane k = new Deblurring(Models.open(name), o.device.shared()).withRefinement(
				new KernelRefinement(0)).withLargestBlur(new BlurSize(o.kernel)).estimateKernel(blurry, Progress.NONE);
			panels.addSlice(panel(name, restoration.restore(blurry, k, Progress.NONE), k, sharp));
		}
		panels.addSlice(panel("true kernel", restoration.restore(blurry, truth, Progress.NONE), truth, sharp));
		Pictures.save(o.out, new MontageMaker().makeMontage2(new ImagePlus("", panels), panels.size(), 1, 1, 1, panels.size(), 1,
			2, false), "figure-4-models");
	}

	private static ImageProcessor panel(final String name, final Plane picture, final Plane kernel,
		final Plane sharp)
	{
		final String text = String.format(Locale.ROOT, "%s: %.2f dB", name, Score.of(picture, sharp).psnr());
		System.out.println(text);
		final int inset = MODELS_SIDE / 4, strip = 16;
		final ImageProcessor out = new ByteProcessor(MODELS_SIDE, MODELS_SIDE + strip);
		out.insert(Pictures.bytes(picture, 0, 1), 0, 0);
		out.insert(Pictures.bytes(kernel, 0, Pictures.largest(kernel)).resize(inset, inset, true), 0, 0);
		out.setColor(Color.WHITE);
		out.setAntialiasedText(true);
		out.drawString(text, 2, MODELS_SIDE + strip);
		return out;
	}
}
