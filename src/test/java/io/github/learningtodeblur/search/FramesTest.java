package io.github.learningtodeblur.search;

import static io.github.learningtodeblur.search.KernelRefinement.registered;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.observe.Observation;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Orientation;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/** What the front door makes of the network's kernels, in which frames. */
class FramesTest {

	private static final StageSpec STAGE = new StageSpec(8, 5, 6, 2, 2, true);
	private static final ModelSpec SPEC = new ModelSpec(List.of(new ScaleSpec(5, "a", List.of(STAGE,
		STAGE)), new ScaleSpec(9, "b", List.of(STAGE))));
	/** Noise is no blurred image: without being told to, nothing would be looked for. */
	private final Deblurring deblurring = new Deblurring(Model.initial(SPEC, 1), Backends.shared()).withBlurAssumed(true);

	private static Plane noise(final int width, final int height) {
		final Plane p = new Plane(width, height);
		final Random random = new Random(7);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = random.nextFloat();
		return p;
	}

	/** The network's kernel. */
	private static Plane network(final Deblurring deblurring, final Plane image) {
		return Images.plane(deblurring.run(Images.img(image), Progress.NONE).kernel());
	}

	/** Scales of 5, and of 9, 13, 17 with shared weights; no refinement. */
	private static Deblurring shared() {
		final ModelSpec spec = new ModelSpec(List.of(new ScaleSpec(5, "a", List.of(STAGE)), new ScaleSpec(9, "b", List
			.of(STAGE)), new ScaleSpec(13, "b", List.of(STAGE)), new ScaleSpec(17, "b", List.of(STAGE))), true);
		return new Deblurring(Model.initial(spec, 1), Backends.shared()).withBlurAssumed(true).withRefinement(
			new KernelRefinement(0));
	}

	@Test
	void refinementComesAfterTheNetwork() {
		final Plane image = noise(60, 50);
		final Plane network = KernelRefinement.cleaned(network(deblurring, image));
		assertEquals(registered(network), deblurring.withRefinement(new KernelRefinement(0)).estimateKernel(image,
			Progress.NONE));
		// two scales: one way, which begins where all quarter turns agree
		final List<Plane> looks = new ArrayList<>(List.of(network));
		for (final int turn : new int[] { 6, 3, 8 })
			looks.add(KernelRefinement.cleaned(Orientation.turned(network(deblurring, Orientation.turned(image, turn)), Orientation
				.inverse(turn))));
		final Plane start = KernelRefinement.cleaned(KernelMean.of(looks));
		assertEquals(new KernelRefinement(3).refine(Backends.shared(), Observation.of(image).image(), start, Progress.NONE), deblurring
			.withRefinement(new KernelRefinement(3)).candidates(image, Progress.NONE).get(0).get(0).kernel());
	}

	@Test
	void largeImagesGetOneFrame() {
		final Deblurring alone = shared();
		final Plane image = noise(641, 641);
		final Deblurring eleven = alone.withKernelSize(11);
		assertEquals(registered(KernelRefinement.cleaned(network(alone.withKernelSize(13), image))),
			eleven.estimateKernel(image, Progress.NONE));
	}

	@Test
	void framesAroundTheSizeAreTried() {
		final Deblurring alone = shared();
		final List<Plane> candidates = new ArrayList<>();
		for (final int frame : new int[] { 11, 13, 15 })
			candidates.add(registered(KernelRefinement.cleaned(network(alone.withKernelSize(frame), noise(90,
				90)))));
		final Plane chosen = alone.withKernelSize(11).estimateKernel(noise(90, 90), Progress.NONE);
		assertTrue(candidates.contains(chosen), "one of the candidates");
		// the one with the sparsest restoration
		double best = Double.POSITIVE_INFINITY;
		for (final Plane k : candidates)
			best = Math.min(best, sparsity(k));
		assertEquals(best, sparsity(chosen), 0.02 * best);
		// automatic without refinement takes the largest frame
		assertEquals(17, alone.estimateKernel(noise(90, 90), Progress.NONE).width());
	}

	private static double sparsity(final Plane kernel) {
		return NormalizedSparsity.of(new FittedRestoration(1).restore(noise(90, 90), kernel, Progress.NONE), 7);
	}
}
