package io.github.learningtodeblur.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.RestorationSpec;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/**
 * Restores images whose kernel is known, or nearly so: as the paper unrolls the estimation of kernels into stages and learns
 * them, this does with the image estimation (Eq. 5). Bound once to a backend and an image size. Not in the paper.
 */
public final class RestorationNetwork {

	/** Mean squared errors below this are as good as none: 60 dB. */
	private static final float FLOOR = 1e-6f;

	private final Backend backend;
	private final Parameters parameters;
	private final RestorationInput input;
	private final List<RestorationStage> stages = new ArrayList<>();
	private final Tensor errors;
	private final int batch;
	private final boolean training;
	private List<RestorationProblem> problems;
	/** NaN where nothing is asked for. */
	private Tensor target;

	/**
	 * @param height of images with what is around them, see {@link RestorationProblem#around}; rounded up for the
	 *          transforms
	 * @param training whether there will be backward passes
	 */
	public RestorationNetwork(final Backend backend, final RestorationSpec spec, final Parameters parameters,
		final int batch, final int height, final int width, final boolean training)
	{
		this.backend = backend;
		this.parameters = parameters;
		this.batch = batch;
		this.training = training;
		final int least = spec.filterSize() + 2;
		input = new RestorationInput(backend, batch, backend.goodSize(Math.max(least, height)), backend.goodSize(Math.max(least,
			width)), training);
		for (int s = 0; s < spec.stages(); s++)
			stages.add(new RestorationStage(backend, parameters, spec, s, input, training || s == 0 ? null : stages.get(0),
				training));
		errors = backend.allocate(batch, 1, 1, 1);
	}

	public Parameters parameters() {
		return parameters;
	}

	public int stageCount() {
		return stages.size();
	}

	/** @param given one per batch element, of any sizes that fit */
	public void set(final List<RestorationProblem> given) {
		if (given.size() != batch) throw new IllegalArgumentException("Made for " + batch + " images, got " + given.size());
		for (final RestorationProblem p : given)
			if (p.blurry().width() > input.blurry().width() || p.blurry().height() > input.blurry().height())
				throw new IllegalArgumentException("An image of " + p.blurry() + " does not fit into " + input.blurry());
		problems = List.copyOf(given);
		input.set(given);
	}

	/** @throws java.util.concurrent.CancellationException if {@code progress} is canceled */
	public void forward(final Progress progress) {
		forward(progress, s -> {});
	}

	/** @param done told after each stage, whose image can be had then */
	public void forward(final Progress progress, final IntConsumer done) {
		Tensor before = input.first(), spectrum = input.firstSpectrum();
		for (int s = 0; s < stages.size(); s++) {
			progress.check();
			progress.report(s, stages.size(), "Restoration");
			stages.get(s).forward(before, spectrum);
			before = stages.get(s).image().value();
			spectrum = stages.get(s).spectrum();
			done.accept(s);
		}
		progress.check();
	}

	/**
	 * What the images should be.
	 *
	 * @param sharp one per batch element, in the middle of its blurry one
	 */
	public void setTarget(final List<Plane> sharp) {
		final Tensor image = input.blurry();
		if (target == null) target = backend.allocate(batch, 1, image.height(), image.width());
		final Plane[] all = new Plane[batch];
		for (int b = 0; b < batch; b++) {
			all[b] = new Plane(image.width(), image.height());
			Arrays.fill(all[b].pixels(), Float.NaN);
			final Plane s = sharp.get(b);
			for (int y = 0; y < s.height(); y++)
				System.arraycopy(s.pixels(), y * s.width(), all[b].pixels(), (input.top(s) + y) * image.width() + input.left(s), s
					.width());
		}
		backend.writePlanes(List.of(all), target);
	}

	/** Mean squared errors of a stage, per batch element. */
	public float[] errors(final int stage) {
		measure(stage, errors);
		final float[] e = new float[batch];
		backend.read(errors, e);
		return e;
	}

	void measure(final int stage, final Tensor to) {
		backend.imageError(stages.get(stage).image().value(), target, FLOOR, 0, to, null);
	}

	/**
	 * Adds to the gradients of the parameters those of the sum of the logarithms of the errors.
	 *
	 * @param weights of the stages
	 */
	public void backward(final float... weights) {
		if (!training) throw new IllegalStateException("This network was made without room for gradients");
		final RestorationStage last = stages.get(stages.size() - 1);
		backend.fill(last.image().grad(), 0);
		backend.fill(last.dSpectrum(), 0);
		for (int s = stages.size() - 1; s >= 0; s--) {
			final RestorationStage stage = stages.get(s), before = s == 0 ? null : stages.get(s - 1);
			if (weights[s] != 0) backend.imageError(stage.image().value(), target, FLOOR, weights[s], errors, stage.image()
				.grad());
			if (before == null) {
				stage.backward(input.firstSpectrum(), null, null);
				continue;
			}
			backend.fill(before.image().grad(), 0);
			stage.backward(before.spectrum(), before.image().grad(), before.dSpectrum());
		}
	}

	/** An image after a stage, without what is around; may leave [0, 1]. Without training, of the stage computed last only. */
	public Plane image(final int stage, final int element) {
		return crop(stages.get(stage).image().value(), element);
	}

	/** What the stages begin with. */
	public Plane first(final int element) {
		return crop(input.first(), element);
	}

	private Plane crop(final Tensor t, final int element) {
		final float[] all = new float[t.size()];
		backend.read(t, all);
		final int n = t.height() * t.width();
		final Plane observed = problems.get(element).blurry();
		final Plane whole = batch == 1 ? new Plane(all, t.width(), t.height()) : new Plane(Arrays.copyOfRange(all,
			element * n, (element + 1) * n), t.width(), t.height());
		return whole.crop(input.left(observed), input.top(observed), observed.width(), observed.height());
	}
}
