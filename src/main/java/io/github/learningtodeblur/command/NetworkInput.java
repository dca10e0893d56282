package io.github.learningtodeblur.command;

import java.io.File;
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
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.modules.DeblurringNetwork;

/** An image as the stages of a scale of the network see it: shrunk, and of mean 0 if the model wants it. */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Modules>Network Input...",
	attrs = @Attr(name = "no-legacy"))
public class NetworkInput extends ModuleCommand {

	@Parameter(label = "Image", persist = false, required = false)
	private ImagePlus image;

	@Parameter(label = "Model", style = CommandDialog.MODEL, autoFill = false, persist = false,
		description = "A bundled model, by its name, or a model file.")
	private File model = new File(ModelFile.DEFAULT);

	@Parameter(label = "Scale (1 is the coarsest)", persist = false, min = "1", max = "16")
	private int scale = 1;

	@Parameter(label = "Device", persist = false, choices = { Backends.AUTO, Backends.CPU, Backends.CUDA },
		description = Choices.DEVICE)
	private String device = Backends.AUTO;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus input;

	@Override
	String title() {
		return "Network Input";
	}

	@Override
	void run(final SciJavaProgress progress) throws IOException {
		needed(image, "image");
		final Model opened = ModelFile.read(model);
		check(opened.spec(), scale, 1);
		input = image("input-" + image.getTitle(), on(device, b -> new DeblurringNetwork(b, opened).input(plane(image),
			scale - 1)));
	}

	@Override
	List<ImagePlus> images() {
		return Arrays.asList(input);
	}
}
