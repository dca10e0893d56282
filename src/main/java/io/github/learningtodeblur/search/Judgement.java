package io.github.learningtodeblur.search;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

import io.github.learningtodeblur.model.Safetensors;
import io.github.learningtodeblur.model.Safetensors.Contents;
import io.github.learningtodeblur.model.Safetensors.Entry;
import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Regions;
import io.github.learningtodeblur.util.Unknown;

/**
 * What is learned from many examples: whether an image is blurred at all, told by the image alone, before anything is
 * searched for; which of several kernels is the best; and how good that one is.
 */
public final class Judgement implements Chooser {

	/** With what examples of blurred or sharp images and of kernels are judged; and the limits on a file. */
	private static final String RESOURCE = "judgement.safetensors", FORMAT = "deblur-judgement-4";

	/** Side of the region by which an image is judged. */
	private static final int REGION = 1024;

	/** Parts into which examples are cut to see what a judge makes of those it did not learn from. */
	private static final int FOLDS = 6;

	/** Weight of the kernels that are taken, of which users are told how good they are, against the others. */
	private static final double TAKEN = 5;

	/** Weight of the kernels that are judged as if they were the only ones. */
	private static final double LONE = 2;

	/** Sides of the pictures learned from, in kernels, if that is more than the usual side: large kernels are seen in larger ones. */
	public static final int SIDE_IN_KERNELS = 5;

	private static final String SHARP = "sharp/", CHOICE = "choice/", RATIO = "ratio/", LIMITS = "limits", SIZE = "size";

	private static final class Bundled {

		static final Judgement JUDGEMENT = read();

		private static Judgement read() {
			try (InputStream in = Judgement.class.getResourceAsStream(RESOURCE)) {
				if (in == null) throw new IOException("The file " + RESOURCE + " is missing beside " + Judgement.class);
				return new Judgement(Safetensors.read(in, RESOURCE), RESOURCE);
			}
			catch (final IOException e) {
				throw new UncheckedIOException(e);
			}
		}
	}

	private final Sharpness sharp;
	private final Judge choice;
	private final Judge ratio;
	private final double likelyFrom;
	private final double doubtfulFrom;

	/** With what power of its side what is expected of a picture falls, if that is longer than usual, or shorter; and the usual side. */
	private final double power, powerOfSmaller, usualSide;

	/** The one that comes with this library. */
	public static Judgement bundled() {
		return Bundled.JUDGEMENT;
	}

	/** @throws IOException if the file is not a judgement, or one by other evidence */
	public static Judgement read(final Path file) throws IOException {
		return new Judgement(Safetensors.read(file), file.toString());
	}

	private Judgement(final Contents contents, final String file) throws IOException {
		if (!FORMAT.equals(contents.metadata().get("format"))) throw new IOException(file +
			" does not hold a judgement of this version, whose format is " + FORMAT);
		sharp = Sharpness.of(contents, file);
		choice = Judge.read(CHOICE, besideNames(), contents.tensors(), contents.metadata(), file);
		ratio = Judge.read(RATIO, besideNames(), contents.tensors(), contents.metadata(), file);
		final Entry found = contents.tensors().get(LIMITS);
		if (found == null || found.values().length != 3) throw new IOException(file + " has no three values " + LIMITS);
		final float[] limits = found.values();
		likelyFrom = limits[1];
		doubtfulFrom = limits[2];
		final Entry size = contents.tensors().get(SIZE);
		power = size == null ? 0 : size.values()[0];
		usualSide = size == null ? 1 : size.values()[1];
		powerOfSmaller = size == null || size.values().length < 3 ? 0 : size.values()[2];
	}

	/** What the numbers of {@link #imageEvidence} mean. */
	public static List<String> imageEvidenceNames() {
		return Steepness.names();
	}

	/** By what an image is judged; margins of which nothing is known are no part of it. */
	public static double[] imageEvidence(final Plane image) {
		final Plane region = Regions.informative(Unknown.cropped(image), REGION);
		return Steepness.of(region, 0, NoiseEstimate.of(region));
	}

	/** Whether there is nothing to deblur: the image is sharp, or nothing but noise. */
	public boolean isSharp(final Plane image) {
		return isSharp(imageEvidence(image));
	}

	/** @param imageEvidence see {@link #imageEvidence} */
	public boolean isSharp(final double[] imageEvidence) {
		return sharp.judge.of(imageEvidence) > sharp.from;
	}

	/** @param candidates after {@link Candidate#compared}, at least one */
	@Override
	public Choice choose(final List<Candidate> candidates) {
		return choose(candidates.stream().map(Candidate::evidence).toArray(double[][]::new), candidates.get(0).side());
	}

	/**
	 * @param evidence of each kernel
	 * @param side of the picture, the shorter one, in pixels
	 */
	public Choice choose(final double[][] evidence, final int side) {
		final double[][] all = beside(evidence, 0, evidence.length);
		final int best = least(Arrays.stream(all).mapToDouble(choice::of).toArray(), 0, all.length);
		final double larger = larger(side, usualSide, evidence[best]);
		final double expected = ratio.of(all[best]) - (larger > 0 ? power : powerOfSmaller) * larger;
		return new Choice(best, new Confidence(Math.exp(expected), verdict(expected)));
	}

	/** Logarithm of how much larger than usual a picture is, for kernels of that size; below 0 if it is smaller. */
	private static double larger(final double side, final double usual, final double[] evidence) {
		final double frame = Math.exp(evidence[Candidate.evidenceNames().indexOf("size")]);
		return Math.log(side / Math.max(usual, SIDE_IN_KERNELS * frame));
	}

	private Confidence.Verdict verdict(final double expected) {
		if (expected > doubtfulFrom) return Confidence.Verdict.DOUBTFUL;
		return expected > likelyFrom ? Confidence.Verdict.LIKELY : Confidence.Verdict.CERTAIN;
	}

	/** What the numbers of {@link #beside} mean. */
	private static List<String> besideNames() {
		final List<String> names = new ArrayList<>(Candidate.evidenceNames());
		Candidate.evidenceNames().forEach(name -> names.add(name + "_beside"));
		return names;
	}

	/**
	 * Evidence of kernels, and how much of it each has more than the mean of all between which is chosen: some images restore
	 * badly whatever the kernel.
	 *
	 * @param from the first of those between which is chosen
	 * @param to behind the last
	 */
	private static double[][] beside(final double[][] evidence, final int from, final int to) {
		final int n = evidence[from].length;
		final double[][] out = new double[to - from][];
		for (int i = from; i < to; i++)
			out[i - from] = Arrays.copyOf(evidence[i], 2 * n);
		for (int k = 0; k < n; k++) {
			final int number = k;
			final double mean = Arrays.stream(evidence, from, to).mapToDouble(e -> e[number]).filter(Double::isFinite).average()
				.orElse(0);
			for (final double[] o : out)
				o[n + k] = o[k] - mean;
		}
		return out;
	}

	private static int least(final double[] judged, final int from, final int to) {
		int best = from;
		for (int i = from + 1; i < to; i++)
			if (judged[i] < judged[best]) best = i;
		return best;
	}

	/**
	 * Examples of pictures.
	 *
	 * @param targets 1 for sharp ones, 0 for blurred ones
	 * @param weights how much each counts
	 * @param cases number of the picture that an example belongs to
	 */
	public record Images(double[][] evidence, double[] targets, double[] weights, int[] cases) {}

	/**
	 * Examples of kernels.
	 *
	 * @param logarithms of the error ratios, NaN where they were not measured
	 * @param groups between which is chosen: the same ones are neighbours
	 * @param cases number of the picture that an example belongs to
	 * @param told whether users would be told what is judged here, if it were chosen: the limits are set by those
	 */
	public record Kernels(double[][] evidence, double[] logarithms, int[] groups, int[] cases, boolean[] told) {}

	/** What tells sharp images from blurred ones. */
	public static final class Sharpness {

		private final Judge judge;
		private final double from;

		private Sharpness(final Judge judge, final double from) {
			this.judge = judge;
			this.from = from;
		}

		/** @param mistaken part of the blurred images that may be held for sharp */
		public static Sharpness learned(final Images images, final double mistaken) {
			final JudgeTraining training = new JudgeTraining(3, 6, 600, 5e-4, 1);
			final Function<IntPredicate, Judge> judge = part -> training.train(imageEvidenceNames(), images.evidence, JudgeTraining
				.yesOrNo(images.targets, only(part, images.cases, images.weights)));
			// a limit by examples that the judges did not see: those that learned from a part judge the rest
			return new Sharpness(judge.apply(i -> true), limit(heldOut(judge, images.evidence, images.cases), images, mistaken));
		}

		/** @param file a judgement, also one that judges kernels by other evidence than this version */
		public static Sharpness of(final Path file) throws IOException {
			final Contents contents = Safetensors.read(file);
			return of(contents, file.toString());
		}

		private static Sharpness of(final Contents contents, final String file) throws IOException {
			final Entry limits = contents.tensors().get(LIMITS);
			if (limits == null || limits.values().length == 0) throw new IOException(file + " lacks the limits");
			return new Sharpness(Judge.read(SHARP, imageEvidenceNames(), contents.tensors(), contents.metadata(), file), limits
				.values()[0]);
		}
	}

	/** Which of several kernels is the best. */
	public static final class Preference {

		private final Judge judge;

		private Preference(final Judge judge) {
			this.judge = judge;
		}

		/** @param file a judgement by the evidence of this version */
		public static Preference of(final Path file) throws IOException {
			final Contents contents = Safetensors.read(file);
			return new Preference(Judge.read(CHOICE, besideNames(), contents.tensors(), contents.metadata(), file.toString()));
		}
	}

	/**
	 * Learns a judgement, and writes it to a file.
	 *
	 * @param kept how kernels are chosen, learned from other kernels than these; null to learn that, too
	 * @param bad logarithm of the error ratio from which on a result is bad
	 * @param missed part of the results called certain that may be bad
	 * @param overlooked part of the bad results that may be called anything but doubtful
	 * @param provenance what is to be known about the file
	 */
	public static void learn(final Sharpness sharpness, final Preference kept, final Kernels kernels, final double bad, final double missed,
		final double overlooked, final Map<String, String> provenance, final Path file) throws IOException
	{
		if (kept == null && Arrays.stream(kernels.logarithms).anyMatch(Double::isNaN)) throw new IllegalArgumentException(
			"To learn how to choose, all kernels must be measured");
		final List<String> names = besideNames();
		final double[][] beside = new double[kernels.groups.length][];
		for (int from = 0, to = 0; from < beside.length; from = to) {
			to = end(kernels.groups, from);
			System.arraycopy(beside(kernels.evidence, from, to), 0, beside, from, to - from);
		}
		final JudgeTraining choiceTraining = new JudgeTraining(4, 4, 300, 1e-2, 2), ratioTraining = new JudgeTraining(4, 6, 500,
			1e-2, 3);
		final Function<IntPredicate, Judge> choice = part -> kept != null ? kept.judge : choiceTraining.train(names, beside, JudgeTraining.choice(
			kernels.logarithms, IntStream.range(0, beside.length).map(i -> part.test(kernels.cases[i]) ? kernels.groups[i] : -1)
				.toArray()));
		// limits by examples that the judges did not see: those that learned from a part judge the rest
		final double[] chosenBy = heldOut(choice, beside, kernels.cases);
		final List<Integer> taken = taken(chosenBy, kernels);
		final Kernels seen = withLone(kernels, beside);
		final double[] weights = new double[seen.cases.length];
		Arrays.fill(weights, 0, beside.length, 1);
		Arrays.fill(weights, beside.length, weights.length, LONE);
		taken.forEach(i -> weights[i] = TAKEN);
		for (int i = 0; i < weights.length; i++)
			if (Double.isNaN(seen.logarithms[i])) weights[i] = seen.logarithms[i] = 0;
		final Function<IntPredicate, Judge> ratio = part -> ratioTraining.train(names, seen.evidence, JudgeTraining.numbers(
			seen.logarithms, only(part, seen.cases, weights)));
		final double[] expected = heldOut(ratio, seen.evidence, seen.cases);
		final double[] limits = limits(taken.stream().filter(i -> kernels.told[i]).toList(), expected, kernels.logarithms, bad, missed,
			overlooked);

		final LinkedHashMap<String, Entry> tensors = new LinkedHashMap<>();
		final LinkedHashMap<String, String> metadata = new LinkedHashMap<>(provenance);
		metadata.put("format", FORMAT);
		sharpness.judge.write(SHARP, tensors, metadata);
		choice.apply(i -> true).write(CHOICE, tensors, metadata);
		ratio.apply(i -> true).write(RATIO, tensors, metadata);
		tensors.put(LIMITS, new Entry(new int[] { 3 }, new float[] { (float) sharpness.from, (float) limits[0],
			(float) limits[1] }));
		Safetensors.write(file, new Contents(tensors, metadata));
	}

	/**
	 * Writes a judgement that tells other images to be sharp than one before, and judges kernels as that one does.
	 *
	 * @param kept file of the one before
	 * @param provenance what is to be known about the file, besides what is known of the one before
	 */
	public static void replaceSharpness(final Sharpness sharpness, final Path kept, final Map<String, String> provenance,
		final Path file) throws IOException
	{
		final Contents before = Safetensors.read(kept);
		final LinkedHashMap<String, Entry> tensors = new LinkedHashMap<>(before.tensors());
		final LinkedHashMap<String, String> metadata = new LinkedHashMap<>(before.metadata());
		metadata.putAll(provenance);
		sharpness.judge.write(SHARP, tensors, metadata);
		final Entry limits = tensors.get(LIMITS);
		if (limits == null || limits.values().length != 3) throw new IOException(kept + " lacks the limits");
		final float[] values = limits.values().clone();
		values[0] = (float) sharpness.from;
		tensors.put(LIMITS, new Entry(limits.shape(), values));
		Safetensors.write(file, new Contents(tensors, metadata));
	}

	/**
	 * Writes a judgement that expects less error of pictures larger than those it was learned from, as there is more to see in them,
	 * and more of smaller ones (by least squares: of the error ratio's logarithm, a multiple of the side's, for each of both), and
	 * that is otherwise the one before. Where there are none of one kind, what was learned of these stays.
	 *
	 * @param kernels of larger pictures, smaller ones, or both; those that are chosen must be measured
	 * @param sides of the pictures, the shorter ones, in pixels
	 * @param usual side of the pictures that it was learned from, if {@value #SIDE_IN_KERNELS} kernels are not larger
	 * @param kept file of the one before
	 * @param provenance what is to be known about the file, besides what is known of the one before
	 */
	public static void learnSize(final Kernels kernels, final int[] sides, final int usual, final Path kept,
		final Map<String, String> provenance, final Path file) throws IOException
	{
		final Contents before = Safetensors.read(kept);
		final LinkedHashMap<String, Entry> tensors = new LinkedHashMap<>(before.tensors());
		final Entry known = tensors.remove(SIZE);
		final LinkedHashMap<String, String> metadata = new LinkedHashMap<>(before.metadata());
		metadata.putAll(provenance);
		final Judgement judgement = new Judgement(new Contents(tensors, metadata), kept.toString());
		final double[] products = new double[2], squares = new double[2]; // of larger ones, of smaller ones
		for (int from = 0, to = 0; from < sides.length; from = to) {
			to = end(kernels.groups, from);
			final Choice choice = judgement.choose(Arrays.copyOfRange(kernels.evidence, from, to), sides[from]);
			final int i = from + choice.number();
			if (!kernels.told[i] || Double.isNaN(kernels.logarithms[i])) continue;
			final double larger = larger(sides[i], usual, kernels.evidence[i]);
			final int kind = larger > 0 ? 0 : 1;
			products[kind] += larger * (Math.log(choice.confidence().expectedErrorRatio()) - kernels.logarithms[i]);
			squares[kind] += larger * larger;
		}
		if (squares[0] + squares[1] == 0) throw new IllegalArgumentException("None of the pictures is larger or smaller than " + usual +
			" pixels");
		final float[] values = { 0, usual, 0 };
		for (int kind = 0; kind < 2; kind++)
			if (squares[kind] > 0) values[2 * kind] = (float) (products[kind] / squares[kind]);
			else if (known != null && known.values().length > 2 * kind) values[2 * kind] = known.values()[2 * kind];
		tensors.put(SIZE, new Entry(new int[] { 3 }, values));
		Safetensors.write(file, new Contents(tensors, metadata));
	}

	/**
	 * Examples beside the others, and each case's kernel that is most like the network's once more as if it were the only
	 * one: what the network finds alone is judged, too.
	 */
	private static Kernels withLone(final Kernels kernels, final double[][] beside) {
		final int network = Candidate.evidenceNames().indexOf("like_network");
		final Map<Integer, Integer> lone = new LinkedHashMap<>();
		for (int i = 0; i < beside.length; i++)
			if (!Double.isNaN(kernels.logarithms[i]) && (!lone.containsKey(kernels.cases[i]) || beside[lone.get(
				kernels.cases[i])][network] < beside[i][network])) lone.put(kernels.cases[i], i);
		final int[] which = IntStream.concat(IntStream.range(0, beside.length), lone.values().stream().mapToInt(i -> i))
			.toArray();
		final double[][] evidence = IntStream.range(0, which.length).mapToObj(i -> i < beside.length ? beside[i] : Arrays.copyOf(
			Evidence.alone(kernels.evidence[which[i]]), beside[0].length)).toArray(double[][]::new);
		return new Kernels(evidence, Arrays.stream(which).mapToDouble(i -> kernels.logarithms[i]).toArray(), Arrays.stream(which)
			.map(i -> kernels.groups[i]).toArray(), Arrays.stream(which).map(i -> kernels.cases[i]).toArray(), kernels.told);
	}

	/** The weights of a part; the others become 0. */
	private static double[] only(final IntPredicate part, final int[] cases, final double[] weights) {
		return IntStream.range(0, weights.length).mapToDouble(i -> part.test(cases[i]) ? weights[i] : 0).toArray();
	}

	/** Every example as judged by a judge that learned from other cases. */
	private static double[] heldOut(final Function<IntPredicate, Judge> learn, final double[][] evidence,
		final int[] cases)
	{
		final double[] judged = new double[evidence.length];
		for (int f = 0; f < FOLDS; f++) {
			final int fold = f;
			final Judge judge = learn.apply(c -> c % FOLDS != fold);
			for (int i = 0; i < judged.length; i++)
				if (cases[i] % FOLDS == fold) judged[i] = judge.of(evidence[i]);
		}
		return judged;
	}

	/** Above which only so many of the blurred images are, by their weights. */
	private static double limit(final double[] judged, final Images images, final double mistaken) {
		final List<Integer> blurred = IntStream.range(0, judged.length).filter(i -> images.targets[i] == 0).boxed().sorted(
			Comparator.comparingDouble(i -> -judged[i])).toList();
		final double all = blurred.stream().mapToDouble(i -> images.weights[i]).sum();
		double above = 0;
		for (final int i : blurred) {
			above += images.weights[i];
			if (above > mistaken * all) return judged[i];
		}
		throw new IllegalArgumentException("There are no blurred images to learn from");
	}

	/** Behind the last one of a group that begins somewhere. */
	private static int end(final int[] groups, final int from) {
		int to = from;
		while (to < groups.length && groups[to] == groups[from])
			to++;
		return to;
	}

	/** Of each group, the example that is taken, if it was measured. */
	private static List<Integer> taken(final double[] judged, final Kernels kernels) {
		final List<Integer> taken = new ArrayList<>();
		for (int from = 0, to = 0; from < judged.length; from = to) {
			to = end(kernels.groups, from);
			final int best = least(judged, from, to);
			if (!Double.isNaN(kernels.logarithms[best])) taken.add(best);
		}
		return taken;
	}

	/**
	 * The highest below which only so many of the kernels chosen are bad, and the highest below which only so many of the bad ones
	 * are, if one more were there: a limit between the bad ones lies where by chance they are few. Below all of them if nothing
	 * is certain.
	 */
	private static double[] limits(final List<Integer> chosen, final double[] expected, final double[] logarithms,
		final double bad, final double missed, final double overlooked)
	{
		final List<Integer> sorted = chosen.stream().sorted(Comparator.comparingDouble(i -> expected[i])).toList();
		final long all = sorted.stream().filter(i -> logarithms[i] > bad).count();
		double certain = sorted.isEmpty() ? 0 : expected[sorted.get(0)] - 1, probable = certain;
		int before = 0;
		for (int n = 0; n < sorted.size(); n++) {
			final int i = sorted.get(n);
			if (logarithms[i] > bad) before++;
			if (before + 1 <= missed * (n + 2)) certain = expected[i];
			if (before + 1 <= overlooked * (all + 1)) probable = expected[i];
		}
		return new double[] { certain, Math.max(certain, probable) };
	}
}
