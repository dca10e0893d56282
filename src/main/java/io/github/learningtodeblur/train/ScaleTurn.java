package io.github.learningtodeblur.train;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.net.MultiScaleNetwork;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;

/** What one of the scales of a phase needs for its steps: it is the finest scale there. */
final class ScaleTurn {

	/** Held-out examples shown to the listener. */
	private static final int SAMPLES = 6;

	private final TrainingPlan plan;
	private final ModelSpec spec;
	private final int firstTrained;
	private final ExampleSource training;
	private final ExampleSource heldOut;
	private Lanes lanes;

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
		lanes = new Lanes(() -> MultiScaleNetwork.training(backend, spec, trained.trained(trained.trained()), 1, crop, crop,
			firstTrained, plan.schedule().coarserBetaX()), plan.loss());
	}

	/** Runs the network on a training example. */
	void run(final long example, final Lanes.Work work) {
		lanes.run(training.example(example), work);
	}

	/**
	 * Of no use if {@code progress} is canceled meanwhile.
	 *
	 * @param stage whose kernels are looked at
	 */
	Validation validate(final int stage, final Progress progress) {
		final double[] errors = new double[plan.budget().validationExamples()];
		final TrainingStatus.Sample[] shown = new TrainingStatus.Sample[Math.min(SAMPLES, errors.length)];
		Threads.forEach(errors.length, i -> Parallelization.runSingleThreaded(() -> {
			if (progress.canceled()) return;
			final ExampleSource.Example example = heldOut.example(i);
			lanes.run(example, net -> {
				errors[i] = net.errors(stage)[0];
				if (i < shown.length) shown[i] = new TrainingStatus.Sample(example.blurry(), example.kernel(), net.kernel());
			});
		}));
		return new Validation(Arrays.stream(errors).average().orElseThrow(), Arrays.stream(shown).filter(
			Objects::nonNull).toList());
	}
}
