package io.github.learningtodeblur;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.learningtodeblur.observe.Observation;
import io.github.learningtodeblur.search.Confidence;
import io.github.learningtodeblur.search.Confidence.Verdict;
import io.github.learningtodeblur.search.KernelSearch;
import io.github.learningtodeblur.util.Extent;
import io.github.learningtodeblur.util.Plane;

/**
 * What is told about a result: the same, by the same names, in logs, image properties, results tables and CSV files.
 *
 * @param kernelWidth of the kernel's frame, in pixels
 * @param extentWidth of what of the kernel is noticeable
 * @param confidence how far the kernel is to be believed
 * @param noise standard deviation, in the units of the image
 * @param low smallest value of the image, but for single pixels: settings are relative to the range from there
 * @param high largest value likewise
 * @param rangePlanes planes of a series that this range was taken from, common to all; 1 if it is the image's own
 * @param unknown pixels that were NaN
 * @param drawn pixels left out because something was drawn there
 * @param outliers pixels replaced because they are dead or hot
 * @param banded whether offsets of rows or columns were taken off
 * @param clipped values of the result that did not fit the type of the image, and were cut off
 */
public record Report(int kernelWidth, int kernelHeight, int extentWidth, int extentHeight, Confidence confidence,
	double noise, double low, double high, int rangePlanes, int unknown, int drawn, int outliers, boolean banded, long clipped)
{

	/** Of the columns and properties, in their order. */
	public static final List<String> NAMES = List.of("kernel_width", "kernel_height", "extent_width", "extent_height",
		"verdict", "expected_error_ratio", "noise_estimated", "range_low", "range_high", "range_planes", "unknown", "drawn", "outliers", "banded",
		"clipped");

	/** {@link #NAMES} as the columns of a CSV file. */
	public static final String COLUMNS = String.join(",", NAMES);

	/**
	 * @param channels that the kernel was estimated from, at least one of them not constant
	 * @param kernel what was found there
	 */
	static Report of(final List<Observation> channels, final Plane kernel, final Confidence confidence) {
		final Extent extent = Extent.of(kernel, Extent.NOTICEABLE);
		double low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY, noise = 0;
		int seen = 0, planes = 1, unknown = 0, drawn = 0, outliers = 0;
		boolean banded = false;
		for (final Observation o : channels) {
			unknown += o.unknown();
			drawn += o.drawn();
			outliers += o.outliers();
			banded |= o.banded();
			if (o.isConstant()) continue;
			low = Math.min(low, o.range().low());
			high = Math.max(high, o.range().high());
			noise += o.noise();
			planes = Math.max(planes, o.rangePlanes());
			seen++;
		}
		return new Report(kernel.width(), kernel.height(), extent.right() - extent.left() + 1, extent.bottom() - extent
			.top() + 1, confidence, noise / seen, low, high, planes, unknown, drawn, outliers, banded, 0);
	}

	/** For an image whose values are {@code offset + scale} times those that this was told of. */
	public Report inUnits(final double scale, final double offset) {
		final double a = offset + scale * low, b = offset + scale * high;
		return new Report(kernelWidth, kernelHeight, extentWidth, extentHeight, confidence, Math.abs(scale) * noise, Math.min(a, b), Math.max(a,
			b), rangePlanes, unknown, drawn, outliers, banded, clipped);
	}

	/** With what happened when the result was put into an image. */
	public Report withClipped(final long values) {
		return new Report(kernelWidth, kernelHeight, extentWidth, extentHeight, confidence, noise, low, high, rangePlanes, unknown, drawn,
			outliers, banded, values);
	}

	/** All of it by name: numbers, and a word for the verdict. */
	public Map<String, Object> values() {
		final Object[] values = { kernelWidth, kernelHeight, extentWidth, extentHeight, confidence.verdict().name()
			.toLowerCase(Locale.ROOT), confidence.expectedErrorRatio(), noise, low, high, rangePlanes, unknown, drawn, outliers, banded ? 1
				: 0, clipped };
		final Map<String, Object> map = new LinkedHashMap<>();
		for (int i = 0; i < values.length; i++)
			map.put(NAMES.get(i), values[i]);
		return map;
	}

	/** The values as texts, in the order of {@link #NAMES}. */
	public List<String> texts() {
		return values().values().stream().map(v -> v instanceof Double d ? String.format(Locale.ROOT, "%.6g", d) : v
			.toString()).toList();
	}

	/** A row below {@link #COLUMNS}. */
	public String csv() {
		return String.join(",", texts());
	}

	/**
	 * The way back from {@link #texts}.
	 *
	 * @throws IllegalArgumentException if they are others
	 */
	public static Report parse(final List<String> texts) {
		if (texts.size() != NAMES.size()) throw new IllegalArgumentException("A report has " + NAMES.size() +
			" values, but these are " + texts.size() + ": " + texts);
		final double[] v = new double[texts.size()];
		for (int i = 0; i < v.length; i++)
			if (!NAMES.get(i).equals("verdict")) v[i] = Double.parseDouble(texts.get(i));
		return new Report((int) v[0], (int) v[1], (int) v[2], (int) v[3], new Confidence(v[5], Verdict.valueOf(texts.get(4)
			.toUpperCase(Locale.ROOT))), v[6], v[7], v[8], (int) v[9], (int) v[10], (int) v[11], (int) v[12], v[13] != 0, (long)
				v[14]);
	}

	/** For people, in one line. */
	public String line() {
		final boolean nothing = extentWidth == 1 && extentHeight == 1 && confidence.verdict() != Verdict.NO_BLUR;
		final List<String> parts = new ArrayList<>(List.of(nothing
			? "No kernel was found that explains the image better than no blur: it is left as it is" + (confidence
				.verdict() == Verdict.DOUBTFUL ? ", which is doubtful" : "") : confidence.sentence()));
		if (confidence.verdict() == Verdict.DOUBTFUL && KernelSearch.mayBeCutOff(Math.max(extentWidth, extentHeight), kernelWidth)) parts
			.add("it fills its frame: if the blur may be larger, try a larger size");
		parts.add(String.format(Locale.ROOT, "kernel %dx%d (extent %dx%d), noise %s, values from %s to %s%s", kernelWidth,
			kernelHeight, extentWidth, extentHeight, number(noise, 3), number(low, 6), number(high, 6), rangePlanes == 1 ? "" :
				" (the range of the series, by " + rangePlanes + " planes)"));
		final List<String> out = new ArrayList<>();
		if (drawn > 0) out.add(drawn + " drawn into the image");
		if (outliers > 0) out.add(outliers + " dead or hot");
		if (unknown > 0) out.add(unknown + " unknown");
		if (!out.isEmpty()) parts.add("pixels left out: " + String.join(", ", out));
		if (banded) parts.add("offsets of rows or columns taken off");
		if (clipped > 0) parts.add(clipped + " values clipped");
		return String.join("; ", parts);
	}

	private static String number(final double value, final int digits) {
		return new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros().toPlainString();
	}
}
