package io.github.learningtodeblur.backend;

import static io.github.learningtodeblur.backend.ReferenceBackend.values;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;

import net.imglib2.parallel.Parallelization;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every backend must do: each operation on random shapes against {@link ReferenceBackend}. A result may
 * be wrong by a few rounding errors for every summand of the longest sum behind it.
 */
public abstract class BackendContract {

	private static final long SEED = 1406_7444;
	/** Half the distance from 1 to the next float. */
	private static final double ROUNDING = 0x1p-24;

	private final ReferenceBackend reference = new ReferenceBackend();
	private final Random random = new Random(SEED);

	protected abstract Backend newBackend();

	// -- storage --

	@Test
	void writeReadFillAndCopy() {
		final Backend backend = newBackend();
		final Tensor t = backend.allocate(2, 3, 5, 7);
		assertArrayEquals(new float[210], read(backend, t), "not zero at first");
		final float[] a = noise(210);
		backend.write(a, t);
		assertArrayEquals(a, read(backend, t));
		final Tensor to = backend.allocate(2, 4, 5, 7);
		backend.fill(to, 7);
		backend.copyChannels(t, 1, to, 2, 2);
		final float[] copied = read(backend, to);
		for (int b = 0; b < 2; b++)
			for (int c = 0; c < 4; c++)
				for (int i = 0; i < 35; i++)
					assertEquals(c < 2 ? 7 : a[(b * 3 + c - 1) * 35 + i], copied[(b * 4 + c) * 35 + i]);
	}

	@Test
	void aClosedBackendRefusesToWork() {
		final Backend backend = newBackend();
		final Tensor t = backend.allocate(1, 1, 8, 8), s = backend.allocateSpectra(1, 1, 8, 8);
		backend.fft(t, s);
		backend.close();
		backend.close();
		assertThrows(IllegalStateException.class, () -> backend.allocate(1, 1, 8, 8));
		assertThrows(IllegalStateException.class, () -> backend.allocateSpectra(1, 1, 8, 8));
		assertThrows(IllegalStateException.class, () -> backend.fft(t, s));
	}

	@Test
	void goodSizes() {
		final Backend backend = newBackend();
		for (int n = 1; n < 1300; n++)
			assertEquals(reference.goodSize(n), backend.goodSize(n));
		assertEquals(2, backend.goodSize(1));
		assertEquals(16, backend.goodSize(15));
		assertEquals(60, backend.goodSize(55));
		assertEquals(486, backend.goodSize(481));
	}

	// -- feature extraction --

	@Test
	void oneFilterOnADeltaShowsTheFilter() {
		final Backend backend = newBackend();
		final Both delta = both(backend, 1, 1, 9, 23, new float[9 * 23]);
		final float[] image = new float[9 * 23];
		image[4 * 23 + 11] = 1;
		backend.write(image, delta.tensor);
		final float[] filter = new float[25];
		for (int i = 0; i < 25; i++)
			filter[i] = 0.01f * (i + 1);
		final List<Tensor> weights = List.of(tensor(backend, 1, 1, 5, 5, filter), tensor(backend, 1, 1, 1,
			1, 1));
		final Tensor out = backend.allocate(1, 1, 5, 19);
		backend.features(delta.tensor, weights, null, out);
		final float[] result = read(backend, out);
		for (int y = 0; y < 5; y++)
			for (int x = 0; x < 19; x++) {
				// a correlation: the filter appears rotated by 180 degrees
				final int dy = 4 - y, dx = 11 - x;
				final double expected = dx >= 0 && dx < 5 ? Math.tanh(filter[dy * 5 + dx]) : 0;
				assertEquals(expected, result[y * 19 + x], 1e-6);
			}
	}

	/** All widths from 1 to 70 once, and with them all kinds of tails. */
	@Test
	void features() {
		final Backend backend = newBackend();
		for (int width = 1; width <= 70; width++)
			features(backend, shape(width));
	}

	/** Several bands of rows. */
	@Test
	void featuresOfLargerImages() {
		final Backend backend = newBackend();
		features(backend, new Shape(1, 2, 131, 103, 9, List.of(9, 6, 4)));
		features(backend, new Shape(2, 1, 61, 300, 5, List.of(6, 5, 3, 4)));
		features(backend, new Shape(1, 1, 80, 1100, 3, List.of(2, 2)));
	}

	private void features(final Backend backend, final Shape s) {
		final Features f = new Features(backend, s);
		f.forward(true);
		compare(s + ", features", f.out, f.length() * 2);
		for (int m = 0; m < f.kept.size(); m++)
			compare(s + ", tanh " + m, f.kept.get(m), f.length() * 2);
		final float[] kept = read(backend, f.out.tensor);
		backend.fill(f.out.tensor, 5);
		f.forward(false);
		assertArrayEquals(kept, read(backend, f.out.tensor), s + ": differs if nothing is kept");

		// gradients; those of parameters are added to what is there
		f.forward(true);
		f.backward(true, true);
		final double sum = (double) s.height * s.width * s.batch;
		compare(s + ", input gradient", f.dIn, s.outputs.get(0) * s.k * s.k + 30);
		for (int m = 0; m < f.dWeights.size(); m++)
			compare(s + ", weight gradient " + m, f.dWeights.get(m), sum / 4 + 50);
		final float[] dIn = read(backend, f.dIn.tensor);
		final float[] before = read(backend, f.dWeights.get(0).tensor);
		backend.fill(f.dIn.tensor, 5);
		f.backward(true, false);
		assertArrayEquals(dIn, read(backend, f.dIn.tensor), s + ": differs for frozen weights");
		assertArrayEquals(before, read(backend, f.dWeights.get(0).tensor), s + ": frozen weights");
		f.backward(false, true);
		for (int m = 0; m < f.dWeights.size(); m++)
			compare(s + ", second weight gradient " + m, f.dWeights.get(m), sum / 4 + 50);
	}

	/** @param outputs number of filters, then images after every recombination */
	private record Shape(int batch, int inputs, int height, int width, int k, List<Integer> outputs) {}

	private Shape shape(final int width) {
		final List<Integer> outputs = new ArrayList<>();
		for (int i = 0; i <= 1 + random.nextInt(3); i++)
			outputs.add(1 + random.nextInt(9));
		// the module knows square filters only, and width is that of the result
		final int k = 3 + random.nextInt(7);
		return new Shape(1 + random.nextInt(2), 1 + random.nextInt(3), k + random.nextInt(30), width + k -
			1, k, outputs);
	}

	/** A feature extraction with random weights on a backend and on the reference. */
	private final class Features {

		final Backend backend;
		final Shape s;
		final Both in;
		final List<Both> weights = new ArrayList<>();
		final List<Both> dWeights = new ArrayList<>();
		final List<Both> kept = new ArrayList<>();
		final Both out;
		final Both dOut;
		final Both dIn;

		Features(final Backend backend, final Shape s) {
			this.backend = backend;
			this.s = s;
			final int h = s.height - s.k + 1, w = s.width - s.k + 1, n = s.outputs.get(0);
			in = both(backend, s.batch, s.inputs, s.height, s.width);
			weights.add(both(backend, n, s.inputs, s.k, s.k));
			dWeights.add(both(backend, n, s.inputs, s.k, s.k));
			for (int m = 1; m < s.outputs.size(); m++) {
				kept.add(both(backend, s.batch, s.outputs.get(m - 1), h, w));
				weights.add(both(backend, 1, 1, s.outputs.get(m), s.outputs.get(m - 1)));
				dWeights.add(both(backend, 1, 1, s.outputs.get(m), s.outputs.get(m - 1)));
			}
			final float[] filters = noise(n * s.inputs * s.k * s.k);
			for (int i = 0; i < filters.length; i++)
				filters[i] /= s.k; // so that not every tanh is saturated
			weights.get(0).write(filters);
			final int features = s.outputs.get(s.outputs.size() - 1);
			out = both(backend, s.batch, features, h, w);
			dOut = both(backend, s.batch, features, h, w);
			dIn = both(backend, s.batch, 1, s.height, s.width);
		}

		double length() {
			return s.inputs * s.k * s.k + 40;
		}

		void forward(final boolean keep) {
			backend.features(in.tensor, tensors(weights), keep ? tensors(kept) : null, out.tensor);
			if (keep) reference.features(in.reference, references(weights), references(kept), out.reference);
		}

		void backward(final boolean withInput, final boolean trained) {
			backend.featuresGrad(in.tensor, tensors(weights), tensors(kept), dOut.tensor, withInput
				? dIn.tensor : null, trained ? tensors(dWeights) : null);
			reference.featuresGrad(in.reference, references(weights), references(kept), dOut.reference,
				withInput ? dIn.reference : null, trained ? references(dWeights) : null);
		}
	}

	@Test
	void tanhInItsWholeRange() {
		final Backend backend = newBackend();
		final int n = 4001;
		final float[] a = new float[n];
		for (int i = 0; i < n; i++)
			a[i] = (i - n / 2) * 0.006f;
		a[0] = -1e30f;
		a[n - 1] = Float.POSITIVE_INFINITY;
		final float[] identity = { 0, 0, 0, 0, 1, 0, 0, 0, 0 };
		final float[] padded = new float[3 * (n + 2)];
		System.arraycopy(a, 0, padded, n + 3, n);
		// infinity times the filter's zeros is not a number
		padded[n + 3 + n - 1] = 1e30f;
		final Tensor out = backend.allocate(1, 1, 1, n);
		backend.features(tensor(backend, 1, 1, 3, n + 2, padded), List.of(tensor(backend, 1, 1, 3, 3,
			identity), tensor(backend, 1, 1, 1, 1, 1)), null, out);
		final float[] t = read(backend, out);
		for (int i = 0; i < n; i++)
			assertEquals(Math.tanh(a[i]), t[i], 4e-7);
		assertEquals(0, t[n / 2]);
		assertTrue(t[n - 1] <= 1.0000001f);
	}

	@Test
	void scale() {
		final Backend backend = newBackend();
		final Both t = both(backend, 2, 3, 9, 13), w = both(backend, 1, 1, 9, 13);
		backend.scale(t.tensor, w.tensor);
		reference.scale(t.reference, w.reference);
		compare("scale", t, 1);
	}

	// -- spectra --

	@Test
	void transformOfADelta() {
		final Backend backend = newBackend();
		final float[] delta = new float[6 * 10];
		delta[0] = 3;
		final Tensor spectrum = backend.allocateSpectra(1, 1, 6, 10);
		backend.fft(tensor(backend, 1, 1, 6, 10, delta), spectrum);
		final Tensor back = backend.allocate(1, 1, 6, 10), kernel = backend.allocate(1, 1, 3, 3);
		backend.ifft(spectrum, back);
		assertArrayEquals(delta, read(backend, back), 1e-6f);
		backend.ifftKernel(spectrum, kernel);
		assertArrayEquals(new float[] { 0, 0, 0, 0, 3, 0, 0, 0, 0 }, read(backend, kernel), 1e-6f);
	}

	/** Every good size up to 120 and a few larger ones, as height and as width. */
	@Test
	void transformsAndBack() {
		final Backend backend = newBackend();
		for (int n = 2; n <= 512; n = n < 120 ? backend.goodSize(n + 1) : n == 512 ? 513 : backend
			.goodSize(Math.min(512, n + 71)))
		{
			transformAndBack(backend, n, backend.goodSize(1 + random.nextInt(90)));
			transformAndBack(backend, backend.goodSize(1 + random.nextInt(90)), n);
		}
	}

	private void transformAndBack(final Backend backend, final int height, final int width) {
		final String what = width + "x" + height;
		// as large as the transform, and smaller: padded with zeros
		for (final int less : new int[] { 0, 1 }) {
			final int h = height - less * random.nextInt(height), w = width - less * random.nextInt(width);
			final Both image = both(backend, 2, 2, h, w), back = both(backend, 2, 2, height, width);
			final Spectra s = new Spectra(backend, 2, 2, height, width);
			backend.fft(image.tensor, s.tensor);
			reference.fft(image.reference, s.reference);
			backend.ifft(s.tensor, back.tensor);
			reference.ifft(s.reference, back.reference);
			compare(what + ", there and back", back, 20);
			final Both part = both(backend, 2, 2, h, w);
			backend.ifft(s.tensor, part.tensor);
			reference.ifft(s.reference, part.reference);
			compare(what + ", upper left part", part, 20);
			assertEqual(what, values(image.reference), read(backend, part.tensor), 20);
		}
		final int size = 1 + 2 * random.nextInt(Math.min(height, width) / 2);
		final Both kernel = both(backend, 2, 2, size, size), back = both(backend, 2, 2, size, size);
		final Both plane = both(backend, 2, 2, height, width);
		final Spectra s = new Spectra(backend, 2, 2, height, width);
		backend.fftKernel(kernel.tensor, s.tensor);
		reference.fftKernel(kernel.reference, s.reference);
		backend.ifft(s.tensor, plane.tensor);
		reference.ifft(s.reference, plane.reference);
		compare(what + ", kernel as image", plane, 20);
		backend.ifftKernel(s.tensor, back.tensor);
		reference.ifftKernel(s.reference, back.reference);
		compare(what + ", kernel", back, 20);
	}

	/** Parseval: |X|^2, transformed back, is the sum of squares at 0. Needs no look into a spectrum. */
	@Test
	void parseval() {
		final Backend backend = newBackend();
		for (final int[] size : new int[][] { { 8, 6 }, { 30, 18 }, { 50, 128 }, { 90, 96 } }) {
			final Both image = both(backend, 1, 1, size[0], size[1]);
			final Tensor s = backend.allocateSpectra(1, 1, size[0], size[1]);
			final Tensor q = backend.allocateSpectra(1, 1, size[0], size[1]);
			final Tensor back = backend.allocate(1, 1, size[0], size[1]);
			backend.fft(image.tensor, s);
			// conj(X) X / (|X|^2 + e^25): beside so large a beta, the denominator's |X|^2 does not count
			backend.quotient(s, 0, s, 0, 1, tensor(backend, 1, 1, 1, 1, 25), q);
			backend.ifft(q, back);
			double squares = 0;
			for (final double v : values(image.reference))
				squares += v * v;
			assertEquals(squares, read(backend, back)[0] * Math.exp(25), 1e-5 * squares);
		}
	}

	@Test
	void convolutionTheorem() {
		// a shift by (2, -1) as a kernel: the quotient of the shifted image and the kernel is the image
		final Backend backend = newBackend();
		final int h = 12, w = 18;
		final float[] kernel = new float[25], image = noise(h * w), shifted = new float[h * w];
		kernel[1 * 5 + 4] = 1;
		for (int y = 0; y < h; y++)
			for (int x = 0; x < w; x++)
				shifted[(y + h - 1) % h * w + (x + 2) % w] = image[y * w + x];
		final Tensor k = backend.allocateSpectra(1, 1, h, w), b = backend.allocateSpectra(1, 1, h, w);
		final Tensor q = backend.allocateSpectra(1, 1, h, w), out = backend.allocate(1, 1, h, w);
		backend.fftKernel(tensor(backend, 1, 1, 5, 5, kernel), k);
		backend.fft(tensor(backend, 1, 1, h, w, shifted), b);
		backend.quotient(k, 0, b, 0, 1, tensor(backend, 1, 1, 1, 1, -30), q);
		backend.ifft(q, out);
		assertArrayEquals(image, read(backend, out), 1e-5f);
		// and the quotient of both images is the kernel
		final Tensor s = backend.allocateSpectra(1, 1, h, w), estimate = backend.allocate(1, 1, 5, 5);
		backend.fft(tensor(backend, 1, 1, h, w, image), s);
		backend.quotient(s, 0, b, 0, 1, tensor(backend, 1, 1, 1, 1, -12), q);
		backend.ifftKernel(q, estimate);
		assertArrayEquals(kernel, read(backend, estimate), 1e-4f);
	}

	@Test
	void quotientAndItsGradient() {
		final Backend backend = newBackend();
		final int[][] sizes = { { 2, 2 }, { 2, 16 }, { 16, 2 }, { 6, 10 }, { 36, 30 }, { 100, 64 } };
		for (final int[] size : sizes)
			for (int pairs = 1; pairs <= 3; pairs++) {
				quotient(backend, size[0], size[1], pairs, true);
				quotient(backend, size[0], size[1], pairs, false);
			}
	}

	private void quotient(final Backend backend, final int height, final int width, final int pairs,
		final boolean sameTensor)
	{
		final String what = width + "x" + height + ", " + pairs + " pairs" + (sameTensor ? " in one tensor"
			: "");
		// as in kernel estimation, x and y in one tensor; or as in image estimation, y without gradient
		final int channels = sameTensor ? 2 * pairs : pairs + 1, xFrom = sameTensor ? 0 : 1;
		final int yFrom = sameTensor ? pairs : 0;
		final Spectra x = spectra(backend, 2, channels, height, width);
		final Spectra y = sameTensor ? x : spectra(backend, 2, pairs, height, width);
		final Spectra out = new Spectra(backend, 2, 1, height, width);
		final Spectra g = spectra(backend, 2, 1, height, width);
		final Spectra gx = spectra(backend, 2, channels, height, width);
		// of the size of |X|^2
		final Both logBeta = both(backend, 1, 1, 1, 1, (float) Math.log(0.3 * height * width));
		final Both dLogBeta = both(backend, 1, 1, 1, 1, 0.25f);
		backend.quotient(x.tensor, xFrom, y.tensor, yFrom, pairs, logBeta.tensor, out.tensor);
		reference.quotient(x.reference, xFrom, y.reference, yFrom, pairs, logBeta.reference,
			out.reference);
		compare(what, out.inverse(), 60);
		backend.quotientGrad(x.tensor, xFrom, y.tensor, yFrom, pairs, logBeta.tensor, out.tensor, g.tensor,
			gx.tensor, sameTensor ? gx.tensor : null, dLogBeta.tensor);
		reference.quotientGrad(x.reference, xFrom, y.reference, yFrom, pairs, logBeta.reference,
			out.reference, g.reference, gx.reference, sameTensor ? gx.reference : null,
			dLogBeta.reference);
		compare(what + ", gradient", gx.inverse(), 60);
		compare(what + ", gradient of log beta", dLogBeta, 200);
		final float[] before = read(backend, gx.inverse().tensor);
		backend.quotientGrad(x.tensor, xFrom, y.tensor, yFrom, pairs, logBeta.tensor, out.tensor, g.tensor,
			gx.tensor, sameTensor ? gx.tensor : null, null);
		assertArrayEquals(before, read(backend, gx.inverse().tensor), what + ": differs if beta is fixed");
	}

	// -- restoration --

	/** All combinations of what serves for all. */
	@Test
	void multiply() {
		final Backend backend = newBackend();
		for (final int[] by : new int[][] { { 2, 3 }, { 1, 3 }, { 2, 1 }, { 1, 1 } })
			for (final boolean conjugate : new boolean[] { false, true }) {
				final Spectra s = spectra(backend, 2, 3, 30, 50), k = spectra(backend, by[0], by[1], 30, 50);
				final Spectra out = spectra(backend, 2, 3, 30, 50);
				backend.multiply(s.tensor, k.tensor, conjugate, out.tensor);
				reference.multiply(s.reference, k.reference, conjugate, out.reference);
				compare(by[0] + " by " + by[1] + ", conjugate " + conjugate, out.inverse(), 60);
				backend.multiply(s.tensor, k.tensor, conjugate, s.tensor);
				reference.multiply(s.reference, k.reference, conjugate, s.reference);
				compare("in place", s.inverse(), 60);
			}
	}

	/** A point as kernel, nothing else asked for: y itself. With a price of values: y / (1 + b), but the mean stays. */
	@Test
	void solutionsByHand() {
		final Backend backend = newBackend();
		final float[] point = new float[9], image = noise(12 * 18);
		point[4] = 1;
		double mean = 0;
		for (final float v : image)
			mean += v / image.length;
		final Tensor k = backend.allocateSpectra(1, 1, 12, 18), y = backend.allocateSpectra(1, 1, 12, 18);
		final Tensor x = backend.allocateSpectra(1, 1, 12, 18), out = backend.allocate(1, 1, 12, 18);
		backend.fftKernel(tensor(backend, 1, 1, 3, 3, point), k);
		backend.fft(tensor(backend, 1, 1, 12, 18, image), y);
		for (final float b : new float[] { 0, 0.25f }) {
			backend.solve(k, y, 2, 2 * b, 0, null, x);
			backend.ifft(x, out);
			final float[] solved = read(backend, out);
			for (int i = 0; i < image.length; i++)
				assertEquals(mean + (image[i] - mean) / (1 + b), solved[i], 1e-5);
		}
	}

	@Test
	void solve() {
		final Backend backend = newBackend();
		for (final int[] size : new int[][] { { 2, 2 }, { 2, 16 }, { 18, 2 }, { 36, 30 }, { 200, 128 } })
			for (final int shared : new int[] { 1, 3 })
				for (final boolean withTarget : new boolean[] { false, true }) {
					final String what = size[1] + "x" + size[0] + ", " + shared + " kernels";
					final Both kernel = both(backend, shared, 1, 1, 1);
					kernel.write(new float[] { 1, 0.8f, 0.9f });
					final Spectra k = new Spectra(backend, shared, 1, size[0], size[1]);
					backend.fftKernel(kernel.tensor, k.tensor);
					reference.fftKernel(kernel.reference, k.reference);
					final Spectra y = spectra(backend, 4 - shared, 1, size[0], size[1]), t = spectra(backend, 3, 1, size[0],
						size[1]);
					final Spectra out = withTarget ? t : new Spectra(backend, 3, 1, size[0], size[1]);
					backend.solve(k.tensor, y.tensor, 0.7f, 0.2f, 0.9f, withTarget ? t.tensor : null, out.tensor);
					reference.solve(k.reference, y.reference, 0.7f, 0.2f, 0.9f, withTarget ? t.reference : null, out.reference);
					compare(what, out.inverse(), 60);
				}
	}

	/** A lone bright pixel: its four differences are 1 or -1, and the divergence undoes what the rule leaves of them. */
	@Test
	void divergenceByHand() {
		final Backend backend = newBackend();
		final float[] image = new float[20], expected = new float[20];
		image[7] = 1;
		expected[7] = 4;
		expected[2] = expected[12] = expected[6] = expected[8] = -1;
		final Tensor t = tensor(backend, 1, 1, 4, 5, image), out = backend.allocate(1, 1, 4, 5);
		backend.shrunkDivergence(t, new Shrinkage.Strong(1), out);
		assertArrayEquals(expected, read(backend, out));
		// the pixel's own two differences have a square sum of 2, those into it 1 each
		backend.shrunkDivergence(t, new Shrinkage.Strong(1.5f), out);
		expected[7] = 2;
		expected[2] = expected[6] = 0;
		assertArrayEquals(expected, read(backend, out));
		backend.shrunkDivergence(t, new Shrinkage.Strong(2.5f), out);
		assertArrayEquals(new float[20], read(backend, out));
		// soft thresholding by 1/4
		backend.shrunkDivergence(t, new Shrinkage.Power(1, 4), out);
		assertEquals(3, read(backend, out)[7], 1e-5);
		assertEquals(-0.75, read(backend, out)[12], 1e-5);
		backend.shrunkDivergence(t, new Shrinkage.Unit(1e-6f), out);
		assertEquals(2 + Math.sqrt(2), read(backend, out)[7], 1e-5);
		assertEquals(-Math.sqrt(0.5), read(backend, out)[8], 1e-5);
	}

	@Test
	void shrunkDivergence() {
		final Backend backend = newBackend();
		for (final int[] size : new int[][] { { 1, 1 }, { 1, 7 }, { 6, 1 }, { 2, 2 }, { 13, 25 }, { 70, 207 }, { 90, 600 } })
			for (final Shrinkage rule : List.of(new Shrinkage.Strong(0.04f), new Shrinkage.Power(0.8, 8), new Shrinkage.Power(
				0.5, 64), new Shrinkage.Power(1, 16), new Shrinkage.Unit(1e-2f)))
			{
				final Both images = both(backend, 2, 2, size[0], size[1]), out = both(backend, 2, 2, size[0], size[1]);
				final float[] a = noise(4 * size[0] * size[1]);
				for (int i = 0; i < a.length; i++)
					a[i] = 0.9f * (float) Math.pow(Math.sin(a[i]), 2); // as images are
				images.write(a);
				backend.shrunkDivergence(images.tensor, rule, out.tensor);
				reference.shrunkDivergence(images.reference, rule, out.reference);
				final float[] is = read(backend, out.tensor);
				final double tolerated = rule instanceof Shrinkage.Power ? 4e-4 : 1e-5;
				for (int i = 0; i < is.length; i++)
					assertEquals(values(out.reference)[i], is[i], tolerated, size[1] + "x" + size[0] + ", " + rule + ", " + i);
			}
	}

	/** Some unknown, some as bright as can be. */
	private float[] observed(final int n) {
		final float[] a = noise(n);
		for (int i = 0; i < n; i++)
			if (i % 7 == 3) a[i] = Float.NaN;
		return a;
	}

	@Test
	void keepObserved() {
		final Backend backend = newBackend();
		final Tensor by = tensor(backend, 1, 1, 2, 3, 0.1f, Float.NaN, 0.9f, 0.9f, 0.3f, Float.NaN);
		final Tensor p = tensor(backend, 1, 1, 2, 4, 1, 2, 3, 4, 0.5f, 6, 7, 8);
		backend.keepObserved(by, 0.8f, p);
		assertArrayEquals(new float[] { 0.1f, 2, 3, 4, 0.8f, 0.3f, 7, 8 }, read(backend, p));
		for (final int batch : new int[] { 1, 3 })
			for (final float white : new float[] { 0.5f, Float.POSITIVE_INFINITY }) {
				final Both y = both(backend, batch, 1, 61, 33, observed(batch * 61 * 33)), x = both(backend, 3, 1, 80, 250);
				backend.keepObserved(y.tensor, white, x.tensor);
				reference.keepObserved(y.reference, white, x.reference);
				compare(batch + " observed, white " + white, x, 1);
			}
	}

	@Test
	void ratio() {
		final Backend backend = newBackend();
		final Tensor by = tensor(backend, 1, 1, 1, 3, 0.5f, Float.NaN, -1), p = tensor(backend, 1, 1, 2, 3, 0.25f, 2, 3, 4, 5,
			6);
		backend.ratio(by, 0.1f, p);
		assertArrayEquals(new float[] { 2, 1, 0, 1, 1, 1 }, read(backend, p));
		for (final int batch : new int[] { 1, 2 }) {
			final Both y = both(backend, batch, 1, 61, 33, observed(batch * 61 * 33)), x = both(backend, 2, 1, 80, 250);
			backend.ratio(y.tensor, 0.1f, x.tensor);
			reference.ratio(y.reference, 0.1f, x.reference);
			compare(batch + " observed", x, 4);
		}
	}

	@Test
	void correct() {
		final Backend backend = newBackend();
		for (final boolean withPrior : new boolean[] { true, false }) {
			final Both c = both(backend, 2, 1, 40, 450), x = both(backend, 2, 1, 40, 450), d = both(backend, 2, 1, 40, 450);
			backend.correct(c.tensor, withPrior ? d.tensor : null, 0.01f, 0.3f, x.tensor);
			reference.correct(c.reference, withPrior ? d.reference : null, 0.01f, 0.3f, x.reference);
			compare("with prior: " + withPrior, x, 6);
		}
	}

	// -- refinement --

	@Test
	void gradients() {
		final Backend backend = newBackend();
		final Tensor out = backend.allocate(1, 2, 2, 3);
		backend.fill(out, 9);
		backend.gradients(tensor(backend, 1, 1, 2, 3, 1, 3, 6, 0, 0, 1), tensor(backend, 1, 1, 2, 3, 1, 2, 3, 4, 5, 6), out);
		assertArrayEquals(new float[] { 2, 6, 0, 0, 5, 0, -1, -6, -15, 0, 0, 0 }, read(backend, out));
		for (final int[] size : new int[][] { { 1, 1 }, { 1, 5 }, { 4, 1 }, { 90, 207 } }) {
			final Both images = both(backend, 3, 1, size[0], size[1]), w = both(backend, 1, 1, size[0], size[1]);
			final Both g = both(backend, 3, 2, size[0], size[1]);
			backend.gradients(images.tensor, w.tensor, g.tensor);
			reference.gradients(images.reference, w.reference, g.reference);
			compare(size[1] + "x" + size[0], g, 3);
		}
	}

	/** Images of fewer and of more pixels than are looked at for the threshold. */
	@Test
	void keepStrongest() {
		final Backend backend = newBackend();
		for (final int[] size : new int[][] { { 1, 1 }, { 13, 25 }, { 170, 207 } })
			for (final double part : new double[] { 0.1, 1 }) {
				final Both g = both(backend, 2, 2, size[0], size[1]);
				backend.keepStrongest(g.tensor, part);
				reference.keepStrongest(g.reference, part);
				compare(size[1] + "x" + size[0], g, 0);
				final int n = size[0] * size[1];
				int kept = 0;
				for (int i = 0; i < n; i++)
					if (read(backend, g.tensor)[i] != 0) kept++;
				if (n > 1000) assertEquals(part * n, kept, 0.02 * n);
			}
	}

	@Test
	void powers() {
		final Backend backend = newBackend();
		for (final int observed : new int[] { 1, 2 })
			for (int channels = 1; channels <= 3; channels++) {
				final Spectra x = spectra(backend, 2, channels, 60, 90), y = spectra(backend, observed, channels, 60, 90);
				final Spectra auto = new Spectra(backend, 2, 1, 60, 90), cross = spectra(backend, 2, 1, 60, 90);
				backend.powers(x.tensor, y.tensor, auto.tensor, cross.tensor);
				reference.powers(x.reference, y.reference, auto.reference, cross.reference);
				compare("auto", auto.inverse(), 60);
				compare("cross", cross.inverse(), 60);
			}
	}

	/** Of an image of values above 0, the sum; of a kernel times a negative number, none of the large ones. */
	@Test
	void largestReal() {
		final Backend backend = newBackend();
		final Spectra s = spectra(backend, 3, 1, 24, 30);
		final Both largest = both(backend, 3, 1, 1, 1);
		backend.largestReal(s.tensor, largest.tensor);
		reference.largestReal(s.reference, largest.reference);
		compare("noise", largest, 60);
		final Tensor t = tensor(backend, 1, 1, 2, 2, 1, 2, 3, 4), spectrum = backend.allocateSpectra(1, 1, 2, 2);
		final Tensor one = backend.allocate(1, 1, 1, 1);
		backend.fft(t, spectrum);
		backend.largestReal(spectrum, one);
		assertEquals(10, read(backend, one)[0], 1e-5);
		backend.write(new float[] { -1, -2, -3, -4 }, t);
		backend.fft(t, spectrum);
		backend.largestReal(spectrum, one);
		assertEquals(4, read(backend, one)[0], 1e-5); // -1 - 2 + 3 + 4
	}

	@Test
	void descend() {
		final Backend backend = newBackend();
		// to a half of b / A, and not below 0; and on by half the step
		final Tensor product = tensor(backend, 1, 1, 1, 3, 0, 0, 2), goal = tensor(backend, 1, 1, 1, 3, 4, -4, 2);
		final Tensor ahead = tensor(backend, 1, 1, 1, 3, 1, 1, 1), kernel = tensor(backend, 1, 1, 1, 3, 2, 2, 2);
		backend.descend(product, goal, tensor(backend, 1, 1, 1, 1, 4), 0.5f, ahead, kernel);
		assertArrayEquals(new float[] { 2, 0, 1 }, read(backend, kernel), 1e-6f);
		assertArrayEquals(new float[] { 2, -1, 0.5f }, read(backend, ahead), 1e-6f);
		final Both p = both(backend, 2, 1, 9, 9), b = both(backend, 2, 1, 9, 9), l = both(backend, 2, 1, 1, 1, 3, 0.7f);
		final Both a = both(backend, 2, 1, 9, 9), k = both(backend, 2, 1, 9, 9);
		backend.descend(p.tensor, b.tensor, l.tensor, 0.8f, a.tensor, k.tensor);
		reference.descend(p.reference, b.reference, l.reference, 0.8f, a.reference, k.reference);
		compare("kernel", k, 6);
		compare("ahead", a, 10);
	}

	// -- kernels --

	@Test
	void normalizeKernelByHand() {
		final Backend backend = newBackend();
		final Tensor raw = tensor(backend, 3, 1, 3, 3, 1, -1, 2, 0, 0, -5, 0, 1, 0, //
			-1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 5, 0, 0, 0, 0);
		final Tensor kernel = backend.allocate(3, 1, 3, 3), d = backend.allocate(3, 1, 3, 3);
		backend.normalizeKernel(raw, kernel);
		assertArrayEquals(new float[] { 0.25f, 0, 0.5f, 0, 0, 0, 0, 0.25f, 0, //
				0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0 }, read(backend, kernel), 1e-7f);
		final Tensor dKernel = tensor(backend, 3, 1, 3, 3, 1, 1, 0, 1, 1, 1, 1, 3, 1, //
			1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 8, 7, 6, 5, 4, 3, 2, 1);
		backend.normalizeKernelGrad(raw, kernel, dKernel, d);
		// sum 4, mean of the gradient 0.25 * 1 + 0.5 * 0 + 0.25 * 3 = 1
		assertArrayEquals(new float[] { 0, 0, -0.25f, 0, 0, 0, 0, 0.5f, 0, //
				0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, read(backend, d), 1e-7f);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 9, 17, 33 })
	void normalizeKernel(final int size) {
		final Backend backend = newBackend();
		final Both raw = both(backend, 2, 1, size, size), kernel = both(backend, 2, 1, size, size);
		final Both dKernel = both(backend, 2, 1, size, size), dRaw = both(backend, 2, 1, size, size);
		backend.normalizeKernel(raw.tensor, kernel.tensor);
		reference.normalizeKernel(raw.reference, kernel.reference);
		compare("kernel", kernel, 4);
		backend.normalizeKernelGrad(raw.tensor, kernel.tensor, dKernel.tensor, dRaw.tensor);
		reference.normalizeKernelGrad(raw.reference, kernel.reference, dKernel.reference, dRaw.reference);
		compare("gradient", dRaw, 4 + size);
	}

	@ParameterizedTest(name = "{0} levels, relative: {1}")
	@CsvSource({ "1,true", "3,true", "1,false", "3,false" })
	void kernelError(final int levels, final boolean relative) {
		final Backend backend = newBackend();
		final Both kernel = both(backend, 2, 1, 9, 9), target = both(backend, 2, 1, 9, 9);
		final Both errors = both(backend, 2, 1, 1, 1), d = both(backend, 2, 1, 9, 9);
		// once everything counts, once the worse element is left out, at last both
		reference.kernelError(kernel.reference, target.reference, levels, relative, errors.reference);
		final double[] e = values(errors.reference).clone();
		final float between = (float) (e[0] + e[1]) / 2;
		for (final float limit : new float[] { Float.POSITIVE_INFINITY, between, 0 }) {
			backend.fill(errors.tensor, Float.NaN); // not what is judged
			backend.kernelError(kernel.tensor, target.tensor, levels, relative, 0.3f, errors.tensor, limit, errors.tensor,
				d.tensor);
			reference.kernelError(kernel.reference, target.reference, levels, relative, 0.3f, errors.reference, limit,
				errors.reference, d.reference);
			compare("errors", errors, 4);
			compare("gradient", d, 10);
		}
		backend.fill(errors.tensor, 9);
		backend.kernelError(kernel.tensor, target.tensor, levels, relative, errors.tensor);
		compare("errors without gradient", errors, 4);
	}

	/** What is judged need not be the error that has a gradient. */
	@Test
	void elementsAreJudgedByAnything() {
		final Backend backend = newBackend();
		final Tensor kernel = tensor(backend, 4, 1, 1, 1, 1, 1, 1, 1), target = tensor(backend, 4, 1, 1, 1, 2, 2, 2, 2);
		final Tensor error = backend.allocate(4, 1, 1, 1), gradient = backend.allocate(4, 1, 1, 1);
		final Tensor judged = tensor(backend, 4, 1, 1, 1, 4, 5, 6, Float.NaN);
		backend.kernelError(kernel, target, 1, true, 1, judged, 5, error, gradient);
		// by hand: (1 - 2)^2 / 2^2
		assertArrayEquals(new float[] { 0.25f, 0.25f, 0.25f, 0.25f }, read(backend, error));
		assertArrayEquals(new float[] { -0.5f, -0.5f, 0, 0 }, read(backend, gradient));
		backend.kernelError(kernel, target, 1, false, 1, judged, 4, error, gradient);
		assertArrayEquals(new float[] { 1, 1, 1, 1 }, read(backend, error));
		assertArrayEquals(new float[] { -2.5f, -0.5f, 0, 0 }, read(backend, gradient), "added to what was there");
		// an element that is not a number has no gradient
		backend.fill(gradient, 0);
		backend.fill(kernel, Float.NaN);
		backend.kernelError(kernel, target, 1, true, 1, error, Float.POSITIVE_INFINITY, error, gradient);
		assertArrayEquals(new float[4], read(backend, gradient));
	}

	// -- training --

	@Test
	void squareSum() {
		final Backend backend = newBackend();
		final Tensor a = tensor(backend, 1, 1, 1, 2, 3, -4), b = tensor(backend, 2, 1, 1, 1, 5, 1);
		assertEquals(9 + 16 + 25 + 1, backend.squareSum(List.of(a, b)), 1e-5);
		final Both many = both(backend, 32, 2, 9, 9);
		final double expected = reference.squareSum(List.of(many.reference));
		assertEquals(expected, backend.squareSum(List.of(many.tensor)), 1e-5 * expected);
		backend.write(new float[] { 5, Float.NaN }, b);
		assertTrue(Double.isNaN(backend.squareSum(List.of(a, b))));
		backend.write(new float[] { Float.NEGATIVE_INFINITY, 0 }, b);
		assertEquals(Double.POSITIVE_INFINITY, backend.squareSum(List.of(a, b)));
	}

	/** Some steps with new gradients each, from no state on; by shapes of one value, of a filter, of many. */
	@Test
	void updates() {
		final Backend backend = newBackend();
		for (final int[] s : new int[][] { { 1, 1, 1, 1 }, { 32, 2, 9, 9 }, { 1, 1, 207, 13 } }) {
			final List<Both> adadelta = new ArrayList<>(), adam = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				adadelta.add(both(backend, s[0], s[1], s[2], s[3]));
				adam.add(both(backend, s[0], s[1], s[2], s[3]));
			}
			for (final List<Both> list : List.of(adadelta, adam))
				for (int i = 0; i < 2; i++)
					list.get(i).write(new float[s[0] * s[1] * s[2] * s[3]]);
			for (int step = 1; step <= 3; step++) {
				final Both gradient = both(backend, s[0], s[1], s[2], s[3]);
				final float[] before = read(backend, gradient.tensor);
				backend.adadelta(gradient.tensor, 0.3, 0.95, 1e-6, 2, adadelta.get(0).tensor, adadelta.get(1).tensor, adadelta.get(
					2).tensor);
				reference.adadelta(gradient.reference, 0.3, 0.95, 1e-6, 2, adadelta.get(0).reference, adadelta.get(1).reference,
					adadelta.get(2).reference);
				backend.adam(gradient.tensor, 0.3, 0.9, 0.999, 1e-8, step, 0.1, adam.get(0).tensor, adam.get(1).tensor, adam.get(
					2).tensor);
				reference.adam(gradient.reference, 0.3, 0.9, 0.999, 1e-8, step, 0.1, adam.get(0).reference, adam.get(1).reference,
					adam.get(2).reference);
				for (int i = 0; i < 3; i++) {
					compare("adadelta " + i + " after step " + step, adadelta.get(i), 10);
					compare("adam " + i + " after step " + step, adam.get(i), 10);
				}
				assertArrayEquals(before, read(backend, gradient.tensor));
			}
		}
	}

	// -- scales --

	@Test
	void resize() {
		final Backend backend = newBackend();
		for (int i = 0; i < 30; i++) {
			final int h = 1 + random.nextInt(40), w = 1 + random.nextInt(40);
			final int toH = i == 0 ? h : 1 + random.nextInt(40), toW = i == 0 ? w : 1 + random.nextInt(40);
			final String what = w + "x" + h + " to " + toW + "x" + toH;
			final Both in = both(backend, 2, 2, h, w), out = both(backend, 2, 2, toH, toW);
			backend.resize(in.tensor, out.tensor);
			reference.resize(in.reference, out.reference);
			compare(what, out, 20);
			final Both dOut = both(backend, 2, 2, toH, toW), dIn = both(backend, 2, 2, h, w);
			backend.resizeGrad(dOut.tensor, dIn.tensor);
			reference.resizeGrad(dOut.reference, dIn.reference);
			compare(what + ", gradient", dIn, 60);
		}
	}

	// -- threads --

	/** Bit-equal results, whatever the number of threads. */
	@Test
	void threadsDoNotMatter() {
		final List<float[]> one = Parallelization.runWithNumThreads(1, this::everything);
		for (final int threads : new int[] { 2, 7 }) {
			final List<float[]> many = Parallelization.runWithNumThreads(threads, this::everything);
			for (int i = 0; i < one.size(); i++)
				assertArrayEquals(one.get(i), many.get(i), "result " + i + " with " + threads + " threads");
		}
	}

	private List<float[]> everything() {
		random.setSeed(SEED);
		final Backend backend = newBackend();
		final Features f = new Features(backend, new Shape(2, 2, 120, 101, 5, List.of(6, 5, 4)));
		backend.features(f.in.tensor, tensors(f.weights), tensors(f.kept), f.out.tensor);
		backend.featuresGrad(f.in.tensor, tensors(f.weights), tensors(f.kept), f.dOut.tensor,
			f.dIn.tensor, tensors(f.dWeights));
		final List<float[]> results = new ArrayList<>();
		final BiConsumer<Tensor, Integer> store = (t, n) -> {
			for (int i = 0; i < n; i++)
				results.add(read(backend, t));
		};
		store.accept(f.out.tensor, 1);
		store.accept(f.dIn.tensor, 1);
		f.dWeights.forEach(d -> store.accept(d.tensor, 1));
		final Tensor x = backend.allocateSpectra(2, 4, 120, 200), g = backend.allocateSpectra(2, 1, 120,
			200), q = backend.allocateSpectra(2, 1, 120, 200), gx = backend.allocateSpectra(2, 4, 120, 200);
		backend.fft(f.out.tensor, x);
		final Tensor logBeta = tensor(backend, 1, 1, 1, 1, 3), dLogBeta = backend.allocate(1, 1, 1, 1);
		backend.quotient(x, 0, x, 2, 2, logBeta, q);
		backend.fft(f.dIn.tensor, g);
		backend.quotientGrad(x, 0, x, 2, 2, logBeta, q, g, gx, gx, dLogBeta);
		store.accept(dLogBeta, 1);
		final Tensor image = backend.allocate(2, 4, 120, 150), small = backend.allocate(2, 4, 70, 80);
		backend.ifft(gx, image);
		store.accept(image, 1);
		backend.resize(image, small);
		store.accept(small, 1);
		backend.resizeGrad(small, image);
		store.accept(image, 1);
		final Tensor one = backend.allocate(2, 1, 120, 150), two = backend.allocate(2, 1, 120, 150);
		final Tensor gradients = backend.allocate(2, 2, 120, 150), s = backend.allocateSpectra(2, 1, 120, 150);
		final Tensor s2 = backend.allocateSpectra(2, 2, 120, 150), t = backend.allocateSpectra(2, 1, 120, 150);
		backend.copyChannels(image, 1, one, 0, 1);
		backend.shrunkDivergence(one, new Shrinkage.Power(0.8, 4), two);
		store.accept(two, 1);
		backend.fft(two, s);
		backend.solve(s, s, 1, 2, 3, s, s);
		backend.ifft(s, two);
		store.accept(two, 1);
		backend.gradients(one, tensor(backend, 1, 1, 120, 150, noise(120 * 150)), gradients);
		backend.keepStrongest(gradients, 0.2);
		backend.fft(gradients, s2);
		backend.powers(s2, s2, s, t);
		backend.multiply(s, t, true, s);
		backend.ifft(s, two);
		store.accept(two, 1);
		final Tensor level = tensor(backend, 2, 1, 1, 1, 0.2f, -0.3f), two2 = tensor(backend, 1, 1, 1, 2, -1, 0.5f);
		final Tensor dBefore = backend.allocateSpectra(2, 1, 120, 150), dBeta = backend.allocate(1, 1, 1, 2), dPower = backend
			.allocate(1, 1, 1, 2);
		backend.regularized(s, t, s, s2, two2, two2, level, t);
		backend.regularizedGrad(s, s, s2, two2, two2, level, t, t, dBefore, s2, dBeta, dPower);
		backend.ifft(dBefore, two);
		store.accept(two, 1);
		store.accept(dBeta, 1);
		store.accept(dPower, 1);
		return results;
	}

	// -- tools --

	// -- restoration --

	@Test
	void addAndClamp() {
		final Backend backend = newBackend();
		for (final int[] size : new int[][] { { 2, 2 }, { 6, 10 }, { 90, 64 } }) {
			final int h = size[0], w = size[1];
			final String what = w + "x" + h;
			final Both from = both(backend, 2, 3, h, w), to = both(backend, 2, 4, h, w);
			backend.addChannels(from.tensor, 1, -0.7f, to.tensor, 2, 2);
			reference.addChannels(from.reference, 1, -0.7f, to.reference, 2, 2);
			compare(what + ", add", to, 4);
			final Spectra a = spectra(backend, 2, 1, h, w), out = spectra(backend, 2, 1, h, w);
			backend.addChannels(a.tensor, 0, 2, out.tensor, 0, 1);
			reference.addChannels(a.reference, 0, 2, out.reference, 0, 1);
			compare(what + ", sum of spectra", out.inverse(), 60);
			final float[] lows = noise(2 * h * w), highs = lows.clone();
			for (int i = 0; i < lows.length; i++) {
				if (i % 3 == 0) lows[i] = Float.NEGATIVE_INFINITY;
				if (i % 4 < 2) highs[i] = i % 2 == 0 ? Float.POSITIVE_INFINITY : highs[i] + 0.5f;
			}
			final Both x = both(backend, 2, 1, h, w), low = both(backend, 2, 1, h, w, lows), high = both(backend, 2, 1, h, w,
				highs);
			final Both clamped = both(backend, 2, 1, h, w), d = both(backend, 2, 1, h, w);
			backend.clamp(x.tensor, low.tensor, high.tensor, clamped.tensor);
			reference.clamp(x.reference, low.reference, high.reference, clamped.reference);
			compare(what + ", clamp", clamped, 1);
			backend.clampGrad(x.tensor, low.tensor, high.tensor, d.tensor);
			reference.clampGrad(x.reference, low.reference, high.reference, d.reference);
			compare(what + ", gradient of clamp", d, 1);
		}
	}

	@Test
	void divergenceAndItsAdjoint() {
		final Backend backend = newBackend();
		for (final int[] size : new int[][] { { 1, 1, 1 }, { 3, 8, 2 }, { 70, 33, 4 } }) {
			final int h = size[0], w = size[1], margin = size[2];
			final Both c = both(backend, 2, 5, h, w), s = both(backend, 2, 2, h + 2 * margin, w + 2 * margin);
			backend.divergence(c.tensor, margin, s.tensor);
			reference.divergence(c.reference, margin, s.reference);
			compare(w + "x" + h + ", divergence", s, 16);
			backend.divergenceGrad(s.tensor, margin, c.tensor);
			reference.divergenceGrad(s.reference, margin, c.reference);
			compare(w + "x" + h + ", differences", c, 32);
		}
	}

	/** Differences and division have to mean the same differences: of an image's own ones, the image comes back. */
	@Test
	void regularizedByAnImagesOwnDifferences() {
		final Backend backend = newBackend();
		final float[] image = new float[24 * 20];
		for (int y = 6; y < 18; y++)
			for (int x = 6; x < 14; x++)
				image[y * 20 + x] = 1 + 0.1f * x * y;
		final Tensor sharp = tensor(backend, 1, 1, 24, 20, image), w = backend.allocate(1, 5, 20, 16);
		final Tensor both = backend.allocate(1, 2, 24, 20);
		backend.copyChannels(sharp, 0, both, 0, 1);
		backend.copyChannels(sharp, 0, both, 1, 1);
		backend.divergenceGrad(both, 2, w);
		backend.divergence(w, 2, both);
		final Tensor targets = backend.allocateSpectra(1, 2, 24, 20), blurry = backend.allocateSpectra(1, 1, 24, 20);
		final Tensor kernel = backend.allocateSpectra(1, 1, 24, 20), out = backend.allocateSpectra(1, 1, 24, 20);
		backend.fft(both, targets);
		backend.fftKernel(tensor(backend, 1, 1, 3, 3, 0.1f, 0, 0, 0, 0.5f, 0.4f, 0, 0, 0), kernel);
		backend.fft(sharp, blurry);
		backend.multiply(blurry, kernel, false, blurry);
		backend.regularized(kernel, blurry, null, targets, tensor(backend, 1, 1, 1, 2, -1, -2), tensor(backend, 1, 1, 1, 2, 1,
			0.5f), tensor(backend, 1, 1, 1, 1, 0.3f), out);
		final Tensor result = backend.allocate(1, 1, 24, 20);
		backend.ifft(out, result);
		assertArrayEquals(image, read(backend, result), 1e-3f);
	}

	@Test
	void regularizedAndItsGradient() {
		final Backend backend = newBackend();
		for (final int[] size : new int[][] { { 2, 2, 1 }, { 16, 2, 2 }, { 6, 10, 2 }, { 100, 64, 2 } }) {
			final int h = size[0], w = size[1], orders = size[2];
			final String what = w + "x" + h + ", " + orders + " orders";
			final Spectra k = spectra(backend, 2, 1, h, w), y = spectra(backend, 2, 1, h, w), x = spectra(backend, 2, 1, h, w);
			final Spectra s = spectra(backend, 2, orders, h, w), out = new Spectra(backend, 2, 1, h, w);
			// of the size of |K|^2
			final float usual = (float) Math.log(0.3 * h * w);
			final Both beta = both(backend, 1, 1, 1, orders, orders == 1 ? new float[] { usual } : new float[] { usual, usual -
				2 });
			final Both power = both(backend, 1, 1, 1, orders), level = both(backend, 2, 1, 1, 1);
			final Tensor[] before = { x.tensor, null }, referenceBefore = { x.reference, null };
			for (int i = 1; i >= 0; i--) {
				backend.regularized(k.tensor, y.tensor, before[i], i == 0 ? s.tensor : null, beta.tensor, power.tensor,
					level.tensor, out.tensor);
				reference.regularized(k.reference, y.reference, referenceBefore[i], i == 0 ? s.reference : null, beta.reference,
					power.reference, level.reference, out.reference);
				// a denominator near 0 enlarges rounding where nothing stands beside the kernel
				compare(what + (i == 0 ? "" : ", alone"), out.inverse(), 2000);
			}
			final Spectra g = spectra(backend, 2, 1, h, w), dx = new Spectra(backend, 2, 1, h, w);
			final Spectra ds = new Spectra(backend, 2, orders, h, w);
			final float[] zero = new float[orders];
			final Both dBeta = both(backend, 1, 1, 1, orders, zero), dPower = both(backend, 1, 1, 1, orders, zero);
			for (int i = 0; i < 2; i++) // added to
				backend.regularizedGrad(k.tensor, x.tensor, s.tensor, beta.tensor, power.tensor, level.tensor, out.tensor, spectra(
					backend, g).tensor, dx.tensor, ds.tensor, dBeta.tensor, dPower.tensor);
			for (int i = 0; i < 2; i++)
				reference.regularizedGrad(k.reference, x.reference, s.reference, beta.reference, power.reference,
					level.reference, out.reference, spectra(backend, g).reference, dx.reference, ds.reference, dBeta.reference,
					dPower.reference);
			compare(what + ", gradient of the image before", dx.inverse(), 2000);
			compare(what + ", gradient of the targets", ds.inverse(), 2000);
			compare(what + ", gradient of log beta", dBeta, 1e4);
			compare(what + ", gradient of the power", dPower, 1e4);
			backend.regularizedGrad(k.tensor, x.tensor, s.tensor, beta.tensor, power.tensor, level.tensor, out.tensor, g.tensor,
				dx.tensor, ds.tensor, null, null);
			reference.regularizedGrad(k.reference, x.reference, s.reference, beta.reference, power.reference, level.reference,
				out.reference, g.reference, dx.reference, ds.reference, null, null);
			compare(what + ", g over the denominator", g.inverse(), 2000);
		}
	}

	/** A copy: gradients are overwritten. */
	private Spectra spectra(final Backend backend, final Spectra from) {
		final Spectra copy = new Spectra(backend, from.tensor.batch(), from.tensor.channels(), from.tensor.height(),
			from.tensor.width());
		backend.addChannels(from.tensor, 0, 1, copy.tensor, 0, from.tensor.channels());
		reference.addChannels(from.reference, 0, 1, copy.reference, 0, from.tensor.channels());
		return copy;
	}

	/** Only a part of each image is asked for, and not the same. */
	@Test
	void imageErrorAndItsGradient() {
		final Backend backend = newBackend();
		final Both x = both(backend, 2, 1, 9, 13), errors = both(backend, 2, 1, 1, 1), dX = both(backend, 2, 1, 9, 13);
		final float[] goal = noise(2 * 9 * 13);
		for (int i = 0; i < goal.length; i++)
			if (i < 117 ? i < 30 || i > 80 : i % 13 > 5) goal[i] = Float.NaN;
		final Both target = both(backend, 2, 1, 9, 13, goal);
		final float[] untouched = read(backend, dX.tensor);
		backend.imageError(x.tensor, target.tensor, 0.5f, 0.3f, errors.tensor, dX.tensor);
		reference.imageError(x.reference, target.reference, 0.5f, 0.3f, errors.reference, dX.reference);
		compare("error", errors, 60);
		compare("gradient", dX, 60);
		final float[] before = read(backend, dX.tensor);
		for (int i = 0; i < goal.length; i++)
			if (Float.isNaN(goal[i])) assertEquals(untouched[i], before[i]);
		backend.imageError(x.tensor, target.tensor, 0.5f, 0.3f, errors.tensor, null);
		compare("error alone", errors, 60);
		assertArrayEquals(before, read(backend, dX.tensor));
	}

	/** The same values on the backend and on the reference. */
	private record Both(Backend backend, Tensor tensor, ReferenceBackend ofReference,
		Tensor reference)
	{

		void write(final float[] values) {
			backend.write(values, tensor);
			ofReference.write(values, reference);
		}
	}

	private Both both(final Backend backend, final int batch, final int channels, final int height,
		final int width, final float... values)
	{
		final Both both = new Both(backend, backend.allocate(batch, channels, height, width), reference,
			reference.allocate(batch, channels, height, width));
		both.write(values.length > 0 ? values : noise(batch * channels * height * width));
		return both;
	}

	/** A spectrum on the backend and on the reference. */
	private final class Spectra {

		final Backend backend;
		final Tensor tensor;
		final Tensor reference;

		Spectra(final Backend backend, final int batch, final int channels, final int height,
			final int width)
		{
			this.backend = backend;
			tensor = backend.allocateSpectra(batch, channels, height, width);
			reference = BackendContract.this.reference.allocateSpectra(batch, channels, height, width);
		}

		/** Images, for the layout of a spectrum is the backend's secret. */
		Both inverse() {
			final Both images = both(backend, tensor.batch(), tensor.channels(), tensor.height(), tensor
				.width());
			backend.ifft(tensor, images.tensor);
			BackendContract.this.reference.ifft(reference, images.reference);
			return images;
		}
	}

	private Spectra spectra(final Backend backend, final int batch, final int channels,
		final int height, final int width)
	{
		final Spectra s = new Spectra(backend, batch, channels, height, width);
		final Both images = both(backend, batch, channels, height, width);
		backend.fft(images.tensor, s.tensor);
		reference.fft(images.reference, s.reference);
		return s;
	}

	private static List<Tensor> tensors(final List<Both> list) {
		return list.stream().map(Both::tensor).toList();
	}

	private static List<Tensor> references(final List<Both> list) {
		return list.stream().map(Both::reference).toList();
	}

	private float[] noise(final int n) {
		final float[] a = new float[n];
		for (int i = 0; i < n; i++)
			a[i] = (float) random.nextGaussian();
		return a;
	}

	private static Tensor tensor(final Backend backend, final int batch, final int channels,
		final int height, final int width, final float... values)
	{
		final Tensor t = backend.allocate(batch, channels, height, width);
		backend.write(values, t);
		return t;
	}

	private static float[] read(final Backend backend, final Tensor t) {
		final float[] values = new float[t.size()];
		backend.read(t, values);
		return values;
	}

	private static void compare(final String what, final Both both, final double length) {
		assertEqual(what, values(both.reference), read(both.backend, both.tensor), length);
	}

	/** @param length summands of the longest sum behind a value */
	private static void assertEqual(final String what, final double[] expected, final float[] actual,
		final double length)
	{
		double largest = 0;
		for (final double v : expected)
			largest = Math.max(largest, Math.abs(v));
		for (int i = 0; i < actual.length; i++) {
			final double e = expected[i], a = actual[i];
			assertTrue(Math.abs(e - a) <= length * ROUNDING * Math.max(largest, 1e-30), () -> what +
				": got " + a + " instead of " + e + ", tolerated is a difference of the largest value times " +
				length * ROUNDING);
		}
	}
}
