package io.github.learningtodeblur.train;

import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;

/**
 * How a network that improves kernels is trained.
 *
 * @param spec see {@link ModelSpec#refining()}
 * @param kernelLoss weight of the kernels' errors beside the logarithm of the images' errors
 */
public record RefinementPlan(ModelSpec spec, long seed, double kernelLoss, Optimizer.Kind optimizer, double rate, int batch,
	Budget budget)
{

	/** Size of the kernels: what is learned serves for others, too. */
	private static final int KERNEL = 33;

	/** Steps over which the rate grows. */
	private static final int WARM_UP = 50;

	public RefinementPlan {
		TrainingPlan.check(spec.refining(), "A network that improves kernels is needed");
		TrainingPlan.check(kernelLoss >= 0, "Loss weight must not be negative, got " + kernelLoss);
		TrainingPlan.check(rate > 0, "Learning rate must be positive, got " + rate);
		TrainingPlan.check(batch >= 1, "Batch size must be positive, got " + batch);
	}

	/** The network that one stage makes. */
	public static ModelSpec spec(final StageSpec stage) {
		return ModelSpec.refining(KERNEL, stage);
	}

	/** An hour. */
	public static RefinementPlan usual(final ModelSpec spec) {
		return new RefinementPlan(spec, 1, 0.1, Optimizer.Kind.SOAP, 0.006, 4, Budget.ofMinutes(60));
	}

	/** Learning rate at a step (from 0), when the fraction {@code done} of the budget is used up. */
	double rate(final long step, final double done) {
		return RunState.rate(rate, WARM_UP, step, done);
	}
}
