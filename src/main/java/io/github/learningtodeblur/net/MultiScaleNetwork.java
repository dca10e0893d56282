package io.github.learningtodeblur.net;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Resampling;
import io.github.learningtodeblur.util.Threads;

/**
 * The whole network, coarse to fine (section 3.2), bound to a backend, a batch size and an image size. The
 * blurry image is shrunk for the coarser scales; the latent image of a scale is enlarged and becomes, beside
 * the blurry image, the input of the next.
 */
public final class MultiScaleNetwork {

	private final Backend backend;
	private final boolean normalized;
	private final int batch;
	private final int height;
	private final int width;
	private final Parameters parameters;
	private final List<ScaleNetwork> scales = new ArrayList<>();
	/** Between scale i and i + 1. */
	private final List<Signal> enlarged = new ArrayList<>();
	private final int[] heights;
	private final int[] widths;
	private final int firstScale;
	private final int firstStage;
	/** Whether beta_x between the last scale that is only run and the first one trained is trained, too. */
	private final boolean coarserBetaX;
	/** Null if the kernel leaves the network as it is. */
	private final KernelSharpening sharpening;
	/** The true kernels, moved to where those estimated by the stages of the finest scale lie. */
	private final List<Tensor> targets = new ArrayList<>();
	/** Stages whose target is where it belongs, since the last {@link #forward}. */
	private final BitSet placed = new BitSet();
	private final Tensor errors;
	/** By which a batch element is left out. */
	private final Tensor judged;
	private List<Plane> trueKernels = List.of();
	private KernelLoss loss;

	/** A network that can only be applied. The latent image of the last stage can be had, too. */
	public MultiScaleNetwork(final Backend backend, final ModelSpec spec,
		final Parameters parameters, final int height, final int width)
	{
		this(backend, spec, parameters, 1, height, width, false, 0, false);
	}

	/**
	 * A network to train. Scales and stages before the first one with a gradient in {@code parameters} are
	 * only run forward.
	 */
	public static MultiScaleNetwork training(final Backend backend, final ModelSpec spec,
		final Parameters parameters, final int batch, final int height, final int width)
	{
		return training(backend, spec, parameters, batch, height, width, 0, false);
	}

	/**
	 * The same, with scales before {@code firstTrained} only run forward, even if they share weights with
	 * later ones.
	 *
	 * @param coarserBetaX whether the gradient goes on into beta_x of the image estimation after the last of
	 *          those scales: nothing else of it learns what the next scale makes of the image
	 */
	public static MultiScaleNetwork training(final Backend backend, final ModelSpec spec,
		final Parameters parameters, final int batch, final int height, final int width,
		final int firstTrained, final boolean coarserBetaX)
	{
		return new MultiScaleNetwork(backend, spec, parameters, batch, height, width, true,
			firstTrained, coarserBetaX);
	}

	private MultiScaleNetwork(final Backend backend, final ModelSpec spec,
		final Parameters parameters, final int batch, final int height, final int width,
		final boolean training, final int firstTrained, final boolean coarserBetaX)
	{
		this.backend = backend;
		normalized = spec.normalized();
		this.parameters = parameters;
		this.batch = batch;
		this.height = height;
		this.width = width;
		if (spec.refining()) throw new IllegalArgumentException("A network that improves kernels begins with one: see RefiningNetwork");
		final List<ScaleSpec> specs = spec.scales();
		final int n = specs.size(), finest = specs.get(n - 1).kernel();
		heights = new int[n];
		widths = new int[n];
		int[] first = null;
		for (int i = 0; i < n; i++) {
			heights[i] = scaled(height, specs.get(i).kernel(), finest);
			widths[i] = scaled(width, specs.get(i).kernel(), finest);
			for (int s = 0; i >= firstTrained && s < specs.get(i).stages().size() && first == null; s++)
				if (parameters.gradient(specs.get(i).weights() + "/" + (s + 1) + "/filters") != null) first =
					new int[] { i, s };
		}
		if (training && first == null) throw new IllegalArgumentException("No stage is to be trained");
		firstScale = first == null ? n : first[0];
		firstStage = first == null ? 0 : first[1];
		this.coarserBetaX = coarserBetaX && training && firstScale > 0 && firstStage == 0;
		Signal coarser = null;
		for (int i = 0; i < n; i++) {
			final boolean last = i == n - 1;
			final boolean trained = training && i >= firstScale;
			final boolean imageTrained = trained || this.coarserBetaX && i == firstScale - 1;
			final int stages = specs.get(i).stages().size();
			final ScaleNetwork scale = new ScaleNetwork(backend, parameters, specs.get(i), batch, heights[i], widths[i],
				coarser, !last || !training, trained ? 0 : imageTrained ? stages - 1 : stages);
			scales.add(scale);
			if (!last) enlarged.add(coarser = Signal.allocate(backend, imageTrained, batch, 1, heights[i + 1], widths[i +
				1]));
		}
		final double deviation = specs.get(n - 1).sharpening();
		sharpening = deviation == 0 ? null : new KernelSharpening(backend, finest().last().kernel().value(), deviation);
		errors = training ? backend.allocate(batch, 1, 1, 1) : null;
		judged = training ? backend.allocate(batch, 1, 1, 1) : null;
		for (int s = 0; training && s < finest().stages().size(); s++)
			targets.add(backend.allocate(batch, 1, finest, finest));
	}

	/** Size of the image at a scale; at least 1. */
	public static int scaled(final int size, final int kernel, final int finest) {
		return kernel == finest ? size : Math.max(1, Math.round((float) size * kernel / finest));
	}

	/** @param images one blurry image of the bound size per batch element, in [0, 1] */
	public void setBlurry(final List<Plane> images) {
		if (images.size() != batch) throw new IllegalArgumentException("Bound to " + batch +
			" images, got " + images.size());
		for (final Plane p : images)
			if (p.height() != height || p.width() != width) throw new IllegalArgumentException(
				"Bound to images of " + width + "x" + height + ", got " + p);
		final Plane[][] resized = new Plane[scales.size()][batch];
		Threads.forEach(batch, b -> {
			final Plane p = normalized ? normalized(images.get(b)) : images.get(b);
			for (int i = 0; i < resized.length; i++)
				resized[i][b] = heights[i] == height && widths[i] == width ? p : Resampling.resize(p, widths[i], heights[i]);
		});
		for (int i = 0; i < resized.length; i++)
			scales.get(i).setBlurry(List.of(resized[i]));
	}

	/** See {@link ModelSpec}; what is constant becomes 0. */
	public static Plane normalized(final Plane p) {
		return normalized(p, p);
	}

	/** @param like the mean of this image is taken off, and its deviation brought to that of normalized ones */
	static Plane normalized(final Plane p, final Plane like) {
		final float mean = (float) (like.sum() / like.pixels().length);
		double square = 0;
		for (final float v : like.pixels())
			square += (v - mean) * (v - mean);
		final double deviation = Math.sqrt(square / like.pixels().length);
		final float gain = (float) (ModelSpec.DEVIATION / Math.max(1e-6, deviation));
		final Plane out = p.copy();
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = (out.pixels()[i] - mean) * gain;
		return out;
	}

	public void forward() {
		forward(Progress.NONE);
	}

	/**
	 * @param progress told about every stage, and asked before it
	 * @throws java.util.concurrent.CancellationException if {@code progress} is canceled
	 */
	public void forward(final Progress progress) {
		placed.clear();
		final int total = scales.stream().mapToInt(s -> s.stages().size()).sum();
		int done = 0;
		for (int i = 0; i < scales.size(); i++) {
			scales.get(i).forward(progress, done, total);
			done += scales.get(i).stages().size();
			if (i < scales.size() - 1) backend.resize(scales.get(i).last().latent().value(), enlarged.get(i)
				.value());
		}
	}

	/**
	 * @param kernels the true kernels, one per batch element, in the finest scale's size
	 * @param compared how estimates are compared with them
	 */
	public void setTarget(final List<Plane> kernels, final KernelLoss compared) {
		final int size = finest().kernelSize();
		for (final Plane k : kernels)
			if (k.width() != size || k.height() != size) throw new IllegalArgumentException("Kernels of " + size + "x" + size +
				" are needed, got " + k);
		trueKernels = List.copyOf(kernels);
		loss = compared;
		placed.clear();
	}

	/** The true kernels, where a stage's estimates lie if they are shiftable. */
	private Tensor target(final int stage) {
		final Tensor target = targets.get(stage);
		if (placed.get(stage)) return target;
		final float[] estimates = new float[target.size()], all = new float[target.size()];
		if (loss.shiftable()) backend.read(kernels(stage), estimates);
		final int size = target.width(), n = size * size;
		Threads.forEach(batch, b -> {
			final float[] truth = trueKernels.get(b).pixels();
			if (loss.shiftable()) KernelAlignment.align(estimates, truth, size, all, b * n);
			else System.arraycopy(truth, 0, all, b * n, n);
		});
		backend.write(all, target);
		placed.set(stage);
		return target;
	}

	/** (batch, 1, size, size) of the finest scale. */
	private Tensor kernels(final int stage) {
		return finest().stages().get(stage).kernel().value();
	}

	/**
	 * Relative squared error of a stage of the finest scale, per batch element, at one level; after {@link #forward}.
	 */
	public float[] errors(final int stage) {
		return errors(stage, true);
	}

	/** What training is to make small, per batch element: {@link #errors}, relative or not as the loss is. */
	public float[] losses(final int stage) {
		return errors(stage, loss.relative());
	}

	private float[] errors(final int stage, final boolean relative) {
		backend.kernelError(kernels(stage), target(stage), 1, relative, errors);
		final float[] e = new float[batch];
		backend.read(errors, e);
		return e;
	}

	/**
	 * Adds to the gradients of all trained parameters those of the sum over the batch.
	 *
	 * @param stageWeights weight of the error of every stage of the finest scale; coarser scales have no
	 *          loss of their own
	 * @param limit batch elements of which the last stage's {@link #losses} are larger, or not a number, are left out
	 *          (section 3.3)
	 */
	public void backward(final float[] stageWeights, final float limit) {
		// all that waits for the device, before it is given the rest of its work
		for (int s = 0; s < stageWeights.length; s++)
			if (stageWeights[s] != 0) target(s);
		final int judge = finest().stages().size() - 1;
		backend.kernelError(kernels(judge), target(judge), 1, loss.relative(), judged);
		for (int i = scales.size() - 1; i >= firstScale; i--) {
			final boolean last = i == scales.size() - 1;
			if (!last) backend.resizeGrad(enlarged.get(i).grad(), scales.get(i).last().latent().grad());
			scales.get(i).backward(!last, i == firstScale ? firstStage : 0, (s, kernel) -> {
				if (last && stageWeights[s] != 0) backend.kernelError(kernel.value(), target(s), loss.levels(), loss.relative(),
					stageWeights[s], judged, limit, errors, kernel.grad());
			});
		}
		if (!coarserBetaX) return;
		final ScaleNetwork before = scales.get(firstScale - 1);
		backend.resizeGrad(enlarged.get(firstScale - 1).grad(), before.last().latent().grad());
		before.backwardImage();
	}

	public Parameters parameters() {
		return parameters;
	}

	/** For tests, which look at the tensors themselves. */
	ScaleNetwork scale(final int index) {
		return scales.get(index);
	}

	private ScaleNetwork finest() {
		return scales.get(scales.size() - 1);
	}

	public int scaleCount() {
		return scales.size();
	}

	public int stageCount(final int scale) {
		return scales.get(scale).stages().size();
	}

	/** The tensors of a stage. */
	public Stage stage(final int scale, final int stage) {
		return scales.get(scale).stages().get(stage);
	}

	/** Kernel of the first batch element, sum 1; all 0 if it finds nothing above 0. */
	public Plane kernel(final int scale, final int stage) {
		return plane(scales.get(scale).stages().get(stage).kernel().value(), 0);
	}

	/** The kernel that leaves the network: the finest scale's last, sharpened if the model's spec says so. */
	public Plane kernel() {
		return kernel(0);
	}

	/** The same of any batch element. */
	public Plane kernel(final int element) {
		return plane(sharpening == null ? finest().last().kernel().value() : sharpening.sharpened(), element);
	}

	/** Latent image of the first batch element; the very last stage's only if made for application. */
	public Plane latent(final int scale, final int stage) {
		return plane(scales.get(scale).stages().get(stage).latent().value(), 0);
	}

	private Plane plane(final Tensor t, final int channel) {
		final float[] all = new float[t.size()];
		backend.read(t, all);
		final int n = t.height() * t.width();
		return new Plane(java.util.Arrays.copyOfRange(all, channel * n, (channel + 1) * n), t.width(), t
			.height());
	}
}
