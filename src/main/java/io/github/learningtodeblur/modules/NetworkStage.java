package io.github.learningtodeblur.modules;

import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.net.BlurrySpectrum;
import io.github.learningtodeblur.net.Stage;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;

/**
 * One stage (section 3.2): {@link FeatureExtractor}, {@link KernelQuotient} and {@link ImageQuotient}, one after the other,
 * without leaving the device.
 */
public final class NetworkStage {

	private final StageWeights stage;

	/**
	 * @param scale from 0, coarse to fine
	 * @param stage from 0
	 * @throws IllegalArgumentException if the model has no such stage
	 */
	public NetworkStage(final Backend backend, final Model model, final int scale, final int stage) {
		this.stage = new StageWeights(backend, model, scale, stage);
	}

	/** Images that go in: 1, the blurry one, or 2, also the latent image of the stage before. */
	public int inputs() {
		return stage.inputs();
	}

	/** Columns and rows of the kernel. */
	public int kernelSize() {
		return stage.scaleSpec().kernel();
	}

	/** {@link #apply(RandomAccessibleInterval, RandomAccessibleInterval)} for the very first stage. */
	public StageResult apply(final RandomAccessibleInterval<? extends RealType<?>> blurry) {
		return apply(blurry, null);
	}

	/**
	 * @param blurry (w, h), as {@link DeblurringNetwork#input} gives it; at least as large as kernel and filters together
	 * @param latent of the same interval; null if {@link #inputs} is 1
	 */
	public StageResult apply(final RandomAccessibleInterval<? extends RealType<?>> blurry,
		final RandomAccessibleInterval<? extends RealType<?>> latent)
	{
		final Backend backend = stage.backend();
		final Plane image = Images.plane(blurry);
		final BlurrySpectrum spectrum = new BlurrySpectrum(backend, 1, image.height(), image.width(), kernelSize());
		spectrum.set(List.of(image));
		final Stage layers = new Stage(backend, stage.parameters(), stage.prefix(), stage.spec(), stage.input(blurry, latent,
			blurry), null, spectrum.value(), kernelSize(), true, false);
		layers.forward();
		return result(backend, layers);
	}

	/** The tensors of a stage that is not run again. */
	static StageResult result(final Backend backend, final Stage stage) {
		return new StageResult(TensorImages.img(backend, stage.features().value()), TensorImages.plane(backend, stage.kernel()
			.value()), TensorImages.plane(backend, stage.latent().value()));
	}
}
