package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import javax.imageio.ImageIO;

import ij.ImagePlus;
import ij.ImageStack;
import ij.plugin.MontageMaker;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import io.github.learningtodeblur.util.Plane;

/** What figures have in common: planes side by side, as PNG. */
final class Pictures {

	private Pictures() {}

	static void save(final Path folder, final ImagePlus picture, final String name) throws IOException {
		final Path file = folder.resolve(name + ".png");
		// IJ.saveAs needs menus, and those a screen
		if (!ImageIO.write(picture.getProcessor().getBufferedImage(), "png", file.toFile()))
			throw new IOException("Cannot write " + file);
		System.out.println("figure " + file);
	}

	/**
	 * All in one picture.
	 *
	 * @param width of each plane in the picture
	 * @param signed whether grey is 0; else each is stretched from 0 to its largest value
	 */
	static ImagePlus montage(final List<Plane> planes, final int columns, final int width,
		final boolean signed)
	{
		final ImageStack stack = new ImageStack();
		for (final Plane p : planes) {
			final float largest = largest(p);
			final ImageProcessor bytes = bytes(p, signed ? -largest : 0, largest);
			bytes.setInterpolationMethod(width > p.width() ? ImageProcessor.NONE : ImageProcessor.BILINEAR);
			stack.addSlice(bytes.resize(width, width * p.height() / p.width(), true));
		}
		final int rows = (planes.size() + columns - 1) / columns;
		return new MontageMaker().makeMontage2(new ImagePlus("", stack), columns, rows, 1, 1, planes.size(),
			1, 2, false);
	}

	/** Of the absolute values; above 0. */
	static float largest(final Plane p) {
		float largest = Float.MIN_NORMAL;
		for (final float v : p.pixels())
			largest = Math.max(largest, Math.abs(v));
		return largest;
	}

	static ImageProcessor bytes(final Plane p, final double black, final double white) {
		final FloatProcessor f = new FloatProcessor(p.width(), p.height(), p.pixels().clone());
		f.setMinAndMax(black, white);
		return f.convertToByteProcessor();
	}
}
