package io.github.learningtodeblur;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.modules.BlockRestoration;
import io.github.learningtodeblur.modules.NetworkResult;
import io.github.learningtodeblur.modules.Samples;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.observe.Observation;
import io.github.learningtodeblur.observe.SeriesRange;
import io.github.learningtodeblur.search.Candidate;
import io.github.learningtodeblur.search.Judgement;
import io.github.learningtodeblur.search.KernelRefinement;
import io.github.learningtodeblur.search.KernelSearch;
import io.github.learningtodeblur.search.LearnedRefinement;
import io.github.learningtodeblur.restore.ObservedRestoration;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Unknown;
import net.imglib2.Interval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Intervals;
import net.imglib2.view.Views;

/**
 * Blind deconvolution of two-dimensional images: the library's front door. Needs no ImageJ and no SciJava
 * context. Values may lie anywhere, NaN stands for unknown pixels ({@link Observation}).
 *
 * <pre>
 * Deblurring deblurring = new Deblurring(Models.open("camera-shake"));
 * Deblurred result = deblurring.deblur(channels, Restorations.named("learned"), Progress.NONE);
 * Img&lt;FloatType&gt; kernel = deblurring.deblur(image, Restorations.named("learned"), out, Progress.NONE); // of ImgLib2
 * </pre>
 * Images of ImgLib2 may be larger than memory. The paper's modules by themselves are in {@code modules}.
 */
public final class Deblurring {

	/** Pixels of an image from which on only a region is looked at, and the side of that. */
	private static final long LARGE = 1L << 24;
	private static final int LARGE_REGION = 2048;

	/** Part of an image that may be unknown. */
	private static final double MOST_UNKNOWN = 0.8;

	/** Pixels whose restoration takes about as long as the kernel, in millions: for what is told about progress. */
	private static final double ESTIMATION_MEGAPIXELS = 10;

	/** A kernel, and what is to be told of it. Where there is no blur, the kernel is a point. */
	public record Estimate(Plane kernel, Report report) {}

	private final KernelSearch search;
	private final int size;
	private final boolean automatic;
	private final boolean blurAssumed;

	/** On the device that everybody uses, see {@link Backends#shared}. */
	public Deblurring(final Model model) {
		this(model, Backends.shared());
	}

	/** With the largest scale of the model that an image allows, and the usual refinement. */
	public Deblurring(final Model model, final Backend backend) {
		this(new KernelSearch(model.spec(), Parameters.of(backend, model), backend, new KernelRefinement(), LearnedRefinement.bundled(
			backend)), false);
	}

	/** Automatic. */
	private Deblurring(final KernelSearch search, final boolean blurAssumed) {
		this(search, search.model().largestKernel(), true, blurAssumed);
	}

	/** @param size of the kernel; if automatic, the model's largest */
	private Deblurring(final KernelSearch search, final int size, final boolean automatic,
		final boolean blurAssumed)
	{
		this.search = search;
		this.size = size;
		this.automatic = automatic;
		this.blurAssumed = blurAssumed;
	}

	/** Kernel sizes of the network, from small to large. */
	public List<Integer> kernelSizes() {
		return search.spec(size).kernels();
	}

	/** Width and height of the kernels this estimates; if automatic, the network's largest. */
	public int kernelSize() {
		return size;
	}

	/**
	 * For another kernel size: one of the network's, then larger scales are left out, or one between two that share
	 * their weights; or any odd one above them, up to {@value KernelSearch#LARGEST_KERNEL}. Then the network sees a shrunk
	 * image, and the refinement climbs from there.
	 */
	public Deblurring withKernelSize(final int kernelSize) {
		if (!search.model().has(kernelSize) && (kernelSize < search.model().largestKernel() ||
			kernelSize > KernelSearch.LARGEST_KERNEL || kernelSize % 2 == 0)) throw new IllegalArgumentException(
				"The model has the kernel sizes " + search.model().kernels() + ", and larger odd ones up to " + KernelSearch.LARGEST_KERNEL +
					" are possible, but not " + kernelSize);
		return new Deblurring(search, kernelSize, false, blurAssumed);
	}

	/**
	 * What follows the network: some rounds of refinement, or none, which leaves the network's kernel, without what
	 * can only be noise.
	 */
	public Deblurring withRefinement(final KernelRefinement rounds) {
		return new Deblurring(search.with(rounds), size, automatic, blurAssumed);
	}

	/**
	 * With another improvement of the kernel chosen, see {@link KernelSearch#improved}.
	 *
	 * @param last what improves the kernel chosen; null for nothing
	 */
	public Deblurring withLearnedRefinement(final LearnedRefinement last) {
		return new Deblurring(search.with(last), size, automatic, blurAssumed);
	}

	/** @param assumed whether images are known to be blurred: then a kernel is looked for even if they look sharp */
	public Deblurring withBlurAssumed(final boolean assumed) {
		return new Deblurring(search, size, automatic, assumed);
	}

	/** Pixels that an image needs in both directions. */
	public int leastSide() {
		return KernelSearch.MIN_SIZE_FACTOR * (automatic ? kernelSizes().get(0) : size);
	}

	/** For blurs up to a size, for which the next possible size of a kernel is taken; or of any size. */
	public Deblurring withLargestBlur(final BlurSize largest) {
		if (largest.isAutomatic()) return new Deblurring(search, blurAssumed);
		int next = Math.max(search.model().kernels().get(0), largest.pixels() | 1);
		while (next < search.model().largestKernel() && !search.model().has(next))
			next += 2;
		return withKernelSize(next);
	}

	/**
	 * Estimates the blur kernel of a grey-level image.
	 *
	 * @param image any values, at least {@link #leastSide} in both directions; of a larger one, the regions with
	 *          the strongest gradients are looked at: {@value KernelSearch#MAX_REGION} pixels a side for the network,
	 *          less for the refinement
	 * @return {@link #kernelSize} squared, or somewhat larger; if automatic, perhaps smaller or larger; not negative,
	 *         sum 1, in convolution orientation. A single point, no blur, if none above the network's sizes can be
	 *         found that does not ring
	 * @throws IllegalArgumentException if the image is too small, constant, or nearly all of it is unknown
	 */
	public Plane estimateKernel(final Plane image, final Progress progress) {
		return estimateKernel(List.of(image), progress);
	}

	/**
	 * Estimates the common blur kernel of several channels, of which each counts as much as it shows. Of stars or beads, with
	 * refinement, it is read off.
	 *
	 * @param channels one or more of equal size
	 * @see #estimateKernel(Plane, Progress)
	 */
	public Plane estimateKernel(final List<Plane> channels, final Progress progress) {
		return estimate(channels, progress).kernel();
	}

	/** The kernel as from {@link #estimateKernel(List, Progress)}, and how far it is to be believed. */
	public Estimate estimate(final List<Plane> channels, final Progress progress) {
		return estimate(channels, Collections.nCopies(channels.size(), SeriesRange.OWN), progress);
	}

	/**
	 * The same of planes of a series.
	 *
	 * @param series of each channel
	 */
	public Estimate estimate(final List<Plane> channels, final List<SeriesRange> series, final Progress progress) {
		channels.forEach(this::check);
		final List<Observation> observations = IntStream.range(0, channels.size()).mapToObj(i -> Observation.of(channels.get(i),
			series.get(i))).toList();
		final Plane seen = seen(observations);
		final Judgement judge = Judgement.bundled();
		final KernelSearch.Found found = searched(s -> s.find(seen, sizeFor(seen), automatic, judge, blurAssumed, progress));
		return new Estimate(found.kernel(), Report.of(observations, found.kernel(), found.confidence()));
	}

	/** See {@link KernelSearch#candidates}. */
	public List<List<Candidate>> candidates(final Plane image, final Progress progress) {
		check(image);
		final Plane seen = seen(List.of(Observation.of(image)));
		return searched(s -> s.candidates(seen, sizeFor(seen), automatic, progress));
	}

	/** Of each kernel, see {@link KernelSearch#improved}. */
	public List<Plane> improved(final Plane image, final List<Plane> kernels, final Progress progress) {
		check(image);
		final Plane seen = seen(List.of(Observation.of(image)));
		final Judgement judge = Judgement.bundled();
		return searched(s -> kernels.stream().map(k -> s.improved(seen, k, judge, progress)).toList());
	}

	/** The search on its device; or on the CPU if the image does not fit there. */
	private <T> T searched(final Function<KernelSearch, T> work) {
		return Backends.orOnCpu(() -> work.apply(search), cpu -> work.apply(search.on(cpu)));
	}

	/** What the channels tell about the blur. */
	private static Plane seen(final List<Observation> channels) {
		final Plane seen = Observation.common(channels);
		final double unknown = Unknown.fraction(seen);
		if (unknown > MOST_UNKNOWN) throw new IllegalArgumentException("Of the image, " + Math.round(100 * unknown) +
			" % of the pixels are unknown (NaN, or drawn into it): that leaves too little to tell the blur");
		return seen;
	}

	/**
	 * What every stage of the network makes of an image, or of its region with the strongest gradients if it is large, for those
	 * who want to look inside. Without any refinement.
	 *
	 * @param image see {@link #estimateKernel(RandomAccessibleInterval, Progress)}
	 */
	public NetworkResult run(final RandomAccessibleInterval<? extends RealType<?>> image, final Progress progress) {
		final Plane plane = Images.plane(image);
		check(plane);
		final Plane seen = seen(List.of(Observation.of(plane)));
		return searched(s -> NetworkResult.of(s.backend(), s.network(seen, sizeFor(plane), progress)));
	}

	/**
	 * Estimates one kernel from what the channels tell together, and restores every channel with it, large ones
	 * tile by tile. Channels that are not blurred are left as they are.
	 *
	 * @param channels one plane or three (R, G, B), of any values; those that are constant stay as they are
	 * @throws java.util.concurrent.CancellationException if the user cancels
	 */
	public Deblurred deblur(final List<Plane> channels, final Restoration restoration,
		final Progress progress)
	{
		return deblur(channels, channels, restoration, progress);
	}

	/**
	 * The same, with the kernel from a part of the image.
	 *
	 * @param shown the channels within a rectangle that shows the blur well
	 */
	public Deblurred deblur(final List<Plane> channels, final List<Plane> shown, final Restoration restoration,
		final Progress progress)
	{
		Planes.checkChannels(channels);
		final int n = channels.size();
		final double megapixels = 1e-6 * n * channels.get(0).pixels().length, estimated = 1 / (1 + megapixels /
			ESTIMATION_MEGAPIXELS);
		final Estimate estimate = estimate(shown, progress.span(0, estimated));
		final Progress restoring = progress.span(estimated, 1);
		final List<Plane> restored = new ArrayList<>();
		final Restoration observed = new ObservedRestoration(restoration).on(search.backend());
		for (int i = 0; i < n; i++)
			restored.add(observed.restore(channels.get(i), estimate.kernel, restoring.part(i, n, "")));
		return new Deblurred(restored, estimate.kernel, estimate.report);
	}

	/**
	 * {@link #estimateKernel(List, Progress)} for an image of ImgLib2.
	 *
	 * @param image (w, h), or (w, h, channels) with a common kernel; of any size: of more than sixteen million pixels, a
	 *          square of {@value #LARGE_REGION} a side that shows strong gradients is looked at
	 */
	public Img<FloatType> estimateKernel(
		final RandomAccessibleInterval<? extends RealType<?>> image, final Progress progress)
	{
		return Images.img(estimate(image, progress).kernel());
	}

	/** The kernel as from {@link #estimateKernel(RandomAccessibleInterval, Progress)}, and how far it is to be believed. */
	public Estimate estimate(final RandomAccessibleInterval<? extends RealType<?>> image, final Progress progress) {
		final List<RandomAccessibleInterval<? extends RealType<?>>> channels = Images.slices(image);
		final Interval region = Samples.informative(channels.get(0), LARGE, LARGE_REGION);
		return estimate(channels.stream().map(c -> region == channels.get(0) ? Images.plane(c) : Images.plane(c, region)).toList(),
			progress);
	}

	/**
	 * Estimates the kernel of an image of any size, and restores the image, or a block of it, with that.
	 *
	 * @param image see {@link #estimateKernel(RandomAccessibleInterval, Progress)}
	 * @param restoration for values in about [0, 1]
	 * @param out as the image, or a block of it; overwritten with values in the range of the image, not clipped
	 * @return the kernel
	 * @throws java.util.concurrent.CancellationException if the user cancels
	 * @see BlockRestoration
	 */
	public Img<FloatType> deblur(final RandomAccessibleInterval<? extends RealType<?>> image,
		final Restoration restoration, final RandomAccessibleInterval<FloatType> out, final Progress progress)
	{
		if (image.numDimensions() != out.numDimensions() || !Intervals.contains(image, out)) throw new IllegalArgumentException(
			"The output " + Images.text(out) + " leaves the image " + Images.text(image));
		final Img<FloatType> kernel = estimateKernel(image, progress);
		final BlockRestoration blocks = new BlockRestoration(restoration.on(search.backend()));
		if (image.numDimensions() == 2) blocks.restore(image, kernel, out, progress);
		else for (long c = out.min(2); c <= out.max(2); c++)
			blocks.restore(Images.slices(image).get((int) (c - image.min(2))), kernel, Views.hyperSlice(out, 2, c), progress);
		return kernel;
	}

	/** The size asked for or, if automatic, the network's largest that the image allows. */
	private int sizeFor(final Plane image) {
		if (!automatic) return size;
		int largest = kernelSizes().get(0);
		for (final int k : kernelSizes())
			if (Math.min(image.width(), image.height()) >= KernelSearch.MIN_SIZE_FACTOR * k) largest = k;
		return largest;
	}

	private void check(final Plane image) {
		final int least = leastSide();
		if (image.width() < least || image.height() < least) throw new IllegalArgumentException(
			"The image is too small: " + image.width() + "x" + image.height() + " pixels, but for blurs up to " +
				least / KernelSearch.MIN_SIZE_FACTOR + " pixels at least " + least + "x" + least + " are needed");
		Observation.check(image);
	}
}
