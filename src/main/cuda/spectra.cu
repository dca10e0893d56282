// Products and quotients of half spectra. One thread per frequency; a spectrum has length = height * half of them.
#include "common.cuh"

/** What a column of a half spectrum counts for: all but the first and the last stand for two. */
__device__ __forceinline__ int columns(int i, int half) {
	const int x = i % half;
	return x == 0 || x == half - 1 ? 1 : 2;
}

extern "C" __global__ void quotient(const float2* x, int xFrom, int xChannels, const float2* y, int yFrom, int yChannels,
	int pairs, const float* logBeta, float2* out, int length, int batch)
{
	const int i = inPlane();
	if (i >= length) return;
	const float beta = expf(logBeta[0]);
	FOR_EACH_PLANE(b, batch) {
		const float2* xs = x + ((size_t) b * xChannels + xFrom) * length + i;
		const float2* ys = y + ((size_t) b * yChannels + yFrom) * length + i;
		float denominator = beta;
		float2 sum = make_float2(0, 0);
		for (int p = 0; p < pairs; p++) {
			const float2 xi = xs[(size_t) p * length];
			denominator += squares(xi);
			sum = sum + conjugateTimes(xi, ys[(size_t) p * length]);
		}
		out[(size_t) b * length + i] = make_float2(sum.x / denominator, sum.y / denominator);
	}
}

/** @param sums one per block, of what the gradient of beta is made of; as many blocks for each batch element */
extern "C" __global__ void quotientGrad(const float2* x, int xFrom, int xChannels, const float2* y, int yFrom, int yChannels,
	int pairs, const float* logBeta, const float2* out, const float2* g, float2* gx, float2* gy, double* sums, int length,
	int half, int batch)
{
	const int i = inPlane();
	const float beta = expf(logBeta[0]);
	FOR_EACH_PLANE(b, batch) {
		double part = 0;
		if (i < length) {
			const size_t xAt = ((size_t) b * xChannels + xFrom) * length + i, yAt = ((size_t) b * yChannels + yFrom) * length + i;
			float denominator = beta;
			for (int p = 0; p < pairs; p++)
				denominator += squares(x[xAt + (size_t) p * length]);
			// h = G / D;   cut = 2 Re(conj(G) N / D) / D = 2 Re(conj(G) Q) / D
			const float inverse = 1 / denominator;
			const float2 q = out[(size_t) b * length + i], h = inverse * g[(size_t) b * length + i];
			const float cut = 2 * (h.x * q.x + h.y * q.y);
			part = -0.5 * columns(i, half) * cut;
			for (int p = 0; p < pairs; p++) {
				const size_t xp = xAt + (size_t) p * length, yp = yAt + (size_t) p * length;
				const float2 xi = x[xp], yi = y[yp];
				gx[xp] = conjugateTimes(h, yi) - cut * xi;
				if (gy) gy[yp] = xi * h;
			}
		}
		if (sums) {
			const double sum = blockSum(part);
			if (threadIdx.x == 0) sums[(size_t) b * gridDim.x + blockIdx.x] = sum;
		}
	}
}

/** One block: adds the sums of {@link quotientGrad} to the gradient of log beta. */
extern "C" __global__ void quotientBetaGrad(const double* sums, int n, const float* logBeta, float pixels, float* dLogBeta) {
	double part = 0;
	for (int i = threadIdx.x; i < n; i += blockDim.x)
		part += sums[i];
	const double sum = blockSum(part);
	if (threadIdx.x == 0) dLogBeta[0] += (float) (sum * expf(logBeta[0]) / pixels);
}

/** @param byBatch,byChannels 1 if one serves for all */
extern "C" __global__ void multiply(const float2* x, const float2* by, int byBatch, int byChannels, int conjugated, float2* out,
	int length, int channels, int planes)
{
	const int i = inPlane();
	if (i >= length) return;
	FOR_EACH_PLANE(p, planes) {
		const int partner = (byBatch == 1 ? 0 : p / channels * byChannels) + (byChannels == 1 ? 0 : p % channels);
		const float2 k = by[(size_t) partner * length + i];
		out[(size_t) p * length + i] = (conjugated ? conjugate(k) : k) * x[(size_t) p * length + i];
	}
}

extern "C" __global__ void solve(const float2* kernel, int kernels, const float2* blurry, int images, float c, float b, float g,
	const float2* target, float2* out, int height, int width, int batch)
{
	const int half = width / 2 + 1, length = height * half, i = inPlane();
	if (i >= length) return;
	// the mean must not be drawn to 0; |K|^2 is 1 there
	const float prior = i == 0 ? 0 : b + g * (differencePower(i % half, width) + differencePower(i / half, height));
	FOR_EACH_PLANE(p, batch) {
		const float2 k = kernel[planeAt(p, kernels, length) + i];
		float2 sum = c * conjugateTimes(k, blurry[planeAt(p, images, length) + i]);
		const size_t at = (size_t) p * length + i;
		if (target) sum = sum + g * target[at];
		out[at] = 1 / (c * squares(k) + prior) * sum;
	}
}

extern "C" __global__ void powers(const float2* x, const float2* y, int images, float2* automatic, float2* cross, int length,
	int channels, int batch)
{
	const int i = inPlane();
	if (i >= length) return;
	FOR_EACH_PLANE(b, batch) {
		float power = 0;
		float2 product = make_float2(0, 0);
		for (int c = 0; c < channels; c++) {
			const float2 xi = x[((size_t) b * channels + c) * length + i];
			power += squares(xi);
			product = product + conjugateTimes(xi, y[planeAt(b, images, channels * length) + (size_t) c * length + i]);
		}
		automatic[(size_t) b * length + i] = make_float2(power, 0);
		cross[(size_t) b * length + i] = product;
	}
}

/** One block per spectrum. */
extern "C" __global__ void largestReal(const float2* spectra, float* largest, int length) {
	float* most = (float*) sharedMemory;
	float v = spectra[(size_t) blockIdx.x * length].x;
	for (int i = threadIdx.x; i < length; i += blockDim.x)
		v = fmaxf(v, spectra[(size_t) blockIdx.x * length + i].x);
	most[threadIdx.x] = v;
	for (int step = blockDim.x / 2; step > 0; step /= 2) {
		__syncthreads();
		if (threadIdx.x < step) most[threadIdx.x] = fmaxf(most[threadIdx.x], most[threadIdx.x + step]);
	}
	if (threadIdx.x == 0) largest[blockIdx.x] = most[0];
}

/** a_g of a batch element. */
__device__ __forceinline__ float coupling(const float* logBeta, const float* power, const float* level, int b, int order) {
	return expf(logBeta[order] + power[order] * level[b]);
}

extern "C" __global__ void regularized(const float2* kernel, const float2* blurry, const float2* before, const float2* targets,
	const float* logBeta, const float* power, const float* level, int orders, float2* out, int height, int width, int batch)
{
	const int half = width / 2 + 1, length = height * half, i = inPlane();
	if (i >= length) return;
	const float differences = differencePower(i % half, width) + differencePower(i / half, height);
	FOR_EACH_PLANE(b, batch) {
		const size_t at = (size_t) b * length + i;
		const float2 k = kernel[at];
		float2 sum = conjugateTimes(k, blurry[at]);
		float p = 1, prior = 0;
		for (int o = 0; o < orders; o++) {
			const float a = coupling(logBeta, power, level, b, o);
			p *= differences;
			prior += a * p;
			if (targets) sum = sum + a * targets[((size_t) b * orders + o) * length + i];
		}
		if (before) sum = sum + prior * before[at];
		out[at] = 1 / (squares(k) + prior) * sum;
	}
}

/** @param sums (batch, orders, blocks), of what the gradients of log beta and power are made of */
extern "C" __global__ void regularizedGrad(const float2* kernel, const float2* before, const float2* targets,
	const float* logBeta, const float* power, const float* level, int orders, const float2* out, float2* g, float2* dBefore,
	float2* dTargets, double* sums, int height, int width, int batch)
{
	const int half = width / 2 + 1, length = height * half, i = inPlane();
	const float differences = differencePower(i % half, width) + differencePower(i / half, height);
	FOR_EACH_PLANE(b, batch) {
		const size_t at = (size_t) b * length + i;
		float2 h = make_float2(0, 0), change = h;
		if (i < length) {
			float p = 1, prior = 0;
			for (int o = 0; o < orders; o++)
				prior += coupling(logBeta, power, level, b, o) * (p *= differences);
			h = 1 / (squares(kernel[at]) + prior) * g[at];
			g[at] = h;
			dBefore[at] = prior * h;
			change = before[at] - out[at];
		}
		float p = 1;
		for (int o = 0; o < orders; o++) {
			double part = 0;
			if (i < length) {
				const size_t target = ((size_t) b * orders + o) * length + i;
				p *= differences;
				const float2 c = p * change + targets[target];
				dTargets[target] = coupling(logBeta, power, level, b, o) * h;
				part = columns(i, half) * (h.x * c.x + h.y * c.y);
			}
			if (sums) {
				const double sum = blockSum(part);
				if (threadIdx.x == 0) sums[((size_t) b * orders + o) * gridDim.x + blockIdx.x] = sum;
			}
		}
	}
}

/** One block per order: adds the sums of {@link regularizedGrad} to the gradients. */
extern "C" __global__ void regularizedBetaGrad(const double* sums, int blocks, int batch, const float* logBeta,
	const float* power, const float* level, float pixels, float* dLogBeta, float* dPower)
{
	const int order = blockIdx.x, orders = gridDim.x;
	for (int b = 0; b < batch; b++) {
		double part = 0;
		for (int i = threadIdx.x; i < blocks; i += blockDim.x)
			part += sums[((size_t) b * orders + order) * blocks + i];
		const double change = blockSum(part) * coupling(logBeta, power, level, b, order) / pixels;
		if (threadIdx.x == 0) {
			dLogBeta[order] += (float) change;
			dPower[order] += (float) (change * level[b]);
		}
	}
}
