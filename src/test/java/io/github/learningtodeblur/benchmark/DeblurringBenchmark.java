package io.github.learningtodeblur.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import io.github.learningtodeblur.Deblurred;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.search.KernelRefinement;
import io.github.learningtodeblur.restore.SparseRestoration;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.parallel.Parallelization;

/**
 * Blind deblurring of a grey-level image of 255x255: all scales up to 33x33, then the sparse deconvolution.
 * With the bundled model if it has that scale, else with untrained weights for 9, 17, 25 and 33, which take
 * as long. The figures are without refinement; {@link Speed} has those with it.
 *
 * <pre>
 * milliseconds       deblur          estimateKernel
 * threads           1      2            1      2
 * Java 17          88     71           66     47
 * Java 25          86     66           67     46
 * </pre>
 *
 * AMD EPYC (Zen 5, AVX-512), OpenJDK 17.0.15 and Temurin 25.0.3, vector module, untrained weights. With plain
 * Java loops {@link Speed} took 176 on two threads.
 * <p>
 * The same as one cold command ({@code cli.Main deblur}), serial collector, Java 17, two cores of Zen 4,
 * without refinement: 1.8 to 2.2 s with the vector module, 1.6 to 2.0 without, because vector code takes the
 * JIT longer (a model of two stages at most scales). Large images pay it back: 4 megapixels took 6.9 s with the
 * module, refined in one way, and 10 s without, so it stays; now, with the module, 6.5 s, and 12.2 s refined in
 * two ways. On Zen 3 (AVX2) 2.0 to 2.4 s. Shared class archives are no help here: Java makes
 * none for a class path with folders. Lower thresholds of the JIT (-XX:Tier4BackEdgeThreshold of 5000 or 1000)
 * were tried in vain.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = { "--add-modules", "jdk.incubator.vector" })
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class DeblurringBenchmark {

	private static final int SIZE = 255, KERNEL = 33;
	private static final String BUNDLED = "camera-shake";

	@Param({ "1", "2" })
	public int threads;

	/** Rounds of refinement after the network: none, or as many as users get. */
	@Param({ "0", "10" })
	public int rounds;

	private Deblurring deblurring;
	private final List<Plane> image = List.of(Workload.examples(SIZE, KERNEL).example(1).blurry());

	static DeblurringBenchmark of(final int threads, final int rounds) {
		final DeblurringBenchmark b = new DeblurringBenchmark();
		b.threads = threads;
		b.rounds = rounds;
		b.setUp();
		return b;
	}

	@Setup
	public void setUp() {
		final CpuBackend backend = new CpuBackend();
		try {
			if (Models.bundled().contains(BUNDLED)) deblurring = new Deblurring(Models.open(BUNDLED),
				backend);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
		deblurring = deblurring != null && deblurring.kernelSizes().contains(KERNEL) ? deblurring
			.withKernelSize(KERNEL) : new Deblurring(Model.initial(Workload.spec(9, 17, 25, 33), 1), backend);
		deblurring = deblurring.withRefinement(new KernelRefinement(rounds));
	}

	@Benchmark
	public Deblurred deblur() {
		return Parallelization.runWithNumThreads(threads, () -> deblurring.deblur(image,
			new SparseRestoration(), Progress.NONE));
	}

	@Benchmark
	public Plane estimateKernel() {
		return Parallelization.runWithNumThreads(threads, () -> deblurring.estimateKernel(image.get(0),
			Progress.NONE));
	}
}
