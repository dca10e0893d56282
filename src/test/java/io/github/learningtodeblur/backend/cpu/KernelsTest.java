package io.github.learningtodeblur.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The loops themselves: whatever lies beside the values they are to write stays as it is, and a value does
 * not depend on its place in a row.
 */
class KernelsTest {

	enum Kind {
			SCALAR, VECTOR
	}

	private final Random random = new Random(7);

	@BeforeEach
	void seed() {
		random.setSeed(7);
	}

	private static Kernels kernels(final Kind kind) {
		if (kind == Kind.SCALAR) return new ScalarKernels();
		assumeTrue(ModuleLayer.boot().findModule(KernelChoice.MODULE).isPresent(),
			"start Java with --add-modules " + KernelChoice.MODULE);
		return new VectorKernels();
	}

	private float[] noise(final int n) {
		final float[] a = new float[n];
		for (int i = 0; i < n; i++)
			a[i] = (float) random.nextGaussian();
		return a;
	}

	@Test
	void packPutsFourFiltersSideBySide() {
		// two taps each of five filters: 10, 11; 20, 21; ...; and one value before them
		final float[] filters = { -1, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51 };
		final float[] packed = Kernels.pack(filters, 1, 5, 2);
		assertArrayEquals(new float[] { 10, 20, 30, 40, 11, 21, 31, 41, 50, 0, 0, 0, 51, 0, 0, 0 }, packed);
		for (int count = 1; count < 10; count++)
			for (int taps = 1; taps < 4; taps++)
				assertEquals(Kernels.packedLength(count, taps), Kernels.pack(new float[count * taps], 0, count,
					taps).length);
		assertEquals(8, Kernels.packedLength(4, 2));
		assertEquals(16, Kernels.packedLength(5, 2));
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void convolveWithStrides(final Kind kind) {
		final Kernels kernels = kernels(kind);
		for (int width = 1; width <= 70; width++) {
			final int filters = 1 + random.nextInt(9), channels = 1 + random.nextInt(3), rows = 1 + random
				.nextInt(4), rowStep = 1 + random.nextInt(3), kh = 1 + random.nextInt(4), kw = 1 + random
					.nextInt(5);
			final int inStride = width + kw - 1 + random.nextInt(4), inPlane = inStride * ((rows - 1) *
				rowStep + kh) + random.nextInt(5), outStride = width + random.nextInt(4), outPlane =
					outStride * rows + random.nextInt(5);
			// the input ends with the last value needed: reading on would fail
			final float[] in = noise(2 + (channels - 1) * inPlane + ((rows - 1) * rowStep + kh - 1) *
				inStride + width + kw - 1);
			final float[] weights = noise(filters * channels * kh * kw);
			final float[] out = new float[3 + filters * outPlane];
			Arrays.fill(out, 99);
			kernels.convolve(in, 2, inStride, inPlane, channels, rowStep, Kernels.pack(weights, 0, filters,
				channels * kh * kw), filters, kh, kw, out, 3, outStride, outPlane, width, rows);
			final float[] expected = new float[out.length];
			Arrays.fill(expected, 99);
			for (int f = 0; f < filters; f++)
				for (int r = 0; r < rows; r++)
					for (int x = 0; x < width; x++) {
						double sum = 0;
						for (int c = 0; c < channels; c++)
							for (int dy = 0; dy < kh; dy++)
								for (int dx = 0; dx < kw; dx++)
									sum += (double) weights[((f * channels + c) * kh + dy) * kw + dx] * in[2 + c *
										inPlane + (r * rowStep + dy) * inStride + x + dx];
						expected[3 + f * outPlane + r * outStride + x] = (float) sum;
					}
			assertArrayEquals(expected, out, 2e-5f, "width " + width);
		}
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void filterGradientsWithStrides(final Kind kind) {
		final Kernels kernels = kernels(kind);
		for (int width = 1; width <= 70; width++) {
			final int filters = 1 + random.nextInt(9), channels = 1 + random.nextInt(3), rows = 1 + random
				.nextInt(4), k = 1 + random.nextInt(9);
			final int inStride = width + k - 1 + random.nextInt(4), inPlane = inStride * (rows + k - 1) +
				random.nextInt(5), dStride = width + random.nextInt(4), dPlane = dStride * rows + random
					.nextInt(5);
			final float[] in = noise(2 + (channels - 1) * inPlane + (rows + k - 2) * inStride + width + k -
				1);
			final float[] d = noise(3 + (filters - 1) * dPlane + (rows - 1) * dStride + width);
			final float[] gradient = new float[filters * channels * k * k], expected = new float[gradient.length];
			Arrays.fill(gradient, 0.5f); // is added to
			kernels.convolveGradFilters(in, 2, inStride, inPlane, channels, d, 3, dStride, dPlane, filters, k,
				gradient, width, rows);
			for (int i = 0; i < expected.length; i++) {
				final int f = i / (channels * k * k), c = i / (k * k) % channels, dy = i / k % k, dx = i % k;
				double sum = 0.5;
				for (int r = 0; r < rows; r++)
					for (int x = 0; x < width; x++)
						sum += (double) d[3 + f * dPlane + r * dStride + x] * in[2 + c * inPlane + (r + dy) *
							inStride + x + dx];
				expected[i] = (float) sum;
			}
			assertArrayEquals(expected, gradient, 5e-5f, "width " + width + ", k " + k);
		}
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void inputGradientsWithStrides(final Kind kind) {
		final Kernels kernels = kernels(kind);
		for (int width = 1; width <= 70; width++) {
			final int filters = 1 + random.nextInt(9), k = 1 + random.nextInt(9), rows = 1 + random.nextInt(
				7), wStep = k * k * (1 + random.nextInt(2));
			final int dStride = width + k - 1 + random.nextInt(4), dPlane = dStride * (rows + k) + random
				.nextInt(5), inStride = width + random.nextInt(4);
			final float[] d = noise(2 + (filters - 1) * dPlane + (rows + k - 1) * dStride + width + k - 1);
			final float[] weights = noise(filters * wStep);
			final float[] dIn = new float[3 + rows * inStride], expected = new float[dIn.length];
			Arrays.fill(dIn, 99); // is overwritten
			Arrays.fill(expected, 99);
			kernels.convolveGradInput(d, 2, dStride, dPlane, filters, weights, wStep, k, dIn, 3, inStride,
				width, rows);
			for (int r = 0; r < rows; r++)
				for (int x = 0; x < width; x++) {
					double sum = 0;
					for (int f = 0; f < filters; f++)
						for (int dy = 0; dy < k; dy++)
							for (int dx = 0; dx < k; dx++)
								sum += (double) weights[f * wStep + (k - 1 - dy) * k + k - 1 - dx] * d[2 + f * dPlane +
									(r + dy) * dStride + x + dx];
					expected[3 + r * inStride + x] = (float) sum;
				}
			assertArrayEquals(expected, dIn, 5e-5f, "width " + width + ", k " + k + ", rows " + rows);
		}
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void mixGradients(final Kind kind) {
		final Kernels kernels = kernels(kind);
		for (int length = 1; length <= 70; length++) {
			final int inputs = 1 + random.nextInt(9), outputs = 1 + random.nextInt(9);
			final int inPlane = length + random.nextInt(3), dPlane = length + random.nextInt(3);
			final float[] in = noise(1 + (inputs - 1) * inPlane + length);
			final float[] d = noise(2 + (outputs - 1) * dPlane + length);
			final float[] gradient = new float[outputs * inputs], expected = new float[gradient.length];
			Arrays.fill(gradient, -0.5f);
			kernels.mixGradWeights(in, 1, inPlane, inputs, d, 2, dPlane, outputs, gradient, length);
			for (int i = 0; i < expected.length; i++) {
				double sum = -0.5;
				for (int x = 0; x < length; x++)
					sum += (double) d[2 + i / inputs * dPlane + x] * in[1 + i % inputs * inPlane + x];
				expected[i] = (float) sum;
			}
			assertArrayEquals(expected, gradient, 2e-5f, "length " + length);
		}
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void tanhAndItsGradient(final Kind kind) {
		final Kernels kernels = kernels(kind);
		for (int length = 1; length <= 70; length++) {
			final float[] a = noise(length + 5), t = a.clone(), d = noise(length + 6), g = d.clone();
			kernels.tanh(t, 2, length);
			kernels.tanhGrad(t, 2, g, 3, length);
			for (int i = 0; i < t.length; i++)
				assertEquals(i < 2 || i >= length + 2 ? a[i] : (float) Math.tanh(a[i]), t[i], 5e-7f);
			for (int i = 0; i < g.length; i++)
				assertEquals(i < 3 || i >= length + 3 ? d[i] : (1 - t[i - 1] * t[i - 1]) * d[i], g[i], 1e-6f);
		}
	}

	/** In vectors and behind them; just the threshold is strong, no number is not. */
	@ParameterizedTest
	@EnumSource(Kind.class)
	void keepsStrongGradients(final Kind kind) {
		final Kernels kernels = kernels(kind);
		for (int length = 1; length <= 40; length++) {
			final float[] across = noise(length + 3), down = noise(length + 3);
			across[0] = 0.6f;
			down[0] = 0;
			across[length / 2] = Float.NaN;
			final float[] a = across.clone(), d = down.clone();
			kernels.keepStrong(a, d, length, 0.6f * 0.6f);
			for (int i = 0; i < a.length; i++) {
				final boolean kept = i >= length || across[i] * across[i] + down[i] * down[i] >= 0.6f * 0.6f;
				assertEquals(kept ? across[i] : 0, a[i]);
				assertEquals(kept ? down[i] : 0, d[i]);
			}
		}
	}

	/** A value is the same to the last bit in a vector and in the tail. */
	@ParameterizedTest
	@EnumSource(Kind.class)
	void placeDoesNotMatter(final Kind kind) {
		final Kernels kernels = kernels(kind);
		final float[] a = noise(67), whole = a.clone();
		kernels.tanh(whole, 0, 67);
		for (int i = 0; i < 67; i++) {
			final float[] one = { a[i] };
			kernels.tanh(one, 0, 1);
			assertEquals(whole[i], one[0]);
		}
		final float[] packed = Kernels.pack(noise(5 * 9), 0, 5, 9), in = noise(3 * 69);
		final float[] all = new float[5 * 67], single = new float[5];
		kernels.convolve(in, 0, 69, 0, 1, 1, packed, 5, 3, 3, all, 0, 67, 67, 67, 1);
		for (int x = 0; x < 67; x++) {
			kernels.convolve(in, x, 69, 0, 1, 1, packed, 5, 3, 3, single, 0, 1, 1, 1, 1);
			for (int f = 0; f < 5; f++)
				assertEquals(all[f * 67 + x], single[f]);
		}
	}

	/** Each radix alone, forward and back, against the definition of the transform. */
	@ParameterizedTest
	@EnumSource(Kind.class)
	void fftPasses(final Kind kind) {
		final Kernels kernels = kernels(kind);
		final int lanes = 16;
		for (final int n : new int[] { 2, 3, 4, 5 })
			for (final int sign : new int[] { -1, 1 }) {
				final float[] re = noise(n * lanes), im = noise(n * lanes);
				final float[] outRe = new float[n * lanes], outIm = new float[n * lanes];
				final float[] twiddles = new float[2 * (n - 1)];
				for (int j = 0; j < n - 1; j++)
					twiddles[2 * j] = 1;
				kernels.fftPass(n, n, 1, lanes, sign, twiddles, re, im, outRe, outIm);
				for (int k = 0; k < n; k++)
					for (int l = 0; l < lanes; l++) {
						double r = 0, i = 0;
						for (int j = 0; j < n; j++) {
							final double c = Math.cos(2 * Math.PI * j * k / n), s = sign * Math.sin(2 * Math.PI * j *
								k / n);
							r += re[j * lanes + l] * c - im[j * lanes + l] * s;
							i += re[j * lanes + l] * s + im[j * lanes + l] * c;
						}
						assertEquals(r, outRe[k * lanes + l], 3e-6);
						assertEquals(i, outIm[k * lanes + l], 3e-6);
					}
			}
	}
}
