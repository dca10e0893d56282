package io.github.learningtodeblur.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.ValidConvolution;

class ReweightedRefinementTest {

	private final CpuBackend backend = new CpuBackend();

	private Plane refined(final Plane blurry, final Plane kernel) {
		return ReweightedRefinement.refined(backend, blurry, kernel, Progress.NONE);
	}

	@Test
	void restoresMoreOfLittleNoise() {
		assertRestoresMore(0.002, 1.2, 6);
	}

	/** Frequencies that show little but noise count less. */
	@Test
	void losesNothingInNoise() {
		assertRestoresMore(0.02, 0, 5);
	}

	/**
	 * @param gain mean, in dB
	 * @param least number of pictures of which more is restored
	 */
	private void assertRestoresMore(final double noise, final double gain, final int least) {
		double before = 0, after = 0;
		int count = 0, better = 0;
		for (final int size : new int[] { 13, 21, 31 })
			for (int seed = 1; seed <= 2; seed++, count++) {
				final BlurredStreet c = BlurredStreet.of(size, seed, noise);
				final Plane estimate = c.wrong(0.1f, 0.05f), found = refined(c.blurry(), estimate);
				assertEquals(size, found.width());
				assertEquals(1, found.sum(), 1e-5);
				for (final float v : found.pixels())
					assertTrue(v >= 0);
				final double a = c.psnr(estimate), b = c.psnr(found);
				before += a;
				after += b;
				if (b > a) better++;
			}
		System.out.printf("Noise %.3f, restored with kernels nearly right, and with refined ones: %.2f, %.2f dB; better %d of %d%n", noise,
			before / count, after / count, better, count);
		assertTrue(after > before + gain * count && better >= least, before / count + " to " + after / count + ", " + better);
	}

	/** Of kernels that are right, little is lost. */
	@Test
	void rightKernelsStayGood() {
		for (final int size : new int[] { 9, 17, 25 }) {
			final BlurredStreet c = BlurredStreet.of(size, 3);
			final double a = c.psnr(c.kernel()), b = c.psnr(refined(c.blurry(), c.kernel()));
			assertTrue(b > a - 0.7, size + ": " + a + " to " + b);
		}
	}

	/** What was not observed is left out, whatever it looks like. */
	@Test
	void unknownPixels() {
		final BlurredStreet c = BlurredStreet.of(21, 1);
		final Plane wrong = c.wrong(0.1f, 0.05f), holed = c.blurry().copy();
		for (int y = 100; y < 130; y++)
			Arrays.fill(holed.pixels(), y * holed.width() + 100, y * holed.width() + 250, Float.NaN);
		final double whole = c.psnr(refined(c.blurry(), wrong)), a = c.psnr(wrong), b = c.psnr(refined(holed, wrong));
		assertTrue(b > a + 1 && b > whole - 0.5, a + " to " + b + ", without holes " + whole);
	}

	/** Lights may be brighter than white: how bright is not observed. */
	@Test
	void saturatedPixels() {
		final BlurredStreet c = BlurredStreet.of(21, 1);
		final Plane lights = new Plane(c.blurry().width() + 20, c.blurry().height() + 20);
		final SplittableRandom random = new SplittableRandom(4);
		for (int i = 0; i < 60; i++)
			lights.pixels()[random.nextInt(lights.pixels().length)] = 60;
		final Plane lit = ValidConvolution.convolve(lights, c.kernel()), wrong = c.wrong(0.1f, 0.05f);
		for (int i = 0; i < lit.pixels().length; i++)
			lit.pixels()[i] = Math.min(1, c.blurry().pixels()[i] + lit.pixels()[i]);
		final double a = c.psnr(wrong), b = c.psnr(refined(lit, wrong));
		System.out.printf("Lights: with the kernel nearly right %.2f dB, with the refined one %.2f dB%n", a, b);
		assertTrue(b > a + 1, a + " to " + b);
	}

	/** A kernel may outgrow its extent, but not its frame. */
	@Test
	void keepsItsFrame() {
		final BlurredStreet c = BlurredStreet.of(15, 2);
		final Plane larger = new Plane(41, 41);
		for (int y = 0; y < 15; y++)
			for (int x = 0; x < 15; x++)
				larger.pixels()[(y + 13) * 41 + x + 13] = c.wrong().get(x, y);
		final Plane found = refined(c.blurry(), larger);
		assertEquals(41, found.width());
		assertEquals(1, found.crop(10, 10, 21, 21).sum(), 1e-5, "debris far out");
		assertTrue(c.psnr(found) > c.psnr(larger) + 1);
	}

	/** What is judged to be clearly worse is not taken. */
	@Test
	void isJudged() throws IOException {
		final Model model = Models.open("camera-shake");
		final KernelSearch search = new KernelSearch(model.spec(), Parameters.of(backend, model), backend, new KernelRefinement(3),
			LearnedRefinement.bundled(backend));
		final BlurredStreet c = BlurredStreet.of(17, 1);
		final Plane wrong = c.wrong(), learned = search.improvement().improved(c.blurry(), wrong, Progress.NONE), refined = refined(c
			.blurry(), learned);
		assertNotEquals(learned, refined);
		for (final double ratio : new double[] { 0.5, 1, 1.4, 1.6 }) {
			final Chooser judge = candidates -> new Chooser.Choice(0, new Confidence(candidates.get(0).kernel().equals(learned) ? 2 : 2 * ratio,
				Confidence.Verdict.LIKELY));
			assertEquals(ratio < 1.5 ? refined : learned, search.improved(c.blurry(), wrong, judge, Progress.NONE), "ratio " + ratio);
		}
	}

	@Test
	void isCanceled() {
		final BlurredStreet c = BlurredStreet.of(13, 1);
		final int[] asked = { 0 };
		final Progress canceled = new Progress() {

			@Override
			public void report(final long done, final long total, final String what) {}

			@Override
			public boolean canceled() {
				return asked[0]++ > 3;
			}
		};
		assertThrows(CancellationException.class, () -> ReweightedRefinement.refined(backend, c.blurry(), c.kernel(), canceled));
	}
}
