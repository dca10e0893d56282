package io.github.learningtodeblur.backend.cpu;

import java.util.Arrays;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Threads;

/** What the stages of a learned restoration need beside the features. Spectra are those of {@link Fft2d}. */
final class LearnedRestorationLoops {

	/** Pixels per band of what does little with each: less is not worth waking a thread. */
	private static final int PIXELS = 131072;
	private static final float SQRT2 = (float) Math.sqrt(2);

	private final Scratch scratch;
	private final Cache<Integer, float[]> differencePowers;

	/** @param differencePowers by period, see {@link RestorationLoops} */
	LearnedRestorationLoops(final Scratch scratch, final Cache<Integer, float[]> differencePowers) {
		this.scratch = scratch;
		this.differencePowers = differencePowers;
	}

	/** Floats of one channel. */
	private static int length(final Tensor t) {
		return t.spectrum() ? t.height() * 2 * (t.width() / 2 + 1) : t.height() * t.width();
	}

	/** See {@link Backend#addChannels}. */
	void addChannels(final Tensor from, final int fromChannel, final float factor, final Tensor to,
		final int toChannel, final int count)
	{
		final int n = length(from);
		final float[] a = HostBuffer.of(from), b = HostBuffer.of(to);
		final int bands = (count * n + PIXELS - 1) / PIXELS;
		Threads.forEach(from.batch() * bands, i -> {
			final int element = i / bands, start = i % bands * PIXELS, end = Math.min(count * n, start + PIXELS);
			final int aAt = (element * from.channels() + fromChannel) * n, bAt = (element * to.channels() + toChannel) * n;
			for (int j = start; j < end; j++)
				b[bAt + j] += factor * a[aAt + j];
		});
	}

	/** See {@link Backend#clamp}. */
	void clamp(final Tensor x, final Tensor low, final Tensor high, final Tensor out) {
		final float[] a = HostBuffer.of(x), l = HostBuffer.of(low), h = HostBuffer.of(high), o = HostBuffer.of(out);
		Threads.forEachBand(x.size(), PIXELS, (from, to) -> {
			for (int i = from; i < to; i++)
				o[i] = Math.min(h[i], Math.max(l[i], a[i]));
		});
	}

	/** See {@link Backend#clampGrad}. */
	void clampGrad(final Tensor x, final Tensor low, final Tensor high, final Tensor d) {
		final float[] a = HostBuffer.of(x), l = HostBuffer.of(low), h = HostBuffer.of(high), g = HostBuffer.of(d);
		Threads.forEachBand(x.size(), PIXELS, (from, to) -> {
			for (int i = from; i < to; i++)
				if (!(a[i] > l[i] && a[i] < h[i])) g[i] = 0;
		});
	}

	/** See {@link Backend#divergence}. */
	void divergence(final Tensor w, final int margin, final Tensor out) {
		final int width = out.width(), height = out.height(), plane = width * height, n = w.width(), rows = w.height();
		final float[] c = HostBuffer.of(w), o = HostBuffer.of(out);
		Rows.forEach(out.batch(), height, width, (image, from, to) -> {
			final int at = 2 * image * plane;
			Arrays.fill(o, at + from * width, at + to * width, 0);
			Arrays.fill(o, at + plane + from * width, at + plane + to * width, 0);
			for (int y = from; y < to; y++) {
				final int first = at + y * width + margin, second = first + plane;
				for (int r = y - 1; r <= y + 1; r++) {
					final int row = r - margin; // of w
					if (row < 0 || row >= rows) continue;
					final int w1 = (image * 5 * rows + row) * n, step = rows * n;
					if (r == y) {
						addShifted(c, w1, -1, o, first, n);
						addShifted(c, w1, 1, o, first + 1, n);
						addShifted(c, w1 + step, -1, o, first, n);
						addShifted(c, w1 + 2 * step, 1, o, second - 1, n);
						addShifted(c, w1 + 2 * step, -2, o, second, n);
						addShifted(c, w1 + 2 * step, 1, o, second + 1, n);
						addShifted(c, w1 + 3 * step, SQRT2, o, second, n);
						addShifted(c, w1 + 3 * step, -SQRT2, o, second + 1, n);
						addShifted(c, w1 + 4 * step, -2, o, second, n);
					}
					else {
						if (r < y) {
							addShifted(c, w1 + step, 1, o, first, n);
							addShifted(c, w1 + 3 * step, -SQRT2, o, second, n);
							addShifted(c, w1 + 3 * step, SQRT2, o, second + 1, n);
						}
						addShifted(c, w1 + 4 * step, 1, o, second, n);
					}
				}
			}
		});
	}

	private static void addShifted(final float[] from, final int fromAt, final float factor, final float[] to,
		final int toAt, final int count)
	{
		for (int i = 0; i < count; i++)
			to[toAt + i] += factor * from[fromAt + i];
	}

	/** See {@link Backend#divergenceGrad}. */
	void divergenceGrad(final Tensor dOut, final int margin, final Tensor dW) {
		final int width = dOut.width(), height = dOut.height(), plane = width * height, n = dW.width(), rows = dW.height();
		final float[] d = HostBuffer.of(dOut), c = HostBuffer.of(dW);
		Rows.forEach(dOut.batch(), rows, n, (image, from, to) -> {
			for (int y = from; y < to; y++) {
				final int s1 = 2 * image * plane + (y + margin) * width + margin, s2 = s1 + plane;
				final int step = rows * n, w1 = (image * 5 * rows + y) * n, w2 = w1 + step, w3 = w2 + step, w4 = w3 + step,
					w5 = w4 + step;
				for (int x = 0; x < n; x++) {
					c[w1 + x] = d[s1 + x + 1] - d[s1 + x];
					c[w2 + x] = d[s1 + x + width] - d[s1 + x];
					c[w3 + x] = d[s2 + x + 1] - 2 * d[s2 + x] + d[s2 + x - 1];
					c[w4 + x] = SQRT2 * (d[s2 + x + width + 1] - d[s2 + x + width] - d[s2 + x + 1] + d[s2 + x]);
					c[w5 + x] = d[s2 + x + width] - 2 * d[s2 + x] + d[s2 + x - width];
				}
			}
		});
	}

	/** a_g of a batch element. */
	private static float[] couplings(final Tensor logBeta, final Tensor power, final Tensor level, final int b) {
		final float[] a = new float[logBeta.width()];
		for (int g = 0; g < a.length; g++)
			a[g] = (float) Math.exp(HostBuffer.of(logBeta)[g] + HostBuffer.of(power)[g] * HostBuffer.of(level)[b]);
		return a;
	}

	/** See {@link Backend#regularized}. */
	void regularized(final Tensor kernel, final Tensor blurry, final Tensor before, final Tensor targets,
		final Tensor logBeta, final Tensor power, final Tensor level, final Tensor out)
	{
		final int height = out.height(), half = out.width() / 2 + 1, length = height * 2 * half;
		final float[] k = HostBuffer.of(kernel), y = HostBuffer.of(blurry), o = HostBuffer.of(out), x = before == null ? null : HostBuffer.of(before);
		final float[] across = differencePowers.get(out.width()), down = differencePowers.get(height);
		Rows.forEach(out.batch(), height, 2 * half, (image, from, to) -> {
			final float[] a = couplings(logBeta, power, level, image);
			final int at = image * length;
			final float[][] lent = scratch.take(half, 4);
			final float[] p = lent[0], sum = lent[1], re = lent[2], im = lent[3];
			for (int r = from; r < to; r++) {
				final int real = at + r * 2 * half, imaginary = real + half;
				Arrays.fill(p, 1);
				Arrays.fill(sum, 0);
				for (int i = 0; i < half; i++) {
					re[i] = k[real + i] * y[real + i] + k[imaginary + i] * y[imaginary + i];
					im[i] = k[real + i] * y[imaginary + i] - k[imaginary + i] * y[real + i];
				}
				for (int g = 0; g < a.length; g++) {
					for (int i = 0; i < half; i++) {
						p[i] *= across[i] + down[r];
						sum[i] += a[g] * p[i];
					}
					if (targets == null) continue;
					final int s = (image * a.length + g) * length + r * 2 * half;
					for (int i = 0; i < half; i++) {
						re[i] += a[g] * HostBuffer.of(targets)[s + i];
						im[i] += a[g] * HostBuffer.of(targets)[s + half + i];
					}
				}
				for (int i = 0; i < half; i++) {
					final float scale = 1 / (k[real + i] * k[real + i] + k[imaginary + i] * k[imaginary + i] + sum[i]);
					o[real + i] = (re[i] + (x == null ? 0 : sum[i] * x[real + i])) * scale;
					o[imaginary + i] = (im[i] + (x == null ? 0 : sum[i] * x[imaginary + i])) * scale;
				}
			}
			scratch.give(lent);
		});
	}

	/** See {@link Backend#regularizedGrad}. */
	void regularizedGrad(final Tensor kernel, final Tensor before, final Tensor targets, final Tensor logBeta,
		final Tensor power, final Tensor level, final Tensor out, final Tensor g, final Tensor dBefore,
		final Tensor dTargets, final Tensor dLogBeta, final Tensor dPower)
	{
		final int height = out.height(), half = out.width() / 2 + 1, length = height * 2 * half;
		final float[] k = HostBuffer.of(kernel), x = HostBuffer.of(before), q = HostBuffer.of(out), h = HostBuffer.of(g), dx = HostBuffer.of(dBefore);
		final float[] s = HostBuffer.of(targets), ds = HostBuffer.of(dTargets);
		final float[] across = differencePowers.get(out.width()), down = differencePowers.get(height);
		final int orders = logBeta.width();
		final double[] changes = new double[out.batch() * height * orders];
		Rows.forEach(out.batch(), height, 2 * half, (image, from, to) -> {
			final float[] a = couplings(logBeta, power, level, image);
			final int at = image * length;
			final float[][] lent = scratch.take(half, 2);
			final float[] p = lent[0], sum = lent[1];
			for (int r = from; r < to; r++) {
				final int re = at + r * 2 * half, im = re + half;
				Arrays.fill(sum, 0);
				for (int i = 0; i < half; i++) {
					float order = 1;
					for (final float coupling : a)
						sum[i] += coupling * (order *= across[i] + down[r]);
					final float scale = 1 / (k[re + i] * k[re + i] + k[im + i] * k[im + i] + sum[i]);
					h[re + i] *= scale;
					h[im + i] *= scale;
					dx[re + i] = sum[i] * h[re + i];
					dx[im + i] = sum[i] * h[im + i];
				}
				Arrays.fill(p, 1);
				for (int o = 0; o < a.length; o++) {
					final int sr = (image * a.length + o) * length + r * 2 * half, si = sr + half;
					double rowSum = 0;
					for (int i = 0; i < half; i++) {
						p[i] *= across[i] + down[r];
						ds[sr + i] = a[o] * h[re + i];
						ds[si + i] = a[o] * h[im + i];
						final float change = h[re + i] * (p[i] * (x[re + i] - q[re + i]) + s[sr + i]) + h[im + i] * (p[i] *
							(x[im + i] - q[im + i]) + s[si + i]);
						// a half spectrum: all columns but the first and the last stand for two
						rowSum += i == 0 || i == half - 1 ? change : 2 * change;
					}
					changes[(image * height + r) * orders + o] = rowSum;
				}
			}
			scratch.give(lent);
		});
		// in the order of images and rows
		if (dLogBeta != null) for (int b = 0; b < out.batch(); b++) {
			final float[] a = couplings(logBeta, power, level, b);
			for (int o = 0; o < orders; o++) {
				double sum = 0;
				for (int r = 0; r < height; r++)
					sum += changes[(b * height + r) * orders + o];
				final double change = sum * a[o] / ((double) height * out.width());
				HostBuffer.of(dLogBeta)[o] += change;
				HostBuffer.of(dPower)[o] += change * HostBuffer.of(level)[b];
			}
		}
	}

	/** See {@link Backend#imageError}. */
	static void imageError(final Tensor x, final Tensor target, final float floor, final float weight, final Tensor errors,
		final Tensor dX)
	{
		final int n = x.height() * x.width();
		final float[] v = HostBuffer.of(x), t = HostBuffer.of(target);
		Threads.forEach(x.batch(), b -> {
			double sum = 0;
			int count = 0;
			for (int i = b * n; i < (b + 1) * n; i++) {
				if (Float.isNaN(t[i])) continue;
				final double d = v[i] - t[i];
				sum += d * d;
				count++;
			}
			final double error = sum / count;
			HostBuffer.of(errors)[b] = (float) error;
			if (dX == null) return;
			final float factor = (float) (2 * weight / count / (error + floor));
			for (int i = b * n; i < (b + 1) * n; i++)
				if (!Float.isNaN(t[i])) HostBuffer.of(dX)[i] += factor * (v[i] - t[i]);
		});
	}
}
