package io.github.learningtodeblur.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Threads;

/**
 * Improves a kernel that was found before: a stage (section 3.2) whose latent image is one restored with that kernel, and
 * the mean of its kernel (Eqs. 2 to 4) and of the one found, as both err in ways of their own. Bound to a backend, a batch size
 * and an image size. The stage is trained for its own kernel, not for the mean: then it would learn from few searches what
 * they miss, and find it where nothing is missing. Training also looks at the image that Eq. 5 makes with the kernel: kernels
 * that differ little pixel by pixel can restore quite different images.
 */
public final class RefiningNetwork {

	/** Added to the mean squared error of images before its logarithm is taken. */
	static final float FLOOR = 1e-6f;

	/** What is restored next to the borders does not count in training: this part of the kernel's size. */
	private static final double BORDER = 2 / 3.0;

	private final Backend backend;
	private final int batch, height, width, size;
	private final boolean training;
	private final Tensor in;
	/** Half of the kernels found. */
	private final Tensor found;
	private final Stage stage;
	private final Tensor mean;
	/** All that follows is for training. */
	private final BlurrySpectrum spectrum;
	private final Tensor sharp, target, errors, never;
	private List<Plane> blurry = List.of();

	/**
	 * @param spec see {@link ModelSpec#refining()}
	 * @param training whether there is to be room for gradients
	 */
	public RefiningNetwork(final Backend backend, final ModelSpec spec, final Parameters parameters, final int batch,
		final int height, final int width, final boolean training)
	{
		if (!spec.refining()) throw new IllegalArgumentException("This network finds kernels: one that improves them is needed");
		this.backend = backend;
		this.batch = batch;
		this.height = height;
		this.width = width;
		this.training = training;
		size = spec.largestKernel();
		in = backend.allocate(batch, 2, height, width);
		found = backend.allocate(batch, 1, size, size);
		mean = backend.allocate(batch, 1, size, size);
		spectrum = training ? new BlurrySpectrum(backend, batch, height, width, size) : null;
		stage = new Stage(backend, parameters, spec.prefix(0, 0), spec.scales().get(0).stages().get(0), in, null, training ? spectrum
			.value() : null, size, training, training);
		sharp = training ? backend.allocate(batch, 1, height, width) : null;
		target = training ? backend.allocate(batch, 1, size, size) : null;
		errors = training ? backend.allocate(batch, 1, 1, 1) : null;
		never = training ? backend.allocate(batch, 1, 1, 1) : null;
	}

	/**
	 * One of each per batch element.
	 *
	 * @param images blurry, of the size bound to, in [0, 1]
	 * @param restored the same, restored with the kernels
	 * @param kernels found so far, of the spec's size, sum 1
	 */
	public void set(final List<Plane> images, final List<Plane> restored, final List<Plane> kernels) {
		check(images, height, width);
		check(restored, height, width);
		check(kernels, size, size);
		final float[] seen = new float[2 * batch * height * width], halves = new float[batch * size * size];
		final Plane[] normalized = new Plane[batch];
		final int n = height * width;
		Threads.forEach(batch, b -> {
			normalized[b] = MultiScaleNetwork.normalized(images.get(b));
			System.arraycopy(MultiScaleNetwork.normalized(restored.get(b), images.get(b)).pixels(), 0, seen, 2 * b * n, n);
			System.arraycopy(normalized[b].pixels(), 0, seen, (2 * b + 1) * n, n);
			for (int i = 0; i < size * size; i++)
				halves[b * size * size + i] = kernels.get(b).pixels()[i] / 2;
		});
		backend.write(seen, in);
		backend.write(halves, found);
		blurry = List.copyOf(images);
		if (training) spectrum.set(List.of(normalized));
	}

	private void check(final List<Plane> planes, final int h, final int w) {
		if (planes.size() != batch) throw new IllegalArgumentException("Bound to " + batch + " images, got " + planes.size());
		for (final Plane p : planes)
			if (p.height() != h || p.width() != w) throw new IllegalArgumentException("Bound to " + w + "x" + h + ", got " + p);
	}

	public void forward() {
		stage.forward();
		backend.copyChannels(found, 0, mean, 0, 1);
		backend.addChannels(stage.kernel().value(), 0, 0.5f, mean, 0, 1);
	}

	/** The mean of the kernel found and of the stage's; not negative, sum 1. */
	public Plane kernel(final int element) {
		return backend.readPlanes(mean).get(element);
	}

	/**
	 * What the stage is to find, after {@link #forward}.
	 *
	 * @param images sharp, where the kernels found put them
	 * @param kernels true ones, wherever they lie
	 */
	public void setTarget(final List<Plane> images, final List<Plane> kernels) {
		check(images, height, width);
		check(kernels, size, size);
		final int border = (int) (BORDER * size), n = size * size;
		final float[] estimates = new float[batch * n], truths = new float[batch * n];
		backend.read(stage.kernel().value(), estimates);
		final List<Plane> wanted = new ArrayList<>();
		for (int b = 0; b < batch; b++) {
			KernelAlignment.align(estimates, kernels.get(b).pixels(), size, truths, b * n);
			final Plane normalized = MultiScaleNetwork.normalized(images.get(b), blurry.get(b)), inner = new Plane(width, height);
			Arrays.fill(inner.pixels(), Float.NaN);
			for (int y = border; y < height - border; y++)
				System.arraycopy(normalized.pixels(), y * width + border, inner.pixels(), y * width + border, width - 2 * border);
			wanted.add(inner);
		}
		backend.write(truths, target);
		backend.writePlanes(wanted, sharp);
	}

	/** Relative squared errors of the stage's kernels, per batch element. */
	public float[] kernelErrors() {
		measureKernels(1, errors);
		return read(errors);
	}

	/** Mean squared errors of the images of Eq. 5, in units of normalized images, per batch element. */
	public float[] imageErrors() {
		measureImages(errors);
		return read(errors);
	}

	void measureKernels(final int levels, final Tensor to) {
		backend.kernelError(stage.kernel().value(), target, levels, true, to);
	}

	void measureImages(final Tensor to) {
		backend.imageError(stage.latent().value(), sharp, FLOOR, 0, to, null);
	}

	private float[] read(final Tensor t) {
		final float[] all = new float[batch];
		backend.read(t, all);
		return all;
	}

	/**
	 * Adds to the gradients of the parameters.
	 *
	 * @param kernels weight of the errors of kernels, at {@link KernelLoss#USUAL} levels
	 * @param images weight of the logarithms of the errors of images
	 */
	public void backward(final float kernels, final float images) {
		if (!training) throw new IllegalStateException("This network was made without room for gradients");
		backend.fill(stage.latent().grad(), 0);
		backend.imageError(stage.latent().value(), sharp, FLOOR, images, errors, stage.latent().grad());
		stage.backwardToKernel(true);
		backend.kernelError(stage.kernel().value(), target, KernelLoss.USUAL.levels(), true, kernels, never, Float.MAX_VALUE, errors,
			stage.kernel().grad());
		stage.backwardFromKernel(false);
	}

	/** For tests. */
	Stage stage() {
		return stage;
	}
}
