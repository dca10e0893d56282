package io.github.learningtodeblur.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;

class ScratchTest {

	@Test
	void whatComesBackIsLentAgain() {
		final Scratch scratch = new Scratch(1000);
		final float[] a = scratch.take(50), b = scratch.take(50);
		assertNotSame(a, b);
		scratch.give(a, b);
		assertEquals(400, scratch.idle());
		assertSame(b, scratch.take(50));
		final float[][] two = scratch.take(50, 2);
		assertSame(a, two[0]);
		assertNotSame(b, two[1]);
		assertEquals(0, scratch.idle());
	}

	@Test
	void beyondTheLimitTheLengthsGoThatWereNotAskedFor() {
		final Scratch scratch = new Scratch(1000);
		final float[] old = scratch.take(100), used = scratch.take(80), tooLarge = scratch.take(251);
		scratch.give(old);
		scratch.give(used);
		scratch.give(tooLarge);
		assertEquals(720, scratch.idle());
		scratch.give(new float[90]);
		assertEquals(680, scratch.idle());
		assertSame(used, scratch.take(80));
		assertNotSame(old, scratch.take(100));
	}

	/** A day's work on images of all sizes must not fill the memory. */
	@Test
	void imagesOfManySizesLeaveLittleBehind() {
		final CpuBackend backend = new CpuBackend();
		final long most = Math.min((16L << 20) * Runtime.getRuntime().availableProcessors(), Runtime.getRuntime()
			.maxMemory() / 16);
		long idle = 0;
		for (int side = 300; side < 1900; side += 150) {
			final int n = backend.goodSize(side);
			final Tensor images = backend.allocate(4, 1, n, n), spectra = backend.allocateSpectra(4, 1, n, n);
			Parallelization.runWithNumThreads(4, () -> {
				backend.fft(images, spectra);
				backend.ifft(spectra, images);
			});
			assertTrue(backend.idleBytes() <= most, backend.idleBytes() + " bytes lie idle, " + most + " may");
			idle = Math.max(idle, backend.idleBytes());
		}
		assertTrue(idle > most / 4, "hardly anything is kept: " + idle + " of " + most);
		backend.close();
		assertEquals(0, backend.idleBytes());
	}

	@Test
	void aClosedOneLendsNothing() {
		final Scratch scratch = new Scratch(1000);
		final float[] a = scratch.take(10);
		scratch.give(scratch.take(20));
		scratch.close();
		scratch.give(a); // by somebody who was still at work
		assertEquals(0, scratch.idle());
		assertThrows(IllegalStateException.class, () -> scratch.take(10));
	}

	/** Nobody gets an array that another has. */
	@Test
	void manyThreads() {
		final Scratch scratch = new Scratch(4000);
		Parallelization.runWithNumThreads(8, () -> Threads.forEach(2000, i -> {
			final float[][] lent = scratch.take(100 + i % 7, 3);
			for (final float[] a : lent)
				a[0] = i;
			Thread.yield();
			for (final float[] a : lent)
				assertEquals(i, a[0]);
			scratch.give(lent);
		}));
		assertTrue(scratch.idle() <= 4000);
	}
}
