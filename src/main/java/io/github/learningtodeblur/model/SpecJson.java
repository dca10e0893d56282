package io.github.learningtodeblur.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;

/**
 * A {@link ModelSpec} as one line of JSON, as it stands in model files. What came later ("normalized", "sharpening")
 * is only written where it is used, so that older files are read, and written again, as they were.
 */
public final class SpecJson {

	private static final String NORMALIZED = "normalized", REFINING = "refining", SHARPENING = "sharpening";
	private static final Set<String> STAGE = Set.of("filters", "filterSize", "hidden", "layers", "pairs", "learnBetaK");

	private SpecJson() {}

	/** Equal specs give equal text. */
	public static String write(final ModelSpec spec) {
		final JsonArray scales = new JsonArray();
		for (final ScaleSpec scale : spec.scales()) {
			final JsonArray stages = new JsonArray();
			scale.stages().forEach(s -> stages.add(stage(s)));
			final JsonObject o = new JsonObject();
			o.addProperty("kernel", scale.kernel());
			o.addProperty("weights", scale.weights());
			o.add("stages", stages);
			if (scale.sharpening() > 0) o.addProperty(SHARPENING, scale.sharpening());
			scales.add(o);
		}
		final JsonObject o = new JsonObject();
		o.add("scales", scales);
		if (spec.normalized()) o.addProperty(NORMALIZED, true);
		if (spec.refining()) o.addProperty(REFINING, true);
		return o.toString();
	}

	private static JsonObject stage(final StageSpec stage) {
		final JsonObject o = new JsonObject();
		o.addProperty("filters", stage.filters());
		o.addProperty("filterSize", stage.filterSize());
		o.addProperty("hidden", stage.hidden());
		o.addProperty("layers", stage.layers());
		o.addProperty("pairs", stage.pairs());
		o.addProperty("learnBetaK", stage.learnBetaK());
		return o;
	}

	/**
	 * Reads what {@link #write} wrote. All other fields must be there, and none besides: a network with an unknown
	 * field would be computed differently from what its author meant.
	 *
	 * @throws IllegalArgumentException if the text is not the JSON of a spec, or the spec is not valid
	 */
	public static ModelSpec read(final String json) {
		try {
			final JsonObject spec = object(JsonParser.parseString(json), Set.of("scales"), Set.of(NORMALIZED, REFINING));
			final List<ScaleSpec> scales = new ArrayList<>();
			for (final JsonElement element : spec.getAsJsonArray("scales"))
				scales.add(scale(object(element, Set.of("kernel", "weights", "stages"), Set.of(SHARPENING))));
			return new ModelSpec(scales, isSet(spec, NORMALIZED), isSet(spec, REFINING));
		}
		catch (JsonParseException | ClassCastException | IllegalStateException
				| UnsupportedOperationException | NumberFormatException e)
		{
			throw new IllegalArgumentException("Not the JSON of a model spec: " + e.getMessage(), e);
		}
	}

	private static ScaleSpec scale(final JsonObject scale) {
		final List<StageSpec> stages = new ArrayList<>();
		for (final JsonElement element : scale.getAsJsonArray("stages")) {
			final JsonObject s = object(element, STAGE, Set.of());
			stages.add(new StageSpec(s.get("filters").getAsInt(), s.get("filterSize").getAsInt(), s.get("hidden")
				.getAsInt(), s.get("layers").getAsInt(), s.get("pairs").getAsInt(), s.get("learnBetaK").getAsBoolean()));
		}
		return new ScaleSpec(scale.get("kernel").getAsInt(), scale.get("weights").getAsString(), stages, scale.has(
			SHARPENING) ? scale.get(SHARPENING).getAsDouble() : 0);
	}

	private static boolean isSet(final JsonObject object, final String field) {
		return object.has(field) && object.get(field).getAsBoolean();
	}

	/** @param optional may be missing */
	private static JsonObject object(final JsonElement element, final Set<String> fields, final Set<String> optional) {
		final JsonObject object = element.getAsJsonObject();
		final Set<String> has = new HashSet<>(object.keySet());
		has.removeAll(optional);
		if (!has.equals(fields)) throw new IllegalArgumentException("A model spec needs the fields " + fields + ", got " +
			object.keySet());
		return object;
	}
}
