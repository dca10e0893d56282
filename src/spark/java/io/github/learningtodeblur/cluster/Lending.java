package io.github.learningtodeblur.cluster;

import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

import org.apache.spark.TaskContext;

import net.imglib2.parallel.Parallelization;

/**
 * Lends to tasks what is costly to make and serves one of them at a time, such as a network with its memory: an executor makes as many as
 * it runs tasks side by side. Threads would not do to keep them, as Spark lets idle ones go.
 */
final class Lending {

	private static final Map<String, Deque<AutoCloseable>> IDLE = new ConcurrentHashMap<>();

	private Lending() {}

	/** What is done with the thing lent. */
	@FunctionalInterface
	interface Work<T, R> {

		R with(T thing) throws Exception;
	}

	/**
	 * Runs a piece of a task with as many threads as Spark reserves for it. A thing that was in use when something was thrown is not lent
	 * again.
	 *
	 * @param name of the things, alike for all tasks of a run
	 * @param maker of another one, if none is idle
	 */
	static <T extends AutoCloseable, R> R lend(final String name, final Callable<T> maker, final Work<T, R> work) throws Exception {
		final Deque<AutoCloseable> idle = IDLE.computeIfAbsent(name, n -> new ConcurrentLinkedDeque<>());
		final AutoCloseable there = idle.poll();
		@SuppressWarnings("unchecked") // of this name, they are all of a kind
		final T thing = there == null ? maker.call() : (T) there;
		boolean whole = false;
		try {
			final R result = Parallelization.runWithNumThreads(TaskContext.get().cpus(), () -> work.with(thing));
			whole = true;
			return result;
		}
		finally {
			if (whole) idle.push(thing);
			else thing.close();
		}
	}

	/** Closes what this program has made; executors end with their run. */
	static void end(final String name) {
		final Deque<AutoCloseable> idle = IDLE.remove(name);
		if (idle == null) return;
		for (final AutoCloseable thing : idle)
			try {
				thing.close();
			}
			catch (final Exception e) {
				throw new IllegalStateException(e);
			}
	}
}
