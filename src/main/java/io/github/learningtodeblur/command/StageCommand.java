package io.github.learningtodeblur.command;

import java.io.File;
import java.io.IOException;

import org.scijava.plugin.Parameter;

import ij.ImagePlus;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.model.Model;

/** What the commands share that work on the images of one stage: these, and which stage of which model. */
abstract class StageCommand extends ModuleCommand {

	@Parameter(label = "Image", persist = false, required = false, description = "As Network Input... makes it.")
	ImagePlus image;

	@Parameter(label = "Latent image", persist = false, required = false,
		description = "Of the stage before, of the same size; the first stage of the first scale has none.")
	ImagePlus latent;

	@Parameter(label = "Model", style = CommandDialog.MODEL, autoFill = false, persist = false,
		description = "A bundled model, by its name, or a model file.")
	File model = new File(ModelFile.DEFAULT);

	@Parameter(label = "Scale (1 is the coarsest)", persist = false, min = "1", max = "16")
	int scale = 1;

	@Parameter(label = "Stage (from 1)", persist = false, min = "1", max = "16")
	int stage = 1;

	@Parameter(label = "Device", persist = false, choices = { Backends.AUTO, Backends.CPU, Backends.CUDA },
		description = Choices.DEVICE)
	String device = Backends.AUTO;

	/** The model, if there is an image, and it has that stage. */
	final Model opened() throws IOException {
		needed(image, "image");
		final Model opened = ModelFile.read(model);
		check(opened.spec(), scale, stage);
		return opened;
	}
}
