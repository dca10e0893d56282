package io.github.learningtodeblur.train;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Standard deviations of Gaussian noise, in units of the range [0, 1], between which every example draws its own, see {@link ExamplePlan}.
 *
 * @param min from 0
 * @param max to 1; often the same
 */
public record NoiseRange(double min, double max) {

	private static final String NUMBER = "(\\d*\\.?\\d+(?:[eE][-+]?\\d+)?)";
	private static final Pattern TEXT = Pattern.compile(NUMBER + "(?:\\s*-\\s*" + NUMBER + ")?");

	public NoiseRange {
		if (!(min >= 0 && min <= max && max <= 1)) throw new IllegalArgumentException(
			"Noise must be a number or a range between 0 and 1, got " + min + " to " + max);
	}

	/** Always the same. */
	public static NoiseRange of(final double deviation) {
		return new NoiseRange(deviation, deviation);
	}

	/**
	 * What users write.
	 *
	 * @param text a number, or two with a dash between them
	 */
	public static NoiseRange parse(final String text) {
		final Matcher m = TEXT.matcher(text.strip());
		if (!m.matches()) throw new IllegalArgumentException(
			"Noise is a number or a range such as 0-0.02, got \"" + text + "\"");
		final double min = Double.parseDouble(m.group(1));
		return new NoiseRange(min, m.group(2) == null ? min : Double.parseDouble(m.group(2)));
	}

	/** For a model's description: "0.01", or "0.0 to 0.02". */
	@Override
	public String toString() {
		return min == max ? "" + min : min + " to " + max;
	}
}
