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
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.backend.Backends;

/** Estimates the blur kernel of an image. */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Estimate Blur Kernel...",
	attrs = @Attr(name = "no-legacy"))
public class KernelEstimation extends LibraryCommand {

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

	@Parameter(label = "Kernel (one, or per channel or slice)", persist = false,
		choices = { KernelSet.ONE, KernelSet.CHANNEL, KernelSet.SLICE },
		description = "One for the whole stack (estimated from the slice on display), one per channel, or one per slice and frame. If there is a selection, kernels are estimated there.")
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

	@Parameter(label = "Device", persist = false, choices = { Backends.AUTO, Backends.CPU, Backends.CUDA },
		description = Choices.DEVICE)
	private String device = Backends.AUTO;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus kernel;

	@Override
	String title() {
		return "Estimate Blur Kernel";
	}

	@Override
	List<String> imagesNeeded() {
		return List.of("image");
	}

	@Override
	void run(final SciJavaProgress progress) throws IOException {
		needed(image, "image");
		final Deblurring deblurring = ModelFile.open(model, size, refine, blurred, Backends.shared(device));
		final Hyperstack stack = new Hyperstack(image, mask, linear);
		final KernelSet set = KernelSet.estimate(stack, deblurring, kernels, progress);
		kernel = set.image("kernel-" + image.getTitle());
		ReportTable.mark(kernel, set.reports());
		ReportTable.tell(image.getTitle(), set.reports());
	}

	@Override
	List<ImagePlus> images() {
		return Arrays.asList(kernel);
	}

	@Override
	long memoryNeeded() {
		return image == null ? 0 : ModelFile.memory(image);
	}
}
