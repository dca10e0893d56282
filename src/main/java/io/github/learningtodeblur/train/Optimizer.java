package io.github.learningtodeblur.train;

import java.util.List;

/** An update rule for one array of weights, with its state. */
public interface Optimizer {

	/** The rules a {@link TrainingPlan} can name. */
	enum Kind {
			/** Zeiler 2012, the paper's choice. */
			ADADELTA,
			/** Kingma and Ba 2015. */
			ADAM;

		Optimizer create(final int length) {
			return this == ADAM ? new Adam(length) : new Adadelta(length);
		}
	}

	/**
	 * Changes the weights in place.
	 *
	 * @param gradient of the loss, as long as {@code weights}
	 * @param rate learning rate
	 */
	void step(float[] weights, float[] gradient, double rate);

	/** The arrays a checkpoint must hold; written to when a run is resumed. */
	List<float[]> state();
}
