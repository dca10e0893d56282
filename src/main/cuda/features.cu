// Feature extraction (Eq. 2) and its gradients. Weights come packed: 8 outputs side by side, padded with zeros, so that a
// thread works on 8 outputs of 4 neighbouring pixels, 32 sums in registers.
#include "common.cuh"

/** Outputs and pixels of a thread. */
#define OUTPUTS 8
#define PIXELS 4
/** Pixels in a row of a block. */
#define TILE 32

/** w (outputs, inputs) to (inputs, outputs rounded up to 8). */
extern "C" __global__ void pack(const float* w, float* packed, int outputs, int inputs) {
	const int rounded = (outputs + OUTPUTS - 1) / OUTPUTS * OUTPUTS, i = inPlane();
	if (i >= rounded * inputs) return;
	const int o = i % rounded;
	packed[i] = o < outputs ? w[o * inputs + i / rounded] : 0;
}

/** sums[o][p] += weights[o] * values[p] */
__device__ __forceinline__ void addProducts(float sums[OUTPUTS][PIXELS], const float4* weights, const float* values) {
	const float4 a = weights[0], b = weights[1];
	const float w[OUTPUTS] = { a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w };
	#pragma unroll
	for (int o = 0; o < OUTPUTS; o++)
		#pragma unroll
		for (int p = 0; p < PIXELS; p++)
			sums[o][p] = fmaf(w[o], values[p], sums[o][p]);
}

/** One pixel to the right. */
__device__ __forceinline__ void slide(float window[PIXELS], float next) {
	#pragma unroll
	for (int p = 0; p + 1 < PIXELS; p++)
		window[p] = window[p + 1];
	window[PIXELS - 1] = next;
}

__device__ __forceinline__ void clear(float sums[OUTPUTS][PIXELS]) {
	#pragma unroll
	for (int o = 0; o < OUTPUTS; o++)
		#pragma unroll
		for (int p = 0; p < PIXELS; p++)
			sums[o][p] = 0;
}

/** Where a thread's sums go. */
struct Place {
	/** Of the first of its 8 outputs. */
	int output;
	/** Of the first of its 4 pixels within the block's, and within the image. */
	int inBlock, x, y;
};

/** To an image tensor (batch, channels, height, width), as far as pixels and channels exist. */
__device__ void store(const float sums[OUTPUTS][PIXELS], Place at, float* to, int batch, int channels, int width, int height) {
	if (at.y >= height) return;
	#pragma unroll
	for (int o = 0; o < OUTPUTS; o++)
		#pragma unroll
		for (int p = 0; p < PIXELS; p++)
			if (at.output + o < channels && at.x + p < width)
				to[(((size_t) batch * channels + at.output + o) * height + at.y) * width + at.x + p] = sums[o][p];
}

__device__ void tanhOf(float sums[OUTPUTS][PIXELS]) {
	#pragma unroll
	for (int o = 0; o < OUTPUTS; o++)
		#pragma unroll
		for (int p = 0; p < PIXELS; p++)
			sums[o][p] = rationalTanh(sums[o][p]);
}

/** tanh of the sums to where other threads of the block find it, and to where it is kept. */
__device__ void storeTanh(float sums[OUTPUTS][PIXELS], Place at, float* hidden, int pixels, float* kept, int batch,
	int channels, int width, int height)
{
	tanhOf(sums);
	#pragma unroll
	for (int o = 0; o < OUTPUTS; o++)
		*(float4*) (hidden + (at.output + o) * pixels + at.inBlock) = make_float4(sums[o][0], sums[o][1], sums[o][2], sums[o][3]);
	if (kept) store(sums, at, kept, batch, channels, width, height);
}

/** A recombination of what is hidden. */
__device__ void mix(float sums[OUTPUTS][PIXELS], Place at, const float* hidden, int pixels, int inputs, const float* packed,
	int outputs)
{
	const int rounded = (outputs + OUTPUTS - 1) / OUTPUTS * OUTPUTS;
	clear(sums);
	for (int i = 0; i < inputs; i++)
		addProducts(sums, (const float4*) (packed + i * rounded + at.output), hidden + i * pixels + at.inBlock);
}

/**
 * Correlation, tanh, and up to two recombinations with a tanh between; what is hidden stays in shared memory. A block has
 * 32 pixels of some rows, a thread for each 8 outputs of 4 pixels.
 *
 * @param filters packed (inputs * k * k, n)
 * @param first packed recombination to {@code mixed} images, or null: then {@code out} are the n tanhs, or those of a
 *        slice of all filters, which begins at {@code from} of {@code n}
 * @param second packed recombination to {@code outputs}, or null: then the first one has as many
 * @param kept0,kept1 for the tanhs; or null
 * @param rows of filters in shared memory at once
 * @param from,slice which filters a block works on: multiples of 8
 */
extern "C" __global__ void features(const float* in, int inputs, int inWidth, int inHeight, const float* filters, int n, int k,
	const float* first, int mixed, const float* second, int outputs, float* kept0, float* kept1, float* out, int width, int height,
	int tileRows, int rows, int from, int slice, int batch)
{
	const int pixels = TILE * tileRows, across = TILE + k - 1;
	const int rounded = (n + OUTPUTS - 1) / OUTPUTS * OUTPUTS;
	float* filterRows = (float*) sharedMemory;
	float* hidden = filterRows + rows * k * slice;
	float* image = hidden + (first ? pixels * max(slice, (mixed + OUTPUTS - 1) / OUTPUTS * OUTPUTS) : 0);
	const int groups = pixels / PIXELS, group = threadIdx.x % groups;
	Place at;
	at.output = threadIdx.x / groups * OUTPUTS;
	at.inBlock = group * PIXELS;
	const int left = blockIdx.x * TILE, top = blockIdx.y * tileRows, inRow = group % (TILE / PIXELS) * PIXELS;
	const int inColumn = group / (TILE / PIXELS);
	at.x = left + inRow;
	at.y = top + inColumn;
	for (int b = blockIdx.z; b < batch; b += gridDim.z) {
		float sums[OUTPUTS][PIXELS];
		clear(sums);
		for (int c = 0; c < inputs; c++)
			for (int dy0 = 0; dy0 < k; dy0 += rows) {
				const int count = min(rows, k - dy0);
				__syncthreads();
				for (int i = threadIdx.x; i < across * (tileRows + count - 1); i += blockDim.x) {
					const int x = left + i % across, y = top + dy0 + i / across;
					image[i] = x < inWidth && y < inHeight ? in[(((size_t) b * inputs + c) * inHeight + y) * inWidth + x] : 0;
				}
				for (int i = threadIdx.x; i < count * k * slice; i += blockDim.x)
					filterRows[i] = filters[((c * k + dy0) * k + i / slice) * rounded + from + i % slice];
				__syncthreads();
				if (at.output < slice) for (int dy = 0; dy < count; dy++) {
					const float* row = image + (inColumn + dy) * across + inRow;
					const float* weights = filterRows + dy * k * slice + at.output;
					float window[PIXELS] = { 0, row[0], row[1], row[2] };
					for (int dx = 0; dx < k; dx++) {
						slide(window, row[dx + PIXELS - 1]);
						addProducts(sums, (const float4*) (weights + dx * slice), window);
					}
				}
			}
		if (!first) {
			tanhOf(sums);
			Place all = at;
			all.output += from;
			if (at.output < slice) store(sums, all, out, b, n, width, height);
			continue;
		}
		if (at.output < slice) storeTanh(sums, at, hidden, pixels, kept0, b, n, width, height);
		__syncthreads();
		if (at.output < mixed) mix(sums, at, hidden, pixels, n, first, mixed);
		if (second) {
			__syncthreads(); // everybody has read what the next tanhs overwrite
			if (at.output < mixed) storeTanh(sums, at, hidden, pixels, kept1, b, mixed, width, height);
			__syncthreads();
			if (at.output < outputs) mix(sums, at, hidden, pixels, mixed, second, outputs);
		}
		if (at.output < outputs) store(sums, at, out, b, outputs, width, height);
	}
}

/** A recombination from global memory to global memory, with a tanh or without: (batch, inputs, plane) to outputs. */
extern "C" __global__ void recombine(const float* in, int inputs, const float* packed, int outputs, int withTanh, float* out,
	int plane, int batch)
{
	const int rounded = (outputs + OUTPUTS - 1) / OUTPUTS * OUTPUTS, first = blockIdx.z * OUTPUTS;
	Place at = { first, 0, (int) (blockIdx.x * blockDim.x + threadIdx.x) * PIXELS, 0 };
	FOR_EACH_PLANE(b, batch) {
		float sums[OUTPUTS][PIXELS];
		clear(sums);
		for (int i = 0; i < inputs; i++) {
			float values[PIXELS];
			#pragma unroll
			for (int p = 0; p < PIXELS; p++)
				values[p] = at.x + p < plane ? in[((size_t) b * inputs + i) * plane + at.x + p] : 0;
			addProducts(sums, (const float4*) (packed + i * rounded + first), values);
		}
		if (withTanh) tanhOf(sums);
		store(sums, at, out, b, outputs, plane, 1);
	}
}

// -- gradients --

/**
 * Through a recombination and the tanh before it: below = (w' d) (1 - t^2).
 *
 * @param d (batch, outputs, plane)
 * @param w (outputs, inputs), packed as (outputs, inputs rounded up to 8)
 * @param t,below (batch, inputs, plane)
 */
extern "C" __global__ void recombineGrad(const float* d, int outputs, const float* w, int inputs, const float* t, float* below,
	int plane, int batch)
{
	const int rounded = (inputs + OUTPUTS - 1) / OUTPUTS * OUTPUTS, first = blockIdx.z * OUTPUTS, x = inPlane();
	if (x >= plane) return;
	FOR_EACH_PLANE(b, batch) {
		float sums[OUTPUTS] = { 0, 0, 0, 0, 0, 0, 0, 0 };
		for (int o = 0; o < outputs; o++) {
			const float v = d[((size_t) b * outputs + o) * plane + x];
			#pragma unroll
			for (int i = 0; i < OUTPUTS; i++)
				sums[i] = fmaf(w[o * rounded + first + i], v, sums[i]);
		}
		#pragma unroll
		for (int i = 0; i < OUTPUTS; i++)
			if (first + i < inputs) {
				const size_t at = ((size_t) b * inputs + first + i) * plane + x;
				below[at] = sums[i] * (1 - t[at] * t[at]);
			}
	}
}

/** w (outputs, inputs) to (outputs, inputs rounded up to 8). */
extern "C" __global__ void pad(const float* w, float* padded, int outputs, int inputs) {
	const int rounded = (inputs + OUTPUTS - 1) / OUTPUTS * OUTPUTS, i = inPlane();
	if (i >= outputs * rounded) return;
	const int column = i % rounded;
	padded[i] = column < inputs ? w[i / rounded * inputs + column] : 0;
}

/**
 * Of a recombination's weights, sums over a strip of all pixels: dW[o][i] = sum d[o] t[i]. A block of 16 x 16 threads has
 * 32 x 32 weights, a thread 2 x 2 of them.
 *
 * @param sums (strips, outputs, inputs); grid (inputs, outputs, strips)
 * @param strip pixels of a strip, which are counted through the batch
 */
extern "C" __global__ void recombineWeightSums(const float* d, int outputs, const float* t, int inputs, float* sums, int strip,
	int plane, int batch)
{
	const int WIDE = 33; // not 32: else all rows lie in the same bank
	float* ds = (float*) sharedMemory;
	float* ts = ds + 32 * WIDE;
	const int x = threadIdx.x % 16, y = threadIdx.x / 16, firstInput = blockIdx.x * 32, firstOutput = blockIdx.y * 32;
	const size_t all = (size_t) plane * batch, from = (size_t) blockIdx.z * strip;
	const int length = (int) min((unsigned long long) strip, (unsigned long long) (all - from));
	float s[2][2] = { { 0, 0 }, { 0, 0 } };
	for (int q = 0; q < length; q += 32) {
		__syncthreads();
		for (int i = threadIdx.x; i < 32 * 32; i += blockDim.x) {
			const int channel = i / 32, pixel = i % 32;
			const size_t p = from + q + pixel, b = p / plane;
			const bool exists = q + pixel < length;
			ds[channel * WIDE + pixel] = exists && firstOutput + channel < outputs ? d[(b * outputs + firstOutput + channel) *
				plane + p % plane] : 0;
			ts[channel * WIDE + pixel] = exists && firstInput + channel < inputs ? t[(b * inputs + firstInput + channel) *
				plane + p % plane] : 0;
		}
		__syncthreads();
		for (int pixel = 0; pixel < 32; pixel++)
			#pragma unroll
			for (int o = 0; o < 2; o++)
				#pragma unroll
				for (int i = 0; i < 2; i++)
					s[o][i] = fmaf(ds[(y + 16 * o) * WIDE + pixel], ts[(x + 16 * i) * WIDE + pixel], s[o][i]);
	}
	for (int o = 0; o < 2; o++)
		for (int i = 0; i < 2; i++) {
			const int output = firstOutput + y + 16 * o, input = firstInput + x + 16 * i;
			if (output < outputs && input < inputs) sums[((size_t) blockIdx.z * outputs + output) * inputs + input] = s[o][i];
		}
}

/**
 * Of the filters, sums over strips of rows: dF[n][c][dy][dx] = sum d[n](y, x) in[c](y + dy, x + dx). A thread has one tap
 * of 8 filters.
 *
 * @param d (batch, n, height, width)
 * @param sums (strips, n, inputs, k, k); grid (taps and filters, inputs, strips)
 * @param tapRows rows of a filter that the taps of a block lie in, at most
 * @param strip rows of a strip, which are counted through the batch
 */
extern "C" __global__ void filterSums(const float* in, int inputs, int inWidth, int inHeight, const float* d, int n, int k,
	float* sums, int tapRows, int strip, int width, int height, int batch)
{
	const int across = TILE + k - 1, groups = (n + OUTPUTS - 1) / OUTPUTS, c = blockIdx.y;
	const int first = blockIdx.x % groups * OUTPUTS, firstTap = blockIdx.x / groups * blockDim.x, tap = firstTap + threadIdx.x;
	const int top = firstTap / k, count = min(tapRows, k - top);
	float* ds = (float*) sharedMemory;
	float* image = ds + TILE * OUTPUTS;
	const int rows = batch * height, from = blockIdx.z * strip, to = min(rows, from + strip);
	float s[OUTPUTS] = { 0, 0, 0, 0, 0, 0, 0, 0 };
	for (int row = from; row < to; row++) {
		const int b = row / height, y = row % height;
		for (int left = 0; left < width; left += TILE) {
			__syncthreads();
			for (int i = threadIdx.x; i < TILE * OUTPUTS; i += blockDim.x) {
				const int pixel = i % TILE, o = i / TILE;
				ds[pixel * OUTPUTS + o] = left + pixel < width && first + o < n ? d[(((size_t) b * n + first + o) * height + y) *
					width + left + pixel] : 0;
			}
			for (int i = threadIdx.x; i < across * count; i += blockDim.x) {
				const int x = left + i % across;
				image[i] = x < inWidth ? in[(((size_t) b * inputs + c) * inHeight + y + top + i / across) * inWidth + x] : 0;
			}
			__syncthreads();
			if (tap < k * k) {
				const float* at = image + (tap / k - top) * across + tap % k;
				for (int pixel = 0; pixel < TILE; pixel++) {
					const float v = at[pixel];
					#pragma unroll
					for (int o = 0; o < OUTPUTS; o++)
						s[o] = fmaf(ds[pixel * OUTPUTS + o], v, s[o]);
				}
			}
		}
	}
	if (tap >= k * k) return;
	for (int o = 0; o < OUTPUTS; o++)
		if (first + o < n) sums[(((size_t) blockIdx.z * n + first + o) * inputs + c) * k * k + tap] = s[o];
}

/** Adds sums (strips, n), in their order, to gradients. */
extern "C" __global__ void addSums(const float* sums, int strips, float* gradients, int n) {
	const int i = inPlane();
	if (i >= n) return;
	double sum = 0;
	for (int s = 0; s < strips; s++)
		sum += sums[(size_t) s * n + i];
	gradients[i] += (float) sum;
}

/**
 * Gradient of the first input channel: the full correlation of d with turned filters. A block has 32 pixels of some rows,
 * a thread 4 pixels.
 *
 * @param d (batch, n, height, width)
 * @param filters (n, inputs, k, k)
 * @param dIn (batch, 1, height + k - 1, width + k - 1)
 * @param rows of a filter in shared memory at once
 */
extern "C" __global__ void inputGrad(const float* d, int n, int width, int height, const float* filters, int inputs, int k,
	float* dIn, int tileRows, int rows, int batch)
{
	const int across = TILE + k - 1, inWidth = width + k - 1, inHeight = height + k - 1;
	float* filter = (float*) sharedMemory;
	float* image = filter + rows * k;
	const int left = blockIdx.x * TILE, top = blockIdx.y * tileRows;
	const int inRow = threadIdx.x % (TILE / PIXELS) * PIXELS, inColumn = threadIdx.x / (TILE / PIXELS);
	for (int b = blockIdx.z; b < batch; b += gridDim.z) {
		float sums[PIXELS] = { 0, 0, 0, 0 };
		for (int f = 0; f < n; f++)
			for (int dy0 = 0; dy0 < k; dy0 += rows) {
				const int count = min(rows, k - dy0);
				__syncthreads();
				for (int i = threadIdx.x; i < count * k; i += blockDim.x)
					filter[i] = filters[(size_t) f * inputs * k * k + k * k - 1 - dy0 * k - i];
				for (int i = threadIdx.x; i < across * (tileRows + count - 1); i += blockDim.x) {
					const int x = left + i % across - (k - 1), y = top + dy0 + i / across - (k - 1);
					image[i] = x >= 0 && y >= 0 && x < width && y < height ? d[(((size_t) b * n + f) * height + y) * width + x] : 0;
				}
				__syncthreads();
				for (int dy = 0; dy < count; dy++) {
					const float* row = image + (inColumn + dy) * across + inRow;
					float window[PIXELS] = { 0, row[0], row[1], row[2] };
					for (int dx = 0; dx < k; dx++) {
						slide(window, row[dx + PIXELS - 1]);
						#pragma unroll
						for (int p = 0; p < PIXELS; p++)
							sums[p] = fmaf(filter[dy * k + dx], window[p], sums[p]);
					}
				}
			}
		const int y = top + inColumn;
		#pragma unroll
		for (int p = 0; p < PIXELS; p++)
			if (y < inHeight && left + inRow + p < inWidth) dIn[((size_t) b * inHeight + y) * inWidth + left + inRow + p] = sums[p];
	}
}
