package io.github.learningtodeblur.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

class ArgumentsTest {

	@Test
	void whatIsNotSetIsLeftOut() {
		assertArrayEquals(new String[] { "train", "--out=a b", "--size=${other}" }, Arguments.given("train", "--images=",
			"--fine-tune=${fine-tune}", "--out=a b", "--size=${other}", "--args=${args}"));
	}

	@Test
	void allOthersComeInOneText() {
		assertArrayEquals(new String[] { "train", "--batch=4", "--description=two words", "--loss=plain", "--tied" },
			Arguments.given("train", "--args=--batch=4  --description=\"two words\" '--loss=plain' --tied"));
		assertArrayEquals(new String[] { "train", "--description=Levin's kernels", "--out=/home/o'brien/x", "--seed=2" }, Arguments.given("train",
			"--args=--description=\"Levin's kernels\" --out=/home/o'brien/x --seed=2"));
		assertArrayEquals(new String[] { "train", "--seed=1", "--rate=2" }, Arguments.given("train", "--seed=1", "--rate=1",
			"--args=--rate=2"));
	}

	private static final List<String> PAGES = List.of("README.md", "src/site/command-line.md", "src/site/training.md",
		"src/site/scripting.md", "models/BENCHMARKS.md", "models/README.md");

	/** A name in the build file that no command knows would stop it; one that the pages promise must be there. */
	@Test
	void optionsOfTheBuildFileAndOfThePagesAreKnown() throws IOException {
		final String pom = Files.readString(Path.of("pom.xml"));
		final CommandLine main = new CommandLine(new Main());
		final Set<String> named = new TreeSet<>();
		for (final String execution : pom.split("<execution>")) {
			final Matcher command = Pattern.compile("<argument>\\$\\{main-class}</argument>\\s*<argument>([\\w-]+)</argument>")
				.matcher(execution);
			if (!command.find()) continue;
			final CommandLine sub = main.getSubcommands().get(command.group(1));
			final Matcher option = Pattern.compile("<argument>(--[a-z-]+)=\\$\\{([a-z-]+)}</argument>").matcher(execution);
			while (option.find()) {
				assertEquals("--" + option.group(2), option.group(1));
				named.add(option.group(2));
				if (!option.group(1).equals("--args")) assertTrue(sub.getCommandSpec().findOption(option.group(1)) != null,
					command.group(1) + " " + option.group(1));
			}
		}
		final Set<String> promised = new TreeSet<>();
		for (final String page : PAGES)
			for (final Matcher m = Pattern.compile("-D([a-z-]+)(?==|`)").matcher(Files.readString(Path.of(page))); m.find();)
				promised.add(m.group(1));
		assertTrue(promised.size() > 20, "only " + promised);
		promised.removeAll(named);
		assertEquals(Set.of(), promised);
	}

	/** Files that the pages point to are there. */
	@Test
	void linksLeadSomewhere() throws IOException {
		int links = 0;
		for (final String page : PAGES)
			for (final Matcher m = Pattern.compile("\\]\\((?!https?:)([^)#]+)[^)]*\\)").matcher(Files.readString(Path.of(page))); m.find(); links++)
				assertTrue(Files.exists(Path.of(page).toAbsolutePath().resolveSibling(m.group(1))), page + ": " + m.group(1));
		assertTrue(links > 20, "only " + links);
	}
}
