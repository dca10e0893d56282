package io.github.learningtodeblur.modules;

import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.net.MultiScaleNetwork;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Resampling;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;

/**
 * The whole network, coarse to fine (section 3.2), and its steps between stages for those who put stages together
 * themselves. Estimates the kernel of an image as it is; {@code Deblurring}, the front door, looks for the range of its
 * values, for what was drawn into it, and refines the kernel.
 */
public final class DeblurringNetwork {

	private final Backend backend;
	private final ModelSpec spec;
	private final Parameters parameters;

	public DeblurringNetwork(final Backend backend, final Model model) {
		this.backend = backend;
		spec = model.spec();
		parameters = Parameters.of(backend, model);
	}

	/** Kernel sizes of the scales, coarse to fine. */
	public List<Integer> kernelSizes() {
		return spec.kernels();
	}

	/** Number of stages of a scale. */
	public int stageCount(final int scale) {
		StageWeights.check(spec, scale, 0);
		return spec.scales().get(scale).stages().size();
	}

	/**
	 * @param blurry (w, h), in about [0, 1], finite; memory grows with its pixels
	 * @param progress told about every stage
	 * @throws IllegalArgumentException if it is too small for the coarsest scale
	 * @throws java.util.concurrent.CancellationException if the user cancels
	 */
	public NetworkResult apply(final RandomAccessibleInterval<? extends RealType<?>> blurry, final Progress progress) {
		final Plane image = Images.plane(blurry);
		final MultiScaleNetwork network = new MultiScaleNetwork(backend, spec, parameters, image.height(), image.width());
		network.setBlurry(List.of(image));
		network.forward(progress);
		return NetworkResult.of(backend, network);
	}

	/** {@link #apply(RandomAccessibleInterval, Progress)}, untold. */
	public NetworkResult apply(final RandomAccessibleInterval<? extends RealType<?>> blurry) {
		return apply(blurry, Progress.NONE);
	}

	/**
	 * The blurry image as the stages of a scale see it: shrunk by the ratio of the scale's kernel size to the finest, and, if
	 * the model wants it, with a mean of 0 and a standard deviation of {@value ModelSpec#DEVIATION}.
	 *
	 * @param scale from 0, coarse to fine
	 */
	public Img<FloatType> input(final RandomAccessibleInterval<? extends RealType<?>> blurry, final int scale) {
		StageWeights.check(spec, scale, 0);
		final Plane image = Images.plane(blurry);
		final Plane normalized = spec.normalized() ? MultiScaleNetwork.normalized(image) : image;
		final int kernel = spec.kernels().get(scale), width = MultiScaleNetwork.scaled(image.width(), kernel, spec
			.largestKernel()), height = MultiScaleNetwork.scaled(image.height(), kernel, spec.largestKernel());
		if (width != image.width() || height != image.height()) return Images.img(Resampling.resize(normalized, width, height));
		return Images.img(normalized == image ? image.copy() : normalized);
	}

	/**
	 * The latent image of a scale in the size of the next, for whose first stage it is.
	 *
	 * @param next the {@link #input} of the next scale, of which the size is taken
	 */
	public Img<FloatType> enlarged(final RandomAccessibleInterval<? extends RealType<?>> latent,
		final RandomAccessibleInterval<? extends RealType<?>> next)
	{
		final Tensor out = backend.allocate(1, 1, Math.toIntExact(next.dimension(1)), Math.toIntExact(next.dimension(0)));
		backend.resize(TensorImages.tensor(backend, latent), out);
		return TensorImages.plane(backend, out);
	}
}
