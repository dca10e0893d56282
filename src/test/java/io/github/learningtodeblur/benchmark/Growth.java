package io.github.learningtodeblur.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.sun.management.OperatingSystemMXBean;

import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.restore.SparseRestoration;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.parallel.Parallelization;

/**
 * How time and memory grow with the image: {@code mvn -q test-compile exec:exec@growth} deblurs grey-level
 * images of 0.25 to 64 megapixels, each in a Java of its own, and prints a line per size. Kernels of 33x33,
 * scales 9, 17, 25 and 33, sparse deconvolution, all cores; weights are untrained, which takes as long.
 * Seconds are those of a first call, with all that the JIT has yet to do, but without the start of Java and
 * without files. Heap is its largest size in use; resident memory, on Linux only, that of the whole process.
 *
 * <pre>
 * megapixels       seconds   per megapixel   CPU s   heap, MB   limit   resident, MB
 *       0.25           3.3            13.3     6.2        602    2048            711
 *       1              4.7             4.7     8.4       1008    2048           1090
 *       4              5.7             1.4    10.6       1097    2048           1125
 *      16              8.5             0.5    15.7       1698    4096           1565
 *      64             24.2             0.4    42.2       1648    4096           1655
 * </pre>
 *
 * Two cores of an AMD EPYC (Zen 4, AVX-512), nothing else at work, OpenJDK 17.0.15, vector module, with
 * refinement. The kernel is estimated from a region of at most a megapixel, which takes about four seconds, most
 * of them the JIT's; what remains is linear in the pixels, 0.3 s per megapixel. On Zen 3 (AVX2): 7.0, 6.8, 8.4, 12.4
 * and 32.2 s.
 */
public final class Growth {

	/** Sides of the images, and the limits of the heap. */
	private static final int[] SIDES = { 512, 1024, 2048, 4096, 8192 };
	private static final String[] LIMITS = { "-Xmx2g", "-Xmx2g", "-Xmx2g", "-Xmx4g", "-Xmx4g" };

	private Growth() {}

	/** @param args nothing, or the side of the one image to deblur in this Java */
	public static void main(final String... args) throws IOException, InterruptedException {
		if (args.length > 0 && !args[0].isEmpty()) {
			Parallelization.runWithNumThreads(Runtime.getRuntime().availableProcessors(), () -> measure(Integer
				.parseInt(args[0])));
			return;
		}
		System.out.println("Java " + System.getProperty("java.version") + ", " + Runtime.getRuntime()
			.availableProcessors() + " threads");
		for (int i = 0; i < SIDES.length; i++) {
			final List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command()
				.orElse("java"), LIMITS[i]));
			if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) command.addAll(List.of(
				"--add-modules", "jdk.incubator.vector"));
			command.addAll(List.of("-cp", System.getProperty("java.class.path"), Growth.class.getName(), "" +
				SIDES[i]));
			final int code = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.INHERIT)
				.redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor();
			if (code != 0) System.out.println("growth side=" + SIDES[i] + " failed with " + code + " under " +
				LIMITS[i]);
		}
	}

	private static void measure(final int side) {
		final Plane image = Workload.rectangles(side, side, 1);
		final Deblurring deblurring = new Deblurring(Model.initial(Workload.spec(9, 17, 25, 33), 1),
			new CpuBackend());
		final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory
			.getOperatingSystemMXBean();
		final long start = System.nanoTime(), cpuStart = system.getProcessCpuTime();
		deblurring.deblur(List.of(image), new SparseRestoration(), Progress.NONE);
		final double seconds = (System.nanoTime() - start) * 1e-9;
		final double cpu = (system.getProcessCpuTime() - cpuStart) * 1e-9;
		final double megapixels = side * (double) side / (1 << 20);
		System.out.printf(Locale.ROOT, "growth megapixels=%.2f seconds=%.2f seconds_per_megapixel=%.3f " +
			"cpu_s=%.2f heap_mb=%d of %d resident_mb=%s%n", megapixels, seconds, seconds / megapixels, cpu,
			peakHeap() >> 20, Runtime.getRuntime().maxMemory() >> 20, resident());
	}

	private static long peakHeap() {
		long sum = 0;
		for (final MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans())
			if (pool.getType() == MemoryType.HEAP) sum += pool.getPeakUsage().getUsed();
		return sum;
	}

	private static String resident() {
		try {
			for (final String line : Files.readAllLines(Path.of("/proc/self/status")))
				if (line.startsWith("VmHWM:")) return "" + Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
		}
		catch (final IOException e) {
			// not Linux
		}
		return "unknown";
	}
}
