package io.github.learningtodeblur.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.util.Orientation;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

class LearnedRefinementTest {

	private final CpuBackend backend = new CpuBackend();
	private final LearnedRefinement refinement = LearnedRefinement.bundled(backend);

	/** Also larger kernels than it was trained with. */
	@Test
	void restoresMore() {
		double before = 0, after = 0;
		int better = 0, count = 0;
		for (final int size : new int[] { 13, 21, 31, 51 })
			for (int seed = 1; seed <= 2; seed++, count++) {
				final BlurredStreet c = BlurredStreet.of(size, seed);
				final Plane estimate = c.wrong(), improved = refinement.improved(c.blurry(), estimate, Progress.NONE);
				assertEquals(size, improved.width());
				assertEquals(1, improved.sum(), 1e-5);
				for (final float v : improved.pixels())
					assertTrue(v >= 0);
				final double a = c.psnr(estimate), b = c.psnr(improved);
				before += a;
				after += b;
				if (b > a) better++;
			}
		System.out.printf("Restored with wrong kernels, and with improved ones: %.2f, %.2f dB; better %d of %d%n", before / count, after /
			count, better, count);
		assertTrue(after > before + 0.5 * count && better >= count - 1, before / count + " to " + after / count + ", " + better);
	}

	/** What explains the image better is kept: kernels that are right get worse by the network. */
	@Test
	void rightKernelsStay() {
		for (final int size : new int[] { 9, 17, 25 }) {
			final BlurredStreet c = BlurredStreet.of(size, 3);
			assertSame(c.kernel(), refinement.improved(c.blurry(), c.kernel(), Progress.NONE), "size " + size);
		}
	}

	/** What cannot be believed is left out, and changes little. */
	@Test
	void unknownPixels() {
		final BlurredStreet c = BlurredStreet.of(21, 1);
		final Plane holed = c.blurry().copy(), wrong = c.wrong();
		for (int y = 100; y < 130; y++)
			Arrays.fill(holed.pixels(), y * holed.width() + 100, y * holed.width() + 250, Float.NaN);
		final double a = c.psnr(wrong), b = c.psnr(refinement.improved(holed, wrong, Progress.NONE));
		assertTrue(b > a, a + " to " + b);
	}

	/** It is the last step of a search; and there, no blur stays none. */
	@Test
	void endsASearch() throws IOException {
		final Model model = Models.open("camera-shake");
		final KernelSearch search = new KernelSearch(model.spec(), Parameters.of(backend, model), backend, new KernelRefinement(3),
			refinement);
		final BlurredStreet c = BlurredStreet.of(17, 1);
		final int turn = Pose.of(c.blurry());
		final Plane seen = Orientation.turned(c.blurry(), turn), chosen = search.ofSize(seen, 17, Judgement.bundled(), Progress.NONE)
			.kernel();
		assertEquals(Orientation.turned(KernelRefinement.registered(search.improved(seen, chosen, Judgement.bundled(), Progress.NONE)),
			Orientation.inverse(turn)), search.find(c.blurry(), 17, false, Judgement.bundled(), true, Progress.NONE).kernel());
		assertNotEquals(chosen, refinement.improved(seen, chosen, Progress.NONE));
		assertEquals(Orientation.turned(KernelRefinement.registered(chosen), Orientation.inverse(turn)), search.with((LearnedRefinement) null)
			.find(c.blurry(), 17, false, Judgement.bundled(), true, Progress.NONE).kernel());
		final Plane sharp = search.find(c.sharp(), 17, false, Judgement.bundled(), false, Progress.NONE).kernel();
		assertEquals(1, sharp.pixels()[17 * 17 / 2]);
	}

	@Test
	void isCanceled() {
		final BlurredStreet c = BlurredStreet.of(13, 1);
		final Progress canceled = new Progress() {

			@Override
			public void report(final long done, final long total, final String what) {}

			@Override
			public boolean canceled() {
				return true;
			}
		};
		assertThrows(CancellationException.class, () -> refinement.improved(c.blurry(), c.kernel(), canceled));
	}
}
