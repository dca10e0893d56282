package io.github.learningtodeblur.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;

/**
 * A step: forward and backward for a batch of examples, then an update. Each example is run on one thread, and the
 * gradients are added in the order of the examples, so that the result does not depend on the number of threads.
 * Threads over the rows of one example after the other are slower.
 */
final class TrainingStep {

	/** Examples of a phase before the running average is trusted to tell outliers. */
	static final int TRUSTED_AFTER = 200;

	private final TrainingPlan plan;
	private final Backend backend;
	private final Parameters weights;
	/** Those with gradients. */
	private final List<String> names;
	private final int length;
	private final Map<String, int[]> shapes;
	private final Map<String, Optimizer> optimizers;
	private final int last;
	private final float[] stageWeights;

	/**
	 * @param trained the weights of a model that are trained
	 * @param optimizers of all weights, with what they know so far; those missing are added
	 * @param stages number of stages of the finest scale
	 */
	TrainingStep(final TrainingPlan plan, final Backend backend, final ModelSpec spec, final Parameters trained,
		final Map<String, Optimizer> optimizers, final int stages)
	{
		this.plan = plan;
		this.backend = backend;
		this.weights = trained;
		this.optimizers = optimizers;
		names = List.copyOf(trained.trained());
		length = names.stream().mapToInt(n -> trained.value(n).size()).sum();
		shapes = spec.parameters();
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
		final float[][] gradients = new float[n][];
		final double[] errors = new double[n], losses = new double[n];
		final double limit = limit(counters, plan.updates().outlier());
		final long first = counters.examples;
		Threads.forEach(n, i -> Parallelization.runSingleThreaded(() -> turn.run(first + i, net -> {
			errors[i] = net.errors(last)[0];
			losses[i] = plan.loss().relative() ? errors[i] : net.losses(last)[0];
			if (losses[i] <= limit) { // false for NaN, too
				net.parameters().clearGradients();
				net.backward(stageWeights, Float.POSITIVE_INFINITY);
				gradients[i] = gradients(net.parameters());
			}
		})));
		final float[] sum = new float[length];
		int used = 0;
		for (int i = 0; i < n; i++) {
			if (gradients[i] == null || !finite(gradients[i])) {
				counters.skipped++;
				continue;
			}
			used++;
			for (int j = 0; j < sum.length; j++)
				sum[j] += gradients[i][j];
			counters.addError(errors[i], losses[i]);
		}
		counters.addStep(n);
		if (used == 0) return;
		toMean(sum, used, plan.updates().clip());
		update(sum, rate);
	}

	/** @param clip largest norm of the mean */
	private static void toMean(final float[] sum, final int count, final double clip) {
		double norm = 0;
		for (final float g : sum)
			norm += (double) g * g;
		norm = Math.sqrt(norm) / count;
		final float scale = (float) (Math.min(1, clip / norm) / count);
		for (int j = 0; j < sum.length; j++)
			sum[j] *= scale;
	}

	private static boolean finite(final float[] a) {
		float sum = 0;
		for (final float v : a)
			sum += v * 0; // NaN and infinity leave a NaN
		return sum == 0;
	}

	/** All gradients, one after the other. */
	private float[] gradients(final Parameters p) {
		final float[] all = new float[length];
		int at = 0;
		for (final String name : names) {
			final float[] g = new float[p.value(name).size()];
			backend.read(p.gradient(name), g);
			System.arraycopy(g, 0, all, at, g.length);
			at += g.length;
		}
		return all;
	}

	/** The parameters side by side: a step of {@link Soap} takes its time. */
	private void update(final float[] gradient, final double rate) {
		final int[] starts = new int[names.size()];
		final List<float[]> values = new ArrayList<>();
		final Map<String, float[]> changed = new LinkedHashMap<>();
		for (int i = 0, at = 0; i < starts.length; i++) {
			final String name = names.get(i);
			final float[] w = new float[weights.value(name).size()];
			starts[i] = at;
			at += w.length;
			backend.read(weights.value(name), w);
			values.add(w);
			changed.put(name, w);
			optimizers.computeIfAbsent(name, k -> plan.updates().optimizer().create(shapes.get(k)));
		}
		Threads.forEach(starts.length, i -> {
			final float[] w = values.get(i);
			optimizers.get(names.get(i)).step(w, Arrays.copyOfRange(gradient, starts[i], starts[i] + w.length), rate);
		});
		weights.write(changed);
	}
}
