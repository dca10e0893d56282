package io.github.learningtodeblur.backend;

import java.util.List;

import org.jtransforms.fft.DoubleFFT_2D;

/**
 * {@link Backend} written down as plainly as possible, in double precision: what the real backends are
 * compared with, and what gradient checks run on. Spectra are full and complex, real and imaginary parts
 * interleaved.
 */
public class ReferenceBackend implements Backend {

	private record DoubleBuffer(double[] values) implements Buffer {}

	/** The array itself, so that tests can read and change values without rounding. */
	public static double[] values(final Tensor t) {
		return ((DoubleBuffer) t.buffer()).values;
	}

	@Override
	public String name() {
		return "reference";
	}

	@Override
	public void close() {
		// there is nothing to free
	}

	@Override
	public Tensor allocate(final int batch, final int channels, final int height, final int width) {
		return new Tensor(new DoubleBuffer(new double[batch * channels * height * width]), batch,
			channels, height, width, false);
	}

	@Override
	public Tensor allocateSpectra(final int batch, final int channels, final int height,
		final int width)
	{
		return new Tensor(new DoubleBuffer(new double[2 * batch * channels * height * width]), batch,
			channels, height, width, true);
	}

	@Override
	public int goodSize(final int atLeast) {
		int n = 2;
		while (n < atLeast || n % 2 != 0 || !isSmooth(n))
			n++;
		return n;
	}

	private static boolean isSmooth(final int n) {
		return n == 1 || n % 2 == 0 && isSmooth(n / 2) || n % 3 == 0 && isSmooth(n / 3) || n % 5 == 0 &&
			isSmooth(n / 5);
	}

	@Override
	public void write(final float[] from, final Tensor to) {
		for (int i = 0; i < to.size(); i++)
			values(to)[i] = from[i];
	}

	@Override
	public void read(final Tensor from, final float[] to) {
		for (int i = 0; i < from.size(); i++)
			to[i] = (float) values(from)[i];
	}

	@Override
	public void fill(final Tensor t, final float value) {
		java.util.Arrays.fill(values(t), value);
	}

	@Override
	public void copyChannels(final Tensor from, final int fromChannel, final Tensor to,
		final int toChannel, final int count)
	{
		for (int b = 0; b < from.batch(); b++)
			for (int c = 0; c < count; c++)
				for (int y = 0; y < from.height(); y++)
					for (int x = 0; x < from.width(); x++)
						values(to)[at(to, b, toChannel + c, y, x)] = values(from)[at(from, b, fromChannel + c, y,
							x)];
	}

	private static int at(final Tensor t, final int b, final int c, final int y, final int x) {
		return ((b * t.channels() + c) * t.height() + y) * t.width() + x;
	}

	// -- feature extraction --

	@Override
	public void features(final Tensor in, final List<Tensor> weights, final List<Tensor> kept,
		final Tensor out)
	{
		final int mixes = weights.size() - 1;
		Tensor hidden = kept != null ? kept.get(0) : allocate(in.batch(), weights.get(0).batch(), out
			.height(), out.width());
		correlate(in, weights.get(0), hidden);
		for (int m = 1; m <= mixes; m++) {
			for (int i = 0; i < hidden.size(); i++)
				values(hidden)[i] = Math.tanh(values(hidden)[i]);
			final Tensor next = m == mixes ? out : kept != null ? kept.get(m) : allocate(in.batch(), weights
				.get(m).height(), out.height(), out.width());
			mix(hidden, weights.get(m), next);
			hidden = next;
		}
	}

	private static void correlate(final Tensor in, final Tensor filters, final Tensor out) {
		final double[] f = values(filters), a = values(in);
		for (int b = 0; b < out.batch(); b++)
			for (int n = 0; n < out.channels(); n++)
				for (int y = 0; y < out.height(); y++)
					for (int x = 0; x < out.width(); x++) {
						double sum = 0;
						for (int c = 0; c < in.channels(); c++)
							for (int dy = 0; dy < filters.height(); dy++)
								for (int dx = 0; dx < filters.width(); dx++)
									sum += f[at(filters, n, c, dy, dx)] * a[at(in, b, c, y + dy, x + dx)];
						values(out)[at(out, b, n, y, x)] = sum;
					}
	}

	private static void mix(final Tensor in, final Tensor weights, final Tensor out) {
		for (int b = 0; b < out.batch(); b++)
			for (int y = 0; y < out.height(); y++)
				for (int x = 0; x < out.width(); x++)
					for (int o = 0; o < out.channels(); o++) {
						double sum = 0;
						for (int i = 0; i < in.channels(); i++)
							sum += values(weights)[at(weights, 0, 0, o, i)] * values(in)[at(in, b, i, y, x)];
						values(out)[at(out, b, o, y, x)] = sum;
					}
	}

	@Override
	public void featuresGrad(final Tensor in, final List<Tensor> weights, final List<Tensor> kept,
		final Tensor dOut, final Tensor dIn, final List<Tensor> dWeights)
	{
		Tensor d = dOut;
		for (int m = weights.size() - 1; m >= 1; m--) {
			final Tensor w = weights.get(m), t = kept.get(m - 1);
			final Tensor below = allocate(t.batch(), t.channels(), t.height(), t.width());
			for (int b = 0; b < d.batch(); b++)
				for (int y = 0; y < d.height(); y++)
					for (int x = 0; x < d.width(); x++)
						for (int o = 0; o < d.channels(); o++)
							for (int i = 0; i < t.channels(); i++) {
								final double v = values(t)[at(t, b, i, y, x)], g = values(d)[at(d, b, o, y, x)];
								final int wAt = at(w, 0, 0, o, i);
								if (dWeights != null) values(dWeights.get(m))[wAt] += g * v;
								values(below)[at(below, b, i, y, x)] += g * values(w)[wAt] * (1 - v * v);
							}
			d = below;
		}
		if (dIn != null) fill(dIn, 0);
		final Tensor filters = weights.get(0);
		for (int b = 0; b < d.batch(); b++)
			for (int n = 0; n < d.channels(); n++)
				for (int c = 0; c < in.channels(); c++)
					for (int y = 0; y < d.height(); y++)
						for (int x = 0; x < d.width(); x++)
							for (int dy = 0; dy < filters.height(); dy++)
								for (int dx = 0; dx < filters.width(); dx++) {
									final double g = values(d)[at(d, b, n, y, x)];
									final int fAt = at(filters, n, c, dy, dx);
									if (dWeights != null) values(dWeights.get(0))[fAt] += g * values(in)[at(in, b, c,
										y + dy, x + dx)];
									if (dIn != null && c == 0) values(dIn)[at(dIn, b, 0, y + dy, x + dx)] += g *
										values(filters)[fAt];
								}
	}

	@Override
	public void scale(final Tensor t, final Tensor weights) {
		for (int i = 0; i < t.size(); i++)
			values(t)[i] *= values(weights)[i % weights.size()];
	}

	// -- spectra --

	@Override
	public void fft(final Tensor images, final Tensor spectra) {
		transform(images, spectra, 0);
	}

	@Override
	public void fftKernel(final Tensor kernels, final Tensor spectra) {
		transform(kernels, spectra, kernels.width() / 2);
	}

	/** @param origin row and column that becomes row and column 0; what is before wraps around */
	private static void transform(final Tensor images, final Tensor spectra, final int origin) {
		final int height = spectra.height(), width = spectra.width();
		for (int b = 0; b < images.batch(); b++)
			for (int c = 0; c < images.channels(); c++) {
				final double[] a = new double[2 * height * width];
				for (int y = 0; y < images.height(); y++)
					for (int x = 0; x < images.width(); x++)
						a[2 * (Math.floorMod(y - origin, height) * width + Math.floorMod(x - origin,
							width))] = values(images)[at(images, b, c, y, x)];
				new DoubleFFT_2D(height, width).complexForward(a);
				System.arraycopy(a, 0, values(spectra), 2 * at(spectra, b, c, 0, 0), a.length);
			}
	}

	@Override
	public void ifft(final Tensor spectra, final Tensor images) {
		inverse(spectra, images, 0);
	}

	@Override
	public void ifftKernel(final Tensor spectra, final Tensor kernels) {
		inverse(spectra, kernels, kernels.width() / 2);
	}

	private static void inverse(final Tensor spectra, final Tensor images, final int origin) {
		final int height = spectra.height(), width = spectra.width();
		for (int b = 0; b < images.batch(); b++)
			for (int c = 0; c < images.channels(); c++) {
				final double[] a = new double[2 * height * width];
				System.arraycopy(values(spectra), 2 * at(spectra, b, c, 0, 0), a, 0, a.length);
				new DoubleFFT_2D(height, width).complexInverse(a, true);
				for (int y = 0; y < images.height(); y++)
					for (int x = 0; x < images.width(); x++)
						values(images)[at(images, b, c, y, x)] = a[2 * (Math.floorMod(y - origin, height) * width +
							Math.floorMod(x - origin, width))];
			}
	}

	private record Complex(double re, double im) {

		static Complex of(final Tensor t, final int b, final int c, final int y, final int x) {
			final int i = 2 * at(t, b, c, y, x);
			return new Complex(values(t)[i], values(t)[i + 1]);
		}

		void store(final Tensor t, final int b, final int c, final int y, final int x) {
			final int i = 2 * at(t, b, c, y, x);
			values(t)[i] = re;
			values(t)[i + 1] = im;
		}

		Complex plus(final Complex o) {
			return new Complex(re + o.re, im + o.im);
		}

		Complex times(final Complex o) {
			return new Complex(re * o.re - im * o.im, re * o.im + im * o.re);
		}

		Complex times(final double f) {
			return new Complex(re * f, im * f);
		}

		Complex conjugate() {
			return new Complex(re, -im);
		}
	}

	private static Complex numerator(final Tensor x, final int xFrom, final Tensor y, final int yFrom,
		final int pairs, final int b, final int row, final int column)
	{
		Complex sum = new Complex(0, 0);
		for (int i = 0; i < pairs; i++)
			sum = sum.plus(Complex.of(x, b, xFrom + i, row, column).conjugate().times(Complex.of(y, b,
				yFrom + i, row, column)));
		return sum;
	}

	private static double denominator(final Tensor x, final int xFrom, final int pairs,
		final Tensor logBeta, final int b, final int row, final int column)
	{
		double sum = Math.exp(values(logBeta)[0]);
		for (int i = 0; i < pairs; i++) {
			final Complex v = Complex.of(x, b, xFrom + i, row, column);
			sum += v.re * v.re + v.im * v.im;
		}
		return sum;
	}

	@Override
	public void quotient(final Tensor x, final int xFrom, final Tensor y, final int yFrom,
		final int pairs, final Tensor logBeta, final Tensor out)
	{
		for (int b = 0; b < out.batch(); b++)
			for (int r = 0; r < out.height(); r++)
				for (int c = 0; c < out.width(); c++)
					numerator(x, xFrom, y, yFrom, pairs, b, r, c).times(1 / denominator(x, xFrom, pairs, logBeta,
						b, r, c)).store(out, b, 0, r, c);
	}

	@Override
	public void quotientGrad(final Tensor x, final int xFrom, final Tensor y, final int yFrom,
		final int pairs, final Tensor logBeta, final Tensor out, final Tensor g, final Tensor gx,
		final Tensor gy, final Tensor dLogBeta)
	{
		double dBeta = 0;
		for (int b = 0; b < out.batch(); b++)
			for (int r = 0; r < out.height(); r++)
				for (int c = 0; c < out.width(); c++) {
					final Complex n = numerator(x, xFrom, y, yFrom, pairs, b, r, c);
					final Complex k = Complex.of(g, b, 0, r, c);
					final double d = denominator(x, xFrom, pairs, logBeta, b, r, c);
					final double real = n.conjugate().times(k).re;
					dBeta -= real / (d * d);
					for (int i = 0; i < pairs; i++) {
						final Complex xi = Complex.of(x, b, xFrom + i, r, c);
						final Complex yi = Complex.of(y, b, yFrom + i, r, c);
						k.conjugate().times(yi).times(1 / d).plus(xi.times(-2 * real / (d * d))).store(gx, b,
							xFrom + i, r, c);
						if (gy != null) xi.times(k).times(1 / d).store(gy, b, yFrom + i, r, c);
					}
				}
		if (dLogBeta != null) values(dLogBeta)[0] += dBeta * Math.exp(values(logBeta)[0]) / (out
			.height() * out.width());
	}

	// -- restoration --

	/** Plane (b, c), of which a batch or a channel count of 1 serves for all. */
	private static Complex shared(final Tensor t, final int b, final int c, final int y, final int x) {
		return Complex.of(t, t.batch() == 1 ? 0 : b, t.channels() == 1 ? 0 : c, y, x);
	}

	@Override
	public void multiply(final Tensor x, final Tensor by, final boolean conjugate, final Tensor out) {
		for (int b = 0; b < x.batch(); b++)
			for (int c = 0; c < x.channels(); c++)
				for (int row = 0; row < x.height(); row++)
					for (int i = 0; i < x.width(); i++) {
						final Complex k = shared(by, b, c, row, i);
						Complex.of(x, b, c, row, i).times(conjugate ? k.conjugate() : k).store(out, b, c, row, i);
					}
	}

	@Override
	public void solve(final Tensor kernel, final Tensor blurry, final float c, final float b, final float g,
		final Tensor target, final Tensor out)
	{
		for (int i = 0; i < out.batch(); i++)
			for (int y = 0; y < out.height(); y++)
				for (int x = 0; x < out.width(); x++) {
					final Complex k = shared(kernel, i, 0, y, x);
					// the gradient of the objective is 0: (c |K|^2 + b + g |D|^2) X = c conj(K) Y + g T
					double left = c * (k.re * k.re + k.im * k.im);
					if (x > 0 || y > 0) left += b + g * (4 * Math.pow(Math.sin(Math.PI * x / out.width()), 2) + 4 * Math.pow(Math
						.sin(Math.PI * y / out.height()), 2));
					Complex right = k.conjugate().times(shared(blurry, i, 0, y, x)).times(c);
					if (target != null) right = right.plus(Complex.of(target, i, 0, y, x).times(g));
					right.times(1 / left).store(out, i, 0, y, x);
				}
	}

	@Override
	public void shrunkDivergence(final Tensor images, final Shrinkage rule, final Tensor out) {
		fill(out, 0);
		final int h = images.height(), w = images.width();
		for (int b = 0; b < images.batch(); b++)
			for (int c = 0; c < images.channels(); c++)
				for (int y = 0; y < h; y++)
					for (int x = 0; x < w; x++) {
						final int here = at(images, b, c, y, x), right = at(images, b, c, y, (x + 1) % w);
						final int below = at(images, b, c, (y + 1) % h, x);
						final double[] v = shrunk(rule, values(images)[right] - values(images)[here], values(images)[below] -
							values(images)[here]);
						// the adjoint: what was subtracted here was added there
						values(out)[here] -= v[0] + v[1];
						values(out)[right] += v[0];
						values(out)[below] += v[1];
					}
	}

	private static double[] shrunk(final Shrinkage rule, final double dx, final double dy) {
		if (rule instanceof Shrinkage.Strong s) return dx * dx + dy * dy < s.threshold() ? new double[2] : new double[] { dx,
			dy };
		if (rule instanceof Shrinkage.Unit u) {
			final double length = Math.sqrt(dx * dx + dy * dy + (double) u.flat() * u.flat());
			return new double[] { dx / length, dy / length };
		}
		final Shrinkage.Power p = (Shrinkage.Power) rule;
		return new double[] { Math.signum(dx) * least(Math.abs(dx), p), Math.signum(dy) * least(Math.abs(dy), p) };
	}

	/** From v, Newton's steps come down to the upper zero of the derivative, if there is one; 0 may be better. */
	private static double least(final double v, final Shrinkage.Power p) {
		final double alpha = p.alpha(), beta = p.beta();
		double w = v;
		for (int i = 0; i < 100 && w > 0; i++)
			w -= (alpha * Math.pow(w, alpha - 1) + beta * (w - v)) / (alpha * (alpha - 1) * Math.pow(w, alpha - 2) + beta);
		final boolean better = w > 0 && w <= v && Math.pow(w, alpha) + beta / 2 * (w - v) * (w - v) < beta / 2 * v * v;
		return better ? w : 0;
	}

	@Override
	public void keepObserved(final Tensor observed, final float white, final Tensor predicted) {
		for (int b = 0; b < predicted.batch(); b++)
			for (int y = 0; y < observed.height(); y++)
				for (int x = 0; x < observed.width(); x++) {
					final double v = values(observed)[at(observed, observed.batch() == 1 ? 0 : b, 0, y, x)];
					final int i = at(predicted, b, 0, y, x);
					if (!Double.isNaN(v)) values(predicted)[i] = v < white ? v : Math.max(white, values(predicted)[i]);
				}
	}

	@Override
	public void ratio(final Tensor observed, final float least, final Tensor predicted) {
		for (int b = 0; b < predicted.batch(); b++)
			for (int y = 0; y < predicted.height(); y++)
				for (int x = 0; x < predicted.width(); x++) {
					final double v = y < observed.height() && x < observed.width() ? values(observed)[at(observed, observed
						.batch() == 1 ? 0 : b, 0, y, x)] : Double.NaN;
					final int i = at(predicted, b, 0, y, x);
					values(predicted)[i] = Double.isNaN(v) ? 1 : Math.max(0, v) / Math.max(least, values(predicted)[i]);
				}
	}

	@Override
	public void correct(final Tensor correction, final Tensor divergence, final float lambda, final float least,
		final Tensor estimate)
	{
		for (int i = 0; i < estimate.size(); i++)
			values(estimate)[i] = Math.max(least, values(estimate)[i] * values(correction)[i] / (1 + (divergence == null ? 0
				: lambda * values(divergence)[i])));
	}

	// -- refinement --

	@Override
	public void gradients(final Tensor images, final Tensor weights, final Tensor out) {
		fill(out, 0);
		for (int b = 0; b < images.batch(); b++)
			for (int y = 0; y < images.height(); y++)
				for (int x = 0; x < images.width(); x++) {
					final double v = values(images)[at(images, b, 0, y, x)], w = values(weights)[at(weights, 0, 0, y, x)];
					if (x + 1 < images.width()) values(out)[at(out, b, 0, y, x)] = w * (values(images)[at(images, b, 0, y, x +
						1)] - v);
					if (y + 1 < images.height()) values(out)[at(out, b, 1, y, x)] = w * (values(images)[at(images, b, 0, y + 1,
						x)] - v);
				}
	}

	@Override
	public void keepStrongest(final Tensor gradients, final double part) {
		final int n = gradients.height() * gradients.width(), step = Math.max(1, n / SAMPLE);
		for (int b = 0; b < gradients.batch(); b++) {
			final double[] strengths = new double[n];
			for (int i = 0; i < n; i++)
				for (int c = 0; c < 2; c++)
					strengths[i] += Math.pow(values(gradients)[(2 * b + c) * n + i], 2);
			final double[] sorted = java.util.stream.IntStream.range(0, (n + step - 1) / step).mapToDouble(
				i -> strengths[i * step]).sorted().toArray();
			final double threshold = sorted[(int) ((1 - part) * (sorted.length - 1))];
			for (int i = 0; i < n; i++)
				if (strengths[i] < threshold) values(gradients)[2 * b * n + i] = values(gradients)[(2 * b + 1) * n + i] = 0;
		}
	}

	@Override
	public void powers(final Tensor x, final Tensor y, final Tensor auto, final Tensor cross) {
		for (int b = 0; b < x.batch(); b++)
			for (int r = 0; r < x.height(); r++)
				for (int c = 0; c < x.width(); c++) {
					Complex power = new Complex(0, 0), product = new Complex(0, 0);
					for (int i = 0; i < x.channels(); i++) {
						final Complex xi = Complex.of(x, b, i, r, c);
						power = power.plus(xi.conjugate().times(xi));
						product = product.plus(xi.conjugate().times(shared(y, b, i, r, c)));
					}
					power.store(auto, b, 0, r, c);
					product.store(cross, b, 0, r, c);
				}
	}

	@Override
	public void largestReal(final Tensor spectra, final Tensor largest) {
		for (int b = 0; b < spectra.batch(); b++) {
			values(largest)[b] = Double.NEGATIVE_INFINITY;
			for (int y = 0; y < spectra.height(); y++)
				for (int x = 0; x < spectra.width(); x++)
					values(largest)[b] = Math.max(values(largest)[b], Complex.of(spectra, b, 0, y, x).re);
		}
	}

	@Override
	public void descend(final Tensor product, final Tensor goal, final Tensor largest, final float momentum,
		final Tensor ahead, final Tensor kernel)
	{
		final int n = kernel.height() * kernel.width();
		for (int i = 0; i < kernel.size(); i++) {
			final double before = values(kernel)[i];
			values(kernel)[i] = Math.max(0, values(ahead)[i] - (values(product)[i] - values(goal)[i]) / values(largest)[i /
				n]);
			values(ahead)[i] = values(kernel)[i] + momentum * (values(kernel)[i] - before);
		}
	}

	// -- kernels --

	@Override
	public void normalizeKernel(final Tensor raw, final Tensor kernel) {
		final int n = raw.height() * raw.width();
		for (int b = 0; b < raw.batch(); b++) {
			double sum = 0;
			for (int i = b * n; i < (b + 1) * n; i++)
				sum += Math.max(0, values(raw)[i]);
			for (int i = b * n; i < (b + 1) * n; i++)
				values(kernel)[i] = sum > 0 ? Math.max(0, values(raw)[i]) / sum : 0;
		}
	}

	@Override
	public void normalizeKernelGrad(final Tensor raw, final Tensor kernel, final Tensor dKernel,
		final Tensor dRaw)
	{
		final int n = raw.height() * raw.width();
		for (int b = 0; b < raw.batch(); b++) {
			double sum = 0;
			for (int i = b * n; i < (b + 1) * n; i++)
				sum += Math.max(0, values(raw)[i]);
			for (int i = b * n; i < (b + 1) * n; i++) {
				values(dRaw)[i] = 0;
				// k_j = r_j / sum  =>  dk_j / dr_i = (i == j) / sum - r_j / sum^2
				if (values(raw)[i] > 0) for (int j = b * n; j < (b + 1) * n; j++)
					values(dRaw)[i] += values(dKernel)[j] * ((i == j ? 1 / sum : 0) - Math.max(0, values(
						raw)[j]) / (sum * sum));
			}
		}
	}

	@Override
	public void kernelError(final Tensor kernel, final Tensor target, final int levels, final boolean relative,
		final float weight, final Tensor judged, final float limit, final Tensor errors, final Tensor dKernel)
	{
		final int n = kernel.height() * kernel.width();
		for (int b = 0; b < kernel.batch(); b++) {
			final double[] gradient = new double[n];
			double error = 0;
			for (int level = 0; level < levels; level++) {
				final int side = 1 << level;
				double difference = 0, norm = 0;
				for (int pass = 0; pass < 2; pass++) // the norm is known after the first
					for (int y = 1 - side; y < kernel.height(); y++)
						for (int x = 1 - side; x < kernel.width(); x++) {
							double d = 0, t = 0;
							for (int v = Math.max(0, y); v < Math.min(kernel.height(), y + side); v++)
								for (int u = Math.max(0, x); u < Math.min(kernel.width(), x + side); u++) {
									final int i = b * n + v * kernel.width() + u;
									if (pass == 1) gradient[i - b * n] += weight * 2 * difference(kernel, target, b, x, y,
										side) / (relative ? norm : 1) / levels;
									else {
										d += values(kernel)[i] - values(target)[i];
										t += values(target)[i];
									}
								}
							if (pass == 1) continue;
							difference += d * d;
							norm += t * t;
						}
				error += difference / (relative ? norm : 1) / levels;
			}
			values(errors)[b] = error;
			if (dKernel != null && values(judged)[b] <= limit) for (int i = 0; i < n; i++)
				values(dKernel)[b * n + i] += gradient[i];
		}
	}

	/** Of the sums over a square. */
	private static double difference(final Tensor kernel, final Tensor target, final int b, final int x,
		final int y, final int side)
	{
		double d = 0;
		for (int v = Math.max(0, y); v < Math.min(kernel.height(), y + side); v++)
			for (int u = Math.max(0, x); u < Math.min(kernel.width(), x + side); u++) {
				final int i = (b * kernel.height() + v) * kernel.width() + u;
				d += values(kernel)[i] - values(target)[i];
			}
		return d;
	}

	// -- scales --

	@Override
	public void resize(final Tensor in, final Tensor out) {
		final double[][] rows = cubic(in.height(), out.height()), columns = cubic(in.width(), out
			.width());
		for (int b = 0; b < in.batch(); b++)
			for (int c = 0; c < in.channels(); c++)
				for (int y = 0; y < out.height(); y++)
					for (int x = 0; x < out.width(); x++) {
						double sum = 0;
						for (int v = 0; v < in.height(); v++)
							for (int u = 0; u < in.width(); u++)
								sum += rows[y][v] * columns[x][u] * values(in)[at(in, b, c, v, u)];
						values(out)[at(out, b, c, y, x)] = sum;
					}
	}

	@Override
	public void resizeGrad(final Tensor dOut, final Tensor dIn) {
		final double[][] rows = cubic(dIn.height(), dOut.height()), columns = cubic(dIn.width(), dOut
			.width());
		for (int b = 0; b < dIn.batch(); b++)
			for (int c = 0; c < dIn.channels(); c++)
				for (int v = 0; v < dIn.height(); v++)
					for (int u = 0; u < dIn.width(); u++) {
						double sum = 0;
						for (int y = 0; y < dOut.height(); y++)
							for (int x = 0; x < dOut.width(); x++)
								sum += rows[y][v] * columns[x][u] * values(dOut)[at(dOut, b, c, y, x)];
						values(dIn)[at(dIn, b, c, v, u)] = sum;
					}
	}

	/** The resampling of one axis as a dense matrix (out, in). */
	private static double[][] cubic(final int in, final int out) {
		final double[][] matrix = new double[out][in];
		final double step = (double) in / out, width = Math.max(1, step);
		for (int i = 0; i < out; i++) {
			final double center = (i + 0.5) * step - 0.5;
			double sum = 0;
			// far more neighbours than the cubic reaches: those further away have weight 0
			for (int j = (int) center - 3 * (int) Math.ceil(width); j <= center + 3 * width; j++) {
				final double t = Math.abs(j - center) / width;
				final double w = t < 1 ? 1.5 * t * t * t - 2.5 * t * t + 1 : t < 2 ? -0.5 * t * t * t + 2.5 *
					t * t - 4 * t + 2 : 0;
				matrix[i][Math.min(in - 1, Math.max(0, j))] += w;
				sum += w;
			}
			for (int j = 0; j < in; j++)
				matrix[i][j] /= sum;
		}
		return matrix;
	}

	// -- restoration --

	@Override
	public void addChannels(final Tensor from, final int fromChannel, final float factor, final Tensor to,
		final int toChannel, final int count)
	{
		final int n = from.height() * from.width() * (from.spectrum() ? 2 : 1);
		for (int b = 0; b < from.batch(); b++)
			for (int i = 0; i < count * n; i++)
				values(to)[(b * to.channels() + toChannel) * n + i] += factor * values(from)[(b * from.channels() +
					fromChannel) * n + i];
	}

	@Override
	public void clamp(final Tensor x, final Tensor low, final Tensor high, final Tensor out) {
		for (int i = 0; i < x.size(); i++)
			values(out)[i] = Math.min(values(high)[i], Math.max(values(low)[i], values(x)[i]));
	}

	@Override
	public void clampGrad(final Tensor x, final Tensor low, final Tensor high, final Tensor d) {
		for (int i = 0; i < x.size(); i++)
			if (values(x)[i] <= values(low)[i] || values(x)[i] >= values(high)[i]) values(d)[i] = 0;
	}

	/** Rows of (difference, channel of w, order, row, column, weight): how differences are had from pixels around. */
	private static final double[][] DIFFERENCES = { { 0, 0, 0, 0, -1 }, { 0, 0, 0, 1, 1 }, { 1, 0, 0, 0, -1 },
		{ 1, 0, 1, 0, 1 }, { 2, 1, 0, -1, 1 }, { 2, 1, 0, 0, -2 }, { 2, 1, 0, 1, 1 }, { 3, 1, 0, 0, Math.sqrt(2) },
		{ 3, 1, 0, 1, -Math.sqrt(2) }, { 3, 1, 1, 0, -Math.sqrt(2) }, { 3, 1, 1, 1, Math.sqrt(2) }, { 4, 1, -1, 0, 1 },
		{ 4, 1, 0, 0, -2 }, { 4, 1, 1, 0, 1 } };

	@Override
	public void divergence(final Tensor w, final int margin, final Tensor out) {
		fill(out, 0);
		for (int b = 0; b < w.batch(); b++)
			for (final double[] d : DIFFERENCES)
				for (int y = 0; y < w.height(); y++)
					for (int x = 0; x < w.width(); x++)
						values(out)[at(out, b, (int) d[1], y + margin + (int) d[2], x + margin + (int) d[3])] += d[4] * values(
							w)[at(w, b, (int) d[0], y, x)];
	}

	@Override
	public void divergenceGrad(final Tensor dOut, final int margin, final Tensor dW) {
		fill(dW, 0);
		for (int b = 0; b < dW.batch(); b++)
			for (final double[] d : DIFFERENCES)
				for (int y = 0; y < dW.height(); y++)
					for (int x = 0; x < dW.width(); x++)
						values(dW)[at(dW, b, (int) d[0], y, x)] += d[4] * values(dOut)[at(dOut, b, (int) d[1], y + margin +
							(int) d[2], x + margin + (int) d[3])];
	}

	private static double coupling(final Tensor logBeta, final Tensor power, final Tensor level, final int b,
		final int order)
	{
		return Math.exp(values(logBeta)[order] + values(power)[order] * values(level)[b]);
	}

	/** P to the power of order + 1. */
	private static double power(final Tensor spectra, final int order, final int row, final int column) {
		return Math.pow(4 - 2 * Math.cos(2 * Math.PI * column / spectra.width()) - 2 * Math.cos(2 * Math.PI * row / spectra
			.height()), order + 1);
	}

	@Override
	public void regularized(final Tensor kernel, final Tensor blurry, final Tensor before, final Tensor targets,
		final Tensor logBeta, final Tensor power, final Tensor level, final Tensor out)
	{
		for (int b = 0; b < out.batch(); b++)
			for (int r = 0; r < out.height(); r++)
				for (int c = 0; c < out.width(); c++) {
					final Complex k = Complex.of(kernel, b, 0, r, c);
					Complex sum = k.conjugate().times(Complex.of(blurry, b, 0, r, c));
					double denominator = k.re * k.re + k.im * k.im;
					for (int g = 0; g < logBeta.width(); g++) {
						final double a = coupling(logBeta, power, level, b, g), p = power(out, g, r, c);
						denominator += a * p;
						if (before != null) sum = sum.plus(Complex.of(before, b, 0, r, c).times(a * p));
						if (targets != null) sum = sum.plus(Complex.of(targets, b, g, r, c).times(a));
					}
					sum.times(1 / denominator).store(out, b, 0, r, c);
				}
	}

	@Override
	public void regularizedGrad(final Tensor kernel, final Tensor before, final Tensor targets, final Tensor logBeta,
		final Tensor power, final Tensor level, final Tensor out, final Tensor g, final Tensor dBefore,
		final Tensor dTargets, final Tensor dLogBeta, final Tensor dPower)
	{
		for (int b = 0; b < out.batch(); b++)
			for (int r = 0; r < out.height(); r++)
				for (int c = 0; c < out.width(); c++) {
					final Complex k = Complex.of(kernel, b, 0, r, c), x = Complex.of(before, b, 0, r, c), q = Complex.of(out, b, 0,
						r, c);
					double prior = 0;
					for (int o = 0; o < logBeta.width(); o++)
						prior += coupling(logBeta, power, level, b, o) * power(out, o, r, c);
					final Complex h = Complex.of(g, b, 0, r, c).times(1 / (k.re * k.re + k.im * k.im + prior));
					h.store(g, b, 0, r, c);
					h.times(prior).store(dBefore, b, 0, r, c);
					for (int o = 0; o < logBeta.width(); o++) {
						final double a = coupling(logBeta, power, level, b, o);
						h.times(a).store(dTargets, b, o, r, c);
						if (dLogBeta == null) continue;
						final double change = a * h.conjugate().times(x.plus(q.times(-1)).times(power(out, o, r, c)).plus(Complex
							.of(targets, b, o, r, c))).re / (out.height() * out.width());
						values(dLogBeta)[o] += change;
						values(dPower)[o] += change * values(level)[b];
					}
				}
	}

	@Override
	public void imageError(final Tensor x, final Tensor target, final float floor, final float weight, final Tensor errors,
		final Tensor dX)
	{
		final int n = x.height() * x.width();
		for (int b = 0; b < x.batch(); b++) {
			double error = 0, count = 0;
			for (int i = b * n; i < (b + 1) * n; i++)
				if (!Double.isNaN(values(target)[i])) {
					error += Math.pow(values(x)[i] - values(target)[i], 2);
					count++;
				}
			error /= count;
			values(errors)[b] = error;
			if (dX != null) for (int i = b * n; i < (b + 1) * n; i++)
				if (!Double.isNaN(values(target)[i])) values(dX)[i] += weight * 2 * (values(x)[i] - values(target)[i]) / count /
					(error + floor);
		}
	}

	// -- training --

	@Override
	public int batchAtOnce(final int height, final int width) {
		return 1;
	}

	@Override
	public double squareSum(final List<Tensor> tensors) {
		double sum = 0;
		for (final Tensor t : tensors)
			for (final double v : values(t))
				sum += v * v;
		return sum;
	}

	@Override
	public void adadelta(final Tensor gradient, final double factor, final double decay, final double epsilon,
		final double rate, final Tensor squares, final Tensor steps, final Tensor weights)
	{
		for (int i = 0; i < weights.size(); i++) {
			final double g = factor * values(gradient)[i];
			values(squares)[i] = decay * values(squares)[i] + (1 - decay) * g * g;
			final double step = -Math.sqrt(values(steps)[i] + epsilon) / Math.sqrt(values(squares)[i] + epsilon) * g;
			values(steps)[i] = decay * values(steps)[i] + (1 - decay) * step * step;
			values(weights)[i] += rate * step;
		}
	}

	@Override
	public void adam(final Tensor gradient, final double factor, final double beta1, final double beta2,
		final double epsilon, final long step, final double rate, final Tensor mean, final Tensor squares,
		final Tensor weights)
	{
		for (int i = 0; i < weights.size(); i++) {
			final double g = factor * values(gradient)[i];
			values(mean)[i] = beta1 * values(mean)[i] + (1 - beta1) * g;
			values(squares)[i] = beta2 * values(squares)[i] + (1 - beta2) * g * g;
			final double m = values(mean)[i] / (1 - Math.pow(beta1, step)), v = values(squares)[i] / (1 - Math.pow(beta2, step));
			values(weights)[i] -= rate * m / (Math.sqrt(v) + epsilon);
		}
	}
}
