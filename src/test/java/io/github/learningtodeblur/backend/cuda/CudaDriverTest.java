package io.github.learningtodeblur.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.backend.BackendUnavailable;
import io.github.learningtodeblur.backend.cuda.CudaDriver.Device;
import jcuda.JCudaVersion;
import jcuda.driver.CUresult;

/** What users read when their NVIDIA card cannot be used. */
class CudaDriverTest {

	private static final Device GOOD = new Device(0, "Good", 8, 6, 8L << 30), OLD = new Device(1, "Old", 3, 5, 12L << 30),
			SMALL = new Device(2, "Small", 5, 0, 512 << 20);

	private record Told(int init, int version, List<Device> devices) implements CudaDriver.Answers {}

	private static String obstacle(final int init, final int version, final Device... devices) {
		return assertThrows(BackendUnavailable.class, () -> CudaDriver.require(new Told(init, version, List.of(devices))))
			.getMessage();
	}

	@Test
	void theFirstThatWillDoIsTaken() {
		assertEquals(GOOD, CudaDriver.require(new Told(0, 12020, List.of(OLD, SMALL, GOOD))));
		final Device enough = new Device(3, "Enough", 5, 0, 1L << 30);
		assertEquals(enough, CudaDriver.require(new Told(0, 9000, List.of(enough, GOOD))));
	}

	@Test
	void obstaclesAreNamedWithARemedy() {
		final String none = "There is an NVIDIA driver, but no NVIDIA GPU that it can use. If there should be one, see whether the" +
			" program nvidia-smi lists it; a container must be given the GPU, and CUDA_VISIBLE_DEVICES can hide it";
		assertEquals(none, obstacle(CUresult.CUDA_ERROR_NO_DEVICE, 12020));
		assertEquals(none, obstacle(0, 12020));
		assertEquals("The NVIDIA driver is too old: it is made for CUDA 8.0, and 9.0 is needed. Update the driver", obstacle(0, 8000,
			GOOD));
		assertEquals("The NVIDIA driver does not work (CUDA_ERROR_SYSTEM_DRIVER_MISMATCH). After an update of the driver, restart" +
			" the computer; see whether the program nvidia-smi lists the GPU", obstacle(CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH,
				12020));
		assertEquals("The GPU Old is too old: its compute capability is 3.5, and 5.0 is needed. Another card is needed, or the" +
			" device cpu", obstacle(0, 12020, OLD));
		assertEquals("The GPU Small has too little memory: 512 MB, and 1024 MB are needed. Another card is needed, or the device" +
			" cpu", obstacle(0, 12020, SMALL, OLD));
	}

	/** A driver library that answers questions as the environment says, and can do nothing else. */
	private static final String DRIVER = """
		#include <stdlib.h>
		#include <string.h>
		static long told(const char* name) { return strtol(getenv(name), 0, 10); }
		int cuInit(unsigned flags) { return told("INIT"); }
		int cuDriverGetVersion(int* version) { *version = told("VERSION"); return 0; }
		int cuDeviceGetCount(int* count) { *count = told("COUNT"); return 0; }
		int cuDeviceGet(int* device, int number) { *device = number; return 0; }
		int cuDeviceGetName(char* name, int length, int device) { strcpy(name, "Card"); return 0; }
		int cuDeviceTotalMem_v2(size_t* bytes, int device) { *bytes = told("MEGABYTES") << 20; return 0; }
		int cuDeviceGetAttribute(int* value, int attribute, int device) { *value = attribute == 75 ? 7 : 5; return 0; }
		""";

	/** Asked by {@link #throughJCuda} in a Java VM of its own. */
	public static void main(final String[] args) {
		try {
			System.out.print(CudaDriver.require());
		}
		catch (final BackendUnavailable e) {
			System.out.print(e.getMessage());
		}
		System.out.print(" " + System.getProperty("java.io.tmpdir"));
	}

	/**
	 * Real natives with such a driver. They come out of JCuda's jar, and a file of their name that lies in the folder for
	 * temporary files is not touched: who wrote it is not known.
	 */
	@Test
	void throughJCuda(@TempDir final Path folder) throws Exception {
		assumeTrue(System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64"), "not Linux on x86-64");
		final Path temporary = Files.createDirectories(folder.resolve("temporary"));
		final Path planted = temporary.resolve("libJCudaDriver-" + JCudaVersion.get() + "-linux-x86_64.so");
		Files.writeString(planted, "This is no library");
		final Map<String, String> driver = Map.of("LD_LIBRARY_PATH", compiled(folder), "INIT", "0", "VERSION", "12020", "COUNT", "1",
			"MEGABYTES", "4000");
		final String end = " " + temporary;
		assertEquals(new Device(0, "Card", 7, 5, 4000L << 20) + end, told(folder, temporary, driver));
		assertEquals(obstacle(CUresult.CUDA_ERROR_NO_DEVICE, 12020) + end, told(folder, temporary, driver, "INIT", "100"));
		assertEquals(obstacle(0, 8000) + end, told(folder, temporary, driver, "VERSION", "8000"));
		assertEquals("The GPU Card has too little memory: 900 MB, and 1024 MB are needed. Another card is needed, or the device cpu" +
			end, told(folder, temporary, driver, "MEGABYTES", "900"));
		assertEquals("This is no library", Files.readString(planted));
		try (var files = Files.list(temporary)) {
			assertEquals(List.of(planted), files.filter(f -> !f.getFileName().toString().startsWith("hsperf")).toList());
		}
	}

	/** @return the folder with the library */
	private static String compiled(final Path folder) throws Exception {
		final Path source = Files.writeString(folder.resolve("driver.c"), DRIVER);
		try {
			assumeTrue(new ProcessBuilder("cc", "-shared", "-fPIC", "-Wl,-soname,libcuda.so.1", "-o", folder.resolve("libcuda.so.1")
				.toString(), source.toString()).inheritIO().start().waitFor() == 0, "the C compiler failed");
		}
		catch (final IOException e) {
			assumeTrue(false, "no C compiler: " + e);
		}
		return folder.toString();
	}

	private static String told(final Path folder, final Path temporary, final Map<String, String> driver, final String... other)
		throws Exception
	{
		final ProcessBuilder java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
			"-Djava.io.tmpdir=" + temporary, "-cp", System.getProperty("java.class.path"), CudaDriverTest.class.getName());
		java.environment().putAll(driver);
		java.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
		for (int i = 0; i < other.length; i += 2)
			java.environment().put(other[i], other[i + 1]);
		final Process run = java.redirectError(ProcessBuilder.Redirect.INHERIT).start();
		final String told = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertEquals(0, run.waitFor(), told);
		assertTrue(Files.isDirectory(folder.resolve("cache/learning-to-deblur/jcuda-" + JCudaVersion.get())));
		return told;
	}
}
