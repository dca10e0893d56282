package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Draws the paper's figures, with this project's networks and measurements. */
@Command(name = "figure", mixinStandardHelpOptions = true,
	description = "Draws a figure of the paper as PNG.")
final class FigureCommand implements Callable<Integer> {

	private static final Map<String, Figure> FIGURES = Map.of( //
		"stages", new TrainingsFigure("stages", 1, 2, 3, 4), //
		"pairs", new TrainingsFigure("pairs", 1, 2, 4, 8), //
		"kernels", new KernelsFigure(), //
		"models", new ModelsFigure(), //
		"cases", new CasesFigure(), //
		"filters", new FiltersFigure(), //
		"inside", new InsideFigure());

	@Option(names = "--figure", required = true, description = { "stages, pairs: kernel error against their number (Fig. 2), from short trainings;",
		"kernels: sampled kernels (Fig. 3);",
		"models: an image blurred here, and what several networks alone make of it (Fig. 4);",
		"cases: error ratio by kernel (Fig. 5), from a benchmark's CSV;",
		"filters: what a model has learned (Fig. 6);",
		"inside: features, latent images and kernels for an image (Fig. 7)" })
	private String figure;

	@Mixin
	private FigureOptions options;

	@Override
	public Integer call() throws IOException {
		final Figure drawn = FIGURES.get(figure);
		if (drawn == null) throw new IllegalArgumentException(
			"--figure is stages, pairs, kernels, models, cases, filters or inside, got " + figure);
		Files.createDirectories(options.out);
		drawn.draw(options);
		return 0;
	}
}
