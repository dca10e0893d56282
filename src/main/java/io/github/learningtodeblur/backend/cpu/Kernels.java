package io.github.learningtodeblur.backend.cpu;

/**
 * The hot loops on {@code float[]}. Called once per band of rows, never per pixel. Two implementations with
 * one contract test: {@link ScalarKernels} and {@link VectorKernels}; {@link KernelChoice} picks one.
 */
interface Kernels {

	/** What runs, for the log: "vector, 512 bit" or "plain Java". */
	String name();

	/**
	 * Reorders filters as {@link #convolve} wants them: tiles of {@link #TILE} filters, within a tile tap by
	 * tap, the filters of the tile side by side; missing filters of the last tile are zero.
	 *
	 * @param filters (filters, taps) row by row
	 */
	static float[] pack(final float[] filters, final int offset, final int count, final int taps) {
		final float[] packed = new float[packedLength(count, taps)];
		for (int f = 0; f < count; f++)
			for (int t = 0; t < taps; t++)
				packed[(f / TILE * taps + t) * TILE + f % TILE] = filters[offset + f * taps + t];
		return packed;
	}

	static int packedLength(final int count, final int taps) {
		return (count + TILE - 1) / TILE * taps * TILE;
	}

	int TILE = 4;

	/**
	 * Correlation over the valid region, overwriting {@code out}: row r of filter f becomes
	 * <code>sum over c, dy, dx of filter[f][c][dy][dx] * in[c][r * rowStep + dy][x + dx]</code>.
	 *
	 * @param in channel c, row y, column x at {@code inOffset + c * inPlane + y * inStride + x}
	 * @param packed see {@link #pack}; taps are channels * kh * kw
	 * @param out filter f, row r, column x at {@code outOffset + f * outPlane + r * outStride + x}
	 */
	void convolve(float[] in, int inOffset, int inStride, int inPlane, int channels, int rowStep,
		float[] packed, int filters, int kh, int kw,
		float[] out, int outOffset, int outStride, int outPlane, int width, int rows);

	/**
	 * Adds to {@code dFilters} (filters, channels, k, k) the sums over r, x of
	 * <code>dOut[f][r][x] * in[c][r + dy][x + dx]</code>.
	 */
	void convolveGradFilters(float[] in, int inOffset, int inStride, int inPlane, int channels,
		float[] dOut, int dOffset, int dStride, int dPlane, int filters, int k,
		float[] dFilters, int width, int rows);

	/**
	 * Full correlation of gradients with the flipped filters, overwriting {@code dIn}: row r becomes
	 * <code>sum over f, dy, dx of filter[f][k - 1 - dy][k - 1 - dx] * d[f][r + dy][x + dx]</code>.
	 *
	 * @param d gradient of output f, row y, column x at {@code dOffset + f * dPlane + y * dStride + x}, with
	 *          a margin of zeros; {@code rows + k} rows of {@code width + k - 1} values are read
	 * @param weights filter f, row by row, from {@code f * wStep}
	 * @param dIn row r, column x at {@code inOffset + r * inStride + x}
	 */
	void convolveGradInput(float[] d, int dOffset, int dStride, int dPlane, int filters,
		float[] weights, int wStep, int k, float[] dIn, int inOffset, int inStride, int width, int rows);

	/**
	 * Adds to {@code dWeights} (outputs, inputs) the sums over a run of {@code length} pixels of
	 * <code>dOut[o][p] * in[i][p]</code>.
	 */
	void mixGradWeights(float[] in, int inOffset, int inPlane, int inputs,
		float[] dOut, int dOffset, int dPlane, int outputs, float[] dWeights, int length);

	/** Rational approximation of tanh, in place; at most {@code 4e-7} off. */
	void tanh(float[] a, int offset, int length);

	/** {@code d *= 1 - t^2}, where t = tanh(input). */
	void tanhGrad(float[] t, int tOffset, float[] d, int dOffset, int length);

	/**
	 * Both parts of a gradient become 0 where the sum of their squares is below {@code threshold}.
	 *
	 * @param across first parts, from 0 on
	 * @param down second parts
	 */
	void keepStrong(float[] across, float[] down, int length, float threshold);

	/** Whether {@link #fftPass} is so fast that rows are transposed for it, too. */
	boolean fastPasses();

	/**
	 * One radix-{@code radix} pass of a Stockham transform over rows: every element of the transform is a
	 * run of {@code lanes} floats, so that neighbouring columns are transformed side by side.
	 *
	 * @param n length of the sub-transforms that are left, a multiple of radix
	 * @param stride product of the radices done before
	 * @param sign -1 forward, +1 inverse (not normalised)
	 * @param twiddles re and im of {@code exp(sign * 2 pi i p j / n)} at
	 *          {@code 2 * (p * (radix - 1) + j - 1)}
	 */
	void fftPass(int radix, int n, int stride, int lanes, int sign, float[] twiddles,
		float[] re, float[] im, float[] outRe, float[] outIm);
}
