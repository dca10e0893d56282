package io.github.learningtodeblur.backend.cpu;

import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;

/** Updates of weights, which are too few to be worth threads. Sums and roots are taken in double precision. */
final class UpdateLoops {

	private UpdateLoops() {}

	/** See {@link Backend#squareSum}. */
	static double squareSum(final List<Tensor> tensors) {
		double sum = 0;
		for (final Tensor t : tensors)
			for (final float v : HostBuffer.of(t))
				sum += (double) v * v;
		return sum;
	}

	/** See {@link Backend#adadelta}. */
	static void adadelta(final Tensor gradient, final double factor, final double decay, final double epsilon,
		final double rate, final Tensor squares, final Tensor steps, final Tensor weights)
	{
		final float[] d = HostBuffer.of(gradient), g2 = HostBuffer.of(squares), x2 = HostBuffer.of(steps), w = HostBuffer.of(
			weights);
		for (int i = 0; i < w.length; i++) {
			final double g = factor * d[i], square = decay * g2[i] + (1 - decay) * g * g;
			final double step = -Math.sqrt((x2[i] + epsilon) / (square + epsilon)) * g;
			g2[i] = (float) square;
			x2[i] = (float) (decay * x2[i] + (1 - decay) * step * step);
			w[i] += rate * step;
		}
	}

	/** See {@link Backend#adam}. */
	static void adam(final Tensor gradient, final double factor, final double beta1, final double beta2,
		final double epsilon, final long step, final double rate, final Tensor mean, final Tensor squares,
		final Tensor weights)
	{
		final float[] d = HostBuffer.of(gradient), m = HostBuffer.of(mean), v = HostBuffer.of(squares), w = HostBuffer.of(
			weights);
		final double correct1 = 1 - Math.pow(beta1, step), correct2 = 1 - Math.pow(beta2, step);
		for (int i = 0; i < w.length; i++) {
			final double g = factor * d[i], first = beta1 * m[i] + (1 - beta1) * g, second = beta2 * v[i] + (1 - beta2) * g * g;
			m[i] = (float) first;
			v[i] = (float) second;
			w[i] -= rate * (first / correct1) / (Math.sqrt(second / correct2) + epsilon);
		}
	}
}
