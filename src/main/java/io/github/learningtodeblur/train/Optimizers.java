package io.github.learningtodeblur.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.util.Threads;

/** The update rules of all weights of a run, with their states. */
final class Optimizers {

	private final Backend backend;
	private final Optimizer.Kind kind;
	private final Map<String, int[]> shapes;
	private final Map<String, Optimizer> byName = new LinkedHashMap<>();

	/** @param shapes of the weights, by name, see {@link Optimizer.Kind#create} */
	Optimizers(final Backend backend, final Optimizer.Kind kind, final Map<String, int[]> shapes) {
		this.backend = backend;
		this.kind = kind;
		this.shapes = shapes;
	}

	/**
	 * Changes the trained weights by the mean gradient, unless that has values that are not finite.
	 *
	 * @param trained with the sum of the gradients of some examples
	 * @param examples their number, at least 1
	 * @param clip largest norm of the mean; a longer one is shortened to this
	 * @param rate learning rate
	 * @return whether the gradient was finite
	 */
	boolean step(final Parameters trained, final int examples, final double clip, final double rate) {
		final List<String> names = List.copyOf(trained.trained());
		final List<Tensor> gradients = names.stream().map(trained::gradient).toList();
		final double norm = Math.sqrt(backend.squareSum(gradients)) / examples;
		if (!Double.isFinite(norm)) return false;
		final double factor = Math.min(1, clip / norm) / examples;
		final List<Optimizer> rules = names.stream().map(this::of).toList();
		// side by side: a step of SOAP takes its time
		Threads.forEach(rules.size(), i -> rules.get(i).step(trained.value(names.get(i)), gradients.get(i), factor, rate));
		return true;
	}

	private Optimizer of(final String name) {
		return byName.computeIfAbsent(name, n -> kind.create(backend, shapes.get(n)));
	}

	/** Forgets all. */
	void clear() {
		byName.clear();
	}

	/** What a checkpoint must hold, by name of the weights. */
	Map<String, List<float[]>> state() {
		final Map<String, List<float[]>> all = new LinkedHashMap<>();
		byName.forEach((name, o) -> all.put(name, o.state()));
		return all;
	}

	void restore(final Map<String, List<float[]>> state) {
		state.forEach((name, arrays) -> of(name).restore(arrays));
	}
}
