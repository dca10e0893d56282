package io.github.learningtodeblur.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.restore.Scene;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Unknown;
import io.github.learningtodeblur.util.ValidConvolution;

class CandidateTest {

	private static final Plane POINT = kernel(0, 1, 0);

	private static Plane kernel(final float left, final float middle, final float right) {
		final Plane k = new Plane(3, 3);
		k.pixels()[3] = left;
		k.pixels()[4] = middle;
		k.pixels()[5] = right;
		return k;
	}

	/** Grey areas with sharp borders. */
	private static Plane patches() {
		final Plane p = new Plane(90, 70);
		final Random random = new Random(5);
		for (int n = 0; n < 60; n++) {
			final int x0 = random.nextInt(90), y0 = random.nextInt(70), w = random.nextInt(20), h = random.nextInt(20);
			final float v = 0.2f + 0.6f * random.nextFloat();
			for (int y = y0; y < Math.min(70, y0 + h); y++)
				for (int x = x0; x < Math.min(90, x0 + w); x++)
					p.pixels()[y * 90 + x] = v;
		}
		return p;
	}

	@Test
	void theRightKernelMakesTheSharpestImage() {
		final Plane right = kernel(0.4f, 0.2f, 0.4f);
		final Plane blurry = ValidConvolution.convolve(patches(), right);
		final List<Candidate> all = Candidate.of(Backends.shared(), blurry, List.of(POINT, right, kernel(0, 0.5f, 0.5f)), Progress.NONE);
		assertEquals(3, all.size());
		assertEquals(Math.min(blurry.width(), blurry.height()), all.get(0).side());
		assertSame(right, Candidate.sharpest(all).kernel());
		assertSame(right, Candidate.sharpest(List.of(all.get(2), all.get(1))).kernel());
	}

	@Test
	void ofTwoAlikeTheFirst() {
		final Candidate first = new Candidate(POINT, 0.5, 100, null, null, null), alike = new Candidate(POINT, 0.5, 100, null, null, null);
		assertSame(first, Candidate.sharpest(List.of(first, alike)));
	}

	/** What a restoration makes up where nothing is known tells nothing about a kernel. */
	@Test
	void unknownPixelsDoNotCount() {
		final Plane image = Scene.photograph(Scene.sharp(120, 110, 2), Scene.hook(9), 0.002);
		for (int y = 40; y < 70; y++)
			Arrays.fill(image.pixels(), y * image.width() + 40, y * image.width() + 80, Float.NaN);
		final Candidate c = Candidate.of(Backends.shared(), image, List.of(Scene.hook(9)), Progress.NONE).get(0);
		final Plane restored = new FittedRestoration(1).restore(image, Scene.hook(9), Progress.NONE);
		assertEquals(NormalizedSparsity.of(Unknown.marked(restored, image), 4), c.sparsity(), 1e-12);
		assertTrue(Math.abs(NormalizedSparsity.of(restored, 4) - c.sparsity()) > 1e-4);
	}
}
