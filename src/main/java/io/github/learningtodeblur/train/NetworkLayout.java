package io.github.learningtodeblur.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;

/**
 * A network as people describe it, in few numbers; {@link #spec} is what follows.
 *
 * @param kernels sizes of the scales, coarse to fine
 * @param stages of each scale; or two numbers, of the first and of all others
 * @param pairs of feature images of each stage; the last number holds for all stages after it, too
 * @param stage what all stages have in common
 * @param tied whether all scales but the first share their weights
 * @param normalized see {@link ModelSpec}
 * @param sharpening by kernel size, see {@link ScaleSpec}
 */
public record NetworkLayout(List<Integer> kernels, List<Integer> stages, List<Integer> pairs, StageSpec stage,
	boolean tied, boolean normalized, Map<Integer, Double> sharpening)
{

	public static final NetworkLayout USUAL = new NetworkLayout(List.of(9, 17), List.of(3), List.of(4),
		StageSpec.DEFAULT, false, true, Map.of());

	/** Sec. 5 of the paper, beta_k as in Sec. 3.1.2. */
	public static final NetworkLayout PAPER = new NetworkLayout(List.of(17, 25, 33), List.of(3), List.of(2, 2, 4),
		new StageSpec(32, 9, 32, 2, 2, false), false, false, Map.of(33, 0.5));

	public NetworkLayout {
		kernels = List.copyOf(kernels);
		stages = List.copyOf(stages);
		pairs = List.copyOf(pairs);
		sharpening = Map.copyOf(sharpening);
		if (kernels.isEmpty() || stages.isEmpty() || pairs.isEmpty()) throw new IllegalArgumentException(
			"Kernel sizes, numbers of stages and of pairs are needed, got " + kernels + ", " + stages + ", " + pairs);
		for (final int k : sharpening.keySet())
			if (!kernels.contains(k)) throw new IllegalArgumentException("There is no scale of " + k +
				" pixels to be sharpened, only " + kernels);
	}

	/** Sharpening is kept for sizes that remain. */
	public NetworkLayout withKernels(final List<Integer> sizes) {
		final Map<Integer, Double> kept = new HashMap<>(sharpening);
		kept.keySet().retainAll(sizes);
		return new NetworkLayout(sizes, stages, pairs, stage, tied, normalized, kept);
	}

	public NetworkLayout withStages(final List<Integer> numbers) {
		return new NetworkLayout(kernels, numbers, pairs, stage, tied, normalized, sharpening);
	}

	public NetworkLayout withPairs(final List<Integer> numbers) {
		return new NetworkLayout(kernels, stages, numbers, stage, tied, normalized, sharpening);
	}

	public NetworkLayout withStage(final StageSpec common) {
		return new NetworkLayout(kernels, stages, pairs, common, tied, normalized, sharpening);
	}

	public NetworkLayout withTied(final boolean shared) {
		return new NetworkLayout(kernels, stages, pairs, stage, shared, normalized, sharpening);
	}

	public NetworkLayout withNormalized(final boolean before) {
		return new NetworkLayout(kernels, stages, pairs, stage, tied, before, sharpening);
	}

	public NetworkLayout withSharpening(final Map<Integer, Double> bySize) {
		return new NetworkLayout(kernels, stages, pairs, stage, tied, normalized, bySize);
	}

	public ModelSpec spec() {
		final List<ScaleSpec> scales = new ArrayList<>();
		for (final int k : kernels) {
			final boolean first = scales.isEmpty();
			scales.add(new ScaleSpec(k, first || !tied ? "k" + k : "fine", stages(stages.get(first ? 0 : stages.size() - 1)),
				sharpening.getOrDefault(k, 0.0)));
		}
		return new ModelSpec(scales, normalized);
	}

	/** So many stages, as each scale has them. */
	public List<StageSpec> stages(final int count) {
		final List<StageSpec> list = new ArrayList<>();
		for (int t = 0; t < count; t++)
			list.add(stage.withPairs(pairs.get(Math.min(t, pairs.size() - 1))));
		return list;
	}
}
