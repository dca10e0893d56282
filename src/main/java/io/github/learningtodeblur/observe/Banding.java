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

	/** Part of the roughness squared that is the scene's at least; and of the energy of the equations that may be left. */
	private static final double LEAST_SCENE = 1e-5, TOLERANCE = 1e-12;

	/**
	 * There is banding if jumps from row to row are by this factor larger than those from column to column, and change sign
	 * as those of independent offsets do: second differences of independent values have 1.73 times the size of the first.
	 */
	private static final double STRONGER = 3, INDEPENDENT = 1.5;

	/** Lines over which the mean of lines may vary in what shows a blur: standard deviation of a Gaussian. */
	private static final double SLOW = 20;

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
		if (rows > STRONGER * columns && independent(down)) return new Banding(offsets(down, rows, columns), true);
		if (columns > STRONGER * rows && independent(across)) return new Banding(offsets(across, columns, rows), false);
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

	/**
	 * The lines' offsets: what their levels have beside a smooth curve, the minimiser of <code>sum (level - curve)^2 + smoothness
	 * sum (D curve)^2</code>, where D takes second differences. The smoothness is the ratio of the variances of the offsets and of
	 * what D makes of the scene, which the other direction tells, as it has no offsets. By conjugate gradients.
	 *
	 * @param rough {@link #roughness} of the jumps
	 * @param scene the same of the other direction
	 */
	private static double[] offsets(final double[] jumps, final double rough, final double scene) {
		final int n = jumps.length + 1;
		// second differences of independent values have six times their variance
		final double smoothness = (rough * rough - scene * scene) / (6 * Math.max(LEAST_SCENE * rough * rough, scene * scene));
		final double[] offsets = new double[n], left = new double[n];
		for (int i = 1; i < n - 1; i++)
			addBend(left, i, smoothness * (jumps[i] - jumps[i - 1]));
		final double start = dot(left, left);
		final double[] direction = left.clone();
		double energy = start;
		for (int round = 0; round < 2 * n && energy > TOLERANCE * start; round++) {
			final double[] ahead = direction.clone();
			for (int i = 1; i < n - 1; i++)
				addBend(ahead, i, smoothness * (direction[i - 1] - 2 * direction[i] + direction[i + 1]));
			final double step = energy / dot(direction, ahead);
			for (int i = 0; i < n; i++) {
				offsets[i] += step * direction[i];
				left[i] -= step * ahead[i];
			}
			final double next = dot(left, left);
			for (int i = 0; i < n; i++)
				direction[i] = left[i] + next / energy * direction[i];
			energy = next;
		}
		return offsets;
	}

	/** What D, transposed, makes of a second difference at i. */
	private static void addBend(final double[] to, final int i, final double bend) {
		to[i - 1] += bend;
		to[i] -= 2 * bend;
		to[i + 1] += bend;
	}

	private static double dot(final double[] a, final double[] b) {
		double sum = 0;
		for (int i = 0; i < a.length; i++)
			sum += a[i] * b[i];
		return sum;
	}

	/**
	 * The picture without what its lines have on average, but for what varies slowly: of the scene as of the offsets. It tells less of
	 * the scene but no lie of the blur, which does to the lines' means what it does to the scene; the estimated offsets have taken a bit
	 * of the scene and left a bit of themselves.
	 */
	Plane withoutLines(final Plane p) {
		final int n = offsets.length;
		final double[] mean = new double[n], known = new double[n];
		for (int i = 0; i < p.pixels().length; i++)
			if (!Float.isNaN(p.pixels()[i])) {
				mean[line(p, i)] += p.pixels()[i];
				known[line(p, i)]++;
			}
		final double[] beside = new double[n];
		for (int i = 0; i < n; i++) {
			double sum = 0, weights = 0;
			for (int j = 0; j < n; j++) {
				if (known[j] == 0) continue;
				final double weight = Math.exp(-0.5 * (i - j) * (i - j) / (SLOW * SLOW));
				sum += weight * mean[j] / known[j];
				weights += weight;
			}
			beside[i] = known[i] == 0 ? 0 : mean[i] / known[i] - sum / weights;
		}
		return subtracted(p, beside);
	}

	private int line(final Plane p, final int pixel) {
		return rows ? pixel / p.width() : pixel % p.width();
	}

	Plane subtractedFrom(final Plane p) {
		return subtracted(p, offsets);
	}

	private Plane subtracted(final Plane p, final double[] ofLines) {
		final Plane out = p.copy();
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] -= (float) ofLines[line(p, i)];
		return out;
	}
}
