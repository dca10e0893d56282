package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import io.github.learningtodeblur.Deblurred;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.files.ImageFiles.Picture;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.refine.KernelRefinement;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Deblurs one image file. */
@Command(name = "deblur", mixinStandardHelpOptions = true,
	description = "Estimates the blur kernel of an image and restores the image.")
final class DeblurCommand implements Callable<Integer> {

	@Option(names = "--image", required = true, description = "8-, 16-, 32-bit or RGB image")
	private Path image;

	@Option(names = "--model", description = "name of a bundled model, or a file")
	private String model = "camera-shake";

	@Option(names = "--out", description = "folder for the results; default: deblurred, in the current one")
	private Path out = Path.of("deblurred");

	@Option(names = "--size",
		description = "largest blur to expect in pixels, or auto (default): what the image allows")
	private String size = Deblurring.AUTOMATIC;

	@Option(names = "--refine", description = "rounds of refinement after the network; 0 for none")
	private int rounds = KernelRefinement.DEFAULT_ROUNDS;

	@Option(names = "--restoration", description = "sparse, wiener or richardson-lucy")
	private String restoration = "sparse";

	@Override
	public Integer call() throws IOException {
		final Picture picture = ImageFiles.read(image);
		if (Files.exists(out) && !Files.isDirectory(out)) throw new IOException("--out is a folder, but " +
			out + " is a file");
		final long start = System.nanoTime();
		final Deblurring deblurring = new Deblurring(Models.open(model), new CpuBackend())
			.withLargestBlur(size).withRefinement(new KernelRefinement(rounds));
		final Deblurred result = deblurring.deblur(picture.channels(), Restorations.named(restoration),
			Progress.NONE);
		final double seconds = (System.nanoTime() - start) * 1e-9;

		Files.createDirectories(out);
		final String name = picture.name().replaceFirst("\\.[^.]*$", "");
		final Path imageFile = out.resolve(name + "-deblurred.tif");
		final Path kernelFile = out.resolve(name + "-kernel.tif");
		final Plane kernel = result.kernel();
		ImageFiles.writeTiff(imageFile, result.channels());
		ImageFiles.writePng(out.resolve(name + "-deblurred.png"), result.channels());
		ImageFiles.writeTiff(kernelFile, List.of(kernel));
		ImageFiles.writeKernelPng(out.resolve(name + "-kernel.png"), kernel);
		System.out.println("image: " + picture.width() + "x" + picture.height() + ", " + picture.channels()
			.size() + " channel(s), model " + model + ", restoration " + restoration);
		System.out.println("files to look at: " + out.resolve(name + "-deblurred.png") + ", " + out
			.resolve(name + "-kernel.png"));
		System.out.printf(Locale.ROOT, "done kernel=%dx%d seconds=%.2f image=%s kernel_image=%s%n", kernel
			.width(), kernel.height(), seconds, imageFile, kernelFile);
		return 0;
	}
}
