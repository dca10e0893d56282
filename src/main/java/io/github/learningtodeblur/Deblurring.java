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
import io.github.learningtodeblur.refine.NormalizedSparsity;
import io.github.learningtodeblur.refine.Overshoot;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.restore.TiledRestoration;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Regions;
import io.github.learningtodeblur.util.Resampling;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.parallel.Parallelization;
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

	/** Largest kernel that can be asked for. */
	public static final int LARGEST_KERNEL = 255;

	/**
	 * Automatic looks for blurs up to nearly twice the model's largest scale, in images this many times as
	 * large.
	 */
	private static final int AUTOMATIC_SIZE_FACTOR = 5;

	/**
	 * Factor of the normalized sparsity below which one of two kernels is better. Kernels of about the same
	 * quality differ by less, at random. Not for kernels above the network's sizes, of which the first is no
	 * better in general.
	 */
	private static final double CLEARLY = 0.99;

	/** Pixels by which the network's frame is also tried larger, and their double. */
	private static final int MORE = 4;

	/** Shorter side of an image from which on one frame is enough. */
	private static final int FRAMES_SIDE = 640;

	/** Largest ratio of a frame to the size asked for. */
	private static final double LARGER = 1.7;

	/** Number of scales with which the second way to a kernel begins. */
	private static final int SECOND = 2;

	/** Pixels of an image of half the size, for each of the model's, from which on a blur is held to be larger. */
	private static final double LARGE = 0.5;

	/** Of the model. */
	private final ModelSpec whole;
	/** Up to the scale with which the pyramid begins. */
	private final ModelSpec spec;
	private final Parameters parameters;
	private final Backend backend;
	private final int size;
	private final boolean automatic;
	private final KernelRefinement refinement;

	/** With the largest scale of the model that an image allows, and the usual refinement. */
	public Deblurring(final Model model, final Backend backend) {
		this(model.spec(), model.spec(), Parameters.of(backend, model), backend, largest(model.spec()), true,
			new KernelRefinement());
	}

	/**
	 * @param whole of the model
	 * @param spec where the size is not automatic, up to the scale with which the pyramid begins
	 * @param size of the kernel, at least the spec's largest
	 */
	private Deblurring(final ModelSpec whole, final ModelSpec spec, final Parameters parameters, final Backend backend,
		final int size, final boolean automatic, final KernelRefinement refinement)
	{
		this.whole = whole;
		this.spec = spec;
		this.parameters = parameters;
		this.backend = backend;
		this.size = size;
		this.automatic = automatic;
		this.refinement = refinement;
	}

	private static int largest(final ModelSpec spec) {
		return spec.scales().get(spec.scales().size() - 1).kernel();
	}

	/** Kernel sizes of the network, from small to large. */
	public List<Integer> kernelSizes() {
		return spec.scales().stream().map(ScaleSpec::kernel).toList();
	}

	/** Width and height of the kernels this estimates; if automatic, the network's largest. */
	public int kernelSize() {
		return size;
	}

	/**
	 * For another kernel size: one of the network's, then larger scales are left out, or one between two that share
	 * their weights; or any odd one above them, up to {@value #LARGEST_KERNEL}. Then the network sees a shrunk
	 * image, and the refinement climbs from there.
	 */
	public Deblurring withKernelSize(final int kernelSize) {
		if (whole.has(kernelSize)) return new Deblurring(whole, whole.upTo(kernelSize), parameters, backend,
			kernelSize, false, refinement);
		if (kernelSize < largest(whole) || kernelSize > LARGEST_KERNEL || kernelSize % 2 == 0)
			throw new IllegalArgumentException("The model has the kernel sizes " + kernelSizes() +
				", and larger odd ones up to " + LARGEST_KERNEL + " are possible, but not " + kernelSize);
		return new Deblurring(whole, whole, parameters, backend, kernelSize, false, refinement);
	}

	/**
	 * What follows the network: some rounds of refinement, or none, which leaves the network's kernel, without what
	 * can only be noise.
	 */
	public Deblurring withRefinement(final KernelRefinement rounds) {
		return new Deblurring(whole, spec, parameters, backend, size, automatic, rounds);
	}

	/** Pixels that an image needs in both directions. */
	public int leastSide() {
		return MIN_SIZE_FACTOR * (automatic ? kernelSizes().get(0) : size);
	}

	/**
	 * What users say about the largest blur: {@value #AUTOMATIC}, or a number of pixels, for which the next
	 * possible size is taken. Automatic means the model's largest size that the image is large enough for, or,
	 * with refinement and in small images, a smaller scale that makes the image sharper (TRAINING.md has the
	 * figures). In larger images, larger blurs are looked for as well, with the refinement.
	 */
	public Deblurring withLargestBlur(final String pixels) {
		if (pixels.isBlank() || pixels.strip().equalsIgnoreCase(AUTOMATIC)) return new Deblurring(whole,
			whole, parameters, backend, largest(whole), true, refinement);
		final int number = pixels.strip().matches("[0-9]{1,9}") ? Integer.parseInt(pixels.strip()) : 0;
		if (number < 1 || number > LARGEST_KERNEL) throw new IllegalArgumentException(
			"The largest blur size must be \"" + AUTOMATIC + "\" or a number of pixels up to " +
				LARGEST_KERNEL + ", got \"" + pixels + "\"");
		int next = Math.max(kernelSizes().get(0), number | 1);
		while (next < largest(whole) && !whole.has(next))
			next += 2;
		return withKernelSize(next);
	}

	/**
	 * Estimates the blur kernel of a grey-level image.
	 *
	 * @param image in [0, 1], at least {@link #leastSide} in both directions; of a larger one, the regions with
	 *          the strongest gradients are looked at: {@value #MAX_REGION} pixels a side for the network,
	 *          less for the refinement
	 * @return {@link #kernelSize} squared, or somewhat larger; if automatic, perhaps smaller or larger; not negative,
	 *         sum 1, in convolution orientation. A single point, no blur, if none above the network's sizes can be
	 *         found that does not ring
	 * @throws IllegalArgumentException if the image is too small, constant, or contains NaN
	 */
	public Plane estimateKernel(final Plane image, final Progress progress) {
		check(image);
		final Deblurring fixed = fixedFor(image);
		final Plane usual = fixed.estimate(image, automatic ? fixed.automaticFrames() : fixed.largerFrames(image),
			progress);
		if (!automatic) return usual;
		final int larger = 2 * size - 1;
		if (refinement.rounds() == 0 || Math.min(image.width(), image.height()) < AUTOMATIC_SIZE_FACTOR *
			larger) return usual;
		final Plane half = halved(image);
		final Plane coarse = new KernelRefinement((refinement.rounds() + 1) / 2).climb(half, network(half,
			progress).kernel(), size, progress);
		if (extent(coarse) <= LARGE * size) return usual;
		final Plane climbed = refinement.climb(image, coarse, larger, progress);
		final List<Candidate> two = candidates(image, List.of(usual, climbed), progress);
		return two.get(1).rings() ? usual : sharpest(two, CLEARLY).kernel();
	}

	private static Plane halved(final Plane image) {
		return Resampling.resize(image, image.width() / 2, image.height() / 2);
	}

	/**
	 * The network's kernel. Each frame gives another one, and each errs elsewhere; the one is taken with which the
	 * image gets sharpest. Photographs of Levin et al., network alone: 29.76 dB in the model's frames, 30.25 in those
	 * of the true kernels, 30.58 of three (12 instead of 10 and 11 of 16 error ratios at most 2); with a later model 30.47
	 * of three (11) and 30.58 of four (12).
	 *
	 * @param frames sizes to try; of larger images, the first
	 */
	private Plane networkKernel(final Plane image, final List<Integer> frames,
		final Progress progress)
	{
		final boolean all = Math.min(image.width(), image.height()) <= FRAMES_SIDE;
		final List<Plane> kernels = new ArrayList<>();
		for (final int frame : all ? frames : frames.subList(0, 1))
			kernels.add(KernelRefinement.cleaned(withKernelSize(frame).network(image, kernels.isEmpty() ? progress
				: progress.cancelOnly()).kernel()));
		return kernels.size() == 1 ? kernels.get(0) : sharpest(candidates(image, kernels, progress), 1).kernel();
	}

	/**
	 * For a size asked for: the scale that the network was trained on, that size itself, and a few pixels more. The
	 * centre of mass has to lie in the middle, so that just the size can cut a kernel off: a photograph of Sun et al.
	 * with 27 pixels of blur came to 15.3 dB in a frame of 27, to 25.5 in one of 33.
	 */
	private List<Integer> largerFrames(final Plane image) {
		final List<Integer> list = new ArrayList<>();
		final ScaleSpec scale = whole.next(size);
		for (final int frame : new int[] { scale == null ? size : scale.kernel(), size, size + MORE, size + 2 *
			MORE })
			if (!list.contains(frame) && (frame == size || frame <= LARGER * size && whole.has(frame) && Math.min(image
				.width(), image.height()) >= MIN_SIZE_FACTOR * frame)) list.add(frame);
		return list;
	}

	/**
	 * If automatic: the largest scale, and smaller ones, so that the blur may be smaller. The latter before
	 * refinement only, which is what decides then; the network's kernels alone are chosen worse than by taking the
	 * largest (29.2 against 30.0 dB).
	 */
	private List<Integer> automaticFrames() {
		final List<Integer> list = new ArrayList<>(List.of(size));
		if (refinement.rounds() > 0) kernelSizes().stream().skip(SECOND).filter(k -> k < size).forEach(list::add);
		return list;
	}

	/**
	 * With refinement there are several kernels to choose from: one begins with the network's finest scale, one
	 * with its second, on a smaller image, which errs where the other does not. If the better one rings, the scales
	 * between are starts as well, and what rings is left out: a text of Lai et al. with 51 pixels comes to 14.8 dB
	 * from the second and the fourth scale, to 22.3 from the third. To begin at all scales in any case takes longer,
	 * and finds more that looks sharp and is wrong.
	 *
	 * @param frames see {@link #networkKernel}
	 */
	private Plane estimate(final Plane image, final List<Integer> frames, final Progress progress) {
		final Plane kernel = networkKernel(image, frames, progress);
		// above the network's sizes, it saw a shrunk image
		final int frame = size > largest(whole) ? size : kernel.width();
		if (refinement.rounds() == 0) return KernelRefinement.resized(kernel, frame);
		final List<Plane> starts = new ArrayList<>(List.of(kernel));
		if (spec.scales().size() > SECOND) starts.add(coarser(image, SECOND, frame, progress));
		final List<Candidate> tried = new ArrayList<>(candidates(image, climbed(image, starts, frame, progress),
			progress));
		final boolean larger = size > largest(whole);
		final Candidate best = sharpest(tried, larger ? 1 : CLEARLY);
		if (!best.rings()) return best.kernel();
		final List<Plane> others = new ArrayList<>();
		for (int n = spec.scales().size() - 1; n > SECOND; n--)
			others.add(coarser(image, n, frame, progress));
		tried.addAll(candidates(image, climbed(image, others, frame, progress.cancelOnly()), progress));
		tried.removeIf(Candidate::rings);
		if (!tried.isEmpty()) return sharpest(tried, 1).kernel();
		return larger ? point(size) : best.kernel();
	}

	/** Refined side by side, on one thread each: a round has little to share out. */
	private List<Plane> climbed(final Plane image, final List<Plane> kernels, final int frame, final Progress progress) {
		final Plane[] refined = new Plane[kernels.size()];
		Threads.forEach(refined.length, i -> Parallelization.runSingleThreaded(() -> {
			refined[i] = refinement.climb(image, kernels.get(i), frame, i == 0 ? progress : progress.cancelOnly());
		}));
		return List.of(refined);
	}

	/** The network's kernel if it is left after some of its scales, which see a more shrunk image. */
	private Plane coarser(final Plane image, final int scales, final int frame, final Progress progress) {
		return new Deblurring(whole, spec.upTo(kernelSizes().get(scales - 1)), parameters, backend, frame, false,
			refinement).network(image, progress.cancelOnly()).kernel();
	}

	/** Side of the smallest square in the middle that holds nearly all of a kernel. */
	private static int extent(final Plane kernel) {
		final int middle = kernel.width() / 2;
		for (int r = 0; r < middle; r++)
			if (kernel.crop(middle - r, middle - r, 2 * r + 1, 2 * r + 1).sum() > 0.95 * kernel.sum()) return 2 *
				r + 1;
		return kernel.width();
	}

	/** A kernel, and what the image looks like when restored with it. */
	private record Candidate(Plane kernel, double sparsity, double overshoot) {

		/** Whether it cannot be right. */
		boolean rings() {
			return overshoot > Overshoot.TOO_MUCH;
		}
	}

	private static List<Candidate> candidates(final Plane image, final List<Plane> kernels, final Progress progress) {
		final int margin = kernels.stream().mapToInt(Plane::width).max().orElse(0) / 2;
		final Plane region = Regions.informative(image, KernelRefinement.regionSide(2 * margin + 1));
		final Restoration restoration = new FittedRestoration(1);
		final List<Candidate> list = new ArrayList<>();
		for (final Plane kernel : kernels) {
			final Plane restored = restoration.restore(region, kernel, progress.cancelOnly());
			list.add(new Candidate(kernel, NormalizedSparsity.of(restored, margin), Overshoot.of(restored, region)));
		}
		return list;
	}

	/** No blur. */
	private static Plane point(final int size) {
		final Plane out = new Plane(size, size);
		out.pixels()[out.pixels().length / 2] = 1;
		return out;
	}

	/**
	 * Of several kernels the one with which the image gets the sharpest edges and the least ringing; of two alike, the
	 * first.
	 *
	 * @param clearly factor below which the normalized sparsity of a later one has to be
	 */
	private static Candidate sharpest(final List<Candidate> candidates, final double clearly) {
		Candidate best = null;
		for (final Candidate c : candidates)
			if (best == null || c.sparsity < clearly * best.sparsity) best = c;
		return best;
	}

	/** The network after a forward pass on an image, for those who want to look inside. */
	public MultiScaleNetwork run(final Plane image, final Progress progress) {
		check(image);
		return fixedFor(image).network(image, progress);
	}

	/** The network on an image shrunk so that kernels of {@link #size} pixels have its largest size. */
	private MultiScaleNetwork network(final Plane image, final Progress progress) {
		final int base = largest(spec);
		final Plane large = Regions.informative(image, MAX_REGION * size / base);
		final Plane region = base == size ? large : Resampling.resize(large, large.width() * base / size, large
			.height() * base / size);
		progress.check();
		final MultiScaleNetwork network = new MultiScaleNetwork(backend, spec, parameters, region.height(),
			region.width());
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

	/** This or, if automatic, with the largest scale of the network that the image allows. */
	private Deblurring fixedFor(final Plane image) {
		if (!automatic) return this;
		int n = spec.scales().size() - 1;
		while (n > 0 && Math.min(image.width(), image.height()) < MIN_SIZE_FACTOR * kernelSizes().get(n))
			n--;
		return withKernelSize(kernelSizes().get(n));
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
}
