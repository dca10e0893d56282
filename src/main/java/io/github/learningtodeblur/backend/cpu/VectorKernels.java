package io.github.learningtodeblur.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The hot loops with {@code jdk.incubator.vector}; the only class that imports it. */
final class VectorKernels implements Kernels {

	private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
	private static final int L = S.length();
	private static final FloatVector NONE = FloatVector.zero(S);
	/** Of the fifth of a turn. */
	private static final float COS_72 = (float) Math.cos(2 * Math.PI / 5), COS_144 = (float) Math.cos(4 * Math.PI / 5),
		SIN_72 = (float) Math.sin(2 * Math.PI / 5), SIN_144 = (float) Math.sin(4 * Math.PI / 5);
	/**
	 * AVX2, whose vectors have 8 floats, has 16 registers, AVX-512 and ARM have 32. C2 loads all factors of a
	 * tile before it multiplies, so sums and factors must fit in together. See {@link #NARROW}.
	 */
	private static final boolean NARROW = L == 8;
	/** Vectors side by side in a tile of the convolution. */
	private static final int COLUMNS = NARROW ? 2 : 4;
	/** Floats of all rows and channels of the input of a stretch: 16 kB. */
	private static final int STRETCH = 4096;
	/** Gradient images at a time. */
	private static final int SOURCES = 8;
	/** Columns of the filters that the input gradient sums up at a time, and vectors of each. */
	private static final int DEEP = 3, COLUMNS3 = NARROW ? 3 : 4;

	static int bits() {
		return S.vectorBitSize();
	}

	@Override
	public String name() {
		return "vector module, " + bits() + " bit";
	}

	@Override
	public void convolve(final float[] in, final int inOffset, final int inStride, final int inPlane,
		final int channels, final int rowStep, final float[] packed, final int filters, final int kh,
		final int kw, final float[] out, final int outOffset, final int outStride, final int outPlane,
		final int width, final int rows)
	{
		// Filter after filter over a stretch of a row whose input stays in the first-level cache. With filters
		// innermost, their images often lie a multiple of 4096 bytes apart, and throw each other out of it.
		final int[] taps = taps(inStride, inPlane, channels, kh, kw);
		final int stretch = Math.max(1, STRETCH / (channels * kh) / (COLUMNS * L)) * COLUMNS * L;
		for (int r = 0; r < rows; r++) {
			final int from = inOffset + r * rowStep * inStride;
			final int to = outOffset + r * outStride;
			for (int x = 0; x < width;) {
				// no short rest: it could not overlap
				final int n = width - x < 2 * stretch ? width - x : stretch;
				for (int f = 0; f < filters; f += TILE)
					stretch(in, from + x, taps, packed, f * taps.length, out, to + x + f * outPlane, outPlane, Math
						.min(TILE, filters - f), n);
				x += n;
			}
		}
	}

	/** {@code width} values of up to 4 filters. */
	private static void stretch(final float[] in, final int at, final int[] taps, final float[] w,
		final int wAt, final float[] out, final int to, final int outPlane, final int filters,
		final int width)
	{
		int x = 0;
		for (; x + COLUMNS * L <= width; x += COLUMNS * L)
			tile(in, at + x, taps, w, wAt, out, to + x, outPlane, filters);
		if (x == width) return;
		// the last ones overlap those before: same sums, written again
		if (width - x > L && width >= COLUMNS * L) tile(in, at + width - COLUMNS * L, taps, w, wAt, out, to +
			width - COLUMNS * L, outPlane, filters);
		else if (width >= L) for (; x < width; x += L) {
			final int i = Math.min(x, width - L);
			tile1(in, at + i, taps, w, wAt, out, to + i, outPlane, filters);
		}
		else for (; x < width; x++)
			for (int f = 0; f < filters; f++)
				out[to + x + f * outPlane] = single(in, at + x, taps, w, wAt + f);
	}

	/**
	 * Where the taps of a filter find their pixels. One loop over this table, not one loop in another over
	 * channels, rows and columns: C2 of JDK 17 keeps the sums in registers only in an innermost loop, and
	 * boxes them (a factor of 30) across nested ones.
	 */
	private static int[] taps(final int stride, final int plane, final int channels, final int kh,
		final int kw)
	{
		final int[] taps = new int[channels * kh * kw];
		int t = 0;
		for (int c = 0; c < channels; c++)
			for (int dy = 0; dy < kh; dy++)
				for (int dx = 0; dx < kw; dx++)
					taps[t++] = c * plane + dy * stride + dx;
		return taps;
	}

	private static void tile(final float[] in, final int at, final int[] taps, final float[] w,
		final int wAt, final float[] out, final int to, final int outPlane, final int filters)
	{
		if (NARROW) tile2(in, at, taps, w, wAt, out, to, outPlane, filters);
		else tile4(in, at, taps, w, wAt, out, to, outPlane, filters);
	}

	/** 4 filters x 2 vectors: 8 sums, 2 loads and 4 broadcasts for 8 multiply-adds, in 14 registers. */
	private static void tile2(final float[] in, final int at, final int[] taps,
		final float[] w, final int wAt, final float[] out, final int to, final int outPlane, final int filters)
	{
		FloatVector a00 = FloatVector.zero(S), a01 = a00, a10 = a00, a11 = a00;
		FloatVector a20 = a00, a21 = a00, a30 = a00, a31 = a00;
		for (int tap = 0; tap < taps.length; tap++) {
			final int i = at + taps[tap], t = wAt + tap * TILE;
			final FloatVector v0 = FloatVector.fromArray(S, in, i);
			final FloatVector v1 = FloatVector.fromArray(S, in, i + L);
			final FloatVector w0 = FloatVector.broadcast(S, w[t]);
			a00 = v0.fma(w0, a00);
			a01 = v1.fma(w0, a01);
			final FloatVector w1 = FloatVector.broadcast(S, w[t + 1]);
			a10 = v0.fma(w1, a10);
			a11 = v1.fma(w1, a11);
			final FloatVector w2 = FloatVector.broadcast(S, w[t + 2]);
			a20 = v0.fma(w2, a20);
			a21 = v1.fma(w2, a21);
			final FloatVector w3 = FloatVector.broadcast(S, w[t + 3]);
			a30 = v0.fma(w3, a30);
			a31 = v1.fma(w3, a31);
		}
		a00.intoArray(out, to);
		a01.intoArray(out, to + L);
		if (filters > 1) {
			a10.intoArray(out, to + outPlane);
			a11.intoArray(out, to + outPlane + L);
		}
		if (filters > 2) {
			a20.intoArray(out, to + 2 * outPlane);
			a21.intoArray(out, to + 2 * outPlane + L);
		}
		if (filters > 3) {
			a30.intoArray(out, to + 3 * outPlane);
			a31.intoArray(out, to + 3 * outPlane + L);
		}
	}

	/** 4 filters x 4 vectors: 16 sums, 4 loads and 4 broadcasts for 16 multiply-adds. */
	private static void tile4(final float[] in, final int at, final int[] taps,
		final float[] w, final int wAt, final float[] out, final int to, final int outPlane, final int filters)
	{
		FloatVector a00 = FloatVector.zero(S), a01 = a00, a02 = a00, a03 = a00;
		FloatVector a10 = a00, a11 = a00, a12 = a00, a13 = a00;
		FloatVector a20 = a00, a21 = a00, a22 = a00, a23 = a00;
		FloatVector a30 = a00, a31 = a00, a32 = a00, a33 = a00;
		for (int tap = 0; tap < taps.length; tap++) {
			final int i = at + taps[tap], t = wAt + tap * TILE;
			final FloatVector v0 = FloatVector.fromArray(S, in, i);
			final FloatVector v1 = FloatVector.fromArray(S, in, i + L);
			final FloatVector v2 = FloatVector.fromArray(S, in, i + 2 * L);
			final FloatVector v3 = FloatVector.fromArray(S, in, i + 3 * L);
			final FloatVector w0 = FloatVector.broadcast(S, w[t]);
			a00 = v0.fma(w0, a00);
			a01 = v1.fma(w0, a01);
			a02 = v2.fma(w0, a02);
			a03 = v3.fma(w0, a03);
			final FloatVector w1 = FloatVector.broadcast(S, w[t + 1]);
			a10 = v0.fma(w1, a10);
			a11 = v1.fma(w1, a11);
			a12 = v2.fma(w1, a12);
			a13 = v3.fma(w1, a13);
			final FloatVector w2 = FloatVector.broadcast(S, w[t + 2]);
			a20 = v0.fma(w2, a20);
			a21 = v1.fma(w2, a21);
			a22 = v2.fma(w2, a22);
			a23 = v3.fma(w2, a23);
			final FloatVector w3 = FloatVector.broadcast(S, w[t + 3]);
			a30 = v0.fma(w3, a30);
			a31 = v1.fma(w3, a31);
			a32 = v2.fma(w3, a32);
			a33 = v3.fma(w3, a33);
		}
		{
			a00.intoArray(out, to);
			a01.intoArray(out, to + L);
			a02.intoArray(out, to + 2 * L);
			a03.intoArray(out, to + 3 * L);
		}
		if (filters > 1) {
			a10.intoArray(out, to + outPlane);
			a11.intoArray(out, to + outPlane + L);
			a12.intoArray(out, to + outPlane + 2 * L);
			a13.intoArray(out, to + outPlane + 3 * L);
		}
		if (filters > 2) {
			a20.intoArray(out, to + 2 * outPlane);
			a21.intoArray(out, to + 2 * outPlane + L);
			a22.intoArray(out, to + 2 * outPlane + 2 * L);
			a23.intoArray(out, to + 2 * outPlane + 3 * L);
		}
		if (filters > 3) {
			a30.intoArray(out, to + 3 * outPlane);
			a31.intoArray(out, to + 3 * outPlane + L);
			a32.intoArray(out, to + 3 * outPlane + 2 * L);
			a33.intoArray(out, to + 3 * outPlane + 3 * L);
		}
	}

	private static void tile1(final float[] in, final int at, final int[] taps,
		final float[] w, final int wAt, final float[] out, final int to, final int outPlane, final int filters)
	{
		FloatVector a0 = FloatVector.zero(S), a1 = a0, a2 = a0, a3 = a0;
		for (int tap = 0; tap < taps.length; tap++) {
			final int i = at + taps[tap], t = wAt + tap * TILE;
			final FloatVector v = FloatVector.fromArray(S, in, i);
			a0 = v.fma(FloatVector.broadcast(S, w[t]), a0);
			a1 = v.fma(FloatVector.broadcast(S, w[t + 1]), a1);
			a2 = v.fma(FloatVector.broadcast(S, w[t + 2]), a2);
			a3 = v.fma(FloatVector.broadcast(S, w[t + 3]), a3);
		}
		a0.intoArray(out, to);
		if (filters > 1) a1.intoArray(out, to + outPlane);
		if (filters > 2) a2.intoArray(out, to + 2 * outPlane);
		if (filters > 3) a3.intoArray(out, to + 3 * outPlane);
	}

	private static float single(final float[] in, final int at, final int[] taps,
		final float[] w, final int wAt)
	{
		float a = 0;
		for (int tap = 0; tap < taps.length; tap++)
			a = Math.fma(in[at + taps[tap]], w[wAt + tap * TILE], a);
		return a;
	}

	@Override
	public void convolveGradInput(final float[] d, final int dOffset, final int dStride,
		final int dPlane, final int filters, final float[] weights, final int wStep, final int k,
		final float[] dIn, final int inOffset, final int inStride, final int width, final int rows)
	{
		if (width < L) {
			new ScalarKernels().convolveGradInput(d, dOffset, dStride, dPlane, filters, weights, wStep, k,
				dIn, inOffset, inStride, width, rows);
			return;
		}
		// A convolution with one output has too few sums for the multipliers. Here every column of the filters has
		// a sum of its own, over rows as they are; only the finished sums are shifted. A few gradient images
		// after the other: what all of them need does not fit into the first-level cache.
		final int long_ = width + k - 1, groups = (k + DEEP - 1) / DEEP;
		final int stride = (long_ + L - 1) / L * L;
		final float[] sums = new float[groups * DEEP * stride];
		final int[] at = taps(dStride, dPlane, filters, k, 1);
		final float[] packed = new float[groups * at.length * DEEP];
		for (int g = 0, t = 0; g < groups; g++)
			for (int f = 0; f < filters; f++)
				for (int dy = 0; dy < k; dy++)
					for (int dx = g * DEEP; dx < (g + 1) * DEEP; dx++, t++)
						if (dx < k) packed[t] = weights[f * wStep + (k - 1 - dy) * k + k - 1 - dx];
		for (int r = 0; r < rows; r++) {
			java.util.Arrays.fill(sums, 0);
			final int from = dOffset + r * dStride;
			for (int t = 0; t < at.length; t += SOURCES * k) {
				final int n = Math.min(SOURCES * k, at.length - t);
				for (int g = 0; g < groups; g++) {
					final int w = (g * at.length + t) * DEEP, to = g * DEEP * stride;
					int x = 0;
					for (; x + COLUMNS3 * L <= long_; x += COLUMNS3 * L)
						columns(d, from + x, at, t, n, packed, w, sums, to + x, stride);
					for (; x < long_; x += L)
						column(d, from + Math.min(x, long_ - L), at, t, n, packed, w, sums, to + x, stride);
				}
			}
			// the last vector overlaps the one before
			for (int dx = 0; dx < k; dx++)
				System.arraycopy(sums, dx * stride + stride - L, sums, dx * stride + long_ - L, L);
			final int to = inOffset + r * inStride;
			int x = 0;
			for (final int full = S.loopBound(width); x < full; x += L) {
				FloatVector a = FloatVector.fromArray(S, sums, x);
				for (int dx = 1; dx < k; dx++)
					a = a.add(FloatVector.fromArray(S, sums, dx * (stride + 1) + x));
				a.intoArray(dIn, to + x);
			}
			for (; x < width; x++) {
				float a = 0;
				for (int dx = 0; dx < k; dx++)
					a += sums[dx * (stride + 1) + x];
				dIn[to + x] = a;
			}
		}
	}

	private static void columns(final float[] in, final int at, final int[] taps, final int first,
		final int count, final float[] w, final int wAt, final float[] sums, final int to, final int next)
	{
		if (NARROW) columns3(in, at, taps, first, count, w, wAt, sums, to, next);
		else columns4(in, at, taps, first, count, w, wAt, sums, to, next);
	}

	/** 3 columns x 4 vectors: 12 sums, 4 loads and 3 broadcasts for 12 multiply-adds. */
	private static void columns4(final float[] in, final int at, final int[] taps, final int first,
		final int count, final float[] w, final int wAt, final float[] sums, final int to, final int next)
	{
		FloatVector a0 = FloatVector.fromArray(S, sums, to);
		FloatVector a1 = FloatVector.fromArray(S, sums, to + L);
		FloatVector a2 = FloatVector.fromArray(S, sums, to + 2 * L);
		FloatVector a3 = FloatVector.fromArray(S, sums, to + 3 * L);
		FloatVector b0 = FloatVector.fromArray(S, sums, to + next);
		FloatVector b1 = FloatVector.fromArray(S, sums, to + next + L);
		FloatVector b2 = FloatVector.fromArray(S, sums, to + next + 2 * L);
		FloatVector b3 = FloatVector.fromArray(S, sums, to + next + 3 * L);
		FloatVector c0 = FloatVector.fromArray(S, sums, to + 2 * next);
		FloatVector c1 = FloatVector.fromArray(S, sums, to + 2 * next + L);
		FloatVector c2 = FloatVector.fromArray(S, sums, to + 2 * next + 2 * L);
		FloatVector c3 = FloatVector.fromArray(S, sums, to + 2 * next + 3 * L);
		for (int tap = 0; tap < count; tap++) {
			final int i = at + taps[first + tap], t = wAt + DEEP * tap;
			final FloatVector v0 = FloatVector.fromArray(S, in, i);
			final FloatVector v1 = FloatVector.fromArray(S, in, i + L);
			final FloatVector v2 = FloatVector.fromArray(S, in, i + 2 * L);
			final FloatVector v3 = FloatVector.fromArray(S, in, i + 3 * L);
			final FloatVector u = FloatVector.broadcast(S, w[t]);
			a0 = v0.fma(u, a0);
			a1 = v1.fma(u, a1);
			a2 = v2.fma(u, a2);
			a3 = v3.fma(u, a3);
			final FloatVector v = FloatVector.broadcast(S, w[t + 1]);
			b0 = v0.fma(v, b0);
			b1 = v1.fma(v, b1);
			b2 = v2.fma(v, b2);
			b3 = v3.fma(v, b3);
			final FloatVector z = FloatVector.broadcast(S, w[t + 2]);
			c0 = v0.fma(z, c0);
			c1 = v1.fma(z, c1);
			c2 = v2.fma(z, c2);
			c3 = v3.fma(z, c3);
		}
		a0.intoArray(sums, to);
		a1.intoArray(sums, to + L);
		a2.intoArray(sums, to + 2 * L);
		a3.intoArray(sums, to + 3 * L);
		b0.intoArray(sums, to + next);
		b1.intoArray(sums, to + next + L);
		b2.intoArray(sums, to + next + 2 * L);
		b3.intoArray(sums, to + next + 3 * L);
		c0.intoArray(sums, to + 2 * next);
		c1.intoArray(sums, to + 2 * next + L);
		c2.intoArray(sums, to + 2 * next + 2 * L);
		c3.intoArray(sums, to + 2 * next + 3 * L);
	}

	/** 3 columns x 3 vectors: 9 sums, 3 loads and 3 broadcasts for 9 multiply-adds, in 15 registers. */
	private static void columns3(final float[] in, final int at, final int[] taps, final int first,
		final int count, final float[] w, final int wAt, final float[] sums, final int to, final int next)
	{
		FloatVector a0 = FloatVector.fromArray(S, sums, to);
		FloatVector a1 = FloatVector.fromArray(S, sums, to + L);
		FloatVector a2 = FloatVector.fromArray(S, sums, to + 2 * L);
		FloatVector b0 = FloatVector.fromArray(S, sums, to + next);
		FloatVector b1 = FloatVector.fromArray(S, sums, to + next + L);
		FloatVector b2 = FloatVector.fromArray(S, sums, to + next + 2 * L);
		FloatVector c0 = FloatVector.fromArray(S, sums, to + 2 * next);
		FloatVector c1 = FloatVector.fromArray(S, sums, to + 2 * next + L);
		FloatVector c2 = FloatVector.fromArray(S, sums, to + 2 * next + 2 * L);
		for (int tap = 0; tap < count; tap++) {
			final int i = at + taps[first + tap], t = wAt + DEEP * tap;
			final FloatVector v0 = FloatVector.fromArray(S, in, i);
			final FloatVector v1 = FloatVector.fromArray(S, in, i + L);
			final FloatVector v2 = FloatVector.fromArray(S, in, i + 2 * L);
			final FloatVector u = FloatVector.broadcast(S, w[t]);
			a0 = v0.fma(u, a0);
			a1 = v1.fma(u, a1);
			a2 = v2.fma(u, a2);
			final FloatVector v = FloatVector.broadcast(S, w[t + 1]);
			b0 = v0.fma(v, b0);
			b1 = v1.fma(v, b1);
			b2 = v2.fma(v, b2);
			final FloatVector z = FloatVector.broadcast(S, w[t + 2]);
			c0 = v0.fma(z, c0);
			c1 = v1.fma(z, c1);
			c2 = v2.fma(z, c2);
		}
		a0.intoArray(sums, to);
		a1.intoArray(sums, to + L);
		a2.intoArray(sums, to + 2 * L);
		b0.intoArray(sums, to + next);
		b1.intoArray(sums, to + next + L);
		b2.intoArray(sums, to + next + 2 * L);
		c0.intoArray(sums, to + 2 * next);
		c1.intoArray(sums, to + 2 * next + L);
		c2.intoArray(sums, to + 2 * next + 2 * L);
	}

	private static void column(final float[] in, final int at, final int[] taps, final int first,
		final int count, final float[] w, final int wAt, final float[] sums, final int to, final int next)
	{
		FloatVector a = FloatVector.fromArray(S, sums, to);
		FloatVector b = FloatVector.fromArray(S, sums, to + next);
		FloatVector c = FloatVector.fromArray(S, sums, to + 2 * next);
		for (int tap = 0; tap < count; tap++) {
			final FloatVector v = FloatVector.fromArray(S, in, at + taps[first + tap]);
			final int t = wAt + DEEP * tap;
			a = v.fma(FloatVector.broadcast(S, w[t]), a);
			b = v.fma(FloatVector.broadcast(S, w[t + 1]), b);
			c = v.fma(FloatVector.broadcast(S, w[t + 2]), c);
		}
		a.intoArray(sums, to);
		b.intoArray(sums, to + next);
		c.intoArray(sums, to + 2 * next);
	}

	@Override
	public void convolveGradFilters(final float[] in, final int inOffset, final int inStride,
		final int inPlane, final int channels, final float[] dOut, final int dOffset, final int dStride,
		final int dPlane, final int filters, final int k, final float[] dFilters, final int width,
		final int rows)
	{
		final int[] taps = taps(inStride, inPlane, channels, k, k);
		for (int f = 0; f < filters; f += TILE)
			grad(in, inOffset, inStride, taps, dOut, dOffset + f * dPlane, dStride, dPlane, Math.min(TILE,
				filters - f), dFilters, f * taps.length, width, rows);
	}

	/** Sums for up to 4 filters and all taps; those of a filter are side by side in {@code w}. */
	private static void grad(final float[] in, final int at, final int stride, final int[] taps,
		final float[] d, final int dAt, final int dStride, final int dPlane, final int filters,
		final float[] w, final int wAt, final int width, final int rows)
	{
		for (int t = 0; t < taps.length; t += 3) {
			final int n = Math.min(3, taps.length - t), i = at + taps[t];
			// missing taps read their neighbours' values instead, and are not stored
			final int i1 = n > 1 ? at + taps[t + 1] - i : 0, i2 = n > 2 ? at + taps[t + 2] - i : 0;
			grad43(in, i, stride, i1, i2, d, dAt, dStride, dPlane, filters, w, wAt + t, taps.length, n,
				width, rows);
			final int full = S.loopBound(width);
			if (full < width) for (int f = 0; f < filters; f++)
				for (int u = t; u < t + n; u++)
					w[wAt + f * taps.length + u] += single(in, at + taps[u], stride, d, dAt + f * dPlane, dStride,
						full, width, rows);
		}
	}

	/** What is left of the rows beside their full vectors. */
	private static float single(final float[] in, final int at, final int stride, final float[] d,
		final int dAt, final int dStride, final int from, final int width, final int rows)
	{
		float sum = 0;
		for (int r = 0; r < rows; r++)
			for (int x = from; x < width; x++)
				sum = Math.fma(in[at + r * stride + x], d[dAt + r * dStride + x], sum);
		return sum;
	}

	/**
	 * 4 filters x 3 taps: 12 sums, 7 loads for 12 multiply-adds.
	 *
	 * @param t1 from the input of the first tap to that of the second
	 * @param t2 to that of the third
	 */
	private static void grad43(final float[] in, final int at, final int stride, final int t1,
		final int t2, final float[] d, final int dAt, final int dStride, final int dPlane,
		final int filters, final float[] w, final int wAt, final int wStep, final int taps,
		final int width, final int rows)
	{
		FloatVector a00 = FloatVector.zero(S), a01 = a00, a02 = a00;
		FloatVector a10 = a00, a11 = a00, a12 = a00;
		FloatVector a20 = a00, a21 = a00, a22 = a00;
		FloatVector a30 = a00, a31 = a00, a32 = a00;
		// missing filters read their neighbours' values instead, and are not stored
		final int p1 = filters > 1 ? dPlane : 0, p2 = filters > 2 ? 2 * dPlane : 0;
		final int p3 = filters > 3 ? 3 * dPlane : 0;
		final int full = S.loopBound(width);
		// one loop over all vectors of all rows, for the reason given at taps()
		int i0 = at, d0 = dAt, x = 0;
		for (int left = rows * (full / L); left > 0; left--) {
			final FloatVector v0 = FloatVector.fromArray(S, in, i0 + x);
			final FloatVector v1 = FloatVector.fromArray(S, in, i0 + x + t1);
			final FloatVector v2 = FloatVector.fromArray(S, in, i0 + x + t2);
			final FloatVector g0 = FloatVector.fromArray(S, d, d0 + x);
			a00 = v0.fma(g0, a00);
			a01 = v1.fma(g0, a01);
			a02 = v2.fma(g0, a02);
			final FloatVector g1 = FloatVector.fromArray(S, d, d0 + x + p1);
			a10 = v0.fma(g1, a10);
			a11 = v1.fma(g1, a11);
			a12 = v2.fma(g1, a12);
			final FloatVector g2 = FloatVector.fromArray(S, d, d0 + x + p2);
			a20 = v0.fma(g2, a20);
			a21 = v1.fma(g2, a21);
			a22 = v2.fma(g2, a22);
			final FloatVector g3 = FloatVector.fromArray(S, d, d0 + x + p3);
			a30 = v0.fma(g3, a30);
			a31 = v1.fma(g3, a31);
			a32 = v2.fma(g3, a32);
			x += L;
			if (x == full) {
				x = 0;
				i0 += stride;
				d0 += dStride;
			}
		}
		{
			w[wAt] += a00.reduceLanes(VectorOperators.ADD);
			if (taps > 1) w[wAt + 1] += a01.reduceLanes(VectorOperators.ADD);
			if (taps > 2) w[wAt + 2] += a02.reduceLanes(VectorOperators.ADD);
		}
		if (filters > 1) {
			w[wAt + wStep] += a10.reduceLanes(VectorOperators.ADD);
			if (taps > 1) w[wAt + wStep + 1] += a11.reduceLanes(VectorOperators.ADD);
			if (taps > 2) w[wAt + wStep + 2] += a12.reduceLanes(VectorOperators.ADD);
		}
		if (filters > 2) {
			w[wAt + 2 * wStep] += a20.reduceLanes(VectorOperators.ADD);
			if (taps > 1) w[wAt + 2 * wStep + 1] += a21.reduceLanes(VectorOperators.ADD);
			if (taps > 2) w[wAt + 2 * wStep + 2] += a22.reduceLanes(VectorOperators.ADD);
		}
		if (filters > 3) {
			w[wAt + 3 * wStep] += a30.reduceLanes(VectorOperators.ADD);
			if (taps > 1) w[wAt + 3 * wStep + 1] += a31.reduceLanes(VectorOperators.ADD);
			if (taps > 2) w[wAt + 3 * wStep + 2] += a32.reduceLanes(VectorOperators.ADD);
		}
	}

	@Override
	public void mixGradWeights(final float[] in, final int inOffset, final int inPlane,
		final int inputs, final float[] dOut, final int dOffset, final int dPlane, final int outputs,
		final float[] dWeights, final int length)
	{
		final int[] taps = taps(0, inPlane, inputs, 1, 1);
		for (int o = 0; o < outputs; o += TILE)
			grad(in, inOffset, 0, taps, dOut, dOffset + o * dPlane, 0, dPlane, Math.min(TILE, outputs - o),
				dWeights, o * inputs, length, 1);
	}

	@Override
	public void tanh(final float[] a, final int offset, final int length) {
		int i = 0;
		for (final int full = S.loopBound(length); i < full; i += L) {
			final FloatVector x = FloatVector.fromArray(S, a, offset + i).min(RationalTanh.LIMIT).max(
				-RationalTanh.LIMIT);
			final FloatVector u = x.mul(x);
			final FloatVector p = FloatVector.broadcast(S, RationalTanh.P4).fma(u, FloatVector.broadcast(
				S, RationalTanh.P3)).fma(u, FloatVector.broadcast(S, RationalTanh.P2)).fma(u, FloatVector
					.broadcast(S, RationalTanh.P1)).fma(u, FloatVector.broadcast(S, RationalTanh.P0));
			final FloatVector q = FloatVector.broadcast(S, RationalTanh.Q4).fma(u, FloatVector.broadcast(
				S, RationalTanh.Q3)).fma(u, FloatVector.broadcast(S, RationalTanh.Q2)).fma(u, FloatVector
					.broadcast(S, RationalTanh.Q1)).fma(u, FloatVector.broadcast(S, 1));
			x.mul(p).div(q).intoArray(a, offset + i);
		}
		for (; i < length; i++)
			a[offset + i] = RationalTanh.fused(a[offset + i]);
	}

	@Override
	public void tanhGrad(final float[] t, final int tOffset, final float[] d, final int dOffset,
		final int length)
	{
		int i = 0;
		for (final int full = S.loopBound(length); i < full; i += L) {
			final FloatVector v = FloatVector.fromArray(S, t, tOffset + i);
			final FloatVector g = FloatVector.fromArray(S, d, dOffset + i);
			g.sub(v.mul(v).mul(g)).intoArray(d, dOffset + i);
		}
		for (; i < length; i++) {
			final float v = t[tOffset + i], g = d[dOffset + i];
			d[dOffset + i] = g - v * v * g;
		}
	}

	@Override
	public void keepStrong(final float[] across, final float[] down, final int length, final float threshold) {
		int i = 0;
		for (final int full = S.loopBound(length); i < full; i += L) {
			final FloatVector dx = FloatVector.fromArray(S, across, i), dy = FloatVector.fromArray(S, down, i);
			final VectorMask<Float> keep = dx.mul(dx).add(dy.mul(dy)).compare(VectorOperators.GE, threshold);
			NONE.blend(dx, keep).intoArray(across, i);
			NONE.blend(dy, keep).intoArray(down, i);
		}
		for (; i < length; i++) {
			final float dx = across[i], dy = down[i];
			if (!(dx * dx + dy * dy >= threshold)) across[i] = down[i] = 0;
		}
	}

	@Override
	public boolean fastPasses() {
		return true;
	}

	@Override
	public void fftPass(final int radix, final int n, final int stride, final int lanes,
		final int sign, final float[] twiddles, final float[] re, final float[] im, final float[] outRe,
		final float[] outIm)
	{
		final int m = n / radix, run = stride * lanes;
		if (run % L != 0) throw new IllegalArgumentException("Lanes must be a multiple of " + L);
		for (int p = 0; p < m; p++) {
			final int w = 2 * p * (radix - 1);
			final int from = run * p, to = run * radix * p;
			switch (radix) {
				case 2 -> radix2(run, from, run * m, to, twiddles, w, re, im, outRe, outIm);
				case 3 -> radix3(run, from, run * m, to, sign, twiddles, w, re, im, outRe, outIm);
				case 4 -> radix4(run, from, run * m, to, sign, twiddles, w, re, im, outRe, outIm);
				case 5 -> radix5(run, from, run * m, to, sign, twiddles, w, re, im, outRe, outIm);
				default -> throw new IllegalArgumentException("Radix " + radix);
			}
		}
	}

	private static void radix2(final int run, final int from, final int step, final int to,
		final float[] tw, final int w, final float[] re, final float[] im, final float[] outRe,
		final float[] outIm)
	{
		final float c = tw[w], s = tw[w + 1];
		for (int q = 0; q < run; q += L) {
			final FloatVector ar = FloatVector.fromArray(S, re, from + q);
			final FloatVector ai = FloatVector.fromArray(S, im, from + q);
			final FloatVector br = FloatVector.fromArray(S, re, from + q + step);
			final FloatVector bi = FloatVector.fromArray(S, im, from + q + step);
			ar.add(br).intoArray(outRe, to + q);
			ai.add(bi).intoArray(outIm, to + q);
			twiddle(ar.sub(br), ai.sub(bi), c, s, outRe, outIm, to + q + run);
		}
	}

	private static void twiddle(final FloatVector r, final FloatVector i, final float c, final float s,
		final float[] outRe, final float[] outIm, final int to)
	{
		final FloatVector cos = FloatVector.broadcast(S, c);
		i.fma(FloatVector.broadcast(S, -s), r.mul(cos)).intoArray(outRe, to);
		r.fma(FloatVector.broadcast(S, s), i.mul(cos)).intoArray(outIm, to);
	}

	private static void radix3(final int run, final int from, final int step, final int to,
		final int sign, final float[] tw, final int w, final float[] re, final float[] im,
		final float[] outRe, final float[] outIm)
	{
		final float h = (float) (sign * Math.sqrt(3) / 2);
		final float c1 = tw[w], s1 = tw[w + 1], c2 = tw[w + 2], s2 = tw[w + 3];
		for (int q = 0; q < run; q += L) {
			final FloatVector ar = FloatVector.fromArray(S, re, from + q);
			final FloatVector ai = FloatVector.fromArray(S, im, from + q);
			final FloatVector br = FloatVector.fromArray(S, re, from + q + step);
			final FloatVector bi = FloatVector.fromArray(S, im, from + q + step);
			final FloatVector cr = FloatVector.fromArray(S, re, from + q + 2 * step);
			final FloatVector ci = FloatVector.fromArray(S, im, from + q + 2 * step);
			final FloatVector sr = br.add(cr), si = bi.add(ci);
			final FloatVector mr = ar.sub(sr.mul(0.5f)), mi = ai.sub(si.mul(0.5f));
			final FloatVector dr = bi.sub(ci).mul(h), di = br.sub(cr).mul(h);
			ar.add(sr).intoArray(outRe, to + q);
			ai.add(si).intoArray(outIm, to + q);
			twiddle(mr.sub(dr), mi.add(di), c1, s1, outRe, outIm, to + q + run);
			twiddle(mr.add(dr), mi.sub(di), c2, s2, outRe, outIm, to + q + 2 * run);
		}
	}

	private static void radix4(final int run, final int from, final int step, final int to,
		final int sign, final float[] tw, final int w, final float[] re, final float[] im,
		final float[] outRe, final float[] outIm)
	{
		final float c1 = tw[w], s1 = tw[w + 1], c2 = tw[w + 2], s2 = tw[w + 3], c3 = tw[w + 4];
		final float s3 = tw[w + 5], h = sign;
		for (int q = 0; q < run; q += L) {
			final FloatVector ar = FloatVector.fromArray(S, re, from + q);
			final FloatVector ai = FloatVector.fromArray(S, im, from + q);
			final FloatVector br = FloatVector.fromArray(S, re, from + q + step);
			final FloatVector bi = FloatVector.fromArray(S, im, from + q + step);
			final FloatVector cr = FloatVector.fromArray(S, re, from + q + 2 * step);
			final FloatVector ci = FloatVector.fromArray(S, im, from + q + 2 * step);
			final FloatVector dr = FloatVector.fromArray(S, re, from + q + 3 * step);
			final FloatVector di = FloatVector.fromArray(S, im, from + q + 3 * step);
			final FloatVector er = ar.add(cr), ei = ai.add(ci), fr = ar.sub(cr), fi = ai.sub(ci);
			final FloatVector gr = br.add(dr), gi = bi.add(di);
			// i * sign * (b - d)
			final FloatVector hr = di.sub(bi).mul(h), hi = br.sub(dr).mul(h);
			er.add(gr).intoArray(outRe, to + q);
			ei.add(gi).intoArray(outIm, to + q);
			twiddle(fr.add(hr), fi.add(hi), c1, s1, outRe, outIm, to + q + run);
			twiddle(er.sub(gr), ei.sub(gi), c2, s2, outRe, outIm, to + q + 2 * run);
			twiddle(fr.sub(hr), fi.sub(hi), c3, s3, outRe, outIm, to + q + 3 * run);
		}
	}

	/**
	 * Two outputs at a time: all of them at once are more than there are registers for, and took twice as long. Written out, as
	 * the compiler gives up on methods within methods here, and then makes objects of vectors.
	 */
	private static void radix5(final int run, final int from, final int step, final int to,
		final int sign, final float[] tw, final int w, final float[] re, final float[] im,
		final float[] outRe, final float[] outIm)
	{
		final float h1 = sign * SIN_72, h2 = sign * SIN_144;
		fifth(run, from, step, to, re, outRe);
		fifth(run, from, step, to, im, outIm);
		twoFifths(run, from, step, COS_72, COS_144, h1, h2, tw[w], tw[w + 1], tw[w + 6], tw[w + 7], re, im, outRe, outIm, to +
			run, to + 4 * run);
		twoFifths(run, from, step, COS_144, COS_72, h2, -h1, tw[w + 2], tw[w + 3], tw[w + 4], tw[w + 5], re, im, outRe, outIm,
			to + 2 * run, to + 3 * run);
	}

	/** The sum of all five. */
	private static void fifth(final int run, final int from, final int step, final int to, final float[] in, final float[] out) {
		for (int q = 0; q < run; q += L) {
			final int a = from + q;
			final FloatVector ab = FloatVector.fromArray(S, in, a).add(FloatVector.fromArray(S, in, a + step));
			final FloatVector cd = FloatVector.fromArray(S, in, a + 2 * step).add(FloatVector.fromArray(S, in, a + 3 * step));
			ab.add(cd).add(FloatVector.fromArray(S, in, a + 4 * step)).intoArray(out, to + q);
		}
	}

	private static void twoFifths(final int run, final int from, final int step, final float k1, final float k2, final float h1,
		final float h2, final float c1, final float s1, final float c2, final float s2, final float[] re, final float[] im,
		final float[] outRe, final float[] outIm, final int first, final int second)
	{
		for (int q = 0; q < run; q += L) {
			final int a = from + q;
			final FloatVector br = FloatVector.fromArray(S, re, a + step), er = FloatVector.fromArray(S, re, a + 4 * step);
			final FloatVector cr = FloatVector.fromArray(S, re, a + 2 * step), dr = FloatVector.fromArray(S, re, a + 3 * step);
			final FloatVector bi = FloatVector.fromArray(S, im, a + step), ei = FloatVector.fromArray(S, im, a + 4 * step);
			final FloatVector ci = FloatVector.fromArray(S, im, a + 2 * step), di = FloatVector.fromArray(S, im, a + 3 * step);
			final FloatVector ur = br.add(er).mul(k1).add(cr.add(dr).mul(k2)).add(FloatVector.fromArray(S, re, a));
			final FloatVector ui = bi.add(ei).mul(k1).add(ci.add(di).mul(k2)).add(FloatVector.fromArray(S, im, a));
			final FloatVector vr = bi.sub(ei).mul(h1).add(ci.sub(di).mul(h2));
			final FloatVector vi = br.sub(er).mul(h1).add(cr.sub(dr).mul(h2));
			twiddle(ur.sub(vr), ui.add(vi), c1, s1, outRe, outIm, first + q);
			twiddle(ur.add(vr), ui.sub(vi), c2, s2, outRe, outIm, second + q);
		}
	}
}
