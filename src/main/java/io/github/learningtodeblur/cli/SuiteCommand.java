package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.github.learningtodeblur.Deblurred;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.evaluate.KernelSimilarity;
import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.restore.ObservedRestoration;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the broad yardstick, or a part of it. */
@Command(name = "suite", mixinStandardHelpOptions = true,
	description = "Scores a model on several hundred pictures of many kinds, blurred in many ways or not at all.")
final class SuiteCommand implements Callable<Integer> {

	@Option(names = "--images", split = ";", paramLabel = "CLASS=FOLDER,...",
		description = "pictures that no training sees; classes are parted by semicolons")
	private Map<String, String> images = Map.of();

	@Option(names = "--trained", split = ";", paramLabel = "CLASS=FOLDER,...",
		description = "folders that trainings use: of these, the tenth that they hold out")
	private Map<String, String> trained = Map.of();

	@Option(names = "--benchmark-images", split = ";", paramLabel = "CLASS=FOLDER,...",
		description = "pictures that belong to the believed half only")
	private Map<String, String> benchmarks = Map.of();

	@Option(names = "--kernel-files", split = ";", paramLabel = "SOURCE=FOLDER,...",
		description = "measured kernels in convolution orientation, for the believed half only")
	private Map<String, String> kernelFiles = Map.of();

	@Option(names = "--stretch", split = ",", description = "classes that are stretched from black to white")
	private Set<String> stretch = Set.of("microscopy");

	@Option(names = "--invert", split = ",", description = "classes of which every second picture is inverted")
	private Set<String> invert = Set.of("text");

	@Option(names = "--tiles", description = "files whose name begins so, and ends with two digits, are parts of one photograph")
	private String tiles = "wall_";

	@Option(names = "--half", description = "tune: by which settings may be chosen; believe; or both")
	private String half = "both";

	@Option(names = "--every", description = "only one of so many cases, of all kinds alike")
	private int every = 1;

	@Option(names = "--first", description = "which of these parts, from 0")
	private int first;

	@Option(names = "--cases", description = "regular expression found in the names of the cases to run")
	private String cases = "";

	@Mixin
	private MethodOptions method;

	@Option(names = "--size",
		description = "largest blur in pixels; auto, as users do; or true (default): that of the true kernel, and auto" +
			" where there is no blur")
	private String size = BenchmarkCommand.TRUE_SIZE;

	@Option(names = "--seed", description = "another one gives other cases")
	private long seed = 1;

	@Option(names = "--threads", description = "cases at a time; default: all processors")
	private int threads = Runtime.getRuntime().availableProcessors();

	@Option(names = "--minutes", description = "begin no case after this time")
	private double minutes = Double.POSITIVE_INFINITY;

	@Option(names = "--csv", description = "table of all cases run; default: suite.csv in the current folder")
	private Path csv = Path.of("suite.csv");

	@Option(names = "--resume", description = "leave out the cases that the table has already, and sum up all of them")
	private boolean resume;

	@Override
	public Integer call() throws IOException {
		final List<SuiteCases.Case> chosen = chosen();
		final Map<String, SuiteRow> rows = new TreeMap<>();
		if (resume && Files.exists(csv)) Files.readAllLines(csv).stream().skip(1).map(SuiteRow::parse).forEach(r -> rows
			.put(r.name(), r));
		final List<SuiteCases.Case> left = chosen.stream().filter(c -> !rows.containsKey(c.name)).toList();
		if (csv.toAbsolutePath().getParent() != null) Files.createDirectories(csv.toAbsolutePath().getParent());
		final Deblurring deblurring = method.deblurring();
		deblurring.withLargestBlur(size.equals(BenchmarkCommand.TRUE_SIZE) ? Deblurring.AUTOMATIC : size); // fail early
		final long end = System.nanoTime() + (long) Math.min(1e18, minutes * 60e9);
		System.out.println(SuiteRow.COLUMNS.replace(',', ' '));
		Parallelization.runWithNumThreads(threads, () -> Threads.forEach(left.size(), i -> Parallelization
			.runSingleThreaded(() -> {
				if (System.nanoTime() > end) return;
				final SuiteRow row = run(left.get(i), deblurring);
				synchronized (rows) {
					rows.put(row.name(), row);
					System.out.println(row.csv().replace(',', ' '));
					write(rows);
				}
			})));
		System.out.println("table: " + csv);
		SuiteSummary.lines(List.copyOf(rows.values())).forEach(System.out::println);
		return 0;
	}

	private List<SuiteCases.Case> chosen() throws IOException {
		if (every < 1 || first < 0 || first >= every) throw new IllegalArgumentException(
			"--every must be at least 1, and --first at least 0 and smaller, got " + every + " and " + first);
		if (!List.of("tune", "believe", "both").contains(half)) throw new IllegalArgumentException(
			"--half must be tune, believe or both, got " + half);
		if (images.isEmpty() && trained.isEmpty()) throw new IllegalArgumentException(
			"Folders of pictures are needed: --images or --trained, such as --images=photos=FOLDER");
		final List<SuiteCases.Case> all = new SuiteCases(new SuiteCases.Folders(folders(images), folders(trained),
			folders(benchmarks), folders(kernelFiles)), new SuiteCases.Treatment(stretch, invert, tiles), seed).all()
				.stream().filter(c -> half.equals("both") || c.half.name().equalsIgnoreCase(half)).toList();
		final java.util.regex.Pattern pattern = java.util.regex.Pattern.compile(cases);
		final List<SuiteCases.Case> chosen = all.stream().filter(c -> c.isIn(first, every) && pattern.matcher(c.name).find())
			.toList();
		if (chosen.isEmpty()) throw new IllegalArgumentException("No case is left of " + all.size());
		System.out.println(chosen.size() + " of " + all.size() + " cases");
		return chosen;
	}

	private static Map<String, List<Path>> folders(final Map<String, String> options) throws IOException {
		final Map<String, List<Path>> folders = new LinkedHashMap<>();
		for (final Map.Entry<String, String> e : options.entrySet()) {
			final List<Path> list = Arrays.stream(e.getValue().split(",")).map(Path::of).toList();
			for (final Path folder : list)
				if (!Files.isDirectory(folder)) throw new IOException("There is no folder " + folder);
			folders.put(e.getKey(), list);
		}
		return folders;
	}

	/** All rows so far: a run that is cut off leaves a table to go on from. */
	private void write(final Map<String, SuiteRow> rows) {
		try {
			Files.writeString(csv, SuiteRow.COLUMNS + "\n" + rows.values().stream().map(SuiteRow::csv).collect(Collectors
				.joining("\n", "", "\n")));
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private SuiteRow run(final SuiteCases.Case c, final Deblurring whole) {
		try {
			final SuiteCases.Blurred given = c.load();
			final boolean known = size.equals(BenchmarkCommand.TRUE_SIZE);
			final Deblurring deblurring = whole.withLargestBlur(!known ? size : c.isBlurred() ? "" + c.size
				: Deblurring.AUTOMATIC);
			final long start = cpuTime();
			final Deblurred result = deblurring.deblur(List.of(given.blurry()), method.restoration(), Progress.NONE);
			final double seconds = (cpuTime() - start) * 1e-9;
			final Plane restored = result.channels().get(0);
			final int maxShift = Math.max(5, (Math.max(c.size, Math.min(33, result.kernel().width())) + 1) / 2);
			if (!c.isBlurred()) { // what is not blurred is to stay as it is
				final Score score = Score.of(restored, given.blurry(), maxShift);
				final Plane point = new Plane(new float[] { 1 }, 1, 1);
				return new SuiteRow(c.name, c.imageClass, c.picture, c.source, c.size, c.noise, c.rounded,
					Double.POSITIVE_INFINITY, score.psnr(), Double.POSITIVE_INFINITY, Double.NaN, score.dx(), score.dy(),
					KernelSimilarity.of(result.kernel(), point), seconds);
			}
			final Score input = Score.of(given.blurry(), given.sharp(), maxShift);
			final Score score = Score.of(restored, given.sharp(), maxShift);
			final Score best = Score.of(new ObservedRestoration(method.restoration()).restore(given.blurry(), given.kernel(),
				Progress.NONE), given.sharp(), maxShift);
			final double[] bulk = bulk(given.kernel());
			return new SuiteRow(c.name, c.imageClass, c.picture, c.source, c.size, c.noise, c.rounded, input.psnr(), score
				.psnr(), best.psnr(), score.errorRatio(best), score.dx() - bulk[0], score.dy() - bulk[1], KernelSimilarity.of(
					result.kernel(), given.kernel()), seconds);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** Where a kernel has its centre of mass, from the middle. */
	private static double[] bulk(final Plane kernel) {
		double x = 0, y = 0;
		for (int i = 0; i < kernel.pixels().length; i++) {
			x += kernel.pixels()[i] * (i % kernel.width() - kernel.width() / 2);
			y += kernel.pixels()[i] * (i / kernel.width() - kernel.height() / 2);
		}
		return new double[] { x / kernel.sum(), y / kernel.sum() };
	}

	private static long cpuTime() {
		return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
	}
}
