package io.github.learningtodeblur.net;

import java.util.ArrayList;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/** The stages of one kernel size (section 3.2), bound to one image size. */
final class ScaleNetwork {

	private final Backend backend;
	private final ScaleSpec spec;
	private final Tensor blurry;
	private final BlurrySpectrum spectrum;
	private final Signal coarse;
	private final List<Tensor> inputs = new ArrayList<>();
	private final List<Stage> stages = new ArrayList<>();

	/**
	 * @param coarser latent image of the coarser scale in this scale's size, with a gradient if that scale is
	 *          trained too; null for the coarsest
	 * @param withLatent whether the latent image of the last stage is needed
	 * @param firstTrained index of the first stage with room for gradients; the number of stages for none
	 */
	ScaleNetwork(final Backend backend, final Parameters parameters, final ScaleSpec spec,
		final int batch, final int height, final int width, final Signal coarser,
		final boolean withLatent, final int firstTrained)
	{
		this.backend = backend;
		this.spec = spec;
		this.coarse = coarser;
		blurry = backend.allocate(batch, 1, height, width);
		spectrum = new BlurrySpectrum(backend, batch, height, width, spec.kernel());
		Signal latent = coarser;
		for (int s = 0; s < spec.stages().size(); s++) {
			final Tensor in = latent == null ? blurry : backend.allocate(batch, 2, height, width);
			final boolean last = s == spec.stages().size() - 1;
			final Stage stage = new Stage(backend, parameters, spec.weights() + "/" + (s + 1) + "/", spec
				.stages().get(s), in, latent == null ? null : latent.grad(), spectrum.value(), spec.kernel(),
				!last || withLatent, s >= firstTrained);
			inputs.add(in);
			stages.add(stage);
			latent = stage.latent();
		}
	}

	/** @param images one blurry image in this scale's size per batch element */
	void setBlurry(final List<Plane> images) {
		backend.writePlanes(images, blurry);
		spectrum.set(images);
		for (final Tensor in : inputs)
			if (in != blurry) backend.copyChannels(blurry, 0, in, 1, 1);
	}

	List<Stage> stages() {
		return stages;
	}

	Stage last() {
		return stages.get(stages.size() - 1);
	}

	int kernelSize() {
		return spec.kernel();
	}

	/**
	 * @param done stages of coarser scales
	 * @param total stages of the whole network
	 */
	void forward(final Progress progress, final int done, final int total) {
		Signal latent = coarse;
		for (int s = 0; s < stages.size(); s++) {
			progress.check();
			progress.report(done + s, total, "Estimating the blur kernel");
			if (latent != null) backend.copyChannels(latent.value(), 0, inputs.get(s), 0, 1);
			stages.get(s).forward();
			latent = stages.get(s).latent();
		}
	}

	/**
	 * @param latentUsed whether a finer scale has left a gradient in the last stage's latent image
	 * @param first index of the first stage that is trained; earlier ones are not visited
	 * @param loss adds the loss's gradient to that of a stage's kernel
	 */
	void backward(final boolean latentUsed, final int first, final StageLoss loss) {
		for (int s = stages.size() - 1; s >= first; s--) {
			final Stage stage = stages.get(s);
			stage.backwardToKernel(s < stages.size() - 1 || latentUsed);
			loss.addGradient(s, stage.kernel());
			// of what comes before the first stage trained nobody asks for the gradient
			stage.backwardFromKernel(s > first || s == 0);
		}
	}

	/** Of the last image estimation alone, from the gradient in its latent image. */
	void backwardImage() {
		last().backwardToKernel(true);
	}

	/** What a stage's kernel contributes to the loss. */
	interface StageLoss {

		void addGradient(int stage, Signal kernel);
	}
}
