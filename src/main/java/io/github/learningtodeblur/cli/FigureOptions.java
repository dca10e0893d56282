package io.github.learningtodeblur.cli;

import java.nio.file.Path;
import java.util.List;

import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurring;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What figures are drawn of. */
final class FigureOptions {

	@Option(names = "--out", description = "folder; default: figures, in the current one")
	Path out = Path.of("figures");

	@Option(names = "--model",
		description = "name of a bundled model, or a file; for models: several, with commas between them")
	String model = "camera-shake";

	@Option(names = "--image", description = "for inside; for models: a sharp one")
	Path image;

	@Option(names = "--size", description = "for inside: kernel size, or auto")
	String size = BlurSize.AUTO;

	@Option(names = "--csv", split = ",", description = "for cases: one benchmark's table, or several")
	List<Path> csv = List.of();

	@Mixin
	DeviceOption device;

	/** For stages and pairs. */
	@Mixin
	SharpImageOptions images;

	@Option(names = "--kernels", description = "for stages, pairs, kernels and models: kernel size")
	int kernel = 9;

	@Option(names = "--examples", description = "for stages and pairs: of each training")
	long examples = 16000;

	@Option(names = "--blur",
		description = "for kernels and models: camera-shake, defocus, gaussian, motion, mixed or paper-shake")
	String blur = "camera-shake";

	@Option(names = "--noise", description = "for models: standard deviation")
	double noise = 0.01;

	@Option(names = "--seed", description = "of weights, kernels and noise")
	long seed = 1;
}
