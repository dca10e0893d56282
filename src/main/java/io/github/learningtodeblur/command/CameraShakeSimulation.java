package io.github.learningtodeblur.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;
import io.github.learningtodeblur.train.BlurFamilies;
import io.github.learningtodeblur.train.ExampleSource;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.ValidConvolution;

/**
 * Blurs an image with a random kernel, the same for all planes, and adds Gaussian noise. Pixels beyond the
 * border are taken to be those of the border.
 */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Simulate Camera Shake...",
	attrs = @Attr(name = "no-legacy"))
public class CameraShakeSimulation extends LibraryCommand {

	@Parameter(label = "Image", persist = false, required = false)
	private ImagePlus image;

	@Parameter(label = "Blur", persist = false, style = Choices.BLUR)
	private String blur = "camera-shake";

	@Parameter(label = "Kernel size (odd, pixels)", persist = false, min = "3", max = "511")
	private int size = 17;

	@Parameter(label = "Noise (standard deviation, 0 to 1)", persist = false,
		min = "0", max = "1", stepSize = "0.01",
		description = "For values in [0, 1]: 0.01 is 1 % of the type's or the image's range.")
	private double noise = 0.01;

	@Parameter(label = "Seed", persist = false, description = "The same seed gives the same kernel and noise.")
	private long seed = 1;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus kernel;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus blurred;

	@Override
	String title() {
		return "Simulate Camera Shake";
	}

	@Override
	List<String> imagesNeeded() {
		return List.of("image");
	}

	@Override
	void run(final SciJavaProgress progress) throws IOException {
		needed(image, "image");
		if (size > image.getWidth() || size > image.getHeight()) throw new IllegalArgumentException(
			"The kernel (" + size + "x" + size + " pixels) is larger than the image (" + image.getWidth() +
				"x" + image.getHeight() + ")");
		if (!(noise >= 0 && noise <= 1)) throw new IllegalArgumentException("Noise must be 0 to 1, got " +
			noise);
		final SplittableRandom random = new SplittableRandom(seed);
		final Plane drawn = BlurFamilies.of(blur).sample(size, random);
		final Hyperstack stack = new Hyperstack(image);
		final ImagePlus result = stack.map("blurred-" + image.getTitle(), (plane, at, p) -> {
			final Plane out = ValidConvolution.convolve(padded(plane, size / 2), drawn);
			ExampleSource.addNoise(out, noise, 0, random);
			return out;
		}, progress);
		stack.sign(result, "simulated; " + blur + ", size " + size + ", noise " + noise + ", seed " + seed);
		kernel = LikelyImage.asKernel(Hyperstack.floats("kernel-" + image.getTitle(), List.of(drawn),
			List.of(blur)));
		blurred = result;
	}

	private static Plane padded(final Plane plane, final int by) {
		final Plane out = new Plane(plane.width() + 2 * by, plane.height() + 2 * by);
		for (int y = 0; y < out.height(); y++)
			for (int x = 0; x < out.width(); x++)
				out.pixels()[y * out.width() + x] = plane.get(Math.max(0, Math.min(plane.width() - 1, x - by)),
					Math.max(0, Math.min(plane.height() - 1, y - by)));
		return out;
	}

	@Override
	List<ImagePlus> images() {
		return Arrays.asList(kernel, blurred);
	}

	@Override
	long memoryNeeded() {
		return image == null ? 0 : Hyperstack.memory(image);
	}
}
