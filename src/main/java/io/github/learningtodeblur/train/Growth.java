package io.github.learningtodeblur.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;

/** Weights for a larger model: what the old one has, and a start for the rest. */
final class Growth {

	private Growth() {}

	/** Whether a model has all weights of another. */
	static boolean contains(final ModelSpec whole, final ModelSpec part) {
		final Map<String, int[]> has = whole.parameters();
		return part.parameters().entrySet().stream().allMatch(e -> Arrays.equals(has.get(e.getKey()), e
			.getValue()));
	}

	/** @param description of the new model */
	static Model grow(final Model from, final ModelSpec to, final TrainingPlan plan, final Map<String, String> description) {
		final Map<String, float[]> all = new LinkedHashMap<>();
		to.parameters().forEach((name, shape) -> {
			float[] v = same(from, name, shape);
			if (v == null && plan.schedule().growFromPrevious()) v = previous(from, to, name, shape);
			all.put(name, v != null ? v.clone() : Model.initial(name, shape, plan.seed()));
		});
		return new Model(to, all, description);
	}

	/** Of the stage before, if the parameter belongs to the newest scale. */
	private static float[] previous(final Model from, final ModelSpec to, final String name, final int[] shape) {
		final List<ScaleSpec> scales = to.scales();
		final int newest = scales.size() - 1;
		if (!name.startsWith(scales.get(newest).weights() + "/")) return null;
		final String[] part = name.split("/"); // weights / stage / parameter
		final int stage = Integer.parseInt(part[1]);
		if (stage > 1) return same(from, part[0] + "/" + (stage - 1) + "/" + part[2], shape);
		// The first stage of a finer scale has a latent image before it, as has the second of the coarser.
		return newest == 0 ? null : same(from, scales.get(newest - 1).weights() + "/2/" + part[2], shape);
	}

	private static float[] same(final Model from, final String name, final int[] shape) {
		final int[] has = from.spec().parameters().get(name);
		return has != null && Arrays.equals(has, shape) ? from.parameters().get(name) : null;
	}
}
