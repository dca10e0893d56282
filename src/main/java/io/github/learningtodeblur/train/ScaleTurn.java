package io.github.learningtodeblur.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.net.MultiScaleNetwork;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.train.ExampleSource.Example;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;

/** What one of the scales of a phase needs for its steps: it is the finest scale there. */
final class ScaleTurn {

	/** Held-out examples shown to the listener. */
	private static final int SAMPLES = 6;

	private final TrainingPlan plan;
	private final ModelSpec spec;
	private final int firstTrained;
	private final ExampleSource training;
	private final ExampleSource heldOut;
	/** Examples that the network works on at once. */
	private int portion;
	/** Null before the first step. */
	private MultiScaleNetwork network;
	private Supplier<MultiScaleNetwork> maker;

	/**
	 * The errors of held-out examples.
	 *
	 * @param error mean
	 * @param samples the first of them
	 */
	record Validation(double error, List<TrainingStatus.Sample> samples) {}

	/** @param number of the phase, for the seed of its examples */
	ScaleTurn(final TrainingPlan plan, final Phase phase, final int number, final int scale,
		final SharpImages trainingImages, final SharpImages validationImages)
	{
		this.plan = plan;
		spec = phase.spec(plan.spec(), scale);
		firstTrained = phase.allScales() ? 0 : scale;
		training = source(trainingImages, plan.seed() + number * 1_000_003L + (scale - phase.first()) * 7_000_003L);
		heldOut = source(validationImages, -1);
	}

	private ExampleSource source(final SharpImages images, final long seed) {
		final int filterSize = spec.scales().get(spec.scales().size() - 1).stages().get(0).filterSize();
		return new ExampleSource(images, BlurFamilies.of(plan.recipe().blur()), plan.recipe().of(kernel(), filterSize,
			seed));
	}

	int kernel() {
		return spec.largestKernel();
	}

	/** @param trained the parameters that get gradients from now on */
	void train(final Backend backend, final Parameters trained) {
		final int crop = training.plan().cropSize();
		portion = Portion.of(plan.updates().batch(), backend, crop);
		network = null;
		maker = () -> MultiScaleNetwork.training(backend, spec, trained, portion, crop, crop, firstTrained, plan.schedule()
			.coarserBetaX());
	}

	/** How many examples {@link #forward} takes, a divisor of the batch. */
	int portion() {
		return portion;
	}

	/** Examples to train on. */
	List<Example> examples(final long first, final int count) {
		return examples(training, first, count);
	}

	private static List<Example> examples(final ExampleSource source, final long first, final int count) {
		final Example[] all = new Example[count];
		Threads.forEach(count, i -> all[i] = source.example(first + i));
		return List.of(all);
	}

	/** The network after a forward pass of {@link #portion} examples. */
	MultiScaleNetwork forward(final List<Example> examples) {
		if (network == null) network = maker.get();
		network.setBlurry(examples.stream().map(Example::blurry).toList());
		network.setTarget(examples.stream().map(Example::kernel).toList(), plan.loss());
		network.forward();
		return network;
	}

	/**
	 * Of no use if {@code progress} is canceled meanwhile.
	 *
	 * @param stage whose kernels are looked at
	 */
	Validation validate(final int stage, final Progress progress) {
		final double[] errors = new double[plan.budget().validationExamples()];
		final List<TrainingStatus.Sample> shown = new ArrayList<>();
		for (int from = 0; from < errors.length && !progress.canceled(); from += portion) {
			// the last ones may be more than are asked for
			final List<Example> examples = examples(heldOut, from, portion);
			final MultiScaleNetwork net = forward(examples);
			final float[] e = net.errors(stage);
			for (int i = 0; i < portion && from + i < errors.length; i++) {
				errors[from + i] = e[i];
				if (shown.size() < SAMPLES) shown.add(new TrainingStatus.Sample(examples.get(i).blurry(), examples.get(i).kernel(),
					net.kernel(i)));
			}
		}
		return new Validation(Arrays.stream(errors).average().orElseThrow(), shown);
	}
}
