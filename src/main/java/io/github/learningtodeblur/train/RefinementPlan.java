package io.github.learningtodeblur.train;

import java.util.Collections;

import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;

/**
 * How a network that improves kernels is trained.
 *
 * @param spec see {@link ModelSpec#refining}
 * @param rounds so many times it is applied, and learns what to make of its own kernels
 * @param earlierLoss weight of the errors of all but the last stage
 */
public record RefinementPlan(ModelSpec spec, long seed, int rounds, double earlierLoss, Optimizer.Kind optimizer, double rate,
	int batch, Budget budget)
{

	/** Steps over which the rate grows, and what is left of it at the end. */
	private static final int WARM_UP = 50;
	private static final double FINAL_RATE = 0.02;

	public RefinementPlan {
		TrainingPlan.check(spec.refining(), "A network that improves kernels is needed");
		TrainingPlan.check(rounds >= 1, "Rounds must be at least 1, got " + rounds);
		TrainingPlan.check(earlierLoss >= 0, "Loss weight must not be negative, got " + earlierLoss);
		TrainingPlan.check(rate > 0, "Learning rate must be positive, got " + rate);
		TrainingPlan.check(batch >= 1, "Batch size must be positive, got " + batch);
	}

	/** @param stages of the network */
	public static ModelSpec spec(final int stages, final StageSpec stage) {
		return ModelSpec.refining(new ScaleSpec(33, "refine", Collections.nCopies(stages, stage)));
	}

	/** An hour. */
	public static RefinementPlan usual(final ModelSpec spec) {
		return new RefinementPlan(spec, 1, 3, 0.3, Optimizer.Kind.SOAP, 0.01, 4, Budget.ofMinutes(60));
	}

	/** Size of the kernels. */
	int kernel() {
		return spec.largestKernel();
	}

	/** Learning rate at a step (from 0), when the fraction {@code done} of the budget is used up. */
	double rate(final long step, final double done) {
		return rate * Math.min(1, (step + 1.0) / WARM_UP) * (FINAL_RATE + (1 - FINAL_RATE) * (0.5 + 0.5 * Math.cos(Math.PI *
			Math.min(1, done))));
	}
}
