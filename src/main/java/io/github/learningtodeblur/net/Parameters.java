package io.github.learningtodeblur.net;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.model.RestorationSpec;

/**
 * The weights of a model on a device, and gradients for those that are trained. Several networks may share
 * the values; gradients belong to one.
 */
public final class Parameters {

	private final Backend backend;
	private final Map<String, Tensor> values;
	private final Map<String, Tensor> gradients = new LinkedHashMap<>();

	private Parameters(final Backend backend, final Map<String, Tensor> values,
		final Set<String> trained)
	{
		this.backend = backend;
		this.values = values;
		for (final Map.Entry<String, Tensor> e : values.entrySet())
			if (trained.contains(e.getKey())) {
				final Tensor t = e.getValue();
				gradients.put(e.getKey(), backend.allocate(t.batch(), t.channels(), t.height(), t.width()));
			}
	}

	/** Copies the model's weights to the device. */
	public static Parameters of(final Backend backend, final Model model) {
		return of(backend, model.spec().parameters(), model.parameters());
	}

	/** Copies a learned restoration's weights to the device. */
	public static Parameters of(final Backend backend, final RestorationModel model) {
		return of(backend, model.spec().parameters(), model.parameters());
	}

	private static Parameters of(final Backend backend, final Map<String, int[]> shapes,
		final Map<String, float[]> parameters)
	{
		final Map<String, Tensor> values = new LinkedHashMap<>();
		for (final Map.Entry<String, int[]> e : shapes.entrySet()) {
			final int[] s = e.getValue();
			// filters are (n, inputs, k, k), mixings (out, in), betas (1)
			final Tensor t = s.length == 4 ? backend.allocate(s[0], s[1], s[2], s[3]) : s.length == 2
				? backend.allocate(1, 1, s[0], s[1]) : backend.allocate(1, 1, 1, s[0]);
			backend.write(parameters.get(e.getKey()), t);
			values.put(e.getKey(), t);
		}
		return new Parameters(backend, values, Set.of());
	}

	/** The same values with gradients of their own for the parameters named. */
	public Parameters trained(final Set<String> names) {
		return new Parameters(backend, values, names);
	}

	/** The same values on another device, or on this one. */
	public Parameters copied(final Backend to) {
		final Map<String, Tensor> copies = new LinkedHashMap<>();
		values.forEach((name, t) -> {
			final float[] v = new float[t.size()];
			backend.read(t, v);
			final Tensor copy = to.allocate(t.batch(), t.channels(), t.height(), t.width());
			to.write(v, copy);
			copies.put(name, copy);
		});
		return new Parameters(to, copies, Set.of());
	}

	/** Overwrites the values on the device, for all networks that share them. */
	public void write(final Map<String, float[]> from) {
		from.forEach((name, v) -> backend.write(v, value(name)));
	}

	/** A model with the values the device holds now. */
	public Model read(final ModelSpec spec, final Map<String, String> description) {
		return new Model(spec, read(spec.parameters().keySet()), description);
	}

	/** A learned restoration with the values the device holds now. */
	public RestorationModel read(final RestorationSpec spec, final Map<String, String> description) {
		return new RestorationModel(spec, read(spec.parameters().keySet()), description);
	}

	private Map<String, float[]> read(final Set<String> names) {
		final Map<String, float[]> all = new LinkedHashMap<>();
		for (final String name : names) {
			final float[] v = new float[value(name).size()];
			backend.read(value(name), v);
			all.put(name, v);
		}
		return all;
	}

	public Tensor value(final String name) {
		final Tensor t = values.get(name);
		if (t == null) throw new IllegalArgumentException("The model has no parameter " + name);
		return t;
	}

	/** Null if the parameter is not trained. */
	public Tensor gradient(final String name) {
		return gradients.get(name);
	}

	/** Names of the trained parameters, in the model's order. */
	public Set<String> trained() {
		return gradients.keySet();
	}

	public void clearGradients() {
		gradients.values().forEach(g -> backend.fill(g, 0));
	}
}
