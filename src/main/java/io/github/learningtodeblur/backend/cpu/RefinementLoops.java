package io.github.learningtodeblur.backend.cpu;

import java.util.Arrays;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Selection;
import io.github.learningtodeblur.util.Threads;

/** What estimating a kernel from gradients needs. Spectra are those of {@link Fft2d}. */
final class RefinementLoops {

	private RefinementLoops() {}

	/** See {@link Backend#gradients}. */
	static void gradients(final Tensor images, final Tensor weights, final Tensor out) {
		final int width = images.width(), height = images.height(), plane = width * height;
		final float[] in = HostBuffer.of(images), w = HostBuffer.of(weights), o = HostBuffer.of(out);
		Rows.forEach(images, (image, from, to) -> {
			for (int y = from; y < to; y++) {
				final int row = image * plane + y * width, weight = y * width;
				final int dx = 2 * image * plane + y * width, dy = dx + plane;
				for (int x = 0; x + 1 < width; x++)
					o[dx + x] = w[weight + x] * (in[row + x + 1] - in[row + x]);
				o[dx + width - 1] = 0;
				if (y + 1 == height) Arrays.fill(o, dy, dy + width, 0);
				else for (int x = 0; x < width; x++)
					o[dy + x] = w[weight + x] * (in[row + width + x] - in[row + x]);
			}
		});
	}

	/** See {@link Backend#keepStrongest}. */
	static void keepStrongest(final Tensor gradients, final double part) {
		final int width = gradients.width(), plane = width * gradients.height();
		final float[] g = HostBuffer.of(gradients), thresholds = new float[gradients.batch()];
		Threads.forEach(thresholds.length, b -> thresholds[b] = quantile(g, 2 * b * plane, plane, 1 - part));
		final Tensor first = new Tensor(gradients.buffer(), gradients.batch(), 1, gradients.height(), width, false);
		Rows.forEach(first, (image, from, to) -> {
			final float threshold = thresholds[image];
			final int dx = 2 * image * plane, dy = dx + plane;
			for (int i = from * width; i < to * width; i++)
				if (squares(g, dx + i, plane) < threshold) g[dx + i] = g[dy + i] = 0;
		});
	}

	/** Of the squared strengths of an image's gradients. A sample is exact enough, and ten times as fast. */
	private static float quantile(final float[] g, final int at, final int plane, final double below) {
		final int step = Math.max(1, plane / Backend.SAMPLE);
		final float[] sample = new float[(plane + step - 1) / step];
		for (int i = 0; i < sample.length; i++)
			sample[i] = squares(g, at + i * step, plane);
		return Selection.of(sample, sample.length, (int) (below * (sample.length - 1)));
	}

	private static float squares(final float[] g, final int at, final int plane) {
		return g[at] * g[at] + g[at + plane] * g[at + plane];
	}

	/** See {@link Backend#powers}. */
	static void powers(final Tensor x, final Tensor y, final Tensor auto, final Tensor cross) {
		final int half = x.width() / 2 + 1, length = x.height() * 2 * half, channels = x.channels();
		final float[] xs = HostBuffer.of(x), ys = HostBuffer.of(y), a = HostBuffer.of(auto), c = HostBuffer.of(cross);
		Rows.forEach(auto, (b, from, to) -> {
			for (int row = from; row < to; row++) {
				final int at = b * length + row * 2 * half;
				Arrays.fill(a, at, at + 2 * half, 0);
				Arrays.fill(c, at, at + 2 * half, 0);
				for (int channel = 0; channel < channels; channel++) {
					final int xAt = (b * channels + channel) * length + row * 2 * half;
					final int yAt = ((y.batch() == 1 ? 0 : b) * channels + channel) * length + row * 2 * half;
					for (int i = 0; i < half; i++) {
						final float xr = xs[xAt + i], xi = xs[xAt + half + i], yr = ys[yAt + i], yi = ys[yAt + half + i];
						a[at + i] += xr * xr + xi * xi;
						c[at + i] += xr * yr + xi * yi;
						c[at + half + i] += xr * yi - xi * yr;
					}
				}
			}
		});
	}

	/** See {@link Backend#largestReal}. */
	static void largestReal(final Tensor spectra, final Tensor largest) {
		final int half = spectra.width() / 2 + 1, length = spectra.height() * 2 * half;
		final float[] s = HostBuffer.of(spectra), l = HostBuffer.of(largest);
		for (int b = 0; b < spectra.batch(); b++) {
			float most = Float.NEGATIVE_INFINITY;
			for (int row = 0; row < spectra.height(); row++)
				for (int i = 0; i < half; i++)
					most = Math.max(most, s[b * length + row * 2 * half + i]);
			l[b] = most;
		}
	}

	/** See {@link Backend#descend}. */
	static void descend(final Tensor product, final Tensor goal, final Tensor largest, final float momentum,
		final Tensor ahead, final Tensor kernel)
	{
		final int n = kernel.height() * kernel.width();
		final float[] p = HostBuffer.of(product), b = HostBuffer.of(goal), l = HostBuffer.of(largest);
		final float[] a = HostBuffer.of(ahead), k = HostBuffer.of(kernel);
		for (int image = 0; image < kernel.batch(); image++) {
			final float step = 1 / l[image];
			for (int i = image * n; i < (image + 1) * n; i++) {
				final float next = Math.max(0, a[i] - step * (p[i] - b[i]));
				a[i] = next + momentum * (next - k[i]);
				k[i] = next;
			}
		}
	}
}
