package io.github.learningtodeblur.train;

import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;

/**
 * ADADELTA (Zeiler 2012) with decay 0.95 and epsilon 1e-6. The paper's "learning rate of 0.01" is the factor
 * of the update, which Zeiler's rule does not have. On the device.
 */
final class Adadelta implements Optimizer {

	private static final double DECAY = 0.95, EPSILON = 1e-6;

	private final Backend backend;
	private final Tensor meanGradient2;
	private final Tensor meanStep2;

	Adadelta(final Backend backend, final int length) {
		this.backend = backend;
		meanGradient2 = backend.allocate(1, 1, 1, length);
		meanStep2 = backend.allocate(1, 1, 1, length);
	}

	@Override
	public void step(final Tensor weights, final Tensor gradient, final double factor, final double rate) {
		backend.adadelta(gradient, factor, DECAY, EPSILON, rate, meanGradient2, meanStep2, weights);
	}

	@Override
	public List<float[]> state() {
		return List.of(backend.read(meanGradient2), backend.read(meanStep2));
	}

	@Override
	public void restore(final List<float[]> state) {
		backend.write(state.get(0), meanGradient2);
		backend.write(state.get(1), meanStep2);
	}
}
