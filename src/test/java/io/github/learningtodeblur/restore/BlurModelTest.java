package io.github.learningtodeblur.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Plane;

class BlurModelTest {

	private static final Backend DEVICE = Backends.shared();

	/** The solution satisfies c K'(K x - y) + b (x - mean) + g (D'D x - t) = 0, pixel by pixel. */
	@Test
	void solvesTheNormalEquations() {
		final Random random = new Random(11);
		final Plane kernel = Scene.hook(5);
		final BlurModel model = new BlurModel(DEVICE, Scene.sharp(9, 7, 1), kernel);
		final int w = model.blurry().width(), h = model.blurry().height();
		final float[] t = new float[w * h], x = new float[w * h];
		double mean = 0;
		for (int i = 0; i < t.length; i++)
			mean += t[i] = random.nextFloat();
		for (int i = 0; i < t.length; i++)
			t[i] -= (float) (mean / t.length); // as every D'w
		final Tensor spectrum = model.allocateSpectra(), images = model.allocateImages();
		DEVICE.write(t, images);
		DEVICE.fft(images, spectrum);
		final float c = 3, b = 0.2f, g = 0.7f;
		model.solve(c, b, g, spectrum, spectrum);
		DEVICE.ifft(spectrum, images);
		DEVICE.read(images, x);

		final double[] y = new double[w * h];
		double meanY = 0, meanX = 0;
		for (int i = 0; i < y.length; i++) {
			meanY += (y[i] = model.blurry().pixels()[i]) / y.length;
			meanX += x[i] / (double) x.length;
		}
		assertEquals(meanY, meanX, 1e-5);
		final double[] xs = new double[w * h];
		for (int i = 0; i < xs.length; i++)
			xs[i] = x[i];
		final double[] residual = convolve(xs, w, h, kernel);
		for (int i = 0; i < y.length; i++)
			residual[i] -= y[i];
		final double[] back = convolve(residual, w, h, kernel.rotated180());
		for (int j = 0; j < h; j++) {
			for (int i = 0; i < w; i++) {
				final int at = j * w + i;
				final double laplacian = 4 * xs[at] - xs[j * w + (i + 1) % w] - //
					xs[j * w + (i + w - 1) % w] - xs[(j + 1) % h * w + i] - xs[(j + h - 1) % h * w + i];
				assertEquals(0, c * back[at] + b * (xs[at] - meanX) + g * (laplacian - t[at]), 2e-5);
			}
		}
	}

	@Test
	void predictsOnlyTheExtension() {
		final Plane image = Scene.sharp(12, 9, 2), kernel = Scene.hook(5);
		final BlurModel model = new BlurModel(DEVICE, image, kernel);
		final int w = model.blurry().width(), h = model.blurry().height();
		final Plane estimate = Scene.sharp(w, h, 3);
		final Tensor spectrum = model.allocateSpectra(), predicted = model.allocateImages();
		DEVICE.write(estimate.pixels(), predicted);
		DEVICE.fft(predicted, spectrum);
		model.predictUnknown(spectrum, predicted);
		final Plane blurry = DEVICE.readPlanes(predicted).get(0);
		final double[] xs = new double[w * h];
		for (int i = 0; i < xs.length; i++)
			xs[i] = estimate.pixels()[i];
		final double[] blurred = convolve(xs, w, h, kernel);
		for (int y = 0; y < h; y++)
			for (int x = 0; x < w; x++)
				assertEquals(x < 12 && y < 9 ? image.get(x, y) : blurred[y * w + x], //
					blurry.get(x, y), 1e-5, x + "," + y);
	}

	@Test
	void bordersOfAConstantImage() {
		final Plane image = new Plane(6, 4);
		java.util.Arrays.fill(image.pixels(), 0.4f);
		final float[] expected = new float[10 * 12];
		java.util.Arrays.fill(expected, 0.4f);
		assertArrayEquals(expected, Borders.extend(image, 10, 12).pixels(), 1e-6f);
	}

	/** A slope returns to its start in even steps: 15, then down by 3 each. */
	@Test
	void bordersOfASlope() {
		final Plane image = new Plane(new float[] { 0, 5, 10, 15 }, 4, 1);
		final Plane out = Borders.extend(image, 8, 2);
		for (int x = 0; x < 4; x++)
			assertEquals(image.get(x, 0), out.get(x, 0));
		final Plane columns = Borders.extend(new Plane(new float[] { 0, 5, 10, 15 }, 1, 4), 1, 8);
		for (int y = 4; y < 8; y++)
			assertEquals(15 - 3 * (y - 3), columns.get(0, y), 0.05);
	}

	/**
	 * Opposite borders differ by 0.4 and 0.6; no step in the extension is near that, even at corners.
	 */
	@Test
	void bordersAreSmooth() {
		final int w = 40, h = 30;
		final Plane image = new Plane(w, h);
		for (int y = 0; y < h; y++)
			for (int x = 0; x < w; x++)
				image.pixels()[y * w + x] = 0.01f * x + 0.02f * y;
		final Plane out = Borders.extend(image, 64, 60);
		for (int y = 0; y < 60; y++) {
			for (int x = 0; x < 64; x++) {
				final double across = Math.abs(out.get((x + 1) % 64, y) - out.get(x, y));
				final double down = Math.abs(out.get(x, (y + 1) % 60) - out.get(x, y));
				assertTrue(across < 0.1 && down < 0.1, x + "," + y + ": " + across + " " + down);
			}
		}
	}

	private static double[] convolve(final double[] in, final int w, final int h,
		final Plane kernel)
	{
		final double[] out = new double[w * h];
		final int r = kernel.width() / 2;
		for (int y = 0; y < h; y++)
			for (int x = 0; x < w; x++)
				for (int j = -r; j <= r; j++)
					for (int i = -r; i <= r; i++)
						out[y * w + x] += kernel.get(i + r, j + r) / kernel.sum() * //
							in[Math.floorMod(y - j, h) * w + Math.floorMod(x - i, w)];
		return out;
	}
}
