package io.github.learningtodeblur.train;

import java.util.ArrayList;
import java.util.List;

import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;

/**
 * All that decides how a model is trained.
 *
 * @param spec the finished model; it is trained scale after scale, stage after stage
 * @param seed of weights, examples and noise
 * @param batch examples per step
 * @param optimizer update rule
 * @param rate learning rate after warm-up
 * @param warmUpSteps steps of a phase over which the rate grows linearly
 * @param finalRate fraction of the rate left at the end of a phase, reached along a cosine; 1 for a
 *          constant rate
 * @param clip largest norm of the gradient of a step, per example
 * @param outlier examples with an error above this many times the running average are not back-propagated
 *          (section 3.3: 10)
 * @param soloSteps steps in which a new stage is trained alone (section 3.3: 1000)
 * @param earlierLoss weight of the errors of all but the last stage of a scale; 0 in the paper
 * @param noiseMin standard deviation of the Gaussian noise, drawn evenly between this and {@code noiseMax}
 * @param shotNoise largest standard deviation of shot noise at white, see {@link ExamplePlan}
 * @param examples budget of the whole run, or 0 if {@code minutes} rules
 * @param minutes budget of the whole run, or 0 if {@code examples} rules
 * @param growFromPrevious new stages and scales start from the weights of the stage before where shapes
 *          agree; otherwise random
 * @param fineTune part of the budget, 0 to below 1, in which at the end all scales are trained together
 * @param validationExamples number of held-out examples
 * @param checkpointMinutes time between validations and checkpoints
 */
public record TrainingPlan(ModelSpec spec, long seed, int batch, Optimizer.Kind optimizer,
	double rate, int warmUpSteps, double finalRate, double clip, double outlier, int soloSteps,
	double earlierLoss, double noiseMin, double noiseMax, double shotNoise, long examples,
	double minutes, boolean growFromPrevious, double fineTune, int validationExamples,
	double checkpointMinutes)
{

	public TrainingPlan {
		check(batch >= 1, "Batch size must be positive, got " + batch);
		check(rate > 0, "Learning rate must be positive, got " + rate);
		check(warmUpSteps >= 0 && soloSteps >= 0, "Numbers of steps must not be negative");
		check(finalRate >= 0 && finalRate <= 1, "Final rate must be 0 to 1, got " + finalRate);
		check(clip > 0, "Gradient limit must be positive, got " + clip);
		check(outlier > 1, "Outlier factor must be above 1, got " + outlier);
		check(earlierLoss >= 0, "Loss weight must not be negative, got " + earlierLoss);
		check(noiseMin >= 0 && noiseMax >= noiseMin, "Noise must be a range from 0 up, got " + noiseMin +
			" to " + noiseMax);
		check(examples > 0 ^ minutes > 0, "A budget in either examples or minutes is needed");
		check(fineTune >= 0 && fineTune < 1, "Part for fine-tuning must be 0 to below 1, got " + fineTune);
		check(validationExamples >= 1, "At least one validation example is needed");
		check(checkpointMinutes > 0, "Time between checkpoints must be positive");
	}

	private static void check(final boolean ok, final String message) {
		if (!ok) throw new IllegalArgumentException(message);
	}

	/**
	 * A part of the training: one scale, or several that share their weights, with some of its stages.
	 * Scales that share their weights take turns, step by step: each is the finest one of its steps.
	 *
	 * @param first index of the first scale trained
	 * @param scale index of the last scale trained, often the same
	 * @param stages their number of stages so far
	 * @param share of the whole budget
	 * @param allScales whether gradients also go into the coarser scales, end to end; else those are only
	 *          applied
	 */
	public record Phase(int first, int scale, int stages, double share, boolean allScales) {

		/** The model of this phase: coarser scales whole, those trained with their stages so far. */
		ModelSpec spec(final ModelSpec whole) {
			return spec(whole, scale);
		}

		/** The same up to one of the scales trained. */
		ModelSpec spec(final ModelSpec whole, final int finest) {
			final List<ScaleSpec> scales = new ArrayList<>(whole.scales().subList(0, Math.min(first,
				finest)));
			for (final ScaleSpec s : whole.scales().subList(scales.size(), finest + 1))
				scales.add(new ScaleSpec(s.kernel(), s.weights(), s.stages().subList(0, stages)));
			return whole.withScales(scales);
		}
	}

	/**
	 * Scale after scale, one stage more in each phase; scales next to each other that share their weights are
	 * one phase. The t-th stage of kernel size k gets t * k parts of the budget: it is trained together with
	 * all before it, and on larger images. Fine-tuning comes last.
	 */
	public List<Phase> phases() {
		double total = 0;
		for (final ScaleSpec s : spec.scales())
			for (int t = 1; t <= s.stages().size(); t++)
				total += t * s.kernel();
		final List<Phase> phases = new ArrayList<>();
		int first = 0;
		for (int i = 0; i < spec.scales().size(); i++) {
			final ScaleSpec s = spec.scales().get(i);
			if (i + 1 < spec.scales().size() && spec.scales().get(i + 1).weights().equals(s.weights()))
				continue;
			final int kernels = spec.scales().subList(first, i + 1).stream().mapToInt(ScaleSpec::kernel)
				.sum();
			for (int t = 1; t <= s.stages().size(); t++)
				phases.add(new Phase(first, i, t, t * kernels / total * (1 - fineTune), false));
			first = i + 1;
		}
		final Phase last = phases.get(phases.size() - 1);
		if (fineTune > 0) phases.add(new Phase(last.first(), last.scale(), last.stages(), fineTune,
			true));
		return phases;
	}

	/**
	 * Side of the blurry training images of a kernel size: feature images come out in sizes that transforms
	 * and vectors like (96 for 5x5, 128 for 9x9, 192 for 17x17, 256 for 33x33 and larger), as large as
	 * images can be that are cheap and still tell the kernel.
	 */
	static int cropSize(final int kernel, final int filterSize) {
		final int features = kernel <= 5 ? 96 : kernel <= 9 ? 128 : kernel <= 13 ? 160 : kernel <= 17 ? 192
			: kernel <= 25 ? 240 : 256;
		return features + filterSize - 1;
	}

	/** Pixels that the shorter side of a sharp image needs, so that all scales can be trained on it. */
	public int imageSide() {
		int side = 0;
		for (final ScaleSpec s : spec.scales())
			side = Math.max(side, cropSize(s.kernel(), s.stages().get(0).filterSize()) + s.kernel() - 1);
		return side;
	}

	/**
	 * Learning rate at {@code step} (from 0) of a phase of which the fraction {@code done} is over. Several
	 * stages trained together get half the rate of a first one: 6e-3 did better than 1e-2 there.
	 */
	double rate(final Phase phase, final long step, final double done) {
		final double warm = warmUpSteps == 0 ? 1 : Math.min(1, (step + 1.0) / warmUpSteps);
		final double cosine = 0.5 + 0.5 * Math.cos(Math.PI * Math.min(1, done));
		final double part = phase.stages() == 1 && phase.first() == 0 ? 1 : 0.5;
		return rate * part * warm * (finalRate + (1 - finalRate) * cosine);
	}
}
