package io.github.learningtodeblur.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
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

	/** Two machines end at the same time: whoever writes the table last has the row of the other. */
	@Test
	void noRowIsMissingAtTheEnd() throws Exception {
		final ExecutorService threads = Executors.newFixedThreadPool(2);
		try {
			for (int round = 0; round < 300; round++) {
				final Path here = Files.createDirectory(folder.resolve("" + round));
				final CyclicBarrier start = new CyclicBarrier(2);
				final List<Callable<Path>> jobs = IntStream.range(0, 2).mapToObj(j -> (Callable<Path>) () -> {
					final Table mine = new Table(here, "name");
					start.await();
					mine.put("" + j, "row " + j);
					return mine.gather();
				}).toList();
				for (final Future<Path> f : threads.invokeAll(jobs))
					f.get();
				assertEquals(List.of("name", "row 0", "row 1"), Files.readAllLines(here.resolve(Table.FILE)), "round " + round);
			}
		}
		finally {
			threads.shutdown();
		}
	}
}
