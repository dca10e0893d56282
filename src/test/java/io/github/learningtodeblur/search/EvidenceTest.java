package io.github.learningtodeblur.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.testimages.Disturbances.Scene;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.train.CameraShake;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/** Right kernels against wrong ones, on the street. */
class EvidenceTest {

	private static final Scene SCENE = Disturbances.shakenStreet();
	private static final Plane WRONG = new CameraShake(0, 1, 0.5).sample(15, new SplittableRandom(8));
	private static final List<Candidate> BOTH = Candidate.compared(Candidate.of(Backends.shared(), SCENE.blurry(), List.of(SCENE.kernel(),
		WRONG), Progress.NONE), SCENE.kernel());

	private static double of(final int candidate, final String name) {
		final int at = Candidate.evidenceNames().indexOf(name);
		assertTrue(at >= 0, name);
		return BOTH.get(candidate).evidence()[at];
	}

	private static void assertLarger(final String name, final double by) {
		assertTrue(of(1, name) > of(0, name) + by, name + ": wrong " + of(1, name) + ", right " + of(0, name));
	}

	@Test
	void wrongKernelsLeaveTraces() {
		for (final Candidate c : BOTH) {
			assertEquals(Candidate.evidenceNames().size(), c.evidence().length);
			for (final double v : c.evidence())
				assertTrue(Double.isFinite(v));
		}
		assertEquals(Candidate.evidenceNames().size(), Candidate.evidenceNames().stream().distinct().count());
		assertLarger("overshoot_10", 0.5);
		assertLarger("sparsity_gain", 0.02);
		assertLarger("residual", 0.05);
		assertLarger("sharper_than_others", 0.02);
	}

	@Test
	void theKernelItself() {
		assertEquals(Math.log(15), of(0, "size"), 1e-9);
		assertEquals(Math.log(15.0 / SCENE.blurry().height()), of(0, "frame_by_image"), 1e-9);
		assertEquals(1, of(0, "main_part"), 0.02);
		final Plane hazy = SCENE.kernel().copy();
		for (int i = 0; i < hazy.pixels().length; i++)
			hazy.pixels()[i] = 0.7f * hazy.pixels()[i] + 0.3f / 225;
		final double[] more = Candidate.of(Backends.shared(), SCENE.blurry(), List.of(hazy), Progress.NONE).get(0).evidence();
		final double haze = more[Candidate.evidenceNames().indexOf("haze")], rim = more[Candidate.evidenceNames().indexOf(
			"rim")];
		assertTrue(haze > of(0, "haze") + 0.15, "haze " + haze + " against " + of(0, "haze"));
		assertTrue(rim > of(0, "rim") + 0.03, "rim " + rim + " against " + of(0, "rim"));
	}

	/** The right one is the network's here; the images differ, and where they lie does not matter. */
	@Test
	void agreement() {
		assertEquals(1, of(0, "like_network"), 1e-6);
		assertTrue(of(1, "like_network") < 0.9);
		assertEquals(1, of(0, "others"), 0);
		final Plane moved = new Plane(19, 19);
		for (int y = 0; y < 15; y++)
			for (int x = 0; x < 15; x++)
				moved.pixels()[(y + 1) * 19 + x + 3] = SCENE.kernel().get(x, y);
		final List<Candidate> alike = Candidate.compared(Candidate.of(Backends.shared(), SCENE.blurry(), List.of(SCENE.kernel(), moved),
			Progress.NONE), WRONG);
		final int differs = Candidate.evidenceNames().indexOf("differs_least");
		assertEquals(1, alike.get(0).evidence()[Candidate.evidenceNames().indexOf("like_nearest")], 1e-6);
		assertTrue(alike.get(0).evidence()[differs] < of(0, "differs_least") - 2, alike.get(0).evidence()[differs] +
			" against " + of(0, "differs_least"));
	}

	/** As if there had been no other kernels. */
	@Test
	void alone() {
		for (final Candidate c : BOTH) {
			final double[] own = Arrays.copyOf(c.evidence(), c.evidence().length - Evidence.agreementNames().size());
			final Candidate lone = Candidate.compared(List.of(new Candidate(c.kernel(), c.sparsity(), c.side(), c.region(), c.restored(), own)), SCENE
				.kernel()).get(0);
			assertArrayEquals(lone.evidence(), Evidence.alone(c.evidence()), 1e-9);
		}
	}

	/** What a region has is computed once for all kernels, whatever their sizes. */
	@Test
	void ofSeveralKernelsAsOfEach() {
		final Plane wide = new Plane(19, 19);
		for (int y = 0; y < 15; y++)
			System.arraycopy(WRONG.pixels(), 15 * y, wide.pixels(), 19 * (y + 2) + 2, 15);
		final Evidence together = new Evidence(Backends.shared(), SCENE.blurry(), 9);
		for (final Plane kernel : List.of(SCENE.kernel(), wide, WRONG)) {
			final Plane restored = new FittedRestoration(1).restore(SCENE.blurry(), kernel, Progress.NONE);
			final double sparsity = NormalizedSparsity.of(restored, 9);
			assertArrayEquals(new Evidence(Backends.shared(), SCENE.blurry(), 9).of(restored, restored, sparsity, kernel), together
				.of(restored, restored, sparsity, kernel));
		}
	}

	@Test
	void noneWhereSparsityIsEnough() {
		final List<Candidate> plain = Candidate.plain(Backends.shared(), SCENE.blurry(), List.of(SCENE.kernel(), WRONG), Progress.NONE);
		for (int i = 0; i < 2; i++) {
			assertEquals(BOTH.get(i).sparsity(), plain.get(i).sparsity());
			assertEquals(0, plain.get(i).evidence().length);
		}
	}
}
