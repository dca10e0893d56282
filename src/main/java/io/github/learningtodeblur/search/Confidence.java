package io.github.learningtodeblur.search;

import java.util.Locale;

/**
 * How far a result is to be believed.
 *
 * @param expectedErrorRatio how many times as large the squared error is expected to be as with the true kernel; 1
 *          if there is no blur
 */
public record Confidence(double expectedErrorRatio, Verdict verdict) {

	/** In a word. */
	public enum Verdict {
		/** The kernel explains the image: of such results, one of fifty is bad at most. */
		CERTAIN,
		/** The kernel is probably right: of six bad results, five are not among these or the certain ones. */
		LIKELY,
		/** The kernel may be wrong: look at it. */
		DOUBTFUL,
		/** The image is as sharp as it can be. */
		NO_BLUR
	}

	/** Of an image that is not blurred. */
	public static final Confidence NO_BLUR = new Confidence(1, Verdict.NO_BLUR);

	/** The same, but doubtful. */
	public Confidence doubted() {
		return new Confidence(expectedErrorRatio, Verdict.DOUBTFUL);
	}

	/** One sentence for people. */
	public String sentence() {
		return switch (verdict) {
			case CERTAIN -> String.format(Locale.ROOT, "The kernel found explains the image (expected error ratio %.1f)",
				expectedErrorRatio);
			case LIKELY -> String.format(Locale.ROOT, "The kernel found is probably right (expected error ratio %.1f)",
				expectedErrorRatio);
			case DOUBTFUL -> String.format(Locale.ROOT,
				"The kernel found is doubtful (expected error ratio %.1f): look at it before you use the result",
				expectedErrorRatio);
			case NO_BLUR -> "No blur found: the image is left as it is. If it is blurred for certain, say so (blurred=true)";
		};
	}
}
