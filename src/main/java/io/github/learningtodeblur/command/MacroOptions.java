package io.github.learningtodeblur.command;

import java.util.ArrayList;
import java.util.List;

/** The options of a macro's command, of which ImageJ tells only those that one knows. */
final class MacroOptions {

	private MacroOptions() {}

	/**
	 * @param options such as {@code size=9 model=[my model] show}
	 * @return the words that are no values, in their order
	 */
	static List<String> keys(final String options) {
		final List<String> keys = new ArrayList<>();
		for (int at = 0; at < options.length(); at++) {
			if (Character.isWhitespace(options.charAt(at))) continue;
			final int from = at;
			while (at < options.length() && options.charAt(at) != '=' && !Character.isWhitespace(options.charAt(at)))
				at++;
			keys.add(options.substring(from, at));
			if (at < options.length() && options.charAt(at) == '=') at = endOfValue(options, at + 1);
		}
		return keys;
	}

	/** As {@link ij.Macro#getValue} finds it: in brackets, which may hold others, in quotes, or up to a space. */
	private static int endOfValue(final String options, final int from) {
		final char first = from < options.length() ? options.charAt(from) : ' ';
		int depth = 0;
		for (int at = from; at < options.length(); at++) {
			final char c = options.charAt(at);
			if (first == '[') {
				depth += c == '[' ? 1 : c == ']' ? -1 : 0;
				if (depth == 0) return at;
			}
			else if (first == '\'' ? c == first && at > from : Character.isWhitespace(c)) return at;
		}
		return options.length();
	}
}
