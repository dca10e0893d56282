package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

import io.github.learningtodeblur.train.Imperfections;
import picocli.CommandLine.Option;

/** The options that say which cases of the suite to take. */
final class SuiteSelection {

	@Option(names = "--images", split = ";", paramLabel = "CLASS=FOLDER,...",
		description = "pictures that no training sees; classes are parted by semicolons")
	private Map<String, String> images = Map.of();

	@Option(names = "--trained", split = ";", paramLabel = "CLASS=FOLDER,...",
		description = "folders that trainings use: of these, the tenth that they hold out")
	private Map<String, String> trained = Map.of();

	@Option(names = "--benchmark-images", split = ";", paramLabel = "CLASS=FOLDER,...",
		description = "pictures that belong to the believed half only")
	private Map<String, String> benchmarks = Map.of();

	@Option(names = "--kernel-files", split = ";", paramLabel = "SOURCE=FOLDER,...",
		description = "measured kernels in convolution orientation, for the believed half only")
	private Map<String, String> kernelFiles = Map.of();

	@Option(names = "--stretch", split = ",", description = "classes that are stretched from black to white")
	private Set<String> stretch = Set.of("microscopy");

	@Option(names = "--invert", split = ",", description = "classes of which every second picture is inverted")
	private Set<String> invert = Set.of("text");

	@Option(names = "--tiles", description = "files whose name begins so, and ends with two digits, are parts of one photograph")
	private String tiles = "wall_";

	@Option(names = "--half", description = "tune: by which settings may be chosen; believe; or both")
	private String half = "both";

	@Option(names = "--every", description = "only one of so many cases, of all kinds alike")
	private int every = 1;

	@Option(names = "--first", description = "which of these parts, from 0")
	private int first;

	@Option(names = "--cases", description = "regular expression found in the names of the cases to run")
	private String cases = "";

	@Option(names = "--sizes", split = ",", description = "kernel sizes, from small to large; default: those of the suite")
	private List<Integer> sizes = SuiteCases.SIZES;

	@Option(names = "--side", description = "largest side of the pictures in pixels (default ${DEFAULT-VALUE}); much smaller ones are left out")
	private int side = SuiteCases.SIDE;

	@Option(names = "--imperfect",
		description = "blur that changes a little over every second picture, and every fifth a JPEG, as pictures of cameras have it")
	private boolean imperfect;

	@Option(names = "--seed", description = "another one gives other cases")
	private long seed = 1;

	/** Another one gives other cases. */
	long seed() {
		return seed;
	}

	/** Those cases. */
	List<SuiteCases.Case> chosen() throws IOException {
		return chosen(SuiteCases::all);
	}

	/** The same of all pictures, each once. */
	List<SuiteCases.Case> pictures() throws IOException {
		return chosen(SuiteCases::pictures);
	}

	private List<SuiteCases.Case> chosen(final Function<SuiteCases, List<SuiteCases.Case>> of) throws IOException {
		if (every < 1 || first < 0 || first >= every) throw new IllegalArgumentException(
			"--every must be at least 1, and --first at least 0 and smaller, got " + every + " and " + first);
		if (!List.of("tune", "believe", "both").contains(half)) throw new IllegalArgumentException(
			"--half must be tune, believe or both, got " + half);
		if (images.isEmpty() && trained.isEmpty()) throw new IllegalArgumentException(
			"Folders of pictures are needed: --images or --trained, such as --images=photos=FOLDER");
		final SuiteCases suite = new SuiteCases(new SuiteCases.Folders(folders(images), folders(trained), folders(benchmarks),
			folders(kernelFiles)), new SuiteCases.Treatment(stretch, invert, tiles), sizes, side, imperfect
				? Imperfections.OF_CAMERAS : Imperfections.NONE, seed);
		final List<SuiteCases.Case> all = of.apply(suite).stream().filter(c -> half.equals("both") || c.half.name()
			.equalsIgnoreCase(half)).toList();
		final Pattern pattern = Pattern.compile(cases);
		final List<SuiteCases.Case> chosen = all.stream().filter(c -> c.isIn(first, every) && pattern.matcher(c.name).find())
			.toList();
		if (chosen.isEmpty()) throw new IllegalArgumentException("No case is left of " + all.size());
		System.out.println(chosen.size() + " of " + all.size() + " cases");
		return chosen;
	}

	private static Map<String, List<Path>> folders(final Map<String, String> options) throws IOException {
		final Map<String, List<Path>> folders = new LinkedHashMap<>();
		for (final Map.Entry<String, String> e : options.entrySet()) {
			final List<Path> list = Arrays.stream(e.getValue().split(",")).map(Path::of).toList();
			for (final Path folder : list)
				if (!Files.isDirectory(folder)) throw new IOException("There is no folder " + folder);
			folders.put(e.getKey(), list);
		}
		return folders;
	}
}
