// What is done with blur kernels: one block of threads for each.
#include "common.cuh"

__device__ double positiveSum(const float* raw, int n) {
	double part = 0;
	for (int i = threadIdx.x; i < n; i += blockDim.x)
		part += fmaxf(0, raw[i]);
	return blockSum(part);
}

extern "C" __global__ void normalizeKernel(const float* raw, float* kernel, int n) {
	const size_t at = (size_t) blockIdx.x * n;
	const double sum = positiveSum(raw + at, n);
	const float scale = sum > 0 ? (float) (1 / sum) : 0;
	for (int i = threadIdx.x; i < n; i += blockDim.x)
		kernel[at + i] = fmaxf(0, raw[at + i]) * scale;
}

extern "C" __global__ void normalizeKernelGrad(const float* raw, const float* kernel, const float* dKernel, float* dRaw, int n) {
	const size_t at = (size_t) blockIdx.x * n;
	const double sum = positiveSum(raw + at, n), scale = sum > 0 ? 1 / sum : 0;
	double part = 0;
	for (int i = threadIdx.x; i < n; i += blockDim.x)
		part += (double) kernel[at + i] * dKernel[at + i];
	const double dot = blockSum(part);
	for (int i = threadIdx.x; i < n; i += blockDim.x)
		dRaw[at + i] = raw[at + i] > 0 ? (float) ((dKernel[at + i] - dot) * scale) : 0;
}

/**
 * Sums over all squares of {@code side} pixels a side that share a pixel with an image, which is 0 beyond its borders.
 *
 * @param rows room for (height, width + side - 1)
 * @param sums (height + side - 1, width + side - 1)
 * @return of their squares
 */
__device__ double squareSums(const double* image, int width, int height, int side, double* rows, double* sums) {
	const int across = width + side - 1, down = height + side - 1;
	for (int i = threadIdx.x; i < height * across; i += blockDim.x) {
		const int y = i / across, x = i % across;
		double sum = 0;
		for (int u = max(0, x - side + 1); u <= min(width - 1, x); u++)
			sum += image[y * width + u];
		rows[i] = sum;
	}
	__syncthreads();
	double part = 0;
	for (int i = threadIdx.x; i < down * across; i += blockDim.x) {
		const int y = i / across, x = i % across;
		double sum = 0;
		for (int v = max(0, y - side + 1); v <= min(height - 1, y); v++)
			sum += rows[v * across + x];
		sums[i] = sum;
		part += sum * sum;
	}
	return blockSum(part);
}

/** The adjoint of {@link squareSums}, times a factor, added to gradient. */
__device__ void addSquareSumsGrad(const double* sums, int width, int height, int side, double factor, double* rows,
	double* gradient)
{
	const int across = width + side - 1;
	for (int i = threadIdx.x; i < height * across; i += blockDim.x) {
		double sum = 0;
		for (int v = 0; v < side; v++)
			sum += sums[i + v * across];
		rows[i] = sum;
	}
	__syncthreads();
	for (int i = threadIdx.x; i < height * width; i += blockDim.x) {
		double sum = 0;
		for (int u = 0; u < side; u++)
			sum += rows[i / width * across + i % width + u];
		gradient[i] += factor * sum;
	}
	__syncthreads();
}

/**
 * @param relative 0 if errors are not divided by the squares of the target
 * @param judged what decides whether an element has a gradient; may be {@code errors}
 * @param scratch for each element: 3 images, and 2 of the largest sums, see {@link squareSums}
 */
extern "C" __global__ void kernelError(const float* kernel, const float* target, int width, int height, int levels, int relative,
	float weight, const float* judged, float limit, float* errors, float* dKernel, double* scratch)
{
	const int n = width * height, largest = 1 << (levels - 1), most = (width + largest - 1) * (height + largest - 1);
	double* truth = scratch + (size_t) blockIdx.x * (3 * n + 2 * most);
	double *difference = truth + n, *gradient = difference + n, *rows = gradient + n, *sums = rows + most;
	const size_t at = (size_t) blockIdx.x * n;
	for (int i = threadIdx.x; i < n; i += blockDim.x) {
		truth[i] = target[at + i];
		difference[i] = kernel[at + i] - target[at + i];
		gradient[i] = 0;
	}
	__syncthreads();
	double error = 0;
	for (int level = 0; level < levels; level++) {
		const int side = 1 << level;
		const double norm = relative ? squareSums(truth, width, height, side, rows, sums) * levels : levels;
		__syncthreads();
		error += squareSums(difference, width, height, side, rows, sums) / norm;
		if (dKernel) addSquareSumsGrad(sums, width, height, side, 2 * weight / norm, rows, gradient);
		__syncthreads();
	}
	if (threadIdx.x == 0) errors[blockIdx.x] = (float) error;
	// also false if that is not a number
	if (dKernel && (judged == errors ? (float) error : judged[blockIdx.x]) <= limit) for (int i = threadIdx.x; i < n; i += blockDim.x)
		dKernel[at + i] += (float) gradient[i];
}
