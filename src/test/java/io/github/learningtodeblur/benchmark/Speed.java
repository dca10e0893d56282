package io.github.learningtodeblur.benchmark;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

import com.sun.management.OperatingSystemMXBean;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.backend.cpu.CpuBackendBenchmark;
import io.github.learningtodeblur.backend.cpu.KernelsBenchmark;
import io.github.learningtodeblur.refine.KernelRefinement;

/**
 * The short form of the benchmarks, for everyday use: {@code mvn -q test-compile exec:exec@speed} prints a
 * line {@code speed NAME=VALUE UNIT} per figure in less than 50 seconds. Loops are taken on one core,
 * training and deblurring on all; the CPU seconds are those of the whole process, with what the JIT and the
 * garbage collector need.
 *
 * <pre>
 * smallest and largest             4 runs, Java 17   3 runs, Java 25
 * conv_forward_vector                  150 to 196        167 to 223   GFLOP/s
 * conv_forward_plain                   26 to 27          22 to 28     GFLOP/s
 * conv_grad_filters_vector             126 to 131        97 to 135    GFLOP/s
 * conv_grad_input_vector               58 to 82          89 to 100    GFLOP/s
 * features_forward_vector              111 to 146        149 to 167   GFLOP/s
 * train_examples_per_s_9               54 to 65          67 to 78     1/s
 * train_examples_per_s_17              31 to 34          37 to 39     1/s
 * train_examples_per_s_25              19 to 23          22 to 27     1/s
 * train_examples_per_s_33              17 to 21          25 to 26     1/s
 * deblur_255_warm_s                  0.073 to 0.084    0.061 to 0.074   s
 * deblur_255_cpu_s                   0.11 to 0.13      0.10 to 0.12     s
 * </pre>
 *
 * Two cores of an AMD EPYC (Zen 5, AVX-512), not quite idle; OpenJDK 17.0.15 and Temurin 25.0.3. That was
 * before plain Java gradients, input gradients and transforms were made faster. Since then, on Zen 3 (AVX2,
 * at most 97 GFLOP/s a core) beside a build that took one of the two cores, Java 17 and 25: convolution 58
 * and 61, plain 27 and 41; gradients 63 and 64 (filters, vector), 17 and 15 (filters, plain), 32 and 21
 * (input, plain); features 30 and 32; examples/s at 9, 17, 25, 33: 25, 11, 5, 6 and 18, 12, 10, 13; deblurring
 * 0.19 s and 0.12 s, CPU 0.20 s and 0.22 s. See {@link KernelsBenchmark} for the loops alone.
 */
public final class Speed {

	private static final int THREADS = Runtime.getRuntime().availableProcessors();

	private Speed() {}

	public static void main(final String... args) {
		System.out.println("backend: " + new CpuBackend().name() + ", " + THREADS + " threads, Java " +
			System.getProperty("java.version"));
		final KernelsBenchmark plain = KernelsBenchmark.of("plain");
		if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
			final KernelsBenchmark vector = KernelsBenchmark.of("vector");
			gflops("conv_forward_vector", KernelsBenchmark.CONVOLUTION, vector::convolve);
			gflops("conv_forward_plain", KernelsBenchmark.CONVOLUTION, plain::convolve);
			gflops("conv_grad_filters_vector", KernelsBenchmark.CONVOLUTION, vector::convolveGradFilters);
			gflops("conv_grad_input_vector", KernelsBenchmark.CONVOLUTION, vector::convolveGradInput);
			final CpuBackendBenchmark features = CpuBackendBenchmark.of("vector", 256);
			gflops("features_forward_vector", features.flops(), features::features);
		}
		else gflops("conv_forward_plain", KernelsBenchmark.CONVOLUTION, plain::convolve);
		gflops("conv_grad_filters_plain", KernelsBenchmark.CONVOLUTION, plain::convolveGradFilters);
		gflops("conv_grad_input_plain", KernelsBenchmark.CONVOLUTION, plain::convolveGradInput);
		// the first size compiles the code for all
		final int[] kernels = { 9, 17, 25, 33 }, warmUps = { 12, 3, 2, 2 }, steps = { 10, 8, 6, 6 };
		for (int i = 0; i < kernels.length; i++)
			print("train_examples_per_s_" + kernels[i], TrainingSteps.BATCH / TrainingSteps.seconds(
				kernels[i], THREADS, warmUps[i], steps[i]), "1/s");
		deblur("deblur_255", 0);
		deblur("deblur_255_refined", KernelRefinement.DEFAULT_ROUNDS);
	}

	private static void deblur(final String name, final int rounds) {
		final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory
			.getOperatingSystemMXBean();
		final DeblurringBenchmark deblurring = DeblurringBenchmark.of(THREADS, rounds);
		final long end = System.nanoTime() + 3_000_000_000L;
		while (System.nanoTime() < end)
			deblurring.deblur();
		final double[] seconds = new double[7], cpu = new double[seconds.length];
		for (int i = 0; i < seconds.length; i++) {
			final long start = System.nanoTime(), cpuStart = system.getProcessCpuTime();
			deblurring.deblur();
			seconds[i] = (System.nanoTime() - start) * 1e-9;
			cpu[i] = (system.getProcessCpuTime() - cpuStart) * 1e-9;
		}
		print(name + "_warm_s", median(seconds), "s");
		print(name + "_cpu_s", median(cpu), "s");
	}

	/** A second of warm-up, then the median of the calls of about another. */
	private static void gflops(final String name, final double flops, final Runnable call) {
		final long start = System.nanoTime();
		int calls = 0;
		for (; System.nanoTime() < start + 1_000_000_000L; calls++)
			call.run();
		final double[] seconds = new double[Math.max(5, calls)];
		for (int i = 0; i < seconds.length; i++) {
			final long before = System.nanoTime();
			call.run();
			seconds[i] = (System.nanoTime() - before) * 1e-9;
		}
		print(name, flops / median(seconds) * 1e-9, "GFLOP/s");
	}

	private static double median(final double[] values) {
		Arrays.sort(values);
		return values[values.length / 2];
	}

	private static void print(final String name, final double value, final String unit) {
		System.out.printf(Locale.ROOT, "speed %s=%.3g %s%n", name, value, unit);
	}
}
