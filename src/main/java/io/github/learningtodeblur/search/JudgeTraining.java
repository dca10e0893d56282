package io.github.learningtodeblur.search;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Trains a {@link Judge}: all examples in every step, Adam, weight decay; some hundred lines of a table are enough, and
 * take seconds.
 *
 * @param networks whose mean is taken
 * @param units of tanh in each; with one, examples are ordered by a weighted sum
 * @param steps of Adam
 * @param decay price of the squared weights, per example
 */
record JudgeTraining(int networks, int units, int steps, double decay, long seed) {

	/** What the judge's numbers are to be. */
	@FunctionalInterface
	interface Goal {

		/** Derivative, by each number, of what is to become small: a mean over examples. */
		double[] gradient(double[] judged);
	}

	/** Logits of probabilities; targets are 0 or 1. */
	static Goal yesOrNo(final double[] targets, final double[] weights) {
		final double total = Arrays.stream(weights).sum();
		return judged -> IntStream.range(0, judged.length).mapToDouble(i -> weights[i] / total * (1 / (1 + Math.exp(
			-judged[i])) - targets[i])).toArray();
	}

	/** The targets themselves, by least squares. */
	static Goal numbers(final double[] targets, final double[] weights) {
		final double total = Arrays.stream(weights).sum();
		return judged -> IntStream.range(0, judged.length).mapToDouble(i -> weights[i] / total * (judged[i] - targets[i]))
			.toArray();
	}

	/**
	 * Lowest where the costs are: those expected if of each group one example is drawn, with the softmax of the judge's
	 * numbers as probabilities.
	 *
	 * @param groups of each example, from 0, neighbours; those below 0 do not count
	 */
	static Goal choice(final double[] costs, final int[] groups) {
		final long count = Arrays.stream(groups).filter(g -> g >= 0).distinct().count();
		return judged -> {
			final double[] gradient = new double[judged.length];
			for (int from = 0, to = 0; from < judged.length; from = to) {
				double least = Double.POSITIVE_INFINITY, sum = 0, expected = 0;
				for (; to < judged.length && groups[to] == groups[from]; to++)
					least = Math.min(least, judged[to]);
				if (groups[from] < 0) continue;
				for (int i = from; i < to; i++) {
					gradient[i] = Math.exp(least - judged[i]);
					sum += gradient[i];
				}
				for (int i = from; i < to; i++)
					expected += gradient[i] / sum * costs[i];
				for (int i = from; i < to; i++)
					gradient[i] *= (expected - costs[i]) / sum / count;
			}
			return gradient;
		};
	}

	private static final double RATE = 0.01, FIRST = 0.9, SECOND = 0.999;

	/** Deviation of a number that is always the same. */
	private static final double LEAST_DEVIATION = 1e-6;

	/** @param goal for the judge's numbers of these examples */
	Judge train(final List<String> names, final double[][] examples, final Goal goal) {
		final int n = names.size();
		final float[] mean = new float[n], deviation = new float[n];
		for (int i = 0; i < n; i++) {
			final int at = i;
			final double[] values = Arrays.stream(examples).mapToDouble(e -> e[at]).filter(Double::isFinite).toArray();
			final double m = Arrays.stream(values).average().orElse(0);
			mean[i] = (float) m;
			deviation[i] = (float) Math.max(LEAST_DEVIATION, Math.sqrt(Arrays.stream(values).map(v -> (v - m) * (v - m))
				.average().orElse(1)));
		}
		final double[][] in = Arrays.stream(examples).map(e -> Judge.standardised(e, mean, deviation)).toArray(
			double[][]::new);
		final int inner = units * (n + 1), outer = units + 1;
		final float[] hidden = new float[networks * inner], out = new float[networks * outer];
		for (int network = 0; network < networks; network++) {
			final double[] p = network(in, goal, n, new SplittableRandom(seed + network));
			for (int i = 0; i < inner; i++)
				hidden[network * inner + i] = (float) p[i];
			for (int i = 0; i < outer; i++)
				out[network * outer + i] = (float) p[inner + i];
		}
		return new Judge(names, mean, deviation, hidden, out, networks, units);
	}

	/** @return units by inputs and bias, then the weights of the units and the last bias */
	private double[] network(final double[][] in, final Goal goal, final int n, final SplittableRandom random)
	{
		final int inner = units * (n + 1);
		final double[] p = new double[inner + units + 1], g = new double[p.length], m = new double[p.length], v =
			new double[p.length], judged = new double[in.length];
		final double[][] h = new double[in.length][units];
		for (int i = 0; i < p.length; i++)
			p[i] = random.nextGaussian() * (i < inner ? 0.5 / Math.sqrt(n) : i < p.length - 1 ? 0.3 : 0);
		for (int step = 1; step <= steps; step++) {
			for (int i = 0; i < p.length; i++)
				g[i] = decay * p[i];
			for (int e = 0; e < in.length; e++) {
				judged[e] = p[p.length - 1];
				for (int u = 0, at = 0; u < units; u++) {
					double a = 0;
					for (int i = 0; i < n; i++)
						a += p[at++] * in[e][i];
					h[e][u] = Math.tanh(a + p[at++]);
					judged[e] += p[inner + u] * h[e][u];
				}
			}
			final double[] errors = goal.gradient(judged);
			for (int e = 0; e < in.length; e++) {
				if (errors[e] == 0) continue;
				g[p.length - 1] += errors[e];
				for (int u = 0, at = 0; u < units; u++) {
					g[inner + u] += errors[e] * h[e][u];
					final double back = errors[e] * p[inner + u] * (1 - h[e][u] * h[e][u]);
					for (int i = 0; i < n; i++)
						g[at++] += back * in[e][i];
					g[at++] += back;
				}
			}
			final double rate = RATE * Math.min(1, 2 * (1 - (double) step / (steps + 1))); // falls in the second half
			for (int i = 0; i < p.length; i++) {
				m[i] = FIRST * m[i] + (1 - FIRST) * g[i];
				v[i] = SECOND * v[i] + (1 - SECOND) * g[i] * g[i];
				p[i] -= rate * m[i] / (1 - Math.pow(FIRST, step)) / (Math.sqrt(v[i] / (1 - Math.pow(SECOND, step))) + 1e-8);
			}
		}
		return p;
	}
}
