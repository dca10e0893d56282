package io.github.learningtodeblur;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.restore.ObservedRestoration;
import io.github.learningtodeblur.search.Confidence;
import io.github.learningtodeblur.util.Extent;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.ValidConvolution;

/** Blurs of which nobody says how large they are. */
class AutomaticSizeTest {

	private record Case(Plane sharp, Plane blurry) {

		double input() {
			return Score.of(blurry, sharp).psnr();
		}

		Deblurring.Estimate estimate() throws IOException {
			return new Deblurring(Models.open("camera-shake")).estimate(List.of(blurry), Progress.NONE);
		}

		double restored(final Plane kernel) {
			return Score.of(new ObservedRestoration(new FittedRestoration(1)).restore(blurry, kernel, Progress.NONE), sharp, 6).psnr();
		}
	}

	/** The middle of a picture, from black to white. */
	private static Case picture(final String name, final Plane kernel, final double noise) throws IOException {
		final Plane all = ImageFiles.read(Path.of("test-images", name)).luminance();
		final int w = Math.min(260, all.width()), h = Math.min(260, all.height()), r = kernel.width() / 2;
		final Plane sharp = all.crop(all.width() / 2 - w / 2, all.height() / 2 - h / 2, w, h);
		final float low = (float) all.percentile(0.001), high = (float) all.percentile(0.999);
		for (int i = 0; i < sharp.pixels().length; i++)
			sharp.pixels()[i] = Math.max(0, Math.min(1, (sharp.pixels()[i] - low) / (high - low)));
		final Plane blurry = ValidConvolution.convolve(sharp, kernel);
		final Random random = new Random(3);
		for (int i = 0; i < blurry.pixels().length; i++)
			blurry.pixels()[i] += (float) (noise * random.nextGaussian());
		return new Case(sharp.crop(r, r, blurry.width(), blurry.height()), blurry);
	}

	private static Plane line(final int size, final double right, final double down) {
		final Plane k = new Plane(size, size);
		for (int i = 0; i < 400; i++) {
			final double t = (i / 399.0 - 0.5) * (size - 2);
			k.pixels()[(int) Math.round(size / 2 + t * down) * size + (int) Math.round(size / 2 + t * right)] += 1;
		}
		return k.normalized();
	}

	private static Plane gaussian(final double sigma) {
		final int r = (int) Math.ceil(3 * sigma), n = 2 * r + 1;
		final Plane k = new Plane(n, n);
		for (int y = -r; y <= r; y++)
			for (int x = -r; x <= r; x++)
				k.pixels()[(y + r) * n + x + r] = (float) Math.exp(-(x * x + y * y) / (2 * sigma * sigma));
		return k.normalized();
	}

	/** 41 pixels, more than the network's largest frame, in a picture of 220. */
	@Test
	void largeBlursAreFoundInSmallPictures() throws IOException {
		final Case street = picture("street.png", line(41, 0.8, 0.6), 0.01);
		final Plane kernel = street.estimate().kernel();
		final Extent extent = Extent.of(kernel, Extent.NOTICEABLE);
		assertEquals(0.8 * 41, extent.right() - extent.left() + 1, 4);
		assertTrue(street.restored(kernel) > street.input() + 3, street.restored(kernel) + " dB, input " + street.input());
	}

	/** In the largest frame, a slight blur is mistaken for another one, by which the page is ruined. */
	@Test
	void slightBlursAreFoundInSmallFrames() throws IOException {
		final Case page = picture("text.png", line(5, 1, 0), 0.04), street = picture("street.png", gaussian(1.5), 0.04);
		final double written = page.restored(page.estimate().kernel()), seen = street.restored(street.estimate().kernel());
		assertTrue(written > page.input() - 0.5, written + " dB, input " + page.input());
		assertTrue(seen > street.input() + 0.7, seen + " dB, input " + street.input());
	}

	/** The street is not sharp: that nothing better than no kernel was found says little. */
	@Test
	void noKernelIsNeverCertain() throws IOException {
		final Case street = picture("street.png", gaussian(1), 0.04);
		final Deblurring.Estimate estimate = street.estimate();
		assertTrue(Planes.isPoint(estimate.kernel()), "the case that this test is about");
		assertEquals(Confidence.Verdict.DOUBTFUL, estimate.report().confidence().verdict());
	}
}
