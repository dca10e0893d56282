package io.github.learningtodeblur.backend.cuda;

import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.BackendUnavailable;
import io.github.learningtodeblur.backend.Tensor;

/** Whether a device computes what can be computed by hand, before anybody relies on it. Takes a moment. */
final class SelfTest {

	private static final int SIZE = 30;
	private static final float TOLERATED = 1e-5f;

	private SelfTest() {}

	/** @throws BackendUnavailable if not */
	static void run(final Backend backend) {
		final float[] image = new float[SIZE * SIZE], there = image.clone();
		for (int i = 0; i < image.length; i++)
			image[i] = (float) Math.sin(i);
		final Tensor t = backend.allocate(1, 1, SIZE, SIZE), spectrum = backend.allocateSpectra(1, 1, SIZE, SIZE);
		backend.write(image, t);
		backend.fft(t, spectrum);
		backend.fill(t, 0);
		backend.ifft(spectrum, t);
		backend.read(t, there);
		for (int i = 0; i < image.length; i++)
			check(backend, image[i], there[i]);

		// a filter of one value, and half of the tanh
		final Tensor filter = backend.allocate(1, 1, 3, 3), half = backend.allocate(1, 1, 1, 1), out = backend.allocate(1, 1, SIZE - 2,
			SIZE - 2);
		backend.write(new float[] { 0, 0, 0, 0, 1, 0, 0, 0, 0 }, filter);
		backend.write(new float[] { 0.5f }, half);
		backend.features(t, List.of(filter, half), null, out);
		final float[] features = new float[out.size()];
		backend.read(out, features);
		for (int y = 0; y < SIZE - 2; y++)
			for (int x = 0; x < SIZE - 2; x++)
				check(backend, 0.5 * Math.tanh(image[(y + 1) * SIZE + x + 1]), features[y * (SIZE - 2) + x]);
	}

	private static void check(final Backend backend, final double expected, final float is) {
		if (!(Math.abs(expected - is) <= TOLERATED)) throw new BackendUnavailable(backend.name() + " does not compute as it should: got " +
			is + " instead of " + expected + ". Update the GPU's driver");
	}
}
