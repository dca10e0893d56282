package io.github.learningtodeblur.benchmark;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Training steps of three stages on all cores, see {@link TrainingSteps}; an operation is an example. Each
 * measurement starts a run of its own, which has some share in steps as short as those of 9x9.
 *
 * <pre>
 * milliseconds per example      9      17      25      33
 * Java 17                    13.9    30.4    41.5    46.6
 * Java 25                    12.6    27.7    46.8    44.0
 * </pre>
 *
 * Both cores of an AMD EPYC (Zen 5, AVX-512), OpenJDK 17.0.15 and Temurin 25.0.3, vector module;
 * 20 % up or down.
 * <p>
 * Where the time went then (17x17, Java 17): gradients of the features 43 % (filters 17, inputs and hidden
 * images 16, recombinations 7), features 20 % (tanh 4), transforms 29 % (rows by JTransforms 18, which now
 * takes half of that), quotients 5 %, making the examples 1.5 %. Two threads do 1.7 to 1.9 times what one does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = { "--add-modules", "jdk.incubator.vector" })
@Warmup(iterations = 2)
@Measurement(iterations = 5)
public class TrainingBenchmark {

	private static final int STEPS = 8;

	@Param({ "9", "17", "25", "33" })
	public int kernel;

	@Benchmark
	@OperationsPerInvocation(STEPS * TrainingSteps.BATCH)
	public double steps() {
		return TrainingSteps.seconds(kernel, Runtime.getRuntime().availableProcessors(), 0, STEPS);
	}
}
