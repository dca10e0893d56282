package io.github.learningtodeblur.files;

import java.io.IOException;

/** Why a file is not read: a sentence without its subject, which is the file. */
final class Refusal extends IOException {

	private static final long serialVersionUID = 1;

	Refusal(final String predicate) {
		super(predicate);
	}

	/** Declared sizes may be anything in a damaged file: they are compared with its bytes before memory is taken. */
	static void checkSize(final long width, final long height, final double bytes, final double possible)
		throws Refusal
	{
		if (width < 1 || height < 1 || width * (double) height > Integer.MAX_VALUE - 8) throw new Refusal(
			width > 0 && height > 0 ? "is damaged or too large: it describes an image of " + width + "x" +
				height + " pixels" : "is damaged: it describes an image of " + width + "x" + height + " pixels");
		if (bytes > possible) throw new Refusal("is damaged or cut: it describes an image of " + width + "x" +
			height + " pixels, for which it is too short");
	}
}
