package io.github.learningtodeblur;

import java.util.ArrayList;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.net.MultiScaleNetwork;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.refine.KernelRefinement;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.restore.TiledRestoration;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;

/**
 * Blind deconvolution of two-dimensional images: the library's front door. Needs no ImageJ and no SciJava
 * context. Values are expected in [0, 1], as the networks were trained on them.
 *
 * <pre>
 * Deblurring deblurring = new Deblurring(Models.open("camera-shake"), new CpuBackend());
 * Deblurred result = deblurring.deblur(channels, new FittedRestoration(1), Progress.NONE);
 * </pre>
 */
public final class Deblurring {

	/** An image must be this many times as wide and as high as the kernel: less does not tell the blur. */
	public static final int MIN_SIZE_FACTOR = 3;
	/** See {@link #withLargestBlur}. */
	public static final String AUTOMATIC = "auto";

	/** Side of the region from which the network estimates the kernel of a larger image. */
	public static final int MAX_REGION = 1024;

	/** Side of the region from which the kernel is refined, at least 8 kernels: a round costs more than a scale. */
	public static final int MAX_REFINED_REGION = 512;

	private final ModelSpec spec;
	private final Parameters parameters;
	private final Backend backend;
	private final boolean automatic;
	private final KernelRefinement refinement;

	/** With the largest scale of the model that an image allows, and the usual refinement. */
	public Deblurring(final Model model, final Backend backend) {
		this(model.spec(), Parameters.of(backend, model), backend, true, new KernelRefinement());
	}

	private Deblurring(final ModelSpec spec, final Parameters parameters, final Backend backend,
		final boolean automatic, final KernelRefinement refinement)
	{
		this.spec = spec;
		this.parameters = parameters;
		this.backend = backend;
		this.automatic = automatic;
		this.refinement = refinement;
	}

	/** Kernel sizes that {@link #withKernelSize} takes, from small to large. */
	public List<Integer> kernelSizes() {
		return spec.scales().stream().map(ScaleSpec::kernel).toList();
	}

	/** Largest kernel this can estimate. */
	public int kernelSize() {
		return spec.scales().get(spec.scales().size() - 1).kernel();
	}

	/** The same model without the scales above {@code size}: for smaller blurs, where it does better. */
	public Deblurring withKernelSize(final int size) {
		final int n = kernelSizes().indexOf(size);
		if (n < 0) throw new IllegalArgumentException("The model has the kernel sizes " + kernelSizes() +
			", not " + size);
		return new Deblurring(upTo(n), parameters, backend, false, refinement);
	}

	private ModelSpec upTo(final int scale) {
		return spec.withScales(spec.scales().subList(0, scale + 1));
	}

	/**
	 * What follows the network: some rounds of refinement, or none, which leaves the network's kernel as it
	 * is.
	 */
	public Deblurring withRefinement(final KernelRefinement rounds) {
		return new Deblurring(spec, parameters, backend, automatic, rounds);
	}

	/** Pixels that an image needs in both directions. */
	public int leastSide() {
		return MIN_SIZE_FACTOR * (automatic ? kernelSizes().get(0) : kernelSize());
	}

	/**
	 * What users say about the largest blur: {@value #AUTOMATIC}, or a size as a number. Automatic means the
	 * model's largest size that the image is large enough for: refinement finds the support of the kernel
	 * within it, so that little is lost if the blur is smaller (TRAINING.md has the figures).
	 */
	public Deblurring withLargestBlur(final String size) {
		if (size.isBlank() || size.strip().equalsIgnoreCase(AUTOMATIC)) return new Deblurring(spec,
			parameters, backend, true, refinement);
		if (!size.strip().matches("[0-9]{1,9}")) throw new IllegalArgumentException(
			"The largest blur size must be \"" + AUTOMATIC + "\" or one of " + kernelSizes() + ", got \"" +
				size + "\"");
		return withKernelSize(Integer.parseInt(size.strip()));
	}

	/**
	 * Estimates the blur kernel of a grey-level image.
	 *
	 * @param image in [0, 1], at least {@link #leastSide} in both directions; of a larger one, the regions of
	 *          {@value #MAX_REGION} (for the network) and {@value #MAX_REFINED_REGION} pixels a side (for
	 *          the refinement) with the strongest gradients are looked at
	 * @return {@link #kernelSize} squared or, if automatic, perhaps smaller; not negative, sum 1, in
	 *         convolution orientation
	 * @throws IllegalArgumentException if the image is too small, constant, or contains NaN
	 */
	public Plane estimateKernel(final Plane image, final Progress progress) {
		final Plane kernel = run(image, progress).kernel();
		return refinement.refine(informativeRegion(image, Math.max(MAX_REFINED_REGION, 8 * kernel
			.width())), kernel, progress);
	}

	/** The network after a forward pass on an image, for those who want to look inside. */
	public MultiScaleNetwork run(final Plane image, final Progress progress) {
		check(image);
		final Plane region = informativeRegion(image, MAX_REGION);
		progress.check();
		final MultiScaleNetwork network = new MultiScaleNetwork(backend, specFor(image), parameters,
			region.height(), region.width());
		network.setBlurry(List.of(region));
		network.forward(progress);
		progress.check();
		return network;
	}

	/**
	 * Estimates one kernel from the luminance of the channels, and restores every channel with it, large ones
	 * tile by tile.
	 *
	 * @param channels one plane or three (R, G, B), in [0, 1]
	 * @throws java.util.concurrent.CancellationException if the user cancels
	 */
	public Deblurred deblur(final List<Plane> channels, final Restoration restoration,
		final Progress progress)
	{
		channels.forEach(this::check);
		final Plane kernel = estimateKernel(Planes.luminance(channels), progress);
		final List<Plane> restored = new ArrayList<>();
		final Restoration tiled = new TiledRestoration(restoration);
		for (final Plane channel : channels)
			restored.add(tiled.restore(channel, kernel, progress));
		return new Deblurred(restored, kernel);
	}

	/** {@link #estimateKernel(Plane, Progress)} for an image of ImgLib2. */
	public Img<FloatType> estimateKernel(
		final RandomAccessibleInterval<? extends RealType<?>> image, final Progress progress)
	{
		return Images.img(estimateKernel(Images.plane(image), progress));
	}

	private ModelSpec specFor(final Plane image) {
		if (!automatic) return spec;
		int n = spec.scales().size() - 1;
		while (n > 0 && Math.min(image.width(), image.height()) < MIN_SIZE_FACTOR * kernelSizes().get(n))
			n--;
		return upTo(n);
	}

	private void check(final Plane image) {
		final int least = leastSide();
		if (image.width() < least || image.height() < least) throw new IllegalArgumentException(
			"The image is too small: " + image.width() + "x" + image.height() + " pixels, but for blurs up to " +
				least / MIN_SIZE_FACTOR + " pixels at least " + least + "x" + least + " are needed");
		float min = Float.POSITIVE_INFINITY, max = Float.NEGATIVE_INFINITY;
		for (final float v : image.pixels()) {
			if (!Float.isFinite(v)) throw new IllegalArgumentException("The image contains the value " + v);
			min = Math.min(min, v);
			max = Math.max(max, v);
		}
		if (min == max) throw new IllegalArgumentException("The image is constant (all pixels are " + min +
			"): there is no blur to be seen");
	}

	/**
	 * The square with the largest sum of squared gradients, as far as steps of an eighth of its side tell;
	 * small images whole.
	 */
	static Plane informativeRegion(final Plane image, final int side) {
		final int w = Math.min(side, image.width()), h = Math.min(side, image.height());
		if (w == image.width() && h == image.height()) return image;
		// sums over cells of 1/8 of the region; regions start at cells
		final int cell = side / 8;
		final int columns = (image.width() + cell - 1) / cell, rows = (image.height() + cell - 1) / cell;
		final double[] energy = new double[rows * columns];
		for (int y = 0; y < image.height() - 1; y++)
			for (int x = 0; x < image.width() - 1; x++) {
				final float v = image.get(x, y), dx = image.get(x + 1, y) - v, dy = image.get(x, y + 1) - v;
				energy[y / cell * columns + x / cell] += dx * dx + dy * dy;
			}
		double most = -1;
		int left = 0, top = 0;
		for (int y = 0; y == 0 || y * cell <= image.height() - h; y++)
			for (int x = 0; x == 0 || x * cell <= image.width() - w; x++) {
				double sum = 0;
				for (int r = y; r < Math.min(rows, y + (h + cell - 1) / cell); r++)
					for (int c = x; c < Math.min(columns, x + (w + cell - 1) / cell); c++)
						sum += energy[r * columns + c];
				if (sum > most) {
					most = sum;
					left = x * cell;
					top = y * cell;
				}
			}
		return image.crop(left, top, w, h);
	}
}
