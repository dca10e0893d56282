package io.github.learningtodeblur.train;

import java.util.random.RandomGenerator;

import io.github.learningtodeblur.util.Plane;

/**
 * Blur of a shaken camera (Sec. 3.3 of the paper): x and y over the exposure t in [0, 1] are drawn from a
 * Gaussian process with the covariance of Eq. 6, scaled to the kernel size, shifted to the centre of mass,
 * and drawn into the kernel with sub-pixel accuracy, every point weighted by the time spent there. The text
 * below Eq. 6 says "Matérn with nu = 3/2"; the formula is nu = 5/2, and the formula is what is used.
 * <p>
 * Scaling: the point farthest from the centre of mass, in x or in y, lies on the centre of a border pixel, so
 * that the whole trajectory is inside the kernel after shifting.
 *
 * @param smaller share of kernels that do not fill the size, in [0, 1]: a network trained for one size also
 *          meets smaller blurs
 * @param minExtent smallest extent of those, as a fraction of the size, in (0, 1]; drawn uniformly up to 1
 * @param maxWidth largest standard deviation in pixels of a small Gaussian that widens the line, in [0, 0.7];
 *          drawn uniformly from 0: lens and pixel have a width as well. 0 leaves the bare line of the paper
 */
public record CameraShake(double smaller, double minExtent, double maxWidth) implements BlurFamily {

	/** Length scale l of Eq. 6. */
	static final double LENGTH_SCALE = 0.3;

	/** sigma_f of Eq. 6. */
	static final double SIGMA = 0.25;

	/**
	 * Points at which the process is drawn; between them it is smooth and interpolated by cubics. More points
	 * change kernels of 33 pixels by less than a thousandth.
	 */
	static final int POINTS = 48;

	/** Distance in pixels of the points drawn into the kernel. */
	private static final double STEP = 0.3;

	private static final double[][] CHOLESKY = cholesky();

	/** Three kernels in ten down to 0.3 of the size; line widths up to 0.5 pixels. */
	public CameraShake() {
		this(0.3, 0.3, 0.5);
	}

	public CameraShake {
		if (!(smaller >= 0 && smaller <= 1)) throw new IllegalArgumentException(
			"Share of smaller kernels must be in [0, 1], got " + smaller);
		if (!(minExtent > 0 && minExtent <= 1)) throw new IllegalArgumentException(
			"Smallest extent must be in (0, 1], got " + minExtent);
		if (!(maxWidth >= 0 && maxWidth <= 0.7)) throw new IllegalArgumentException(
			"Line width must be in [0, 0.7] pixels, got " + maxWidth);
	}

	/** Eq. 6 for |t - t'| = {@code distance}. */
	static double covariance(final double distance) {
		final double r = Math.sqrt(5) * distance / LENGTH_SCALE;
		return SIGMA * SIGMA * (1 + r + r * r / 3) * Math.exp(-r);
	}

	/** Lower triangle L with L L^T = the covariance of {@link #POINTS} points over [0, 1]. */
	private static double[][] cholesky() {
		final double[][] lower = new double[POINTS][];
		for (int i = 0; i < POINTS; i++) {
			lower[i] = new double[i + 1];
			for (int j = 0; j <= i; j++) {
				double sum = covariance((i - j) / (POINTS - 1.0));
				if (i == j) sum += 1e-9 * SIGMA * SIGMA; // rounding must not make the diagonal negative
				for (int k = 0; k < j; k++)
					sum -= lower[i][k] * lower[j][k];
				lower[i][j] = i == j ? Math.sqrt(sum) : sum / lower[j][j];
			}
		}
		return lower;
	}

	/** One coordinate of a trajectory at {@link #POINTS} equal steps of time. */
	static double[] trajectory(final RandomGenerator random) {
		final double[] normal = new double[POINTS];
		for (int i = 0; i < POINTS; i++)
			normal[i] = random.nextGaussian();
		final double[] f = new double[POINTS];
		for (int i = 0; i < POINTS; i++) {
			final double[] row = CHOLESKY[i];
			double sum = 0;
			for (int k = 0; k <= i; k++)
				sum += row[k] * normal[k];
			f[i] = sum;
		}
		return f;
	}

	@Override
	public Plane sample(final int size, final RandomGenerator random) {
		BlurFamilies.checkSize(size);
		final double extent = random.nextDouble() < smaller ? BlurFamilies.uniform(random, Math.min(size,
			Math.max(1, minExtent * size)), size) : size;
		final double width = BlurFamilies.uniform(random, 0, maxWidth);
		final Plane kernel = draw(trajectory(random), trajectory(random), size, (extent - 1) / 2);
		widen(kernel, width * width / 2);
		return kernel.normalized();
	}

	/**
	 * Draws a trajectory into a plane of sum 1.
	 *
	 * @param fx,fy coordinates at equal steps of time, in any unit
	 * @param reach distance in pixels between the centre of mass and the farthest point, in x or y
	 */
	private static Plane draw(final double[] fx, final double[] fy, final int size,
		final double reach)
	{
		// Fineness needs a guess of the final scale; the larger range of x and y is close enough
		double spread = 1e-12;
		for (final double[] f : new double[][] { fx, fy }) {
			double min = f[0];
			double max = f[0];
			for (final double v : f) {
				min = Math.min(min, v);
				max = Math.max(max, v);
			}
			spread = Math.max(spread, max - min);
		}
		final double fineness = 2 * reach / spread / STEP;
		final int segments = fx.length - 1;
		final int[] pieces = new int[segments];
		int count = 0;
		for (int s = 0; s < segments; s++) {
			final double length = Math.hypot(fx[s + 1] - fx[s], fy[s + 1] - fy[s]) * fineness;
			count += pieces[s] = 1 + (int) length;
		}
		final double[] x = new double[count];
		final double[] y = new double[count];
		final double meanX = interpolate(fx, pieces, x);
		final double meanY = interpolate(fy, pieces, y);
		double farthest = 1e-12;
		for (int i = 0; i < count; i++)
			farthest = Math.max(farthest, Math.max(Math.abs(x[i] - meanX), Math.abs(y[i] - meanY)));

		final Plane kernel = new Plane(size, size);
		final double scale = reach / farthest;
		final double middle = (size - 1) / 2.0;
		int i = 0;
		for (int s = 0; s < segments; s++) {
			final double weight = 1.0 / segments / pieces[s];
			for (final int end = i + pieces[s]; i < end; i++) {
				// the clamp is for rounding only
				BlurFamilies.splat(kernel.pixels(), size, Math.max(0, (x[i] - meanX) * scale + middle), Math
					.max(0, (y[i] - meanY) * scale + middle), weight);
			}
		}
		return kernel;
	}

	/**
	 * Cubic interpolation (Catmull-Rom) in the middle of every piece of every segment.
	 *
	 * @param pieces number of equal pieces of each segment between two values of {@code f}
	 * @param out as many values as there are pieces
	 * @return mean over time of {@code out}
	 */
	private static double interpolate(final double[] f, final int[] pieces, final double[] out) {
		double mean = 0;
		int i = 0;
		for (int s = 0; s < pieces.length; s++) {
			final double a = f[s];
			final double b = f[s + 1];
			final double slopeA = (b - (s == 0 ? 2 * a - b : f[s - 1])) / 2;
			final double slopeB = ((s + 2 == f.length ? 2 * b - a : f[s + 2]) - a) / 2;
			final double c2 = 3 * (b - a) - 2 * slopeA - slopeB;
			final double c3 = slopeA + slopeB - 2 * (b - a);
			final double h = 1.0 / pieces[s];
			double sum = 0;
			for (int p = 0; p < pieces[s]; p++) {
				final double t = (p + 0.5) * h;
				sum += out[i++] = a + t * (slopeA + t * (c2 + t * c3));
			}
			mean += sum * h;
		}
		return mean / pieces.length;
	}

	/**
	 * Convolves with [a, 1 - 2a, a] in x and y, a Gaussian of variance 2a. What would leave the plane stays in
	 * the border pixel.
	 */
	private static void widen(final Plane kernel, final double a) {
		if (a == 0) return;
		final int size = kernel.width();
		final float[] pixels = kernel.pixels();
		final float side = (float) a;
		final float middle = (float) (1 - 2 * a);
		for (int y = 0; y < size; y++) {
			float before = pixels[y * size];
			for (int x = 0; x < size; x++) {
				final int i = y * size + x;
				final float here = pixels[i];
				final float after = x + 1 < size ? pixels[i + 1] : here;
				pixels[i] = middle * here + side * (before + after);
				before = here;
			}
		}
		final float[] above = new float[size];
		System.arraycopy(pixels, 0, above, 0, size);
		for (int y = 0; y < size; y++) {
			final int below = y + 1 < size ? size : 0;
			for (int x = 0; x < size; x++) {
				final int i = y * size + x;
				final float here = pixels[i];
				pixels[i] = middle * here + side * (above[x] + pixels[i + below]);
				above[x] = here;
			}
		}
	}
}
