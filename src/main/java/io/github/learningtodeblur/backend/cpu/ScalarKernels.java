package io.github.learningtodeblur.backend.cpu;

/** Plain Java, written so that C2 vectorises the innermost loops. */
final class ScalarKernels implements Kernels {

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
		// Four filters at once: every value read serves four multiplications. The sums live in arrays of
		// their own, and so do the inputs: C2 vectorises only what it can tell apart.
		final int taps = channels * kh * kw;
		final float[] s0 = new float[width], s1 = new float[width], s2 = new float[width],
				s3 = new float[width], line = new float[width + kw - 1], shifted = new float[width];
		for (int r = 0; r < rows; r++) {
			for (int f = 0; f < filters; f += TILE) {
				java.util.Arrays.fill(s0, 0);
				java.util.Arrays.fill(s1, 0);
				java.util.Arrays.fill(s2, 0);
				java.util.Arrays.fill(s3, 0);
				int w = f / TILE * taps * TILE;
				for (int c = 0; c < channels; c++) {
					for (int dy = 0; dy < kh; dy++) {
						System.arraycopy(in, inOffset + c * inPlane + (r * rowStep + dy) * inStride, line, 0,
							width + kw - 1);
						for (int dx = 0; dx < kw; dx++, w += TILE) {
							System.arraycopy(line, dx, shifted, 0, width);
							accumulate(shifted, packed[w], packed[w + 1], packed[w + 2], packed[w + 3], s0, s1,
								s2, s3, width);
						}
					}
				}
				final int o = outOffset + f * outPlane + r * outStride;
				System.arraycopy(s0, 0, out, o, width);
				if (f + 1 < filters) System.arraycopy(s1, 0, out, o + outPlane, width);
				if (f + 2 < filters) System.arraycopy(s2, 0, out, o + 2 * outPlane, width);
				if (f + 3 < filters) System.arraycopy(s3, 0, out, o + 3 * outPlane, width);
			}
		}
	}

	private static void accumulate(final float[] a, final float w0, final float w1, final float w2,
		final float w3, final float[] s0, final float[] s1, final float[] s2, final float[] s3,
		final int n)
	{
		for (int x = 0; x < n; x++) {
			final float v = a[x];
			s0[x] += w0 * v;
			s1[x] += w1 * v;
			s2[x] += w2 * v;
			s3[x] += w3 * v;
		}
	}

	@Override
	public void convolveGradFilters(final float[] in, final int inOffset, final int inStride,
		final int inPlane, final int channels, final float[] dOut, final int dOffset, final int dStride,
		final int dPlane, final int filters, final int k, final float[] dFilters, final int width,
		final int rows)
	{
		final float[] line = new float[width + k - 1];
		for (int c = 0; c < channels; c++)
			for (int r = 0; r < rows; r++)
				for (int dy = 0; dy < k; dy++) {
					System.arraycopy(in, inOffset + c * inPlane + (r + dy) * inStride, line, 0, width + k - 1);
					for (int f = 0; f < filters; f++) {
						final int d = dOffset + f * dPlane + r * dStride;
						final int w = ((f * channels + c) * k + dy) * k;
						for (int dx = 0; dx < k; dx++)
							dFilters[w + dx] += dot(dOut, d, line, dx, width);
					}
				}
	}

	@Override
	public void mixGradWeights(final float[] in, final int inOffset, final int inPlane,
		final int inputs, final float[] dOut, final int dOffset, final int dPlane, final int outputs,
		final float[] dWeights, final int length)
	{
		for (int o = 0; o < outputs; o++)
			for (int i = 0; i < inputs; i++)
				dWeights[o * inputs + i] += dot(dOut, dOffset + o * dPlane, in, inOffset + i * inPlane, length);
	}

	/** Sixteen sums: a float sum is not reordered by the compiler, sixteen independent ones need not be. */
	private static float dot(final float[] a, final int aOffset, final float[] b, final int bOffset,
		final int n)
	{
		float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
		int i = 0;
		for (; i + 7 < n; i += 8) {
			final int x = aOffset + i, y = bOffset + i;
			s0 += a[x] * b[y];
			s1 += a[x + 1] * b[y + 1];
			s2 += a[x + 2] * b[y + 2];
			s3 += a[x + 3] * b[y + 3];
			s4 += a[x + 4] * b[y + 4];
			s5 += a[x + 5] * b[y + 5];
			s6 += a[x + 6] * b[y + 6];
			s7 += a[x + 7] * b[y + 7];
		}
		for (; i < n; i++)
			s0 += a[aOffset + i] * b[bOffset + i];
		return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7));
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
	public void fftPass(final int radix, final int n, final int stride, final int lanes,
		final int sign, final float[] twiddles, final float[] re, final float[] im, final float[] outRe,
		final float[] outIm)
	{
		final int m = n / radix, run = stride * lanes;
		final float[] xr = new float[radix], xi = new float[radix];
		// DFT matrix of the radix: the generic form serves 2, 3, 4 and 5
		final float[] c = new float[radix], s = new float[radix];
		for (int j = 0; j < radix; j++) {
			c[j] = (float) Math.cos(2 * Math.PI * j / radix);
			s[j] = (float) (sign * Math.sin(2 * Math.PI * j / radix));
		}
		for (int p = 0; p < m; p++) {
			for (int q = 0; q < run; q++) {
				for (int j = 0; j < radix; j++) {
					xr[j] = re[q + run * (p + j * m)];
					xi[j] = im[q + run * (p + j * m)];
				}
				for (int j = 0; j < radix; j++) {
					float yr = 0, yi = 0;
					for (int l = 0; l < radix; l++) {
						final int e = j * l % radix;
						yr += xr[l] * c[e] - xi[l] * s[e];
						yi += xr[l] * s[e] + xi[l] * c[e];
					}
					final int o = q + run * (radix * p + j);
					if (j == 0) {
						outRe[o] = yr;
						outIm[o] = yi;
					}
					else {
						final int w = 2 * (p * (radix - 1) + j - 1);
						outRe[o] = yr * twiddles[w] - yi * twiddles[w + 1];
						outIm[o] = yr * twiddles[w + 1] + yi * twiddles[w];
					}
				}
			}
		}
	}
}
