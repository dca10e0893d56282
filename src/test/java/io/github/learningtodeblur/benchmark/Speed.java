package io.github.learningtodeblur.benchmark;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

import com.sun.management.OperatingSystemMXBean;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.backend.cpu.CpuBackendBenchmark;
import io.github.learningtodeblur.backend.cpu.KernelsBenchmark;
import io.github.learningtodeblur.search.KernelRefinement;

/**
 * The short form of the benchmarks, for everyday use: {@code mvn -q test-compile exec:exec@speed} prints a
 * line {@code speed NAME=VALUE UNIT} per figure in less than 50 seconds. Loops are taken on one core,
 * training and deblurring on all; the CPU seconds are those of the whole process, with what the JIT and the
 * garbage collector need.
 *
 * <pre>
 * median of three runs                 Java 17   Java 25
 * conv_forward_vector                       99        95   GFLOP/s
 * conv_forward_plain                        43        37   GFLOP/s
 * conv_grad_filters_vector                  86        71   GFLOP/s
 * conv_grad_input_vector                    65        47   GFLOP/s, one run
 * features_forward_vector                   82        74   GFLOP/s
 * conv_grad_filters_plain                   20        15   GFLOP/s
 * conv_grad_input_plain                     29        29   GFLOP/s
 * train_examples_per_s_9                    55        48   1/s
 * train_examples_per_s_17                   26        25   1/s
 * train_examples_per_s_25                   17        15   1/s
 * train_examples_per_s_33                   14        14   1/s
 * deblur_255_warm_s                      0.136             s, one run
 * deblur_255_cpu_s                        0.20             s
 * deblur_255_refined_warm_s               1.13             s
 * deblur_255_refined_cpu_s                2.03             s
 * </pre>
 *
 * Two cores of an AMD EPYC (Zen 4, AVX-512 at half width, at most about 100 GFLOP/s a core), nothing else at
 * work; OpenJDK 17.0.15 and Temurin 25. Deblurring took 0.088 and 0.080 s, refined 0.64 and 0.57, while the model
 * had two stages at most scales and one way to a kernel; once, on Java 17, 0.42 s, a loop the JIT had not got to.
 * On Zen 5 the convolution ran at 150 to 220 and training at 17x17 at 31 to 39 examples/s; on Zen 3 (AVX2) at
 * 35 to 79 and 13 to 16. See {@link KernelsBenchmark} for the loops alone.
 * <p>
 * Samples of a training step at 17x17 (Java Flight Recorder): filter gradients 28 %, convolution and
 * recombination 28 %, input gradients 12 %, transforms 15 %, tanh 3 %, quotients 5 %. The first two run at
 * the limit of the multipliers, so that no more than a fifth is left to be had from loops.
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
