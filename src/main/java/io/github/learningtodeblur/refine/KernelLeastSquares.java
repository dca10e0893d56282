package io.github.learningtodeblur.refine;

import java.util.List;

import io.github.learningtodeblur.backend.cpu.Fft2d;
import io.github.learningtodeblur.util.Plane;

/**
 * The kernel that best explains blurry gradients by sharp ones: the minimiser of
 * <code>sum_i ||x_i * k - y_i||^2 + gamma s ||k||^2</code> over kernels of given size without negative
 * values, where s = sum_i ||x_i||^2 makes gamma a pure number. The size is part of the problem, in contrast
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

	/** @param size of the kernel, odd */
	KernelLeastSquares(final int size) {
		this.size = size;
	}

	/**
	 * @param x sharp gradients, tapered to 0 at the borders
	 * @param y the blurry ones, as many and of the same size
	 * @param start a kernel of the size sought, where the search begins
	 * @return sum 1, no negative values; {@code start} if the gradients are all 0
	 */
	Plane solve(final List<Plane> x, final List<Plane> y, final Plane start) {
		final int h = Fft2d.goodSize(x.get(0).height() + size), w = Fft2d.goodSize(x.get(0).width() +
			size);
		final Fft2d fft = Fft2d.of(h, w);
		final int half = w / 2 + 1, n = fft.spectrumLength();
		final float[] power = new float[n], cross = new float[n], sx = new float[n], sy = new float[n];
		for (int i = 0; i < x.size(); i++) {
			forward(fft, x.get(i), sx);
			forward(fft, y.get(i), sy);
			for (int row = 0; row < h; row++)
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
		if (!(energy > 0)) return start;
		a[reach * reach / 2] += (float) (GAMMA * energy);
		return minimise(a, b, start);
	}

	private static void forward(final Fft2d fft, final Plane p, final float[] out) {
		fft.forward(p.pixels(), 0, p.width(), p.height(), p.width(), out, 0);
	}

	/** Minimises k'Ak / 2 - b'k over k >= 0, where A convolves with {@code a}. */
	private Plane minimise(final float[] a, final float[] b, final Plane start) {
		final int side = Fft2d.goodSize(3 * size), half = side / 2 + 1;
		final Fft2d fft = Fft2d.of(side, side);
		final float[] sa = new float[fft.spectrumLength()], s = new float[fft.spectrumLength()];
		fft.forwardWrapped(a, 0, 2 * size - 1, sa, 0);
		float largest = 0;
		for (int row = 0; row < side; row++)
			for (int c = row * 2 * half; c < row * 2 * half + half; c++)
				largest = Math.max(largest, sa[c]);
		final float step = 1 / largest;
		float[] k = start.pixels().clone(), before = k.clone();
		final float[] ahead = k.clone(), gradient = new float[size * size];
		double t = 1;
		for (int i = 0; i < ITERATIONS; i++) {
			fft.forwardWrapped(ahead, 0, size, s, 0);
			for (int row = 0; row < side; row++)
				for (int c = row * 2 * half; c < row * 2 * half + half; c++) {
					// an autocorrelation is symmetric: its spectrum is real
					s[c] *= sa[c];
					s[c + half] *= sa[c];
				}
			fft.inverseWrapped(s, 0, gradient, 0, size);
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
		final double sum = out.sum();
		if (!(sum > 0)) return start;
		for (int j = 0; j < k.length; j++)
			k[j] /= (float) sum;
		return out;
	}
}
