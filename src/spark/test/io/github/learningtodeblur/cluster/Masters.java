package io.github.learningtodeblur.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What spark-submit tells a program: which cluster, in the form of system properties. */
final class Masters {

	private Masters() {}

	private static Map<String, String> usual(final String master) {
		return new TreeMap<>(Map.of("spark.master", master, "spark.ui.enabled", "false", "spark.driver.host", "127.0.0.1",
			"spark.driver.bindAddress", "127.0.0.1"));
	}

	/** Threads of this program. */
	static void local(final int threads) {
		usual("local[" + threads + "]").forEach(System::setProperty);
	}

	/** Two executors of one core each, in Java programs of their own. */
	static void cluster(final Path folder) throws IOException {
		// Spark starts them from its installation, of which nothing but this is asked
		final Path home = Path.of(System.getenv("SPARK_HOME"));
		Files.createDirectories(home.resolve("jars"));
		Files.writeString(home.resolve("RELEASE"), "");
		final Map<String, String> settings = usual("local-cluster[2,1,1024]");
		settings.put("spark.executor.memory", "700m");
		settings.put("spark.executor.extraClassPath", System.getProperty("java.class.path"));
		settings.put("spark.local.dir", folder.toString());
		settings.forEach(System::setProperty);
	}

	/** For a program of its own. */
	static List<String> options(final String master) {
		final List<String> options = new ArrayList<>(List.of(System.getProperty("spark.opens").split(" ")));
		options.add("-Xmx700m");
		usual(master).forEach((key, value) -> options.add("-D" + key + "=" + value));
		return options;
	}

	static void forget() {
		System.getProperties().stringPropertyNames().stream().filter(n -> n.startsWith("spark.") && !n.equals("spark.opens")).forEach(
			System::clearProperty);
	}

	/** The executors that this program has started. */
	static List<ProcessHandle> executors() {
		try (Stream<ProcessHandle> all = ProcessHandle.current().descendants()) {
			return all.filter(p -> p.info().command().orElse("").endsWith("java")).toList();
		}
	}
}
