package io.github.learningtodeblur.train;

import io.github.learningtodeblur.model.RestorationSpec;

/**
 * How a learned restoration is trained.
 *
 * @param canvas columns and rows that the network works on: blurry crops are as large as kernels leave room for
 * @param blur family of the true kernels, see {@link BlurFamilies}
 * @param smallest size of a kernel's frame, odd
 * @param largest size, odd
 * @param noise largest standard deviation; most examples have much less: it is the third power of an even distribution
 * @param unseen largest standard deviation of errors that are smooth, so that no estimate of the noise sees them, but stand
 *          for all that real pictures have and simulated ones have not; drawn evenly from 0
 * @param estimated share of the examples whose kernel was estimated, if there are any
 * @param earlierLoss weight of the errors of all but the last stage
 */
public record RestorationPlan(RestorationSpec spec, long seed, int canvas, String blur, int smallest, int largest,
	double noise, double unseen, double estimated, double earlierLoss, Optimizer.Kind optimizer, double rate, int batch, Budget budget)
{

	/** Steps over which the rate grows. */
	private static final int WARM_UP = 100;

	public RestorationPlan {
		BlurFamilies.of(blur); // or it is unknown
		TrainingPlan.check(3 <= smallest && smallest <= largest && smallest % 2 == 1 && largest % 2 == 1,
			"Kernel sizes must be odd, from 3 on, got " + smallest + " to " + largest);
		TrainingPlan.check(canvas >= 4 * largest, "The canvas must be four times as large as the largest kernel, " + largest +
			", got " + canvas);
		TrainingPlan.check(noise >= 0 && noise <= 1, "Noise must be 0 to 1, got " + noise);
		TrainingPlan.check(unseen >= 0 && unseen <= 1, "Unseen errors must be 0 to 1, got " + unseen);
		TrainingPlan.check(estimated >= 0 && estimated <= 1, "The share of estimated kernels must be 0 to 1, got " +
			estimated);
		TrainingPlan.check(earlierLoss >= 0, "Loss weight must not be negative, got " + earlierLoss);
		TrainingPlan.check(rate > 0, "Learning rate must be positive, got " + rate);
		TrainingPlan.check(batch >= 1, "Batch size must be positive, got " + batch);
	}

	/** An hour. */
	public static RestorationPlan usual(final RestorationSpec spec) {
		return new RestorationPlan(spec, 1, 160, "mixed", 9, 31, 0.07, 0, 0.5, 0.02, Optimizer.Kind.SOAP, 0.01, 4, Budget
			.ofMinutes(60));
	}

	/** Learning rate at a step (from 0), when the fraction {@code done} of the budget is used up. */
	double rate(final long step, final double done) {
		return RunState.rate(rate, WARM_UP, step, done);
	}
}
