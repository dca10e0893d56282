package io.github.learningtodeblur.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;

class FailuresTest {

	/** Java makes a copy of what is thrown in another thread, and puts the class before the message. */
	@Test
	void theSentenceOfAnotherThread() {
		final Throwable thrown = assertThrows(RuntimeException.class, () -> Parallelization.runWithNumThreads(3, () -> Threads.forEach(64,
			i -> {
				throw new IllegalArgumentException("The sentence");
			})));
		assertEquals("The sentence", Failures.sentence(thrown));
		assertEquals("The sentence", Failures.sentence(new IllegalArgumentException(new IllegalArgumentException("The sentence"))));
		assertEquals("gone", Failures.sentence(new UncheckedIOException(new IOException("gone"))));
		assertEquals("outer", Failures.sentence(new IllegalArgumentException("outer", new IllegalArgumentException("inner"))));
	}
}
