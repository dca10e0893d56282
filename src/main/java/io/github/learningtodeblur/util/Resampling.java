package io.github.learningtodeblur.util;

/**
 * One axis of a separable resampling as a sparse matrix: cubic (Catmull-Rom), or means over areas. Made smaller,
 * the cubic is widened by the factor, so that it filters what the new grid can't show; edges are replicated. Pixel
 * centres are aligned as usual: output i lies at input {@code (i + 0.5) * in / out - 0.5}.
 */
public final class Resampling {

	private final int in;
	private final int out;
	private final int taps;
	private final int[] index;
	private final double[] weight;

	public Resampling(final int in, final int out) {
		if (in < 1 || out < 1) throw new IllegalArgumentException("Sizes must be positive, got " + in +
			" to " + out);
		this.in = in;
		this.out = out;
		final double step = (double) in / out;
		final double widen = Math.max(1, step);
		this.taps = (int) Math.ceil(4 * widen) + 1;
		this.index = new int[out * taps];
		this.weight = new double[out * taps];
		for (int i = 0; i < out; i++) {
			final double center = (i + 0.5) * step - 0.5;
			final int first = (int) Math.ceil(center - 2 * widen);
			double sum = 0;
			for (int t = 0; t < taps; t++) {
				index[i * taps + t] = Math.max(0, Math.min(in - 1, first + t));
				sum += weight[i * taps + t] = cubic((first + t - center) / widen);
			}
			for (int t = 0; t < taps; t++)
				weight[i * taps + t] /= sum;
		}
	}

	private Resampling(final int in, final int out, final int taps) {
		this.in = in;
		this.out = out;
		this.taps = taps;
		index = new int[out * taps];
		weight = new double[out * taps];
	}

	/**
	 * Shrinks: every output is the mean of what it covers of the first {@code length} inputs, in shares of pixels.
	 *
	 * @param length from {@code out} to {@code in}
	 */
	public static Resampling means(final int in, final int out, final double length) {
		if (!(out >= 1 && length >= out && length <= in)) throw new IllegalArgumentException("Means need sizes of 1 <= " +
			out + " <= " + length + " <= " + in);
		final double step = length / out;
		final Resampling r = new Resampling(in, out, (int) Math.ceil(step) + 1);
		for (int i = 0; i < out; i++)
			for (int t = 0, first = (int) (i * step); t < r.taps; t++) {
				final double covered = Math.min((i + 1) * step, first + t + 1) - Math.max(i * step, first + t);
				r.index[i * r.taps + t] = Math.min(in - 1, first + t);
				r.weight[i * r.taps + t] = Math.max(0, covered) / step;
			}
		return r;
	}

	/** Catmull-Rom: Keys' cubic with a = -1/2. */
	private static double cubic(final double at) {
		final double x = Math.abs(at);
		if (x >= 2) return 0;
		if (x >= 1) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
		return (1.5 * x - 2.5) * x * x + 1;
	}

	public int taps() {
		return taps;
	}

	/** Input of tap {@code t} of output {@code i}. */
	public int index(final int i, final int t) {
		return index[i * taps + t];
	}

	public double weight(final int i, final int t) {
		return weight[i * taps + t];
	}

	/** A plane in another size. Unknown pixels (NaN) are so where the nearest one was. */
	public static Plane resize(final Plane plane, final int width, final int height) {
		final float[] result = new float[Math.multiplyExact(width, height)];
		final Plane known = Unknown.filled(plane);
		apply(known.pixels(), 0, new Resampling(plane.height(), height), new Resampling(plane.width(),
			width), result, 0);
		if (known != plane) for (int y = 0; y < height; y++)
			for (int x = 0; x < width; x++)
				if (Float.isNaN(plane.get((int) ((x + 0.5) * plane.width() / width), (int) ((y + 0.5) * plane.height() /
					height)))) result[y * width + x] = Float.NaN;
		return new Plane(result, width, height);
	}

	/** Resamples one image of {@code rows.in() * columns.in()} values. */
	public static void apply(final float[] from, final int fromOffset, final Resampling rows,
		final Resampling columns, final float[] to, final int toOffset)
	{
		// first across (rows are read in order), then down, row by row
		final float[] across = new float[rows.in * columns.out];
		Threads.forEachBand(rows.in, 64, (a, b) -> {
			for (int y = a; y < b; y++)
				for (int x = 0; x < columns.out; x++) {
					double sum = 0;
					for (int t = x * columns.taps; t < (x + 1) * columns.taps; t++)
						sum += columns.weight[t] * from[fromOffset + y * columns.in + columns.index[t]];
					across[y * columns.out + x] = (float) sum;
				}
		});
		Threads.forEachBand(rows.out, 64, (a, b) -> {
			for (int y = a; y < b; y++) {
				final int o = toOffset + y * columns.out;
				java.util.Arrays.fill(to, o, o + columns.out, 0);
				for (int t = y * rows.taps; t < (y + 1) * rows.taps; t++) {
					final float w = (float) rows.weight[t];
					final int r = rows.index[t] * columns.out;
					if (w != 0) for (int x = 0; x < columns.out; x++)
						to[o + x] += w * across[r + x];
				}
			}
		});
	}

	/** The adjoint of {@link #apply}: adds gradients of the output into gradients of the input. */
	public static void applyAdjoint(final float[] dTo, final int toOffset, final Resampling rows,
		final Resampling columns, final float[] dFrom, final int fromOffset)
	{
		final float[] across = new float[rows.in * columns.out];
		for (int y = 0; y < rows.out; y++)
			for (int t = y * rows.taps; t < (y + 1) * rows.taps; t++) {
				final float w = (float) rows.weight[t];
				final int r = rows.index[t] * columns.out;
				if (w != 0) for (int x = 0; x < columns.out; x++)
					across[r + x] += w * dTo[toOffset + y * columns.out + x];
			}
		for (int y = 0; y < rows.in; y++)
			for (int x = 0; x < columns.out; x++)
				for (int t = x * columns.taps; t < (x + 1) * columns.taps; t++)
					dFrom[fromOffset + y * columns.in + columns.index[t]] += columns.weight[t] * across[y *
						columns.out + x];
	}
}
