package io.github.learningtodeblur.modules;

import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.net.BlurrySpectrum;
import io.github.learningtodeblur.net.ImageEstimation;
import io.github.learningtodeblur.net.Signal;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Intervals;

/**
 * Image estimation (section 3.1.3): the minimiser of <code>||k * x - y||^2 + beta_x ||x||^2</code>, by a division in Fourier
 * space (Eq. 5). It is what the next stage of the network looks at; for the eyes, a {@link BlockRestoration} is better.
 * <p>
 * Every pixel of the result depends on all of the image: a block is cut out of the whole.
 */
public final class ImageQuotient {

	private final Backend backend;
	private final double beta;

	/** @param beta beta_x, above 0 */
	public ImageQuotient(final Backend backend, final double beta) {
		this.backend = backend;
		this.beta = checked("beta_x", beta);
	}

	/** With the beta_x of a model's stage. */
	public static ImageQuotient of(final Backend backend, final Model model, final int scale, final int stage) {
		StageWeights.check(model.spec(), scale, stage);
		return new ImageQuotient(backend, Math.exp(model.parameter(model.spec().prefix(scale, stage) + "log_beta_x")[0]));
	}

	static double checked(final String name, final double beta) {
		if (!(beta > 0 && beta <= Float.MAX_VALUE)) throw new IllegalArgumentException(name + " must be above 0, got " +
			beta);
		return beta;
	}

	public double beta() {
		return beta;
	}

	/**
	 * @param blurry (w, h), finite values
	 * @param kernel of odd width and height, finite; of sum 1 if brightness is to be kept
	 * @return (w, h), not clipped; pixels about half a kernel from the border are less good
	 */
	public Img<FloatType> image(final RandomAccessibleInterval<? extends RealType<?>> blurry,
		final RandomAccessibleInterval<? extends RealType<?>> kernel)
	{
		return TensorImages.plane(backend, run(Images.plane(blurry), kernel));
	}

	/** @param out a block of the image, in its coordinates; all of the image is computed */
	public void image(final RandomAccessibleInterval<? extends RealType<?>> blurry,
		final RandomAccessibleInterval<? extends RealType<?>> kernel, final RandomAccessibleInterval<FloatType> out)
	{
		if (out.numDimensions() != 2 || !Intervals.contains(blurry, out)) throw new IllegalArgumentException("The output " +
			Images.text(out) + " leaves the image " + Images.text(blurry));
		final Plane image = Images.plane(blurry);
		final Tensor latent = run(image, kernel);
		final Plane all = new Plane(TensorImages.values(backend, latent), image.width(), image.height());
		Images.write(all.crop((int) (out.min(0) - blurry.min(0)), (int) (out.min(1) - blurry.min(1)), (int) out.dimension(0),
			(int) out.dimension(1)), out);
	}

	private Tensor run(final Plane blurry, final RandomAccessibleInterval<? extends RealType<?>> kernel) {
		final Plane k = square(Images.plane(kernel));
		Planes.checkValues(blurry, "The image", false);
		Planes.checkValues(k, "The kernel", false);
		final BlurrySpectrum spectrum = new BlurrySpectrum(backend, 1, blurry.height(), blurry.width(), k.width());
		spectrum.set(List.of(blurry));
		final Tensor value = backend.allocate(1, 1, k.height(), k.width());
		backend.write(k.pixels(), value);
		final ImageEstimation layer = new ImageEstimation(backend, new Signal(value, null), spectrum.value(), TensorImages
			.value(backend, Math.log(beta)), null, blurry.height(), blurry.width(), false);
		layer.forward();
		return layer.latent().value();
	}

	/** Padded with zeros, its middle in the middle. */
	private static Plane square(final Plane kernel) {
		if (kernel.width() % 2 == 0 || kernel.height() % 2 == 0) throw new IllegalArgumentException(
			"A kernel has an odd width and height, as its middle pixel is the origin, got " + kernel);
		return kernel.width() == kernel.height() ? kernel : Planes.framed(kernel, Math.max(kernel.width(), kernel.height()));
	}
}
