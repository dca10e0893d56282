package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.model.Safetensors;
import io.github.learningtodeblur.observe.Observation;
import io.github.learningtodeblur.restore.ObservedRestoration;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.search.Candidate;
import io.github.learningtodeblur.search.Chooser;
import io.github.learningtodeblur.search.Confidence;
import io.github.learningtodeblur.search.Judgement;
import io.github.learningtodeblur.search.KernelSearch;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Collects what tells right kernels from wrong ones, and blurred images from sharp ones. */
@Command(name = "confidence", mixinStandardHelpOptions = true,
	description = "Learns from cases of the suite how certain a result is, and whether there is a blur at all.")
final class ConfidenceCommand implements Callable<Integer> {

	private static final String IMAGES = "images.csv", KERNELS = "kernels.csv";

	/** By which images it was learned which are sharp, in the file. */
	private static final String SHARPNESS = "sharpness";

	/** By which kernels it was learned to choose. */
	private static final String CHOICE = "choice";

	/** What a row of {@value #KERNELS} says before its numbers: case, group, number, error ratio, whether users are told, side of the picture. */
	private static final int WORDS = 6, SIDE = 5;

	/** Of what was learned from, in a file. */
	private static final String OF_HALF = " %s of the suite's half to tune by";

	/** Blurred examples for a sharp one; and sharp ones for one of nothing but noise. */
	private static final int BLURRED = 2, NOISE_EVERY = 10;

	/** Size up to which kernels are slight blurs, which are hard to tell, and from which on they are large; how much such count. */
	private static final int SLIGHT = 7, LARGE = 10;
	private static final double SLIGHT_WEIGHT = 2, LARGE_WEIGHT = 0.5;

	/** How often a picture is taken, at most, so that classes with few pictures count, too. */
	private static final int MOST_ROUNDS = 3;

	/** Decibels below the blurry picture that are as bad as an error ratio of {@value SuiteSummary#FAILED}. */
	private static final double WORSE = 0.5;

	/** PSNR from which on an image counts as left as it is. */
	private static final double STAYS = 40;

	/** Error ratios beyond which it does not matter how good or bad a kernel is. */
	private static final double LEAST_RATIO = 0.7, LARGEST_RATIO = 30;

	/**
	 * Logarithm of the error ratio from which on a result looks bad; part of the results called certain that may be, and of
	 * such results that may be called anything but doubtful.
	 */
	private static final double BAD = Math.log(SuiteSummary.FAILED), MISSED = 0.02, OVERLOOKED = 0.15;

	/**
	 * Part of the blurred examples that may be held for sharp. They are blurred by little mostly: of images with blurs of any
	 * size it is less.
	 */
	private static final double MISTAKEN = 0.009;

	@Mixin
	private SuiteSelection selection;

	@Mixin
	private DeviceOption device;

	@Option(names = "--model", description = "name of a bundled model, or a file")
	private String model = "camera-shake";

	@Option(names = "--size", description = "as for the suite")
	private String size = BenchmarkCommand.TRUE_SIZE;

	@Option(names = "--only-images", description = "collect only what tells whether there is a blur: takes far less time")
	private boolean onlyImages;

	@Option(names = "--chosen-only",
		description = "measure only the kernels that are chosen: takes a third of the time, and is enough to learn how certain a result is")
	private boolean chosenOnly;

	@Option(names = "--tables",
		description = "folder for the tables images.csv, kernels.csv and suite.csv; cases that are there are left out")
	private Path tables;

	@Option(names = "--from", split = ",",
		description = "instead of collecting: folders of such tables to learn from, by the half to tune by")
	private List<Path> from = List.of();

	@Option(names = "--sharpness",
		description = "file of a judgement of which is kept what tells sharp images, instead of learning it from images.csv")
	private Path sharpness;

	@Option(names = "--choice",
		description = "file of a judgement of which is kept how kernels are chosen; best if it was learned from other searches")
	private Path choice;

	@Option(names = "--kernel-judge",
		description = "file of a judgement of which is kept all that judges kernels, instead of learning it from kernels.csv")
	private Path kernelJudge;

	@Option(names = "--size-judge",
		description = "file of a judgement of which all is kept: learned is, from kernels.csv of larger pictures, how much less error is to be" +
			" expected of those")
	private Path sizeJudge;

	@Option(names = "--out", description = "file for what is learned (.safetensors)")
	private Path out;

	@Option(names = "--description", description = "kept in the file")
	private String description = "";

	@Option(names = "--minutes", description = "begin no case after this time")
	private double minutes = Double.POSITIVE_INFINITY;

	@Option(names = "--threads", description = "cases at a time; default: all processors")
	private int threads = Runtime.getRuntime().availableProcessors();

	@Override
	public Integer call() throws IOException {
		if (from.isEmpty() == (tables == null) || from.isEmpty() != (out == null)) throw new IllegalArgumentException(
			"Either --tables is needed, to collect, or --from and --out, to learn from what was collected");
		if (tables != null) collect();
		else learn();
		return 0;
	}

	private void collect() throws IOException {
		Files.createDirectories(tables);
		final Path table = tables.resolve(onlyImages ? IMAGES : KERNELS);
		final Set<String> done = onlyImages ? begun(table, "case,blurred,class,kernel,size,noise," + String.join(",", Judgement
			.imageEvidenceNames())) : begun(table, "case,group,number,error_ratio,told,side," + String.join(",", Candidate
				.evidenceNames()));
		final List<SuiteCases.Case> all = onlyImages ? selection.pictures() : selection.chosen();
		final List<SuiteCases.Case> left = all.stream().filter(c -> !done.contains(c.name)).toList();
		final Map<String, Long> rounds = rounds(all);
		final Deblurring whole = new Deblurring(Models.open(model), device.shared());
		final long end = System.nanoTime() + (long) Math.min(1e18, minutes * 60e9);
		Parallelization.runWithNumThreads(threads, () -> Threads.forEach(left.size(), i -> Parallelization
			.runSingleThreaded(() -> {
				if (System.nanoTime() > end) return;
				final SuiteCases.Case c = left.get(i);
				try {
					append(table, onlyImages ? looks(c, rounds.get(c.imageClass)) : search(c, whole));
				}
				catch (final IOException e) {
					throw new UncheckedIOException(e);
				}
			})));
	}

	/** How often the pictures of each class are taken. */
	private static Map<String, Long> rounds(final List<SuiteCases.Case> pictures) {
		final Map<String, Long> counts = pictures.stream().collect(Collectors.groupingBy(c -> c.imageClass, Collectors.counting()));
		final long most = Collections.max(counts.values());
		counts.replaceAll((name, count) -> Math.min(MOST_ROUNDS, most / count));
		return counts;
	}

	/** Of a picture, some times, a sharp example, some blurred ones, and now and then noise. */
	private String looks(final SuiteCases.Case c, final long rounds) throws IOException {
		final SplittableRandom random = new SplittableRandom(31 * selection.seed() + c.name.hashCode());
		final Plane picture = c.prepared();
		final List<String> lines = new ArrayList<>();
		for (long round = 0; round < rounds; round++) {
			for (int n = 0; n <= BLURRED; n++)
				lines.add(look(c.name, c.imageClass, SharpnessExamples.of(picture, n > 0, random)));
			if (random.nextInt(NOISE_EVERY) == 0) lines.add(look(c.name, "noise", SharpnessExamples.noise(random)));
		}
		return String.join("\n", lines);
	}

	private static String look(final String name, final String imageClass, final SharpnessExamples.Example e) {
		return String.format(Locale.ROOT, "%s,%d,%s,%s,%d,%s,%s", name, e.size() > 1 ? 1 : 0, imageClass, e.source(), e.size(), e
			.noise(), numbers(Judgement.imageEvidence(Observation.of(e.image()).image())));
	}

	/** Learns from one half, and says what comes of it on both. */
	private void learn() throws IOException {
		if (kernelJudge != null && (choice != null || sharpness != null)) throw new IllegalArgumentException(
			"With --kernel-judge, neither --choice nor --sharpness: then there is nothing left to learn");
		if (sizeJudge != null && (kernelJudge != null || choice != null || sharpness != null)) throw new IllegalArgumentException(
			"With --size-judge, none of --kernel-judge, --choice and --sharpness: it is all of these");
		final Table nothing = new Table(List.of(), List.of());
		final Table kernels = kernelJudge == null ? table(KERNELS, WORDS) : nothing;
		final Table images = sharpness == null && sizeJudge == null ? table(IMAGES, 6) : nothing;
		if (sizeJudge != null) learnSize(kernels.half(true));
		else learnJudges(images.half(true), kernels.half(true));
		final Judgement judgement = Judgement.read(out);
		for (final boolean tune : new boolean[] { true, false })
			report(tune ? "tune" : "believe", images.half(tune), kernels.half(tune), judgement);
	}

	private void learnJudges(final Table images, final Table kernels) throws IOException {
		final Map<String, String> provenance = new LinkedHashMap<>();
		provenance.put("description", description);
		provenance.put(SHARPNESS, sharpness == null ? images.words.size() + OF_HALF.formatted("images") : kept(SHARPNESS, sharpness));
		final Judgement.Sharpness told = sharpness == null ? Judgement.Sharpness.learned(images(images), MISTAKEN) : Judgement.Sharpness.of(
			sharpness);
		if (kernelJudge != null) {
			Judgement.replaceSharpness(told, kernelJudge, provenance, out);
			return;
		}
		final String kernelsHere = measured(kernels) + OF_HALF.formatted("kernels");
		provenance.put("kernels", kernelsHere);
		provenance.put(CHOICE, choice == null ? kernelsHere : kept(CHOICE, choice));
		Judgement.learn(told, choice == null ? null : Judgement.Preference.of(choice), kernels(kernels), BAD, MISSED, OVERLOOKED,
			provenance, out);
	}

	private void learnSize(final Table kernels) throws IOException {
		final Map<String, String> provenance = new LinkedHashMap<>();
		if (!description.isEmpty()) provenance.put("description", description);
		provenance.put("size", measured(kernels) + OF_HALF.formatted("kernels"));
		Judgement.learnSize(kernels(kernels), kernels.words.stream().mapToInt(w -> Integer.parseInt(w[SIDE])).toArray(), SuiteCases.SIDE,
			sizeJudge, provenance, out);
	}

	/** What a judgement says of the examples for a part of it. */
	private static String kept(final String part, final Path file) throws IOException {
		return Safetensors.read(file).metadata().getOrDefault(part, "as of " + file.getFileName());
	}

	/** Rows of one kind from all folders: some words each, and numbers. */
	private record Table(List<String[]> words, List<double[]> numbers) {

		Table half(final boolean tune) {
			final Table part = new Table(new ArrayList<>(), new ArrayList<>());
			for (int i = 0; i < words.size(); i++)
				if (words.get(i)[0].startsWith("tune-") == tune) {
					part.words.add(words.get(i));
					part.numbers.add(numbers.get(i));
				}
			return part;
		}

		double[][] evidence() {
			return numbers.toArray(double[][]::new);
		}
	}

	private Table table(final String name, final int words) throws IOException {
		final Table all = new Table(new ArrayList<>(), new ArrayList<>());
		for (final Path folder : from) {
			if (!Files.exists(folder.resolve(name))) continue;
			for (final String line : Files.readAllLines(folder.resolve(name)).stream().skip(1).toList()) {
				final String[] v = line.split(",");
				all.words.add(Arrays.copyOf(v, words));
				all.numbers.add(Arrays.stream(v).skip(words).mapToDouble(Double::parseDouble).toArray());
			}
		}
		if (all.words.isEmpty()) throw new IOException("None of the folders " + from + " has rows in " + name);
		return all;
	}

	private static long measured(final Table kernels) {
		return kernels.words.stream().filter(w -> !Double.isNaN(logarithm(w))).count();
	}

	/** As much weight on sharp images as on blurred ones, and of these most on slight blurs. */
	private static Judgement.Images images(final Table table) {
		final double[] sharp = table.words.stream().mapToDouble(w -> w[1].equals("0") ? 1 : 0).toArray();
		final double[] weights = table.words.stream().mapToDouble(ConfidenceCommand::weight).toArray();
		final double[] sums = new double[2];
		for (int i = 0; i < sharp.length; i++)
			sums[(int) sharp[i]] += weights[i];
		for (int i = 0; i < sharp.length; i++)
			weights[i] /= 2 * sums[(int) sharp[i]];
		return new Judgement.Images(table.evidence(), sharp, weights, named(table));
	}

	private static Judgement.Kernels kernels(final Table table) {
		return new Judgement.Kernels(table.evidence(), table.words.stream().mapToDouble(ConfidenceCommand::logarithm)
			.toArray(), numbered(table, 2), named(table), told(table));
	}

	private static boolean[] told(final Table table) {
		final boolean[] told = new boolean[table.words.size()];
		for (int i = 0; i < told.length; i++)
			told[i] = table.words.get(i)[4].equals("1");
		return told;
	}

	/** Of the error ratio, within limits; NaN if it was not measured. */
	private static double logarithm(final String[] words) {
		return Math.log(Math.max(LEAST_RATIO, Math.min(LARGEST_RATIO, Double.parseDouble(words[3]))));
	}

	private static double weight(final String[] words) {
		final int size = Integer.parseInt(words[4]);
		if (size == 1) return 1;
		return words[3].equals("gaussian") || size <= SLIGHT ? SLIGHT_WEIGHT : size < LARGE ? 1 : LARGE_WEIGHT;
	}

	/** One number for each picture, also if several folders have it. */
	private static int[] named(final Table table) {
		final Map<String, Integer> numbers = new HashMap<>();
		return table.words.stream().mapToInt(w -> numbers.computeIfAbsent(w[0], n -> numbers.size())).toArray();
	}

	/** Neighbours whose first words are the same have one number. */
	private static int[] numbered(final Table table, final int words) {
		final int[] numbers = new int[table.words.size()];
		for (int i = 1; i < numbers.length; i++)
			numbers[i] = numbers[i - 1] + (Arrays.equals(table.words.get(i), 0, words, table.words.get(i - 1), 0, words) ? 0
				: 1);
		return numbers;
	}

	private static void report(final String half, final Table images, final Table kernels, final Judgement judgement) {
		final Map<String, int[]> byClass = new TreeMap<>();
		for (int i = 0; i < images.words.size(); i++) {
			final String[] w = images.words.get(i);
			final int[] counts = byClass.computeIfAbsent(w[1].equals("0") ? "unblurred " + w[2] : "blurred " + w[4],
				k -> new int[2]);
			counts[0]++;
			if (judgement.isSharp(images.numbers.get(i))) counts[1]++;
		}
		byClass.forEach((name, counts) -> System.out.println(half + " " + name + " images=" + counts[0] + " no_blur=" +
			counts[1]));
		final int[] groups = numbered(kernels, 2);
		final boolean[] told = told(kernels);
		int certain = 0, certainBad = 0, likely = 0, bad = 0, doubtfulBad = 0, all = 0, firstBad = 0;
		double logarithms = 0, first = 0;
		for (int from = 0, to = 0; from < groups.length; from = to) {
			while (to < groups.length && groups[to] == groups[from])
				to++;
			final Chooser.Choice choice = judgement.choose(kernels.numbers.subList(from, to).toArray(double[][]::new), Integer.parseInt(
				kernels.words.get(from)[SIDE]));
			final double ratio = logarithm(kernels.words.get(from + choice.number())), usual = logarithm(kernels.words.get(from));
			if (!told[from + choice.number()] || Double.isNaN(ratio)) continue;
			all++;
			logarithms += ratio;
			first += usual;
			if (usual > BAD) firstBad++;
			final Confidence.Verdict verdict = choice.confidence().verdict();
			if (ratio > BAD) {
				bad++;
				if (verdict == Confidence.Verdict.DOUBTFUL) doubtfulBad++;
			}
			if (verdict == Confidence.Verdict.LIKELY) likely++;
			if (verdict != Confidence.Verdict.CERTAIN) continue;
			certain++;
			if (ratio > BAD) certainBad++;
		}
		if (all == 0) return;
		System.out.printf(Locale.ROOT, "%s results=%d error_ratio_geometric=%.3f, of the first kernel %.3f; above3=%d, of the" +
			" first kernel %d; of those doubtful=%d; certain=%d of which above3=%d; likely=%d%n", half, all, Math.exp(logarithms / all),
			Math.exp(first / all), bad, firstBad, doubtfulBad, certain, certainBad, likely);
	}

	/** All kernels of a search, and what becomes of the image by each, after what follows the choice; NaN where not measured. */
	private String search(final SuiteCases.Case c, final Deblurring whole) throws IOException {
		final SuiteCases.Blurred given = c.load();
		final BlurSize asked = SuiteCommand.sizeFor(c, size);
		final Deblurring search = whole.withLargestBlur(asked);
		final List<List<Candidate>> groups = search.candidates(given.blurry(), Progress.NONE);
		final Restoration method = new ObservedRestoration(Restorations.named(Restorations.USUAL, 1, device.shared()));
		final Score best = c.isBlurred() ? Score.of(method.restore(given.blurry(), given.kernel(), Progress.NONE), given
			.sharp(), SuiteRow.maxShift(c.size)) : null;
		final Score blurry = c.isBlurred() ? Score.of(given.blurry(), given.sharp(), SuiteRow.maxShift(c.size)) : null;
		final List<Plane> kernels = groups.stream().flatMap(g -> chosenOnly ? Stream.of(g.get(Judgement.bundled().choose(g).number())) : g
			.stream()).map(Candidate::kernel).distinct().toList(), results = search.improved(given.blurry(), kernels, Progress.NONE);
		final List<Double> ratios = new ArrayList<>();
		for (final Plane result : results) {
			final Plane restored = method.restore(given.blurry(), result, Progress.NONE);
			ratios.add(best != null ? worth(Score.of(restored, given.sharp(), SuiteRow.maxShift(c.size)), best, blurry)
				: unblurredRatio(Score.of(restored, given.blurry(), SuiteRow.maxShift(result.width()))));
		}
		final StringBuilder lines = new StringBuilder();
		for (int group = 0; group < groups.size(); group++)
			for (int n = 0; n < groups.get(group).size(); n++) {
				final Candidate candidate = groups.get(group).get(n);
				final int measured = kernels.indexOf(candidate.kernel());
				final boolean told = c.isBlurred() && isTold(candidate.kernel(), asked.isAutomatic());
				lines.append(lines.isEmpty() ? "" : "\n").append(String.format(Locale.ROOT, "%s,%d,%d,%.4f,%d,%d,%s", c.name, group,
					n, measured < 0 ? Double.NaN : ratios.get(measured), told ? 1 : 0, candidate.side(), numbers(candidate.evidence())));
			}
		return lines.toString();
	}

	/** Whether what is expected of a kernel is what users are told: not of a point, nor of what may be cut off. */
	private static boolean isTold(final Plane kernel, final boolean automatic) {
		return !Planes.isPoint(kernel) && !(automatic && KernelSearch.mayBeCutOff(kernel));
	}

	/**
	 * The error ratio; or how much worse than the blurry picture it is, if that counts for more. Where even the true kernel makes it
	 * worse, it is compared with that.
	 */
	static double worth(final Score score, final Score best, final Score blurry) {
		final double worse = Math.min(blurry.psnr(), best.psnr()) - score.psnr();
		return Math.max(score.errorRatio(best), Math.pow(SuiteSummary.FAILED, Math.max(0, worse) / WORSE));
	}

	/** Where no blur was, the image is to stay as it is; what is lost is counted as if a true kernel lost {@value #STAYS} dB. */
	private static double unblurredRatio(final Score score) {
		return Math.pow(10, (STAYS - score.psnr()) / 10);
	}

	private static String numbers(final double[] values) {
		return Arrays.stream(values).mapToObj(v -> String.format(Locale.ROOT, "%.5g", v)).collect(Collectors.joining(","));
	}

	/** Names of the cases that a table has; it is made if there is none. */
	private static Set<String> begun(final Path table, final String header) throws IOException {
		if (!Files.exists(table)) Files.writeString(table, header + "\n");
		final List<String> lines = Files.readAllLines(table);
		if (!lines.get(0).equals(header)) throw new IOException(table +
			" has other columns than this version writes: remove it, or name another folder");
		return lines.stream().skip(1).map(l -> l.substring(0, l.indexOf(','))).collect(Collectors.toCollection(
			HashSet::new));
	}

	private static synchronized void append(final Path table, final String lines) throws IOException {
		Files.writeString(table, lines + "\n", StandardOpenOption.APPEND);
	}
}
