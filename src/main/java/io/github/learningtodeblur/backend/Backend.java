package io.github.learningtodeblur.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.learningtodeblur.util.Plane;

/**
 * What a device must do for the network, for deconvolution and for the refinement of kernels. Shapes are checked by the layers, once, when they are bound. Unless
 * said otherwise an operation overwrites its last argument(s); gradients of parameters are added to, and a
 * null gradient is skipped. Forward transforms are not normalised, inverse ones carry 1 / (width * height).
 * <p>
 * Plans and scratch memory belong to the backend, and are bounded; several threads may use it at once.
 */
public interface Backend extends AutoCloseable {

	/** Frees what belongs to the backend. Afterwards it refuses to work; its tensors must not be used. */
	@Override
	void close();

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

	/** All values. */
	default float[] read(final Tensor from) {
		final float[] all = new float[from.size()];
		read(from, all);
		return all;
	}

	/** Image by image, in the order of batch and channels. */
	default void writePlanes(final List<Plane> from, final Tensor to) {
		final int n = to.height() * to.width();
		final float[] all = new float[to.size()];
		for (int i = 0; i < from.size(); i++)
			System.arraycopy(from.get(i).pixels(), 0, all, i * n, n);
		write(all, to);
	}

	/** All images, in the order of batch and channels. */
	default List<Plane> readPlanes(final Tensor from) {
		final int n = from.height() * from.width();
		final float[] all = read(from);
		final List<Plane> list = new ArrayList<>();
		for (int at = 0; at < all.length; at += n)
			list.add(new Plane(Arrays.copyOfRange(all, at, at + n), from.width(), from.height()));
		return list;
	}

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

	/**
	 * Spectra times others, or times their conjugates.
	 *
	 * @param by as many in batch and channels, or 1, which serves for all
	 * @param out may be {@code x}
	 */
	void multiply(Tensor x, Tensor by, boolean conjugate, Tensor out);

	/**
	 * Spectra of the minimiser x of <code>c ||k * x - y||^2 + b ||x - mean||^2 + g (||Dx x - wx||^2 + ||Dy x -
	 * wy||^2)</code>, where D are differences of neighbours and {@code target} is Dx' wx + Dy' wy. All is
	 * circular; the mean of x is that of y, of a kernel with sum 1.
	 *
	 * @param kernel spectra K, and {@code blurry} Y; a batch of 1 serves for all
	 * @param target spectra; or null for 0
	 * @param out may be {@code target}
	 */
	void solve(Tensor kernel, Tensor blurry, float c, float b, float g, Tensor target, Tensor out);

	/**
	 * <code>Dx' wx + Dy' wy</code>, where w is what the rule makes of the differences between a pixel and its
	 * neighbours to the right and below, circular, and <code>(Dx' w)(i) = w(i - 1) - w(i)</code>.
	 */
	void shrunkDivergence(Tensor images, Shrinkage rule, Tensor out);

	/**
	 * In place: what was observed takes the place of what was predicted. Of observed values from {@code white} on,
	 * which may have been brighter, at least {@code white} is kept.
	 *
	 * @param observed the upper left part, NaN where unknown; a batch of 1 serves for all
	 */
	void keepObserved(Tensor observed, float white, Tensor predicted);

	/**
	 * In place: <code>max(0, observed) / max(least, predicted)</code>, and 1 where nothing was observed.
	 *
	 * @param observed see {@link #keepObserved}
	 */
	void ratio(Tensor observed, float least, Tensor predicted);

	/**
	 * A step of Richardson and Lucy with total variation: <code>max(least, estimate / (1 + lambda divergence)
	 * correction)</code>.
	 *
	 * @param divergence of unit gradients, see {@link #shrunkDivergence}; or null for 0
	 */
	void correct(Tensor correction, Tensor divergence, float lambda, float least, Tensor estimate);

	/** Strengths of about so many pixels tell where {@link #keepStrongest} cuts. */
	int SAMPLE = 10_000;

	/**
	 * Differences to the right (first channel) and below (second), times a weight; 0 in the last column and row.
	 *
	 * @param images (batch, 1, h, w)
	 * @param weights (1, 1, h, w)
	 * @param out (batch, 2, h, w)
	 */
	void gradients(Tensor images, Tensor weights, Tensor out);

	/**
	 * In place: only the strongest gradients of each image are left. The threshold is the quantile {@code 1 - part}
	 * of every n-th pixel's squared strength, in the order of rows, where n is the largest that leaves
	 * {@value #SAMPLE} of them, or 1.
	 *
	 * @param gradients (batch, 2, h, w)
	 * @param part of the pixels, above 0, at most 1
	 */
	void keepStrongest(Tensor gradients, double part);

	/**
	 * <code>auto = sum_i |X_i|^2, cross = sum_i conj(X_i) Y_i</code> over the channels, in their order.
	 *
	 * @param x spectra (batch, channels)
	 * @param y spectra (batch or 1, channels)
	 * @param auto spectra (batch, 1)
	 * @param cross spectra (batch, 1)
	 */
	void powers(Tensor x, Tensor y, Tensor auto, Tensor cross);

	/**
	 * The largest real part of each spectrum.
	 *
	 * @param spectra (batch, 1)
	 * @param largest (batch, 1, 1, 1)
	 */
	void largestReal(Tensor spectra, Tensor largest);

	/**
	 * A step towards the kernel k, without negative values, that minimises <code>k'Ak / 2 - b'k</code>, by projected
	 * gradients with Nesterov's acceleration: <code>next = max(0, ahead - (product - goal) / largest)</code>, then
	 * <code>ahead = next + momentum (next - kernel)</code> and <code>kernel = next</code>.
	 *
	 * @param product A times {@code ahead}
	 * @param goal b
	 * @param largest (batch, 1, 1, 1) bound of A
	 */
	void descend(Tensor product, Tensor goal, Tensor largest, float momentum, Tensor ahead, Tensor kernel);

	/** Negative values to zero, then sum 1 (all zero stays all zero). {@code raw}, {@code kernel}: (batch, 1, s, s). */
	void normalizeKernel(Tensor raw, Tensor kernel);

	/** {@code dRaw} is overwritten. */
	void normalizeKernelGrad(Tensor raw, Tensor kernel, Tensor dKernel, Tensor dRaw);

	/** Separable cubic resampling to the size of {@code out}, see {@code util.Resampling}. */
	void resize(Tensor in, Tensor out);

	/** {@code dIn} is overwritten. */
	void resizeGrad(Tensor dOut, Tensor dIn);

	/**
	 * Squared error of kernels, per batch element: the mean over levels l = 0, 1, ... of <code>||B_l (k - target)||^2 /
	 * ||B_l target||^2</code>, where B_l sums up all squares of 2^l pixels a side, also those that reach beyond the
	 * kernel, which is 0 there.
	 *
	 * @param levels at least 1; of one level, that is the plain error
	 * @param relative whether it is divided by the squares of the target; else the mean of the numerators
	 * @param weight factor of the gradient
	 * @param judged (batch, 1, 1, 1): elements of which this is above {@code limit}, or not a number, get no gradient
	 *          (section 3.3); may be {@code errors}, which are written before
	 * @param errors (batch, 1, 1, 1), overwritten
	 * @param dKernel added to; or null
	 */
	void kernelError(Tensor kernel, Tensor target, int levels, boolean relative, float weight, Tensor judged, float limit,
		Tensor errors, Tensor dKernel);

	/** The same without a gradient. */
	default void kernelError(final Tensor kernel, final Tensor target, final int levels, final boolean relative,
		final Tensor errors)
	{
		kernelError(kernel, target, levels, relative, 0, errors, 0, errors, null);
	}

	// -- training --

	/**
	 * How many elements of a batch, images of that size, are worth being worked on at once, at least 1: more take
	 * memory and are no faster. Not the same from call to call where the caller rules the number of threads.
	 */
	int batchAtOnce(int height, int width);

	/** Sum of the squares of all values, also infinite or not a number; waits for queued work. */
	double squareSum(List<Tensor> tensors);

	/**
	 * A step of ADADELTA (Zeiler 2012, algorithm 1). With <code>g = factor gradient</code>: <code>squares = decay squares +
	 * (1 - decay) g^2; step = -sqrt((steps + epsilon) / (squares + epsilon)) g; steps = decay steps + (1 - decay) step^2;
	 * weights += rate step</code>. All have equally many values.
	 */
	void adadelta(Tensor gradient, double factor, double decay, double epsilon, double rate, Tensor squares, Tensor steps,
		Tensor weights);

	/**
	 * A step of Adam (Kingma and Ba 2015, algorithm 1). With <code>g = factor gradient</code>: <code>mean = beta1 mean + (1 -
	 * beta1) g; squares = beta2 squares + (1 - beta2) g^2; weights -= rate mean / (1 - beta1^step) / (sqrt(squares / (1 -
	 * beta2^step)) + epsilon)</code>. All have equally many values.
	 *
	 * @param step number of this step, from 1 on
	 */
	void adam(Tensor gradient, double factor, double beta1, double beta2, double epsilon, long step, double rate, Tensor mean,
		Tensor squares, Tensor weights);

	// -- learned restoration --

	/** Adds {@code factor} times {@code count} channels of every batch element; images, or spectra. */
	void addChannels(Tensor from, int fromChannel, float factor, Tensor to, int toChannel, int count);

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
	 * @param target as x should be, (batch, 1, h, w); NaN where nothing is asked for, which does not count
	 * @param floor added to the error before the logarithm
	 * @param weight factor of the gradient
	 * @param errors (batch, 1, 1, 1), overwritten
	 * @param dX added to; or null
	 */
	void imageError(Tensor x, Tensor target, float floor, float weight, Tensor errors, Tensor dX);
}
