package io.github.learningtodeblur.modules;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.net.FeatureExtraction;
import io.github.learningtodeblur.util.Images;
import net.imglib2.FinalInterval;
import net.imglib2.Interval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;

/**
 * Feature extraction (section 3.1.1, Eq. 2): convolution with learned filters, tanh, and recombinations of the results with
 * a tanh between them, to the images x~_i, which show the edges of a sharp image, and y~_i, those of the blurry one.
 * <p>
 * Filters are applied where they fit into the image: value (x, y) of a feature image tells of the image's pixels from (x, y)
 * to (x + {@link #filterSize} - 1, y + {@link #filterSize} - 1). Hence any block of the features can be had from a block of
 * the image.
 */
public final class FeatureExtractor {

	private final StageWeights stage;

	/**
	 * @param model a trained network
	 * @param scale of the stage whose filters are used, from 0, coarse to fine
	 * @param stage from 0
	 * @throws IllegalArgumentException if the model has no such stage
	 */
	public FeatureExtractor(final Backend backend, final Model model, final int scale, final int stage) {
		this.stage = new StageWeights(backend, model, scale, stage);
	}

	/** Images that go in: 1, the blurry one, or 2, also the latent image of the stage before. */
	public int inputs() {
		return stage.inputs();
	}

	/** Number n of pairs x~_i, y~_i. */
	public int pairs() {
		return stage.spec().pairs();
	}

	/** Columns and rows of the filters. */
	public int filterSize() {
		return stage.spec().filterSize();
	}

	/** {@link #extract(RandomAccessibleInterval, RandomAccessibleInterval)} for a stage that takes the blurry image only. */
	public Img<FloatType> extract(final RandomAccessibleInterval<? extends RealType<?>> blurry) {
		return extract(blurry, null);
	}

	/**
	 * All of the features.
	 *
	 * @param blurry (w, h), as {@link DeblurringNetwork#input} gives it
	 * @param latent of the same interval; null if {@link #inputs} is 1
	 * @return (w - k + 1, h - k + 1, 2 {@link #pairs}), with k the {@link #filterSize}: first all x~_i, then all y~_i. Any
	 *         values
	 * @throws IllegalArgumentException if the image is smaller than the filters, or a latent image is missing or too many
	 */
	public Img<FloatType> extract(final RandomAccessibleInterval<? extends RealType<?>> blurry,
		final RandomAccessibleInterval<? extends RealType<?>> latent)
	{
		final FeatureExtraction layer = run(blurry, latent, blurry);
		return TensorImages.img(stage.backend(), layer.features().value());
	}

	/**
	 * A block of the features.
	 *
	 * @param out three-dimensional, with 2 {@link #pairs} planes; its first two dimensions may lie anywhere where features are
	 *          defined, in the coordinates of the blurry image
	 */
	public void extract(final RandomAccessibleInterval<? extends RealType<?>> blurry,
		final RandomAccessibleInterval<? extends RealType<?>> latent, final RandomAccessibleInterval<FloatType> out)
	{
		if (out.numDimensions() != 3 || out.dimension(2) != 2L * pairs()) throw new IllegalArgumentException(
			"The output needs " + 2 * pairs() + " planes, got " + Images.text(out));
		final int more = filterSize() - 1;
		final FeatureExtraction layer = run(blurry, latent, FinalInterval.createMinMax(out.min(0), out.min(1), out.max(0) +
			more, out.max(1) + more));
		Images.write(TensorImages.values(stage.backend(), layer.features().value()), out);
	}

	private FeatureExtraction run(final RandomAccessibleInterval<? extends RealType<?>> blurry,
		final RandomAccessibleInterval<? extends RealType<?>> latent, final Interval block)
	{
		final FeatureExtraction layer = new FeatureExtraction(stage.backend(), stage.parameters(), stage.prefix(), stage
			.spec().layers(), stage.input(blurry, latent, block), null, false);
		layer.forward();
		return layer;
	}
}
