package io.github.learningtodeblur.train;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;

/**
 * A part of the training: one scale, or several that share their weights, with some of its stages.
 * Scales that share their weights take turns, step by step: each is the finest one of its steps.
 *
 * @param first index of the first scale trained
 * @param scale index of the last scale trained, often the same
 * @param stages their number of stages so far
 * @param share of the whole budget
 * @param allScales whether gradients also go into the coarser scales, end to end; else those are only applied
 */
record Phase(int first, int scale, int stages, double share, boolean allScales) {

	/** The model of this phase: coarser scales whole, those trained with their stages so far. */
	ModelSpec spec(final ModelSpec whole) {
		return spec(whole, scale);
	}

	/** The same up to one of the scales trained. */
	ModelSpec spec(final ModelSpec whole, final int finest) {
		final List<ScaleSpec> scales = new ArrayList<>(whole.scales().subList(0, Math.min(first, finest)));
		for (final ScaleSpec s : whole.scales().subList(scales.size(), finest + 1))
			scales.add(s.withStages(s.stages().subList(0, stages)));
		return whole.withScales(scales);
	}

	/**
	 * Names of the parameters trained: those of the scale, or of all scales; only those of its newest stage while that
	 * is trained alone.
	 *
	 * @param spec of this phase
	 * @param coarserBetaX see {@link Schedule}
	 */
	Set<String> trained(final ModelSpec spec, final boolean solo, final boolean coarserBetaX) {
		final String weights = spec.scales().get(scale).weights() + "/";
		final String prefix = allScales ? "" : solo ? weights + stages + "/" : weights;
		final Set<String> fixed = new LinkedHashSet<>();
		for (int s = 0; s < spec.scales().size(); s++) {
			final List<StageSpec> list = spec.scales().get(s).stages();
			for (int t = 0; t < list.size(); t++)
				if (!list.get(t).learnBetaK()) fixed.add(spec.prefix(s, t) + "log_beta_k");
		}
		final Set<String> names = new LinkedHashSet<>();
		final String before = first == 0 || solo || !coarserBetaX ? null : spec.prefix(first - 1, spec.scales().get(first -
			1).stages().size() - 1) + "log_beta_x";
		for (final String name : spec.parameters().keySet())
			if ((name.startsWith(prefix) || name.equals(before)) && !fixed.contains(name)) names.add(name);
		return names;
	}
}
