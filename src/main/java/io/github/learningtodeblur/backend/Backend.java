package io.github.learningtodeblur.backend;

import java.util.List;

/**
 * What a device must do for the network. Shapes are checked by the layers, once, when they are bound. Unless
 * said otherwise an operation overwrites its last argument(s); gradients of parameters are added to, and a
 * null gradient is skipped. Forward transforms are not normalised, inverse ones carry 1 / (width * height).
 */
public interface Backend {

	/** For the log, such as "cpu (vector module, 512 bit)". */
	String name();

	/** A tensor of zeros. */
	Tensor allocate(int batch, int channels, int height, int width);

	/** Half spectra of real images of {@code height * width}, both a {@link #goodSize}. */
	Tensor allocateSpectra(int batch, int channels, int height, int width);

	/** The smallest transform size that is at least {@code atLeast}. */
	int goodSize(int atLeast);

	void write(float[] from, Tensor to);

	/** Waits for queued work. */
	void read(Tensor from, float[] to);

	void fill(Tensor t, float value);

	/** Copies {@code count} channels of every batch element, starting with the given ones. */
	void copyChannels(Tensor from, int fromChannel, Tensor to, int toChannel, int count);

	/**
	 * Feature extraction (Eq. 2): correlation over the valid region, tanh, then one or more recombinations
	 * with a tanh between them.
	 *
	 * @param in (batch, inputs, h, w)
	 * @param weights filters (n, inputs, k, k), then recombinations (1, 1, out, in) from first to last
	 * @param kept one tensor (batch, n or out, h - k + 1, w - k + 1) for the tanh before each recombination,
	 *          for {@link #featuresGrad}; null if there will be no backward pass
	 * @param out (batch, features, h - k + 1, w - k + 1)
	 */
	void features(Tensor in, List<Tensor> weights, List<Tensor> kept, Tensor out);

	/**
	 * @param dIn gradient of the first channel of {@code in} (batch, 1, h, w), overwritten; or null
	 * @param dWeights added to; null for frozen weights
	 */
	void featuresGrad(Tensor in, List<Tensor> weights, List<Tensor> kept, Tensor dOut, Tensor dIn,
		List<Tensor> dWeights);

	/** In place: every image of {@code t} times {@code weights} (1, 1, h, w). Its own adjoint. */
	void scale(Tensor t, Tensor weights);

	/** Images smaller than the spectrum are padded with zeros at the right and the bottom. */
	void fft(Tensor images, Tensor spectra);

	/** Writes the upper left part, as large as {@code images}. */
	void ifft(Tensor spectra, Tensor images);

	/** Spectrum of kernels (odd, square) whose middle is the origin. */
	void fftKernel(Tensor kernels, Tensor spectra);

	/** The part of the inverse around the origin, as large as {@code kernels}. */
	void ifftKernel(Tensor spectra, Tensor kernels);

	/**
	 * Eq. 4 and 5: <code>out = sum_i conj(X_i) Y_i / (sum_i |X_i|^2 + exp(logBeta))</code>, where X_i is
	 * channel {@code xFrom + i} of {@code x} and Y_i is channel {@code yFrom + i} of {@code y}.
	 */
	void quotient(Tensor x, int xFrom, Tensor y, int yFrom, int pairs, Tensor logBeta, Tensor out);

	/**
	 * Appendix A, corrected (Eq. 10, 12, 14). With G the transform of the gradient of {@code ifft(out)},
	 * writes spectra whose {@code ifft} is the gradient of x_i and y_i.
	 *
	 * @param out what {@link #quotient} returned
	 * @param gx channels as in x; overwritten
	 * @param gy channels as in y, may be the same tensor as gx; or null
	 * @param dLogBeta added to; or null
	 */
	void quotientGrad(Tensor x, int xFrom, Tensor y, int yFrom, int pairs, Tensor logBeta, Tensor out,
		Tensor g, Tensor gx, Tensor gy, Tensor dLogBeta);

	/** Negative values to zero, then sum 1 (all zero stays all zero). {@code raw}, {@code kernel}: (batch, 1, s, s). */
	void normalizeKernel(Tensor raw, Tensor kernel);

	/** {@code dRaw} is overwritten. */
	void normalizeKernelGrad(Tensor raw, Tensor kernel, Tensor dKernel, Tensor dRaw);

	/** Separable cubic resampling to the size of {@code out}, see {@code util.Resampling}. */
	void resize(Tensor in, Tensor out);

	/** {@code dIn} is overwritten. */
	void resizeGrad(Tensor dOut, Tensor dIn);

	/**
	 * Relative squared error of kernels, per batch element: the mean over levels l = 0, 1, ... of <code>||B_l (k -
	 * target)||^2 / ||B_l target||^2</code>, where B_l sums up all squares of 2^l pixels a side, also those that
	 * reach beyond the kernel, which is 0 there. Of one level, that is the plain error.
	 *
	 * @param levels at least 1
	 * @param errors (batch, 1, 1, 1), overwritten
	 * @param weight factor of the gradient
	 * @param limit elements with a larger error get no gradient (section 3.3)
	 * @param dKernel added to; or null
	 */
	void kernelError(Tensor kernel, Tensor target, int levels, float weight, float limit,
		Tensor errors, Tensor dKernel);

	// -- restoration --

	/** Adds {@code factor} times {@code count} channels of every batch element; images, or spectra. */
	void addChannels(Tensor from, int fromChannel, float factor, Tensor to, int toChannel, int count);

	/**
	 * Spectra of one channel multiplied by that of a kernel, or by its conjugate.
	 *
	 * @param out may be {@code x}
	 */
	void multiply(Tensor x, Tensor kernel, boolean conjugate, Tensor out);

	/** {@code out = min(high, max(low, x))}; bounds may be infinite. */
	void clamp(Tensor x, Tensor low, Tensor high, Tensor out);

	/** In place: the gradient {@code d} is 0 where x did not lie between its bounds. */
	void clampGrad(Tensor x, Tensor low, Tensor high, Tensor d);

	/**
	 * The adjoint of differences, by their order: <code>Dx' w1 + Dy' w2</code> and <code>Dxx' w3 + sqrt(2) Dxy' w4 +
	 * Dyy' w5</code>, with (Dx x)(i) = x(i + 1) - x(i), (Dxx x)(i) = x(i + 1) - 2 x(i) + x(i - 1). With the root, their
	 * powers are those of the Laplacian: P = |Dx|^2 + |Dy|^2, and P^2.
	 *
	 * @param w (batch, 5, h, w), at ({@code margin}, {@code margin}) of the result, 0 around; margin at least 1
	 * @param out (batch, 2, h + 2 margin, w + 2 margin)
	 */
	void divergence(Tensor w, int margin, Tensor out);

	/** {@code dW} is overwritten. */
	void divergenceGrad(Tensor dOut, int margin, Tensor dW);

	/**
	 * The image with differences near those of a former one, corrected: the x that minimises <code>||k * x - y||^2 +
	 * sum_g a_g ||D_g (x - before) - w_g||^2</code>, that is <code>(conj(K) Y + sum_g a_g (P^g X + S_g)) / (|K|^2 + sum_g
	 * a_g P^g)</code> with a_g = exp(logBeta_g + power_g level) and S, P of {@link #divergence}.
	 *
	 * @param before (batch, 1, ...), or null for 0
	 * @param targets S: (batch, orders, ...), or null for 0
	 * @param logBeta (1, 1, 1, orders), as {@code power}
	 * @param level (batch, 1, 1, 1)
	 * @param out may be {@code before}
	 */
	void regularized(Tensor kernel, Tensor blurry, Tensor before, Tensor targets, Tensor logBeta, Tensor power,
		Tensor level, Tensor out);

	/**
	 * Spectra as in {@link #quotientGrad}.
	 *
	 * @param out what {@link #regularized} returned, not in place
	 * @param g overwritten with G over the denominator, which times K is the gradient of y
	 * @param dBefore,dTargets overwritten
	 * @param dLogBeta,dPower added to; or null, both
	 */
	void regularizedGrad(Tensor kernel, Tensor before, Tensor targets, Tensor logBeta, Tensor power, Tensor level,
		Tensor out, Tensor g, Tensor dBefore, Tensor dTargets, Tensor dLogBeta, Tensor dPower);

	/**
	 * Mean squared error of images, per batch element, and the gradient of its logarithm.
	 *
	 * @param x (batch, 1, h, w)
	 * @param target as a part of {@code x} should be
	 * @param left,top where the part begins
	 * @param floor added to the error before the logarithm
	 * @param weight factor of the gradient
	 * @param errors (batch, 1, 1, 1), overwritten
	 * @param dX added to; or null
	 */
	void imageError(Tensor x, Tensor target, int left, int top, float floor, float weight, Tensor errors, Tensor dX);
}
