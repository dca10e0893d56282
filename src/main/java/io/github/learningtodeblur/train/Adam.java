package io.github.learningtodeblur.train;

import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;

/** Adam (Kingma and Ba 2015), beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-8, with bias correction. On the device. */
final class Adam implements Optimizer {

	static final double BETA1 = 0.9, BETA2 = 0.999, EPSILON = 1e-8;

	private final Backend backend;
	private final Tensor mean;
	private final Tensor square;
	private long steps;

	Adam(final Backend backend, final int length) {
		this.backend = backend;
		mean = backend.allocate(1, 1, 1, length);
		square = backend.allocate(1, 1, 1, length);
	}

	@Override
	public void step(final Tensor weights, final Tensor gradient, final double factor, final double rate) {
		backend.adam(gradient, factor, BETA1, BETA2, EPSILON, ++steps, rate, mean, square, weights);
	}

	/** The number of steps as a float, exact up to 16 million, because a checkpoint holds nothing else. */
	@Override
	public List<float[]> state() {
		return List.of(backend.read(mean), backend.read(square), new float[] { steps });
	}

	@Override
	public void restore(final List<float[]> state) {
		backend.write(state.get(0), mean);
		backend.write(state.get(1), square);
		steps = (long) state.get(2)[0];
	}
}
