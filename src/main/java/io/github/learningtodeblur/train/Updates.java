package io.github.learningtodeblur.train;

/**
 * How weights follow from gradients.
 *
 * @param batch examples per step
 * @param optimizer update rule
 * @param rate learning rate after warm-up
 * @param warmUpSteps steps of a phase over which the rate grows linearly
 * @param finalRate fraction of the rate left at the end of a phase, reached along a cosine; 1 for a constant rate
 * @param laterRate factor of the rate where several stages are trained, or finer scales
 * @param clip largest norm of the gradient of a step, per example; infinite for none
 * @param outlier examples with an error above this many times the running average are not back-propagated
 */
public record Updates(int batch, Optimizer.Kind optimizer, double rate, int warmUpSteps, double finalRate,
	double laterRate, double clip, double outlier)
{

	public static final Updates USUAL = new Updates(8, Optimizer.Kind.SOAP, Optimizer.Kind.SOAP.usualRate(), 100, 0.02,
		0.5, 1, 10);

	/** See the table of {@link TrainingPlan}. */
	public static final Updates PAPER = new Updates(1, Optimizer.Kind.ADADELTA, 0.01, 0, 1, 1, Double.POSITIVE_INFINITY,
		10);

	public Updates {
		TrainingPlan.check(batch >= 1, "Batch size must be positive, got " + batch);
		TrainingPlan.check(rate > 0, "Learning rate must be positive, got " + rate);
		TrainingPlan.check(warmUpSteps >= 0, "Number of steps must not be negative, got " + warmUpSteps);
		TrainingPlan.check(finalRate >= 0 && finalRate <= 1, "Final rate must be 0 to 1, got " + finalRate);
		TrainingPlan.check(laterRate > 0 && laterRate <= 1, "Factor of later rates must be above 0 up to 1, got " +
			laterRate);
		TrainingPlan.check(clip > 0, "Gradient limit must be positive, got " + clip);
		TrainingPlan.check(outlier > 1, "Outlier factor must be above 1, got " + outlier);
	}

	public Updates withBatch(final int examples) {
		return new Updates(examples, optimizer, rate, warmUpSteps, finalRate, laterRate, clip, outlier);
	}

	/** With the rate usual for it. */
	public Updates withOptimizer(final Optimizer.Kind kind) {
		return new Updates(batch, kind, kind.usualRate(), warmUpSteps, finalRate, laterRate, clip, outlier);
	}

	public Updates withRate(final double largest) {
		return new Updates(batch, optimizer, largest, warmUpSteps, finalRate, laterRate, clip, outlier);
	}

	public Updates withWarmUpSteps(final int steps) {
		return new Updates(batch, optimizer, rate, steps, finalRate, laterRate, clip, outlier);
	}

	public Updates withFinalRate(final double fraction) {
		return new Updates(batch, optimizer, rate, warmUpSteps, fraction, laterRate, clip, outlier);
	}

	public Updates withLaterRate(final double factor) {
		return new Updates(batch, optimizer, rate, warmUpSteps, finalRate, factor, clip, outlier);
	}

	public Updates withClip(final double norm) {
		return new Updates(batch, optimizer, rate, warmUpSteps, finalRate, laterRate, norm, outlier);
	}

	public Updates withOutlier(final double times) {
		return new Updates(batch, optimizer, rate, warmUpSteps, finalRate, laterRate, clip, times);
	}

	/** Learning rate at {@code step} (from 0) of a phase of which the fraction {@code done} is over. */
	double rate(final Phase phase, final long step, final double done) {
		final double warm = warmUpSteps == 0 ? 1 : Math.min(1, (step + 1.0) / warmUpSteps);
		final double cosine = 0.5 + 0.5 * Math.cos(Math.PI * Math.min(1, done));
		final double part = phase.stages() == 1 && phase.first() == 0 ? 1 : laterRate;
		return rate * part * warm * (finalRate + (1 - finalRate) * cosine);
	}
}
