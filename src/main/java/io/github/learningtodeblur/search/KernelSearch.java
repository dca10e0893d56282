package io.github.learningtodeblur.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.net.MultiScaleNetwork;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.util.Extent;
import io.github.learningtodeblur.util.KernelSimilarity;
import io.github.learningtodeblur.util.Orientation;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Regions;
import io.github.learningtodeblur.util.Resampling;
import io.github.learningtodeblur.util.Unknown;

/**
 * The way from an image to its kernel: the network in several frames, refinement from several of its scales, and
 * the choice among what comes of them. One network and one refinement err in a few images of a hundred, and seldom
 * in the same ones.
 *
 * @param model all of it
 * @param parameters of the model
 * @param refinement what follows the network
 * @param improvement what follows the choice, before {@link ReweightedRefinement}; or null for neither
 */
public record KernelSearch(ModelSpec model, Parameters parameters, Backend backend, KernelRefinement refinement,
	LearnedRefinement improvement)
{

	/** Side of the region from which the network estimates the kernel of a larger image. */
	public static final int MAX_REGION = 1024;

	/** An image must be this many times as wide and as high as the kernel: less does not tell the blur. */
	public static final int MIN_SIZE_FACTOR = 3;

	/** Largest kernel that can be asked for. */
	public static final int LARGEST_KERNEL = 255;

	/** Pixels by which the network's frame is also tried larger, and their double. */
	private static final int MORE = 4;

	/** Shorter side of an image from which on one frame, seen in one way, is enough. */
	private static final int FRAMES_SIDE = 640;

	/**
	 * The quarter turns, see {@link Orientation#of}: the network was trained on pictures turned in all ways, and errs
	 * differently in each.
	 */
	private static final List<Integer> TURNS = List.of(1, 6, 3, 8);

	/** Largest ratio of a frame to the size asked for. */
	private static final double LARGER = 1.7;

	/** Number of scales with which the second way to a kernel begins. */
	private static final int SECOND = 2;

	/** Part of its frame above which a kernel of an image of half the size is taken for a large one. */
	private static final double LARGE = 0.5;

	/** Part of its frame from which on a kernel may be cut off, if nobody has said how large the blur is at most. */
	private static final double CUT_OFF = 0.86;

	/** Part of its frame up to which a kernel found in a larger frame, or a smaller one, is believed not to be cut off. */
	private static final double WHOLE_IF_LARGER = 0.97, WHOLE_IF_SMALLER = 0.75;

	/** Ratio of expected error ratios from which on a kernel found in a smaller frame is taken. */
	private static final double BETTER = 0.95;

	/** Similarity above which two kernels are nearly the same, see {@link KernelSimilarity}. */
	private static final double ALIKE = 0.9;

	/**
	 * What no blur has taken off: the right kernels of 600 pictures of all kinds gave back at most 3.1 times the contrast, and those
	 * that gave back much went beyond what was seen by at most 0.8 of its deviation, or, points of light or dark ones, on one side.
	 * Ringing goes beyond it on both.
	 */
	private static final double MOST_CONTRAST = 2.5, MOST_BEYOND = 0.8;

	/** Ratio of expected error ratios above which one kernel is held to be worse than another. */
	private static final double CLEARLY_WORSE = 1.5;

	public KernelSearch {
		if (model.refining()) throw new IllegalArgumentException("This model improves kernels: one that finds them is needed");
	}

	/** A kernel, and how far it is to be believed. */
	public record Found(Plane kernel, Confidence confidence) {}

	/** The same with other rounds of refinement. */
	public KernelSearch with(final KernelRefinement rounds) {
		return new KernelSearch(model, parameters, backend, rounds, improvement);
	}

	/** The same with another {@link #improved improvement} of the kernel chosen, or none. */
	public KernelSearch with(final LearnedRefinement last) {
		return new KernelSearch(model, parameters, backend, refinement, last);
	}

	/** The same on another device. */
	public KernelSearch on(final Backend device) {
		return new KernelSearch(model, parameters.copied(device), device, refinement, improvement == null ? null : improvement
			.on(device));
	}

	/** The model up to the scale with which the network ends for kernels of a size. */
	public ModelSpec spec(final int size) {
		return model.has(size) ? model.upTo(size) : model;
	}

	/**
	 * The kernel of an image. Stars and beads show it; of all else it is searched for, unless there is no blur. However the
	 * image is turned or mirrored, the result is the same, but for the network alone.
	 *
	 * @param image in about [0, 1], NaN where unknown, at least {@value #MIN_SIZE_FACTOR} kernels wide and high
	 * @param size one that the model has, or a larger one; if automatic, the largest of the model's that the image allows
	 * @param automatic whether the blur may have any size
	 * @param judge of what is sharp, and of the kernels found
	 * @param blurAssumed whether a kernel is looked for even if the image looks sharp
	 * @return not negative, sum 1, with the middle of its bulk in the middle
	 */
	public Found find(final Plane image, final int size, final boolean automatic, final Judgement judge,
		final boolean blurAssumed, final Progress progress)
	{
		final int turn = refinement.rounds() > 0 ? Pose.of(image) : 1;
		final Found found = found(Orientation.turned(image, turn), size, automatic, judge, blurAssumed, progress);
		return new Found(Orientation.turned(KernelRefinement.registered(found.kernel), Orientation.inverse(turn)),
			found.confidence);
	}

	private Found found(final Plane image, final int size, final boolean automatic, final Judgement judge,
		final boolean blurAssumed, final Progress progress)
	{
		if (refinement.rounds() > 0) {
			final Optional<Plane> points = PointSources.kernel(backend, image, LARGEST_KERNEL);
			if (points.isPresent()) return chosen(image, List.of(points.get()), points.get(), judge, progress);
		}
		if (!blurAssumed && judge.isSharp(image)) return new Found(Planes.point(size), Confidence.NO_BLUR);
		final Progress most = progress.span(0, 0.8);
		final Found found = automatic ? ofAnySize(image, size, judge, most) : ofSize(image, size, judge, most);
		final Plane kernel = improved(image, found.kernel, judge, progress.span(0.8, 1));
		return new Found(kernel, automatic ? told(kernel, found.confidence) : found.confidence);
	}

	/**
	 * What becomes of the kernel that is chosen: {@link LearnedRefinement}, then {@link ReweightedRefinement}, unless the latter's
	 * is judged to be clearly worse. No blur stays none.
	 *
	 * @param judge of the kernels
	 */
	public Plane improved(final Plane image, final Plane kernel, final Chooser judge, final Progress progress) {
		if (improvement == null || refinement.rounds() == 0 || Planes.isPoint(kernel) || KernelRefinement.isTooSaturated(
			image)) return kernel;
		final Plane learned = improvement.improved(image, kernel, progress.span(0, 0.2));
		final Plane region = Regions.informative(image, KernelRefinement.regionSide(kernel.width()));
		final Plane refined = ReweightedRefinement.refined(backend, region, learned, progress.span(0.2, 0.8));
		final List<Candidate> both = Candidate.compared(Candidate.of(backend, region, List.of(learned, refined), progress.span(0.8, 1)),
			learned);
		return expectedErrorRatio(both.get(1), judge) > CLEARLY_WORSE * expectedErrorRatio(both.get(0), judge) ? learned : refined;
	}

	private static double expectedErrorRatio(final Candidate c, final Chooser judge) {
		return judge.choose(List.of(c)).confidence().expectedErrorRatio();
	}

	/**
	 * All kernels between which is chosen, in the groups that are compared with each other. For those who want to learn to
	 * choose.
	 */
	public List<List<Candidate>> candidates(final Plane image, final int size, final boolean automatic,
		final Progress progress)
	{
		final List<List<Candidate>> groups = new ArrayList<>();
		final Chooser all = candidates -> {
			groups.add(candidates);
			return new Chooser.Choice(0, new Confidence(Double.NaN, Confidence.Verdict.DOUBTFUL));
		};
		if (automatic) ofAnySize(image, size, all, progress);
		else ofSize(image, size, all, progress);
		return groups;
	}

	/**
	 * @param size one that the model has, or a larger one
	 * @param chooser among the kernels found
	 */
	Found ofSize(final Plane image, final int size, final Chooser chooser, final Progress progress) {
		return estimate(image, size, frames(image, size), chooser, progress);
	}

	/**
	 * Any blur. What is certain and whole is taken. What fills the model's largest frame may be larger, and is looked for in one of
	 * twice the size. What is not certain is looked for in a smaller frame, where less can go wrong; and, if the image of half the
	 * size shows a large one, is compared with that.
	 *
	 * @param size the largest of the model's that the image allows
	 * @param chooser among the kernels found
	 */
	Found ofAnySize(final Plane image, final int size, final Chooser chooser, final Progress progress) {
		if (refinement.rounds() == 0) return estimate(image, size, automaticFrames(size), chooser, progress);
		final Found usual = estimate(image, size, automaticFrames(size), chooser, progress.span(0, 0.4));
		if (isCertain(usual) && !mayBeCutOff(usual.kernel)) return usual;
		final int larger = 2 * size - 1;
		final boolean allowed = Math.min(image.width(), image.height()) >= MIN_SIZE_FACTOR * larger;
		if (allowed && !isCertain(usual) && mayBeCutOff(usual.kernel)) {
			final Found found = ofSize(image, larger, chooser, progress.span(0.4, 0.6));
			if (!Planes.isPoint(found.kernel) && filled(found.kernel) <= WHOLE_IF_LARGER) return found;
		}
		final Found better = isCertain(usual) ? usual : smaller(image, size, usual, chooser, progress.span(0.6, 0.8));
		return !allowed || better != usual && isCertain(better) ? better : larger(image, size, better, chooser, progress.span(0.8, 1));
	}

	private static boolean isCertain(final Found found) {
		return found.confidence.verdict() == Confidence.Verdict.CERTAIN;
	}

	/** What is found in a frame of at most half the size, if it is likely to be better than what was found. */
	private Found smaller(final Plane image, final int size, final Found usual, final Chooser chooser, final Progress progress) {
		final int small = model.kernels().stream().filter(k -> 2 * k <= size).mapToInt(k -> k).max().orElse(0);
		if (small == 0) return usual;
		final Found found = ofSize(image, small, chooser, progress);
		return !Planes.isPoint(found.kernel) && filled(found.kernel) <= WHOLE_IF_SMALLER && found.confidence.expectedErrorRatio() < BETTER *
			usual.confidence.expectedErrorRatio() ? found : usual;
	}

	/** What is found in a frame of twice the size, if the image of half the size shows such a blur, and it is chosen. */
	private Found larger(final Plane image, final int size, final Found usual, final Chooser chooser, final Progress progress) {
		final Plane half = Resampling.resize(image, image.width() / 2, image.height() / 2);
		final Plane coarse = new KernelRefinement((refinement.rounds() + 1) / 2).climb(backend, half, List.of(pooled(half, spec(size),
			size, progress.span(0, 0.1))), size, progress.span(0.1, 0.4)).get(0);
		if (filled(coarse) <= LARGE) return usual;
		final Plane climbed = refinement.climb(backend, image, List.of(coarse), 2 * size - 1, progress.span(0.4, 1)).get(0);
		final Found choice = chosen(image, List.of(usual.kernel, climbed), coarse, chooser, progress);
		// what agrees with the other kernels of its size says more of its confidence than one that is too large
		return choice.kernel.equals(usual.kernel) ? usual : choice;
	}

	/** Nobody has said that the blur is not larger than the frame; of a large one cut off, all else may look right. */
	private static Confidence told(final Plane kernel, final Confidence confidence) {
		return mayBeCutOff(kernel) ? confidence.doubted() : confidence;
	}

	/** Whether a kernel fills so much of its frame that the blur may be larger, if nobody has said how large it is at most. */
	public static boolean mayBeCutOff(final Plane kernel) {
		return mayBeCutOff(Extent.of(kernel, Extent.NOTICEABLE).side(), kernel.width());
	}

	/**
	 * The same of its extent, in pixels.
	 *
	 * @param extent in the direction in which it is larger
	 */
	public static boolean mayBeCutOff(final int extent, final int frame) {
		return (double) extent / frame >= CUT_OFF;
	}

	/** Part of its frame that a kernel takes up, in the direction in which it is larger. */
	private static double filled(final Plane kernel) {
		return (double) Extent.of(kernel, Extent.NOTICEABLE).side() / kernel.width();
	}

	/** @param network the network's own kernel */
	Found chosen(final Plane image, final List<Plane> kernels, final Plane network, final Chooser chooser,
		final Progress progress)
	{
		final List<Candidate> candidates = Candidate.compared(Candidate.of(backend, image, kernels, progress), network);
		final Chooser.Choice choice = chooser.choose(candidates);
		final Plane taken = kernels.get(choice.number());
		// a blurry picture whose blur was not found, which is no thing to be certain of
		if (Planes.isPoint(taken) || isRinging(candidates.get(choice.number()))) return new Found(Planes.point(taken.width()), choice.confidence()
			.doubted());
		// the network's own is what the others have improved on
		return new Found(agreed(taken, kernels.stream().filter(k -> k == taken || k != network).toList()), choice.confidence());
	}

	/** Of kernels that are none: the picture is better left as it is. */
	private static boolean isRinging(final Candidate c) {
		return c.contrast() > MOST_CONTRAST && c.beyond() > MOST_BEYOND;
	}

	/**
	 * The kernel chosen, or the mean of it and of those that are nearly the same: which of them is taken is a matter of
	 * chance, and their errors are not quite the same. No blur stays none.
	 */
	static Plane agreed(final Plane chosen, final List<Plane> kernels) {
		if (Planes.isPoint(chosen)) return chosen;
		final List<Plane> alike = kernels.stream().filter(k -> k.width() == chosen.width() && KernelSimilarity.of(k, chosen)
			.value() > ALIKE).toList();
		return alike.size() == 1 ? chosen : KernelRefinement.cleaned(KernelMean.of(alike));
	}

	/** The network after a forward pass, on an image shrunk so that larger kernels have the model's largest size. */
	public MultiScaleNetwork network(final Plane image, final int size, final Progress progress) {
		return network(image, spec(size), size, progress);
	}

	/** @param spec at the end of which kernels of {@code size} pixels are found, on an image shrunk for it */
	MultiScaleNetwork network(final Plane image, final ModelSpec spec, final int size,
		final Progress progress)
	{
		return network(region(image, spec, size), spec, progress);
	}

	private Plane region(final Plane image, final ModelSpec spec, final int size) {
		final int base = spec.largestKernel();
		final Plane large = Unknown.filled(Regions.informative(image, MAX_REGION * size / base));
		return base == size ? large : Resampling.resize(large, large.width() * base / size, large.height() * base / size);
	}

	private MultiScaleNetwork network(final Plane region, final ModelSpec spec, final Progress progress) {
		progress.check();
		final MultiScaleNetwork network = new MultiScaleNetwork(backend, spec, parameters, region.height(),
			region.width());
		network.setBlurry(List.of(region));
		network.forward(progress);
		progress.check();
		return network;
	}

	/** The network's kernel; of a small image the mean over its quarter turns. */
	Plane pooled(final Plane image, final ModelSpec spec, final int size, final Progress progress) {
		return KernelRefinement.cleaned(KernelMean.of(looks(image, spec, size, isSmall(image) ? TURNS : TURNS.subList(0, 1),
			progress)));
	}

	/**
	 * The network's kernels of the image turned in some ways, as they lie in the image, without what can only be noise. Where
	 * it finds nothing above 0, as it may in a few pixels, that is left out; if it finds nothing at all, there is no blur to begin with.
	 */
	private List<Plane> looks(final Plane image, final ModelSpec spec, final int size, final List<Integer> turns,
		final Progress progress)
	{
		final Plane region = region(image, spec, size);
		final List<Plane> kernels = new ArrayList<>();
		for (int i = 0; i < turns.size(); i++) {
			final int turn = turns.get(i);
			final Plane kernel = network(Orientation.turned(region, turn), spec, progress.part(i, turns.size(), "")).kernel();
			if (kernel.sum() > 0) kernels.add(KernelRefinement.cleaned(Orientation.turned(kernel, Orientation.inverse(turn))));
		}
		return kernels.isEmpty() ? List.of(Planes.point(spec.largestKernel())) : kernels;
	}

	private static boolean isSmall(final Plane image) {
		return Math.min(image.width(), image.height()) <= FRAMES_SIDE;
	}

	/**
	 * For a size asked for: the scale that the network was trained on, that size itself, and a few pixels more. The
	 * network's kernel need not lie quite in the middle, so that just the size can cut it off.
	 */
	private List<Integer> frames(final Plane image, final int size) {
		final List<Integer> list = new ArrayList<>();
		final ScaleSpec scale = model.next(size);
		for (final int frame : new int[] { scale == null ? size : scale.kernel(), size, size + MORE, size + 2 *
			MORE })
			if (!list.contains(frame) && (frame == size || frame <= LARGER * size && model.has(frame) && Math.min(image
				.width(), image.height()) >= MIN_SIZE_FACTOR * frame)) list.add(frame);
		return list;
	}

	/**
	 * If automatic: the largest scale, and smaller ones, so that the blur may be smaller. The latter before
	 * refinement only, which is what decides then; the network's kernels alone are chosen worse than by taking the
	 * largest.
	 */
	private List<Integer> automaticFrames(final int size) {
		final List<Integer> list = new ArrayList<>(List.of(size));
		if (refinement.rounds() > 0) model.kernels().stream().skip(SECOND).filter(k -> k < size).forEach(list::add);
		return list;
	}

	/**
	 * With refinement there are several kernels to choose from. One begins with the network's finest scale; one with
	 * its second, on a smaller image, which errs where the other does not. If they do not come to the same kernel, a third
	 * begins with the latter turned by 180 degrees, as of a kernel's spectrum the magnitude is seen more easily than the
	 * phase. The network's kernel as it is takes part, and the point, which is no blur. (More starts give better kernels
	 * to choose from, but not better choices.)
	 *
	 * @param frames see {@link #networkKernel}
	 */
	private Found estimate(final Plane image, final int size, final List<Integer> frames, final Chooser chooser,
		final Progress progress)
	{
		final boolean refined = refinement.rounds() > 0;
		final Plane kernel = networkKernel(image, frames, refined ? progress.span(0, 0.15) : progress);
		final boolean larger = size > model.largestKernel(); // then the network saw a shrunk image
		final int frame = larger ? size : kernel.width();
		final Plane resized = KernelRefinement.resized(kernel, frame);
		if (!refined) return chosen(image, List.of(resized), resized, chooser, progress);
		final List<Plane> starts = new ArrayList<>(List.of(kernel));
		if (spec(size).scales().size() > SECOND) starts.add(coarser(image, SECOND, frame, progress));
		final List<Plane> kernels = new ArrayList<>(climbed(image, starts, frame, progress.span(0.15, 0.5)));
		final boolean differ = kernels.size() > 1 && !larger && KernelSimilarity.of(kernels.get(0), kernels.get(1)).value() <
			ALIKE;
		if (differ) kernels.addAll(climbed(image, List.of(starts.get(1).rotated180()), frame, progress.span(0.5, 0.9)));
		kernels.add(resized);
		kernels.add(Planes.point(frame));
		return chosen(image, kernels, resized, chooser, progress);
	}

	/**
	 * The network's kernel. Each frame gives another one, and each errs elsewhere; the one is taken with which the
	 * image gets sharpest. If it is refined later, that frame is looked at from all sides.
	 *
	 * @param frames sizes to try; of larger images, the first
	 */
	private Plane networkKernel(final Plane image, final List<Integer> frames,
		final Progress progress)
	{
		final boolean small = isSmall(image);
		final int count = small ? frames.size() : 1;
		final List<Plane> kernels = new ArrayList<>();
		for (int i = 0; i < count; i++)
			kernels.addAll(looks(image, spec(frames.get(i)), frames.get(i), TURNS.subList(0, 1), progress.part(i, count, "")));
		final Plane first = count == 1 ? kernels.get(0) : Candidate.sharpest(Candidate.plain(backend, image, kernels, progress))
			.kernel();
		if (refinement.rounds() == 0 || !small) return first;
		final int frame = frames.get(kernels.indexOf(first));
		final List<Plane> all = new ArrayList<>(looks(image, spec(frame), frame, TURNS.subList(1, TURNS.size()), progress.cancelOnly()));
		all.add(0, first);
		return KernelRefinement.cleaned(KernelMean.of(all));
	}

	/** The network's kernel if it is left after some of its scales, which see a more shrunk image. */
	private Plane coarser(final Plane image, final int scales, final int frame, final Progress progress) {
		return pooled(image, model.upTo(model.kernels().get(scales - 1)), frame, progress.cancelOnly());
	}

	/** Refined side by side. */
	private List<Plane> climbed(final Plane image, final List<Plane> kernels, final int frame, final Progress progress) {
		return refinement.climb(backend, image, kernels, frame, progress);
	}
}
