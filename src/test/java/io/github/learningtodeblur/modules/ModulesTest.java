package io.github.learningtodeblur.modules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.ReferenceBackend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import net.imglib2.FinalInterval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.converter.RealTypeConverters;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.cell.CellImgFactory;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Intervals;
import net.imglib2.view.Views;

/** Modules put together by hand are the network; and each of them by itself. */
class ModulesTest {

	private static final StageSpec STAGE = new StageSpec(4, 3, 4, 2, 2, true);
	private static final Model MODEL = Model.initial(new ModelSpec(List.of(new ScaleSpec(5, "a", List.of(STAGE, STAGE)),
		new ScaleSpec(9, "b", List.of(STAGE, STAGE.withPairs(3)))), true), 1);
	private static final Backend CPU = new CpuBackend();

	static {
		MODEL.parameters().forEach((name, values) -> { // so large that they make a difference
			if (name.endsWith("log_beta_k")) values[0] = -3;
			if (name.endsWith("log_beta_x")) values[0] = -1;
		});
	}

	private static Img<FloatType> image(final int width, final int height) {
		final Random random = new Random(width * height);
		final float[] values = new float[width * height];
		for (int i = 0; i < values.length; i++)
			values[i] = (float) (0.5 + 0.3 * Math.sin(i % width / 5.0) * Math.cos(i / width / 4.0) + 0.05 * random
				.nextDouble());
		return ArrayImgs.floats(values, width, height);
	}

	private static float[] values(final RandomAccessibleInterval<FloatType> img) {
		return Images.values(img);
	}

	/** Features, kernel, image, next stage; next scale. */
	@Test
	void modulesByHandAreTheNetwork() throws Exception {
		for (final Model model : List.of(MODEL, Models.open("camera-shake")))
			for (final Backend backend : List.of(CPU, new ReferenceBackend())) {
				if (backend != CPU && model != MODEL) continue; // slow
				final Img<FloatType> blurry = image(90, 70);
				final DeblurringNetwork network = new DeblurringNetwork(backend, model);
				final NetworkResult expected = network.apply(blurry);
				assertEquals(model.spec().scales().size(), network.kernelSizes().size());
				Img<FloatType> latent = null;
				for (int s = 0; s < network.kernelSizes().size(); s++) {
					final Img<FloatType> y = network.input(blurry, s);
					if (latent != null) latent = network.enlarged(latent, y);
					for (int t = 0; t < network.stageCount(s); t++) {
						final StageResult stage = expected.stages().get(s).get(t);
						final StageResult whole = new NetworkStage(backend, model, s, t).apply(y, latent);
						final Img<FloatType> features = new FeatureExtractor(backend, model, s, t).extract(y, latent);
						final Img<FloatType> kernel = KernelQuotient.of(backend, model, s, t).kernel(features, network.kernelSizes()
							.get(s));
						latent = ImageQuotient.of(backend, model, s, t).image(y, kernel);
						final String where = "scale " + s + ", stage " + t;
						assertArrayEquals(values(stage.kernel()), values(kernel), 1e-4f, where);
						assertArrayEquals(values(stage.latent()), values(latent), 1e-4f, where);
						assertArrayEquals(values(stage.features()), values(whole.features()), 1e-4f, where);
						assertArrayEquals(values(stage.kernel()), values(whole.kernel()), 1e-4f, where);
						assertArrayEquals(values(stage.latent()), values(whole.latent()), 1e-4f, where);
						assertEquals(1, Images.plane(kernel).sum(), 1e-4, where);
					}
				}
				assertArrayEquals(values(expected.latent()), values(latent), 1e-4f);
			}
	}

	/** The paper's statement of Eqs. 3 to 5: the kernel of pairs that are made with it, and the image of it. */
	@Test
	void quotientsUndoAConvolution() {
		final int w = 96, h = 80, pairs = 2;
		final Plane kernel = new Plane(5, 5);
		kernel.pixels()[1 * 5 + 1] = 0.25f;
		kernel.pixels()[2 * 5 + 2] = 0.5f;
		kernel.pixels()[2 * 5 + 3] = 0.25f;
		final Random random = new Random(3);
		final float[] both = new float[2 * pairs * w * h];
		for (int i = 0; i < pairs; i++) {
			final Plane x = new Plane(w, h);
			for (int j = 0; j < w * h; j++)
				x.pixels()[j] = (float) random.nextGaussian();
			System.arraycopy(x.pixels(), 0, both, i * w * h, w * h);
			System.arraycopy(blurred(x, kernel).pixels(), 0, both, (pairs + i) * w * h, w * h);
		}
		final Img<FloatType> all = ArrayImgs.floats(both, w, h, 2 * pairs);
		final float[] before = both.clone();
		final Img<FloatType> found = new KernelQuotient(CPU, 1e-4).kernel(all, 5);
		assertArrayEquals(kernel.pixels(), values(found), 0.02f);
		assertArrayEquals(before, both, "the pairs stay as they are");

		final Img<FloatType> sharp = image(w, h);
		final Plane blurry = blurred(Images.plane(sharp), kernel);
		final Img<FloatType> restored = new ImageQuotient(CPU, 1e-4).image(Images.img(blurry), Images.img(kernel));
		double worst = 0, blur = 0;
		for (int y = 15; y < h - 15; y++)
			for (int x = 15; x < w - 15; x++) {
				worst = Math.max(worst, Math.abs(Images.plane(restored).get(x, y) - Images.plane(sharp).get(x, y)));
				blur = Math.max(blur, Math.abs(blurry.get(x, y) - Images.plane(sharp).get(x, y)));
			}
		assertTrue(worst < 0.3 * blur, worst + " of " + blur);
	}

	/** Of a constant image and no blur, Eq. 5 leaves y / (1 + beta_x). */
	@Test
	void betas() {
		final Img<FloatType> ones = ArrayImgs.floats(20, 20);
		ones.forEach(t -> t.set(1));
		for (final float v : values(new ImageQuotient(CPU, 0.25).image(ones, ArrayImgs.floats(new float[] { 1 }, 1, 1))))
			assertEquals(0.8f, v, 1e-5f);
		assertEquals(Math.exp(-3), KernelQuotient.of(CPU, MODEL, 1, 0).beta(), 1e-6);
		assertEquals(Math.exp(-1), ImageQuotient.of(CPU, MODEL, 1, 0).beta(), 1e-6);
	}

	private static Plane blurred(final Plane x, final Plane k) {
		final Plane out = new Plane(x.width(), x.height());
		for (int y = 0; y < x.height(); y++)
			for (int c = 0; c < x.width(); c++)
				for (int v = 0; v < k.height(); v++)
					for (int u = 0; u < k.width(); u++)
						out.pixels()[y * x.width() + c] += k.get(u, v) * x.get(Math.floorMod(c - u + k.width() / 2, x.width()),
							Math.floorMod(y - v + k.height() / 2, x.height()));
		return out;
	}

	/** Of any type of image, wherever it lies; a block of the output is what the whole has there. */
	@Test
	void blocksAndTypes() {
		final Img<UnsignedShortType> cells = new CellImgFactory<>(new UnsignedShortType(), 16).create(60, 50);
		final Random random = new Random(5);
		cells.forEach(t -> t.set(random.nextInt(4096)));
		final RandomAccessibleInterval<UnsignedShortType> moved = Views.translate(cells, 1000, 2000);
		final FeatureExtractor first = new FeatureExtractor(CPU, MODEL, 0, 0);
		assertEquals(1, first.inputs());
		final Img<FloatType> whole = first.extract(moved);
		assertArrayEquals(new long[] { 58, 48, 4 }, whole.dimensionsAsLongArray());
		assertArrayEquals(values(first.extract(Images.img(Images.plane(cells)))), values(whole));
		final Img<FloatType> large = ArrayImgs.floats(58, 48, 4);
		final RandomAccessibleInterval<FloatType> placed = Views.translate(large, 1000, 2000, 0);
		for (int y = 0; y < 48; y += 20)
			for (int x = 0; x < 58; x += 20)
				first.extract(moved, null, Views.interval(placed, FinalInterval.createMinSize(1000 + x, 2000 + y, 0, Math.min(20,
					58 - x), Math.min(20, 48 - y), 4)));
		assertArrayEquals(values(whole), values(large), 1e-5f * max(whole));

		final Plane kernel = new Plane(5, 3);
		kernel.pixels()[7] = kernel.pixels()[8] = 0.5f;
		final ImageQuotient quotient = new ImageQuotient(CPU, 0.01);
		final Img<FloatType> image = quotient.image(moved, Images.img(kernel)), part = ArrayImgs.floats(20, 10);
		quotient.image(moved, Images.img(kernel), Views.translate(part, 1030, 2040));
		assertEquals(Images.plane(image, Intervals.createMinSize(30, 40, 20, 10)), Images.plane(part));
		final Plane square = new Plane(5, 5);
		System.arraycopy(kernel.pixels(), 0, square.pixels(), 5, 15);
		assertEquals(Images.plane(quotient.image(moved, Images.img(square))), Images.plane(image), "also of oblong kernels");
		final Img<FloatType> sheet = ArrayImgs.floats(30, 30);
		new KernelQuotient(CPU, 1e-4).kernel(whole, Views.interval(sheet, Intervals.createMinSize(11, 13, 7, 7)));
		assertEquals(Images.plane(new KernelQuotient(CPU, 1e-4).kernel(whole, 7)), Images.plane(sheet, Intervals.createMinSize(
			11, 13, 7, 7)));
	}

	private static float max(final RandomAccessibleInterval<FloatType> img) {
		float max = 0;
		for (final float v : values(img))
			max = Math.max(max, Math.abs(v));
		return max;
	}

	@Test
	void tensorsShareTheirArray() {
		final Tensor t = CPU.allocate(1, 2, 3, 4);
		final var img = TensorImages.img(CPU, t);
		assertArrayEquals(new long[] { 4, 3, 2 }, img.dimensionsAsLongArray());
		assertSame(t.buffer().hostArray(), img.update(null).getCurrentStorageArray());
		img.getAt(1, 2, 1).set(5);
		final float[] read = new float[24];
		CPU.read(t, read);
		assertEquals(5, read[12 + 2 * 4 + 1]);
		// another device's values are copied
		final Backend other = new ReferenceBackend();
		final Tensor far = other.allocate(2, 2, 3, 4);
		other.fill(far, 3);
		final var copy = TensorImages.img(other, far);
		assertArrayEquals(new long[] { 4, 3, 2, 2 }, copy.dimensionsAsLongArray());
		assertEquals(3, copy.getAt(3, 2, 1, 1).get());
		assertNotSame(copy.update(null).getCurrentStorageArray(), TensorImages.img(other, far).update(null)
			.getCurrentStorageArray());
		assertThrows(IllegalArgumentException.class, () -> TensorImages.img(CPU, CPU.allocateSpectra(1, 1, 8, 8)));
	}

	@Test
	void mistakesAreTold() {
		final Img<FloatType> image = image(40, 30);
		assertMessage("2 scales, numbered from 0 on, got 2", () -> new FeatureExtractor(CPU, MODEL, 2, 0));
		assertMessage("2 stages at scale 0, numbered from 0 on, got 5", () -> KernelQuotient.of(CPU, MODEL, 0, 5));
		assertMessage("needs a latent image", () -> new FeatureExtractor(CPU, MODEL, 0, 1).extract(image));
		assertMessage("takes the blurry image only", () -> new NetworkStage(CPU, MODEL, 0, 0).apply(image, image));
		assertMessage("must lie alike, got 20x30 at 0,0 and 40x30 at 0,0", () -> new FeatureExtractor(CPU, MODEL, 0, 1).extract(
			image, image(20, 30)));
		assertMessage("smaller than the filters", () -> new FeatureExtractor(CPU, MODEL, 0, 0).extract(image(2, 30)));
		assertMessage("square of odd size, got 6x6", () -> new KernelQuotient(CPU, 1e-4).kernel(ArrayImgs.floats(30, 30, 2), 6));
		assertMessage("even number of feature images", () -> new KernelQuotient(CPU, 1e-4).kernel(ArrayImgs.floats(30, 30, 3),
			5));
		assertMessage("smaller than the kernel", () -> new KernelQuotient(CPU, 1e-4).kernel(ArrayImgs.floats(9, 30, 2), 11));
		assertMessage("beta_k must be above 0, got 0.0", () -> new KernelQuotient(CPU, 0));
		assertMessage("beta_x must be above 0, got NaN", () -> new ImageQuotient(CPU, Double.NaN));
		assertMessage("odd width and height", () -> new ImageQuotient(CPU, 0.1).image(image, ArrayImgs.floats(4, 3)));
		assertMessage("leaves the image 40x30 at 0,0", () -> new ImageQuotient(CPU, 0.1).image(image, ArrayImgs.floats(3, 3),
			ArrayImgs.floats(41, 30)));
		final Img<FloatType> nan = image(40, 30);
		nan.getAt(3, 4).set(Float.NaN);
		assertMessage("NaN at pixel 3,4", () -> new ImageQuotient(CPU, 0.1).image(nan, ArrayImgs.floats(new float[] { 1 }, 1,
			1)));
		assertMessage("The output needs 4 planes", () -> new FeatureExtractor(CPU, MODEL, 0, 0).extract(image, null, ArrayImgs
			.floats(38, 28, 3)));
	}

	private static void assertMessage(final String part, final Executable code) {
		final String message = assertThrows(IllegalArgumentException.class, code).getMessage();
		assertTrue(message.contains(part), message);
	}

	/** What a module gives is the caller's, also where nothing had to be done. */
	@Test
	void resultsAreNotTheInputs() {
		final Model plain = Model.initial(new ModelSpec(List.of(new ScaleSpec(5, "a", List.of(STAGE)))), 1);
		final Img<FloatType> image = image(40, 30), input = new DeblurringNetwork(CPU, plain).input(image, 0);
		assertArrayEquals(values(image), values(input));
		assertNotSame(values(image), values(input));
	}

	/** A converted view is as good as an array. */
	@Test
	void viewsAreAsGoodAsCopies() {
		final Img<FloatType> image = image(80, 70);
		final RandomAccessibleInterval<FloatType> view = Views.interval(Views.extendZero(RealTypeConverters.convert(image,
			new FloatType())), image);
		final DeblurringNetwork network = new DeblurringNetwork(CPU, MODEL);
		assertArrayEquals(values(network.apply(image).kernel()), values(network.apply(view).kernel()));
	}
}
