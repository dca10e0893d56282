package io.github.learningtodeblur.cli;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.apache.commons.math3.stat.StatUtils;

import ij.gui.Plot;
import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.train.Budget;
import io.github.learningtodeblur.train.ExampleRecipe;
import io.github.learningtodeblur.train.NetworkLayout;
import io.github.learningtodeblur.train.NoiseRange;
import io.github.learningtodeblur.train.Schedule;
import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.train.Trainer;
import io.github.learningtodeblur.train.TrainingPlan;
import io.github.learningtodeblur.util.Progress;

/**
 * Kernel error against the number of stages, or of pairs of feature images (Fig. 2). Every number is a training of its
 * own, all of the same number of examples, from the same weights.
 */
final class TrainingsFigure implements Figure {

	private final String what;
	private final int[] numbers;

	/** @param what "stages" or "pairs" */
	TrainingsFigure(final String what, final int... numbers) {
		this.what = what;
		this.numbers = numbers;
	}

	@Override
	public void draw(final FigureOptions o) throws IOException {
		final SharpImages.Split images = o.images.load(ExampleRecipe.USUAL.minScale());
		final double[] error = new double[numbers.length];
		final List<String> lines = new ArrayList<>(List.of(what + ",kernel,examples,validation"));
		for (int i = 0; i < numbers.length; i++) {
			error[i] = train(o, numbers[i], images);
			lines.add(String.format(Locale.ROOT, "%d,%d,%d,%.4f", numbers[i], o.kernel, o.examples, error[i]));
			System.out.println(lines.get(lines.size() - 1));
		}
		Files.write(o.out.resolve("figure-2-" + what + ".csv"), lines);
		final Plot plot = new Plot("Kernel error", "number of " + what, "relative kernel error, " + o.kernel + "x" +
			o.kernel);
		final double[] x = new double[numbers.length];
		for (int i = 0; i < x.length; i++)
			x[i] = numbers[i];
		plot.setColor(Color.BLUE, Color.BLUE);
		plot.add("connected circles", x, error);
		plot.setLimits(0, x[x.length - 1] + 1, 0, 1.2 * StatUtils.max(error));
		Pictures.save(o.out, plot.getImagePlus(), "figure-2-" + what);
	}

	private TrainingPlan plan(final FigureOptions o, final int number) {
		final NetworkLayout usual = NetworkLayout.USUAL.withKernels(List.of(o.kernel)).withStages(List.of(1));
		final NetworkLayout layout = what.equals("stages") ? usual.withStages(List.of(number)) : usual.withPairs(List.of(
			number));
		return TrainingPlan.usual(layout.spec()).withSeed(o.seed).withEarlierLoss(0.2).withRecipe(ExampleRecipe.USUAL
			.withNoise(new NoiseRange(0, 0.015))).withSchedule(Schedule.USUAL.withSoloSteps(100)).withBudget(Budget
				.ofExamples(o.examples).withValidationExamples(128).withCheckpointMinutes(1e6));
	}

	/** @return error of the held-out images */
	private double train(final FigureOptions o, final int number, final SharpImages.Split images) throws IOException {
		final double[] last = new double[1];
		try (Backend backend = o.device.open()) {
			new Trainer(plan(o, number), backend, images.training(), images.validation(), Map.of(), s -> {
				if (!Double.isNaN(s.validation())) last[0] = s.validation();
			}).run(o.out.resolve(what + "-" + number + ".safetensors"), Progress.NONE);
		}
		return last[0];
	}
}
