package io.github.learningtodeblur.search;

import java.util.ArrayList;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Plane;

/**
 * The kernel that best explains blurry gradients by sharp ones: the minimiser of
 * <code>sum_i ||x_i * k - y_i||^2 + gamma s ||k||^2 + delta s ||grad (k - k0)||^2</code> over kernels of given size
 * without negative values, where s = sum_i ||x_i||^2 makes gamma and delta pure numbers, and k0 is the kernel
 * so far: what changes has to be smooth, else noise makes kernels speckled. (If the kernel itself had to be smooth,
 * the point of a sharp image would be smeared.) The size is part of the problem, in contrast
 * to a division in Fourier space that is cropped afterwards: only correlations up to the kernel size
 * matter, and those are had from two Fourier transforms. What remains is a small problem, solved by
 * projected gradients with Nesterov's acceleration. Several kernels are found side by side.
 */
final class KernelLeastSquares {

	/** Usual price of the kernel's energy. 0 and 0.01 do as well as 0.001, but 0 leaves a problem without gradients. */
	private static final double GAMMA = 1e-3;

	/** From a kernel that is nearly right; more change nothing that could be measured. */
	private static final int ITERATIONS = 25;

	private final Backend backend;
	private final int size;
	private final double smoothness;
	/** Of the blurry gradients, and of the sharp ones. */
	private final Tensor observed;
	private final Tensor spectra;
	private final Tensor auto;
	private final Tensor cross;
	/** The correlations that matter: A, as one kernel that convolves, and b. */
	private final Tensor a;
	private final Tensor b;
	/** Of the small problem. */
	private final Tensor smallA;
	private final Tensor smallSpectra;
	private final Tensor largest;
	private final Tensor ahead;
	private final Tensor product;
	private final Tensor kernels;

	/**
	 * @param size of the kernels, odd
	 * @param count of kernels sought
	 * @param smoothness delta above, at least 0
	 * @param y blurry gradients, tapered to 0 at the borders: (1, channels, h, w)
	 */
	KernelLeastSquares(final Backend backend, final int size, final int count, final double smoothness, final Tensor y) {
		this(backend, size, count, smoothness, y.channels(), backend.goodSize(y.height() + size), backend.goodSize(y.width() + size));
		observe(y);
	}

	/**
	 * For blurry gradients that are to come, see {@link #observe}.
	 *
	 * @param channels of the gradients
	 * @param height,width of the transforms, good sizes: those of the gradients, if these are circular
	 */
	KernelLeastSquares(final Backend backend, final int size, final int count, final double smoothness, final int channels,
		final int height, final int width)
	{
		this.backend = backend;
		this.size = size;
		this.smoothness = smoothness;
		observed = backend.allocateSpectra(1, channels, height, width);
		spectra = backend.allocateSpectra(count, channels, height, width);
		auto = backend.allocateSpectra(count, 1, height, width);
		cross = backend.allocateSpectra(count, 1, height, width);
		final int reach = 2 * size - 1, side = backend.goodSize(3 * size);
		a = backend.allocate(count, 1, reach, reach);
		b = backend.allocate(count, 1, size, size);
		smallA = backend.allocateSpectra(count, 1, side, side);
		smallSpectra = backend.allocateSpectra(count, 1, side, side);
		largest = backend.allocate(count, 1, 1, 1);
		ahead = backend.allocate(count, 1, size, size);
		product = backend.allocate(count, 1, size, size);
		kernels = backend.allocate(count, 1, size, size);
	}

	/** @param y blurry gradients (1, channels, h, w) */
	void observe(final Tensor y) {
		backend.fft(y, observed);
	}

	/** With the usual price of the kernel's energy. */
	List<Plane> solve(final Tensor x, final List<Plane> starts) {
		return solve(x, starts, GAMMA);
	}

	/**
	 * @param x sharp gradients (count, channels, h, w)
	 * @param starts the kernels so far, of the size sought
	 * @param gamma price of the kernel's energy, above 0
	 * @return sum 1, no negative values; a start itself if its gradients are all 0
	 */
	List<Plane> solve(final Tensor x, final List<Plane> starts, final double gamma) {
		backend.fft(x, spectra);
		backend.powers(spectra, observed, auto, cross);
		backend.ifftKernel(auto, a);
		backend.ifftKernel(cross, b);
		final List<Plane> as = backend.readPlanes(a), bs = backend.readPlanes(b);
		final boolean[] told = new boolean[starts.size()];
		for (int i = 0; i < told.length; i++) {
			final float[] ai = as.get(i).pixels();
			final int middle = ai.length / 2;
			final float energy = ai[middle];
			told[i] = energy > 0 && size > 1;
			if (told[i]) {
				ai[middle] += (float) (gamma * energy);
				smoothenChange(ai, bs.get(i).pixels(), starts.get(i), (float) (smoothness * energy));
			}
			else ai[middle] = 1; // any problem with a solution: it is not looked at
		}
		backend.writePlanes(as, a);
		backend.writePlanes(bs, b);
		backend.writePlanes(starts, kernels);
		minimise();
		final List<Plane> found = backend.readPlanes(kernels), out = new ArrayList<>();
		for (int i = 0; i < told.length; i++)
			out.add(told[i] && found.get(i).sum() > 0 ? found.get(i).normalized() : starts.get(i));
		return out;
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

	/** Minimises k'Ak / 2 - b'k over k >= 0, where A convolves with {@link #a}, from {@link #kernels} on. */
	private void minimise() {
		backend.fftKernel(a, smallA);
		// an autocorrelation is symmetric: its spectrum is real
		backend.largestReal(smallA, largest);
		backend.copyChannels(kernels, 0, ahead, 0, 1);
		double t = 1;
		for (int i = 0; i < ITERATIONS; i++) {
			backend.fftKernel(ahead, smallSpectra);
			backend.multiply(smallSpectra, smallA, false, smallSpectra);
			backend.ifftKernel(smallSpectra, product);
			final double next = (1 + Math.sqrt(1 + 4 * t * t)) / 2;
			backend.descend(product, b, largest, (float) ((t - 1) / next), ahead, kernels);
			t = next;
		}
	}
}
