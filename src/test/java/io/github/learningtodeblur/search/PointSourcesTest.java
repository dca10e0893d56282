package io.github.learningtodeblur.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.util.KernelSimilarity;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.observe.Observation;
import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.train.CameraShake;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.ValidConvolution;

class PointSourcesTest {

	private static Plane shaken(final int size) {
		return new CameraShake(0, 1, 0.5).sample(size, new SplittableRandom(size));
	}

	/** Many faint ones and few bright ones, in 8 bits. */
	private static Plane stars(final Plane kernel, final int count, final double brightest) {
		final SplittableRandom random = new SplittableRandom(count);
		final Plane sky = new Plane(420, 320);
		for (int i = 0; i < count; i++)
			sky.pixels()[random.nextInt(sky.pixels().length)] += (float) Math.pow(random.nextDouble() + 0.02, -0.8);
		final Plane out = ValidConvolution.convolve(sky, kernel);
		float max = 0;
		for (final float v : out.pixels())
			max = Math.max(max, v);
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = Math.round(255 * Math.max(0, Math.min(1, 0.05 + brightest * out.pixels()[i] / max + 0.005 * random
				.nextGaussian()))) / 255f;
		return out;
	}

	@Test
	void starsShowTheKernel() {
		for (final int size : new int[] { 9, 17 })
			for (final double brightest : new double[] { 2, 5 }) {
				final Plane image = Observation.of(stars(shaken(size), 120, brightest)).image();
				final Optional<Plane> kernel = PointSources.kernel(Backends.shared(), image, 255);
				final String told = size + " pixels, brightest " + brightest;
				assertTrue(kernel.isPresent(), told);
				final double similarity = KernelSimilarity.of(kernel.get(), shaken(size)).value();
				assertTrue(similarity > 0.985, told + ": " + similarity);
				assertEquals(1, kernel.get().sum(), 1e-4);
			}
	}

	/** A photograph, writing, and nuclei, which are of one size, but no copies of one. */
	@Test
	void otherPicturesDoNot() throws IOException {
		for (final String file : new String[] { "street.png", "street-shaken.png", "text.png", "nuclei.tif" }) {
			final Plane image = ImageFiles.read(Path.of("test-images", file)).luminance();
			assertEquals(Optional.empty(), PointSources.kernel(Backends.shared(), Observation.of(image).image(), 255), file);
		}
		assertEquals(Optional.empty(), PointSources.kernel(Backends.shared(), Observation.of(Disturbances.noise(200, 150, 0.05, 1)).image(), 255));
	}

	/** Of one size and alone, but each lies otherwise. */
	@Test
	void grainsAreNoCopiesOfOne() {
		final SplittableRandom random = new SplittableRandom(3);
		final Plane grains = new Plane(400, 300);
		for (int n = 0; n < 48; n++) {
			final double angle = Math.PI * random.nextDouble(), x0 = 25 + n % 8 * 50, y0 = 25 + n / 8 * 50;
			for (int i = 0; i < grains.pixels().length; i++) {
				final double x = i % 400 - x0, y = i / 400 - y0;
				final double along = (x * Math.cos(angle) + y * Math.sin(angle)) / 7, across = (y * Math.cos(angle) - x * Math.sin(
					angle)) / 5;
				if (along * along + across * across < 1) grains.pixels()[i] = 0.7f;
			}
		}
		final Plane image = Observation.of(Disturbances.blurred(grains, shaken(5), 0.005, 4).blurry()).image();
		assertEquals(Optional.empty(), PointSources.kernel(Backends.shared(), image, 255));
	}

	@Test
	void theSearchIsLeftOutForStars() throws IOException {
		final Deblurring deblurring = new Deblurring(Models.open("camera-shake"), new CpuBackend());
		final Plane kernel = deblurring.estimateKernel(stars(shaken(17), 120, 2), Progress.NONE);
		final double similarity = KernelSimilarity.of(kernel, shaken(17)).value();
		assertTrue(similarity > 0.985, "similarity " + similarity);
	}

	/** So much darkness beside a point that its centre of mass is far away: it shows no kernel, and does no harm. */
	@Test
	void darknessBesideAPoint() {
		final Plane image = new Plane(200, 150);
		Arrays.fill(image.pixels(), 0.2f);
		for (int i = 0; i < 40; i++)
			image.pixels()[(20 + 15 * (i / 8)) * 200 + 20 + 20 * (i % 8)] = 0.5f + 0.007f * i;
		for (int i = 0; i < 40; i += 5) // that takes all of the brightness away but a ten thousandth
			image.pixels()[(20 + 15 * (i / 8)) * 200 + 22 + 20 * (i % 8)] = 0.4f - (0.5f + 0.007f * i) + 1e-4f;
		final Optional<Plane> kernel = PointSources.kernel(Backends.shared(), image, 255);
		assertEquals(1, kernel.orElseThrow().get(kernel.get().width() / 2, kernel.get().height() / 2), 1e-3);
	}
}
