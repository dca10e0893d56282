// What deconvolution with a known kernel, the refinement of kernels and learned restoration need of images.
#include "common.cuh"

/** See Shrinkage.java. */
enum Rule { STRONG, POWER, UNIT };

/**
 * The w with the least |w|^alpha + beta / 2 (w - v)^2, for v above the threshold where w jumps away from 0: Newton's steps
 * come down to the zero of the derivative from above, which is convex there.
 */
__device__ float leastPower(float v, float alpha, float beta, float threshold) {
	const float size = fabsf(v);
	if (!(size > threshold)) return 0;
	float w = size;
	if (alpha == 1) w -= 1 / beta;
	else for (int i = 0; i < 6; i++) {
		const float slope = alpha / beta * powf(w, alpha - 2);
		w -= (slope * w + w - size) / ((alpha - 1) * slope + 1);
	}
	return v < 0 ? -w : w;
}

/** Differences to the right and below, circular, after the rule. */
__device__ float2 shrunkDifferences(const float* image, int x, int y, int width, int height, int rule, float first,
	float second, float threshold)
{
	const float here = image[y * width + x];
	const float dx = image[y * width + (x + 1 == width ? 0 : x + 1)] - here;
	const float dy = image[(y + 1 == height ? 0 : y + 1) * width + x] - here;
	if (rule == POWER) return make_float2(leastPower(dx, first, second, threshold), leastPower(dy, first, second, threshold));
	if (rule == STRONG) return dx * dx + dy * dy >= first ? make_float2(dx, dy) : make_float2(0, 0);
	const float scale = 1 / sqrtf(dx * dx + dy * dy + first * first);
	return make_float2(dx * scale, dy * scale);
}

/** @param first,second threshold, alpha and beta, or flat */
extern "C" __global__ void shrunkDivergence(const float* images, float* out, int width, int height, int rule, float first,
	float second, float threshold, int planes)
{
	const int i = inPlane();
	if (i >= width * height) return;
	const int x = i % width, y = i / width;
	FOR_EACH_PLANE(p, planes) {
		const float* image = images + (size_t) p * width * height;
		const float2 here = shrunkDifferences(image, x, y, width, height, rule, first, second, threshold);
		const float left = shrunkDifferences(image, x == 0 ? width - 1 : x - 1, y, width, height, rule, first, second, threshold).x;
		const float above = shrunkDifferences(image, x, y == 0 ? height - 1 : y - 1, width, height, rule, first, second,
			threshold).y;
		// the adjoint of a difference: (Dx' w)(i) = w(i - 1) - w(i)
		out[(size_t) p * width * height + i] = left - here.x + above - here.y;
	}
}

/** @param images of what was observed, 1 serves for all */
extern "C" __global__ void keepObserved(const float* observed, int seenWidth, int seenHeight, int images, float white,
	float* predicted, int width, int height, int planes)
{
	const int i = inPlane();
	if (i >= seenWidth * seenHeight) return;
	const int at = i / seenWidth * width + i % seenWidth;
	FOR_EACH_PLANE(p, planes) {
		const float v = observed[planeAt(p, images, seenWidth * seenHeight) + i];
		float* to = predicted + (size_t) p * width * height + at;
		if (v < white) *to = v;
		else if (v >= white) *to = fmaxf(white, *to); // else not a number
	}
}

extern "C" __global__ void ratio(const float* observed, int seenWidth, int seenHeight, int images, float least,
	float* predicted, int width, int height, int planes)
{
	const int i = inPlane();
	if (i >= width * height) return;
	const int x = i % width, y = i / width;
	FOR_EACH_PLANE(p, planes) {
		float* to = predicted + (size_t) p * width * height + i;
		float r = 1;
		if (x < seenWidth && y < seenHeight) {
			const float v = observed[planeAt(p, images, seenWidth * seenHeight) + y * seenWidth + x];
			if (v == v) r = fmaxf(0, v) / fmaxf(least, *to);
		}
		*to = r;
	}
}

extern "C" __global__ void correct(const float* correction, const float* divergence, float lambda, float least,
	float* estimate, int n)
{
	const int i = inPlane();
	if (i >= n) return;
	const float prior = divergence ? 1 + lambda * divergence[i] : 1;
	estimate[i] = fmaxf(least, estimate[i] / prior * correction[i]);
}

// -- refinement --

extern "C" __global__ void gradients(const float* images, const float* weights, float* out, int width, int height, int batch) {
	const int n = width * height, i = inPlane();
	if (i >= n) return;
	const float w = weights[i];
	const bool lastColumn = i % width == width - 1, lastRow = i / width == height - 1;
	FOR_EACH_PLANE(b, batch) {
		const float* image = images + (size_t) b * n + i;
		out[(size_t) 2 * b * n + i] = lastColumn ? 0 : w * (image[1] - image[0]);
		out[((size_t) 2 * b + 1) * n + i] = lastRow ? 0 : w * (image[width] - image[0]);
	}
}

/** Squared, rounded the same wherever it is computed. */
__device__ __forceinline__ float strength(const float* gradients, int i, int n) {
	return __fadd_rn(__fmul_rn(gradients[i], gradients[i]), __fmul_rn(gradients[n + i], gradients[n + i]));
}

/**
 * One block of 256 threads per image: the value of the given rank among every step-th strength, digit by digit: floats
 * from 0 on are in the order of their bits.
 */
extern "C" __global__ void quantile(const float* gradients, float* thresholds, int n, int step, int count, int rank) {
	uint* histogram = (uint*) sharedMemory;
	uint* state = histogram + 256; // what is known of the value's bits, and the rank among those that share them
	const float* g = gradients + (size_t) 2 * blockIdx.x * n;
	if (threadIdx.x == 0) state[0] = 0, state[1] = rank;
	for (int shift = 24; shift >= 0; shift -= 8) {
		histogram[threadIdx.x] = 0;
		__syncthreads();
		const uint known = state[0];
		for (int i = threadIdx.x; i < count; i += blockDim.x) {
			const uint bits = __float_as_uint(strength(g, i * step, n));
			// a shift by all 32 bits is undefined
			if (shift == 24 || bits >> (shift + 8) == known) atomicAdd(&histogram[bits >> shift & 255], 1u);
		}
		__syncthreads();
		if (threadIdx.x == 0) {
			uint digit = 0;
			while (state[1] >= histogram[digit])
				state[1] -= histogram[digit++];
			state[0] = known << 8 | digit;
		}
		__syncthreads();
	}
	if (threadIdx.x == 0) thresholds[blockIdx.x] = __uint_as_float(state[0]);
}

extern "C" __global__ void keepStrongest(float* gradients, const float* thresholds, int n, int batch) {
	const int i = inPlane();
	if (i >= n) return;
	FOR_EACH_PLANE(b, batch) {
		float* g = gradients + (size_t) 2 * b * n;
		if (strength(g, i, n) < thresholds[b]) g[i] = g[n + i] = 0;
	}
}

extern "C" __global__ void descend(const float* product, const float* goal, const float* largest, float momentum, float* ahead,
	float* kernel, int n, int batch)
{
	const int i = inPlane();
	if (i >= n) return;
	FOR_EACH_PLANE(b, batch) {
		const size_t at = (size_t) b * n + i;
		const float next = fmaxf(0, ahead[at] - 1 / largest[b] * (product[at] - goal[at]));
		ahead[at] = next + momentum * (next - kernel[at]);
		kernel[at] = next;
	}
}

// -- learned restoration --

#define SQRT2 1.41421356f

/** 0 outside. */
__device__ __forceinline__ float inside(const float* w, int x, int y, int width, int height) {
	return x >= 0 && y >= 0 && x < width && y < height ? w[y * width + x] : 0;
}

/** w (batch, 5, rows, columns) at (margin, margin) of out (batch, 2, height, width). */
extern "C" __global__ void divergence(const float* w, int columns, int rows, int margin, float* out, int width, int height,
	int batch)
{
	const int i = inPlane();
	if (i >= width * height) return;
	const int x = i % width - margin, y = i / width - margin, n = columns * rows;
	FOR_EACH_PLANE(b, batch) {
		const float* w1 = w + (size_t) 5 * b * n;
		const float *w2 = w1 + n, *w3 = w2 + n, *w4 = w3 + n, *w5 = w4 + n;
		#define W(w, dx, dy) inside(w, x + dx, y + dy, columns, rows)
		out[(size_t) 2 * b * width * height + i] = W(w1, -1, 0) - W(w1, 0, 0) + W(w2, 0, -1) - W(w2, 0, 0);
		out[((size_t) 2 * b + 1) * width * height + i] = W(w3, -1, 0) - 2 * W(w3, 0, 0) + W(w3, 1, 0)
			+ SQRT2 * (W(w4, 0, 0) - W(w4, -1, 0) - W(w4, 0, -1) + W(w4, -1, -1))
			+ W(w5, 0, -1) - 2 * W(w5, 0, 0) + W(w5, 0, 1);
		#undef W
	}
}

/** The adjoint; the margin of at least 1 keeps neighbours within. */
extern "C" __global__ void divergenceGrad(const float* dOut, int width, int height, int margin, float* dW, int columns, int rows,
	int batch)
{
	const int i = inPlane(), n = columns * rows;
	if (i >= n) return;
	FOR_EACH_PLANE(b, batch) {
		const float* d1 = dOut + (size_t) 2 * b * width * height + (i / columns + margin) * width + i % columns + margin;
		const float* d2 = d1 + width * height;
		float* to = dW + (size_t) 5 * b * n + i;
		to[0] = d1[1] - d1[0];
		to[n] = d1[width] - d1[0];
		to[2 * n] = d2[1] - 2 * d2[0] + d2[-1];
		to[3 * n] = SQRT2 * (d2[width + 1] - d2[width] - d2[1] + d2[0]);
		to[4 * n] = d2[width] - 2 * d2[0] + d2[-width];
	}
}

/** One block per image of n pixels. Of the target, NaN does not count. */
extern "C" __global__ void imageError(const float* x, const float* target, int n, float floor, float weight, float* errors,
	float* dX)
{
	const size_t at = (size_t) blockIdx.x * n;
	double part = 0, known = 0;
	for (int i = threadIdx.x; i < n; i += blockDim.x) {
		const float goal = target[at + i];
		if (goal != goal) continue;
		const float d = x[at + i] - goal;
		part += (double) d * d;
		known++;
	}
	const double count = blockSum(known), error = blockSum(part) / count;
	if (threadIdx.x == 0) errors[blockIdx.x] = (float) error;
	if (!dX) return;
	const float factor = (float) (2 * weight / count / (error + floor));
	for (int i = threadIdx.x; i < n; i += blockDim.x) {
		const float goal = target[at + i];
		if (goal == goal) dX[at + i] += factor * (x[at + i] - goal);
	}
}
