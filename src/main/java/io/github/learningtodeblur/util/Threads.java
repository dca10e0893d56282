package io.github.learningtodeblur.util;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import net.imglib2.parallel.ForkJoinExecutorService;
import net.imglib2.parallel.Parallelization;
import net.imglib2.parallel.TaskExecutor;

/**
 * Splits work over ImgLib2's {@link Parallelization}, so that the caller of the library rules the number of
 * threads. The pieces have a size that does not depend on that number; who adds partial results does so in
 * the order of the pieces, and results are the same for any number of threads.
 */
public final class Threads {

	private Threads() {}

	/** A piece of a range: {@code from} inclusive, {@code to} exclusive. */
	@FunctionalInterface
	public interface Band {

		void run(int from, int to);
	}

	/** How many threads work on a piece of the caller's. */
	public static int count() {
		return count(Parallelization.getTaskExecutor());
	}

	private static int count(final TaskExecutor executor) {
		return callerTakesPart(executor) ? Math.min(Runtime.getRuntime().availableProcessors(), executor.getParallelism() + 1) : executor
			.getParallelism();
	}

	/**
	 * So it does where nobody has ruled the number of threads. They are Java's common ones then, one less than there are
	 * processors, as a caller is meant to work as well; but ImgLib2 lets it wait: on two processors one did nothing.
	 */
	private static boolean callerTakesPart(final TaskExecutor executor) {
		final ForkJoinPool pool = ForkJoinTask.getPool();
		return executor.getExecutorService() instanceof ForkJoinExecutorService && (pool == null || pool == ForkJoinPool.commonPool());
	}

	/**
	 * Runs a task on one of the threads, where these are a {@link ForkJoinPool}: pieces of work it hands out then begin
	 * there at once, and the others only join in, while a caller from outside must be put to sleep and waked up for each.
	 * For what hands out many small pieces, one after the other.
	 */
	public static void runInside(final Runnable task) {
		final TaskExecutor executor = Parallelization.getTaskExecutor();
		if (executor.getParallelism() > 1 && executor.getExecutorService() instanceof ForkJoinPool) executor.forEach(List.of(
			task), Runnable::run);
		else task.run();
	}

	/** Runs {@code task} for 0 to {@code count - 1}, in any order; returns when all are done. */
	public static void forEach(final int count, final IntConsumer task) {
		final TaskExecutor executor = Parallelization.getTaskExecutor();
		if (count <= 1 || count(executor) == 1) {
			for (int i = 0; i < count; i++)
				task.accept(i);
			return;
		}
		if (callerTakesPart(executor)) {
			IntStream.range(0, count).parallel().forEach(task);
			return;
		}
		final List<Integer> indices = IntStream.range(0, count).boxed().collect(Collectors.toList());
		executor.forEach(indices, task::accept);
	}

	/** Cuts 0 to {@code length - 1} into bands of {@code size} (the last may be shorter). */
	public static void forEachBand(final int length, final int size, final Band task) {
		forEach((length + size - 1) / size, i -> task.run(i * size, Math.min(length, (i + 1) * size)));
	}
}
