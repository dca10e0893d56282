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
import io.github.learningtodeblur.modules.KernelQuotient;

/** Kernel estimation by division in Fourier space (the paper's Eq. 4), from a stack: first all x~, then all y~. */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Modules>Kernel Quotient...",
	attrs = @Attr(name = "no-legacy"))
public class KernelOfFeatures extends ModuleCommand {

	@Parameter(label = "Stack of features", persist = false, required = false,
		description = "As Feature Images... makes them: first all x~, then as many y~.")
	private ImagePlus image;

	@Parameter(label = "Kernel size (odd, pixels)", persist = false, min = "1", max = "511")
	private int size = 17;

	@Parameter(label = "beta_k", persist = false, min = "0", description = "Weight of the kernel's squares, above 0.")
	private double beta = 1e-4;

	@Parameter(label = "Device", persist = false, choices = { Backends.AUTO, Backends.CPU, Backends.CUDA },
		description = Choices.DEVICE)
	private String device = Backends.AUTO;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus kernel;

	@Override
	String title() {
		return "Kernel Quotient";
	}

	@Override
	void run(final SciJavaProgress progress) {
		needed(image, "stack of feature images");
		if (size < 1) throw new IllegalArgumentException("Kernel size must be odd and at least 1, got " + size);
		kernel = LikelyImage.asKernel(image("kernel-" + image.getTitle(), on(device, b -> new KernelQuotient(b, beta).kernel(planes(
			image), size))));
	}

	@Override
	List<ImagePlus> images() {
		return Arrays.asList(kernel);
	}
}
