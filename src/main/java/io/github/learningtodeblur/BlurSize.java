package io.github.learningtodeblur;

import java.io.Serializable;

import io.github.learningtodeblur.search.KernelSearch;

/**
 * How large a blur is looked for.
 *
 * @param pixels side of the smallest square that holds the largest kernel, 1 to {@value KernelSearch#LARGEST_KERNEL}; 0 for any
 */
public record BlurSize(int pixels) implements Serializable {

	/** The word for {@link #AUTOMATIC}. */
	public static final String AUTO = "auto";

	/**
	 * The model's largest size that the image is large enough for or, with refinement, a smaller scale that makes the image
	 * sharper. In larger images, larger blurs are looked for as well, with the refinement.
	 */
	public static final BlurSize AUTOMATIC = new BlurSize(0);

	public BlurSize {
		if (pixels < 0 || pixels > KernelSearch.LARGEST_KERNEL) throw new IllegalArgumentException(wrong("" + pixels));
	}

	/**
	 * As users write it: {@value #AUTO}, nothing at all, or a number of pixels.
	 *
	 * @throws IllegalArgumentException if it is none of these
	 */
	public static BlurSize parse(final String text) {
		final String word = text.strip();
		if (word.isEmpty() || word.equalsIgnoreCase(AUTO)) return AUTOMATIC;
		final int number = word.matches("[0-9]{1,9}") ? Integer.parseInt(word) : 0;
		if (number == 0) throw new IllegalArgumentException(wrong(text));
		return new BlurSize(number);
	}

	private static String wrong(final String text) {
		return "The largest blur size must be \"" + AUTO + "\" or a number of pixels up to " + KernelSearch.LARGEST_KERNEL +
			", got \"" + text + "\"";
	}

	public boolean isAutomatic() {
		return pixels == 0;
	}

	@Override
	public String toString() {
		return isAutomatic() ? AUTO : "" + pixels;
	}
}
