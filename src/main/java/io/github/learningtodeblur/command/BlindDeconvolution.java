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
import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.restore.Restorations;

/** Estimates the blur kernel of an image, and restores the image. */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Blind Deconvolution...",
	attrs = @Attr(name = "no-legacy"))
public class BlindDeconvolution extends LibraryCommand {

	@Parameter(label = "Image", persist = false, required = false)
	private ImagePlus image;

	@Parameter(label = "Model", style = CommandDialog.MODEL, autoFill = false, persist = false,
		description = "A bundled model, by its name, or a model file.")
	private File model = new File(ModelFile.DEFAULT);

	@Parameter(label = "Largest blur size (auto, or pixels)", persist = false,
		description = "A number of pixels, or auto: what the image allows, up to twice the model's largest size. The kernel may come out some pixels larger than a number asked for.")
	private String size = BlurSize.AUTO;

	@Parameter(label = "Refine the kernel", persist = false,
		description = "Further rounds of estimation after the network: better, and takes longer.")
	private boolean refine = true;

	@Parameter(label = "Restoration method", persist = false, style = Choices.RESTORATION,
		description = Choices.RESTORATIONS)
	private String restoration = Restorations.USUAL;

	@Parameter(label = "Restoration strength (1 = usual)", persist = false, min = "0.01", max = "30",
		stepSize = "0.1", description = "Above 1 smoother, below 1 sharper and noisier.")
	private double strength = 1;

	@Parameter(label = "Kernel (one, or per channel or slice)", persist = false,
		choices = { KernelSet.ONE, KernelSet.CHANNEL, KernelSet.SLICE },
		description = "One for the whole stack (estimated from the slice on display), one per channel, or one per slice and frame. If there is a selection, kernels are estimated there. The whole image is restored.")
	private String kernels = KernelSet.ONE;

	@Parameter(label = "Mask of what to believe", persist = false, required = false,
		description = "An image of the same size, 0 where pixels tell nothing of the blur, such as labels: they take no part, and stay as they are. One plane, or as many as the image. Most of what was drawn into an image is found without.")
	private ImagePlus mask;

	@Parameter(label = "Photograph with gamma (sRGB): blur in linear light", persist = false,
		description = "For photographs of bright lights or strong contrasts, as cameras save them (8 bits, RGB): their gamma is taken off before and put on again after. Not for data of microscopes and detectors, which are linear as they are.")
	private boolean linear = false;

	@Parameter(label = "Blurred for certain: look for a kernel even if it looks sharp", persist = false,
		description = "For images of which is said that no blur was found, and there is one.")
	private boolean blurred = false;

	@Parameter(label = "Show kernel", persist = false)
	private boolean show = true;

	@Parameter(label = "Device", persist = false, choices = { Backends.AUTO, Backends.CPU, Backends.CUDA },
		description = Choices.DEVICE)
	private String device = Backends.AUTO;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus kernel;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus deblurred;

	@Override
	String title() {
		return "Blind Deconvolution";
	}

	@Override
	List<String> imagesNeeded() {
		return List.of("image");
	}

	@Override
	void run(final SciJavaProgress progress) throws IOException {
		needed(image, "image");
		final BlindSettings.Result result = new BlindSettings(model, size, refine, restoration, strength, kernels, linear,
			blurred, device).deblur(image, mask, progress);
		kernel = show ? result.kernels().image("kernel-" + image.getTitle()) : null;
		deblurred = result.deblurred();
		if (show) ReportTable.mark(kernel, result.reports());
		ReportTable.tell(image.getTitle(), result.reports());
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
