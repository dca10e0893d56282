package io.github.learningtodeblur.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

import net.imglib2.parallel.Parallelization;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.backend.ReferenceBackend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.train.DefocusDisc;
import io.github.learningtodeblur.train.ExampleSource;
import io.github.learningtodeblur.train.LinearMotion;
import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Unknown;
import io.github.learningtodeblur.util.ValidConvolution;

class RestorationTest {

	static Stream<Restoration> all() {
		return Restorations.names().stream().map(Restorations::named);
	}

	/** Without blur, Eq. 5 has the solution y / (1 + betaX), apart from the mean. */
	@Test
	void wienerOfAPoint() {
		final Plane y = Scene.sharp(20, 17, 1);
		final Plane x = new WienerRestoration(0.25, 0).restore(y, Scene.point(3, 0, 0), Progress.NONE);
		for (int i = 1; i < y.pixels().length; i++)
			assertEquals((y.pixels()[i] - y.pixels()[0]) / 1.25, x.pixels()[i] - x.pixels()[0], 1e-5);
	}

	@Test
	void noBlurNothingToDo() {
		final Plane y = Scene.sharp(40, 31, 2);
		for (final Restoration r : new Restoration[] { new WienerRestoration(1e-7, 0),
			new SparseRestoration(0.8, 1e8), new RichardsonLucyRestoration(0, 5) })
		{
			final Plane x = r.restore(y, Scene.point(5, 0, 0), Progress.NONE);
			assertArrayEquals(y.pixels(), x.pixels(), 1e-4f, r.toString());
		}
	}

	/** A kernel with its point right of the middle moves the image to the right; it is moved back. */
	@ParameterizedTest
	@MethodSource("all")
	void kernelOrientation(final Restoration r) {
		final Plane sharp = Scene.sharp(70, 60, 3), kernel = Scene.point(7, 3, -2);
		final Plane blurry = Scene.photograph(sharp, kernel, 0);
		final Plane x = r.restore(blurry, kernel, Progress.NONE);
		assertTrue(Scene.rms(x, Scene.shown(sharp, kernel), 6, 99) < 0.02, r::toString);
	}

	@ParameterizedTest
	@MethodSource("all")
	void roundTrip(final Restoration r) {
		final Plane kernel = Scene.hook(13), sharp = Scene.sharp(140, 120, 4);
		final Plane shown = Scene.shown(sharp, kernel);
		for (final double noise : new double[] { 0.001, 0.01 }) {
			final Plane blurry = Scene.photograph(sharp, kernel, noise);
			final Plane x = r.restore(blurry, kernel, Progress.NONE);
			final double gain = 20 * Math.log10(Scene.rms(blurry, shown, 13, 99) / Scene.rms(x, shown, 13,
				99));
			final double least = r instanceof SparseRestoration ? noise > 0.005 ? 10 : 12 : noise > 0.005
				? 5 : 9;
			assertTrue(gain > least, r + ", noise " + noise + ": gain " + gain + " dB");
		}
	}

	/**
	 * At the border half of what made up a pixel is unknown; it must still be clearly better than
	 * blurred.
	 */
	@ParameterizedTest
	@MethodSource("all")
	void noRingingAtTheBorder(final Restoration r) {
		final Plane kernel = Scene.hook(13), sharp = Scene.sharp(140, 120, 5);
		final Plane shown = Scene.shown(sharp, kernel);
		final Plane blurry = Scene.photograph(sharp, kernel, 0.003);
		final Plane x = r.restore(blurry, kernel, Progress.NONE);
		final double inside = Scene.rms(x, shown, 26, 99);
		final double atBorder = Scene.rms(x, shown, 0, 7);
		assertTrue(atBorder < 0.6 * Scene.rms(blurry, shown, 0, 7), r + ": " + atBorder);
		assertTrue(Scene.rms(x, shown, 7, 13) < 2.5 * inside, r + ": " + Scene.rms(x, shown, 7, 13) +
			" near the border, " + inside + " inside");
	}

	@ParameterizedTest
	@MethodSource("all")
	void keepsBrightness(final Restoration r) {
		final Plane grey = new Plane(33, 18);
		Arrays.fill(grey.pixels(), 0.3f);
		final Plane kernel = Scene.hook(9);
		// filters that were learned do not answer to nothing with exactly nothing
		assertArrayEquals(grey.pixels(), r.restore(grey, kernel, Progress.NONE).pixels(), r instanceof LearnedRestoration
			? 3e-3f : 1e-5f);
	}

	@ParameterizedTest
	@MethodSource("all")
	void scaleOfTheKernelDoesNotMatter(final Restoration r) {
		final Plane blurry = Scene.sharp(50, 40, 6), kernel = Scene.hook(7), large = kernel.copy();
		for (int i = 0; i < large.pixels().length; i++)
			large.pixels()[i] *= 8;
		assertEquals(r.restore(blurry, kernel, Progress.NONE), r.restore(blurry, large, Progress.NONE));
	}

	@ParameterizedTest
	@MethodSource("all")
	void anySize(final Restoration r) {
		final int[][] sizes = { { 1, 1 }, { 1, 7 }, { 8, 1 }, { 2, 3 }, { 31, 17 }, { 64, 5 } };
		final Plane line = new Plane(5, 1);
		Arrays.fill(line.pixels(), 1);
		for (final int[] size : sizes) {
			for (final Plane kernel : new Plane[] { Scene.point(1, 0, 0), line, Scene.hook(13) }) {
				final Plane blurry = Scene.sharp(size[0], size[1], 7), before = blurry.copy();
				final Plane x = r.restore(blurry, kernel, Progress.NONE);
				assertEquals(size[0], x.width());
				assertEquals(size[1], x.height());
				assertEquals(before, blurry);
				for (final float v : x.pixels())
					assertTrue(v > -3 && v < 4, () -> r + ", " + kernel + ", " + blurry + ": " + v);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("all")
	void anyNumberOfThreads(final Restoration r) {
		final Plane blurry = Scene.sharp(90, 101, 8), kernel = Scene.hook(9);
		final Plane[] x = new Plane[2];
		Parallelization.runSingleThreaded(() -> x[0] = r.restore(blurry, kernel, Progress.NONE));
		Parallelization.runWithNumThreads(3, () -> x[1] = r.restore(blurry, kernel, Progress.NONE));
		assertEquals(x[0], x[1]);
	}

	/** What is known comes out nearly as if all were; what is not is made up of it. */
	@ParameterizedTest
	@MethodSource("all")
	void unknownPixelsArePredicted(final Restoration r) {
		final Plane sharp = Scene.sharp(90, 80, 3), kernel = Scene.hook(7), blurry = Scene.photograph(sharp, kernel, 0.002);
		final Plane holes = blurry.copy();
		for (int y = 20; y < 29; y++)
			Arrays.fill(holes.pixels(), y * blurry.width() + 30, y * blurry.width() + 50, Float.NaN);
		final Plane all = r.restore(blurry, kernel, Progress.NONE), x = r.restore(holes, kernel, Progress.NONE);
		final Plane believed = r.restore(Unknown.filled(holes), kernel, Progress.NONE);
		final int border = (sharp.width() - x.width()) / 2;
		double far = 0, farAll = 0, near = 0, nearBelieved = 0;
		for (int y = 8; y < x.height() - 8; y++)
			for (int c = 8; c < x.width() - 8; c++) {
				assertTrue(Float.isFinite(x.get(c, y)));
				final float truth = sharp.get(c + border, y + border);
				final boolean inside = y > 19 && y < 29 && c > 29 && c < 50, around = y > 13 && y < 35 && c > 23 && c < 56;
				if (!around) {
					far += Math.pow(x.get(c, y) - truth, 2);
					farAll += Math.pow(all.get(c, y) - truth, 2);
				}
				else if (!inside) {
					near += Math.pow(x.get(c, y) - truth, 2);
					nearBelieved += Math.pow(believed.get(c, y) - truth, 2);
				}
			}
		assertTrue(far < 1.3 * farAll, r + ": " + far + " against " + farAll);
		// what was made up must not be believed
		assertTrue(near < 0.95 * nearBelieved, r + ", beside the hole: " + near + " against " + nearBelieved);
	}

	/** Written once: in double precision, the same comes out. */
	@ParameterizedTest
	@MethodSource("all")
	void anotherDeviceDoesTheSame(final Restoration r) {
		final Plane kernel = Scene.hook(7), blurry = Scene.photograph(Scene.sharp(50, 40, 3), kernel, 0.002);
		Arrays.fill(blurry.pixels(), 600, 605, Float.NaN);
		final Set<String> used = new HashSet<>();
		final Restoration there = r.on(new ReferenceBackend() {

			@Override
			public void fft(final Tensor images, final Tensor spectra) {
				used.add("fft");
				super.fft(images, spectra);
			}
		});
		final Plane exact = new ObservedRestoration(there).restore(blurry, kernel, Progress.NONE);
		assertEquals(Set.of("fft"), used);
		final Plane x = new ObservedRestoration(r).restore(blurry, kernel, Progress.NONE);
		assertTrue(Scene.rms(x.crop(0, 0, 40, 10), exact.crop(0, 0, 40, 10), 0, 99) < 1e-3, r.toString());
	}

	@ParameterizedTest
	@MethodSource("all")
	void refusesWhatIsNoKernel(final Restoration r) {
		final Plane image = Scene.sharp(20, 20, 9), nan = image.copy(), infinite = image.copy();
		nan.pixels()[43] = Float.NaN;
		infinite.pixels()[43] = Float.POSITIVE_INFINITY;
		assertRefused("4x3", r, image, new Plane(4, 3));
		assertRefused("0.0", r, image, new Plane(3, 3));
		assertRefused("Infinity at pixel 3,2", r, infinite, Scene.point(3, 0, 0));
		assertRefused("NaN", r, image, nan.crop(1, 1, 3, 3));
	}

	@ParameterizedTest
	@MethodSource("all")
	void cancel(final Restoration r) {
		final AtomicInteger asked = new AtomicInteger();
		final Progress second = new Progress() {

			@Override
			public void report(final long done, final long total, final String what) {
				assertTrue(done >= 0 && done <= total);
			}

			@Override
			public boolean canceled() {
				return asked.incrementAndGet() == 2;
			}
		};
		assertThrows(CancellationException.class, () -> r.restore(Scene.sharp(20, 20, 1), //
			Scene.point(3, 0, 0), second));
		assertEquals(2, asked.get());
	}

	/** One photon more or less is seen: here the others amplify noise. */
	@Test
	void fewPhotons() {
		final Plane kernel = Scene.hook(13), sharp = Scene.sharp(140, 120, 4);
		final Plane shown = Scene.shown(sharp, kernel), blurry = Scene.photograph(sharp, kernel, 0);
		final Random random = new Random(6);
		final double photons = 1000;
		for (int i = 0; i < blurry.pixels().length; i++) {
			final double mean = photons * blurry.pixels()[i];
			blurry.pixels()[i] = (float) (Math.round(mean + Math.sqrt(mean) * random.nextGaussian()) /
				photons);
		}
		final Plane x = Restorations.named("richardson-lucy").restore(blurry, kernel, Progress.NONE);
		final double gain = 20 * Math.log10(Scene.rms(blurry, shown, 13, 99) / Scene.rms(x, shown, 13,
			99));
		final double sparse = 20 * Math.log10(Scene.rms(blurry, shown, 13, 99) / Scene.rms(
			new SparseRestoration().restore(blurry, kernel, Progress.NONE), shown, 13, 99));
		System.out.println("1000 photons: gain " + gain + " dB, sparse " + sparse + " dB");
		assertTrue(gain > 9 && gain > sparse + 3, gain + ", sparse " + sparse);
	}

	@Test
	void richardsonLucyStaysPositive() {
		final Plane kernel = Scene.hook(9), blurry = new Plane(40, 30);
		blurry.pixels()[15 * 40 + 20] = 1; // darkness and one star, and a value that no photon made
		blurry.pixels()[3] = -0.2f;
		final Plane x = new RichardsonLucyRestoration().restore(blurry, kernel, Progress.NONE);
		for (final float v : x.pixels())
			assertTrue(v >= 0 && Float.isFinite(v), () -> "" + v);
	}

	/** By hand: lambda div = lambda * -4 at a lone bright pixel whose four differences fall. */
	@Test
	void totalVariationFlattensPeaks() {
		final Plane peak = new Plane(17, 17);
		Arrays.fill(peak.pixels(), 0.5f);
		peak.pixels()[8 * 17 + 8] = 1;
		final Plane x = new RichardsonLucyRestoration(0.1, 1).restore(peak, Scene.point(1, 0, 0),
			Progress.NONE);
		// to the right and down: -1/sqrt(2) each; from the left and above: 1 each, to be subtracted
		assertEquals(1 / (1 + 0.1 * (2 + Math.sqrt(2))), x.get(8, 8), 1e-3);
		assertEquals(0.5, x.get(3, 3), 1e-5);
	}

	@Test
	void strengthIsAFactorOnTheRegularisation() {
		final Plane blurry = Scene.photograph(Scene.sharp(80, 70, 3), Scene.hook(7), 0.02);
		for (final String name : Restorations.names()) {
			assertEquals(Restorations.named(name), Restorations.named(name, 1));
			double before = Double.POSITIVE_INFINITY;
			for (final double strength : new double[] { 0.1, 1, 10 }) {
				final Plane x = Restorations.named(name, strength).restore(blurry, Scene.hook(7),
					Progress.NONE);
				final double roughness = Scene.rms(x.crop(1, 1, 60, 60), x.crop(0, 1, 60, 60), 0, 99);
				assertTrue(roughness < before, name + ", " + strength);
				before = roughness;
			}
		}
		assertMessage("Strength must be 0.01 to 30, got 0.0", () -> Restorations.named("sparse", 0));
		assertMessage("got NaN", () -> Restorations.named("sparse", Double.NaN));
	}

	/** What was trained on a class of images follows the network for the same class; whoever asks for another gets that. */
	@Test
	void theModelOfAClassHasItsRestoration() throws IOException {
		assertEquals("learned-text", Restorations.after("text", "learned"));
		assertEquals("learned-microscopy", Restorations.after("microscopy", "learned"));
		assertEquals("learned", Restorations.after("camera-shake", "learned"));
		assertEquals("learned", Restorations.after("my/text.safetensors", "learned"));
		assertEquals("sparse", Restorations.after("text", "sparse"));
		assertEquals("own.safetensors", Restorations.after("text", "own.safetensors"));
		final Plane page = Disturbances.ranged(Disturbances.receipt(1).crop(20, 20, 200, 160), 0.8f, 0.1f), kernel = new LinearMotion(1).sample(21, new SplittableRandom(1));
		final Disturbances.Scene scene = Disturbances.blurred(page, kernel, 0.02, 1);
		final double general = error("learned", scene), text = error("learned-text", scene);
		assertTrue(text < 0.98 * general, text + " and " + general);
		final Plane nuclei = SharpImages.stretched(ImageFiles.read(Path.of("test-images/nuclei.tif")).luminance()), disc = new DefocusDisc(1).sample(13,
			new SplittableRandom(1)), few = ValidConvolution.convolve(nuclei, disc);
		ExampleSource.addNoise(few, 0.01, 0.05, new SplittableRandom(1));
		final Disturbances.Scene photons = new Disturbances.Scene(few, nuclei.crop(6, 6, few.width(), few.height()), disc);
		final double usual = error("learned", photons), microscopy = error("learned-microscopy", photons);
		assertTrue(microscopy < 0.98 * usual, microscopy + " and " + usual);
	}

	private static double error(final String restoration, final Disturbances.Scene scene) {
		final Plane restored = Restorations.named(restoration).restore(scene.blurry(), scene.kernel(), Progress.NONE);
		return Scene.rms(restored, scene.sharp(), 0, 1000);
	}

	/** Of whatever sizes, and as many as do not fit into a batch. */
	@Test
	void severalKernelsAtOnce() {
		final Plane blurry = Scene.photograph(Scene.sharp(330, 310, 3), Scene.hook(7), 0.002);
		final Restoration r = new FittedRestoration(1);
		final List<Plane> kernels = new ArrayList<>(List.of(Scene.hook(7), Scene.hook(11), Scene.hook(7).rotated180()));
		kernels.addAll(Collections.nCopies(12, Scene.point(7, 1, 0)));
		final List<Plane> images = r.restore(blurry, kernels, Progress.NONE);
		assertEquals(15, images.size());
		for (int i = 0; i < 4; i++)
			assertEquals(r.restore(blurry, kernels.get(i), Progress.NONE), images.get(i), "kernel " + i);
		assertEquals(images.get(3), images.get(14));
		assertEquals(images.subList(0, 2), Restorations.named("sparse").restore(blurry, kernels.subList(0, 2), Progress.NONE));
		assertEquals(List.of(), r.restore(blurry, List.of(), Progress.NONE));
	}

	@Test
	void settings() {
		assertMessage("0.3", () -> new RichardsonLucyRestoration(0.3, 10));
		assertMessage("got 0", () -> new RichardsonLucyRestoration(0, 0));
		assertMessage("1.5", () -> new SparseRestoration(1.5, 2000));
		assertMessage("NaN", () -> new SparseRestoration(0.8, Double.NaN));
		assertMessage("-1.0", () -> new WienerRestoration(-1, 0));
		assertMessage("both", () -> new WienerRestoration(0, 0));
		assertMessage("wener", () -> Restorations.named("wener"));
		final Function<Double, Double> lambda = s -> SparseRestoration.forNoise(s, Backends.shared()).lambda();
		assertTrue(lambda.apply(0.0) < 6000 && lambda.apply(0.01) > 1000 && lambda.apply(0.03) < 300);
	}

	private static void assertRefused(final String part, final Restoration r, final Plane image,
		final Plane kernel)
	{
		assertMessage(part, () -> r.restore(image, kernel, Progress.NONE));
	}

	private static void assertMessage(final String part, final Runnable code) {
		final String message = assertThrows(IllegalArgumentException.class, code::run).getMessage();
		assertTrue(message.contains(part), message);
	}
}
