package io.github.learningtodeblur.refine;

import java.util.ArrayList;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Regions;
import io.github.learningtodeblur.util.Unknown;

/**
 * One of several kernels for an image, and what the image looks like when restored with it.
 *
 * @param sparsity see {@link NormalizedSparsity}; lower is better
 * @param overshoot see {@link Overshoot}
 */
public record Candidate(Plane kernel, double sparsity, double overshoot) {

	/**
	 * Restores the image's region with the strongest gradients with each of the kernels.
	 *
	 * @param image in [0, 1]
	 * @param kernels as for a restoration; of any sizes
	 * @throws java.util.concurrent.CancellationException if {@code progress} is canceled
	 */
	public static List<Candidate> of(final Backend backend, final Plane image, final List<Plane> kernels,
		final Progress progress)
	{
		final int margin = kernels.stream().mapToInt(Plane::width).max().orElse(0) / 2;
		final Plane region = Regions.informative(image, KernelRefinement.regionSide(2 * margin + 1));
		final List<Plane> images = new FittedRestoration(1, backend).restore(region, kernels, progress.cancelOnly());
		final List<Candidate> list = new ArrayList<>();
		for (int i = 0; i < images.size(); i++) {
			final Plane restored = Unknown.marked(images.get(i), region);
			list.add(new Candidate(kernels.get(i), NormalizedSparsity.of(restored, margin), Overshoot.of(restored, region)));
		}
		return list;
	}

	/**
	 * The one with which the image gets the sharpest edges and the least ringing; of two alike, the first.
	 *
	 * @param candidates at least one
	 * @param clearly factor below which the sparsity of a later one has to be, at most 1
	 */
	public static Candidate sharpest(final List<Candidate> candidates, final double clearly) {
		Candidate best = candidates.get(0);
		for (final Candidate c : candidates)
			if (c.sparsity < clearly * best.sparsity) best = c;
		return best;
	}

	/** Whether others should be tried, too. */
	public boolean isDoubtful() {
		return overshoot > Overshoot.DOUBTFUL;
	}

	/** Whether it cannot be right. */
	public boolean rings() {
		return overshoot > Overshoot.TOO_MUCH;
	}
}
