package io.github.learningtodeblur.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;
import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.modules.FeatureExtractor;
import io.github.learningtodeblur.modules.ImageQuotient;
import io.github.learningtodeblur.modules.KernelQuotient;

/** Feature extraction of one stage of the network (the paper's Eq. 2): a stack, first all x~, then all y~. */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Modules>Feature Images...",
	attrs = @Attr(name = "no-legacy"))
public class FeatureImages extends StageCommand {

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus features;

	@Override
	String title() {
		return "Feature Images";
	}

	@Override
	void run(final SciJavaProgress progress) throws IOException {
		final Model opened = opened();
		final ImagePlus result = features("features-" + image.getTitle(), on(device, b -> new FeatureExtractor(b, opened, scale - 1,
			stage - 1).extract(plane(image), latent == null ? null : plane(latent))));
		final Backend cpu = Backends.shared(Backends.CPU);
		result.setProp("Deblurring", String.format(Locale.ROOT,
			"features of stage %d of scale %d, kernel size %d, beta_k %.3g, beta_x %.3g; model %s", stage, scale, opened.spec()
				.kernels().get(scale - 1), KernelQuotient.of(cpu, opened, scale - 1, stage - 1).beta(), ImageQuotient.of(cpu,
					opened, scale - 1, stage - 1).beta(), model));
		features = result;
	}

	@Override
	List<ImagePlus> images() {
		return Arrays.asList(features);
	}
}
