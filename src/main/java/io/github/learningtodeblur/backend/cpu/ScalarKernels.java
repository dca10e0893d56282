package io.github.learningtodeblur.backend.cpu;

/** Plain Java, written so that C2 vectorises the innermost loops. */
final class ScalarKernels implements Kernels {

	/** Values in a loop. */
	private static final int RUN = 1024;
	/** Arrays added at once. */
	private static final int GROUP = 5;

	@Override
	public String name() {
		return "plain Java";
	}

	@Override
	public void convolve(final float[] in, final int inOffset, final int inStride, final int inPlane,
		final int channels, final int rowStep, final float[] packed, final int filters, final int kh,
		final int kw, final float[] out, final int outOffset, final int outStride, final int outPlane,
		final int width, final int rows)
	{
		// Five taps at once, for all filters in turn: six loads and one store for ten operations. The sums
		// live in arrays of their own, and so do the inputs: C2 vectorises only what it can tell apart. Runs
		// are several rows long where rows are short: a loop costs some 30 ns before it is in its stride.
		final int taps = channels * kh * kw, padded = (taps + GROUP - 1) / GROUP * GROUP;
		final int block = Math.max(1, Math.min(rows, RUN / width)), run = block * width;
		final float[][] a = new float[GROUP][run];
		final float[] weights = new float[filters * padded];
		for (int f = 0; f < filters; f++)
			for (int t = 0; t < taps; t++)
				weights[f * padded + t] = packed[(f / TILE * taps + t) * TILE + f % TILE];
		final float[][] sums = new float[filters][run];
		for (int r = 0; r < rows; r += block) {
			for (final float[] sum : sums)
				java.util.Arrays.fill(sum, 0);
			final int n = Math.min(block, rows - r);
			final int at = inOffset + r * rowStep * inStride, step = rowStep * inStride;
			for (int t = 0; t < taps; t += GROUP) {
				// past the last tap any values will do: their weights are zero
				for (int j = 0; j < GROUP && t + j < taps; j++)
					copy(in, at + tap(t + j, inStride, inPlane, kh, kw), step, a[j], width, n);
				for (int f = 0; f < filters; f++)
					accumulate(a, weights, f * padded + t, sums[f], n * width);
			}
			for (int f = 0; f < filters; f++)
				for (int y = 0; y < n; y++)
					System.arraycopy(sums[f], y * width, out, outOffset + f * outPlane + (r + y) * outStride,
						width);
		}
	}

	private static void copy(final float[] in, final int at, final int stride, final float[] to,
		final int width, final int rows)
	{
		for (int y = 0; y < rows; y++)
			System.arraycopy(in, at + y * stride, to, y * width, width);
	}

	private static int tap(final int t, final int stride, final int plane, final int kh, final int kw) {
		return t / (kh * kw) * plane + t / kw % kh * stride + t % kw;
	}

	/** Adds five arrays times five weights: as many as C2 of JDK 17 makes vectors of. */
	private static void accumulate(final float[][] a, final float[] w, final int at,
		final float[] sum, final int n)
	{
		accumulate(sum, a[0], a[1], a[2], a[3], a[4], w[at], w[at + 1], w[at + 2], w[at + 3], w[at + 4], n);
	}

	private static void accumulate(final float[] sum, final float[] a, final float[] b,
		final float[] c, final float[] d, final float[] e, final float wa, final float wb, final float wc,
		final float wd, final float we, final int n)
	{
		for (int x = 0; x < n; x++)
			sum[x] += wa * a[x] + wb * b[x] + wc * c[x] + wd * d[x] + we * e[x];
	}

	@Override
	public void convolveGradInput(final float[] d, final int dOffset, final int dStride,
		final int dPlane, final int filters, final float[] weights, final int wStep, final int k,
		final float[] dIn, final int inOffset, final int inStride, final int width, final int rows)
	{
		// One sum per column of the filters, over rows as they are; only the finished sums are shifted. Copies
		// shifted tap by tap would take as long as the multiplications.
		final int long_ = width + k - 1, taps = filters * k, groups = (taps + GROUP - 1) / GROUP;
		final float[] w = new float[k * groups * GROUP];
		for (int dx = 0; dx < k; dx++)
			for (int f = 0; f < filters; f++)
				for (int dy = 0; dy < k; dy++)
					w[dx * groups * GROUP + f * k + dy] = weights[f * wStep + (k - 1 - dy) * k + k - 1 - dx];
		// the rows of all gradients that a row needs, by row modulo k
		final float[][] window = new float[taps][long_], sums = new float[k][long_];
		final float[][] a = new float[GROUP][];
		java.util.Arrays.fill(a, window[0]);
		for (int r = 0; r < rows; r++) {
			for (int f = 0; f < filters; f++)
				for (int dy = r == 0 ? 0 : k - 1; dy < k; dy++)
					System.arraycopy(d, dOffset + f * dPlane + (r + dy) * dStride, window[f * k + (r + dy) % k], 0,
						long_);
			for (final float[] sum : sums)
				java.util.Arrays.fill(sum, 0);
			for (int t = 0; t < taps; t += GROUP) {
				for (int j = 0; j < GROUP && t + j < taps; j++)
					a[j] = window[(t + j) / k * k + (r + (t + j) % k) % k];
				for (int dx = 0; dx < k; dx++)
					accumulate(a, w, dx * groups * GROUP + t, sums[dx], long_);
			}
			final int to = inOffset + r * inStride;
			System.arraycopy(sums[0], 0, dIn, to, width);
			for (int dx = 1; dx < k; dx++)
				for (int x = 0; x < width; x++)
					dIn[to + x] += sums[dx][dx + x];
		}
	}

	@Override
	public void convolveGradFilters(final float[] in, final int inOffset, final int inStride,
		final int inPlane, final int channels, final float[] dOut, final int dOffset, final int dStride,
		final int dPlane, final int filters, final int k, final float[] dFilters, final int width,
		final int rows)
	{
		// What all taps of a pixel see is a run of values, if the rows they look at are stored column by column.
		// Some such runs, times the gradients of as many pixels, are added to the sums of a filter. C2 does the
		// first four additions one by one, and what is left after vectors of eight: there is to be nothing left.
		final int column = channels * k, taps = column * k, run = (taps + 3) / 8 * 8 + 4;
		final float[] strip = new float[(width + k - 1) * column];
		final float[][] a = new float[GROUP][run], sums = new float[filters][run];
		final float[] last = new float[GROUP];
		for (int r = 0; r < rows; r++) {
			for (int c = 0; c < channels; c++)
				for (int dy = 0; dy < k; dy++) {
					final int at = inOffset + c * inPlane + (r + dy) * inStride;
					for (int x = 0; x < width + k - 1; x++)
						strip[x * column + c * k + dy] = in[at + x];
				}
			for (int x = 0; x < width; x += GROUP) {
				final int n = Math.min(GROUP, width - x);
				for (int j = 0; j < n; j++)
					System.arraycopy(strip, (x + j) * column, a[j], 0, taps);
				for (int f = 0; f < filters; f++) {
					final int d = dOffset + f * dPlane + r * dStride + x;
					if (n < GROUP) System.arraycopy(dOut, d, last, 0, n);
					accumulate(a, n < GROUP ? last : dOut, n < GROUP ? 0 : d, sums[f], run);
				}
			}
		}
		for (int f = 0; f < filters; f++)
			for (int c = 0; c < channels; c++)
				for (int dy = 0; dy < k; dy++)
					for (int dx = 0; dx < k; dx++)
						dFilters[((f * channels + c) * k + dy) * k + dx] += sums[f][dx * column + c * k + dy];
	}

	private static void accumulateProducts(final float[] a, final float[] b, final float[] c,
		final float[] d, final float[] sum, final int n)
	{
		for (int x = 0; x < n; x++)
			sum[x] += a[x] * b[x] + c[x] * d[x];
	}

	/** Eight sums side by side: additions of floats are not reordered by the compiler. */
	private static float sum(final float[] a) {
		float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
		int i = 0;
		for (; i + 7 < a.length; i += 8) {
			s0 += a[i];
			s1 += a[i + 1];
			s2 += a[i + 2];
			s3 += a[i + 3];
			s4 += a[i + 4];
			s5 += a[i + 5];
			s6 += a[i + 6];
			s7 += a[i + 7];
		}
		for (; i < a.length; i++)
			s0 += a[i];
		return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7));
	}

	@Override
	public void mixGradWeights(final float[] in, final int inOffset, final int inPlane,
		final int inputs, final float[] dOut, final int dOffset, final int dPlane, final int outputs,
		final float[] dWeights, final int length)
	{
		// A run is cut into four quarters, multiplied two by two: for the compiler in arrays of their own.
		final int quarter = length / 4;
		final float[][] a = quarters(in, inOffset, inPlane, inputs, quarter);
		final float[][] d = quarters(dOut, dOffset, dPlane, outputs, quarter);
		final float[] sums = new float[quarter];
		for (int o = 0; o < outputs; o++)
			for (int i = 0; i < inputs; i++) {
				java.util.Arrays.fill(sums, 0);
				accumulateProducts(d[4 * o], a[4 * i], d[4 * o + 1], a[4 * i + 1], sums, quarter);
				accumulateProducts(d[4 * o + 2], a[4 * i + 2], d[4 * o + 3], a[4 * i + 3], sums, quarter);
				float total = sum(sums);
				for (int x = 4 * quarter; x < length; x++)
					total += dOut[dOffset + o * dPlane + x] * in[inOffset + i * inPlane + x];
				dWeights[o * inputs + i] += total;
			}
	}

	private static float[][] quarters(final float[] a, final int offset, final int plane,
		final int count, final int quarter)
	{
		final float[][] parts = new float[4 * count][];
		for (int p = 0; p < parts.length; p++) {
			final int from = offset + p / 4 * plane + p % 4 * quarter;
			parts[p] = java.util.Arrays.copyOfRange(a, from, from + quarter);
		}
		return parts;
	}

	@Override
	public void tanh(final float[] a, final int offset, final int length) {
		for (int i = offset; i < offset + length; i++)
			a[i] = RationalTanh.of(a[i]);
	}

	@Override
	public void tanhGrad(final float[] t, final int tOffset, final float[] d, final int dOffset,
		final int length)
	{
		for (int i = 0; i < length; i++) {
			final float v = t[tOffset + i];
			d[dOffset + i] *= 1 - v * v;
		}
	}

	@Override
	public void keepStrong(final float[] across, final float[] down, final int length, final float threshold) {
		for (int i = 0; i < length; i++) {
			final float dx = across[i], dy = down[i];
			final boolean keep = dx * dx + dy * dy >= threshold;
			across[i] = keep ? dx : 0;
			down[i] = keep ? dy : 0;
		}
	}

	@Override
	public boolean fastPasses() {
		return false;
	}

	@Override
	public void fftPass(final int radix, final int n, final int stride, final int lanes,
		final int sign, final float[] twiddles, final float[] re, final float[] im, final float[] outRe,
		final float[] outIm)
	{
		// The DFT matrix of the radix times the twiddles, applied term by term to whole runs: each sum is a
		// loop over arrays of its own, which the compiler makes vectors of. Serves 2, 3, 4 and 5 alike.
		final int m = n / radix, run = stride * lanes;
		final float[][] inRe = new float[radix][run], inIm = new float[radix][run];
		final float[] sumRe = new float[run], sumIm = new float[run];
		final float[] cos = new float[radix], sin = new float[radix];
		for (int j = 0; j < radix; j++) {
			cos[j] = (float) Math.cos(2 * Math.PI * j / radix);
			sin[j] = (float) (sign * Math.sin(2 * Math.PI * j / radix));
		}
		for (int p = 0; p < m; p++) {
			for (int j = 0; j < radix; j++) {
				System.arraycopy(re, run * (p + j * m), inRe[j], 0, run);
				System.arraycopy(im, run * (p + j * m), inIm[j], 0, run);
			}
			for (int j = 0; j < radix; j++) {
				java.util.Arrays.fill(sumRe, 0);
				java.util.Arrays.fill(sumIm, 0);
				final int w = 2 * (p * (radix - 1) + j - 1);
				final float tr = j == 0 ? 1 : twiddles[w], ti = j == 0 ? 0 : twiddles[w + 1];
				for (int l = 0; l < radix; l++) {
					final float cr = cos[j * l % radix], ci = sin[j * l % radix];
					addTimes(inRe[l], inIm[l], cr * tr - ci * ti, cr * ti + ci * tr, sumRe, run);
					addTimes(inIm[l], inRe[l], cr * tr - ci * ti, -(cr * ti + ci * tr), sumIm, run);
				}
				System.arraycopy(sumRe, 0, outRe, run * (radix * p + j), run);
				System.arraycopy(sumIm, 0, outIm, run * (radix * p + j), run);
			}
		}
	}

	/** sum += a c - b s */
	private static void addTimes(final float[] a, final float[] b, final float c, final float s,
		final float[] sum, final int n)
	{
		for (int x = 0; x < n; x++)
			sum[x] += a[x] * c - b[x] * s;
	}
}
