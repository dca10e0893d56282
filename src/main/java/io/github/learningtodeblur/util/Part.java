package io.github.learningtodeblur.util;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of several parts of a list of work, for machines that share it without knowing of each other, such as the jobs of an
 * array on a cluster. Together, the parts are the list, each thing once; neighbours go to different parts, as they take about
 * as long.
 *
 * @param number from 1
 * @param count of all parts, at least {@code number}
 */
public record Part(int number, int count) {

	/** All of it, as users write it. */
	public static final String WHOLE = "1/1";

	private static final Pattern TEXT = Pattern.compile("\\s*(\\d{1,9})\\s*/\\s*(\\d{1,9})\\s*");

	public Part {
		if (number < 1 || number > count) throw new IllegalArgumentException("There is no part " + number + " of " + count +
			": parts count from 1");
	}

	/**
	 * @param text such as "3/50", the third of fifty
	 * @throws IllegalArgumentException if it is no such text
	 */
	public static Part parse(final String text) {
		final Matcher m = TEXT.matcher(text);
		if (!m.matches()) throw new IllegalArgumentException("A part is written as i/n, such as 3/50 for the third of fifty, got \"" +
			text + "\"");
		return new Part(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
	}

	/** Every so-manyth thing of a list that is the same, in the same order, for all parts. */
	public <T> List<T> of(final List<T> all) {
		final List<T> mine = new ArrayList<>();
		for (int i = number - 1; i < all.size(); i += count)
			mine.add(all.get(i));
		return mine;
	}

	@Override
	public String toString() {
		return number + "/" + count;
	}
}
