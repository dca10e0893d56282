package io.github.learningtodeblur.backend.cuda;

import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;

/** Feature extraction and its gradients: see features.cu, whose numbers are here again. */
final class Features {

	/** Outputs and pixels of a thread; pixels in a row of a block. */
	private static final int OUTPUTS = 8;
	private static final int PIXELS = 4;
	private static final int TILE = 32;

	/** Threads in a block, at most: more have too few registers. */
	private static final int MOST_THREADS = 512;
	/** Filters that a block works on if recombinations have a kernel of their own. */
	private static final int SLICE = 64;
	/** Rows of pixels in a block. */
	private static final int TILE_ROWS = 4;
	private static final int INPUT_ROWS = 16;
	/** Bytes of filters in shared memory at once, unless a row has more. */
	private static final int FILTER_BYTES = 4096;
	/** Strips that sums over pixels are cut into, at most, and bytes that they may have together. */
	private static final int STRIPS = 256;
	private static final long STRIP_BYTES = 64L << 20;
	/** Pixels of a strip for recombinations, at least. */
	private static final int STRIP_PIXELS = 512;

	private final Gpu gpu;
	private final Memory memory;
	private final Limits limits;

	Features(final Gpu gpu, final Memory memory, final Limits limits) {
		this.gpu = gpu;
		this.memory = memory;
		this.limits = limits;
	}

	/** How a block works. */
	private record Tiling(int slice, int tileRows, int rows, int threads, int shared) {

		/**
		 * @param slice filters
		 * @param hidden images in shared memory
		 * @param widest number of outputs
		 */
		static Tiling of(final int k, final int slice, final int hidden, final int widest, final int tileRows) {
			final int rows = Math.max(1, Math.min(k, FILTER_BYTES / (k * slice * Float.BYTES)));
			final int shared = Float.BYTES * (rows * k * slice + TILE * tileRows * hidden + (TILE + k - 1) * (tileRows + rows - 1));
			return new Tiling(slice, tileRows, rows, TILE / PIXELS * tileRows * (widest / OUTPUTS), shared);
		}

		boolean fits() {
			return threads <= MOST_THREADS && shared <= Grid.MOST_SHARED;
		}
	}

	/** Hidden images stay in shared memory, if there is room for them; null if not. */
	private static Tiling fused(final int k, final List<Tensor> weights) {
		if (weights.size() > 3) return null;
		final int n = rounded(weights.get(0).batch()), mixed = rounded(weights.get(1).height());
		final int outputs = rounded(weights.get(weights.size() - 1).height());
		for (int tileRows = TILE_ROWS; tileRows >= 1; tileRows /= 2) {
			final int hidden = Math.max(n, mixed);
			final Tiling t = Tiling.of(k, n, hidden, Math.max(hidden, outputs), tileRows);
			if (t.fits()) return t;
		}
		return null;
	}

	private static int rounded(final int n) {
		return Grid.blocks(n, OUTPUTS) * OUTPUTS;
	}

	/** See {@link Backend#features}. */
	void forward(final Tensor in, final List<Tensor> weights, final List<Tensor> kept, final Tensor out) {
		final Tensor filters = weights.get(0);
		final int n = filters.batch(), k = filters.height(), mixes = weights.size() - 1, plane = out.height() * out.width();
		final Tiling fused = fused(k, weights);
		final long[] bytes = new long[mixes + 3];
		bytes[0] = (long) rounded(n) * filters.channels() * k * k * Float.BYTES;
		int widest = n;
		for (int m = 1; m <= mixes; m++) {
			bytes[m] = (long) rounded(weights.get(m).height()) * weights.get(m).width() * Float.BYTES;
			if (m < mixes) widest = Math.max(widest, weights.get(m).height());
		}
		final long hiddenBytes = (long) widest * plane * Float.BYTES;
		final int most = (int) Math.max(1, Math.min(in.batch(), limits.scratch() / (2 * hiddenBytes)));
		if (fused == null) bytes[mixes + 1] = bytes[mixes + 2] = most * hiddenBytes;
		synchronized (gpu) {
			final long[] scratch = memory.scratch(bytes);
			pack(filters, scratch[0], n, filters.channels() * k * k);
			for (int m = 1; m <= mixes; m++)
				pack(weights.get(m), scratch[m], weights.get(m).height(), weights.get(m).width());
			if (fused != null) {
				final boolean two = mixes == 2;
				launch(fused, in, 0, filters, scratch[0], scratch[1], weights.get(1).height(), two ? scratch[2] : null, weights.get(mixes)
					.height(), kept == null ? null : kept.get(0), kept == null || !two ? null : kept.get(1), out, out, 0, in.batch());
			}
			else for (int from = 0; from < in.batch(); from += most)
				unfused(in, weights, kept, out, scratch, from, Math.min(most, in.batch() - from));
		}
	}

	private void pack(final Tensor weights, final long to, final int outputs, final int inputs) {
		gpu.launch("pack", Grid.over(rounded(outputs) * inputs, 1), weights, to, outputs, inputs);
	}

	/** @param shape of the result */
	private void launch(final Tiling t, final Tensor in, final int fromImage, final Tensor filters, final long packed,
		final Long first, final int mixed, final Long second, final int outputs, final Object kept0, final Object kept1,
		final Object out, final Tensor shape, final int fromFilter, final int batch)
	{
		final Grid grid = new Grid(Grid.blocks(shape.width(), TILE), Grid.blocks(shape.height(), t.tileRows), batch, t.threads, t.shared);
		gpu.launch("features", grid, DeviceBuffer.address(in, fromImage), in.channels(), in.width(), in.height(), packed, filters
			.batch(), filters.height(), first, mixed, second, outputs, kept0, kept1, out, shape.width(), shape.height(), t.tileRows,
			t.rows, fromFilter, t.slice, batch);
	}

	/** One kernel for the filters, and one for each recombination. */
	private void unfused(final Tensor in, final List<Tensor> weights, final List<Tensor> kept, final Tensor out,
		final long[] scratch, final int from, final int count)
	{
		final Tensor filters = weights.get(0);
		final int n = rounded(filters.batch()), k = filters.height(), mixes = weights.size() - 1;
		final int plane = out.height() * out.width();
		long hidden = kept == null ? scratch[mixes + 1] : DeviceBuffer.address(kept.get(0), from);
		for (int f = 0; f < n; f += SLICE) {
			final int slice = Math.min(SLICE, n - f);
			launch(Tiling.of(k, slice, 0, slice, TILE_ROWS), in, from, filters, scratch[0], null, 0, null, 0, null, null, hidden, out,
				f, count);
		}
		for (int m = 1; m <= mixes; m++) {
			final Tensor w = weights.get(m);
			final long to = m == mixes ? DeviceBuffer.address(out, from) : kept == null ? scratch[mixes + 1 + m % 2] : DeviceBuffer
				.address(kept.get(m), from);
			gpu.launch("recombine", new Grid(Grid.blocks(plane, Grid.THREADS * PIXELS), count, Grid.blocks(w.height(), OUTPUTS),
				Grid.THREADS, 0), hidden, w.width(), scratch[m], w.height(), m < mixes ? 1 : 0, to, plane, count);
			hidden = to;
		}
	}

	/** See {@link Backend#featuresGrad}. */
	void backward(final Tensor in, final List<Tensor> weights, final List<Tensor> kept, final Tensor dOut, final Tensor dIn,
		final List<Tensor> dWeights)
	{
		final int mixes = weights.size() - 1, plane = dOut.height() * dOut.width();
		int widest = 0, padded = 0;
		long sums = 0;
		for (int m = 0; m <= mixes; m++) {
			final Tensor w = weights.get(m);
			if (m > 0) {
				widest = Math.max(widest, w.width());
				padded = Math.max(padded, w.height() * rounded(w.width()));
			}
			sums = Math.max(sums, (long) strips(w) * w.size() * Float.BYTES);
		}
		final long hiddenBytes = (long) widest * plane * Float.BYTES;
		final int most = (int) Math.max(1, Math.min(in.batch(), limits.scratch() / (2 * hiddenBytes)));
		synchronized (gpu) {
			final long[] scratch = memory.scratch(most * hiddenBytes, most * hiddenBytes, (long) padded * Float.BYTES, sums);
			for (int from = 0; from < in.batch(); from += most) {
				final int count = Math.min(most, in.batch() - from);
				long d = DeviceBuffer.address(dOut, from);
				for (int m = mixes; m >= 1; m--) {
					final Tensor w = weights.get(m);
					final long t = DeviceBuffer.address(kept.get(m - 1), from), below = scratch[m % 2];
					if (dWeights != null) weightGradient(d, t, w, plane, count, scratch[3], dWeights.get(m));
					gpu.launch("pad", Grid.over(w.height() * rounded(w.width()), 1), w, scratch[2], w.height(), w.width());
					gpu.launch("recombineGrad", new Grid(Grid.blocks(plane, Grid.THREADS), count, Grid.blocks(w.width(), OUTPUTS),
						Grid.THREADS, 0), d, w.height(), scratch[2], w.width(), t, below, plane, count);
					d = below;
				}
				if (dWeights != null) filterGradient(in, from, count, d, dOut, weights.get(0), scratch[3], dWeights.get(0));
				if (dIn != null) inputGradient(d, dOut, weights.get(0), dIn, from, count);
			}
		}
	}

	/** So many that their sums fit. */
	private static int strips(final Tensor weights) {
		return (int) Math.max(1, Math.min(STRIPS, STRIP_BYTES / ((long) weights.size() * Float.BYTES)));
	}

	private void weightGradient(final long d, final long t, final Tensor w, final int plane, final int count, final long sums,
		final Tensor dW)
	{
		final int block = 32, rowFloats = block + 1;
		final long pixels = (long) plane * count;
		final int strip = (int) Math.max(STRIP_PIXELS, (pixels + strips(w) - 1) / strips(w));
		final int strips = (int) ((pixels + strip - 1) / strip);
		gpu.launch("recombineWeightSums", new Grid(Grid.blocks(w.width(), block), Grid.blocks(w.height(), block), strips, 16 * 16, 2 *
			block * rowFloats * Float.BYTES), d, w.height(), t, w.width(), sums, strip, plane, count);
		addSums(sums, strips, dW);
	}

	private void filterGradient(final Tensor in, final int from, final int count, final long d, final Tensor dOut,
		final Tensor filters, final long sums, final Tensor dFilters)
	{
		final int k = filters.height(), taps = k * k, threads = Math.min(Grid.THREADS, Grid.blocks(taps, 32) * 32);
		final int tapRows = Math.min(k, (threads - 1 + k - 1) / k + 1), rows = count * dOut.height();
		final int strip = Grid.blocks(rows, strips(filters)), strips = Grid.blocks(rows, strip);
		final int shared = Float.BYTES * (TILE * OUTPUTS + (TILE + k - 1) * tapRows);
		gpu.launch("filterSums", new Grid(Grid.blocks(filters.batch(), OUTPUTS) * Grid.blocks(taps, threads), filters.channels(), strips,
			threads, shared), DeviceBuffer.address(in, from), in.channels(), in.width(), in.height(), d, filters.batch(), k, sums, tapRows,
			strip, dOut.width(), dOut.height(), count);
		addSums(sums, strips, dFilters);
	}

	private void addSums(final long sums, final int strips, final Tensor gradients) {
		gpu.launch("addSums", Grid.over(gradients.size(), 1), sums, strips, gradients, gradients.size());
	}

	private void inputGradient(final long d, final Tensor dOut, final Tensor filters, final Tensor dIn, final int from,
		final int count)
	{
		final int k = filters.height(), rows = Math.max(1, Math.min(k, FILTER_BYTES / (k * Float.BYTES) / 2));
		final int shared = Float.BYTES * (rows * k + (TILE + k - 1) * (INPUT_ROWS + rows - 1));
		gpu.launch("inputGrad", new Grid(Grid.blocks(dIn.width(), TILE), Grid.blocks(dIn.height(), INPUT_ROWS), count, TILE / PIXELS *
			INPUT_ROWS, shared), d, filters.batch(), dOut.width(), dOut.height(), filters, filters.channels(), k, DeviceBuffer.address(dIn,
				from), INPUT_ROWS, rows, count);
	}
}
