package io.github.learningtodeblur.train;

import java.util.List;
import java.util.Locale;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;

/** An update rule for one tensor of weights, with its state: on the device, or on the host, as the rule is. */
public interface Optimizer {

	/** The rules a {@link TrainingPlan} can name. */
	enum Kind {
			/** Zeiler 2012, the paper's choice. */
			ADADELTA,
			/** Kingma and Ba 2015. */
			ADAM,
			/** Vyas et al. 2024; for single values the same as Adam. */
			SOAP;

		/** Learning rate that did best, see TRAINING.md; for Adadelta the paper's. */
		public double usualRate() {
			return this == SOAP ? 0.03 : 0.01;
		}

		/** @throws IllegalArgumentException if there is none of that name */
		public static Kind named(final String name) {
			try {
				return valueOf(name.strip().toUpperCase(Locale.ROOT));
			}
			catch (final IllegalArgumentException e) {
				throw new IllegalArgumentException("The optimizer is soap, adam or adadelta, got " + name);
			}
		}

		/** @param shape of the weights; a matrix has one row per filter or output */
		Optimizer create(final Backend backend, final int... shape) {
			int length = 1;
			for (final int n : shape)
				length *= n;
			return switch (this) {
				case ADADELTA -> new Adadelta(backend, length);
				case ADAM -> new Adam(backend, length);
				case SOAP -> shape.length == 1 ? new Adam(backend, length) : new Soap(backend, shape[0], length / shape[0]);
			};
		}
	}

	/**
	 * Changes the weights in place. The rules of several weights may do so at once.
	 *
	 * @param gradient times {@code factor} that of the loss, as large as {@code weights}
	 * @param rate learning rate
	 */
	void step(Tensor weights, Tensor gradient, double factor, double rate);

	/** The arrays a checkpoint must hold. */
	List<float[]> state();

	/** @param state as {@link #state} gave it */
	void restore(List<float[]> state);
}
