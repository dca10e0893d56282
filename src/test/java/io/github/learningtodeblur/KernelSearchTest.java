package io.github.learningtodeblur;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.refine.Candidate;
import io.github.learningtodeblur.refine.KernelRefinement;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/** With an untrained network: what is found is nonsense, but the best of it must be taken. */
class KernelSearchTest {

	private static final int SIZE = 13;
	private static final StageSpec STAGE = new StageSpec(8, 5, 6, 2, 2, true);
	private static final ModelSpec SPEC = new ModelSpec(List.of(new ScaleSpec(5, "a", List.of(STAGE)), new ScaleSpec(9,
		"b", List.of(STAGE)), new ScaleSpec(SIZE, "b", List.of(STAGE))), true);

	private final CpuBackend backend = new CpuBackend();
	private final KernelRefinement refinement = new KernelRefinement(3);

	@Test
	void theFinestKernelIsAStart() {
		assertTaken(0, 1, 5);
	}

	@Test
	void aCoarserOneIsAStart() {
		assertTaken(1, 4, 4);
	}

	@Test
	void theCoarserOneTurnedIsAStart() {
		assertTaken(2, 1, 4);
		assertTaken(2, 1, 9);
	}

	/** With this network and this image, one start comes to a sharper image than the others; and it is taken. */
	private void assertTaken(final int which, final long network, final long picture) {
		final KernelSearch search = new KernelSearch(SPEC, Parameters.of(backend, Model.initial(SPEC, network)), backend,
			refinement);
		final Plane image = faintPatches(picture);
		final Plane fine = KernelRefinement.cleaned(search.network(image, SIZE, Progress.NONE).kernel());
		final Plane coarse = search.network(image, SPEC.upTo(9), SIZE, Progress.NONE).kernel();
		final List<Candidate> all = Candidate.of(backend, image, Stream.of(fine, coarse, coarse.rotated180()).map(k -> refinement
			.climb(backend, image, List.of(k), SIZE, Progress.NONE).get(0)).toList(), Progress.NONE);
		final Candidate best = Candidate.sharpest(all, 0.99);
		assertFalse(best.isDoubtful());
		assertEquals(which, all.indexOf(best));
		assertEquals(best.kernel(), search.ofSize(image, SIZE, Progress.NONE));
	}

	/** Faint edges on a ramp: restored with whatever kernel, nearly all of it stays within the range. */
	private static Plane faintPatches(final long seed) {
		final Plane p = new Plane(60, 60);
		final Random random = new Random(seed);
		for (int n = 0; n < 40; n++) {
			final int x0 = random.nextInt(60), y0 = random.nextInt(60), w = random.nextInt(20), h = random.nextInt(20);
			final float v = 0.1f * random.nextFloat();
			for (int y = y0; y < Math.min(60, y0 + h); y++)
				for (int x = x0; x < Math.min(60, x0 + w); x++)
					p.pixels()[y * 60 + x] = v;
		}
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] += i % 60 / 70f;
		return p;
	}
}
