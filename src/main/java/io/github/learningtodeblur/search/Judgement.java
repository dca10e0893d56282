package io.github.learningtodeblur.search;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
	private static final String RESOURCE = "judgement.safetensors", FORMAT = "deblur-judgement-2";

	/** Side of the region by which an image is judged. */
	private static final int REGION = 1024;

	/** Parts into which examples are cut to see what a judge makes of those it did not learn from. */
	private static final int FOLDS = 6;

	/** Part of the images for which further kernels are tried: of use where the first ones are bad, and takes long. */
	private static final double SEARCH_ON = 0.3;

	private static final String SHARP = "sharp/", CHOICE = "choice/", RATIO = "ratio/", LIMITS = "limits";

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

	private final Judge sharp;
	private final Judge choice;
	private final Judge ratio;
	private final double sharpFrom;
	private final double doubtfulFrom;
	private final double searchFrom;

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
		sharp = Judge.read(SHARP, imageEvidenceNames(), contents.tensors(), contents.metadata(), file);
		choice = Judge.read(CHOICE, Candidate.evidenceNames(), contents.tensors(), contents.metadata(), file);
		ratio = Judge.read(RATIO, Candidate.evidenceNames(), contents.tensors(), contents.metadata(), file);
		final Entry limits = contents.tensors().get(LIMITS);
		if (limits == null || limits.values().length != 3) throw new IOException(file + " lacks the limits");
		sharpFrom = limits.values()[0];
		doubtfulFrom = limits.values()[1];
		searchFrom = limits.values()[2];
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
		return sharp.of(imageEvidence) > sharpFrom;
	}

	/** @param candidates after {@link Candidate#compared}, at least one */
	@Override
	public Choice choose(final List<Candidate> candidates) {
		return choose(candidates.stream().map(Candidate::evidence).toArray(double[][]::new));
	}

	/** @param evidence of each kernel */
	public Choice choose(final double[][] evidence) {
		final double[] judged = Arrays.stream(evidence).mapToDouble(choice::of).toArray();
		final int best = least(judged, 0, judged.length);
		final double expected = ratio.of(evidence[best]);
		return new Choice(best, new Confidence(Math.exp(expected), expected > doubtfulFrom ? Confidence.Verdict.DOUBTFUL
			: Confidence.Verdict.CERTAIN), expected > searchFrom);
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
	 * @param logarithms of the error ratios
	 * @param groups between which is chosen: the same ones are neighbours
	 * @param cases number of the picture that an example belongs to; of each the last group is what a search ends with
	 */
	public record Kernels(double[][] evidence, double[] logarithms, int[] groups, int[] cases) {}

	/**
	 * Learns a judgement, and writes it to a file.
	 *
	 * @param mistaken part of the blurred images that may be held for sharp
	 * @param bad logarithm of the error ratio from which on a result is bad
	 * @param missed part of the results called certain that may be bad
	 * @param provenance what is to be known about the file
	 */
	public static void learn(final Images images, final Kernels kernels, final double mistaken, final double bad,
		final double missed, final Map<String, String> provenance, final Path file) throws IOException
	{
		final List<String> seen = imageEvidenceNames(), of = Candidate.evidenceNames();
		final JudgeTraining sharpTraining = new JudgeTraining(3, 6, 600, 5e-4, 1), choiceTraining = new JudgeTraining(2, 1, 300,
			1e-2, 2), ratioTraining = new JudgeTraining(4, 6, 500, 1e-2, 3);
		final double[] even = new double[kernels.cases.length];
		Arrays.fill(even, 1);
		final Function<IntPredicate, Judge> sharp = part -> sharpTraining.train(seen, images.evidence, JudgeTraining.yesOrNo(
			images.targets, only(part, images.cases, images.weights)));
		final Function<IntPredicate, Judge> choice = part -> choiceTraining.train(of, kernels.evidence, JudgeTraining.choice(
			kernels.logarithms, IntStream.range(0, even.length).map(i -> part.test(kernels.cases[i]) ? kernels.groups[i] : -1)
				.toArray()));
		final Function<IntPredicate, Judge> ratio = part -> ratioTraining.train(of, kernels.evidence, JudgeTraining.numbers(
			kernels.logarithms, only(part, kernels.cases, even)));
		// limits by examples that the judges did not see: those that learned from a part judge the rest
		final double sharpFrom = limit(heldOut(sharp, images.evidence, images.cases), images, mistaken);
		final double[] chosenBy = heldOut(choice, kernels.evidence, kernels.cases), expected = heldOut(ratio, kernels.evidence,
			kernels.cases);
		final List<Integer> first = chosen(chosenBy, kernels, true), last = chosen(chosenBy, kernels, false);
		final double doubtfulFrom = certain(last, expected, kernels.logarithms, bad, missed);
		final double[] begun = first.stream().mapToDouble(i -> expected[i]).sorted().toArray();
		final double searchFrom = begun[(int) ((1 - SEARCH_ON) * (begun.length - 1))];

		final LinkedHashMap<String, Entry> tensors = new LinkedHashMap<>();
		final LinkedHashMap<String, String> metadata = new LinkedHashMap<>(provenance);
		metadata.put("format", FORMAT);
		sharp.apply(i -> true).write(SHARP, tensors, metadata);
		choice.apply(i -> true).write(CHOICE, tensors, metadata);
		ratio.apply(i -> true).write(RATIO, tensors, metadata);
		tensors.put(LIMITS, new Entry(new int[] { 3 }, new float[] { (float) sharpFrom, (float) doubtfulFrom,
			(float) searchFrom }));
		Safetensors.write(file, new Contents(tensors, metadata));
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

	/** Of each case, the example that is taken in the first or in the last group. */
	private static List<Integer> chosen(final double[] judged, final Kernels kernels, final boolean first) {
		final Map<Integer, Integer> chosen = new LinkedHashMap<>();
		for (int from = 0, to = 0; from < judged.length; from = to) {
			while (to < judged.length && kernels.groups[to] == kernels.groups[from])
				to++;
			if (first) chosen.putIfAbsent(kernels.cases[from], least(judged, from, to));
			else chosen.put(kernels.cases[from], least(judged, from, to));
		}
		return List.copyOf(chosen.values());
	}

	/**
	 * The highest below which only so many of the kernels chosen are likely to be bad: how the likelihood grows with what
	 * is expected is a logistic curve through all of them, as the few bad ones below lie there by chance. Below all of them
	 * if nothing is certain.
	 */
	private static double certain(final List<Integer> chosen, final double[] expected, final double[] logarithms,
		final double bad, final double missed)
	{
		final List<Integer> sorted = chosen.stream().sorted(Comparator.comparingDouble(i -> expected[i])).toList();
		final double[] x = sorted.stream().mapToDouble(i -> expected[i]).toArray();
		final double[] y = sorted.stream().mapToDouble(i -> logarithms[i] > bad ? 1 : 0).toArray();
		final double[] line = JudgeTraining.logistic(x, y);
		double limit = x[0] - 1, sum = 0;
		for (int i = 0; i < y.length; i++) {
			sum += 1 / (1 + Math.exp(-line[0] - line[1] * x[i]));
			if (sum <= missed * (i + 1)) limit = x[i];
		}
		return limit;
	}
}
