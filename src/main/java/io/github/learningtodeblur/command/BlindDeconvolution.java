package io.github.learningtodeblur.command;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.restore.ObservedRestoration;

/** Estimates the blur kernel of an image, and restores the image. */
@Plugin(type = Command.class, headless = true,
	menuPath = "Plugins>Deblur>Blind Deconvolution...")
public class BlindDeconvolution extends LibraryCommand {

	@Parameter(label = "Image", required = false)
	private ImagePlus image;

	@Parameter(visibility = ItemVisibility.MESSAGE, required = false, persist = false)
	private final String bundled = ModelFile.bundledModels();

	@Parameter(label = "Model (a bundled name, or a file)", autoFill = false)
	private File model = new File(ModelFile.DEFAULT);

	@Parameter(label = "Largest blur size (auto, or pixels)",
		description = "A number of pixels, or auto: what the image allows, up to twice the model's largest size.")
	private String size = Deblurring.AUTOMATIC;

	@Parameter(label = "Refine the kernel",
		description = "Further rounds of estimation after the network: better, and takes longer.")
	private boolean refine = true;

	@Parameter(label = "Restoration method", choices = { "sparse", "wiener", "richardson-lucy" },
		description = "sparse: sparse gradients, best for photographs; wiener: fast; richardson-lucy: with total variation, for few photons.")
	private String restoration = "sparse";

	@Parameter(label = "Restoration strength (1 = usual)", min = "0.01", max = "30",
		stepSize = "0.1", description = "Above 1 smoother, below 1 sharper and noisier.")
	private double strength = 1;

	@Parameter(label = "Kernel (one, or per channel or slice)", choices = { KernelSet.ONE, KernelSet.CHANNEL,
		KernelSet.SLICE }, description = "One for the whole stack (estimated from the slice on display), one per channel, or one per slice and frame. If there is a selection, kernels are estimated there. The whole image is restored.")
	private String kernels = KernelSet.ONE;

	@Parameter(label = "Show kernel")
	private boolean show = true;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus kernel;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus deblurred;

	@Override
	String title() {
		return "Blind Deconvolution";
	}

	@Override
	void run(final SciJavaProgress progress) throws IOException {
		needed(image, "image");
		final Restoration method = new ObservedRestoration(Restorations.named(restoration, strength));
		final Deblurring deblurring = ModelFile.open(model, size, refine);
		final Hyperstack stack = new Hyperstack(image);
		final KernelSet set = KernelSet.estimate(stack, image, deblurring, kernels, progress.part(0, 2,
			""));
		final ImagePlus result = stack.map("deblurred-" + image.getTitle(), (plane, c, z, t, p) -> method
			.restore(plane, set.at(c, z, t), p), progress.part(1, 2, ""));
		stack.sign(result, "blind; model " + model + ", kernel size " + set.at(1, 1, 1).width() +
			(refine ? ", refined" : "") + ", restoration " + restoration + ", strength " + strength);
		kernel = show ? set.image("kernel-" + image.getTitle()) : null;
		deblurred = result;
	}

	@Override
	List<ImagePlus> images() {
		return Arrays.asList(kernel, deblurred);
	}

	@Override
	long memoryNeeded() {
		return image == null ? 0 : Hyperstack.memory(image) + ModelFile.memory(image);
	}
}
