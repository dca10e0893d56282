package io.github.learningtodeblur.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.util.KernelSimilarity;
import io.github.learningtodeblur.util.Orientation;
import io.github.learningtodeblur.restore.Scene;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Resampling;

/** With an untrained network: what is found is nonsense, but what the chooser names must be taken. */
class KernelSearchTest {

	private static final int SIZE = 13;
	private static final StageSpec STAGE = new StageSpec(8, 5, 6, 2, 2, true);
	private static final ModelSpec SPEC = new ModelSpec(List.of(new ScaleSpec(5, "a", List.of(STAGE)), new ScaleSpec(9,
		"b", List.of(STAGE)), new ScaleSpec(SIZE, "b", List.of(STAGE))), true);

	private final CpuBackend backend = new CpuBackend();
	private final KernelRefinement refinement = new KernelRefinement(3);

	private final KernelSearch search = new KernelSearch(SPEC, Parameters.of(backend, Model.initial(SPEC, 4)), backend,
		refinement, null);
	private final Plane image = faintPatches(4);

	private static Chooser.Choice choice(final int number) {
		return new Chooser.Choice(number, new Confidence(number + 1.5, Confidence.Verdict.CERTAIN));
	}

	/** From the finest scale, from a coarser one, from that turned; the network's own, and no blur. */
	@Test
	void theChosenKernelIsTaken() {
		final Plane fine = search.pooled(image, SPEC, SIZE, Progress.NONE);
		final Plane coarse = search.pooled(image, SPEC.upTo(9), SIZE, Progress.NONE);
		final List<Plane> expected = new ArrayList<>(Stream.of(fine, coarse, coarse.rotated180()).map(k -> refinement.climb(
			backend, image, List.of(k), SIZE, Progress.NONE).get(0)).toList());
		expected.add(fine);
		expected.add(new Plane(SIZE, SIZE));
		expected.get(4).pixels()[SIZE * SIZE / 2] = 1;
		for (int n = 0; n < expected.size(); n++) {
			final int number = n;
			final KernelSearch.Found found = search.ofSize(image, SIZE, candidates -> {
				assertEquals(5, candidates.size());
				return choice(number);
			}, Progress.NONE);
			assertEquals(expected.get(n), found.kernel(), "kernel " + n);
			assertEquals(n + 1.5, found.confidence().expectedErrorRatio());
		}
	}

	/** Of an image with too little to see, a network's kernel may have no values above 0: then it is left out, or no blur assumed. */
	@Test
	void aNetworkMayFindNothing() {
		final Model blind = Model.initial(SPEC, 4);
		blind.parameters().forEach((name, values) -> {
			if (name.endsWith("mix2")) Arrays.fill(values, 0);
		});
		final Plane point = Scene.point(SIZE, 0, 0);
		for (final KernelRefinement rounds : List.of(refinement, new KernelRefinement(0))) {
			final KernelSearch nothing = new KernelSearch(SPEC, Parameters.of(backend, blind), backend, rounds, null);
			assertEquals(point, nothing.pooled(image, SPEC, SIZE, Progress.NONE));
			final int last = rounds.rounds() == 0 ? 0 : 3;
			assertEquals(point, nothing.ofSize(image, SIZE, candidates -> {
				assertTrue(candidates.size() > last);
				return choice(last);
			}, Progress.NONE).kernel());
		}
	}

	/** With the right kernel, an image gets back the contrast that it had; one that makes up far more is no kernel at all. */
	@Test
	void whatOnlyRingsIsNotTaken() {
		final Plane sharp = Scene.sharp(160, 150, 3), right = Scene.hook(15), seen = Scene.photograph(sharp, right, 0.005);
		final Plane cloud = new Plane(31, 31);
		final Random random = new Random(4);
		for (int i = 0; i < cloud.pixels().length; i++)
			cloud.pixels()[i] = random.nextFloat() < 0.3 ? random.nextFloat() : 0;
		final List<Candidate> all = Candidate.of(backend, seen, List.of(right, cloud), Progress.NONE);
		assertEquals(deviation(sharp) / deviation(seen), all.get(0).contrast(), 0.1);
		assertTrue(all.get(0).beyond() < 0.2, all.get(0).beyond() + " beyond what was seen");
		assertTrue(all.get(1).contrast() > 8 && all.get(1).beyond() > 2, all.get(1).contrast() + " times the contrast, " + all.get(1)
			.beyond() + " beyond what was seen");
		final KernelSearch.Found found = search.chosen(seen, List.of(right, cloud), right, c -> choice(0), Progress.NONE);
		assertEquals(right, found.kernel());
		assertEquals(new Confidence(1.5, Confidence.Verdict.CERTAIN), found.confidence());
		final Plane none = Scene.point(31, 0, 0);
		assertEquals(new KernelSearch.Found(none, new Confidence(2.5, Confidence.Verdict.DOUBTFUL)), search.chosen(seen, List.of(right,
			cloud), right, c -> choice(1), Progress.NONE));
		// a kernel that is right in part rings less, and helps in the end
		for (final double part : new double[] { 0.4, 0.6 }) {
			final Plane mixed = new Plane(31, 31);
			final float[] clouded = cloud.normalized().pixels(), rest = Planes.framed(right, 31).normalized().pixels();
			for (int i = 0; i < mixed.pixels().length; i++)
				mixed.pixels()[i] = (float) (part * clouded[i] + (1 - part) * rest[i]);
			assertEquals(part < 0.5 ? mixed : none, search.chosen(seen, List.of(mixed), mixed, c -> choice(0), Progress.NONE).kernel(), part +
				" of it a cloud");
		}
	}

	private static double deviation(final Plane p) {
		final double mean = p.sum() / p.pixels().length;
		double sum = 0;
		for (final float v : p.pixels())
			sum += (v - mean) * (v - mean);
		return Math.sqrt(sum / p.pixels().length);
	}

	/** The mean is taken of those that are like the one chosen and of its size; no blur stays none. */
	@Test
	void whatAgreesIsAveraged() {
		final Plane bar = kernel(7, 0.5f, 0.5f, 0), nearly = kernel(7, 0.4f, 0.5f, 0.1f), other = kernel(7, 1 / 3f, 1 / 3f, 1 / 3f),
			wide = kernel(9, 0.5f, 0.5f, 0), none = kernel(7, 0, 1, 0), nearlyNone = kernel(7, 0, 0.9f, 0.1f);
		final List<Plane> all = List.of(bar, nearly, other, wide, none, nearlyNone);
		assertEquals(KernelRefinement.cleaned(kernel(7, 0.45f, 0.5f, 0.05f)), KernelSearch.agreed(bar, all));
		assertSame(wide, KernelSearch.agreed(wide, all));
		assertSame(none, KernelSearch.agreed(none, all));
		assertSame(other, KernelSearch.agreed(other, List.of(other, wide, none)));
	}

	private static Plane kernel(final int size, final float... values) {
		final Plane k = new Plane(size, size);
		System.arraycopy(values, 0, k.pixels(), size * size / 2 - 1, values.length);
		return k;
	}

	/** Of a small image the network sees all quarter turns, of a large one none: that takes long, and tells less. */
	@Test
	void theNetworkLooksFromAllSides() {
		final List<Plane> looks = new ArrayList<>();
		for (final int[] turn : new int[][] { { 1, 1 }, { 6, 8 }, { 3, 3 }, { 8, 6 } })
			looks.add(KernelRefinement.cleaned(Orientation.turned(search.network(Orientation.turned(image, turn[0]), SIZE,
				Progress.NONE).kernel(), turn[1])));
		assertEquals(KernelRefinement.cleaned(KernelMean.of(looks)), search.pooled(image, SPEC, SIZE, Progress.NONE));
		final Plane large = Resampling.resize(image, 641, 641), only = KernelRefinement.cleaned(search.network(large, SIZE,
			Progress.NONE).kernel());
		assertArrayEquals(only.pixels(), search.pooled(large, SPEC, SIZE, Progress.NONE).pixels(), 1e-6f);
	}

	/** In every pixel; with a trained network, as the kernel must not look alike from all sides. */
	@Test
	void aTurnedImageHasTheTurnedKernel() throws IOException {
		final Model model = Models.open("camera-shake");
		final KernelSearch trained = new KernelSearch(model.spec(), Parameters.of(backend, model), backend, refinement,
			LearnedRefinement.bundled(backend));
		final Plane blurry = Disturbances.shakenStreet().blurry(), kernel = kernel(trained, blurry);
		for (final int turn : new int[] { 2, 6, 7 }) {
			final Plane turned = Orientation.turned(kernel, turn);
			assertTrue(KernelSimilarity.of(kernel, turned).value() < 0.9, "turned by " + turn + " it looks as before");
			assertEquals(turned, kernel(trained, Orientation.turned(blurry, turn)), "turn " + turn);
		}
	}

	private static Plane kernel(final KernelSearch search, final Plane blurry) {
		return search.find(blurry, 17, false, Judgement.bundled(), true, Progress.NONE).kernel();
	}

	/** From the finest scale and from a coarser one: where both come to the same kernel, no third is tried. */
	@Test
	void twoThatAgreeAreEnough() throws IOException {
		final Model model = Models.open("camera-shake");
		final KernelSearch trained = new KernelSearch(model.spec(), Parameters.of(backend, model), backend,
			new KernelRefinement(), null);
		trained.ofSize(Disturbances.shakenStreet().blurry(), 17, candidates -> {
			assertEquals(4, candidates.size());
			assertTrue(KernelSimilarity.of(candidates.get(0).kernel(), candidates.get(1).kernel()).value() > 0.9);
			return choice(0);
		}, Progress.NONE);
	}

	/** If nobody says how large the blur is, what is certain is taken, unless it may be cut off. */
	@Test
	void otherFramesAreForWhatIsNotCertain() throws IOException {
		final Model model = Models.open("camera-shake");
		final KernelSearch trained = new KernelSearch(model.spec(), Parameters.of(backend, model), backend, refinement, null);
		final Plane blurry = Disturbances.shakenStreet().blurry();
		assertEquals(1, choices(trained, blurry, Confidence.Verdict.CERTAIN));
		assertTrue(choices(trained, blurry, Confidence.Verdict.LIKELY) > 1);
		final Plane large = Resampling.resize(blurry, 2 * blurry.width(), 2 * blurry.height()).crop(60, 60, 260, 260);
		assertTrue(choices(trained, large, Confidence.Verdict.CERTAIN) > 1);
	}

	/** How often is chosen, if the first kernel is always taken. */
	private static int choices(final KernelSearch search, final Plane blurry, final Confidence.Verdict verdict) {
		final List<List<Candidate>> all = new ArrayList<>();
		search.ofAnySize(blurry, 33, candidates -> {
			all.add(candidates);
			return new Chooser.Choice(0, new Confidence(1.5, verdict));
		}, Progress.NONE);
		return all.size();
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
