package io.github.learningtodeblur.backend.cpu;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Shrinkage;
import io.github.learningtodeblur.backend.Tensor;

/** What deconvolution with a known kernel needs. Spectra are those of {@link Fft2d}. */
final class RestorationLoops {

	private final Kernels kernels;
	private final Scratch scratch;
	private final Cache<Shrinkage.Power, PowerTable> tables = new Cache<>(32, PowerTable::new);
	/** By period. */
	private final Cache<Integer, float[]> differencePowers = new Cache<>(48, RestorationLoops::differencePower);

	RestorationLoops(final Kernels kernels, final Scratch scratch) {
		this.kernels = kernels;
		this.scratch = scratch;
	}

	/** |D|^2 for differences of neighbours by period: 2 - 2 cos(2 pi frequency) for each frequency. */
	Cache<Integer, float[]> differencePowers() {
		return differencePowers;
	}

	/** See {@link Backend#multiply}. */
	static void multiply(final Tensor x, final Tensor by, final boolean conjugate, final Tensor out) {
		final int half = x.width() / 2 + 1, length = x.height() * 2 * half, sign = conjugate ? -1 : 1;
		final float[] s = HostBuffer.of(x), k = HostBuffer.of(by), o = HostBuffer.of(out);
		Rows.forEach(x, (plane, from, to) -> {
			final int partner = Rows.partner(x, plane, by);
			for (int y = from; y < to; y++) {
				final int at = plane * length + y * 2 * half, kAt = partner * length + y * 2 * half;
				for (int i = 0; i < half; i++) {
					final float kr = k[kAt + i], ki = sign * k[kAt + half + i];
					final float re = s[at + i], im = s[at + half + i];
					o[at + i] = kr * re - ki * im;
					o[at + half + i] = kr * im + ki * re;
				}
			}
		});
	}

	/** See {@link Backend#solve}. */
	void solve(final Tensor kernel, final Tensor blurry, final float c, final float b, final float g,
		final Tensor target, final Tensor out)
	{
		final int width = out.width(), half = width / 2 + 1, length = out.height() * 2 * half;
		final float[] ks = HostBuffer.of(kernel), ys = HostBuffer.of(blurry), o = HostBuffer.of(out);
		final float[] ts = target == null ? null : HostBuffer.of(target);
		final float[] across = differencePowers.get(width), down = differencePowers.get(out.height());
		Rows.forEach(out, (plane, from, to) -> {
			final int kFrom = Rows.partner(out, plane, kernel) * length;
			final int yFrom = Rows.partner(out, plane, blurry) * length;
			for (int row = from; row < to; row++) {
				final int at = plane * length + row * 2 * half, k = kFrom + row * 2 * half, y = yFrom + row * 2 * half;
				final float dy = down[row];
				for (int x = 0; x < half; x++) {
					final float kr = ks[k + x], ki = ks[k + half + x], yr = ys[y + x], yi = ys[y + half + x];
					// the mean must not be drawn to 0; |K|^2 is 1 there
					final float prior = row == 0 && x == 0 ? 0 : b + g * (across[x] + dy);
					final float scale = 1 / (c * (kr * kr + ki * ki) + prior);
					float re = c * (kr * yr + ki * yi), im = c * (kr * yi - ki * yr);
					if (ts != null) {
						re += g * ts[at + x];
						im += g * ts[at + half + x];
					}
					o[at + x] = re * scale;
					o[at + half + x] = im * scale;
				}
			}
		});
	}

	/** |D|^2 for differences of neighbours, by frequency: 2 - 2 cos(2 pi frequency). */
	private static float[] differencePower(final int period) {
		final float[] power = new float[period];
		for (int i = 0; i < period; i++)
			power[i] = (float) (2 - 2 * Math.cos(2 * Math.PI * i / period));
		return power;
	}

	/** See {@link Backend#shrunkDivergence}. */
	void shrunkDivergence(final Tensor images, final Shrinkage rule, final Tensor out) {
		final float[] in = HostBuffer.of(images), o = HostBuffer.of(out);
		final int width = out.width(), height = out.height();
		final PowerTable table = rule instanceof Shrinkage.Power p ? tables.get(p) : null;
		Rows.forEach(out, (plane, from, to) -> {
			final float[][] lent = scratch.take(width, 3);
			final float[] across = lent[0];
			float[] above = lent[1], here = lent[2];
			final int first = plane * height * width;
			shrunk(in, first, width, height, (from == 0 ? height : from) - 1, rule, table, across, above);
			for (int y = from; y < to; y++) {
				shrunk(in, first, width, height, y, rule, table, across, here);
				final int at = first + y * width;
				// the adjoint of a difference: (Dx' w)(i) = w(i - 1) - w(i)
				o[at] = across[width - 1] - across[0] + above[0] - here[0];
				for (int i = 1; i < width; i++)
					o[at + i] = across[i - 1] - across[i] + above[i] - here[i];
				final float[] swap = above;
				above = here;
				here = swap;
			}
			scratch.give(lent);
		});
	}

	/** Differences of a row to its right and lower neighbours, circular, after the rule. */
	private void shrunk(final float[] in, final int first, final int width, final int height, final int y,
		final Shrinkage rule, final PowerTable table, final float[] across, final float[] down)
	{
		final int row = first + y * width, below = first + (y + 1 == height ? 0 : y + 1) * width;
		for (int i = 0; i + 1 < width; i++)
			across[i] = in[row + i + 1] - in[row + i];
		across[width - 1] = in[row] - in[row + width - 1];
		for (int i = 0; i < width; i++)
			down[i] = in[below + i] - in[row + i];
		if (table != null) for (int i = 0; i < width; i++) {
			across[i] = table.apply(across[i]);
			down[i] = table.apply(down[i]);
		}
		else if (rule instanceof Shrinkage.Strong strong) kernels.keepStrong(across, down, width, strong.threshold());
		else toUnit(across, down, width, ((Shrinkage.Unit) rule).flat());
	}

	private static void toUnit(final float[] across, final float[] down, final int width, final float flat) {
		for (int i = 0; i < width; i++) {
			final float dx = across[i], dy = down[i];
			final float scale = 1 / (float) Math.sqrt(dx * dx + dy * dy + flat * flat);
			across[i] = dx * scale;
			down[i] = dy * scale;
		}
	}

	/** See {@link Backend#keepObserved}. */
	static void keepObserved(final Tensor observed, final float white, final Tensor predicted) {
		final int width = predicted.width(), height = predicted.height();
		final int seenWidth = observed.width(), seenHeight = observed.height();
		final float[] y = HostBuffer.of(observed), p = HostBuffer.of(predicted);
		Rows.forEach(predicted, (plane, from, to) -> {
			final int in = Rows.partner(predicted, plane, observed) * seenHeight * seenWidth;
			for (int row = from; row < Math.min(seenHeight, to); row++) {
				final int at = (plane * height + row) * width, seen = in + row * seenWidth;
				for (int x = 0; x < seenWidth; x++) {
					final float v = y[seen + x];
					if (v < white) p[at + x] = v;
					else if (v >= white) p[at + x] = Math.max(white, p[at + x]); // else not a number
				}
			}
		});
	}

	/** See {@link Backend#ratio}. */
	static void ratio(final Tensor observed, final float least, final Tensor predicted) {
		final int width = predicted.width(), height = predicted.height();
		final int seenWidth = observed.width(), seenHeight = observed.height();
		final float[] y = HostBuffer.of(observed), p = HostBuffer.of(predicted);
		Rows.forEach(predicted, (plane, from, to) -> {
			final int in = Rows.partner(predicted, plane, observed) * seenHeight * seenWidth;
			for (int row = from; row < to; row++) {
				final int at = (plane * height + row) * width, seen = in + row * seenWidth;
				final int count = row < seenHeight ? seenWidth : 0;
				for (int x = 0; x < count; x++) {
					final float v = y[seen + x];
					p[at + x] = Float.isNaN(v) ? 1 : Math.max(0, v) / Math.max(least, p[at + x]);
				}
				for (int x = count; x < width; x++)
					p[at + x] = 1;
			}
		});
	}

	/** See {@link Backend#correct}. */
	static void correct(final Tensor correction, final Tensor divergence, final float lambda, final float least,
		final Tensor estimate)
	{
		final int width = estimate.width(), height = estimate.height();
		final float[] c = HostBuffer.of(correction), x = HostBuffer.of(estimate);
		final float[] d = divergence == null ? null : HostBuffer.of(divergence);
		Rows.forEach(estimate, (plane, from, to) -> {
			for (int i = (plane * height + from) * width; i < (plane * height + to) * width; i++) {
				final float prior = d == null ? 1 : 1 + lambda * d[i];
				x[i] = Math.max(least, x[i] / prior * c[i]);
			}
		});
	}
}
