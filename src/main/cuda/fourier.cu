// Fourier transform of real images to half spectra and back: Stockham's, of radix 2, 3, 4 and 5. Rows go as complex
// numbers of half their length, in shared memory; then columns, some side by side, likewise. What is too long for
// shared memory is transformed pass by pass in global memory.
//
// Images lie in a spectrum with row and column `origin` at 0, and wrap around: 0, or the middle of a blur kernel. Where
// they are smaller, zeros follow. Of a table of n, entry j is exp(-2 pi i j / n).
#include "common.cuh"

/** a times -i, or times i backwards. */
__device__ __forceinline__ float2 turned(float2 a, float sign) { return make_float2(sign * a.y, -sign * a.x); }

template<int R> __device__ void dft(float2* v, float sign);

template<> __device__ __forceinline__ void dft<2>(float2* v, float) {
	const float2 a = v[0];
	v[0] = a + v[1];
	v[1] = a - v[1];
}

template<> __device__ __forceinline__ void dft<3>(float2* v, float sign) {
	const float2 sum = v[1] + v[2], middle = v[0] - 0.5f * sum, side = turned(0.866025404f * (v[1] - v[2]), sign);
	v[0] = v[0] + sum;
	v[1] = middle + side;
	v[2] = middle - side;
}

template<> __device__ __forceinline__ void dft<4>(float2* v, float sign) {
	const float2 a = v[0] + v[2], b = v[0] - v[2], c = v[1] + v[3], d = turned(v[1] - v[3], sign);
	v[0] = a + c;
	v[1] = b + d;
	v[2] = a - c;
	v[3] = b - d;
}

template<> __device__ __forceinline__ void dft<5>(float2* v, float sign) {
	const float cos1 = 0.309016994f, cos2 = -0.809016994f, sin1 = 0.951056516f, sin2 = 0.587785252f;
	const float2 a = v[1] + v[4], b = v[2] + v[3], c = v[1] - v[4], d = v[2] - v[3];
	const float2 m1 = v[0] + cos1 * a + cos2 * b, m2 = v[0] + cos2 * a + cos1 * b;
	const float2 n1 = turned(sin1 * c + sin2 * d, sign), n2 = turned(sin2 * c - sin1 * d, sign);
	v[0] = v[0] + a + b;
	v[1] = m1 + n1;
	v[2] = m2 + n2;
	v[3] = m2 - n2;
	v[4] = m1 - n1;
}

/**
 * Butterfly j of n / R of a pass over one line, whose elements lie {@code stride} apart.
 *
 * @param done product of the radices of the passes before
 * @param table of n * tableStep
 */
template<int R> __device__ __forceinline__ void butterfly(const float2* from, float2* to, int stride, int n, int done, int j,
	const float2* table, int tableStep, float sign)
{
	float2 v[R];
	const int k = j % done, turn = n / (done * R) * tableStep * k;
	#pragma unroll
	for (int r = 0; r < R; r++) {
		v[r] = from[(j + r * (n / R)) * stride];
		if (r > 0) {
			const float2 t = table[r * turn];
			v[r] = v[r] * make_float2(t.x, sign * t.y);
		}
	}
	dft<R>(v, sign);
	const int first = (j / done) * done * R + k;
	#pragma unroll
	for (int r = 0; r < R; r++)
		to[(first + r * done) * stride] = v[r];
}

/** The radix of the next pass: what is left has no other factors. */
__device__ __forceinline__ int radix(int rest) {
	return rest % 4 == 0 ? 4 : rest % 2 == 0 ? 2 : rest % 3 == 0 ? 3 : 5;
}

__device__ __forceinline__ void anyButterfly(int r, const float2* from, float2* to, int stride, int n, int done, int j,
	const float2* table, int tableStep, float sign)
{
	if (r == 4) butterfly<4>(from, to, stride, n, done, j, table, tableStep, sign);
	else if (r == 2) butterfly<2>(from, to, stride, n, done, j, table, tableStep, sign);
	else if (r == 3) butterfly<3>(from, to, stride, n, done, j, table, tableStep, sign);
	else butterfly<5>(from, to, stride, n, done, j, table, tableStep, sign);
}

/** Of lines side by side in shared memory, element e of line l at e * lines + l. Which of both has the result. */
__device__ float2* transform(float2* a, float2* b, int n, int lines, const float2* table, int tableStep, float sign) {
	for (int done = 1; done < n;) {
		const int r = radix(n / done), items = n / r * lines;
		__syncthreads();
		for (int i = threadIdx.x; i < items; i += blockDim.x)
			anyButterfly(r, a + i % lines, b + i % lines, lines, n, done, i / lines, table, tableStep, sign);
		float2* swap = a;
		a = b;
		b = swap;
		done *= r;
	}
	__syncthreads();
	return a;
}

/** Pixels 2 e and 2 e + 1 of a row as it lies in the transform. */
__device__ __forceinline__ float2 pixels(const float* row, int w, int width, int origin, int e) {
	const int x = (2 * e + origin) % width, next = (2 * e + 1 + origin) % width;
	return make_float2(x < w ? row[x] : 0, next < w ? row[next] : 0);
}

/** Frequency k of a real row, from the transform of its pairs of pixels. */
__device__ __forceinline__ float2 ofPairs(const float2* pairs, int stride, int half, int k, const float2* table) {
	const float2 a = pairs[(k == half ? 0 : k) * stride], b = conjugate(pairs[(k == 0 ? 0 : half - k) * stride]);
	return 0.5f * (a + b + table[k] * turned(a - b, 1));
}

/** And back, times 2. */
__device__ __forceinline__ float2 toPairs(const float2* spectrum, int half, int k, const float2* table) {
	const float2 a = spectrum[k], b = conjugate(spectrum[half - k]);
	return a + b + turned(conjugate(table[k]) * (a - b), -1);
}

/**
 * Rows of images (planes, h, w) to rows of spectra (planes, height, width / 2 + 1).
 *
 * @param lines rows in a block
 * @param table of width
 */
extern "C" __global__ void fftRows(const float* images, int w, int h, float2* spectra, int width, int height, int origin,
	const float2* table, int lines, int planes)
{
	const int half = width / 2, first = blockIdx.x * lines, count = min(lines, planes * h - first);
	float2* a = (float2*) sharedMemory;
	for (int i = threadIdx.x; i < half * lines; i += blockDim.x) {
		const int l = i / half, e = i % half;
		a[e * lines + l] = l < count ? pixels(images + (size_t) (first + l) * w, w, width, origin, e) : make_float2(0, 0);
	}
	const float2* pairs = transform(a, a + half * lines, half, lines, table, 2, 1);
	for (int i = threadIdx.x; i < (half + 1) * count; i += blockDim.x) {
		const int l = i / (half + 1), k = i % (half + 1), plane = (first + l) / h, y = (first + l) % h;
		const int row = (y - origin + height) % height;
		spectra[((size_t) plane * height + row) * (half + 1) + k] = ofPairs(pairs + l, lines, half, k, table);
	}
}

/** From rows (planes, h, width / 2 + 1), of which none are left out, to images. */
extern "C" __global__ void ifftRows(const float2* rows, float* images, int w, int h, int width, int origin, float factor,
	const float2* table, int lines, int planes)
{
	const int half = width / 2, first = blockIdx.x * lines, count = min(lines, planes * h - first);
	float2* a = (float2*) sharedMemory;
	for (int i = threadIdx.x; i < half * lines; i += blockDim.x) {
		const int l = i / half, k = i % half;
		a[k * lines + l] = l < count ? toPairs(rows + (size_t) (first + l) * (half + 1), half, k, table) : make_float2(0, 0);
	}
	const float2* pairs = transform(a, a + half * lines, half, lines, table, 2, -1);
	for (int i = threadIdx.x; i < w * count; i += blockDim.x) {
		const int l = i / w, x = i % w, at = (x - origin + width) % width;
		const float2 pair = pairs[at / 2 * lines + l];
		images[(size_t) (first + l) * w + x] = factor * (at % 2 == 0 ? pair.x : pair.y);
	}
}

/** Columns of spectra in place, of which the rows of images with h rows have been transformed. */
extern "C" __global__ void fftColumns(float2* spectra, int h, int height, int half, int origin, const float2* table, int lines,
	int planes)
{
	const int first = blockIdx.x * lines, count = min(lines, half - first);
	float2* a = (float2*) sharedMemory;
	FOR_EACH_PLANE(p, planes) {
		float2* plane = spectra + (size_t) p * height * half + first;
		for (int i = threadIdx.x; i < height * lines; i += blockDim.x) {
			const int y = i / lines, l = i % lines;
			a[i] = l < count && (y + origin) % height < h ? plane[(size_t) y * half + l] : make_float2(0, 0);
		}
		const float2* result = transform(a, a + height * lines, height, lines, table, 1, 1);
		for (int i = threadIdx.x; i < height * lines; i += blockDim.x)
			if (i % lines < count) plane[(size_t) (i / lines) * half + i % lines] = result[i]; // places this thread fills next
	}
}

/** Columns of spectra to those rows (planes, h, half) that images with h rows need. */
extern "C" __global__ void ifftColumns(const float2* spectra, float2* rows, int h, int height, int half, int origin,
	const float2* table, int lines, int planes)
{
	const int first = blockIdx.x * lines, count = min(lines, half - first);
	float2* a = (float2*) sharedMemory;
	FOR_EACH_PLANE(p, planes) {
		const float2* plane = spectra + (size_t) p * height * half + first;
		for (int i = threadIdx.x; i < height * lines; i += blockDim.x)
			a[i] = i % lines < count ? plane[(size_t) (i / lines) * half + i % lines] : make_float2(0, 0);
		const float2* result = transform(a, a + height * lines, height, lines, table, 1, -1);
		for (int i = threadIdx.x; i < h * lines; i += blockDim.x) {
			const int y = i / lines, l = i % lines, row = (y - origin + height) % height;
			if (l < count) rows[((size_t) p * h + y) * half + first + l] = result[row * lines + l];
		}
		__syncthreads();
	}
}

// -- longer than shared memory --

/**
 * A pass over lines of n, from one place to another. Line l begins at (l / group) * groupLength + l % group; its elements
 * are {@code stride} apart.
 */
extern "C" __global__ void longPass(const float2* from, float2* to, int n, int done, int stride, int group, int groupLength,
	int lines, const float2* table, int tableStep, float sign)
{
	const int r = radix(n / done);
	for (size_t i = (size_t) blockIdx.x * blockDim.x + threadIdx.x; i < (size_t) n / r * lines; i += (size_t) gridDim.x *
		blockDim.x)
	{
		// neighbouring threads at neighbouring places
		const int line = stride == 1 ? (int) (i / (n / r)) : (int) (i / ((size_t) n / r * group)) * group + (int) (i % group);
		const int j = stride == 1 ? (int) (i % (n / r)) : (int) (i / group % (n / r));
		const size_t at = (size_t) (line / group) * groupLength + line % group;
		anyButterfly(r, from + at, to + at, stride, n, done, j, table, tableStep, sign);
	}
}

/** Rows of images as pairs of pixels (planes, h, width / 2). */
extern "C" __global__ void longPairs(const float* images, int w, int width, int origin, float2* pairs, int rows) {
	const int half = width / 2, e = inPlane();
	if (e >= half) return;
	FOR_EACH_PLANE(row, rows) pairs[(size_t) row * half + e] = pixels(images + (size_t) row * w, w, width, origin, e);
}

extern "C" __global__ void longRows(const float2* pairs, int h, float2* spectra, int width, int height, int origin,
	const float2* table, int rows)
{
	const int half = width / 2, k = inPlane();
	if (k > half) return;
	FOR_EACH_PLANE(row, rows) {
		const int to = (row % h - origin + height) % height;
		spectra[((size_t) (row / h) * height + to) * (half + 1) + k] = ofPairs(pairs + (size_t) row * half, 1, half, k, table);
	}
}

/** Zeros where no row of an image is. */
extern "C" __global__ void clearRows(float2* spectra, int h, int height, int half, int origin, int planes) {
	const int i = inPlane();
	if (i >= height * half || (i / half + origin) % height < h) return;
	FOR_EACH_PLANE(p, planes) spectra[(size_t) p * height * half + i] = make_float2(0, 0);
}

extern "C" __global__ void inverseLongPairs(const float2* rows, int width, float2* pairs, const float2* table, int count) {
	const int half = width / 2, k = inPlane();
	if (k >= half) return;
	FOR_EACH_PLANE(row, count) pairs[(size_t) row * half + k] = toPairs(rows + (size_t) row * (half + 1), half, k, table);
}

extern "C" __global__ void inverseLongRows(const float2* pairs, float* images, int w, int width, int origin, float factor,
	int rows)
{
	const int x = inPlane();
	if (x >= w) return;
	const int at = (x - origin + width) % width;
	FOR_EACH_PLANE(row, rows) {
		const float2 pair = pairs[(size_t) row * (width / 2) + at / 2];
		images[(size_t) row * w + x] = factor * (at % 2 == 0 ? pair.x : pair.y);
	}
}

/** Of whole columns, those rows (planes, h, half) that images with h rows need. */
extern "C" __global__ void pickRows(const float2* columns, float2* rows, int h, int height, int half, int origin, int planes) {
	const int i = inPlane();
	if (i >= h * half) return;
	const int from = (i / half - origin + height) % height;
	FOR_EACH_PLANE(p, planes) rows[(size_t) p * h * half + i] = columns[((size_t) p * height + from) * half + i % half];
}
