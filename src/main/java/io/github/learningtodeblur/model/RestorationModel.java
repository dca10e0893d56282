package io.github.learningtodeblur.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.learningtodeblur.model.Safetensors.Contents;
import io.github.learningtodeblur.model.Safetensors.Entry;

/**
 * A learned restoration as it is saved. Knows no device.
 *
 * @param spec the layout
 * @param parameters by the names of {@link RestorationSpec#parameters}, in that order; not copied
 * @param description free texts, as of a {@link Model}
 */
public record RestorationModel(RestorationSpec spec, Map<String, float[]> parameters, Map<String, String> description) {

	/** Value of the metadata key {@code format}. */
	public static final String FORMAT = "deblur-restoration-2";

	/** Of model files. */
	public static final String EXTENSION = ".safetensors";

	/** Name of the one that {@code learned} stands for. */
	public static final String USUAL = "general";

	/** Restorations that come with this library lie here, beside the kernel networks. */
	private static final String FOLDER = "models/restoration/";

	/** Weights of the first and the second order at 1 % noise before training. */
	private static final double[] INITIAL_BETA = { 0.03, 0.01 };

	/** Before training a stage hardly corrects anything. */
	private static final float FIRST_CORRECTIONS = 0.03f;

	public RestorationModel {
		final LinkedHashMap<String, float[]> ordered = new LinkedHashMap<>();
		for (final Map.Entry<String, int[]> wanted : spec.parameters().entrySet()) {
			final String name = wanted.getKey();
			final float[] values = parameters.get(name);
			final int size = Arrays.stream(wanted.getValue()).reduce(1, Math::multiplyExact);
			if (values == null || values.length != size) throw new IllegalArgumentException("The parameter " + name +
				" needs " + size + " values, got " + (values == null ? "none" : "" + values.length));
			for (final float v : values)
				if (!Float.isFinite(v)) throw new IllegalArgumentException("Parameter " + name + " holds the value " + v);
			ordered.put(name, values);
		}
		for (final String name : parameters.keySet())
			if (!ordered.containsKey(name)) throw new IllegalArgumentException("Parameter " + name +
				" is not in the layout of this restoration");
		parameters = Collections.unmodifiableMap(ordered);
		description = Collections.unmodifiableMap(new LinkedHashMap<>(description));
	}

	/** Untrained; filters and recombinations as of kernel networks ({@link Model#initial}). */
	public static RestorationModel initial(final RestorationSpec spec, final long seed) {
		final Map<String, float[]> parameters = new LinkedHashMap<>();
		spec.parameters().forEach((name, shape) -> {
			final float[] values;
			if (name.endsWith("/log_beta")) values = new float[] { (float) Math.log(INITIAL_BETA[0]), (float) Math.log(
				INITIAL_BETA[1]) };
			else if (name.endsWith("/power")) values = new float[] { 1, 1 };
			else values = Model.initial(name, shape, seed);
			if (name.endsWith("/mix" + spec.layers())) for (int i = 0; i < values.length; i++)
				values[i] *= FIRST_CORRECTIONS;
			parameters.put(name, values);
		});
		return new RestorationModel(spec, parameters, Map.of());
	}

	/** As tensors and metadata; the maps are new and may be added to. */
	public Contents contents() {
		final LinkedHashMap<String, Entry> tensors = new LinkedHashMap<>();
		spec.parameters().forEach((name, shape) -> tensors.put(name, new Entry(shape, parameters.get(name))));
		final LinkedHashMap<String, String> metadata = new LinkedHashMap<>();
		metadata.put("format", FORMAT);
		metadata.put("spec", spec.json());
		metadata.putAll(description);
		return new Contents(tensors, metadata);
	}

	/**
	 * From tensors and metadata; those of a training run ({@link Models#TRAINING}) are passed over.
	 *
	 * @param file its name, for error messages
	 */
	public static RestorationModel of(final Contents contents, final String file) throws IOException {
		final LinkedHashMap<String, String> texts = new LinkedHashMap<>(contents.metadata());
		final String format = texts.remove("format"), json = texts.remove("spec");
		if (!FORMAT.equals(format) || json == null) throw new IOException(file + " is not a learned restoration: its format is " +
			(format == null ? "not given" : "'" + format + "'") + " where '" + FORMAT + "' is needed");
		try {
			final RestorationSpec spec = RestorationSpec.parse(json);
			final Map<String, int[]> shapes = spec.parameters();
			final Map<String, float[]> parameters = new LinkedHashMap<>();
			contents.tensors().forEach((name, entry) -> {
				if (name.startsWith(Models.TRAINING)) return;
				final int[] shape = shapes.get(name);
				if (shape != null && !Arrays.equals(shape, entry.shape())) throw new IllegalArgumentException("Parameter " + name +
					" must have the shape " + Arrays.toString(shape) + ", got " + Arrays.toString(entry.shape()));
				parameters.put(name, entry.values());
			});
			return new RestorationModel(spec, parameters, texts);
		}
		catch (final IllegalArgumentException e) {
			throw new IOException(file + " is not a valid restoration: " + e.getMessage(), e);
		}
	}

	/** @throws IOException with one sentence naming the file and what is wrong with it */
	public static RestorationModel read(final Path file) throws IOException {
		return of(Safetensors.read(file), file.toString());
	}

	/** One that comes with this library. */
	public static RestorationModel bundled(final String name) throws IOException {
		final String resource = FOLDER + name + EXTENSION;
		try (InputStream in = RestorationModel.class.getClassLoader().getResourceAsStream(resource)) {
			if (in == null) throw new IOException("No restoration '" + name + "' comes with this library");
			return of(Safetensors.read(in, resource), resource);
		}
	}

	/** Completely or not at all. */
	public void save(final Path file) throws IOException {
		Safetensors.write(file, contents());
	}
}
