package io.github.learningtodeblur.backend.cuda;

import java.util.HashMap;
import java.util.Map;

import io.github.learningtodeblur.backend.Tensor;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/**
 * Fourier transform of real images to half spectra and back, for all sizes that are even products of 2, 3 and 5: see
 * fourier.cu. A spectrum has {@code width / 2 + 1} complex numbers in each of its {@code height} rows.
 */
final class Fourier {

	private static final int COMPLEX = 2 * Float.BYTES;
	/** Columns side by side, at most; 16 of them are read at full speed. */
	private static final int COLUMNS = 16;
	/** Values that the rows of a block have together, at most, if they are more than one. */
	private static final int ROW_VALUES = 1024;

	private final Gpu gpu;
	private final Memory memory;
	private final Limits limits;
	/** By period. There are so few good sizes that none of their tables needs to go. */
	private final Map<Integer, DevicePointer> tables = new HashMap<>();

	Fourier(final Gpu gpu, final Memory memory, final Limits limits) {
		this.gpu = gpu;
		this.memory = memory;
		this.limits = limits;
	}

	/** Bytes of a spectrum. */
	static long bytes(final int height, final int width) {
		return (long) height * (width / 2 + 1) * COMPLEX;
	}

	/** Has what transforms of this size need. */
	void prepare(final int height, final int width) {
		synchronized (gpu) {
			tables.computeIfAbsent(height, this::newTable);
			tables.computeIfAbsent(width, this::newTable);
		}
	}

	private DevicePointer newTable(final int n) {
		final float[] table = new float[2 * n];
		for (int i = 0; i < n; i++) {
			table[2 * i] = (float) Math.cos(2 * Math.PI * i / n);
			table[2 * i + 1] = (float) -Math.sin(2 * Math.PI * i / n);
		}
		final DevicePointer pointer = memory.permanent((long) n * COMPLEX);
		gpu.call("write a table", () -> JCudaDriver.cuMemcpyHtoD(pointer, Pointer.to(table), (long) n * COMPLEX));
		return pointer;
	}

	private long table(final int n) {
		return tables.get(n).address();
	}

	/** @param origin row and column of the images that become row and column 0; what is before wraps around */
	void forward(final Tensor images, final Tensor spectra, final int origin) {
		final int w = images.width(), h = images.height(), width = spectra.width(), height = spectra.height();
		final int half = width / 2, planes = images.batch() * images.channels();
		synchronized (gpu) {
			gpu.checkOpen();
			if (half <= limits.line()) {
				final int lines = lines(half);
				gpu.launch("fftRows", shared(Grid.blocks(planes * h, lines), 1, lines, half), images, w, h, spectra, width, height,
					origin, table(width), lines, planes);
			}
			else longRows(images, spectra, origin, planes);
			if (height <= limits.line()) {
				final int lines = columns(height);
				gpu.launch("fftColumns", shared(Grid.blocks(half + 1, lines), planes, lines, height), spectra, h, height, half + 1,
					origin, table(height), lines, planes);
			}
			else {
				gpu.launch("clearRows", Grid.over(height * (half + 1), planes), spectra, h, height, half + 1, origin, planes);
				final long all = DeviceBuffer.of(spectra).address(), bytes = bytes(height, width);
				final int length = height * (half + 1);
				inParts(planes, bytes, (from, count) -> {
					final long at = all + from * bytes, other = memory.scratch(count * bytes)[0];
					final long result = passes(at, other, height, half + 1, half + 1, length, count * (half + 1), table(height), 1, 1);
					if (result != at) gpu.launch("copyChannels", Grid.over(2 * length, count), result, 0, 2 * length, at, 0, 2 * length, 2 *
						length, count);
				});
			}
		}
	}

	private void longRows(final Tensor images, final Tensor spectra, final int origin, final int planes) {
		final int w = images.width(), h = images.height(), width = spectra.width(), half = width / 2;
		final long bytes = (long) h * half * COMPLEX;
		inParts(planes, 2 * bytes, (from, count) -> {
			final long[] two = memory.scratch(count * bytes, count * bytes);
			final int rows = count * h;
			gpu.launch("longPairs", Grid.over(half, rows), DeviceBuffer.of(images).address() + (long) from * w * h * Float.BYTES, w,
				width, origin, two[0], rows);
			final long pairs = passes(two[0], two[1], half, 1, 1, half, rows, table(width), 2, 1);
			gpu.launch("longRows", Grid.over(half + 1, rows), pairs, h, DeviceBuffer.of(spectra).address() + from * bytes(spectra
				.height(), width), width, spectra.height(), origin, table(width), rows);
		});
	}

	/** See {@link #forward}. */
	void inverse(final Tensor spectra, final Tensor images, final int origin) {
		final int w = images.width(), h = images.height(), width = spectra.width(), height = spectra.height();
		final int half = width / 2, length = height * (half + 1);
		final long rowBytes = (long) h * (half + 1) * COMPLEX, bytes = bytes(height, width), pairBytes = (long) h * half * COMPLEX;
		final boolean longColumns = height > limits.line(), longRows = half > limits.line();
		final float factor = (float) (1 / ((double) width * height));
		synchronized (gpu) {
			gpu.checkOpen();
			inParts(images.batch() * images.channels(), rowBytes + (longColumns ? 2 * bytes : 0) + (longRows ? 2 * pairBytes : 0), (from,
				count) ->
			{
				final long[] parts = memory.scratch(count * rowBytes, longColumns ? count * bytes : 0, longColumns ? count * bytes : 0,
					longRows ? count * pairBytes : 0, longRows ? count * pairBytes : 0);
				final long in = DeviceBuffer.of(spectra).address() + from * bytes, rows = parts[0];
				final long out = DeviceBuffer.of(images).address() + (long) from * w * h * Float.BYTES;
				if (longColumns) {
					gpu.launch("copyChannels", Grid.over(2 * length, count), in, 0, 2 * length, parts[1], 0, 2 * length, 2 * length, count);
					final long result = passes(parts[1], parts[2], height, half + 1, half + 1, length, count * (half + 1), table(height), 1,
						-1);
					gpu.launch("pickRows", Grid.over(h * (half + 1), count), result, rows, h, height, half + 1, origin, count);
				}
				else {
					final int lines = columns(height);
					gpu.launch("ifftColumns", shared(Grid.blocks(half + 1, lines), count, lines, height), in, rows, h, height, half + 1,
						origin, table(height), lines, count);
				}
				if (longRows) {
					gpu.launch("inverseLongPairs", Grid.over(half, count * h), rows, width, parts[3], table(width), count * h);
					final long pairs = passes(parts[3], parts[4], half, 1, 1, half, count * h, table(width), 2, -1);
					gpu.launch("inverseLongRows", Grid.over(w, count * h), pairs, out, w, width, origin, factor, count * h);
				}
				else {
					final int lines = lines(half);
					gpu.launch("ifftRows", shared(Grid.blocks(count * h, lines), 1, lines, half), rows, out, w, h, width, origin, factor,
						table(width), lines, count);
				}
			});
		}
	}

	/** Rows in a block. */
	private int lines(final int half) {
		return Math.max(1, Math.min(COLUMNS, Math.min(ROW_VALUES, limits.line()) / half));
	}

	/** Columns in a block. */
	private int columns(final int height) {
		return Integer.highestOneBit(Math.max(1, Math.min(COLUMNS, limits.line() / height)));
	}

	private static Grid shared(final int x, final int y, final int lines, final int n) {
		final int threads = Math.max(32, Math.min(Grid.THREADS, (lines * n / 4 + 31) / 32 * 32));
		return new Grid(x, y, 1, threads, 2 * lines * n * COMPLEX);
	}

	/** @return where the result is, one or the other */
	private long passes(final long one, final long other, final int n, final int stride, final int group, final int groupLength,
		final int lines, final long table, final int tableStep, final float sign)
	{
		long from = one, to = other;
		for (int done = 1; done < n;) {
			final int radix = radix(n / done);
			gpu.launch("longPass", Grid.over((int) Math.min(1 << 24, (long) n / radix * lines), 1), from, to, n, done, stride, group,
				groupLength, lines, table, tableStep, sign);
			done *= radix;
			final long swap = from;
			from = to;
			to = swap;
		}
		return from;
	}

	/** As in fourier.cu. */
	private static int radix(final int rest) {
		return rest % 4 == 0 ? 4 : rest % 2 == 0 ? 2 : rest % 3 == 0 ? 3 : 5;
	}

	private interface Part {

		void work(int from, int count);
	}

	/** So many planes at once that scratch memory stays small, at least one. */
	private void inParts(final int planes, final long bytesEach, final Part part) {
		final int most = (int) Math.max(1, limits.scratch() / bytesEach);
		for (int from = 0; from < planes; from += most)
			part.work(from, Math.min(most, planes - from));
	}
}
