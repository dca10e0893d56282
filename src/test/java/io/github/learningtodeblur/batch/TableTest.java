package io.github.learningtodeblur.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {

	@TempDir
	Path folder;

	@Test
	void rowsAreSortedAndReplaced() throws IOException {
		final Table table = new Table(folder, "name,why");
		assertFalse(table.has("b"));
		table.put("b", "b,");
		table.put("a, \"1\"", Table.field("a, \"1\"") + "," + Table.field("two\nlines"));
		table.put("b", "b,again");
		assertTrue(table.has("b"));
		assertEquals(List.of("name,why", "\"a, \"\"1\"\"\",\"two lines\"", "b,again"), Files.readAllLines(table.gather()));
	}

	/** Whoever gathers last, and whatever the others do meanwhile. */
	@Test
	void noRowIsMissingAtTheEnd() throws Exception {
		final ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			final List<Callable<Path>> jobs = IntStream.range(0, 8).mapToObj(j -> (Callable<Path>) () -> {
				final Table mine = new Table(folder, "name");
				for (int i = 0; i < 5; i++) {
					mine.put(j + "-" + i, j + "-" + i);
					mine.gather();
				}
				return mine.gather();
			}).toList();
			for (final Future<Path> f : threads.invokeAll(jobs))
				f.get();
		}
		finally {
			threads.shutdown();
		}
		assertEquals(41, Files.readAllLines(folder.resolve(Table.FILE)).size());
	}
}
