package io.github.learningtodeblur.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Regions;
import io.github.learningtodeblur.util.Unknown;

/**
 * One of several kernels for an image, and what the image looks like when restored with it.
 *
 * @param sparsity see {@link NormalizedSparsity}; lower is better
 * @param side of the image, the shorter one, in pixels; of a large image, of what is looked at
 * @param region of the image
 * @param restored the region, restored with the kernel
 * @param evidence of whether the kernel is right, for a {@link Judge}; empty if it was not asked for
 */
public record Candidate(Plane kernel, double sparsity, int side, Plane region, Plane restored, double[] evidence) {

	/** Part of the pixels that may be darker than what is called the darkest, and brighter than the brightest. */
	private static final double OUTSIDE = 0.001;

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
		return of(backend, image, kernels, true, progress);
	}

	/** The same without evidence, for {@link #sharpest} alone. */
	static List<Candidate> plain(final Backend backend, final Plane image, final List<Plane> kernels, final Progress progress) {
		return of(backend, image, kernels, false, progress);
	}

	private static List<Candidate> of(final Backend backend, final Plane image, final List<Plane> kernels,
		final boolean judged, final Progress progress)
	{
		final int margin = kernels.stream().mapToInt(Plane::width).max().orElse(0) / 2;
		final Plane region = Regions.informative(image, KernelRefinement.regionSide(2 * margin + 1));
		final List<Plane> images = new FittedRestoration(1, backend).restore(region, kernels, progress.cancelOnly());
		final Evidence evidence = judged ? new Evidence(backend, region, margin) : null;
		final List<Candidate> list = new ArrayList<>();
		for (int i = 0; i < images.size(); i++) {
			final Plane kernel = kernels.get(i), restored = images.get(i), marked = Unknown.marked(restored, region);
			final double sparsity = NormalizedSparsity.of(marked, margin);
			list.add(new Candidate(kernel, sparsity, side(image), region, marked, judged ? evidence.of(restored, marked, sparsity, kernel)
				: new double[0]));
		}
		return list;
	}

	private static int side(final Plane image) {
		return Math.min(KernelSearch.MAX_REGION, Math.min(image.width(), image.height()));
	}

	/** Standard deviation of what was restored, over that of the region. */
	double contrast() {
		return Planes.deviation(restored) / Planes.deviation(region);
	}

	/**
	 * Root mean square of what was restored beyond the darkest of the region, or beyond the brightest if that is less, over
	 * the standard deviation of the region.
	 */
	double beyond() {
		final double darkest = region.percentile(OUTSIDE), brightest = region.percentile(1 - OUTSIDE);
		double below = 0, above = 0;
		int count = 0;
		for (final float v : restored.pixels()) {
			if (Float.isNaN(v)) continue;
			below += Math.pow(Math.max(0, darkest - v), 2);
			above += Math.pow(Math.max(0, v - brightest), 2);
			count++;
		}
		return Math.sqrt(Math.min(below, above) / count) / Planes.deviation(region);
	}

	/** What the numbers of {@link #evidence} mean, after {@link #compared}. */
	public static List<String> evidenceNames() {
		final List<String> names = new ArrayList<>(Evidence.names());
		names.addAll(Evidence.agreementNames());
		return names;
	}

	/**
	 * The same candidates, with evidence of how each agrees with the others.
	 *
	 * @param network the network's own kernel
	 */
	public static List<Candidate> compared(final List<Candidate> candidates, final Plane network) {
		final List<Candidate> list = new ArrayList<>();
		for (final Candidate c : candidates) {
			final double[] agreement = Evidence.agreement(c, candidates.stream().filter(o -> o != c).toList(), network);
			final double[] all = Arrays.copyOf(c.evidence, c.evidence.length + agreement.length);
			System.arraycopy(agreement, 0, all, c.evidence.length, agreement.length);
			list.add(new Candidate(c.kernel, c.sparsity, c.side, c.region, c.restored, all));
		}
		return list;
	}

	/**
	 * The one with which the image gets the sharpest edges and the least ringing; of two alike, the first.
	 *
	 * @param candidates at least one
	 */
	public static Candidate sharpest(final List<Candidate> candidates) {
		Candidate best = candidates.get(0);
		for (final Candidate c : candidates)
			if (c.sparsity < best.sparsity) best = c;
		return best;
	}
}
