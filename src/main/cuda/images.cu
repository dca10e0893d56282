// Channels copied, added, weighted and clamped.
#include "common.cuh"

/** Of every batch element, n values from one offset to another. */
extern "C" __global__ void copyChannels(const float* from, int fromOffset, int fromLength, float* to, int toOffset, int toLength,
	int n, int batch)
{
	const int i = inPlane();
	if (i >= n) return;
	FOR_EACH_PLANE(b, batch) to[(size_t) b * toLength + toOffset + i] = from[(size_t) b * fromLength + fromOffset + i];
}

extern "C" __global__ void addChannels(const float* from, int fromOffset, int fromLength, float factor, float* to, int toOffset,
	int toLength, int n, int batch)
{
	const int i = inPlane();
	if (i >= n) return;
	FOR_EACH_PLANE(b, batch) to[(size_t) b * toLength + toOffset + i] += factor * from[(size_t) b * fromLength + fromOffset + i];
}

extern "C" __global__ void scale(float* t, const float* weights, int n, int planes) {
	const int i = inPlane();
	if (i >= n) return;
	const float w = weights[i];
	FOR_EACH_PLANE(p, planes) t[(size_t) p * n + i] *= w;
}

extern "C" __global__ void clampValues(const float* x, const float* low, const float* high, float* out, int n) {
	const int i = inPlane();
	if (i < n) out[i] = fminf(high[i], fmaxf(low[i], x[i]));
}

extern "C" __global__ void clampGrad(const float* x, const float* low, const float* high, float* d, int n) {
	const int i = inPlane();
	if (i < n && !(x[i] > low[i] && x[i] < high[i])) d[i] = 0;
}

/** Catmull-Rom: Keys' cubic with a = -1/2. */
__device__ float cubic(float at) {
	const float x = fabsf(at);
	if (x >= 2) return 0;
	if (x >= 1) return ((-0.5f * x + 2.5f) * x - 4) * x + 2;
	return (1.5f * x - 2.5f) * x * x + 1;
}

/** The inputs that one output of a resampled axis is made of: see util.Resampling. */
struct Taps {
	int first, count;
	/** From the middle of the output to the first input, and between inputs. */
	float start, step;
	/** What the weights have to be divided by. */
	float sum;

	__device__ Taps(int i, int in, int out) {
		const double ratio = (double) in / out, widen = max(1.0, ratio), middle = (i + 0.5) * ratio - 0.5;
		first = (int) ceil(middle - 2 * widen);
		count = (int) ceil(4 * widen) + 1;
		start = (float) ((first - middle) / widen);
		step = (float) (1 / widen);
		sum = 0;
		for (int t = 0; t < count; t++)
			sum += weight(t);
	}

	__device__ float weight(int t) const { return cubic(start + t * step); }
};

/** One axis: in (planes, n, inner) to out (planes, m, inner). */
extern "C" __global__ void resample(const float* in, float* out, int n, int m, int inner, int planes) {
	const int i = inPlane();
	if (i >= m * inner) return;
	const int row = i / inner, column = i % inner;
	const Taps taps(row, n, m);
	FOR_EACH_PLANE(p, planes) {
		float sum = 0;
		for (int t = 0; t < taps.count; t++)
			sum += taps.weight(t) * in[((size_t) p * n + max(0, min(n - 1, taps.first + t))) * inner + column];
		out[(size_t) p * m * inner + i] = sum / taps.sum;
	}
}

/** The adjoint: dOut (planes, m, inner) to dIn (planes, n, inner), overwritten. */
extern "C" __global__ void resampleGrad(const float* dOut, float* dIn, int n, int m, int inner, int planes) {
	const int i = inPlane();
	if (i >= n * inner) return;
	const int row = i / inner, column = i % inner;
	const double ratio = (double) n / m, reach = 2 * max(1.0, ratio) + 1;
	// edges are replicated: what reaches beyond them falls on the first or last row
	const int from = row == 0 ? 0 : max(0, (int) floor((row - reach + 0.5) / ratio - 0.5));
	const int to = row == n - 1 ? m - 1 : min(m - 1, (int) ceil((row + reach + 0.5) / ratio - 0.5));
	FOR_EACH_PLANE(p, planes) {
		float sum = 0;
		for (int o = from; o <= to; o++) {
			const Taps taps(o, n, m);
			float weight = 0;
			for (int t = 0; t < taps.count; t++)
				if (max(0, min(n - 1, taps.first + t)) == row) weight += taps.weight(t);
			sum += weight / taps.sum * dOut[((size_t) p * m + o) * inner + column];
		}
		dIn[(size_t) p * n * inner + i] = sum;
	}
}
