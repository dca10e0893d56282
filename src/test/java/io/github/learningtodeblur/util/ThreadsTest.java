package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

import net.imglib2.parallel.Parallelization;
import net.imglib2.parallel.TaskExecutors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadsTest {

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 7 })
	void everyPieceOnce(final int threads) {
		Parallelization.runWithNumThreads(threads, () -> {
			for (final int length : new int[] { 0, 1, 9, 10, 11, 100 }) {
				final AtomicIntegerArray seen = new AtomicIntegerArray(length);
				Threads.forEach(length, seen::incrementAndGet);
				final Set<String> bands = new ConcurrentSkipListSet<>();
				Threads.forEachBand(length, 10, (from, to) -> {
					bands.add(from + "-" + to);
					for (int i = from; i < to; i++)
						seen.incrementAndGet(i);
				});
				final int[] twice = new int[length], counted = new int[length];
				for (int i = 0; i < length; i++) {
					twice[i] = 2;
					counted[i] = seen.get(i);
				}
				assertArrayEquals(twice, counted);
				if (length == 11) assertEquals(Set.of("0-10", "10-11"), bands);
			}
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3 })
	void insideItIsAsOutside(final int threads) {
		final Thread caller = Thread.currentThread();
		Parallelization.runWithNumThreads(threads, () -> {
			assertEquals(threads, Threads.count());
			final Set<Thread> seen = ConcurrentHashMap.newKeySet();
			Threads.runInside(() -> {
				assertEquals(threads, Threads.count());
				assertEquals(threads == 1, Thread.currentThread() == caller, "on one of the threads");
				Threads.forEach(1000, i -> seen.add(Thread.currentThread()));
			});
			assertTrue(seen.size() <= threads, "" + seen);
		});
		assertThrows(IllegalStateException.class, () -> Parallelization.runWithNumThreads(threads, () -> Threads.runInside(() -> {
			throw new IllegalStateException("inside");
		})));
		// threads that hand out nothing themselves
		Parallelization.runWithExecutor(TaskExecutors.fixedThreadPool(3), () -> Threads.runInside(() -> assertEquals(3, Threads
			.count())));
	}

	/** Where nobody has ruled the number of threads, as many pieces are worked on at a time as there are processors. */
	@Test
	void allProcessorsUnlessRuled() throws InterruptedException {
		final int processors = Runtime.getRuntime().availableProcessors();
		assumeTrue(processors > 1, "one processor");
		assertEquals(processors, Threads.count());
		final CountDownLatch together = new CountDownLatch(2);
		final AtomicInteger met = new AtomicInteger();
		Threads.forEach(2, i -> {
			together.countDown();
			try {
				if (together.await(20, TimeUnit.SECONDS)) met.incrementAndGet();
			}
			catch (final InterruptedException e) {
				Thread.currentThread().interrupt();
			}
			final AtomicInteger inner = new AtomicInteger();
			Threads.forEach(50, j -> inner.addAndGet(j));
			assertEquals(49 * 50 / 2, inner.get());
		});
		assertEquals(2, met.get());
		assertThrows(IllegalStateException.class, () -> Threads.forEach(20, i -> {
			if (i == 13) throw new IllegalStateException("13");
		}));
		assertEquals(1, (int) Parallelization.runSingleThreaded(Threads::count));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3 })
	void failuresReachTheCaller(final int threads) {
		assertThrows(RuntimeException.class, () -> Parallelization.runWithNumThreads(threads,
			() -> Threads.forEach(20, i -> {
				if (i == 13) throw new IllegalStateException("13");
			})));
	}
}
