package io.github.learningtodeblur.refine;

import java.util.ArrayList;
import java.util.List;

import io.github.learningtodeblur.backend.cpu.Fft2d;
import io.github.learningtodeblur.util.Plane;

/**
 * The kernel that best explains blurry gradients by sharp ones: the minimiser of
 * <code>sum_i ||x_i * k - y_i||^2 + gamma s ||k||^2 + delta s ||grad (k - k0)||^2</code> over kernels of given size
 * without negative values, where s = sum_i ||x_i||^2 makes gamma and delta pure numbers, and k0 is the kernel
 * so far: what changes has to be smooth, else noise makes kernels speckled. (If the kernel itself had to be smooth,
 * the point of a sharp image would be smeared.) The size is part of the problem, in contrast
 * to a division in Fourier space that is cropped afterwards: only correlations up to the kernel size
 * matter, and those are had from two Fourier transforms. What remains is a small problem, solved by
 * projected gradients with Nesterov's acceleration.
 */
final class KernelLeastSquares {

	/** Price of the kernel's energy. 0 and 0.01 do as well as 0.001, but 0 leaves a problem without gradients. */
	private static final double GAMMA = 1e-3;

	/** From a kernel that is nearly right; 200 change the error ratio by less than 0.01. */
	private static final int ITERATIONS = 60;

	private final int size;
	private final double smoothness;
	private final Fft2d fft;
	private final List<float[]> observed = new ArrayList<>();

	/**
	 * @param size of the kernel, odd
	 * @param smoothness delta above, at least 0
	 * @param y blurry gradients, tapered to 0 at the borders
	 */
	KernelLeastSquares(final int size, final double smoothness, final List<Plane> y) {
		this.size = size;
		this.smoothness = smoothness;
		fft = Fft2d.of(Fft2d.goodSize(y.get(0).height() + size), Fft2d.goodSize(y.get(0).width() + size));
		for (final Plane p : y)
			observed.add(spectrum(p));
	}

	/**
	 * @param x sharp gradients, as many as the blurry ones and of the same size
	 * @param start the kernel so far, of the size sought
	 * @return sum 1, no negative values; {@code start} if the gradients are all 0
	 */
	Plane solve(final List<Plane> x, final Plane start) {
		final int half = fft.width() / 2 + 1;
		final float[] power = new float[fft.spectrumLength()], cross = new float[power.length];
		for (int i = 0; i < x.size(); i++) {
			final float[] sx = spectrum(x.get(i)), sy = observed.get(i);
			for (int row = 0; row < fft.height(); row++)
				for (int c = row * 2 * half; c < row * 2 * half + half; c++) {
					final float xr = sx[c], xi = sx[c + half], yr = sy[c], yi = sy[c + half];
					power[c] += xr * xr + xi * xi;
					cross[c] += xr * yr + xi * yi;
					cross[c + half] += xr * yi - xi * yr;
				}
		}
		final int reach = 2 * size - 1;
		final float[] a = new float[reach * reach], b = new float[size * size];
		fft.inverseWrapped(power, 0, a, 0, reach);
		fft.inverseWrapped(cross, 0, b, 0, size);
		final float energy = a[reach * reach / 2];
		if (!(energy > 0) || size == 1) return start;
		a[reach * reach / 2] += (float) (GAMMA * energy);
		smoothenChange(a, b, start, (float) (smoothness * energy));
		return minimise(a, b, start);
	}

	/** The price of differences of neighbours in what changes; kernels are 0 outside. */
	private static void smoothenChange(final float[] a, final float[] b, final Plane start, final float price) {
		final int n = start.width(), reach = 2 * n - 1, middle = reach * reach / 2;
		a[middle] += 4 * price;
		for (final int neighbour : new int[] { 1, reach }) {
			a[middle - neighbour] -= price;
			a[middle + neighbour] -= price;
		}
		for (int y = 0; y < n; y++)
			for (int x = 0; x < n; x++) {
				float v = 4 * start.get(x, y);
				if (x > 0) v -= start.get(x - 1, y);
				if (x < n - 1) v -= start.get(x + 1, y);
				if (y > 0) v -= start.get(x, y - 1);
				if (y < n - 1) v -= start.get(x, y + 1);
				b[y * n + x] += price * v;
			}
	}

	private float[] spectrum(final Plane p) {
		final float[] out = new float[fft.spectrumLength()];
		fft.forward(p.pixels(), 0, p.width(), p.height(), p.width(), out, 0);
		return out;
	}

	/** Minimises k'Ak / 2 - b'k over k >= 0, where A convolves with {@code a}. */
	private Plane minimise(final float[] a, final float[] b, final Plane start) {
		final int side = Fft2d.goodSize(3 * size), half = side / 2 + 1;
		final Fft2d small = Fft2d.of(side, side);
		final float[] sa = new float[small.spectrumLength()], s = new float[small.spectrumLength()];
		small.forwardWrapped(a, 0, 2 * size - 1, sa, 0);
		float largest = 0;
		for (int row = 0; row < side; row++)
			for (int c = row * 2 * half; c < row * 2 * half + half; c++)
				largest = Math.max(largest, sa[c]);
		final float step = 1 / largest;
		float[] k = start.pixels().clone(), before = k.clone();
		final float[] ahead = k.clone(), gradient = new float[size * size];
		double t = 1;
		for (int i = 0; i < ITERATIONS; i++) {
			small.forwardWrapped(ahead, 0, size, s, 0);
			for (int row = 0; row < side; row++)
				for (int c = row * 2 * half; c < row * 2 * half + half; c++) {
					// an autocorrelation is symmetric: its spectrum is real
					s[c] *= sa[c];
					s[c + half] *= sa[c];
				}
			small.inverseWrapped(s, 0, gradient, 0, size);
			final float[] next = before;
			for (int j = 0; j < next.length; j++)
				next[j] = Math.max(0, ahead[j] - step * (gradient[j] - b[j]));
			before = k;
			k = next;
			final double tNext = (1 + Math.sqrt(1 + 4 * t * t)) / 2;
			final float m = (float) ((t - 1) / tNext);
			t = tNext;
			for (int j = 0; j < k.length; j++)
				ahead[j] = k[j] + m * (k[j] - before[j]);
		}
		final Plane out = new Plane(k, size, size);
		return out.sum() > 0 ? out.normalized() : start;
	}
}
