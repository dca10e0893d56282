package io.github.learningtodeblur.backend.cuda;

import java.util.Arrays;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.BackendUnavailable;
import io.github.learningtodeblur.backend.Shrinkage;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.backend.TransformSize;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/**
 * All operations on an NVIDIA GPU, as kernels in one stream: an operation is done some time after its method has returned,
 * only {@link #read} waits. No operation allocates memory, but for scratch memory that has to grow, or reads anything back.
 * Beside its memory it has no state; may be used by several threads at once, which take turns.
 */
public final class CudaBackend implements Backend {

	/** Of {@link Shrinkage}, as in restoration.cu. */
	private static final int STRONG = 0, POWER = 1, UNIT = 2;

	/** Of a batch's elements together. */
	private static final int PIXELS_AT_ONCE = 1 << 18;

	private final Gpu gpu;
	private final Memory memory;
	private final Features features;
	private final Fourier fourier;

	private CudaBackend(final Gpu gpu, final Limits limits) {
		this.gpu = gpu;
		memory = new Memory(gpu);
		features = new Features(gpu, memory, limits);
		fourier = new Fourier(gpu, memory, limits);
	}

	/**
	 * On the first GPU that will do.
	 *
	 * @throws BackendUnavailable if there is no driver, no GPU, or none that computes as it should
	 */
	public static CudaBackend open() {
		return open(Limits.USUAL);
	}

	static CudaBackend open(final Limits limits) {
		final CudaBackend backend = new CudaBackend(new Gpu(CudaDriver.require()), limits);
		try {
			SelfTest.run(backend);
			return backend;
		}
		catch (final RuntimeException e) {
			backend.close();
			throw e instanceof BackendUnavailable ? e : new BackendUnavailable(e.getMessage(), e);
		}
	}

	@Override
	public String name() {
		return "cuda (" + gpu.name() + ")";
	}

	/** The name: restorations say on what they run. */
	@Override
	public String toString() {
		return name();
	}

	@Override
	public void close() {
		synchronized (gpu) {
			if (gpu.isClosed()) return;
			try {
				memory.close();
			}
			finally {
				gpu.close();
			}
		}
	}

	// -- storage --

	@Override
	public Tensor allocate(final int batch, final int channels, final int height, final int width) {
		final int size = Math.multiplyExact(Math.multiplyExact(batch, channels), Math.multiplyExact(height, width));
		return new Tensor(memory.allocate((long) size * Float.BYTES), batch, channels, height, width, false);
	}

	@Override
	public Tensor allocateSpectra(final int batch, final int channels, final int height, final int width) {
		TransformSize.check(height, width);
		gpu.checkOpen();
		fourier.prepare(height, width);
		return new Tensor(memory.allocate(Math.multiplyExact(batch, channels) * Fourier.bytes(height, width)), batch, channels, height,
			width, true);
	}

	@Override
	public int goodSize(final int atLeast) {
		return TransformSize.atLeast(atLeast);
	}

	@Override
	public void write(final float[] from, final Tensor to) {
		gpu.call("write", () -> JCudaDriver.cuMemcpyHtoD(DeviceBuffer.of(to), Pointer.to(from), (long) to.size() * Float.BYTES));
	}

	@Override
	public void read(final Tensor from, final float[] to) {
		gpu.call("read", () -> JCudaDriver.cuMemcpyDtoH(Pointer.to(to), DeviceBuffer.of(from), (long) from.size() * Float.BYTES));
	}

	@Override
	public void fill(final Tensor t, final float value) {
		gpu.call("fill", () -> JCudaDriver.cuMemsetD32Async(DeviceBuffer.of(t), Float.floatToRawIntBits(value), planes(t) * (long) floats(
			t), null));
	}

	private static int planes(final Tensor t) {
		return t.batch() * t.channels();
	}

	/** Pixels of an image, or frequencies of a spectrum. */
	private static int length(final Tensor t) {
		return t.height() * (t.spectrum() ? t.width() / 2 + 1 : t.width());
	}

	/** Of an image or a spectrum. */
	private static int floats(final Tensor t) {
		return t.spectrum() ? 2 * length(t) : length(t);
	}

	@Override
	public void copyChannels(final Tensor from, final int fromChannel, final Tensor to, final int toChannel, final int count) {
		final int n = floats(from);
		gpu.launch("copyChannels", Grid.over(count * n, from.batch()), from, fromChannel * n, from.channels() * n, to, toChannel * n, to
			.channels() * n, count * n, from.batch());
	}

	@Override
	public void addChannels(final Tensor from, final int fromChannel, final float factor, final Tensor to, final int toChannel,
		final int count)
	{
		final int n = floats(from);
		gpu.launch("addChannels", Grid.over(count * n, from.batch()), from, fromChannel * n, from.channels() * n, factor, to, toChannel *
			n, to.channels() * n, count * n, from.batch());
	}

	@Override
	public void scale(final Tensor t, final Tensor weights) {
		gpu.launch("scale", Grid.over(length(t), planes(t)), t, weights, length(t), planes(t));
	}

	@Override
	public void clamp(final Tensor x, final Tensor low, final Tensor high, final Tensor out) {
		gpu.launch("clampValues", Grid.over(x.size(), 1), x, low, high, out, x.size());
	}

	@Override
	public void clampGrad(final Tensor x, final Tensor low, final Tensor high, final Tensor d) {
		gpu.launch("clampGrad", Grid.over(x.size(), 1), x, low, high, d, x.size());
	}

	// -- feature extraction --

	@Override
	public void features(final Tensor in, final List<Tensor> weights, final List<Tensor> kept, final Tensor out) {
		features.forward(in, weights, kept, out);
	}

	@Override
	public void featuresGrad(final Tensor in, final List<Tensor> weights, final List<Tensor> kept, final Tensor dOut,
		final Tensor dIn, final List<Tensor> dWeights)
	{
		features.backward(in, weights, kept, dOut, dIn, dWeights);
	}

	// -- spectra --

	@Override
	public void fft(final Tensor images, final Tensor spectra) {
		fourier.forward(images, spectra, 0);
	}

	@Override
	public void ifft(final Tensor spectra, final Tensor images) {
		fourier.inverse(spectra, images, 0);
	}

	@Override
	public void fftKernel(final Tensor kernels, final Tensor spectra) {
		fourier.forward(kernels, spectra, kernels.width() / 2);
	}

	@Override
	public void ifftKernel(final Tensor spectra, final Tensor kernels) {
		fourier.inverse(spectra, kernels, kernels.width() / 2);
	}

	@Override
	public void quotient(final Tensor x, final int xFrom, final Tensor y, final int yFrom, final int pairs, final Tensor logBeta,
		final Tensor out)
	{
		gpu.launch("quotient", Grid.over(length(out), out.batch()), x, xFrom, x.channels(), y, yFrom, y.channels(), pairs, logBeta, out,
			length(out), out.batch());
	}

	@Override
	public void quotientGrad(final Tensor x, final int xFrom, final Tensor y, final int yFrom, final int pairs,
		final Tensor logBeta, final Tensor out, final Tensor g, final Tensor gx, final Tensor gy, final Tensor dLogBeta)
	{
		final Grid grid = Grid.summing(length(out), out.batch());
		final int sums = grid.x() * out.batch();
		synchronized (gpu) {
			final Long scratch = dLogBeta == null ? null : memory.scratch((long) sums * Double.BYTES)[0];
			gpu.launch("quotientGrad", grid, x, xFrom, x.channels(), y, yFrom, y.channels(), pairs, logBeta, out, g, gx, gy, scratch,
				length(out), out.width() / 2 + 1, out.batch());
			if (dLogBeta != null) gpu.launch("quotientBetaGrad", Grid.oneEach(1), scratch, sums, logBeta, pixels(out), dLogBeta);
		}
	}

	private static float pixels(final Tensor spectra) {
		return (float) spectra.height() * spectra.width();
	}

	// -- restoration --

	@Override
	public void multiply(final Tensor x, final Tensor by, final boolean conjugate, final Tensor out) {
		gpu.launch("multiply", Grid.over(length(x), planes(x)), x, by, by.batch(), by.channels(), conjugate ? 1 : 0, out, length(x), x
			.channels(), planes(x));
	}

	@Override
	public void solve(final Tensor kernel, final Tensor blurry, final float c, final float b, final float g, final Tensor target,
		final Tensor out)
	{
		gpu.launch("solve", Grid.over(length(out), out.batch()), kernel, kernel.batch(), blurry, blurry.batch(), c, b, g, target, out, out
			.height(), out.width(), out.batch());
	}

	@Override
	public void shrunkDivergence(final Tensor images, final Shrinkage rule, final Tensor out) {
		if (rule instanceof Shrinkage.Power p) shrunkDivergence(images, POWER, (float) p.alpha(), (float) p.beta(), (float) p.threshold(),
			out);
		else if (rule instanceof Shrinkage.Strong s) shrunkDivergence(images, STRONG, s.threshold(), 0, 0, out);
		else shrunkDivergence(images, UNIT, ((Shrinkage.Unit) rule).flat(), 0, 0, out);
	}

	private void shrunkDivergence(final Tensor images, final int rule, final float first, final float second,
		final float threshold, final Tensor out)
	{
		gpu.launch("shrunkDivergence", Grid.over(length(images), planes(images)), images, out, images.width(), images.height(), rule,
			first, second, threshold, planes(images));
	}

	@Override
	public void keepObserved(final Tensor observed, final float white, final Tensor predicted) {
		gpu.launch("keepObserved", Grid.over(length(observed), predicted.batch()), observed, observed.width(), observed.height(), observed
			.batch(), white, predicted, predicted.width(), predicted.height(), predicted.batch());
	}

	@Override
	public void ratio(final Tensor observed, final float least, final Tensor predicted) {
		gpu.launch("ratio", Grid.over(length(predicted), predicted.batch()), observed, observed.width(), observed.height(), observed
			.batch(), least, predicted, predicted.width(), predicted.height(), predicted.batch());
	}

	@Override
	public void correct(final Tensor correction, final Tensor divergence, final float lambda, final float least,
		final Tensor estimate)
	{
		gpu.launch("correct", Grid.over(estimate.size(), 1), correction, divergence, lambda, least, estimate, estimate.size());
	}

	// -- refinement --

	@Override
	public void gradients(final Tensor images, final Tensor weights, final Tensor out) {
		gpu.launch("gradients", Grid.over(length(images), images.batch()), images, weights, out, images.width(), images.height(), images
			.batch());
	}

	@Override
	public void keepStrongest(final Tensor gradients, final double part) {
		final int n = length(gradients), step = Math.max(1, n / SAMPLE), count = Grid.blocks(n, step), histogram = 256 + 2;
		synchronized (gpu) {
			final long thresholds = memory.scratch((long) gradients.batch() * Float.BYTES)[0];
			gpu.launch("quantile", new Grid(gradients.batch(), 1, 1, 256, histogram * Integer.BYTES), gradients, thresholds, n, step,
				count, (int) ((1 - part) * (count - 1)));
			gpu.launch("keepStrongest", Grid.over(n, gradients.batch()), gradients, thresholds, n, gradients.batch());
		}
	}

	@Override
	public void powers(final Tensor x, final Tensor y, final Tensor auto, final Tensor cross) {
		gpu.launch("powers", Grid.over(length(x), x.batch()), x, y, y.batch(), auto, cross, length(x), x.channels(), x.batch());
	}

	@Override
	public void largestReal(final Tensor spectra, final Tensor largest) {
		gpu.launch("largestReal", Grid.oneEach(spectra.batch()), spectra, largest, length(spectra));
	}

	@Override
	public void descend(final Tensor product, final Tensor goal, final Tensor largest, final float momentum, final Tensor ahead,
		final Tensor kernel)
	{
		gpu.launch("descend", Grid.over(length(kernel), kernel.batch()), product, goal, largest, momentum, ahead, kernel, length(kernel),
			kernel.batch());
	}

	// -- kernels --

	@Override
	public void normalizeKernel(final Tensor raw, final Tensor kernel) {
		gpu.launch("normalizeKernel", Grid.oneEach(raw.batch()), raw, kernel, length(raw));
	}

	@Override
	public void normalizeKernelGrad(final Tensor raw, final Tensor kernel, final Tensor dKernel, final Tensor dRaw) {
		gpu.launch("normalizeKernelGrad", Grid.oneEach(raw.batch()), raw, kernel, dKernel, dRaw, length(raw));
	}

	@Override
	public void kernelError(final Tensor kernel, final Tensor target, final int levels, final boolean relative,
		final float weight, final Tensor judged, final float limit, final Tensor errors, final Tensor dKernel)
	{
		final int w = kernel.width(), h = kernel.height(), side = 1 << levels - 1;
		final long doubles = 3L * w * h + 2L * (w + side - 1) * (h + side - 1);
		synchronized (gpu) {
			final long scratch = memory.scratch(kernel.batch() * doubles * Double.BYTES)[0];
			gpu.launch("kernelError", Grid.oneEach(kernel.batch()), kernel, target, w, h, levels, relative ? 1 : 0, weight, judged, limit,
				errors, dKernel, scratch);
		}
	}

	// -- training --

	/** So many that the kernels of small images keep all of a GPU busy. */
	@Override
	public int batchAtOnce(final int height, final int width) {
		return Math.max(1, PIXELS_AT_ONCE / (height * width));
	}

	@Override
	public double squareSum(final List<Tensor> tensors) {
		int blocks = 0;
		for (final Tensor t : tensors)
			blocks += Grid.summing(t.size(), 1).x();
		final double[] sums = new double[blocks];
		synchronized (gpu) {
			final long scratch = memory.scratch((long) blocks * Double.BYTES)[0];
			int at = 0;
			for (final Tensor t : tensors) {
				final Grid grid = Grid.summing(t.size(), 1);
				gpu.launch("squareSum", grid, t, scratch + (long) at * Double.BYTES, t.size());
				at += grid.x();
			}
			memory.readScratch(sums);
		}
		return Arrays.stream(sums).sum();
	}

	@Override
	public void adadelta(final Tensor gradient, final double factor, final double decay, final double epsilon,
		final double rate, final Tensor squares, final Tensor steps, final Tensor weights)
	{
		gpu.launch("adadelta", Grid.over(weights.size(), 1), gradient, factor, decay, epsilon, rate, squares, steps, weights, weights
			.size());
	}

	@Override
	public void adam(final Tensor gradient, final double factor, final double beta1, final double beta2,
		final double epsilon, final long step, final double rate, final Tensor mean, final Tensor squares,
		final Tensor weights)
	{
		gpu.launch("adam", Grid.over(weights.size(), 1), gradient, factor, beta1, beta2, 1 - Math.pow(beta1, step), 1 - Math.pow(beta2,
			step), epsilon, rate, mean, squares, weights, weights.size());
	}

	// -- scales --

	@Override
	public void resize(final Tensor in, final Tensor out) {
		synchronized (gpu) {
			final long across = memory.scratch((long) planes(in) * in.height() * out.width() * Float.BYTES)[0];
			final int rows = planes(in) * in.height();
			gpu.launch("resample", Grid.over(out.width(), rows), in, across, in.width(), out.width(), 1, rows);
			gpu.launch("resample", Grid.over(length(out), planes(in)), across, out, in.height(), out.height(), out.width(), planes(in));
		}
	}

	@Override
	public void resizeGrad(final Tensor dOut, final Tensor dIn) {
		synchronized (gpu) {
			final long across = memory.scratch((long) planes(dIn) * dIn.height() * dOut.width() * Float.BYTES)[0];
			final int rows = planes(dIn) * dIn.height();
			gpu.launch("resampleGrad", Grid.over(dIn.height() * dOut.width(), planes(dIn)), dOut, across, dIn.height(), dOut.height(), dOut
				.width(), planes(dIn));
			gpu.launch("resampleGrad", Grid.over(dIn.width(), rows), across, dIn, dIn.width(), dOut.width(), 1, rows);
		}
	}

	// -- learned restoration --

	@Override
	public void divergence(final Tensor w, final int margin, final Tensor out) {
		gpu.launch("divergence", Grid.over(length(out), out.batch()), w, w.width(), w.height(), margin, out, out.width(), out.height(), out
			.batch());
	}

	@Override
	public void divergenceGrad(final Tensor dOut, final int margin, final Tensor dW) {
		gpu.launch("divergenceGrad", Grid.over(length(dW), dW.batch()), dOut, dOut.width(), dOut.height(), margin, dW, dW.width(), dW
			.height(), dW.batch());
	}

	@Override
	public void regularized(final Tensor kernel, final Tensor blurry, final Tensor before, final Tensor targets,
		final Tensor logBeta, final Tensor power, final Tensor level, final Tensor out)
	{
		gpu.launch("regularized", Grid.over(length(out), out.batch()), kernel, blurry, before, targets, logBeta, power, level, logBeta
			.width(), out, out.height(), out.width(), out.batch());
	}

	@Override
	public void regularizedGrad(final Tensor kernel, final Tensor before, final Tensor targets, final Tensor logBeta,
		final Tensor power, final Tensor level, final Tensor out, final Tensor g, final Tensor dBefore, final Tensor dTargets,
		final Tensor dLogBeta, final Tensor dPower)
	{
		final Grid grid = Grid.summing(length(out), out.batch());
		final int orders = logBeta.width();
		synchronized (gpu) {
			final Long sums = dLogBeta == null ? null : memory.scratch((long) grid.x() * orders * out.batch() * Double.BYTES)[0];
			gpu.launch("regularizedGrad", grid, kernel, before, targets, logBeta, power, level, orders, out, g, dBefore, dTargets, sums, out
				.height(), out.width(), out.batch());
			if (dLogBeta != null) gpu.launch("regularizedBetaGrad", Grid.oneEach(orders), sums, grid.x(), out.batch(), logBeta, power,
				level, pixels(out), dLogBeta, dPower);
		}
	}

	@Override
	public void imageError(final Tensor x, final Tensor target, final float floor, final float weight, final Tensor errors,
		final Tensor dX)
	{
		gpu.launch("imageError", Grid.oneEach(x.batch()), x, target, length(x), floor, weight, errors, dX);
	}
}
