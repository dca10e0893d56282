package io.github.learningtodeblur.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A GPU that is the CPU, for tests: see src/test/cuda/emulator.cpp. g++ compiles it, with the kernels, where that has not
 * been done before; it must be loaded before JCuda's own library, hence in a Java VM of its own.
 */
final class EmulatedDevice {

	/** What is counted, as in emulator.cpp. */
	enum Count {
		ALLOCATIONS, FREES, LAUNCHES, COPIES_TO_HOST, COPIES_TO_DEVICE, OVERRUNS, CONTEXTS, MODULES
	}

	/** What can be made wrong, as in emulator.cpp. Of allocations and launches the n-th from now on fails; 0 for none. */
	enum Fault {
		/** 1 as a rule. */
		DEVICES(1),
		/** 10 times the compute capability. */
		CAPABILITY(50),
		/** 1000 times the major number, 10 times the minor. */
		DRIVER(12000), FAILING_ALLOCATION(0), FAILING_LAUNCH(0),
		/** Does nothing. */
		WRONG_LAUNCH(0);

		private final long usual;

		Fault(final long usual) {
			this.usual = usual;
		}
	}

	private static final Path FOLDER = Path.of("target/emulator");
	private static boolean loaded;

	private EmulatedDevice() {}

	/** From now on there is a device without faults that has done nothing. Skips the test where there is no g++ to make one. */
	static synchronized void load() {
		assumeTrue(System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64"),
			"The emulated GPU runs on Linux and x86-64 only");
		assumeTrue(isOnPath("g++"), "No g++ on the path: no emulated GPU");
		try {
			if (!loaded) System.load(built().toAbsolutePath().toString());
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
		loaded = true;
		reset();
		for (final Fault fault : Fault.values())
			set(fault, fault.usual);
	}

	private static boolean isOnPath(final String program) {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(folder -> new File(folder, program).canExecute());
	}

	/** Named by its sources. */
	private static Path built() throws IOException {
		final KernelSources sources = KernelSources.in(KernelSources.MAIN, KernelSources.TEST);
		final Path folder = FOLDER.resolve(sources.hash()), library = folder.resolve("libcuda.so.1");
		if (Files.exists(library)) return library;
		Files.createDirectories(folder);
		Files.writeString(folder.resolve("kernel-names.inc"), sources.kernels().stream().map(k -> "KERNEL(" + k + ")\n").collect(Collectors
			.joining()));
		final Path log = folder.resolve("g++.txt"), part = folder.resolve("unfinished");
		final List<String> command = List.of("g++", "-std=c++17", "-O2", "-march=native", "-ffp-contract=off", "-fPIC", "-shared",
			"-fvisibility=hidden", "-U_FORTIFY_SOURCE", "-I" + KernelSources.MAIN, "-I" + KernelSources.TEST, "-I" + folder,
			"-Wl,-soname,libcuda.so.1", "-o", part.toString(), KernelSources.TEST.resolve("emulator.cpp").toString());
		try {
			final int result = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
			if (result != 0) throw new IllegalStateException("g++ failed:\n" + Files.readString(log));
		}
		catch (final InterruptedException e) {
			throw new IllegalStateException(e);
		}
		return Files.move(part, library);
	}

	/** Everything is freed, and nothing was written where it does not belong. */
	static void assertClean() {
		assertEquals(count(Count.ALLOCATIONS), count(Count.FREES), "memory is not freed");
		assertEquals(0, count(Count.OVERRUNS), "values were written beyond a buffer");
		assertEquals(0, count(Count.MODULES));
		assertEquals(0, count(Count.CONTEXTS));
	}

	static long count(final Count what) {
		return count(what.ordinal());
	}

	static void set(final Fault fault, final long value) {
		set(fault.ordinal(), value);
	}

	private static native void reset();

	private static native long count(int what);

	private static native void set(int fault, long value);
}
