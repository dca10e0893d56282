package io.github.learningtodeblur;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** Dependencies between packages point down only, and each foreign library stays where it belongs. */
class ArchitectureTest {

	private static final List<Path> SOURCES = List.of(Path.of("src/main/java"), Path.of("src/spark/java"));
	private static final String OURS = "io.github.learningtodeblur";

	private static final String ANY = "*";
	private static final String ROOT = "(root)";

	/** What a package may use of ours, besides itself. */
	private static final Map<String, Set<String>> ALLOWED = Map.ofEntries( //
		Map.entry("util", Set.of()), //
		Map.entry("model", Set.of("util")), //
		Map.entry("backend", Set.of("backend.cpu", "backend.cuda", "util")), // Backends only, see below
		Map.entry("backend.cpu", Set.of("backend", "util")), //
		Map.entry("backend.cuda", Set.of("backend", "util")), //
		Map.entry("net", Set.of("model", "backend", "util")), //
		Map.entry("observe", Set.of("util")), //
		Map.entry("restore", Set.of("observe", "net", "model", "backend", "util")), //
		Map.entry("search", Set.of("net", "restore", "model", "backend", "util")), //
		Map.entry("modules", Set.of("net", "model", "restore", "observe", "backend", "util")), //
		Map.entry("evaluate", Set.of("util")), //
		Map.entry("files", Set.of("util")), //
		Map.entry("train", Set.of("net", "model", "restore", "search", "backend", "files", "util")), //
		Map.entry(ROOT, Set.of("modules", "observe", "net", "model", "restore", "search", "backend", "util")), //
		Map.entry("batch", Set.of(ROOT, "files", "modules", "model", "restore", "search", "backend", "util")), //
		Map.entry("cli", Set.of(ANY)), //
		Map.entry("command", Set.of(ANY)), //
		Map.entry("cluster", Set.of("cluster.zarr", "cli", "batch", "backend", "files", "model", "restore", "search", "util", ROOT)), //
		Map.entry("cluster.zarr", Set.of("util")));

	/** Who may use a foreign package. */
	private static final Map<String, Set<String>> FOREIGN = Map.ofEntries( //
		Map.entry("ij", Set.of("files", "cli", "command")), //
		Map.entry("net.imagej", Set.of("command")), //
		Map.entry("org.scijava", Set.of("util", "restore", "train", "command")), //
		Map.entry("javax.swing", Set.of()), // dialogs are made by ImageJ and SciJava
		Map.entry("picocli", Set.of("cli", "cluster")), //
		Map.entry("org.apache.spark", Set.of("cluster")), //
		Map.entry("com.scalableminds", Set.of("cluster.zarr")), //
		Map.entry("com.github.luben", Set.of("cluster.zarr")), //
		Map.entry("com.drew", Set.of("files")), //
		Map.entry("com.twelvemonkeys", Set.of()), // found by ImageIO; Fiji may lack it
		Map.entry("com.google.gson", Set.of("model", "train", "cluster.zarr")), //
		Map.entry("org.jtransforms", Set.of("backend.cpu")), //
		Map.entry("jcuda", Set.of("backend.cuda")), //
		Map.entry("jdk.incubator.vector", Set.of("backend.cpu")), //
		Map.entry("net.imglib2", Set.of("util", "restore", "modules", "evaluate", "train", ROOT, "batch", "cli", "command",
			"cluster", "cluster.zarr")));

	/** Also what is named in full in the code. */
	private static final Pattern OUR_NAMES = Pattern.compile("\\b" + Pattern.quote(OURS) +
		"((?:\\.[a-z]\\w*)*)\\.[A-Z*]");
	private static final Pattern IMPORT = Pattern.compile("(?m)^import\\s+(?:static\\s+)?([\\w.]+)");
	private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*");

	private record Source(Path file, String home, String code) {}

	@Test
	void ourPackagesDependDownwardsOnly() throws IOException {
		final Set<String> offences = new TreeSet<>();
		for (final Source s : sources()) {
			final Set<String> allowed = ALLOWED.get(s.home);
			assertTrue(allowed != null, "Package " + s.home + " is new: say here what it may use");
			for (final String used : ourPackages(s.code))
				if (!used.equals(s.home) && !allowed.contains(used) && !allowed.contains(ANY)) offences.add(
					s.file + " uses " + used);
		}
		assertEquals(Set.of(), offences);
	}

	@Test
	void foreignLibrariesStayWhereTheyBelong() throws IOException {
		final Set<String> offences = new TreeSet<>();
		for (final Source s : sources())
			for (final String name : imports(s.code))
				FOREIGN.forEach((library, homes) -> {
					if (name.startsWith(library + ".") && !homes.contains(s.home)) offences.add(s.file +
						" imports " + name);
				});
		assertEquals(Set.of(), offences);
	}

	/** Devices are named in one place. */
	@Test
	void onlyBackendsKnowsTheDevices() throws IOException {
		final Set<String> files = new TreeSet<>();
		for (final Source s : sources())
			if (!s.home.startsWith("backend.") && ourPackages(s.code).stream().anyMatch(
				p -> p.startsWith("backend."))) files.add(s.file.getFileName().toString());
		assertEquals(Set.of("Backends.java"), files);
	}

	/** Any other class would fail to load where the JVM was started without the module. */
	@Test
	void onlyOneClassNeedsTheVectorModule() throws IOException {
		final Set<String> files = new TreeSet<>();
		for (final Source s : sources())
			for (final String name : imports(s.code))
				if (name.startsWith("jdk.")) files.add(s.file.getFileName().toString());
		assertEquals(Set.of("VectorKernels.java"), files);
	}

	/** The search itself. */
	@Test
	void findsNames() {
		final String code = COMMENT.matcher("import " + OURS + ".net.Stage; // " + OURS + ".no.No\n" +
			"import static " + OURS + ".backend.cpu.A.b;\n/* " + OURS + ".no.No */ new " + OURS +
			".util.Plane(" + OURS + ".Deblurring.X)").replaceAll("");
		assertEquals(List.of("net", "backend.cpu", "util", ROOT), ourPackages(code));
		assertEquals(List.of(OURS + ".net.Stage", OURS + ".backend.cpu.A.b"), imports(code));
	}

	private static List<Source> sources() throws IOException {
		final List<Source> list = new ArrayList<>();
		for (final Path folder : SOURCES) {
			final Path root = folder.resolve(OURS.replace('.', '/'));
			try (Stream<Path> files = Files.walk(root)) {
				for (final Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
					final String home = root.relativize(file.getParent()).toString().replace('\\', '/').replace('/', '.');
					list.add(new Source(folder.relativize(file), home.isEmpty() ? ROOT : home, COMMENT.matcher(Files.readString(file))
						.replaceAll("")));
				}
			}
		}
		assertTrue(list.size() > 30, "found only " + list.size() + " source files in " + SOURCES);
		return list;
	}

	private static List<String> ourPackages(final String code) {
		return OUR_NAMES.matcher(code).results().map(m -> m.group(1).isEmpty() ? ROOT : m.group(1)
			.substring(1)).toList();
	}

	private static List<String> imports(final String code) {
		final List<String> names = new ArrayList<>();
		for (final Matcher m = IMPORT.matcher(code); m.find();)
			names.add(m.group(1));
		return names;
	}
}
