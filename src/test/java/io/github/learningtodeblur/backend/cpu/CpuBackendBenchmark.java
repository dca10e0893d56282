package io.github.learningtodeblur.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

import io.github.learningtodeblur.backend.Tensor;
import net.imglib2.parallel.Parallelization;

/**
 * Whole operations of {@link CpuBackend} on one core, with both kinds of loops: feature extraction of a later
 * stage (two images, 32 filters of 9x9, 32 -> 32 -> 8) with maps of 192x192 and 256x256, transforms and
 * quotients of that size; four pairs in the quotient.
 *
 * <pre>
 *                         vector module                      plain Java
 * microseconds        192            256                192            256
 * Java             17     25      17     25         17      25      17      25
 * features       2780   2690    5840   5090      23900   21900   40100   37100
 *  keeping       3190   3220    6270   5660      23900   23300   41100   39500
 * featuresGrad   8970   7490   15800  13300      45300   47000   82000   87200
 * fft             211    209     280    259        323     322     485     435
 * ifft            228    221     294    273        364     338     552     451
 * quotient        175    206     309    370        181     242     310     372
 * quotientGrad    305    322     540    570        300     330     536     575
 * </pre>
 *
 * One core of an AMD EPYC (Zen 5, AVX-512), OpenJDK 17.0.15 and Temurin 25.0.3; some 10 % up or down from run
 * to run, plain features up to 40 %. All before plain Java gradients and the rows of transforms were made
 * faster.
 * <p>
 * Rows of transforms side by side, on an AMD EPYC (Zen 3, AVX2) with much other work going on, fastest
 * tenth of the calls, microseconds for Java 17 and 25: fft of 256x256 407 and 387, with rows by JTransforms
 * 517 and 849; of 192x192 197 and 301, with JTransforms 351 and 855; ifft of 256x256 360 and 354, with
 * JTransforms 493 and 874.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = { "--add-modules", "jdk.incubator.vector" })
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CpuBackendBenchmark {

	private static final int K = 9, FILTERS = 32, HIDDEN = 32, PAIRS = 4, INPUTS = 2;

	@Param({ "vector", "plain" })
	public String loops;

	@Param({ "192", "256" })
	public int size;

	private CpuBackend backend;
	private Tensor in;
	private Tensor dIn;
	private final List<Tensor> weights = new ArrayList<>();
	private final List<Tensor> dWeights = new ArrayList<>();
	private final List<Tensor> kept = new ArrayList<>();
	private Tensor features;
	private Tensor dFeatures;
	private Tensor image;
	private Tensor spectrum;
	private Tensor spectra;
	private Tensor dSpectra;
	private Tensor dQuotient;
	private Tensor quotient;
	private Tensor logBeta;
	private Tensor dLogBeta;
	private final Random random = new Random(1);

	/** @param loops "vector" or "plain" */
	public static CpuBackendBenchmark of(final String loops, final int size) {
		final CpuBackendBenchmark b = new CpuBackendBenchmark();
		b.loops = loops;
		b.size = size;
		b.setUp();
		return b;
	}

	@Setup
	public void setUp() {
		// the transforms' plans are kept for the best loops only, so those are not asked for by name
		backend = loops.equals("vector") ? new CpuBackend() : new CpuBackend(KernelsBenchmark.kernels(
			loops));
		in = noise(INPUTS, size + K - 1, size + K - 1);
		dIn = noise(1, size + K - 1, size + K - 1);
		final Tensor filters = backend.allocate(FILTERS, INPUTS, K, K);
		fill(filters);
		weights.add(filters);
		weights.add(noise(1, HIDDEN, FILTERS));
		weights.add(noise(1, 2 * PAIRS, HIDDEN));
		for (final Tensor w : weights)
			dWeights.add(backend.allocate(w.batch(), w.channels(), w.height(), w.width()));
		kept.add(noise(FILTERS, size, size));
		kept.add(noise(HIDDEN, size, size));
		features = noise(2 * PAIRS, size, size);
		dFeatures = noise(2 * PAIRS, size, size);
		image = noise(1, size, size);
		spectrum = backend.allocateSpectra(1, 1, size, size);
		spectra = backend.allocateSpectra(1, 2 * PAIRS, size, size);
		dSpectra = backend.allocateSpectra(1, 2 * PAIRS, size, size);
		quotient = backend.allocateSpectra(1, 1, size, size);
		dQuotient = backend.allocateSpectra(1, 1, size, size);
		backend.fft(features, spectra);
		backend.fft(image, dQuotient);
		logBeta = noise(1, 1, 1);
		dLogBeta = noise(1, 1, 1);
	}

	private Tensor noise(final int channels, final int height, final int width) {
		final Tensor t = backend.allocate(1, channels, height, width);
		fill(t);
		return t;
	}

	private void fill(final Tensor t) {
		final float[] a = new float[t.size()];
		for (int i = 0; i < a.length; i++)
			a[i] = (float) random.nextGaussian() * 0.1f;
		backend.write(a, t);
	}

	/** Multiplications and additions of {@link #features}: convolution and recombinations. */
	public long flops() {
		return 2L * size * size * (FILTERS * INPUTS * K * K + HIDDEN * FILTERS + 2 * PAIRS * HIDDEN);
	}

	/** As for an image to be deblurred: hidden images never exist as a whole. */
	@Benchmark
	public Tensor features() {
		Parallelization.runSingleThreaded(() -> backend.features(in, weights, null, features));
		return features;
	}

	@Benchmark
	public Tensor featuresKeeping() {
		Parallelization.runSingleThreaded(() -> backend.features(in, weights, kept, features));
		return features;
	}

	@Benchmark
	public Tensor featuresGrad() {
		Parallelization.runSingleThreaded(() -> backend.featuresGrad(in, weights, kept, dFeatures, dIn,
			dWeights));
		return dIn;
	}

	@Benchmark
	public Tensor fft() {
		Parallelization.runSingleThreaded(() -> backend.fft(image, spectrum));
		return spectrum;
	}

	@Benchmark
	public Tensor ifft() {
		Parallelization.runSingleThreaded(() -> backend.ifft(spectrum, image));
		return image;
	}

	@Benchmark
	public Tensor quotient() {
		Parallelization.runSingleThreaded(() -> backend.quotient(spectra, 0, spectra, PAIRS, PAIRS,
			logBeta, quotient));
		return quotient;
	}

	@Benchmark
	public Tensor quotientGrad() {
		Parallelization.runSingleThreaded(() -> backend.quotientGrad(spectra, 0, spectra, PAIRS, PAIRS,
			logBeta, quotient, dQuotient, dSpectra, dSpectra, dLogBeta));
		return dSpectra;
	}
}
