package io.github.learningtodeblur.train;

import java.util.Arrays;
import java.util.List;

import io.github.learningtodeblur.net.MultiScaleNetwork;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.train.ExampleSource.Example;

/**
 * A step: forward and backward for a batch of examples, whose gradients are summed up on the device, then an update. The
 * sum is in the order of the examples, so that the result does not depend on the number of threads.
 */
final class TrainingStep {

	/** Examples of a phase before the running average is trusted to tell outliers. */
	static final int TRUSTED_AFTER = 200;

	private final TrainingPlan plan;
	private final Parameters trained;
	private final Optimizers optimizers;
	private final int last;
	private final float[] stageWeights;

	/**
	 * @param trained the weights that are trained, with the gradients of the networks
	 * @param stages number of stages of the finest scale
	 */
	TrainingStep(final TrainingPlan plan, final Parameters trained, final Optimizers optimizers, final int stages) {
		this.plan = plan;
		this.trained = trained;
		this.optimizers = optimizers;
		last = stages - 1;
		stageWeights = new float[stages];
		Arrays.fill(stageWeights, (float) plan.earlierLoss());
		stageWeights[last] = 1;
	}

	/** Section 3.3: above this error an example is not back-propagated. */
	static double limit(final Counters counters, final double outlier) {
		// the running average is over all scales taking turns: a coarse sieve is all this needs to be
		return counters.examples < TRUSTED_AFTER ? Double.POSITIVE_INFINITY : counters.loss * outlier;
	}

	/** With the next examples. */
	void run(final ScaleTurn turn, final double rate, final Counters counters) {
		final int n = plan.updates().batch();
		final float limit = (float) limit(counters, plan.updates().outlier());
		final float[] errors = new float[n], losses = new float[n];
		final List<Example> examples = turn.examples(counters.examples, n);
		trained.clearGradients();
		for (int from = 0; from < n; from += turn.portion()) {
			final MultiScaleNetwork network = turn.forward(examples.subList(from, from + turn.portion()));
			System.arraycopy(network.errors(last), 0, errors, from, turn.portion());
			System.arraycopy(network.losses(last), 0, losses, from, turn.portion());
			network.backward(stageWeights, limit);
		}
		int used = 0;
		for (final float loss : losses)
			if (loss <= limit) used++; // not what is not a number
		final boolean learned = used > 0 && optimizers.step(trained, used, plan.updates().clip(), rate);
		for (int i = 0; i < n; i++)
			if (learned && losses[i] <= limit) counters.addError(errors[i], losses[i]);
			else counters.skipped++;
		counters.addStep(n);
	}
}
