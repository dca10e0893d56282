package io.github.learningtodeblur.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.backend.cpu.CpuBackend;

/** What is too large for shared memory or for scratch memory gives the same as on the CPU. */
class LimitsTest {

	@RegisterExtension
	final Opened opened = new Opened();

	private final Random random = new Random(4);

	private float[] noise(final int n) {
		final float[] a = new float[n];
		for (int i = 0; i < n; i++)
			a[i] = (float) random.nextGaussian();
		return a;
	}

	private static Tensor tensor(final Backend backend, final float[] values, final int... shape) {
		final Tensor t = backend.allocate(shape[0], shape[1], shape[2], shape[3]);
		backend.write(values, t);
		return t;
	}

	private static float[] read(final Backend backend, final Tensor t) {
		final float[] values = new float[t.size()];
		backend.read(t, values);
		return values;
	}

	private static void assertClose(final String what, final float[] expected, final float[] is, final double tolerance) {
		double largest = 0;
		for (final float v : expected)
			largest = Math.max(largest, Math.abs(v));
		for (int i = 0; i < is.length; i++)
			assertEquals(expected[i], is[i], tolerance * largest, what + ", value " + i);
	}

	/** Long rows, long columns, and both; all planes at once, and one after the other. */
	@Test
	void longTransforms() {
		for (final Limits limits : new Limits[] { new Limits(16, 1L << 30), new Limits(16, 1), new Limits(40, 1) })
			for (final int[] size : new int[][] { { 12, 90 }, { 90, 12 }, { 60, 96 }, { 18, 100 }, { 64, 16 } }) {
				final List<List<float[]>> results = new ArrayList<>();
				final float[] image = noise(3 * (size[0] - 1) * (size[1] - 3)), kernel = noise(3 * 49);
				for (final Backend backend : List.of(new CpuBackend(), opened.open(limits)))
					results.add(transformed(backend, image, kernel, size[0], size[1]));
				for (int i = 0; i < 3; i++)
					assertClose(size[1] + "x" + size[0] + ", " + limits, results.get(0).get(i), results.get(1).get(i), 1e-6);
				assertClose("there and back", image, results.get(1).get(0), 1e-6);
			}
	}

	private static List<float[]> transformed(final Backend backend, final float[] image, final float[] kernel, final int h,
		final int w)
	{
		final Tensor t = tensor(backend, image, 3, 1, h - 1, w - 3), k = tensor(backend, kernel, 3, 1, 7, 7);
		final Tensor s = backend.allocateSpectra(3, 1, h, w), p = backend.allocateSpectra(3, 1, h, w);
		final Tensor whole = backend.allocate(3, 1, h, w);
		backend.fft(t, s);
		backend.ifft(s, t);
		backend.fftKernel(k, p);
		backend.multiply(p, s, false, p);
		backend.ifft(p, whole);
		backend.ifftKernel(p, k);
		return List.of(read(backend, t), read(backend, whole), read(backend, k));
	}

	/** More than a grid has in one direction. */
	@Test
	void manyPlanes() {
		final Backend backend = opened.open();
		final float[] kernels = noise(66_000 * 9);
		final Tensor k = tensor(backend, kernels, 66_000, 1, 3, 3), s = backend.allocateSpectra(66_000, 1, 8, 8);
		backend.fftKernel(k, s);
		backend.fill(k, 0);
		backend.ifftKernel(s, k);
		assertClose("there and back", kernels, read(backend, k), 1e-6);
	}

	/** More filters than threads, more layers than are fused, the largest filters; a batch in parts. */
	@Test
	void largeFeatures() {
		features(new Limits(3072, 1), 3, 2, 20, 9, List.of(70, 9, 8, 5));
		features(Limits.USUAL, 2, 2, 20, 9, List.of(70, 9, 8, 5));
		features(Limits.USUAL, 1, 2, 12, 3, List.of(600, 40, 3));
		features(new Limits(3072, 1), 2, 1, 110, 99, List.of(3, 2));
	}

	private void features(final Limits limits, final int batch, final int inputs, final int size, final int k,
		final List<Integer> outputs)
	{
		final int out = size - k + 1, n = outputs.get(0);
		final float[] image = noise(batch * inputs * size * size), d = noise(batch * outputs.get(outputs.size() - 1) * out * out);
		final List<float[]> weights = new ArrayList<>();
		weights.add(noise(n * inputs * k * k));
		for (int i = 0; i < weights.get(0).length; i++)
			weights.get(0)[i] /= k * inputs;
		for (int m = 1; m < outputs.size(); m++)
			weights.add(noise(outputs.get(m) * outputs.get(m - 1)));
		final List<List<float[]>> results = new ArrayList<>();
		for (final Backend backend : List.of(new CpuBackend(), opened.open(limits))) {
			final Tensor in = tensor(backend, image, batch, inputs, size, size), dIn = backend.allocate(batch, 1, size, size);
			final List<Tensor> ws = new ArrayList<>(), dWs = new ArrayList<>(), kept = new ArrayList<>();
			for (int m = 0; m < outputs.size(); m++) {
				final int[] shape = m == 0 ? new int[] { n, inputs, k, k } : new int[] { 1, 1, outputs.get(m), outputs.get(m - 1) };
				ws.add(tensor(backend, weights.get(m), shape));
				dWs.add(backend.allocate(shape[0], shape[1], shape[2], shape[3]));
				if (m + 1 < outputs.size()) kept.add(backend.allocate(batch, outputs.get(m), out, out));
			}
			final Tensor result = tensor(backend, d, batch, outputs.get(outputs.size() - 1), out, out), dOut = tensor(backend, d, batch,
				outputs.get(outputs.size() - 1), out, out);
			backend.features(in, ws, null, result);
			final float[] alone = read(backend, result);
			backend.features(in, ws, kept, result);
			assertArrayEquals(alone, read(backend, result), "differs if tanhs are kept");
			backend.featuresGrad(in, ws, kept, dOut, dIn, dWs);
			final List<float[]> all = new ArrayList<>(List.of(alone, read(backend, dIn)));
			dWs.forEach(t -> all.add(read(backend, t)));
			results.add(all);
		}
		for (int i = 0; i < results.get(0).size(); i++)
			assertClose(outputs + ", result " + i, results.get(0).get(i), results.get(1).get(i), 1e-4);
	}
}
