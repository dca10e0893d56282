package io.github.learningtodeblur.backend.cpu;

import java.util.Random;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The hot loops on one core, in both implementations: 32 filters of 9x9 on one image of 256x256 (output),
 * recombinations of 32 images to 32 over a run of 1024 pixels, as {@link CpuBackend} cuts them. An operation
 * is a multiplication or an addition, so that operations per nanosecond are GFLOP/s; of tanh and its
 * gradient, a value.
 *
 * <pre>
 *                              vector module        plain Java
 * per ns, Java                  17      25          17      25
 * convolve                      63      63          42      40
 * convolveGradFilters           64      66          24      22
 * convolveGradInput             53      51          32      32
 * mix                           57      57          35      34
 * mixGradWeights                60      66          14      12
 * tanh, values                 2.2     2.0
 * </pre>
 *
 * One core of an AMD EPYC (Zen 3, AVX2: vectors of 8 floats), OpenJDK 17.0.15 and Temurin 25.0.3: the fastest
 * tenth of the calls of a second, with much other work going on. Multiply-adds in registers alone reach
 * 97, which is the limit. A tile of 4 x 4 sums, right for the 32 registers of AVX-512, takes more than the 16
 * of AVX2, and convolved at 39 to 47. On an AVX-512 machine (Zen 5) the vector loops before the present input
 * gradient reached 208 to 216, 123 to 127, 58 to 100, 117 to 129, 128 to 147; not measured there since. On
 * Zen 4, whose limit is about 100: convolution 95 to 107, filter gradient 61 to 91.
 * <p>
 * The input gradient sums up three columns of the filters at a time. On Zen 4, beside convolutions at 80 to
 * 90, it runs at 52 (best tenth 62) on Java 17, 47 (56) on Java 25; the former way, two rows of the output
 * at a time, at 45 (52) and 45 (51). Gradient images at a time: 1 43, 2 to 8 about the same, 32 39. What holds
 * it back is not known; the images come from the second-level cache, once for every row of the output.
 * <p>
 * Vectors handed to a method of ours that C2 does not inline are boxed, already in the loop before: the input
 * gradient once ran at 8, because a method that stored the sums was "too big" (49 bytes, PrintInlining) for a
 * call that is rare when the loop is compiled. Hence stores and final sums are written out; methods of the
 * vector module are always inlined. On a busy machine the input gradient was seen at 2 to 15 for some seconds,
 * probably until C2 had got to it.
 * <p>
 * Of plain loops C2 of Java 17 makes vectors if they read up to five arrays beside the sums (44 GFLOP/s), and
 * does not at six (10); Java 25 does at eight, too. Products of arrays, as in {@code mixGradWeights}, are bound
 * by their loads: two pairs 25, three 27, four are not made into vectors (5).
 * <p>
 * Tried in vain on AVX2: 4 filters x 3 vectors (C2 loads all weights first and spills sums: 23 to 39), 3 x 3
 * (67 against 63 for 4 x 2, but filters packed by threes), three taps per turn of the loop (50 at best, in a
 * noisy run), no bounds checks (74, but an option of the whole Java VM); 4 filters x 2 taps in the filter gradient (56), its
 * rows in blocks that fit the first-level cache (no change); all 32 images at once in the input gradient (35
 * to 40). Elsewhere: 4 filters x 5 taps in the filter gradient (150 on Java 17, but 67 on Java 25); rows of
 * all 32 images side by side for the input gradient (6 to 12 % longer than image after image).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = { "--add-modules", "jdk.incubator.vector" })
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelsBenchmark {

	private static final int SIZE = 256, K = 9, FILTERS = 32, RUN = 1024;
	/** Of a convolution, its filter gradient, or the useful part of its input gradient. */
	public static final int CONVOLUTION = 2 * FILTERS * K * K * SIZE * SIZE;
	public static final int MIX = 2 * FILTERS * FILTERS * RUN;
	private static final int IN = SIZE + K - 1, MARGIN = IN + K - 1;
	private static final int GRADIENT_ROWS = 24, INPUT_ROWS = 32;
	/** From one hidden image of a band to the next, as CpuBackend has it. */
	private static final int BAND_PLANE = RUN + 16;

	@Param({ "vector", "plain" })
	public String loops;

	private Kernels kernels;
	private final float[] in = new float[IN * IN];
	private final float[] filters = new float[FILTERS * K * K];
	private final float[] out = new float[FILTERS * SIZE * SIZE];
	private final float[] margin = new float[FILTERS * MARGIN * MARGIN];
	private final float[] dIn = new float[IN * IN];
	private final float[] dFilters = new float[filters.length];
	private final float[] mix = new float[FILTERS * FILTERS];
	private final float[] dMix = new float[mix.length];
	private final float[] hidden = new float[FILTERS * BAND_PLANE];
	private final float[] mixed = new float[hidden.length];
	private final float[] small = new float[hidden.length];
	private float[] packedFilters;
	private float[] packedMix;

	/** @param loops "vector" or "plain" */
	public static KernelsBenchmark of(final String loops) {
		final KernelsBenchmark b = new KernelsBenchmark();
		b.loops = loops;
		b.setUp();
		return b;
	}

	@Setup
	public void setUp() {
		kernels = kernels(loops);
		final Random random = new Random(1);
		for (final float[] a : new float[][] { in, filters, margin, mix, hidden, mixed, small })
			for (int i = 0; i < a.length; i++)
				a[i] = (float) random.nextGaussian() * (a == small ? 1e-5f : 0.1f);
		packedFilters = Kernels.pack(filters, 0, FILTERS, K * K);
		packedMix = Kernels.pack(mix, 0, FILTERS, FILTERS);
	}

	static Kernels kernels(final String loops) {
		return loops.equals("plain") ? new ScalarKernels() : new VectorKernels();
	}

	/** To images of their own, as in training. */
	@Benchmark
	@OperationsPerInvocation(CONVOLUTION)
	public float[] convolve() {
		kernels.convolve(in, 0, IN, 0, 1, 1, packedFilters, FILTERS, K, K, out, 0, SIZE, SIZE * SIZE, SIZE,
			SIZE);
		return out;
	}

	@Benchmark
	@OperationsPerInvocation(CONVOLUTION)
	public float[] convolveGradFilters() {
		for (int y = 0; y < SIZE; y += GRADIENT_ROWS)
			kernels.convolveGradFilters(in, y * IN, IN, 0, 1, margin, y * MARGIN, MARGIN, MARGIN * MARGIN,
				FILTERS, K, dFilters, SIZE, Math.min(GRADIENT_ROWS, SIZE - y));
		return dFilters;
	}

	@Benchmark
	@OperationsPerInvocation(CONVOLUTION)
	public float[] convolveGradInput() {
		for (int y = 0; y < SIZE; y += INPUT_ROWS)
			kernels.convolveGradInput(margin, y * MARGIN, MARGIN, MARGIN * MARGIN, FILTERS, filters, K * K, K,
				dIn, y * IN, IN, IN, INPUT_ROWS);
		return dIn;
	}

	@Benchmark
	@OperationsPerInvocation(MIX)
	public float[] mix() {
		kernels.convolve(hidden, 0, RUN, BAND_PLANE, FILTERS, 1, packedMix, FILTERS, 1, 1, mixed, 0, RUN,
			BAND_PLANE, RUN, 1);
		return mixed;
	}

	@Benchmark
	@OperationsPerInvocation(MIX)
	public float[] mixGradWeights() {
		kernels.mixGradWeights(hidden, 0, BAND_PLANE, FILTERS, mixed, 0, BAND_PLANE, FILTERS, dMix, RUN);
		return dMix;
	}

	@Benchmark
	@OperationsPerInvocation(FILTERS * RUN)
	public float[] tanh() {
		kernels.tanh(hidden, 0, hidden.length);
		return hidden;
	}

	/** Of a tanh so small that the gradient does not fade away from call to call. */
	@Benchmark
	@OperationsPerInvocation(FILTERS * RUN)
	public float[] tanhGrad() {
		kernels.tanhGrad(small, 0, mixed, 0, mixed.length);
		return mixed;
	}
}
