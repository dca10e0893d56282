package io.github.learningtodeblur.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Maven hands over: every option that a build file names, also those the user has not set, and in one text all
 * others.
 */
final class Arguments {

	/** <code>--model=</code>, or <code>--model=${model}</code> with Maven's name left as it is. */
	private static final Pattern NOT_SET = Pattern.compile("--([a-z-]+)=(\\$\\{\\1})?");
	private static final String OTHERS = "--args=";
	/** Words, in which quotes keep spaces together; one alone is an apostrophe. */
	private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*'|[\"'])+");
	private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"|'([^']*)'");

	private Arguments() {}

	/** As a user of the command line would have written them. Of an option given twice, the text counts. */
	static String[] given(final String... args) {
		final List<String> named = new ArrayList<>(), others = new ArrayList<>();
		for (final String a : args) {
			if (NOT_SET.matcher(a).matches()) continue;
			if (!a.startsWith(OTHERS)) named.add(a);
			else for (final Matcher m = WORD.matcher(a.substring(OTHERS.length())); m.find();)
				others.add(QUOTED.matcher(m.group()).replaceAll(q -> Matcher.quoteReplacement(q.group(1) != null ? q.group(1) : q.group(2))));
		}
		named.removeIf(n -> n.startsWith("--") && n.contains("=") && others.stream().anyMatch(o -> o.startsWith(n.substring(0,
			n.indexOf('=') + 1))));
		named.addAll(others);
		return named.toArray(String[]::new);
	}
}
