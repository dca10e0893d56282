package io.github.learningtodeblur.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.batch.Outcome;
import io.github.learningtodeblur.batch.Outcome.Kind;
import net.imglib2.parallel.Parallelization;

/** What Spark is asked for, with pieces that are numbers. */
class SparkTest {

	/** Seen by all tasks, as they are threads of this program. */
	private static final AtomicInteger TOOLS = new AtomicInteger(), MADE = new AtomicInteger();
	private static final Map<Integer, Integer> TRIED = new ConcurrentHashMap<>();
	private static final Map<Object, Boolean> BUSY = new ConcurrentHashMap<>();

	@BeforeEach
	void start() {
		TOOLS.set(0);
		MADE.set(0);
		TRIED.clear();
		Masters.local(2);
	}

	@AfterEach
	void forget() {
		Masters.forget();
	}

	/** Counts how many are open. */
	private static final class Tool implements AutoCloseable {

		@Override
		public void close() {
			TOOLS.decrementAndGet();
		}
	}

	/** Piece n fails n times, and needs its tool for itself. */
	private record Stubborn() implements Spark.Job<Integer, Tool> {

		@Override
		public Tool tool() {
			TOOLS.incrementAndGet();
			MADE.incrementAndGet();
			return new Tool();
		}

		@Override
		public Outcome work(final Tool tool, final Integer piece) throws InterruptedException {
			assertEquals(null, BUSY.put(System.identityHashCode(tool), true), "two tasks with one tool");
			Thread.sleep(5);
			BUSY.remove(System.identityHashCode(tool));
			final int threads = Parallelization.getTaskExecutor().getParallelism();
			return new Outcome("" + piece, TRIED.merge(piece, 1, Integer::sum) > piece ? Kind.DONE : Kind.FAILED, "threads " + threads);
		}
	}

	@Test
	void failedPiecesAreTriedAgain() {
		try (Spark spark = new Spark("test")) {
			final List<Outcome> outcomes = spark.run(new Stubborn(), List.of(2, 0, 1, 3, 0), 2);
			assertEquals(List.of("2", "0", "1", "3", "0"), outcomes.stream().map(Outcome::piece).toList());
			assertEquals(List.of(Kind.DONE, Kind.DONE, Kind.DONE, Kind.FAILED, Kind.DONE), outcomes.stream().map(Outcome::kind).toList());
			assertEquals(Map.of(0, 2, 1, 2, 2, 3, 3, 3), TRIED);
		}
	}

	@Test
	void asManyToolsAsThreads() {
		try (Spark spark = new Spark("test")) {
			final List<Outcome> outcomes = spark.run(new Stubborn(), IntStream.range(0, 30).mapToObj(i -> 0).toList(), 0);
			assertTrue(outcomes.stream().allMatch(o -> o.text().equals("threads 1")), outcomes.toString());
		}
		assertTrue(MADE.get() >= 1 && MADE.get() <= 2, "tools: " + MADE);
		assertEquals(0, TOOLS.get(), "still open");
	}

	/** Tasks to which Spark gives more cores use them. */
	@Test
	void threadsAreThoseOfATask() {
		System.setProperty("spark.task.cpus", "2");
		try (Spark spark = new Spark("test")) {
			assertEquals("threads 2", spark.run(new Stubborn(), List.of(0), 0).get(0).text());
		}
	}
}
