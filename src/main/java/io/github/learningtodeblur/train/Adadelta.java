package io.github.learningtodeblur.train;

import java.util.List;

/**
 * ADADELTA (Zeiler 2012) with decay 0.95 and epsilon 1e-6. The paper's "learning rate of 0.01" is the factor
 * of the update, which Zeiler's rule does not have.
 */
final class Adadelta implements Optimizer {

	private static final double DECAY = 0.95, EPSILON = 1e-6;

	private final float[] meanGradient2;
	private final float[] meanStep2;

	Adadelta(final int length) {
		meanGradient2 = new float[length];
		meanStep2 = new float[length];
	}

	@Override
	public void step(final float[] weights, final float[] gradient, final double rate) {
		for (int i = 0; i < weights.length; i++) {
			final double g = gradient[i];
			final double g2 = DECAY * meanGradient2[i] + (1 - DECAY) * g * g;
			final double step = -Math.sqrt((meanStep2[i] + EPSILON) / (g2 + EPSILON)) * g;
			meanGradient2[i] = (float) g2;
			meanStep2[i] = (float) (DECAY * meanStep2[i] + (1 - DECAY) * step * step);
			weights[i] += rate * step;
		}
	}

	@Override
	public List<float[]> state() {
		return List.of(meanGradient2, meanStep2);
	}
}
