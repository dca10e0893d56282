package io.github.learningtodeblur.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.imglib2.parallel.Parallelization;

class BatchAtOnceTest {

	@ParameterizedTest(name = "{0} threads, {1}x{1} pixels: {2}")
	@CsvSource({ "1,256,1", "1,64,1", "2,256,4", "2,1000,4", "2,128,8", "3,256,6" })
	void severalForEachThread(final int threads, final int side, final int expected) {
		final CpuBackend backend = new CpuBackend();
		assertEquals(expected, Parallelization.runWithNumThreads(threads, () -> backend.batchAtOnce(side, side)));
	}
}
