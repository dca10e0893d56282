// What all kernels share. They are plain enough for compute capability 5.0, and for g++: see src/test/cuda.
//
// Tensors are planar, (batch, channels, height, width). Spectra are half spectra, (batch, channels, height, width / 2 +
// 1) pairs of real and imaginary part. Most kernels have one thread per value of a plane, and walk over planes.
// Sums are added in an order that depends on shapes only. Where a sum counts, fmaf is written out: all kernels that
// compute the same then round the same.
#pragma once

typedef unsigned int uint;

/** All shared memory is asked for by the launch. */
extern __shared__ float4 sharedMemory[];

/** Where this thread is in a plane. */
__device__ __forceinline__ int inPlane() {
	return blockIdx.x * blockDim.x + threadIdx.x;
}

#define FOR_EACH_PLANE(plane, planes) for (int plane = blockIdx.y; plane < (planes); plane += gridDim.y)

/** Of a tensor of planes where a batch of 1 serves for all. */
__device__ __forceinline__ size_t planeAt(int plane, int batch, int length) {
	return batch == 1 ? 0 : (size_t) plane * length;
}

__device__ __forceinline__ float2 operator+(float2 a, float2 b) { return make_float2(a.x + b.x, a.y + b.y); }
__device__ __forceinline__ float2 operator-(float2 a, float2 b) { return make_float2(a.x - b.x, a.y - b.y); }
__device__ __forceinline__ float2 operator*(float f, float2 a) { return make_float2(f * a.x, f * a.y); }
__device__ __forceinline__ float2 operator*(float2 a, float2 b) {
	return make_float2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}
/** conj(a) b */
__device__ __forceinline__ float2 conjugateTimes(float2 a, float2 b) {
	return make_float2(a.x * b.x + a.y * b.y, a.x * b.y - a.y * b.x);
}
__device__ __forceinline__ float2 conjugate(float2 a) { return make_float2(a.x, -a.y); }
__device__ __forceinline__ float squares(float2 a) { return a.x * a.x + a.y * a.y; }

/** |D|^2 for differences of neighbours: 2 - 2 cos(2 pi i / n). */
__device__ __forceinline__ float differencePower(int i, int n) {
	const float s = sinpif((float) min(i, n - i) / n);
	return 4 * s * s;
}

/** Over all threads of the block (a power of two of them); every thread gets it. */
__device__ double blockSum(double v) {
	double* sums = (double*) sharedMemory;
	__syncthreads();
	sums[threadIdx.x] = v;
	for (int step = blockDim.x / 2; step > 0; step /= 2) {
		__syncthreads();
		if (threadIdx.x < step) sums[threadIdx.x] += sums[threadIdx.x + step];
	}
	__syncthreads();
	return sums[0];
}

/** x P(x^2) / Q(x^2) on [-8, 8], constant outside: the fit that the CPU's loops use, see RationalTanh.java. */
__device__ __forceinline__ float rationalTanh(float v) {
	const float x = fmaxf(-8, fminf(8, v)), u = x * x;
	const float p = fmaf(fmaf(fmaf(fmaf(1.5061702995922133e-08f, u, 2.177316855522804e-05f), u, 0.003564151469618082f), u,
		0.13438187539577484f), u, 0.9999999403953552f);
	const float q = fmaf(fmaf(fmaf(fmaf(8.453617965642479e-07f, u, 0.0003399171691853553f), u, 0.026135997846722603f), u,
		0.4677150845527649f), u, 1);
	return x * p / q;
}
