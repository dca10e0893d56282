// What the kernels in src/main/cuda see instead of CUDA when g++ compiles them: the built-in variables and functions
// they use, as plain C++. See emulator.cpp.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>

#define __global__
#define __device__
#define __shared__
#define __forceinline__ inline
#define __launch_bounds__(...)

using std::max;
using std::min;

struct uint3 { unsigned x, y, z; };
struct dim3 { unsigned x, y, z; };
struct float2 { float x, y; };
struct alignas(16) float4 { float x, y, z, w; };

inline float2 make_float2(float x, float y) { return { x, y }; }
inline float4 make_float4(float x, float y, float z, float w) { return { x, y, z, w }; }

extern uint3 threadIdx, blockIdx;
extern dim3 blockDim, gridDim;

void __syncthreads();

template<class T> T __ldg(const T* at) { return *at; }

inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fadd_rn(float a, float b) { return a + b; }

inline float sinpif(float v) { return (float) std::sin(M_PI * v); }

inline unsigned __float_as_uint(float v) {
	unsigned bits;
	std::memcpy(&bits, &v, sizeof bits);
	return bits;
}

inline float __uint_as_float(unsigned bits) {
	float v;
	std::memcpy(&v, &bits, sizeof v);
	return v;
}

/** Only one thread runs at a time. */
inline unsigned atomicAdd(unsigned* at, unsigned v) {
	const unsigned before = *at;
	*at += v;
	return before;
}
