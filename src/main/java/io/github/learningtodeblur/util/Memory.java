package io.github.learningtodeblur.util;

import java.util.Locale;

/** How much of it there is, and what to say if there is too little. */
public final class Memory {

	private Memory() {}

	/** Bytes that can still be allocated, garbage included. */
	public static long free() {
		final Runtime r = Runtime.getRuntime();
		return r.maxMemory() - r.totalMemory() + r.freeMemory();
	}

	/** Whether so many bytes can be had, if need be after garbage is collected. */
	public static boolean has(final long bytes) {
		if (bytes > Runtime.getRuntime().maxMemory()) return false;
		if (bytes > free()) System.gc();
		return bytes <= free();
	}

	/**
	 * One sentence.
	 *
	 * @param needed bytes, roughly; 0 if not known
	 * @param program whose limit it is
	 * @param remedy how to raise the limit, and what needs less
	 */
	public static String shortage(final long needed, final String program, final String remedy) {
		return "Not enough memory: " + (needed > 0 ? "about " + size(needed) + " are needed, and " : "") + program +
			" may use " + size(Runtime.getRuntime().maxMemory()) + " " + remedy;
	}

	/** The same for the command line. */
	public static String shortage(final long needed) {
		// with room for what is not known so well
		final long gigabytes = 1 + Math.max(needed + needed / 4, Runtime.getRuntime().maxMemory()) / (1 << 30);
		return shortage(needed, "Java", "(with the environment variable JDK_JAVA_OPTIONS=-Xmx" + gigabytes +
			"g, more); a smaller image needs less");
	}

	private static String size(final long bytes) {
		return bytes < 1L << 30 ? Math.max(1, bytes >> 20) + " MB" : String.format(Locale.ROOT, "%.1f GB",
			bytes / (double) (1L << 30));
	}
}
