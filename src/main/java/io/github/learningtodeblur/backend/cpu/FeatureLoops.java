package io.github.learningtodeblur.backend.cpu;

import java.util.Arrays;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Threads;

/**
 * Feature extraction and its gradients, band after band of rows, so that the hidden images of a band stay in the cache.
 * The images of a batch are worked on side by side; what they add to gradients is added in their order.
 */
final class FeatureLoops {

	/** Floats of one hidden image of a band: 32 of them, twice, stay within a 1 MB second-level cache. */
	private static final int BAND_PIXELS = 1024;
	/**
	 * Floats between the hidden images of a band. Without it they often lie a multiple of 4096 bytes apart,
	 * which puts all of them into the same few places of the first-level cache.
	 */
	private static final int BAND_GAP = 16;
	/** Rows whose filter gradient is summed up in registers. */
	private static final int GRADIENT_ROWS = 24;
	/** Rows of an input gradient per band. */
	private static final int INPUT_ROWS = 32;

	private final Kernels kernels;
	private final Scratch scratch;

	FeatureLoops(final Kernels kernels, final Scratch scratch) {
		this.kernels = kernels;
		this.scratch = scratch;
	}

	/** See {@link Backend#features}. */
	void forward(final Tensor in, final List<Tensor> weights, final List<Tensor> kept,
		final Tensor out)
	{
		final Tensor filters = weights.get(0);
		final int n = filters.batch(), inputs = in.channels(), k = filters.height();
		final int width = out.width(), height = out.height(), plane = width * height;
		final float[] packedFilters = Kernels.pack(HostBuffer.of(filters), 0, n, inputs * k * k);
		final int mixes = weights.size() - 1;
		final float[][] packedMixes = new float[mixes][];
		int widest = n;
		for (int m = 0; m < mixes; m++) {
			final Tensor w = weights.get(m + 1);
			packedMixes[m] = Kernels.pack(HostBuffer.of(w), 0, w.height(), w.width());
			if (m < mixes - 1) widest = Math.max(widest, w.height());
		}
		final int hidden = widest;
		final int bandRows = bandRows(width), bands = (height + bandRows - 1) / bandRows;
		Threads.forEach(in.batch() * bands, i -> {
			final int image = i / bands, from = i % bands * bandRows, to = Math.min(height, from + bandRows);
			final int run = (to - from) * width, bandPlane = run + BAND_GAP;
			final float[][] lent = scratch.take(hidden * (bandRows * width + BAND_GAP), 2);
			float[] now = lent[0], next = lent[1];
			kernels.convolve(HostBuffer.of(in), (image * inputs * in.height() + from) * in.width(), in.width(), in
				.height() * in.width(), inputs, 1, packedFilters, n, k, k, now, 0, width, bandPlane, width,
				to - from);
			int channels = n;
			for (int m = 0; m < mixes; m++) {
				for (int c = 0; c < channels; c++) {
					kernels.tanh(now, c * bandPlane, run);
					if (kept != null) System.arraycopy(now, c * bandPlane, HostBuffer.of(kept.get(m)), (image *
						channels + c) * plane + from * width, run);
				}
				final int outputs = weights.get(m + 1).height();
				final boolean last = m == mixes - 1;
				kernels.convolve(now, 0, run, bandPlane, channels, 1, packedMixes[m], outputs, 1, 1, last
					? HostBuffer.of(out) : next, last ? image * outputs * plane + from * width : 0, run, last ? plane
						: bandPlane, run, 1);
				final float[] swap = now;
				now = next;
				next = swap;
				channels = outputs;
			}
			scratch.give(lent);
		});
	}

	private static int bandRows(final int width) {
		return Math.max(1, (BAND_PIXELS + width - 1) / width);
	}

	/** See {@link Backend#featuresGrad}. */
	void backward(final Tensor in, final List<Tensor> weights, final List<Tensor> kept,
		final Tensor dOut, final Tensor dIn, final List<Tensor> dWeights)
	{
		final Tensor filters = weights.get(0);
		final int n = filters.batch(), inputs = in.channels(), k = filters.height(), pad = k - 1;
		final int width = dOut.width(), height = dOut.height(), plane = width * height;
		final int mixes = weights.size() - 1;
		final float[][] backward = new float[mixes][]; // transposed: from gradients of outputs to inputs
		int widest = n;
		for (int m = 0; m < mixes; m++) {
			final Tensor w = weights.get(m + 1);
			backward[m] = packTransposed(HostBuffer.of(w), w.height(), w.width());
			widest = Math.max(widest, w.width());
		}
		final int hidden = widest;
		// Gradient before the first tanh, with a margin of zeros for the full correlation below.
		final int marginWidth = width + 2 * pad;
		final int marginHeight = height + 2 * pad + 1; // a last single row reads one more
		final int marginPlane = marginWidth * marginHeight;
		final int bandRows = GRADIENT_ROWS, bands = (height + bandRows - 1) / bandRows;
		final int strip = bandRows(width);
		final float[][][][] all = new float[in.batch()][bands][][];
		Threads.forEach(in.batch(), image -> {
			final float[] margin = scratch.take(n * marginPlane);
			if (dIn != null) clearMargin(margin, n, marginPlane, marginWidth, marginHeight, pad, width,
				height);
			final float[][][] sums = all[image];
			Threads.forEach(bands, band -> {
				final int from = band * bandRows, to = Math.min(height, from + bandRows);
				final float[][] sum = dWeights == null ? null : new float[mixes + 1][];
				if (sum != null) for (int m = 0; m <= mixes; m++)
					sum[m] = new float[weights.get(m).size()];
				sums[band] = sum;
				final float[][] lent = scratch.take(hidden * (strip * width + BAND_GAP), 2);
				for (int r = from; r < to; r += strip) {
					final int rows = Math.min(strip, to - r), run = rows * width;
					final int bandPlane = run + BAND_GAP;
					final float[] first = lent[0], second = lent[1];
					float[] d = HostBuffer.of(dOut), free = first;
					int dPlane = plane, dAt = (image * dOut.channels() * height + r) * width;
					int channels = dOut.channels();
					for (int m = mixes - 1; m >= 0; m--) {
						final int below = weights.get(m + 1).width();
						final float[] t = HostBuffer.of(kept.get(m));
						final int tAt = (image * below * height + r) * width;
						if (sum != null) kernels.mixGradWeights(t, tAt, plane, below, d, dAt, dPlane, channels,
							sum[m + 1], run);
						kernels.convolve(d, dAt, run, dPlane, channels, 1, backward[m], below, 1, 1, free, 0, run,
							bandPlane, run, 1);
						for (int c = 0; c < below; c++)
							kernels.tanhGrad(t, tAt + c * plane, free, c * bandPlane, run);
						d = free;
						free = d == first ? second : first;
						dAt = 0;
						dPlane = bandPlane;
						channels = below;
					}
					for (int c = 0; c < n; c++)
						for (int y = 0; y < rows; y++)
							System.arraycopy(d, c * bandPlane + y * width, margin, c * marginPlane + (r + y + pad) *
								marginWidth + pad, width);
				}
				scratch.give(lent);
				if (sum != null) kernels.convolveGradFilters(HostBuffer.of(in), (image * inputs * in.height() + from) *
					in.width(), in.width(), in.height() * in.width(), inputs, margin, (from + pad) *
						marginWidth + pad, marginWidth, marginPlane, n, k, sum[0], width, to - from);
			});
			if (dIn != null) inputGrad(margin, marginPlane, marginWidth, filters, inputs, dIn, image);
			scratch.give(margin);
		});
		// in the order of images and bands
		if (dWeights != null) for (final float[][][] sums : all)
			for (final float[][] sum : sums)
				for (int m = 0; m <= mixes; m++)
					add(sum[m], HostBuffer.of(dWeights.get(m)));
	}

	private static void clearMargin(final float[] margin, final int n, final int plane,
		final int marginWidth, final int marginHeight, final int pad, final int width, final int height)
	{
		for (int c = 0; c < n; c++) {
			final int at = c * plane;
			Arrays.fill(margin, at, at + pad * marginWidth, 0);
			for (int y = pad; y < pad + height; y++) {
				final int row = at + y * marginWidth;
				Arrays.fill(margin, row, row + pad, 0);
				Arrays.fill(margin, row + pad + width, row + marginWidth, 0);
			}
			Arrays.fill(margin, at + (pad + height) * marginWidth, at + marginHeight * marginWidth, 0);
		}
	}

	/** Gradient of the first input channel. */
	private void inputGrad(final float[] margin, final int marginPlane, final int marginWidth,
		final Tensor filters, final int inputs, final Tensor dIn, final int image)
	{
		final int k = filters.height(), width = dIn.width(), height = dIn.height();
		Threads.forEachBand(height, INPUT_ROWS, (from, to) -> kernels.convolveGradInput(margin, from *
			marginWidth, marginWidth, marginPlane, filters.batch(), HostBuffer.of(filters), inputs * k * k, k, HostBuffer.of(
				dIn), (image * height + from) * width, width, width, to - from));
	}

	private static float[] packTransposed(final float[] w, final int outputs, final int inputs) {
		final float[] transposed = new float[w.length];
		for (int o = 0; o < outputs; o++)
			for (int i = 0; i < inputs; i++)
				transposed[i * outputs + o] = w[o * inputs + i];
		return Kernels.pack(transposed, 0, inputs, outputs);
	}

	private static void add(final float[] from, final float[] to) {
		for (int i = 0; i < from.length; i++)
			to[i] += from[i];
	}
}
