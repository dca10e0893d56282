package io.github.learningtodeblur.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.restore.ObservedRestoration;
import io.github.learningtodeblur.restore.Restorations;

/** Restores an image whose blur kernel is another image. */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Deconvolve with Kernel...",
	attrs = @Attr(name = "no-legacy"))
public class NonBlindDeconvolution extends LibraryCommand {

	@Parameter(label = "Image", persist = false, required = false)
	private ImagePlus image;

	@Parameter(label = "Kernel", persist = false, required = false,
		description = "Any image, not larger than the other; it is divided by its sum and centred. One plane, or one per channel or slice.")
	private ImagePlus kernel;

	@Parameter(label = "Restoration method", persist = false, style = Choices.RESTORATION,
		description = Choices.RESTORATIONS)
	private String restoration = Restorations.USUAL;

	@Parameter(label = "Restoration strength (1 = usual)", persist = false, min = "0.01", max = "30",
		stepSize = "0.1", description = "Above 1 smoother, below 1 sharper and noisier.")
	private double strength = 1;

	@Parameter(label = "Mask of what to believe", persist = false, required = false,
		description = "An image of the same size, 0 where pixels tell nothing of the blur, such as labels: they take no part, and stay as they are. One plane, or as many as the image. Most of what was drawn into an image is found without.")
	private ImagePlus mask;

	@Parameter(label = "Photograph with gamma (sRGB): blur in linear light", persist = false,
		description = "For photographs of bright lights or strong contrasts, as cameras save them (8 bits, RGB): their gamma is taken off before and put on again after. Not for data of microscopes and detectors, which are linear as they are.")
	private boolean linear = false;

	@Parameter(label = "Device", persist = false, choices = { Backends.AUTO, Backends.CPU, Backends.CUDA },
		description = Choices.DEVICE)
	private String device = Backends.AUTO;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus deblurred;

	@Override
	String title() {
		return "Deconvolve with Kernel";
	}

	@Override
	List<String> imagesNeeded() {
		return List.of("image", "kernel image");
	}

	@Override
	void run(final SciJavaProgress progress) throws IOException {
		needed(image, "image");
		needed(kernel, "kernel image");
		if (kernel == image) throw new IllegalArgumentException("The image cannot be its own kernel: choose two images");
		final ObservedRestoration method = new ObservedRestoration(Restorations.open(restoration, strength, Backends.shared(device)));
		final Hyperstack stack = new Hyperstack(image, mask, linear);
		final KernelSet set = KernelSet.of(kernel, stack);
		final ImagePlus result = set.restored("deblurred-" + image.getTitle(), stack, method, progress);
		stack.sign(result, "kernel " + kernel.getTitle() + ", restoration " + restoration +
			", strength " + strength + (linear ? ", in linear light" : ""));
		deblurred = result;
	}

	@Override
	List<ImagePlus> images() {
		return Arrays.asList(deblurred);
	}

	@Override
	long memoryNeeded() {
		return image == null ? 0 : Hyperstack.memory(image);
	}
}
