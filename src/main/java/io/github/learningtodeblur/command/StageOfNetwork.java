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
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.modules.NetworkStage;
import io.github.learningtodeblur.modules.StageResult;

/** One stage of the network (the paper's section 3.2): features under their window, kernel, latent image. */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Modules>Network Stage...",
	attrs = @Attr(name = "no-legacy"))
public class StageOfNetwork extends StageCommand {

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus features;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus kernel;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus restored;

	@Override
	String title() {
		return "Network Stage";
	}

	@Override
	void run(final SciJavaProgress progress) throws IOException {
		final Model opened = opened();
		final StageResult result = on(device, b -> new NetworkStage(b, opened, scale - 1, stage - 1).apply(plane(image),
			latent == null ? null : plane(latent)));
		final String name = image.getTitle();
		kernel = LikelyImage.asKernel(image("kernel-" + name, result.kernel()));
		restored = image("latent-" + name, result.latent());
		features = features("features-" + name, result.features());
	}

	@Override
	List<ImagePlus> images() {
		return Arrays.asList(features, kernel, restored);
	}
}
