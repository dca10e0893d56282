package io.github.learningtodeblur.observe;

import java.util.Arrays;

import io.github.learningtodeblur.util.Plane;

/**
 * Noise that is the same along each row, or along each column, as many sensors have it: a blur would have left no such jumps
 * from row to row. The median difference of two rows tells their offset; what of it varies slowly may be the scene.
 *
 * @param offsets of the lines, without what varies slowly
 * @param rows whether the lines are rows, or columns
 */
record Banding(double[] offsets, boolean rows) {

	/** Standard deviation of the Gaussian that tells slow from fast, in rows. */
	private static final double SLOW = 3;

	/**
	 * There is banding if jumps from row to row are by this factor larger than those from column to column, and change sign
	 * as those of independent offsets do: second differences of independent values have 1.73 times the size of the first.
	 */
	private static final double STRONGER = 3, INDEPENDENT = 1.5;

	/** Columns of which rows are compared, at most. */
	private static final int SAMPLES = 1000;

	/**
	 * @param p NaN where unknown
	 * @return null if there is none
	 */
	static Banding in(final Plane p) {
		if (p.width() < 8 || p.height() < 8) return null;
		final double[] down = jumps(p, p.height(), p.width(), p.width(), 1), across = jumps(p, p.width(), p.height(), 1,
			p.width());
		final double rows = roughness(down), columns = roughness(across);
		if (rows > STRONGER * columns && independent(down)) return new Banding(offsets(down), true);
		if (columns > STRONGER * rows && independent(across)) return new Banding(offsets(across), false);
		return null;
	}

	/** Median differences of neighbouring lines; 0 where nothing is known. */
	private static double[] jumps(final Plane p, final int lines, final int length, final int lineStep,
		final int step)
	{
		final int skip = Math.max(1, length / SAMPLES);
		final float[] differences = new float[length / skip];
		final double[] out = new double[lines - 1];
		for (int line = 0; line < lines - 1; line++) {
			int n = 0;
			for (int i = 0; i < differences.length; i++) {
				final int at = line * lineStep + i * skip * step;
				final float d = p.pixels()[at + lineStep] - p.pixels()[at];
				if (!Float.isNaN(d)) differences[n++] = d;
			}
			Arrays.sort(differences, 0, n);
			// the mean of the middle half is finer than the steps of the values
			double sum = 0;
			for (int i = n / 4; i < n - n / 4; i++)
				sum += differences[i];
			out[line] = n < 8 ? 0 : sum / (n - n / 4 - n / 4);
		}
		return out;
	}

	private static double roughness(final double[] jumps) {
		double sum = 0;
		for (int i = 1; i < jumps.length; i++)
			sum += (jumps[i] - jumps[i - 1]) * (jumps[i] - jumps[i - 1]);
		return Math.sqrt(sum / (jumps.length - 1));
	}

	private static boolean independent(final double[] jumps) {
		double sum = 0;
		for (final double j : jumps)
			sum += j * j;
		return roughness(jumps) > INDEPENDENT * Math.sqrt(sum / jumps.length);
	}

	/** The lines' offsets but for what varies slowly. */
	private static double[] offsets(final double[] jumps) {
		final double[] level = new double[jumps.length + 1], out = new double[level.length];
		for (int i = 0; i < jumps.length; i++)
			level[i + 1] = level[i] + jumps[i];
		final int reach = (int) Math.ceil(3 * SLOW);
		for (int i = 0; i < level.length; i++) {
			double sum = 0, weights = 0;
			for (int j = Math.max(0, i - reach); j <= Math.min(level.length - 1, i + reach); j++) {
				final double weight = Math.exp(-0.5 * (i - j) * (i - j) / (SLOW * SLOW));
				sum += weight * level[j];
				weights += weight;
			}
			out[i] = level[i] - sum / weights;
		}
		return out;
	}

	Plane subtractedFrom(final Plane p) {
		final Plane out = p.copy();
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] -= (float) offsets[rows ? i / p.width() : i % p.width()];
		return out;
	}
}
