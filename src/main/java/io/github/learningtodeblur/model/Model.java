package io.github.learningtodeblur.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A network as it is saved: layout, weights, and what a reader should know about it. Knows no device. The
 * maps cannot be changed; the arrays are not copied, so that a trainer can write them back in place.
 *
 * @param spec the layout
 * @param parameters every parameter of {@link ModelSpec#parameters()} by name, in that order, row by row
 * @param description free texts by key, in the order to be saved; the usual keys are {@link #KEYS}, and
 *          {@code format} and {@code spec} are not allowed (the file format uses them)
 */
public record Model(ModelSpec spec, Map<String, float[]> parameters,
	Map<String, String> description)
{

	/** Keys of {@link #description} in use; the words are those of bioimage.io where it has one. */
	public static final List<String> KEYS = List.of("description", "authors", "cite", "license",
		"training_data", "noise", "steps", "seed", "documentation", "plan", "mean_of");

	/** L2 norm of every initial filter, all its input images together. */
	public static final double INITIAL_FILTER_NORM = 3;

	/** Initial beta_k, the paper's value (Sec. 3.1.2). */
	public static final double INITIAL_BETA_K = 1e-4;

	/** Initial beta_x; the paper gives none. */
	public static final double INITIAL_BETA_X = 1e-2;

	/**
	 * @throws IllegalArgumentException if a parameter is missing, has another number of values than its shape,
	 *           holds a NaN or an infinite value, or is not in the spec
	 */
	public Model {
		final LinkedHashMap<String, float[]> ordered = new LinkedHashMap<>();
		for (final Map.Entry<String, int[]> wanted : spec.parameters().entrySet()) {
			final String name = wanted.getKey();
			final float[] values = parameters.get(name);
			if (values == null) throw new IllegalArgumentException("Parameter " + name + " is missing");
			if (values.length != size(wanted.getValue())) throw new IllegalArgumentException("Parameter " +
				name + " needs " + size(wanted.getValue()) + " values for its shape " + Arrays.toString(wanted
					.getValue()) + ", got " + values.length);
			for (final float v : values)
				if (!Float.isFinite(v)) throw new IllegalArgumentException("Parameter " + name +
					" holds the value " + v);
			ordered.put(name, values);
		}
		for (final String name : parameters.keySet())
			if (!ordered.containsKey(name)) throw new IllegalArgumentException("Parameter " + name +
				" is not in the model's spec");
		for (final String key : List.of("format", "spec"))
			if (description.containsKey(key)) throw new IllegalArgumentException(
				"A description must not use the key '" + key + "'");
		parameters = Collections.unmodifiableMap(ordered);
		description = Collections.unmodifiableMap(new LinkedHashMap<>(description));
	}

	/**
	 * The values of one parameter, not copied.
	 *
	 * @throws IllegalArgumentException if the model has no parameter of that name
	 */
	public float[] parameter(final String name) {
		final float[] values = parameters.get(name);
		if (values == null) throw new IllegalArgumentException("No parameter " + name +
			" in this model; it has " + parameters.keySet());
		return values;
	}

	/** The same weights with other texts. */
	public Model withDescription(final Map<String, String> texts) {
		return new Model(spec, parameters, texts);
	}

	/**
	 * The network whose weights are the means of several networks' that went on from the same one: what each has learned beyond it is
	 * found in their mean, if they did not go too far apart (Wortsman et al., <em>Model soups</em>, ICML 2022).
	 *
	 * @param models of one layout, at least one
	 * @return with the description of the first
	 * @throws IllegalArgumentException if layouts differ
	 */
	public static Model mean(final List<Model> models) {
		final Model first = models.get(0);
		final LinkedHashMap<String, float[]> means = new LinkedHashMap<>();
		for (final Model model : models)
			if (!model.spec.equals(first.spec)) throw new IllegalArgumentException(
				"Only networks of one layout have a mean, got " + first.spec + " and " + model.spec);
		for (final String name : first.parameters.keySet()) {
			final float[] mean = new float[first.parameter(name).length];
			for (int i = 0; i < mean.length; i++) {
				final int at = i;
				mean[i] = (float) models.stream().mapToDouble(m -> m.parameter(name)[at]).average().orElseThrow();
			}
			means.put(name, mean);
		}
		return new Model(first.spec, means, first.description);
	}

	/**
	 * Untrained weights. Filters are Gaussian with the mean of every filter and input image taken off (images
	 * are in [0, 1]: a mean would drive the tanh into saturation) and scaled to {@link #INITIAL_FILTER_NORM};
	 * recombinations are Gaussian with standard deviation 1 / sqrt(inputs). A parameter's values depend on
	 * the seed and its own name and shape only: adding stages leaves those before as they were.
	 *
	 * @param seed any number; equal seeds give equal weights on every machine
	 */
	public static Model initial(final ModelSpec spec, final long seed) {
		final LinkedHashMap<String, float[]> parameters = new LinkedHashMap<>();
		spec.parameters().forEach((name, shape) -> parameters.put(name, initial(name, shape, seed)));
		return new Model(spec, parameters, Map.of());
	}

	/**
	 * Untrained values of a single parameter, as in {@link #initial(ModelSpec, long)}.
	 *
	 * @param name as in {@link ModelSpec#parameters()}
	 * @param shape its shape
	 */
	public static float[] initial(final String name, final int[] shape, final long seed) {
		final float[] values = new float[size(shape)];
		final String kind = name.substring(name.lastIndexOf('/') + 1);
		// java.util.Random: the only generator whose Gaussian numbers are specified to the last bit
		final Random random = new Random(seed * 0x9E3779B97F4A7C15L + name.hashCode());
		switch (kind) {
			case "log_beta_k" -> values[0] = (float) Math.log(INITIAL_BETA_K);
			case "log_beta_x" -> values[0] = (float) Math.log(INITIAL_BETA_X);
			case "filters" -> {
				final int area = shape[2] * shape[3];
				final double[] filter = new double[shape[1] * area];
				for (int f = 0; f < shape[0]; f++) {
					double norm = 0;
					for (int c = 0; c < shape[1]; c++) {
						double mean = 0;
						for (int i = c * area; i < (c + 1) * area; i++)
							mean += (filter[i] = random.nextGaussian()) / area;
						for (int i = c * area; i < (c + 1) * area; i++) {
							filter[i] -= mean;
							norm += filter[i] * filter[i];
						}
					}
					final double scale = INITIAL_FILTER_NORM / Math.sqrt(norm);
					for (int i = 0; i < filter.length; i++)
						values[f * filter.length + i] = (float) (scale * filter[i]);
				}
			}
			default -> {
				if (!kind.startsWith("mix")) throw new IllegalArgumentException("Unknown kind of parameter: " +
					name);
				final double deviation = 1 / Math.sqrt(shape[1]);
				for (int i = 0; i < values.length; i++)
					values[i] = (float) (deviation * random.nextGaussian());
			}
		}
		return values;
	}

	private static int size(final int[] shape) {
		return Arrays.stream(shape).reduce(1, Math::multiplyExact);
	}
}
