package io.github.learningtodeblur.cluster.zarr;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Another program that reads and writes Zarr, and the files that it has written; see {@code python_zarr.py}. */
public final class PythonZarr {

	private static final String PYTHON = "/usr/bin/python3", HERE = "src/spark/test/io/github/learningtodeblur/cluster/zarr/";

	private PythonZarr() {}

	/** Its files. */
	public static void unpack(final Path folder) throws IOException {
		try (InputStream in = Files.newInputStream(Path.of(HERE + "python-zarr.zip")); ZipInputStream zip = new ZipInputStream(in)) {
			for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
				final Path file = folder.resolve(e.getName());
				if (e.isDirectory()) Files.createDirectories(file);
				else {
					Files.createDirectories(file.getParent());
					Files.copy(zip, file);
				}
			}
		}
	}

	static boolean isThere() {
		try {
			return new ProcessBuilder(PYTHON, "-c", "import zarr").start().waitFor() == 0;
		}
		catch (final IOException | InterruptedException e) {
			return false;
		}
	}

	/** What it says of an array; without it, the test is skipped. */
	static String read(final Path array) throws IOException {
		assumeTrue(isThere(), "no python3-zarr");
		final Process python = new ProcessBuilder(PYTHON, HERE + "python_zarr.py", "read", array.toString()).redirectErrorStream(true)
			.start();
		return new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
	}
}
