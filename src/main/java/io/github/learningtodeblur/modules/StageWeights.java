package io.github.learningtodeblur.modules;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.util.Images;
import net.imglib2.Interval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import net.imglib2.util.Intervals;

/**
 * One stage of a model on a device.
 *
 * @param scale from 0, coarse to fine
 * @param stage from 0
 */
record StageWeights(Backend backend, ModelSpec model, Parameters parameters, int scale, int stage) {

	StageWeights(final Backend backend, final Model model, final int scale, final int stage) {
		this(backend, model.spec(), Parameters.of(backend, model), scale, stage);
	}

	StageWeights {
		check(model, scale, stage);
	}

	/** @throws IllegalArgumentException if a model has no such stage */
	static void check(final ModelSpec model, final int scale, final int stage) {
		check("scales", scale, model.scales().size());
		check("stages at scale " + scale, stage, model.scales().get(scale).stages().size());
	}

	private static void check(final String what, final int index, final int count) {
		if (index < 0 || index >= count) throw new IllegalArgumentException("The model has " + count + " " + what +
			", numbered from 0 on, got " + index);
	}

	ScaleSpec scaleSpec() {
		return model.scales().get(scale);
	}

	StageSpec spec() {
		return scaleSpec().stages().get(stage);
	}

	String prefix() {
		return model.prefix(scale, stage);
	}

	/** 1, the blurry image, or 2, latent and blurry image. */
	int inputs() {
		return model.inputs(scale, stage);
	}

	/**
	 * The stage's input (1, inputs, h, w) for a block of the images.
	 *
	 * @param latent null if the stage takes none
	 */
	Tensor input(final RandomAccessibleInterval<? extends RealType<?>> blurry,
		final RandomAccessibleInterval<? extends RealType<?>> latent,
		final Interval block)
	{
		if ((latent == null) != (inputs() == 1)) throw new IllegalArgumentException("Stage " + stage + " of scale " + scale +
			(latent == null ? " needs a latent image, that of the stage before" : " takes the blurry image only"));
		final float[] y = Images.plane(blurry, block).pixels();
		final int width = Math.toIntExact(block.dimension(0)), height = Math.toIntExact(block.dimension(1));
		final Tensor in = backend.allocate(1, inputs(), height, width);
		if (latent == null) backend.write(y, in);
		else {
			if (latent.numDimensions() != 2 || !Intervals.equals(latent, blurry))
				throw new IllegalArgumentException("Latent and blurry image must lie alike, got " + Images.text(latent) + " and " +
					Images.text(blurry));
			final float[] x = Images.plane(latent, block).pixels(), both = new float[2 * y.length];
			System.arraycopy(x, 0, both, 0, x.length);
			System.arraycopy(y, 0, both, x.length, y.length);
			backend.write(both, in);
		}
		return in;
	}
}
