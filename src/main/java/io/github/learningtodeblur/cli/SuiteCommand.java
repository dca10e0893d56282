package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurred;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.batch.Failures;
import io.github.learningtodeblur.util.WholeFile;
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

	@Mixin
	private SuiteSelection selection;

	@Mixin
	private LearnedRefinementOption last;

	@Mixin
	private MethodOptions method;

	@Option(names = "--size",
		description = "largest blur in pixels; auto, as users do; or true (default): that of the true kernel, and auto" +
			" where there is no blur")
	private String size = BenchmarkCommand.TRUE_SIZE;

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
		final List<SuiteCases.Case> chosen = selection.chosen();
		final Map<String, SuiteRow> rows = new TreeMap<>();
		if (resume && Files.exists(csv)) Files.readAllLines(csv).stream().skip(1).map(SuiteRow::parse).forEach(r -> rows
			.put(r.name(), r));
		final List<SuiteCases.Case> left = chosen.stream().filter(c -> !rows.containsKey(c.name)).toList();
		if (csv.toAbsolutePath().getParent() != null) Files.createDirectories(csv.toAbsolutePath().getParent());
		final Deblurring deblurring = last.applied(method.deblurring(), method.device);
		deblurring.withLargestBlur(BenchmarkCommand.sizeFor(size, 0)); // fail early
		final long end = System.nanoTime() + (long) Math.min(1e18, minutes * 60e9);
		System.out.println(SuiteRow.COLUMNS.replace(',', ' '));
		Parallelization.runWithNumThreads(threads, () -> Threads.forEach(left.size(), i -> Parallelization
			.runSingleThreaded(() -> {
				if (System.nanoTime() > end) return;
				final SuiteRow row;
				try {
					row = run(left.get(i), deblurring);
				}
				catch (final IllegalArgumentException e) {
					System.out.println("left out: " + left.get(i).name + ": " + Failures.sentence(e));
					return;
				}
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

	/** All rows so far: a run that is cut off leaves a table to go on from. */
	private void write(final Map<String, SuiteRow> rows) {
		try {
			final String table = SuiteRow.COLUMNS + "\n" + rows.values().stream().map(SuiteRow::csv).collect(Collectors.joining("\n", "",
				"\n"));
			WholeFile.write(csv, out -> out.write(table.getBytes(StandardCharsets.UTF_8)));
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private SuiteRow run(final SuiteCases.Case c, final Deblurring whole) {
		try {
			final SuiteCases.Blurred given = c.load();
			final Deblurring deblurring = whole.withLargestBlur(sizeFor(c, size));
			final long start = cpuTime();
			final Deblurred result = deblurring.deblur(List.of(given.blurry()), method.restoration(), Progress.NONE);
			final double seconds = (cpuTime() - start) * 1e-9;
			return SuiteRow.of(c, given, result, method.restoration(), seconds);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** What a user would ask for. */
	static BlurSize sizeFor(final SuiteCases.Case c, final String size) {
		return BenchmarkCommand.sizeFor(size, c.isBlurred() ? c.size : 0);
	}

	static long cpuTime() {
		return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
	}
}
