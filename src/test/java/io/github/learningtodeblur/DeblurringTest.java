package io.github.learningtodeblur;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.SmallDevice;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.search.Confidence;
import io.github.learningtodeblur.restore.ObservedRestoration;
import io.github.learningtodeblur.search.KernelRefinement;
import io.github.learningtodeblur.search.LearnedRefinement;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.restore.WienerRestoration;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Regions;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.cell.CellImgFactory;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

class DeblurringTest {

	private static final StageSpec STAGE = new StageSpec(8, 5, 6, 2, 2, true);
	private static final ModelSpec SPEC = new ModelSpec(List.of(new ScaleSpec(5, "a", List.of(STAGE,
		STAGE)), new ScaleSpec(9, "b", List.of(STAGE))));
	/** Noise is no blurred image: without being told to, nothing would be looked for. */
	private final Deblurring deblurring = new Deblurring(Model.initial(SPEC, 1), new CpuBackend()).withBlurAssumed(true);

	private static Plane noise(final int width, final int height) {
		final Plane p = new Plane(width, height);
		final Random random = new Random(7);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = random.nextFloat();
		return p;
	}

	@Test
	void kernelsAreNotNegativeAndSumToOne() {
		final Plane kernel = deblurring.estimateKernel(noise(67, 50), Progress.NONE);
		assertEquals(9, kernel.width());
		assertEquals(9, kernel.height());
		assertEquals(1, kernel.sum(), 1e-5);
		for (final float v : kernel.pixels())
			assertTrue(v >= 0);
	}

	@Test
	void resultHasTheSizeAndChannelsOfTheInput() {
		final List<Plane> channels = List.of(noise(61, 45), noise(61, 45), noise(61, 45));
		final Deblurred result = deblurring.deblur(channels, new WienerRestoration(), Progress.NONE);
		assertEquals(3, result.channels().size());
		for (final Plane p : result.channels()) {
			assertEquals(61, p.width());
			assertEquals(45, p.height());
		}
		assertEquals(result.channels().get(0), result.channels().get(2));
	}

	/** In small images, in large ones, where larger blurs are looked for as well, and where one frame is asked for. */
	@Test
	void progressOnlyMovesForward() {
		final Deblurring refined = deblurring.withRefinement(new KernelRefinement(3));
		for (final Deblurring d : List.of(refined, refined.withKernelSize(9), refined.withKernelSize(15), deblurring
			.withRefinement(new KernelRefinement(0))))
			for (final int side : new int[] { 60, 130 }) {
				final List<String> told = new ArrayList<>();
				final Progress forward = new Progress() {

					private double before;

					@Override
					public synchronized void report(final long done, final long total, final String what) {
						final double now = (double) done / total;
						told.add(now + " " + what);
						assertTrue(now >= before && now <= 1, "back from " + before + ": " + told);
						before = now;
					}

					@Override
					public boolean canceled() {
						return false;
					}
				};
				d.deblur(List.of(noise(side, side), noise(side, side), noise(side, side)), new WienerRestoration(), forward);
				assertTrue(told.get(told.size() - 1).startsWith("1.0 "), told.toString());
				assertTrue(told.get(0).startsWith("0.0 "), told.toString());
			}
	}

	/** Sharp, or nothing but noise: the very same values come back, in any range, in colour, and with a size given. */
	@Test
	void whatIsSharpIsLeftAsItIs() {
		final Deblurring usual = new Deblurring(Model.initial(SPEC, 1), new CpuBackend());
		final Plane street = Disturbances.street();
		for (final Plane image : List.of(street, Disturbances.ranged(street, 4000, 100), Disturbances.noise(200, 200, 0.1,
			3)))
		{
			final Deblurred result = usual.deblur(List.of(image), new WienerRestoration(), Progress.NONE);
			assertEquals(Confidence.NO_BLUR, result.report().confidence());
			assertEquals(1, result.report().extentWidth());
			assertEquals(List.of(image), result.channels());
			assertTrue(Planes.isPoint(result.kernel()));
			assertEquals(Confidence.Verdict.NO_BLUR, usual.withKernelSize(9).estimate(List.of(image, image, image),
				Progress.NONE).report().confidence().verdict());
		}
		final Plane shaken = Disturbances.shakenStreet().blurry();
		final Deblurred result = usual.deblur(List.of(shaken), new WienerRestoration(), Progress.NONE);
		// an untrained network finds nonsense, and that is told
		assertEquals(Confidence.Verdict.DOUBTFUL, result.report().confidence().verdict());
		final Report assumed = usual.withBlurAssumed(true).estimate(List.of(street), Progress.NONE).report();
		assertTrue(assumed.extentWidth() == 1 && assumed.extentHeight() == 1, assumed.line());
	}

	/** In the network or later, where the largest tensor is: the same kernel, candidates and insides as on the CPU. */
	@Test
	void whatDoesNotFitOnTheDeviceIsDoneOnTheCpu() {
		final Plane image = noise(130, 130);
		for (final int values : new int[] { 20_000, 60_000 }) {
			final SmallDevice device = new SmallDevice(values);
			final Deblurring small = new Deblurring(Model.initial(SPEC, 1), device.backend()).withBlurAssumed(true).withRefinement(
				new KernelRefinement(2));
			final Deblurring usual = deblurring.withRefinement(new KernelRefinement(2));
			final Deblurred result = small.deblur(List.of(image), new WienerRestoration(), Progress.NONE);
			assertTrue(device.refused() > 0 && device.granted() > 0, device.granted() + " and " + device.refused());
			final Deblurred right = usual.deblur(List.of(image), new WienerRestoration(), Progress.NONE);
			assertEquals(right.kernel(), result.kernel());
			assertEquals(right.channels(), result.channels());
			assertEquals(evidence(usual, image), evidence(small, image));
			assertEquals(Images.plane(usual.run(Images.img(image), Progress.NONE).kernel()), Images.plane(small.run(Images.img(image),
				Progress.NONE).kernel()));
		}
	}

	/** What follows the choice is the user's there as well. */
	@Test
	void theLastStepIsTakenAlongToTheCpu() throws IOException {
		final Plane image = Disturbances.shakenStreet().blurry().crop(60, 20, 160, 160);
		final SmallDevice device = new SmallDevice(60_000);
		final Deblurring small = shaken(device.backend()), usual = shaken(new CpuBackend());
		final Plane bundled = usual.estimateKernel(image, Progress.NONE), without = usual.withLearnedRefinement(null).estimateKernel(
			image, Progress.NONE);
		assertNotEquals(bundled, without);
		assertEquals(without, small.withLearnedRefinement(null).estimateKernel(image, Progress.NONE));
		final LearnedRefinement other = new LearnedRefinement(Model.initial(LearnedRefinement.bundled(device.backend()).model(), 7),
			device.backend());
		final Plane improved = small.withLearnedRefinement(other).estimateKernel(image, Progress.NONE);
		assertTrue(device.refused() > 0);
		assertEquals(usual.withLearnedRefinement(other.on(new CpuBackend())).estimateKernel(image, Progress.NONE), improved);
		assertNotEquals(bundled, improved);
	}

	private static Deblurring shaken(final Backend backend) throws IOException {
		return new Deblurring(Models.open("camera-shake"), backend).withKernelSize(17).withRefinement(new KernelRefinement(2));
	}

	/** Images of ImgLib2 are restored where the kernel is estimated. */
	@Test
	void imgLib2ImagesAreRestoredOnTheSameDevice() {
		final SmallDevice device = new SmallDevice(1 << 24);
		final Plane image = noise(60, 60);
		final Img<FloatType> out = ArrayImgs.floats(60, 60);
		final Deblurring d = new Deblurring(Model.initial(SPEC, 1), device.backend()).withBlurAssumed(true).withRefinement(
			new KernelRefinement(0));
		final int weights = device.granted();
		d.estimateKernel(image, Progress.NONE);
		final int estimated = device.granted();
		d.deblur(Images.img(image), new WienerRestoration(), out, Progress.NONE);
		assertTrue(device.granted() - estimated > estimated - weights, "more than for a kernel");
	}

	private static List<String> evidence(final Deblurring deblurring, final Plane image) {
		return deblurring.candidates(image, Progress.NONE).stream().flatMap(List::stream).map(c -> Arrays.toString(c.evidence()))
			.toList();
	}

	@Test
	void imgLib2ImagesGiveTheSameKernel() {
		final Plane image = noise(40, 41);
		assertEquals(deblurring.estimateKernel(image, Progress.NONE), Images.plane(deblurring
			.estimateKernel(Images.img(image), Progress.NONE)));
	}

	@Test
	void smallerScalesCanBeChosen() {
		assertEquals(List.of(5, 9), deblurring.kernelSizes());
		assertEquals(5, deblurring.withKernelSize(5).estimateKernel(noise(40, 40), Progress.NONE).width());
		final String message = assertThrows(IllegalArgumentException.class, () -> deblurring.withKernelSize(
			7)).getMessage();
		assertTrue(message.contains("[5, 9]"), message);
	}

	@Test
	void automaticIsTheLargestScaleThatTheImageAllows() {
		assertEquals(9, deblurring.estimateKernel(noise(27, 40), Progress.NONE).width());
		assertEquals(5, deblurring.estimateKernel(noise(26, 40), Progress.NONE).width());
		assertEquals(15, deblurring.leastSide());
		assertEquals(27, deblurring.withKernelSize(9).leastSide());
		assertEquals(15, deblurring.withKernelSize(9).withLargestBlur(BlurSize.AUTOMATIC).leastSide());
	}

	/** Two channels of any place and type, and a block of the result: as the planes give. */
	@Test
	void imagesOfImgLib2() {
		final Plane one = noise(90, 80), two = noise(90, 80).rotated180();
		final Img<UnsignedShortType> both = new CellImgFactory<>(new UnsignedShortType(), 32).create(90, 80, 2);
		final List<Plane> planes = List.of(one, two);
		final List<Plane> counted = new ArrayList<>();
		for (int c = 0; c < 2; c++) {
			for (int y = 0; y < 80; y++)
				for (int x = 0; x < 90; x++)
					both.getAt(x, y, c).set(Math.round(1000 * Math.max(0, planes.get(c).get(x, y))));
			counted.add(Images.plane(Views.hyperSlice(both, 2, c)));
		}
		final Deblurring alone = deblurring.withKernelSize(5).withRefinement(new KernelRefinement(0));
		final RandomAccessibleInterval<UnsignedShortType> moved = Views.translate(both, -7, 300, 5);
		final Plane kernel = alone.estimateKernel(counted, Progress.NONE);
		assertEquals(kernel, Images.plane(alone.estimateKernel(moved, Progress.NONE)));
		final Img<FloatType> out = ArrayImgs.floats(40, 30, 1);
		final Restoration wiener = new WienerRestoration();
		assertEquals(kernel, Images.plane(alone.deblur(moved, wiener, Views.translate(out, 20, 310, 6), Progress.NONE)));
		final Plane whole = new ObservedRestoration(wiener).restore(counted.get(1), kernel, Progress.NONE);
		assertEquals(whole.crop(27, 10, 40, 30), Images.plane(Views.hyperSlice(out, 2, 0)));
		assertThrows(IllegalArgumentException.class, () -> alone.deblur(moved, wiener, out, Progress.NONE));
	}

	@Test
	void imagesThatTellNothingAreRefused() {
		assertRefused("too small: 14x40 pixels, but for blurs up to 5 pixels at least 15x15", noise(14, 40));
		assertTrue(assertThrows(IllegalArgumentException.class, () -> deblurring.withKernelSize(9)
			.estimateKernel(noise(26, 40), Progress.NONE)).getMessage().contains("at least 27x27"));
		assertRefused("constant", new Plane(40, 40));
		final Plane infinite = noise(40, 40);
		infinite.pixels()[77] = Float.POSITIVE_INFINITY;
		assertRefused("Infinity", infinite);
		final Plane hole = noise(40, 40);
		java.util.Arrays.fill(hole.pixels(), 0, 35 * 40, Float.NaN);
		assertRefused("88 % of the pixels are unknown", hole);
	}

	private void assertRefused(final String why, final Plane image) {
		final String message = assertThrows(IllegalArgumentException.class, () -> deblurring.deblur(List.of(
			image), new WienerRestoration(), Progress.NONE)).getMessage();
		assertTrue(message.contains(why), message);
	}

	@Test
	void theLargestBlurIsASizeOrAutomatic() {
		assertEquals(9, deblurring.withLargestBlur(BlurSize.AUTOMATIC).kernelSize());
		assertEquals(5, deblurring.withLargestBlur(new BlurSize(5)).kernelSize());
		assertEquals(9, deblurring.withLargestBlur(new BlurSize(6)).kernelSize());
		assertEquals(5, deblurring.withLargestBlur(new BlurSize(1)).kernelSize());
		assertEquals(13, deblurring.withLargestBlur(new BlurSize(12)).kernelSize());
	}

	@Test
	void theLargestBlurAsUsersWriteIt() {
		for (final String any : List.of("auto", "", " AUTO ", " 5", "255"))
			assertEquals(any.isBlank() ? "auto" : any.strip().toLowerCase(Locale.ROOT), BlurSize.parse(any).toString());
		assertEquals(BlurSize.AUTOMATIC, BlurSize.parse("Auto"));
		assertEquals(7, BlurSize.parse("7").pixels());
		for (final String wrong : List.of("big", "0", "256", "-5", "1.5"))
			assertEquals("The largest blur size must be \"auto\" or a number of pixels up to 255, got \"" + wrong + "\"", assertThrows(
				IllegalArgumentException.class, () -> BlurSize.parse(wrong)).getMessage());
		assertThrows(IllegalArgumentException.class, () -> new BlurSize(-1));
	}

	@Test
	void kernelsMayBeLargerThanTheNetworks() {
		final Plane image = noise(60, 50);
		for (final int rounds : new int[] { 0, 2 }) {
			final Plane kernel = deblurring.withKernelSize(15).withRefinement(new KernelRefinement(rounds))
				.estimateKernel(image, Progress.NONE);
			// of noise, a kernel may lie anywhere in the frame; with its bulk in the middle, it may need a larger one
			assertTrue(rounds == 0 ? kernel.width() == 15 : kernel.width() >= 15 && kernel.width() % 2 == 1, kernel.toString());
			assertEquals(1, kernel.sum(), 1e-5);
			for (final float v : kernel.pixels())
				assertTrue(v >= 0);
		}
		assertEquals(45, deblurring.withKernelSize(15).leastSide());
		assertThrows(IllegalArgumentException.class, () -> deblurring.withKernelSize(14));
		assertThrows(IllegalArgumentException.class, () -> deblurring.withKernelSize(257));
	}

	/** Two stages of the first scale, one of the second. */
	@Test
	void cancelStopsBetweenStages() {
		final List<String> told = new ArrayList<>();
		final Progress second = new Progress() {

			@Override
			public void report(final long done, final long total, final String what) {
				told.add(100 * done / total + " of 100");
			}

			@Override
			public boolean canceled() {
				return told.size() == 2;
			}
		};
		assertThrows(CancellationException.class, () -> deblurring.estimateKernel(noise(40, 40), second));
		// the network has the first 15 % of 40 % of the 80 % that come before the last step, and three stages
		assertEquals(List.of("0 of 100", "1 of 100"), told);
	}

	@Test
	void cancelStops() {
		final Progress canceled = new Progress() {

			@Override
			public void report(final long done, final long total, final String what) {}

			@Override
			public boolean canceled() {
				return true;
			}
		};
		assertThrows(CancellationException.class, () -> deblurring.estimateKernel(noise(40, 40), canceled));
	}

	@Test
	void ofALargeImageTheMostInformativeRegionIsTaken() {
		final Plane small = noise(300, 200);
		assertSame(small, Regions.informative(small, 1024));
		final Plane large = new Plane(2000, 1500);
		final Plane detail = noise(400, 300); // at (1500, 1100), all else is flat
		for (int y = 0; y < 300; y++)
			System.arraycopy(detail.pixels(), y * 400, large.pixels(), (1100 + y) * 2000 + 1500, 400);
		final Plane region = Regions.informative(large, 1024);
		assertEquals(1024, region.width());
		assertEquals(1024, region.height());
		assertTrue(region.sum() > 0.8 * detail.sum(), "most of the detail is inside");
	}

}
