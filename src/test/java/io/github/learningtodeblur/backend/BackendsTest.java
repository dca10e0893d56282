package io.github.learningtodeblur.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;

class BackendsTest {

	@Test
	void theSharedDeviceStaysOpen() {
		final Backend shared = Backends.shared();
		shared.close();
		assertSame(shared, Backends.shared());
		assertEquals(shared, Backends.shared());
		final Tensor t = shared.allocate(1, 1, 4, 4), s = shared.allocateSpectra(1, 1, 4, 4);
		shared.fill(t, 2);
		shared.fft(t, s);
		shared.ifft(s, t);
		final float[] values = new float[16];
		shared.read(t, values);
		assertEquals(2, values[5], 1e-6);
		// what is wrong is said as by a device of one's own
		assertThrows(IllegalArgumentException.class, () -> shared.allocate(0, 1, 4, 4));
	}

	@Test
	void anOpenedOneIsOnesOwn() {
		try (Backend one = Backends.open(Backends.CPU); Backend other = Backends.open(Backends.CPU)) {
			assertNotSame(one, other);
			assertNotSame(one, Backends.shared(Backends.CPU));
			assertEquals(one.name(), Backends.shared(Backends.CPU).name());
		}
	}

	@Test
	void devicesHaveNames() {
		assertTrue(Backends.shared(Backends.CPU).name().startsWith("cpu ("));
		for (final Function<String, Backend> opener : List.<Function<String, Backend>> of(Backends::open, Backends::shared))
			assertEquals("Device must be one of [auto, cpu, cuda], got \"gpu\"", assertThrows(IllegalArgumentException.class,
				() -> opener.apply("gpu")).getMessage());
	}

	/** Runs with {@code deblur.device}, or without it if null. */
	private static <T> T with(final String property, final Supplier<T> work) {
		final String before = System.getProperty(Backends.PROPERTY);
		if (property == null) System.clearProperty(Backends.PROPERTY);
		else System.setProperty(Backends.PROPERTY, property);
		try {
			return work.get();
		}
		finally {
			if (before == null) System.clearProperty(Backends.PROPERTY);
			else System.setProperty(Backends.PROPERTY, before);
		}
	}

	private static final class Opener implements Function<String, Backend> {

		private final List<String> asked = new ArrayList<>();
		private final String obstacle;

		/** @param obstacle to CUDA; or null */
		Opener(final String obstacle) {
			this.obstacle = obstacle;
		}

		@Override
		public Backend apply(final String device) {
			asked.add(device);
			if (device.equals(Backends.CUDA) && obstacle != null) throw new BackendUnavailable(obstacle);
			return new CpuBackend();
		}
	}

	/** A GPU comes first; without one, the log has the cause, once. */
	@Test
	void automaticIsAGpuOrTheCpuAndALine() {
		try (LogLines log = new LogLines()) {
			final Opener there = new Opener(null), none = new Opener("No card in this test");
			final Backend device = with(null, () -> Backends.automatic(there));
			assertEquals(List.of("cuda"), there.asked);
			assertEquals(List.of("INFO Device: " + device.name() + "."), log.lines());
			for (int i = 0; i < 3; i++)
				with("auto", () -> Backends.automatic(none));
			assertEquals(List.of("cuda", "cpu", "cuda", "cpu", "cuda", "cpu"), none.asked);
			assertEquals(List.of("INFO Device: the CPU. No card in this test"), log.lines().subList(1, log.lines().size()));
		}
	}

	@Test
	void aPropertySaysWhatAutomaticIs() {
		final Opener opener = new Opener("This is not asked");
		with("cpu", () -> Backends.automatic(opener));
		assertEquals(List.of("cpu"), opener.asked);
		assertEquals("This is not asked", assertThrows(BackendUnavailable.class, () -> with("cuda", () -> Backends.automatic(
			opener))).getMessage());
		assertThrows(IllegalArgumentException.class, () -> with("gpu", Backends::open));
	}

	/** On machines with a GPU it opens, on others one reads why not. */
	@Test
	void cudaOpensOrSaysWhyNot() {
		try (Backend device = Backends.open(Backends.CUDA)) {
			assertTrue(device.name().contains("cuda"), device.name());
		}
		catch (final BackendUnavailable e) {
			assertTrue(e.getMessage().matches("(There is|The|NVIDIA|This) .{40,}"), e.getMessage());
			assertFalse(e.getMessage().contains("\n"), e.getMessage());
		}
	}

	/** Also out of tasks, which wrap what is thrown; what else is wrong stays wrong. */
	@Test
	void whatADeviceCannotDoTheCpuDoes() {
		final Supplier<String> full = () -> {
			throw new BackendUnavailable("Full, in a test");
		};
		final Supplier<String> inTasks = () -> Parallelization.runWithNumThreads(2, () -> {
			Threads.forEach(4, i -> full.get());
			return "";
		});
		final Supplier<String> wrong = () -> {
			throw new IllegalArgumentException("Wrong", new RuntimeException("really"));
		};
		try (LogLines log = new LogLines()) {
			assertEquals("done", Backends.orOnCpu(() -> "done", cpu -> "again"));
			assertEquals(List.of(), log.lines());
			for (final Supplier<String> work : List.of(full, inTasks, full))
				assertEquals(Backends.shared(Backends.CPU).name(), Backends.orOnCpu(work, Backend::name));
			assertEquals(List.of("WARNING Goes on with the CPU, which takes longer: Full, in a test"), log.lines());
			assertEquals("Wrong", assertThrows(IllegalArgumentException.class, () -> Backends.orOnCpu(wrong, Backend::name))
				.getMessage());
		}
	}
}
