package io.github.learningtodeblur.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;

import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.model.Safetensors;

/**
 * All a training run needs to go on: the model so far, the optimizer's state and the counters. Stored as a
 * model file with further tensors, so that a checkpoint can be used as a model, too.
 *
 * @param state of the optimizer, per parameter
 */
record Checkpoint(Model model, Map<String, List<float[]>> state, Counters counters) {

	private static final String COUNTERS = "training";

	void write(final Path file) throws IOException {
		final Map<String, String> description = new LinkedHashMap<>(model.description());
		description.put(COUNTERS, new Gson().toJson(counters));
		final Safetensors.Contents contents = Models.contents(model.withDescription(description));
		addState(state, contents);
		Safetensors.write(file, contents);
	}

	/** Array i of a weight's state becomes a tensor named by i and the weight. */
	static void addState(final Map<String, List<float[]>> state, final Safetensors.Contents to) {
		state.forEach((name, arrays) -> {
			for (int i = 0; i < arrays.size(); i++)
				to.tensors().put(Models.TRAINING + i + "/" + name, new Safetensors.Entry(new int[] { arrays.get(i).length }, arrays
					.get(i)));
		});
	}

	/** @param names of the weights */
	static Map<String, List<float[]>> state(final Safetensors.Contents contents, final Set<String> names) {
		final Map<String, List<float[]>> state = new LinkedHashMap<>();
		for (final String name : names)
			for (int i = 0;; i++) {
				final Safetensors.Entry e = contents.tensors().get(Models.TRAINING + i + "/" + name);
				if (e == null) break;
				state.computeIfAbsent(name, n -> new ArrayList<>()).add(e.values());
			}
		return state;
	}

	static Checkpoint read(final Path file) throws IOException {
		final Safetensors.Contents contents = Safetensors.read(file);
		final Model model = Models.model(contents, file.toString());
		final Map<String, String> description = new LinkedHashMap<>(model.description());
		final String json = description.remove(COUNTERS);
		if (json == null) throw new IOException(file + " is a model, but not a checkpoint of a training run");
		try {
			return new Checkpoint(model.withDescription(description), state(contents, model.spec().parameters().keySet()),
				new Gson().fromJson(json, Counters.class));
		}
		catch (final JsonParseException e) {
			throw new IOException(file + " has damaged counters: " + e.getMessage(), e);
		}
	}
}
