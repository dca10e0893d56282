package io.github.learningtodeblur.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import org.apache.commons.math3.stat.StatUtils;

import io.github.learningtodeblur.search.Confidence.Verdict;

/** What the rows of the suite come to, by half, kernel size, noise, class and kernel source. */
final class SuiteSummary {

	/** Error ratio above which a result looks bad (Levin et al. 2009). */
	static final double FAILED = 3;

	/** A result that is this many dB worse than its input is worse. */
	static final double WORSE = 0.05;

	/** A picture this many dB from its input or nearer, or as near to it, is left as it is. */
	private static final double UNCHANGED = 60;

	private SuiteSummary() {}

	static List<String> lines(final List<SuiteRow> rows) {
		final List<SuiteRow> blurred = rows.stream().filter(SuiteRow::isBlurred).toList();
		final List<String> lines = new ArrayList<>();
		if (!blurred.isEmpty()) {
			by("size", blurred, r -> String.format(Locale.ROOT, "%02d", r.size()), lines);
			by("noise", blurred, r -> String.format(Locale.ROOT, "%.3f", r.noise()), lines);
			by("class", blurred, SuiteRow::imageClass, lines);
			by("kernel", blurred, SuiteRow::source, lines);
			by("verdict", blurred, r -> r.verdict().name().toLowerCase(Locale.ROOT), lines);
			by("half", blurred, r -> r.name().replaceFirst("-.*", ""), lines);
			lines.add(line("all", blurred));
		}
		if (!blurred.isEmpty()) lines.add(confidence(blurred));
		final Map<String, List<SuiteRow>> sharp = grouped(rows.stream().filter(r -> !r.isBlurred()).toList(),
			SuiteRow::imageClass);
		sharp.forEach((name, of) -> lines.add(String.format(Locale.ROOT,
			"unblurred %-12s cases=%d no_blur_found=%d left_as_they_are=%d psnr_to_input_median=%.2f shift_above_half=%d", name,
			of.size(), count(of, Verdict.NO_BLUR), of.stream().filter(r -> r.psnr() >= UNCHANGED).count(), StatUtils.percentile(
				of.stream().mapToDouble(r -> Math.min(99, r.psnr())).toArray(), 50), of.stream().filter(r -> r.shift() > 0.5).count())));
		return lines;
	}

	/** Whether the verdicts are to be relied on. */
	private static String confidence(final List<SuiteRow> blurred) {
		final List<SuiteRow> bad = blurred.stream().filter(r -> r.errorRatio() > FAILED).toList();
		final List<SuiteRow> worse = blurred.stream().filter(SuiteSummary::isWorse).toList();
		final long certain = count(blurred, Verdict.CERTAIN);
		return String.format(Locale.ROOT, "confidence certain=%d of which above%d=%d below_input=%d; likely=%d; above%d=%d of which doubtful=%d;" +
			" blurred=%d of which held for sharp=%d", certain, (int) FAILED, count(bad, Verdict.CERTAIN), count(worse, Verdict.CERTAIN),
			count(blurred, Verdict.LIKELY), (int) FAILED, bad.size(), count(bad, Verdict.DOUBTFUL), blurred.size(), count(blurred, Verdict.NO_BLUR));
	}

	private static boolean isWorse(final SuiteRow r) {
		return r.psnr() < r.psnrInput() - WORSE;
	}

	private static long count(final List<SuiteRow> rows, final Verdict verdict) {
		return rows.stream().filter(r -> r.verdict() == verdict).count();
	}

	private static void by(final String what, final List<SuiteRow> rows, final Function<SuiteRow, String> group,
		final List<String> lines)
	{
		grouped(rows, group).forEach((name, of) -> lines.add(line(what + " " + name, of)));
	}

	private static Map<String, List<SuiteRow>> grouped(final List<SuiteRow> rows,
		final Function<SuiteRow, String> group)
	{
		final Map<String, List<SuiteRow>> groups = new TreeMap<>();
		for (final SuiteRow r : rows)
			groups.computeIfAbsent(group.apply(r), k -> new ArrayList<>()).add(r);
		return groups;
	}

	private static String line(final String name, final List<SuiteRow> of) {
		final double[] ratios = of.stream().mapToDouble(SuiteRow::errorRatio).toArray();
		return String.format(Locale.ROOT, "%-20s cases=%d error_ratio_geometric=%.3f median=%.3f above%d=%.3f" +
			" below_input=%d shift_above_half=%d psnr_input=%.2f psnr=%.2f psnr_true_kernel=%.2f seconds=%.2f", name, of
				.size(), StatUtils.geometricMean(ratios), StatUtils.percentile(ratios, 50), (int) FAILED, of.stream().filter(
					r -> r.errorRatio() > FAILED).count() / (double) of.size(), of.stream().filter(SuiteSummary::isWorse).count(), of.stream().filter(r -> r.shift() > 0.5).count(), mean(of,
							SuiteRow::psnrInput), mean(of, SuiteRow::psnr), mean(of, SuiteRow::psnrTrueKernel), mean(of,
								SuiteRow::seconds));
	}

	private static double mean(final List<SuiteRow> rows, final Function<SuiteRow, Double> of) {
		return StatUtils.mean(rows.stream().mapToDouble(of::apply).toArray());
	}
}
