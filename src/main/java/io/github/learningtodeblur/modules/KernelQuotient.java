package io.github.learningtodeblur.modules;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.net.KernelEstimation;
import io.github.learningtodeblur.net.Signal;
import io.github.learningtodeblur.util.Images;
import net.imglib2.Interval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;

/**
 * Kernel estimation (section 3.1.2): the kernel that takes the images x~_i to the images y~_i, the minimiser of
 * <code>sum_i ||k * x~_i - y~_i||^2 + beta_k ||k||^2</code> (Eq. 3), by a division in Fourier space (Eq. 4) of the
 * windowed images. Of the result the middle is cut out, negative values are set to 0, and what is left is divided by its sum.
 */
public final class KernelQuotient {

	private final Backend backend;
	private final double beta;

	/** @param beta beta_k, above 0; in the paper 1e-4 */
	public KernelQuotient(final Backend backend, final double beta) {
		this.backend = backend;
		this.beta = ImageQuotient.checked("beta_k", beta);
	}

	/** With the beta_k of a model's stage. */
	public static KernelQuotient of(final Backend backend, final Model model, final int scale, final int stage) {
		StageWeights.check(model.spec(), scale, stage);
		return new KernelQuotient(backend, Math.exp(model.parameter(model.spec().prefix(scale, stage) + "log_beta_k")[0]));
	}

	public double beta() {
		return beta;
	}

	/**
	 * @param pairs (w, h, 2 n): first all x~_i, then all y~_i, of any values, at least as large as the kernel; not changed
	 * @param size columns and rows of the kernel, odd
	 * @return (size, size), not negative, of sum 1 (or all 0 if nothing positive was found), in convolution orientation, the
	 *         middle pixel being the origin
	 */
	public Img<FloatType> kernel(final RandomAccessibleInterval<? extends RealType<?>> pairs, final int size) {
		final Img<FloatType> out = ArrayImgs.floats(size, size);
		kernel(pairs, out);
		return out;
	}

	/** @param out square, of odd size; may be a block of a larger image */
	public void kernel(final RandomAccessibleInterval<? extends RealType<?>> pairs,
		final RandomAccessibleInterval<FloatType> out)
	{
		final int size = size(out);
		if (pairs.numDimensions() != 3 || pairs.dimension(2) % 2 != 0) throw new IllegalArgumentException(
			"An even number of feature images is needed, first all x~, then all y~, got " + Images.text(pairs));
		final KernelEstimation layer = new KernelEstimation(backend, new Signal(TensorImages.tensor(backend, pairs), null),
			TensorImages.value(backend, Math.log(beta)), null, size, false);
		layer.forward();
		final Tensor kernel = layer.kernel().value();
		Images.write(TensorImages.values(backend, kernel), out);
	}

	private static int size(final Interval out) {
		if (out.numDimensions() != 2 || out.dimension(0) != out.dimension(1) || out.dimension(0) % 2 == 0)
			throw new IllegalArgumentException("A kernel is a square of odd size, got " + Images.text(out));
		return Math.toIntExact(out.dimension(0));
	}
}
