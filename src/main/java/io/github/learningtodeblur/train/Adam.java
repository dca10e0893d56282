package io.github.learningtodeblur.train;

import java.util.List;

/** Adam (Kingma and Ba 2015), beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-8, with bias correction. */
final class Adam implements Optimizer {

	private static final double BETA1 = 0.9, BETA2 = 0.999, EPSILON = 1e-8;

	private final float[] mean;
	private final float[] square;
	/** Steps done; a float, exact up to 16 million, because a checkpoint holds nothing else. */
	private final float[] steps = new float[1];

	Adam(final int length) {
		mean = new float[length];
		square = new float[length];
	}

	@Override
	public void step(final float[] weights, final float[] gradient, final double rate) {
		steps[0]++;
		final double correct1 = 1 - Math.pow(BETA1, steps[0]), correct2 = 1 - Math.pow(BETA2, steps[0]);
		for (int i = 0; i < weights.length; i++) {
			final double g = gradient[i];
			final double m = BETA1 * mean[i] + (1 - BETA1) * g;
			final double v = BETA2 * square[i] + (1 - BETA2) * g * g;
			mean[i] = (float) m;
			square[i] = (float) v;
			weights[i] -= rate * (m / correct1) / (Math.sqrt(v / correct2) + EPSILON);
		}
	}

	@Override
	public List<float[]> state() {
		return List.of(mean, square, steps);
	}
}
