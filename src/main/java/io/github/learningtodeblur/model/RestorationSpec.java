package io.github.learningtodeblur.model;

import java.util.LinkedHashMap;
import java.util.Set;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

/**
 * The layout of a learned restoration: stages alike, each with weights of its own.
 *
 * @param stages number of them
 * @param filters per stage
 * @param filterSize side in pixels, odd
 * @param hidden images after the first recombination
 * @param layers of tanh and recombination
 */
public record RestorationSpec(int stages, int filters, int filterSize, int hidden, int layers) {

	/** What a stage sees: the image so far, and one with all details, noise among them. */
	public static final int INPUTS = 2;

	/** What a stage says: corrections to two differences of first order and three of second order. */
	public static final int CORRECTIONS = 5;

	/** Orders of differences, each with a weight of its own. */
	public static final int ORDERS = 2;

	private static final Set<String> FIELDS = Set.of("stages", "filters", "filterSize", "hidden", "layers");

	/** Twelve stages of 20 filters of 5x5: many small steps learn more than a few large ones. */
	public static final RestorationSpec USUAL = new RestorationSpec(12, 20, 5, 20, 2);

	public RestorationSpec {
		check("stages", stages, 16);
		check("filters", filters, 256);
		check("the filters' size", filterSize, 31);
		check("hidden images", hidden, 256);
		check("layers", layers, 8);
		if (filterSize % 2 == 0 || filterSize < 3) throw new IllegalArgumentException(
			"Filters must have an odd side of at least 3, got " + filterSize);
	}

	private static void check(final String what, final int value, final int max) {
		if (value < 1 || value > max) throw new IllegalArgumentException("The number of a restoration's " + what +
			" must be 1 to " + max + ", got " + value);
	}

	/** Of the parameters of a stage, counted from 0. */
	public static String prefix(final int stage) {
		return "restoration/" + (stage + 1) + "/";
	}

	/**
	 * Names and shapes of all parameters, in the order of computation. Per stage: {@code filters} (filters, 2, size,
	 * size); {@code mix1}, ..., (outputs, inputs), the last with {@link #CORRECTIONS} outputs; and {@code log_beta} and
	 * {@code power} (2), the logarithm of the weight of each order at 1 % noise, and how it grows with the noise's variance.
	 */
	public LinkedHashMap<String, int[]> parameters() {
		final LinkedHashMap<String, int[]> shapes = new LinkedHashMap<>();
		for (int s = 0; s < stages; s++) {
			shapes.put(prefix(s) + "filters", new int[] { filters, INPUTS, filterSize, filterSize });
			int images = filters;
			for (int l = 1; l <= layers; l++) {
				final int outputs = l == layers ? CORRECTIONS : hidden;
				shapes.put(prefix(s) + "mix" + l, new int[] { outputs, images });
				images = outputs;
			}
			shapes.put(prefix(s) + "log_beta", new int[] { ORDERS });
			shapes.put(prefix(s) + "power", new int[] { ORDERS });
		}
		return shapes;
	}

	/** One line, as it stands in model files. */
	public String json() {
		final JsonObject o = new JsonObject();
		o.addProperty("stages", stages);
		o.addProperty("filters", filters);
		o.addProperty("filterSize", filterSize);
		o.addProperty("hidden", hidden);
		o.addProperty("layers", layers);
		return o.toString();
	}

	/** @throws IllegalArgumentException if the text is not the JSON of a spec, or the spec is not valid */
	public static RestorationSpec parse(final String json) {
		try {
			final JsonObject o = JsonParser.parseString(json).getAsJsonObject();
			if (o.keySet().equals(FIELDS)) return new RestorationSpec(o.get("stages").getAsInt(), o.get("filters").getAsInt(), o
				.get("filterSize").getAsInt(), o.get("hidden").getAsInt(), o.get("layers").getAsInt());
		}
		catch (JsonParseException | IllegalStateException | UnsupportedOperationException | NumberFormatException e) {
			throw new IllegalArgumentException("Not the layout of a restoration: " + json, e);
		}
		throw new IllegalArgumentException("The layout of a restoration needs the fields " + FIELDS + ", got " + json);
	}
}
