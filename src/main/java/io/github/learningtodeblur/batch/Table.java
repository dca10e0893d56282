package io.github.learningtodeblur.batch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.learningtodeblur.util.WholeFile;

/**
 * A table to which many machines write at the same time: each row is a file of its own, so that none is lost or cut, and written
 * again, it is replaced. All together become one CSV file.
 */
public final class Table {

	/** Of the table's file, and of the folder of its rows. */
	public static final String FILE = "table.csv", ROWS = "rows";

	private static final String CSV = ".csv";

	private final Path folder;
	private final String columns;

	/**
	 * @param folder that holds the table; exists
	 * @param columns their names, separated by commas
	 */
	public Table(final Path folder, final String columns) {
		this.folder = folder;
		this.columns = columns;
	}

	/**
	 * Writes a row, or replaces it.
	 *
	 * @param key name of the row, fit for a file; rows are sorted by it
	 * @param row as in the CSV file
	 */
	public void put(final String key, final String row) throws IOException {
		final Path rows = Files.createDirectories(folder.resolve(ROWS));
		WholeFile.write(rows.resolve(key + CSV), out -> out.write(row.getBytes(StandardCharsets.UTF_8)));
	}

	/** Whether a row was written. */
	public boolean has(final String key) {
		return Files.exists(folder.resolve(ROWS).resolve(key + CSV));
	}

	/** Writes the CSV file from all rows that are there, those of others, too. */
	public Path gather() throws IOException {
		final Path file = folder.resolve(FILE);
		List<String> written, there = rows();
		do {
			written = there;
			final String text = columns + "\n" + String.join("\n", written) + (written.isEmpty() ? "" : "\n");
			WholeFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
			there = rows(); // others may have written their last row and this file meanwhile: the last to look has it all
		}
		while (!there.equals(written));
		return file;
	}

	private List<String> rows() throws IOException {
		final List<String> rows = new ArrayList<>();
		if (!Files.isDirectory(folder.resolve(ROWS))) return rows;
		try (Stream<Path> files = Files.list(folder.resolve(ROWS))) {
			for (final Path file : files.filter(f -> !f.getFileName().toString().startsWith(".") && f.toString().endsWith(CSV))
				.sorted().toList())
				rows.add(Files.readString(file));
		}
		catch (final NoSuchFileException e) {
			return rows(); // a row that was replaced just now
		}
		return rows;
	}

	/** A text as a field of the table. */
	public static String field(final String text) {
		return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replaceAll("\\s+", " ").replace("\"", "\"\"") + '"' : text;
	}
}
