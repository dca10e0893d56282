package io.github.learningtodeblur.command;

import java.awt.Rectangle;
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
import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.restore.LearnedRestoration;

/**
 * What a network has learned (the paper's Fig. 6), and what it makes of an image, scale by scale and stage by
 * stage (Fig. 7), and what the stages of the learned restoration make of it with the kernel found. Coarser scales are enlarged
 * to the size of the finest.
 */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Inspect Network...",
	attrs = @Attr(name = "no-legacy"))
public class NetworkInspection extends LibraryCommand {

	@Parameter(label = "Image (without one: filters only)", persist = false, required = false)
	private ImagePlus image;

	@Parameter(label = "Model", style = CommandDialog.MODEL, autoFill = false, persist = false,
		description = "A bundled model, by its name, or a model file.")
	private File model = new File(ModelFile.DEFAULT);

	@Parameter(label = "Largest blur size (auto, or pixels)", persist = false)
	private String size = BlurSize.AUTO;

	@Parameter(label = "Device", persist = false, choices = { Backends.AUTO, Backends.CPU, Backends.CUDA },
		description = Choices.DEVICE)
	private String device = Backends.AUTO;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus filters;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus features;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus latents;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus kernels;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus restored;

	@Override
	String title() {
		return "Inspect Network";
	}

	@Override
	void run(final SciJavaProgress progress) throws IOException {
		final Model opened = ModelFile.read(model);
		final ImagePlus tiles = NetworkPictures.filters(opened, "filters of " + model.getName());
		final Backend backend = Backends.shared(device);
		if (image != null) inspect(new Deblurring(opened, backend).withLargestBlur(BlurSize.parse(size)), LearnedRestoration.after(
			ModelFile.name(model), backend), progress);
		filters = tiles;
	}

	private void inspect(final Deblurring deblurring, final LearnedRestoration restoration, final SciJavaProgress progress) {
		final Hyperstack stack = new Hyperstack(needed(image, "image"));
		final Rectangle r = stack.region();
		final NetworkPictures pictures = NetworkPictures.of(deblurring, restoration, stack.currentGrey().crop(r.x, r.y,
			r.width, r.height), image.getTitle(), progress);
		features = pictures.features();
		latents = pictures.latents();
		kernels = pictures.kernels();
		restored = pictures.restored();
	}

	@Override
	List<ImagePlus> images() {
		return Arrays.asList(filters, features, latents, kernels, restored);
	}

	@Override
	long memoryNeeded() {
		return image == null ? 0 : 2 * ModelFile.memory(image);
	}
}
