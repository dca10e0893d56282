package io.github.learningtodeblur.command;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import ij.ImagePlus;
import ij.process.ImageProcessor;
import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

/**
 * What the commands share that are one module of the network each, for those who put it together by hand. Of 32-bit images,
 * values are taken as they are; others become [0, 1], and colours grey. Results are of 32 bits, not rescaled.
 */
abstract class ModuleCommand extends LibraryCommand {

	/** What is made on a device; on the CPU if it does not fit there. */
	static <T> T on(final String device, final Function<Backend, T> work) {
		final Backend backend = Backends.shared(device); // not being there is an error
		return Backends.orOnCpu(() -> work.apply(backend), work);
	}

	/** The plane on display. */
	static Img<FloatType> plane(final ImagePlus image) {
		return Images.img(image.getBitDepth() == 32 ? plane(image, image.getCurrentSlice()) : new Hyperstack(image)
			.currentGrey());
	}

	private static Plane plane(final ImagePlus image, final int n) {
		final ImageProcessor ip = image.getStack().getProcessor(n);
		return new Plane((float[]) ip.convertToFloatProcessor().getPixels(), ip.getWidth(), ip.getHeight());
	}

	/** All planes. */
	static RandomAccessibleInterval<FloatType> planes(final ImagePlus image) {
		final List<RandomAccessibleInterval<FloatType>> planes = new ArrayList<>();
		for (int i = 1; i <= image.getStackSize(); i++)
			planes.add(Images.img(plane(image, i)));
		return Views.stack(planes);
	}

	/** Feature images, named as in the paper. */
	static ImagePlus features(final String title, final RandomAccessibleInterval<FloatType> features) {
		final List<Plane> planes = Images.planes(features);
		final List<String> labels = new ArrayList<>();
		for (int i = 0; i < planes.size(); i++)
			labels.add((i < planes.size() / 2 ? "x" : "y") + (i % (planes.size() / 2) + 1));
		return Hyperstack.floats(title, planes, labels);
	}

	static ImagePlus image(final String title, final RandomAccessibleInterval<FloatType> image) {
		return Hyperstack.floats(title, List.of(Images.plane(image)), List.of(title));
	}

	/** Numbers as a user counts: from 1. */
	static void check(final ModelSpec model, final int scale, final int stage) {
		check("scales", scale, model.scales().size());
		check("stages at scale " + scale, stage, model.scales().get(scale - 1).stages().size());
	}

	private static void check(final String what, final int number, final int count) {
		if (number < 1 || number > count) throw new IllegalArgumentException("The model has " + count + " " + what +
			", of which the first is 1, got " + number);
	}

	@Override
	List<String> imagesNeeded() {
		return List.of("image");
	}
}
