package io.github.learningtodeblur.command;

import java.util.Arrays;
import java.util.List;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.modules.ImageQuotient;

/** Image estimation by division in Fourier space (the paper's Eq. 5): what the next stage of the network looks at. */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Modules>Image Quotient...",
	attrs = @Attr(name = "no-legacy"))
public class ImageOfKernel extends ModuleCommand {

	@Parameter(label = "Image", persist = false, required = false, description = "As Network Input... makes it.")
	private ImagePlus image;

	@Parameter(label = "Kernel", persist = false, required = false,
		description = "Of odd width and height, taken as it is: of sum 1 to keep the brightness.")
	private ImagePlus kernel;

	@Parameter(label = "beta_x", persist = false, min = "0", stepSize = "0.001",
		description = "Weight of the image's squares, above 0.")
	private double beta = 0.01;

	@Parameter(label = "Device", persist = false, choices = { Backends.AUTO, Backends.CPU, Backends.CUDA },
		description = Choices.DEVICE)
	private String device = Backends.AUTO;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus restored;

	@Override
	String title() {
		return "Image Quotient";
	}

	@Override
	List<String> imagesNeeded() {
		return List.of("image", "kernel image");
	}

	@Override
	void run(final SciJavaProgress progress) {
		needed(image, "image");
		needed(kernel, "kernel image");
		restored = image("latent-" + image.getTitle(), on(device, b -> new ImageQuotient(b, beta).image(plane(image), plane(
			kernel))));
	}

	@Override
	List<ImagePlus> images() {
		return Arrays.asList(restored);
	}
}
