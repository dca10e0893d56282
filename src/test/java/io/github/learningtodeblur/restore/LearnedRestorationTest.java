package io.github.learningtodeblur.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.net.RestorationNetwork;
import io.github.learningtodeblur.net.RestorationProblem;
import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

class LearnedRestorationTest {

	private static final Restoration LEARNED = LearnedRestoration.bundled(), SPARSE = new FittedRestoration(1);

	@TempDir
	Path folder;

	/**
	 * Pictures it has not seen, with kernels that are a little wrong, as estimated ones are. Of a drawing, whose gradients
	 * are as sparse as can be, the other knows more.
	 */
	@ParameterizedTest
	@CsvSource({ "nuclei.tif, 0.2", "text.png, 0.2", "street.png, -0.5" })
	void bearsWithWrongKernels(final String name, final double least) throws IOException {
		final Plane picture = SharpImages.stretched(ImageFiles.read(Path.of("test-images", name)).luminance());
		final Plane sharp = picture.crop(picture.width() / 2 - 110, picture.height() / 2 - 100, 220, 200);
		double mean = 0;
		for (final double noise : new double[] { 0.002, 0.01, 0.04 }) {
			final Plane kernel = Scene.hook(15), blurry = Scene.photograph(sharp, kernel, noise), shown = Scene.shown(sharp,
				kernel);
			final Plane wrong = new Plane(15, 15);
			for (int y = 1; y < 14; y++)
				for (int x = 1; x < 14; x++)
					wrong.pixels()[y * 15 + x] = kernel.get(x, y) * (x < 9 ? 1.25f : 0.8f) + 0.06f * (kernel.get(x - 1, y) + kernel
						.get(x + 1, y) + kernel.get(x, y - 1) + kernel.get(x, y + 1)) + 0.004f;
			final double before = decibels(blurry, shown), learned = decibels(LEARNED.restore(blurry, wrong, Progress.NONE),
				shown), sparse = decibels(SPARSE.restore(blurry, wrong, Progress.NONE), shown);
			System.out.printf("%s, noise %.3f, a wrong kernel: blurry %.2f dB, learned %.2f dB, sparse %.2f dB%n", name, noise,
				before, learned, sparse);
			assertTrue(learned > before + 3, learned + " dB");
			mean += (learned - sparse) / 3;
		}
		assertTrue(mean > least, mean + " dB more than sparse");
	}

	private static double decibels(final Plane x, final Plane shown) {
		return -20 * Math.log10(Scene.rms(x, shown, 15, 99));
	}

	/** Lights of four times white, whose traces are cut off at white: without care they ring. */
	@Test
	void saturatedLightsRingLess() throws IOException {
		final Plane kernel = Scene.hook(13), sharp = Scene.sharp(150, 140, 8);
		for (int i = 0; i < sharp.pixels().length; i++)
			sharp.pixels()[i] *= 0.4f;
		for (int y = 30; y < 120; y += 30)
			for (int x = 30; x < 130; x += 30)
				for (int dy = 0; dy < 3; dy++)
					for (int dx = 0; dx < 3; dx++)
						sharp.pixels()[(y + dy) * 150 + x + dx] = 4;
		final Plane blurry = Scene.photograph(sharp, kernel, 0.002), shown = Scene.shown(sharp, kernel);
		for (int i = 0; i < blurry.pixels().length; i++)
			blurry.pixels()[i] = Math.min(1, blurry.pixels()[i]);
		final Plane with = LEARNED.restore(blurry, kernel, Progress.NONE);
		final double a = Scene.rmsOfTheDark(with, shown), b = Scene.rmsOfTheDark(believed(blurry, kernel), shown);
		System.out.printf("learned, rms beside saturated lights: %.4f with care, %.4f without%n", a, b);
		assertTrue(a < 0.4 * b, a + " against " + b);
	}

	/** As if no pixel were saturated. */
	private static Plane believed(final Plane blurry, final Plane kernel) throws IOException {
		final CpuBackend backend = new CpuBackend();
		final RestorationModel model = RestorationModel.bundled("general");
		final RestorationNetwork net = new RestorationNetwork(backend, model.spec(), Parameters.of(backend, model), 1, 170, 180,
			false);
		net.set(List.of(new RestorationProblem(blurry, Float.POSITIVE_INFINITY, kernel, 0.002)));
		net.forward(Progress.NONE);
		return net.image(model.spec().stages() - 1, 0);
	}

	@Test
	void fittedToAWholeImageIsFittedToItsTiles() {
		final Plane kernel = Scene.hook(7), blurry = Scene.photograph(Scene.sharp(330, 120, 9), kernel, 0.02);
		final Restoration fitted = LEARNED.fitted(blurry);
		assertNotEquals(LEARNED, fitted);
		assertEquals(fitted, LEARNED.fitted(blurry));
		assertEquals(new TiledRestoration(fitted, 100).restore(blurry, kernel, Progress.NONE), new TiledRestoration(LEARNED, 100)
			.restore(blurry, kernel, Progress.NONE));
	}

	/** Any file with its name and what is wrong with it. */
	@Test
	void refusesOtherFiles() throws IOException {
		final Path other = folder.resolve("other.safetensors");
		Models.save(other, Models.open("camera-shake"));
		assertTrue(assertThrows(IOException.class, () -> RestorationModel.read(other)).getMessage().matches(
			".*other.safetensors is not a learned restoration.*deblur-1.*"));
		final Path own = folder.resolve("own.safetensors");
		RestorationModel.bundled("general").save(own);
		assertTrue(assertThrows(IOException.class, () -> Models.open(own.toString())).getMessage().contains(
			RestorationModel.FORMAT));
		assertTrue(Files.size(own) < 1 << 20, "larger than 1 MB");
		assertEquals(RestorationModel.bundled("general").description(), RestorationModel.read(own).description());
		assertTrue(assertThrows(IOException.class, () -> RestorationModel.bundled("nothing")).getMessage().contains("nothing"));
		assertTrue(Models.bundled().stream().noneMatch(n -> n.contains("general")), "a restoration is no kernel network");
	}
}
