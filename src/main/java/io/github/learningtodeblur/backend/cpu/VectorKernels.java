package io.github.learningtodeblur.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The hot loops with {@code jdk.incubator.vector}; the only class that imports it. */
final class VectorKernels implements Kernels {

	private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
	private static final int L = S.length();

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
		final int[] taps = taps(inStride, inPlane, channels, kh, kw);
		for (int r = 0; r < rows; r++) {
			final int from = inOffset + r * rowStep * inStride;
			final int to = outOffset + r * outStride;
			int x = 0;
			for (; x + 4 * L <= width; x += 4 * L)
				for (int f = 0; f < filters; f += TILE)
					tile4(in, from + x, taps, packed, f * taps.length, out, to + x + f * outPlane, outPlane, Math
						.min(TILE, filters - f));
			for (; x + L <= width; x += L)
				for (int f = 0; f < filters; f += TILE)
					tile1(in, from + x, taps, packed, f * taps.length, out, to + x + f * outPlane, outPlane, Math
						.min(TILE, filters - f));
			if (x < width) {
				if (width >= L) { // a last vector that overlaps the one before: same sums, written again
					x = width - L;
					for (int f = 0; f < filters; f += TILE)
						tile1(in, from + x, taps, packed, f * taps.length, out, to + x + f * outPlane, outPlane,
							Math.min(TILE, filters - f));
				}
				else for (; x < width; x++)
					for (int f = 0; f < filters; f++)
						out[to + x + f * outPlane] = single(in, from + x, taps, packed, f / TILE * TILE *
							taps.length + f % TILE);
			}
		}
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
		for (int t = 0; t < taps.length; t++)
			taps[t] = t / (kh * kw) * plane + t / kw % kh * stride + t % kw;
		return taps;
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
			store2(a00, a01, out, to);
			store2(a02, a03, out, to + 2 * L);
		}
		if (filters > 1) {
			store2(a10, a11, out, to + outPlane);
			store2(a12, a13, out, to + outPlane + 2 * L);
		}
		if (filters > 2) {
			store2(a20, a21, out, to + 2 * outPlane);
			store2(a22, a23, out, to + 2 * outPlane + 2 * L);
		}
		if (filters > 3) {
			store2(a30, a31, out, to + 3 * outPlane);
			store2(a32, a33, out, to + 3 * outPlane + 2 * L);
		}
	}

	private static void store2(final FloatVector a, final FloatVector b, final float[] out,
		final int to)
	{
		a.intoArray(out, to);
		b.intoArray(out, to + L);
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
	public void convolveGradFilters(final float[] in, final int inOffset, final int inStride,
		final int inPlane, final int channels, final float[] dOut, final int dOffset, final int dStride,
		final int dPlane, final int filters, final int k, final float[] dFilters, final int width,
		final int rows)
	{
		for (int f = 0; f < filters; f += TILE) {
			final int nf = Math.min(TILE, filters - f);
			for (int c = 0; c < channels; c++)
				for (int dy = 0; dy < k; dy++)
					for (int dx = 0; dx < k; dx += 3)
						grad43(in, inOffset + c * inPlane + dy * inStride + dx, inStride, dOut, dOffset + f *
							dPlane, dStride, dPlane, nf, dFilters, ((f * channels + c) * k + dy) * k + dx,
							channels * k * k, Math.min(3, k - dx), width, rows);
		}
	}

	/** 4 filters x 3 neighbouring taps: 12 sums, 7 loads for 12 multiply-adds. */
	private static void grad43(final float[] in, final int at, final int stride, final float[] d,
		final int dAt, final int dStride, final int dPlane, final int filters, final float[] w,
		final int wAt, final int wStep, final int taps, final int width, final int rows)
	{
		FloatVector a00 = FloatVector.zero(S), a01 = a00, a02 = a00;
		FloatVector a10 = a00, a11 = a00, a12 = a00;
		FloatVector a20 = a00, a21 = a00, a22 = a00;
		FloatVector a30 = a00, a31 = a00, a32 = a00;
		// missing filters and taps read their neighbours' values instead, and are not stored
		final int p1 = filters > 1 ? dPlane : 0, p2 = filters > 2 ? 2 * dPlane : 0;
		final int p3 = filters > 3 ? 3 * dPlane : 0;
		final int t1 = taps > 1 ? 1 : 0, t2 = taps > 2 ? 2 : 0;
		final int full = S.loopBound(width);
		// one loop over all vectors of all rows, for the reason given at taps()
		int i0 = at, d0 = dAt, x = 0;
		for (int left = full == 0 ? 0 : rows * (full / L); left > 0; left--) {
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
		add3(a00, a01, a02, w, wAt, taps);
		if (filters > 1) add3(a10, a11, a12, w, wAt + wStep, taps);
		if (filters > 2) add3(a20, a21, a22, w, wAt + 2 * wStep, taps);
		if (filters > 3) add3(a30, a31, a32, w, wAt + 3 * wStep, taps);
		if (full < width) for (int f = 0; f < filters; f++)
			for (int t = 0; t < taps; t++) {
				float sum = 0;
				for (int r = 0; r < rows; r++)
					for (x = full; x < width; x++)
						sum = Math.fma(in[at + r * stride + x + t], d[dAt + f * dPlane + r * dStride + x], sum);
				w[wAt + f * wStep + t] += sum;
			}
	}

	private static void add3(final FloatVector a, final FloatVector b, final FloatVector c,
		final float[] w, final int at, final int taps)
	{
		w[at] += a.reduceLanes(VectorOperators.ADD);
		if (taps > 1) w[at + 1] += b.reduceLanes(VectorOperators.ADD);
		if (taps > 2) w[at + 2] += c.reduceLanes(VectorOperators.ADD);
	}

	@Override
	public void mixGradWeights(final float[] in, final int inOffset, final int inPlane,
		final int inputs, final float[] dOut, final int dOffset, final int dPlane, final int outputs,
		final float[] dWeights, final int length)
	{
		for (int o = 0; o < outputs; o += 4)
			for (int i = 0; i < inputs; i += 4)
				mix44(in, inOffset + i * inPlane, inPlane, Math.min(4, inputs - i), dOut, dOffset + o *
					dPlane, dPlane, Math.min(4, outputs - o), dWeights, o * inputs + i, inputs, length);
	}

	private static void mix44(final float[] in, final int at, final int plane, final int ni,
		final float[] d, final int dAt, final int dPlane, final int no, final float[] w, final int wAt,
		final int wStep, final int length)
	{
		FloatVector a00 = FloatVector.zero(S), a01 = a00, a02 = a00, a03 = a00;
		FloatVector a10 = a00, a11 = a00, a12 = a00, a13 = a00;
		FloatVector a20 = a00, a21 = a00, a22 = a00, a23 = a00;
		FloatVector a30 = a00, a31 = a00, a32 = a00, a33 = a00;
		final int i1 = ni > 1 ? plane : 0, i2 = ni > 2 ? 2 * plane : 0, i3 = ni > 3 ? 3 * plane : 0;
		final int o1 = no > 1 ? dPlane : 0, o2 = no > 2 ? 2 * dPlane : 0, o3 = no > 3 ? 3 * dPlane : 0;
		final int full = S.loopBound(length);
		for (int x = 0; x < full; x += L) {
			final FloatVector v0 = FloatVector.fromArray(S, in, at + x);
			final FloatVector v1 = FloatVector.fromArray(S, in, at + x + i1);
			final FloatVector v2 = FloatVector.fromArray(S, in, at + x + i2);
			final FloatVector v3 = FloatVector.fromArray(S, in, at + x + i3);
			final FloatVector g0 = FloatVector.fromArray(S, d, dAt + x);
			a00 = v0.fma(g0, a00);
			a01 = v1.fma(g0, a01);
			a02 = v2.fma(g0, a02);
			a03 = v3.fma(g0, a03);
			final FloatVector g1 = FloatVector.fromArray(S, d, dAt + x + o1);
			a10 = v0.fma(g1, a10);
			a11 = v1.fma(g1, a11);
			a12 = v2.fma(g1, a12);
			a13 = v3.fma(g1, a13);
			final FloatVector g2 = FloatVector.fromArray(S, d, dAt + x + o2);
			a20 = v0.fma(g2, a20);
			a21 = v1.fma(g2, a21);
			a22 = v2.fma(g2, a22);
			a23 = v3.fma(g2, a23);
			final FloatVector g3 = FloatVector.fromArray(S, d, dAt + x + o3);
			a30 = v0.fma(g3, a30);
			a31 = v1.fma(g3, a31);
			a32 = v2.fma(g3, a32);
			a33 = v3.fma(g3, a33);
		}
		add4(a00, a01, a02, a03, w, wAt, ni);
		if (no > 1) add4(a10, a11, a12, a13, w, wAt + wStep, ni);
		if (no > 2) add4(a20, a21, a22, a23, w, wAt + 2 * wStep, ni);
		if (no > 3) add4(a30, a31, a32, a33, w, wAt + 3 * wStep, ni);
		if (full < length) for (int o = 0; o < no; o++)
			for (int i = 0; i < ni; i++) {
				float sum = 0;
				for (int x = full; x < length; x++)
					sum = Math.fma(in[at + i * plane + x], d[dAt + o * dPlane + x], sum);
				w[wAt + o * wStep + i] += sum;
			}
	}

	private static void add4(final FloatVector a, final FloatVector b, final FloatVector c,
		final FloatVector d, final float[] w, final int at, final int n)
	{
		add3(a, b, c, w, at, n);
		if (n > 3) w[at + 3] += d.reduceLanes(VectorOperators.ADD);
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
		r.mul(c).sub(i.mul(s)).intoArray(outRe, to);
		r.mul(s).add(i.mul(c)).intoArray(outIm, to);
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

	private static void radix5(final int run, final int from, final int step, final int to,
		final int sign, final float[] tw, final int w, final float[] re, final float[] im,
		final float[] outRe, final float[] outIm)
	{
		final float k1 = (float) Math.cos(2 * Math.PI / 5), k2 = (float) Math.cos(4 * Math.PI / 5);
		final float h1 = (float) (sign * Math.sin(2 * Math.PI / 5));
		final float h2 = (float) (sign * Math.sin(4 * Math.PI / 5));
		for (int q = 0; q < run; q += L) {
			final FloatVector ar = FloatVector.fromArray(S, re, from + q);
			final FloatVector ai = FloatVector.fromArray(S, im, from + q);
			final FloatVector br = FloatVector.fromArray(S, re, from + q + step);
			final FloatVector bi = FloatVector.fromArray(S, im, from + q + step);
			final FloatVector cr = FloatVector.fromArray(S, re, from + q + 2 * step);
			final FloatVector ci = FloatVector.fromArray(S, im, from + q + 2 * step);
			final FloatVector dr = FloatVector.fromArray(S, re, from + q + 3 * step);
			final FloatVector di = FloatVector.fromArray(S, im, from + q + 3 * step);
			final FloatVector er = FloatVector.fromArray(S, re, from + q + 4 * step);
			final FloatVector ei = FloatVector.fromArray(S, im, from + q + 4 * step);
			final FloatVector p1r = br.add(er), p1i = bi.add(ei), m1r = br.sub(er), m1i = bi.sub(ei);
			final FloatVector p2r = cr.add(dr), p2i = ci.add(di), m2r = cr.sub(dr), m2i = ci.sub(di);
			ar.add(p1r).add(p2r).intoArray(outRe, to + q);
			ai.add(p1i).add(p2i).intoArray(outIm, to + q);
			final FloatVector ur = ar.add(p1r.mul(k1)).add(p2r.mul(k2));
			final FloatVector ui = ai.add(p1i.mul(k1)).add(p2i.mul(k2));
			final FloatVector vr = m1i.mul(h1).add(m2i.mul(h2));
			final FloatVector vi = m1r.mul(h1).add(m2r.mul(h2));
			twiddle(ur.sub(vr), ui.add(vi), tw[w], tw[w + 1], outRe, outIm, to + q + run);
			twiddle(ur.add(vr), ui.sub(vi), tw[w + 6], tw[w + 7], outRe, outIm, to + q + 4 * run);
			final FloatVector xr = ar.add(p1r.mul(k2)).add(p2r.mul(k1));
			final FloatVector xi = ai.add(p1i.mul(k2)).add(p2i.mul(k1));
			final FloatVector yr = m1i.mul(h2).sub(m2i.mul(h1));
			final FloatVector yi = m1r.mul(h2).sub(m2r.mul(h1));
			twiddle(xr.sub(yr), xi.add(yi), tw[w + 2], tw[w + 3], outRe, outIm, to + q + 2 * run);
			twiddle(xr.add(yr), xi.sub(yi), tw[w + 4], tw[w + 5], outRe, outIm, to + q + 3 * run);
		}
	}
}
