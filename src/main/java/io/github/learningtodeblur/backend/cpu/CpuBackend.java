package io.github.learningtodeblur.backend.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Resampling;
import io.github.learningtodeblur.util.Threads;

/**
 * All operations on the CPU: cuts images into bands of rows of a fixed height, hands them to
 * {@link Kernels}, and adds partial sums in the order of the bands. Has no state but scratch memory; may be
 * used by several threads at once.
 */
public final class CpuBackend implements Backend {

	/** Floats of one hidden image of a band: 32 of them, twice, stay within a 1 MB second-level cache. */
	private static final int BAND_PIXELS = 1024;
	/**
	 * Floats between the hidden images of a band. Without it they often lie a multiple of 4096 bytes apart,
	 * which puts all of them into the same few places of the first-level cache.
	 */
	private static final int BAND_GAP = 16;
	/** Rows whose filter gradient is summed up in registers. */
	private static final int GRADIENT_ROWS = 24;
	/** Rows of an input gradient per band. */
	private static final int INPUT_ROWS = 32;

	private static final int MAX_POOLS = 64;

	private final Kernels kernels;
	private final Map<Integer, ArrayPool> scratch = new ConcurrentHashMap<>();

	/** With the fastest loops this JVM can run. */
	public CpuBackend() {
		this(KernelChoice.BEST);
	}

	CpuBackend(final Kernels kernels) {
		this.kernels = kernels;
	}

	@Override
	public String name() {
		return "cpu (" + kernels.name() + ")";
	}

	@Override
	public Tensor allocate(final int batch, final int channels, final int height, final int width) {
		return new Tensor(new HostBuffer(new float[Math.multiplyExact(Math.multiplyExact(batch, channels),
			Math.multiplyExact(height, width))]), batch, channels, height, width, false);
	}

	@Override
	public Tensor allocateSpectra(final int batch, final int channels, final int height,
		final int width)
	{
		return new Tensor(new HostBuffer(new float[Math.multiplyExact(Math.multiplyExact(batch, channels),
			plan(height, width).spectrumLength())]), batch, channels, height, width, true);
	}

	@Override
	public int goodSize(final int atLeast) {
		return Fft2d.goodSize(atLeast);
	}

	private Fft2d plan(final int height, final int width) {
		return kernels == KernelChoice.BEST ? Fft2d.of(height, width) : new Fft2d(height, width, kernels);
	}

	private Fft2d plan(final Tensor spectra) {
		return plan(spectra.height(), spectra.width());
	}

	private static float[] values(final Tensor t) {
		return HostBuffer.of(t);
	}

	private static int planes(final Tensor t) {
		return t.batch() * t.channels();
	}

	@Override
	public void write(final float[] from, final Tensor to) {
		System.arraycopy(from, 0, values(to), 0, to.size());
	}

	@Override
	public void read(final Tensor from, final float[] to) {
		System.arraycopy(values(from), 0, to, 0, from.size());
	}

	@Override
	public void fill(final Tensor t, final float value) {
		Arrays.fill(values(t), value);
	}

	@Override
	public void copyChannels(final Tensor from, final int fromChannel, final Tensor to,
		final int toChannel, final int count)
	{
		final int plane = from.height() * from.width();
		for (int b = 0; b < from.batch(); b++)
			System.arraycopy(values(from), (b * from.channels() + fromChannel) * plane, values(to), (b * to
				.channels() + toChannel) * plane, count * plane);
	}

	// -- feature extraction --

	@Override
	public void features(final Tensor in, final List<Tensor> weights, final List<Tensor> kept,
		final Tensor out)
	{
		final Tensor filters = weights.get(0);
		final int n = filters.batch(), inputs = in.channels(), k = filters.height();
		final int width = out.width(), height = out.height(), plane = width * height;
		final float[] packedFilters = Kernels.pack(values(filters), 0, n, inputs * k * k);
		final int mixes = weights.size() - 1;
		final float[][] packedMixes = new float[mixes][];
		int widest = n;
		for (int m = 0; m < mixes; m++) {
			final Tensor w = weights.get(m + 1);
			packedMixes[m] = Kernels.pack(values(w), 0, w.height(), w.width());
			if (m < mixes - 1) widest = Math.max(widest, w.height());
		}
		final int hidden = widest;
		final int bandRows = bandRows(width);
		for (int b = 0; b < in.batch(); b++) {
			final int image = b;
			Threads.forEachBand(height, bandRows, (from, to) -> {
				final int run = (to - from) * width, bandPlane = run + BAND_GAP;
				final ArrayPool pool = pool(hidden * (bandRows * width + BAND_GAP));
				float[] now = pool.take(), next = pool.take();
				kernels.convolve(values(in), (image * inputs * in.height() + from) * in.width(), in.width(), in
					.height() * in.width(), inputs, 1, packedFilters, n, k, k, now, 0, width, bandPlane, width,
					to - from);
				int channels = n;
				for (int m = 0; m < mixes; m++) {
					for (int c = 0; c < channels; c++) {
						kernels.tanh(now, c * bandPlane, run);
						if (kept != null) System.arraycopy(now, c * bandPlane, values(kept.get(m)), (image *
							channels + c) * plane + from * width, run);
					}
					final int outputs = weights.get(m + 1).height();
					final boolean last = m == mixes - 1;
					kernels.convolve(now, 0, run, bandPlane, channels, 1, packedMixes[m], outputs, 1, 1, last
						? values(out) : next, last ? image * outputs * plane + from * width : 0, run, last ? plane
							: bandPlane, run, 1);
					final float[] swap = now;
					now = next;
					next = swap;
					channels = outputs;
				}
				pool.give(now);
				pool.give(next);
			});
		}
	}

	private static int bandRows(final int width) {
		return Math.max(1, (BAND_PIXELS + width - 1) / width);
	}

	/** Pools of many image sizes are not kept for ever; arrays that are lent just now are not affected. */
	private ArrayPool pool(final int length) {
		if (scratch.size() > MAX_POOLS) scratch.clear();
		return scratch.computeIfAbsent(length, ArrayPool::new);
	}

	@Override
	public void featuresGrad(final Tensor in, final List<Tensor> weights, final List<Tensor> kept,
		final Tensor dOut, final Tensor dIn, final List<Tensor> dWeights)
	{
		final Tensor filters = weights.get(0);
		final int n = filters.batch(), inputs = in.channels(), k = filters.height(), pad = k - 1;
		final int width = dOut.width(), height = dOut.height(), plane = width * height;
		final int mixes = weights.size() - 1;
		final float[][] backward = new float[mixes][]; // transposed: from gradients of outputs to inputs
		int widest = n;
		for (int m = 0; m < mixes; m++) {
			final Tensor w = weights.get(m + 1);
			backward[m] = packTransposed(values(w), w.height(), w.width());
			widest = Math.max(widest, w.width());
		}
		final int hidden = widest;
		// Gradient before the first tanh, with a margin of zeros for the full correlation below.
		final int marginWidth = width + 2 * pad;
		final int marginHeight = height + 2 * pad + 1; // a last single row reads one more
		final int marginPlane = marginWidth * marginHeight;
		final ArrayPool marginPool = pool(n * marginPlane);
		final int bandRows = GRADIENT_ROWS, bands = (height + bandRows - 1) / bandRows;
		final int strip = bandRows(width);
		for (int b = 0; b < in.batch(); b++) {
			final int image = b;
			final float[] margin = marginPool.take();
			if (dIn != null) clearMargin(margin, n, marginPlane, marginWidth, marginHeight, pad, width,
				height);
			final float[][][] sums = new float[bands][][];
			Threads.forEach(bands, band -> {
				final int from = band * bandRows, to = Math.min(height, from + bandRows);
				final float[][] sum = dWeights == null ? null : new float[mixes + 1][];
				if (sum != null) for (int m = 0; m <= mixes; m++)
					sum[m] = new float[weights.get(m).size()];
				sums[band] = sum;
				final ArrayPool pool = pool(hidden * (strip * width + BAND_GAP));
				for (int r = from; r < to; r += strip) {
					final int rows = Math.min(strip, to - r), run = rows * width;
					final int bandPlane = run + BAND_GAP;
					final float[] first = pool.take(), second = pool.take();
					float[] d = values(dOut), free = first;
					int dPlane = plane, dAt = (image * dOut.channels() * height + r) * width;
					int channels = dOut.channels();
					for (int m = mixes - 1; m >= 0; m--) {
						final int below = weights.get(m + 1).width();
						final float[] t = values(kept.get(m));
						final int tAt = (image * below * height + r) * width;
						if (sum != null) kernels.mixGradWeights(t, tAt, plane, below, d, dAt, dPlane, channels,
							sum[m + 1], run);
						kernels.convolve(d, dAt, run, dPlane, channels, 1, backward[m], below, 1, 1, free, 0, run,
							bandPlane, run, 1);
						for (int c = 0; c < below; c++)
							kernels.tanhGrad(t, tAt + c * plane, free, c * bandPlane, run);
						d = free;
						free = d == first ? second : first;
						dAt = 0;
						dPlane = bandPlane;
						channels = below;
					}
					for (int c = 0; c < n; c++)
						for (int y = 0; y < rows; y++)
							System.arraycopy(d, c * bandPlane + y * width, margin, c * marginPlane + (r + y + pad) *
								marginWidth + pad, width);
					pool.give(first);
					pool.give(second);
				}
				if (sum != null) kernels.convolveGradFilters(values(in), (image * inputs * in.height() + from) *
					in.width(), in.width(), in.height() * in.width(), inputs, margin, (from + pad) *
						marginWidth + pad, marginWidth, marginPlane, n, k, sum[0], width, to - from);
			});
			if (dWeights != null) for (int band = 0; band < bands; band++)
				for (int m = 0; m <= mixes; m++)
					add(sums[band][m], values(dWeights.get(m)));
			if (dIn != null) inputGrad(margin, marginPlane, marginWidth, filters, inputs, dIn, image);
			marginPool.give(margin);
		}
	}

	private static void clearMargin(final float[] margin, final int n, final int plane,
		final int marginWidth, final int marginHeight, final int pad, final int width, final int height)
	{
		for (int c = 0; c < n; c++) {
			final int at = c * plane;
			Arrays.fill(margin, at, at + pad * marginWidth, 0);
			for (int y = pad; y < pad + height; y++) {
				final int row = at + y * marginWidth;
				Arrays.fill(margin, row, row + pad, 0);
				Arrays.fill(margin, row + pad + width, row + marginWidth, 0);
			}
			Arrays.fill(margin, at + (pad + height) * marginWidth, at + marginHeight * marginWidth, 0);
		}
	}

	/** Gradient of the first input channel. */
	private void inputGrad(final float[] margin, final int marginPlane, final int marginWidth,
		final Tensor filters, final int inputs, final Tensor dIn, final int image)
	{
		final int k = filters.height(), width = dIn.width(), height = dIn.height();
		Threads.forEachBand(height, INPUT_ROWS, (from, to) -> kernels.convolveGradInput(margin, from *
			marginWidth, marginWidth, marginPlane, filters.batch(), values(filters), inputs * k * k, k, values(
				dIn), (image * height + from) * width, width, width, to - from));
	}

	private static float[] packTransposed(final float[] w, final int outputs, final int inputs) {
		final float[] transposed = new float[w.length];
		for (int o = 0; o < outputs; o++)
			for (int i = 0; i < inputs; i++)
				transposed[i * outputs + o] = w[o * inputs + i];
		return Kernels.pack(transposed, 0, inputs, outputs);
	}

	private static void add(final float[] from, final float[] to) {
		for (int i = 0; i < from.length; i++)
			to[i] += from[i];
	}

	@Override
	public void scale(final Tensor t, final Tensor weights) {
		final float[] a = values(t), w = values(weights);
		final int plane = t.height() * t.width();
		Threads.forEach(planes(t), p -> {
			final int at = p * plane;
			for (int i = 0; i < plane; i++)
				a[at + i] *= w[i];
		});
	}

	// -- spectra --

	@Override
	public void fft(final Tensor images, final Tensor spectra) {
		final Fft2d plan = plan(spectra);
		final int plane = images.height() * images.width();
		Threads.forEach(planes(images), p -> plan.forward(values(images), p * plane, images.width(), images
			.height(), images.width(), values(spectra), p * plan.spectrumLength()));
	}

	@Override
	public void ifft(final Tensor spectra, final Tensor images) {
		final Fft2d plan = plan(spectra);
		final int plane = images.height() * images.width();
		Threads.forEach(planes(images), p -> plan.inverse(values(spectra), p * plan.spectrumLength(),
			values(images), p * plane, images.width(), images.height(), images.width()));
	}

	@Override
	public void fftKernel(final Tensor kernels_, final Tensor spectra) {
		final Fft2d plan = plan(spectra);
		final int size = kernels_.width();
		Threads.forEach(planes(kernels_), p -> plan.forwardWrapped(values(kernels_), p * size * size, size,
			values(spectra), p * plan.spectrumLength()));
	}

	@Override
	public void ifftKernel(final Tensor spectra, final Tensor kernels_) {
		final Fft2d plan = plan(spectra);
		final int size = kernels_.width();
		Threads.forEach(planes(kernels_), p -> plan.inverseWrapped(values(spectra), p * plan
			.spectrumLength(), values(kernels_), p * size * size, size));
	}

	@Override
	public void quotient(final Tensor x, final int xFrom, final Tensor y, final int yFrom,
		final int pairs, final Tensor logBeta, final Tensor out)
	{
		final int half = out.width() / 2 + 1, length = out.height() * 2 * half;
		final float beta = (float) Math.exp(values(logBeta)[0]);
		for (int b = 0; b < out.batch(); b++) {
			final int xb = (b * x.channels() + xFrom) * length, yb = (b * y.channels() + yFrom) * length;
			final int ob = b * length;
			final ArrayPool pool = pool(half);
			Threads.forEachBand(out.height(), 32, (from, to) -> {
				final float[] den = pool.take(), nr = pool.take(), ni = pool.take();
				for (int r = from; r < to; r++) {
					sums(values(x), xb + r * 2 * half, values(y), yb + r * 2 * half, pairs, length, beta, half,
						den, nr, ni);
					final float[] o = values(out);
					final int at = ob + r * 2 * half;
					for (int i = 0; i < half; i++)
						o[at + i] = nr[i] / den[i];
					for (int i = 0; i < half; i++)
						o[at + half + i] = ni[i] / den[i];
				}
				pool.give(den);
				pool.give(nr);
				pool.give(ni);
			});
		}
	}

	/** One row: denominator, and real and imaginary part of the numerator. */
	private static void sums(final float[] x, final int xAt, final float[] y, final int yAt,
		final int pairs, final int length, final float beta, final int half, final float[] den,
		final float[] nr, final float[] ni)
	{
		denominator(x, xAt, pairs, length, beta, half, den);
		Arrays.fill(nr, 0);
		Arrays.fill(ni, 0);
		for (int p = 0; p < pairs; p++) {
			final int xr = xAt + p * length, xi = xr + half, yr = yAt + p * length, yi = yr + half;
			for (int i = 0; i < half; i++)
				nr[i] += x[xr + i] * y[yr + i] + x[xi + i] * y[yi + i];
			for (int i = 0; i < half; i++)
				ni[i] += x[xr + i] * y[yi + i] - x[xi + i] * y[yr + i];
		}
	}

	private static void denominator(final float[] x, final int xAt, final int pairs, final int length,
		final float beta, final int half, final float[] den)
	{
		Arrays.fill(den, beta);
		for (int p = 0; p < pairs; p++) {
			final int xr = xAt + p * length, xi = xr + half;
			for (int i = 0; i < half; i++)
				den[i] += x[xr + i] * x[xr + i] + x[xi + i] * x[xi + i];
		}
	}

	@Override
	public void quotientGrad(final Tensor x, final int xFrom, final Tensor y, final int yFrom,
		final int pairs, final Tensor logBeta, final Tensor out, final Tensor g, final Tensor gx,
		final Tensor gy, final Tensor dLogBeta)
	{
		final int half = out.width() / 2 + 1, length = out.height() * 2 * half, bandRows = 32;
		final float beta = (float) Math.exp(values(logBeta)[0]);
		final float[] xs = values(x), ys = values(y), qs = values(out), gs = values(g);
		final float[] gxs = values(gx), gys = gy == null ? null : values(gy);
		final double[] dBeta = new double[(out.height() + bandRows - 1) / bandRows];
		final ArrayPool pool = pool(half);
		for (int b = 0; b < out.batch(); b++) {
			final int xb = (b * x.channels() + xFrom) * length, yb = (b * y.channels() + yFrom) * length;
			final int ob = b * length;
			Threads.forEachBand(out.height(), bandRows, (from, to) -> {
				final float[] den = pool.take(), hr = pool.take(), hi = pool.take(), cut = pool.take();
				double sum = 0;
				for (int r = from; r < to; r++) {
					final int row = r * 2 * half;
					denominator(xs, xb + row, pairs, length, beta, half, den);
					// h = G / D;   cut = 2 Re(conj(G) N / D) / D = 2 Re(conj(G) Q) / D
					for (int i = 0; i < half; i++) {
						final float inverse = 1 / den[i];
						final float gr = gs[ob + row + i], gi = gs[ob + row + half + i];
						final float qr = qs[ob + row + i], qi = qs[ob + row + half + i];
						hr[i] = gr * inverse;
						hi[i] = gi * inverse;
						cut[i] = 2 * (gr * qr + gi * qi) * inverse;
					}
					// a half spectrum: all columns but the first and the last stand for two
					double rowSum = cut[0] + cut[half - 1];
					for (int i = 1; i < half - 1; i++)
						rowSum += 2 * cut[i];
					sum -= rowSum / 2;
					for (int p = 0; p < pairs; p++) {
						final int xr = xb + p * length + row, xi = xr + half;
						final int yr = yb + p * length + row, yi = yr + half;
						for (int i = 0; i < half; i++) {
							final float ar = xs[xr + i], ai = xs[xi + i], cr = ys[yr + i], ci = ys[yi + i];
							gxs[xr + i] = hr[i] * cr + hi[i] * ci - cut[i] * ar;
							gxs[xi + i] = hr[i] * ci - hi[i] * cr - cut[i] * ai;
							if (gys != null) {
								gys[yr + i] = ar * hr[i] - ai * hi[i];
								gys[yi + i] = ar * hi[i] + ai * hr[i];
							}
						}
					}
				}
				dBeta[from / bandRows] = sum;
				pool.give(den);
				pool.give(hr);
				pool.give(hi);
				pool.give(cut);
			});
			if (dLogBeta != null) values(dLogBeta)[0] += Arrays.stream(dBeta).sum() * beta / ((double) out
				.height() * out.width());
		}
	}

	// -- kernels --

	@Override
	public void normalizeKernel(final Tensor raw, final Tensor kernel) {
		final int n = raw.height() * raw.width();
		for (int b = 0; b < raw.batch(); b++) {
			final double sum = positiveSum(values(raw), b * n, n);
			final float scale = sum > 0 ? (float) (1 / sum) : 0;
			for (int i = b * n; i < (b + 1) * n; i++)
				values(kernel)[i] = Math.max(0, values(raw)[i]) * scale;
		}
	}

	private static double positiveSum(final float[] a, final int from, final int n) {
		double sum = 0;
		for (int i = from; i < from + n; i++)
			sum += Math.max(0, a[i]);
		return sum;
	}

	@Override
	public void normalizeKernelGrad(final Tensor raw, final Tensor kernel, final Tensor dKernel,
		final Tensor dRaw)
	{
		final int n = raw.height() * raw.width();
		final float[] r = values(raw), k = values(kernel), dk = values(dKernel), dr = values(dRaw);
		for (int b = 0; b < raw.batch(); b++) {
			final double sum = positiveSum(r, b * n, n);
			final double scale = sum > 0 ? 1 / sum : 0;
			double dot = 0;
			for (int i = b * n; i < (b + 1) * n; i++)
				dot += (double) k[i] * dk[i];
			for (int i = b * n; i < (b + 1) * n; i++)
				dr[i] = r[i] > 0 ? (float) ((dk[i] - dot) * scale) : 0;
		}
	}

	@Override
	public void kernelError(final Tensor kernel, final Tensor target, final int levels,
		final float weight, final float limit, final Tensor errors, final Tensor dKernel)
	{
		final int h = kernel.height(), w = kernel.width(), n = h * w;
		final float[] k = values(kernel), t = values(target);
		for (int b = 0; b < kernel.batch(); b++) {
			final float[] truth = Arrays.copyOfRange(t, b * n, (b + 1) * n), difference = new float[n];
			for (int i = 0; i < n; i++)
				difference[i] = k[b * n + i] - truth[i];
			final double[] gradient = new double[n];
			double error = 0;
			for (int level = 0; level < levels; level++) {
				final SquareSums sums = new SquareSums(w, h, 1 << level);
				final double[] d = sums.of(difference);
				final double norm = squares(sums.of(truth)) * levels;
				error += squares(d) / norm;
				if (dKernel != null) sums.addAdjoint(d, 2 * weight / norm, gradient);
			}
			values(errors)[b] = (float) error;
			// also false if the error is not a number
			if (dKernel != null && error <= limit) for (int i = 0; i < n; i++)
				values(dKernel)[b * n + i] += (float) gradient[i];
		}
	}

	private static double squares(final double[] a) {
		double sum = 0;
		for (final double v : a)
			sum += v * v;
		return sum;
	}

	// -- scales --

	@Override
	public void resize(final Tensor in, final Tensor out) {
		final Resampling rows = new Resampling(in.height(), out.height());
		final Resampling columns = new Resampling(in.width(), out.width());
		for (int p = 0; p < planes(in); p++)
			Resampling.apply(values(in), p * in.height() * in.width(), rows, columns, values(out), p * out
				.height() * out.width());
	}

	@Override
	public void resizeGrad(final Tensor dOut, final Tensor dIn) {
		final Resampling rows = new Resampling(dIn.height(), dOut.height());
		final Resampling columns = new Resampling(dIn.width(), dOut.width());
		fill(dIn, 0);
		for (int p = 0; p < planes(dIn); p++)
			Resampling.applyAdjoint(values(dOut), p * dOut.height() * dOut.width(), rows, columns, values(
				dIn), p * dIn.height() * dIn.width());
	}

	// -- restoration --

	/** Rows of pixels or of a spectrum per band. */
	private static final int ROWS = 32;
	private static final float SQRT2 = (float) Math.sqrt(2);

	/** Floats of one channel. */
	private int length(final Tensor t) {
		return t.spectrum() ? plan(t).spectrumLength() : t.height() * t.width();
	}

	@Override
	public void addChannels(final Tensor from, final int fromChannel, final float factor, final Tensor to,
		final int toChannel, final int count)
	{
		final int n = length(from);
		final float[] a = values(from), b = values(to);
		for (int batch = 0; batch < from.batch(); batch++) {
			final int aAt = (batch * from.channels() + fromChannel) * n, bAt = (batch * to.channels() + toChannel) * n;
			Threads.forEachBand(count * n, ROWS * 1024, (start, end) -> {
				for (int i = start; i < end; i++)
					b[bAt + i] += factor * a[aAt + i];
			});
		}
	}

	@Override
	public void multiply(final Tensor x, final Tensor kernel, final boolean conjugate, final Tensor out) {
		final int half = x.width() / 2 + 1;
		final float sign = conjugate ? -1 : 1;
		final float[] a = values(x), k = values(kernel), o = values(out);
		Threads.forEachBand(x.batch() * x.height(), ROWS, (from, to) -> {
			for (int at = from * 2 * half; at < to * 2 * half; at += 2 * half)
				for (int i = at; i < at + half; i++) {
					final float kr = k[i], ki = sign * k[i + half], re = a[i], im = a[i + half];
					o[i] = kr * re - ki * im;
					o[i + half] = kr * im + ki * re;
				}
		});
	}

	@Override
	public void clamp(final Tensor x, final Tensor low, final Tensor high, final Tensor out) {
		final float[] a = values(x), l = values(low), h = values(high), o = values(out);
		Threads.forEachBand(x.size(), ROWS * 1024, (from, to) -> {
			for (int i = from; i < to; i++)
				o[i] = Math.min(h[i], Math.max(l[i], a[i]));
		});
	}

	@Override
	public void clampGrad(final Tensor x, final Tensor low, final Tensor high, final Tensor d) {
		final float[] a = values(x), l = values(low), h = values(high), g = values(d);
		Threads.forEachBand(x.size(), ROWS * 1024, (from, to) -> {
			for (int i = from; i < to; i++)
				if (!(a[i] > l[i] && a[i] < h[i])) g[i] = 0;
		});
	}

	@Override
	public void divergence(final Tensor w, final int margin, final Tensor out) {
		final int width = out.width(), height = out.height(), plane = width * height, n = w.width(), rows = w.height();
		final float[] c = values(w), o = values(out);
		for (int b = 0; b < out.batch(); b++) {
			final int image = b, at = 2 * b * plane;
			Threads.forEachBand(height, ROWS, (from, to) -> {
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
	}

	private static void addShifted(final float[] from, final int fromAt, final float factor, final float[] to,
		final int toAt, final int count)
	{
		for (int i = 0; i < count; i++)
			to[toAt + i] += factor * from[fromAt + i];
	}

	@Override
	public void divergenceGrad(final Tensor dOut, final int margin, final Tensor dW) {
		final int width = dOut.width(), height = dOut.height(), plane = width * height, n = dW.width(), rows = dW.height();
		final float[] d = values(dOut), c = values(dW);
		for (int b = 0; b < dOut.batch(); b++) {
			final int image = b;
			Threads.forEachBand(rows, ROWS, (from, to) -> {
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
	}

	/** a_g of a batch element. */
	private static float[] couplings(final Tensor logBeta, final Tensor power, final Tensor level, final int b) {
		final float[] a = new float[logBeta.width()];
		for (int g = 0; g < a.length; g++)
			a[g] = (float) Math.exp(values(logBeta)[g] + values(power)[g] * values(level)[b]);
		return a;
	}

	/** |D|^2 by frequency: 2 - 2 cos. */
	private static float[] differencePower(final int count, final int period) {
		final float[] power = new float[count];
		for (int i = 0; i < count; i++)
			power[i] = (float) (2 - 2 * Math.cos(2 * Math.PI * i / period));
		return power;
	}

	@Override
	public void regularized(final Tensor kernel, final Tensor blurry, final Tensor before, final Tensor targets,
		final Tensor logBeta, final Tensor power, final Tensor level, final Tensor out)
	{
		final int height = out.height(), half = out.width() / 2 + 1, length = height * 2 * half;
		final float[] k = values(kernel), y = values(blurry), o = values(out), x = before == null ? null : values(before);
		final float[] across = differencePower(half, out.width()), down = differencePower(height, height);
		for (int b = 0; b < out.batch(); b++) {
			final float[] a = couplings(logBeta, power, level, b);
			final int image = b, at = b * length;
			final ArrayPool pool = pool(half);
			Threads.forEachBand(height, ROWS, (from, to) -> {
				final float[] p = pool.take(), sum = pool.take(), re = pool.take(), im = pool.take();
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
							re[i] += a[g] * values(targets)[s + i];
							im[i] += a[g] * values(targets)[s + half + i];
						}
					}
					for (int i = 0; i < half; i++) {
						final float scale = 1 / (k[real + i] * k[real + i] + k[imaginary + i] * k[imaginary + i] + sum[i]);
						o[real + i] = (re[i] + (x == null ? 0 : sum[i] * x[real + i])) * scale;
						o[imaginary + i] = (im[i] + (x == null ? 0 : sum[i] * x[imaginary + i])) * scale;
					}
				}
				pool.give(p);
				pool.give(sum);
				pool.give(re);
				pool.give(im);
			});
		}
	}

	@Override
	public void regularizedGrad(final Tensor kernel, final Tensor before, final Tensor targets, final Tensor logBeta,
		final Tensor power, final Tensor level, final Tensor out, final Tensor g, final Tensor dBefore,
		final Tensor dTargets, final Tensor dLogBeta, final Tensor dPower)
	{
		final int height = out.height(), half = out.width() / 2 + 1, length = height * 2 * half;
		final float[] k = values(kernel), x = values(before), q = values(out), h = values(g), dx = values(dBefore);
		final float[] s = values(targets), ds = values(dTargets);
		final float[] across = differencePower(half, out.width()), down = differencePower(height, height);
		for (int b = 0; b < out.batch(); b++) {
			final float[] a = couplings(logBeta, power, level, b);
			final int image = b, at = b * length;
			final double[][] sums = new double[(height + ROWS - 1) / ROWS][a.length];
			final ArrayPool pool = pool(half);
			Threads.forEachBand(height, ROWS, (from, to) -> {
				final float[] p = pool.take(), sum = pool.take();
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
						sums[from / ROWS][o] += rowSum;
					}
				}
				pool.give(p);
				pool.give(sum);
			});
			if (dLogBeta != null) for (int o = 0; o < a.length; o++) {
				double sum = 0;
				for (final double[] band : sums)
					sum += band[o];
				final double change = sum * a[o] / ((double) height * out.width());
				values(dLogBeta)[o] += change;
				values(dPower)[o] += change * values(level)[b];
			}
		}
	}

	@Override
	public void imageError(final Tensor x, final Tensor target, final int left, final int top, final float floor,
		final float weight, final Tensor errors, final Tensor dX)
	{
		final int width = target.width(), height = target.height(), n = width * height;
		for (int b = 0; b < x.batch(); b++) {
			double sum = 0;
			for (int y = 0; y < height; y++) {
				final int at = (b * x.height() + top + y) * x.width() + left, to = b * n + y * width;
				for (int i = 0; i < width; i++) {
					final double d = values(x)[at + i] - values(target)[to + i];
					sum += d * d;
				}
			}
			final double error = sum / n;
			values(errors)[b] = (float) error;
			if (dX == null) continue;
			final float factor = (float) (2 * weight / n / (error + floor));
			for (int y = 0; y < height; y++) {
				final int at = (b * x.height() + top + y) * x.width() + left, to = b * n + y * width;
				for (int i = 0; i < width; i++)
					values(dX)[at + i] += factor * (values(x)[at + i] - values(target)[to + i]);
			}
		}
	}
}
