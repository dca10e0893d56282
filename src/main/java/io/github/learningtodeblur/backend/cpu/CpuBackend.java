package io.github.learningtodeblur.backend.cpu;

import java.util.Arrays;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Shrinkage;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.backend.TransformSize;
import io.github.learningtodeblur.util.Resampling;
import io.github.learningtodeblur.util.Threads;

/**
 * All operations on the CPU: cuts images into bands of rows of a fixed height, hands them to the loops of its
 * package, and adds partial sums in the order of the bands. Has no state but plans and scratch memory, both
 * bounded; may be used by several threads at once.
 */
public class CpuBackend implements Backend {

	/** Bytes of scratch memory that may lie idle: what each core needs for large images, unless Java has little. */
	private static final long MOST_IDLE = Math.min((16L << 20) * Runtime.getRuntime().availableProcessors(), Runtime
		.getRuntime().maxMemory() / 16);
	private static final int MOST_PLANS = 24;
	/** Pixels of a batch for each thread, where two images have less. */
	private static final long PIXELS_AT_ONCE = 1 << 16;

	private final Kernels kernels;
	private final Scratch scratch = new Scratch(MOST_IDLE);
	private final FeatureLoops featureLoops;
	private final QuotientLoops quotientLoops;
	private final RestorationLoops restorationLoops;
	private final LearnedRestorationLoops learnedLoops;
	/** By height and width. */
	private final Cache<List<Integer>, Fft2d> plans;

	/** With the fastest loops this JVM can run. */
	public CpuBackend() {
		this(KernelChoice.BEST);
	}

	CpuBackend(final Kernels kernels) {
		this.kernels = kernels;
		featureLoops = new FeatureLoops(kernels, scratch);
		quotientLoops = new QuotientLoops(scratch);
		restorationLoops = new RestorationLoops(kernels, scratch);
		learnedLoops = new LearnedRestorationLoops(scratch, restorationLoops.differencePowers());
		plans = new Cache<>(MOST_PLANS, size -> new Fft2d(size.get(0), size.get(1), kernels, scratch));
	}

	@Override
	public String name() {
		return "cpu (" + kernels.name() + ")";
	}

	/** The name: restorations say on what they run. */
	@Override
	public String toString() {
		return name();
	}

	@Override
	public Tensor allocate(final int batch, final int channels, final int height, final int width) {
		scratch.checkOpen();
		return new Tensor(new HostBuffer(new float[Math.multiplyExact(Math.multiplyExact(batch, channels),
			Math.multiplyExact(height, width))]), batch, channels, height, width, false);
	}

	@Override
	public Tensor allocateSpectra(final int batch, final int channels, final int height,
		final int width)
	{
		return new Tensor(new HostBuffer(new float[Math.multiplyExact(Math.multiplyExact(batch, channels),
			plan(height, width).spectrumLength())]), batch, channels, height, width, true);
	}

	@Override
	public int goodSize(final int atLeast) {
		return TransformSize.atLeast(atLeast);
	}

	@Override
	public void close() {
		scratch.close();
		plans.clear();
	}

	/** Bytes of scratch memory kept for later. */
	long idleBytes() {
		return scratch.idle();
	}

	private Fft2d plan(final int height, final int width) {
		scratch.checkOpen();
		return plans.get(List.of(height, width));
	}

	private Fft2d plan(final Tensor spectra) {
		return plan(spectra.height(), spectra.width());
	}

	private static float[] values(final Tensor t) {
		return HostBuffer.of(t);
	}

	private static int planes(final Tensor t) {
		return t.batch() * t.channels();
	}

	@Override
	public void write(final float[] from, final Tensor to) {
		System.arraycopy(from, 0, values(to), 0, to.size());
	}

	@Override
	public void read(final Tensor from, final float[] to) {
		System.arraycopy(values(from), 0, to, 0, from.size());
	}

	@Override
	public void fill(final Tensor t, final float value) {
		Arrays.fill(values(t), value);
	}

	@Override
	public void copyChannels(final Tensor from, final int fromChannel, final Tensor to,
		final int toChannel, final int count)
	{
		final int plane = from.height() * from.width();
		for (int b = 0; b < from.batch(); b++)
			System.arraycopy(values(from), (b * from.channels() + fromChannel) * plane, values(to), (b * to
				.channels() + toChannel) * plane, count * plane);
	}

	// -- feature extraction --

	@Override
	public void features(final Tensor in, final List<Tensor> weights, final List<Tensor> kept,
		final Tensor out)
	{
		featureLoops.forward(in, weights, kept, out);
	}

	@Override
	public void featuresGrad(final Tensor in, final List<Tensor> weights, final List<Tensor> kept,
		final Tensor dOut, final Tensor dIn, final List<Tensor> dWeights)
	{
		featureLoops.backward(in, weights, kept, dOut, dIn, dWeights);
	}

	@Override
	public void scale(final Tensor t, final Tensor weights) {
		final float[] a = values(t), w = values(weights);
		final int plane = t.height() * t.width();
		Threads.forEach(planes(t), p -> {
			final int at = p * plane;
			for (int i = 0; i < plane; i++)
				a[at + i] *= w[i];
		});
	}

	// -- spectra --

	@Override
	public void fft(final Tensor images, final Tensor spectra) {
		final Fft2d plan = plan(spectra);
		final int plane = images.height() * images.width();
		Threads.forEach(planes(images), p -> plan.forward(values(images), p * plane, images.width(), images
			.height(), images.width(), values(spectra), p * plan.spectrumLength()));
	}

	@Override
	public void ifft(final Tensor spectra, final Tensor images) {
		final Fft2d plan = plan(spectra);
		final int plane = images.height() * images.width();
		Threads.forEach(planes(images), p -> plan.inverse(values(spectra), p * plan.spectrumLength(),
			values(images), p * plane, images.width(), images.height(), images.width()));
	}

	@Override
	public void fftKernel(final Tensor kernels_, final Tensor spectra) {
		final Fft2d plan = plan(spectra);
		final int size = kernels_.width();
		Threads.forEach(planes(kernels_), p -> plan.forwardWrapped(values(kernels_), p * size * size, size,
			values(spectra), p * plan.spectrumLength()));
	}

	@Override
	public void ifftKernel(final Tensor spectra, final Tensor kernels_) {
		final Fft2d plan = plan(spectra);
		final int size = kernels_.width();
		Threads.forEach(planes(kernels_), p -> plan.inverseWrapped(values(spectra), p * plan
			.spectrumLength(), values(kernels_), p * size * size, size));
	}

	@Override
	public void quotient(final Tensor x, final int xFrom, final Tensor y, final int yFrom,
		final int pairs, final Tensor logBeta, final Tensor out)
	{
		quotientLoops.forward(x, xFrom, y, yFrom, pairs, logBeta, out);
	}

	@Override
	public void quotientGrad(final Tensor x, final int xFrom, final Tensor y, final int yFrom,
		final int pairs, final Tensor logBeta, final Tensor out, final Tensor g, final Tensor gx,
		final Tensor gy, final Tensor dLogBeta)
	{
		quotientLoops.backward(x, xFrom, y, yFrom, pairs, logBeta, out, g, gx, gy, dLogBeta);
	}

	// -- restoration --

	@Override
	public void multiply(final Tensor x, final Tensor by, final boolean conjugate, final Tensor out) {
		RestorationLoops.multiply(x, by, conjugate, out);
	}

	@Override
	public void solve(final Tensor kernel, final Tensor blurry, final float c, final float b, final float g,
		final Tensor target, final Tensor out)
	{
		restorationLoops.solve(kernel, blurry, c, b, g, target, out);
	}

	@Override
	public void shrunkDivergence(final Tensor images, final Shrinkage rule, final Tensor out) {
		restorationLoops.shrunkDivergence(images, rule, out);
	}

	@Override
	public void keepObserved(final Tensor observed, final float white, final Tensor predicted) {
		RestorationLoops.keepObserved(observed, white, predicted);
	}

	@Override
	public void ratio(final Tensor observed, final float least, final Tensor predicted) {
		RestorationLoops.ratio(observed, least, predicted);
	}

	@Override
	public void correct(final Tensor correction, final Tensor divergence, final float lambda, final float least,
		final Tensor estimate)
	{
		RestorationLoops.correct(correction, divergence, lambda, least, estimate);
	}

	// -- refinement --

	@Override
	public void gradients(final Tensor images, final Tensor weights, final Tensor out) {
		RefinementLoops.gradients(images, weights, out);
	}

	@Override
	public void keepStrongest(final Tensor gradients, final double part) {
		RefinementLoops.keepStrongest(gradients, part);
	}

	@Override
	public void powers(final Tensor x, final Tensor y, final Tensor auto, final Tensor cross) {
		RefinementLoops.powers(x, y, auto, cross);
	}

	@Override
	public void largestReal(final Tensor spectra, final Tensor largest) {
		RefinementLoops.largestReal(spectra, largest);
	}

	@Override
	public void descend(final Tensor product, final Tensor goal, final Tensor largest, final float momentum,
		final Tensor ahead, final Tensor kernel)
	{
		RefinementLoops.descend(product, goal, largest, momentum, ahead, kernel);
	}

	// -- kernels --

	@Override
	public void normalizeKernel(final Tensor raw, final Tensor kernel) {
		KernelLoops.normalize(raw, kernel);
	}

	@Override
	public void normalizeKernelGrad(final Tensor raw, final Tensor kernel, final Tensor dKernel,
		final Tensor dRaw)
	{
		KernelLoops.normalizeGrad(raw, kernel, dKernel, dRaw);
	}

	@Override
	public void kernelError(final Tensor kernel, final Tensor target, final int levels, final boolean relative,
		final float weight, final Tensor judged, final float limit, final Tensor errors, final Tensor dKernel)
	{
		KernelLoops.error(kernel, target, levels, relative, weight, judged, limit, errors, dKernel);
	}

	// -- training --

	/**
	 * Several for each thread: threads wait for each other after every operation, which should take much longer than
	 * waking one up. A single thread waits for nobody.
	 */
	@Override
	public int batchAtOnce(final int height, final int width) {
		final int threads = Threads.count();
		return threads == 1 ? 1 : (int) (threads * Math.max(2, PIXELS_AT_ONCE / (1L * height * width)));
	}

	@Override
	public double squareSum(final List<Tensor> tensors) {
		return UpdateLoops.squareSum(tensors);
	}

	@Override
	public void adadelta(final Tensor gradient, final double factor, final double decay, final double epsilon,
		final double rate, final Tensor squares, final Tensor steps, final Tensor weights)
	{
		UpdateLoops.adadelta(gradient, factor, decay, epsilon, rate, squares, steps, weights);
	}

	@Override
	public void adam(final Tensor gradient, final double factor, final double beta1, final double beta2,
		final double epsilon, final long step, final double rate, final Tensor mean, final Tensor squares,
		final Tensor weights)
	{
		UpdateLoops.adam(gradient, factor, beta1, beta2, epsilon, step, rate, mean, squares, weights);
	}

	// -- scales --

	@Override
	public void resize(final Tensor in, final Tensor out) {
		final Resampling rows = new Resampling(in.height(), out.height());
		final Resampling columns = new Resampling(in.width(), out.width());
		Threads.forEach(planes(in), p -> Resampling.apply(values(in), p * in.height() * in.width(), rows, columns, values(out),
			p * out.height() * out.width()));
	}

	@Override
	public void resizeGrad(final Tensor dOut, final Tensor dIn) {
		final Resampling rows = new Resampling(dIn.height(), dOut.height());
		final Resampling columns = new Resampling(dIn.width(), dOut.width());
		fill(dIn, 0);
		Threads.forEach(planes(dIn), p -> Resampling.applyAdjoint(values(dOut), p * dOut.height() * dOut.width(), rows, columns,
			values(dIn), p * dIn.height() * dIn.width()));
	}

	// -- learned restoration --

	@Override
	public void addChannels(final Tensor from, final int fromChannel, final float factor, final Tensor to,
		final int toChannel, final int count)
	{
		learnedLoops.addChannels(from, fromChannel, factor, to, toChannel, count);
	}

	@Override
	public void clamp(final Tensor x, final Tensor low, final Tensor high, final Tensor out)
	{
		learnedLoops.clamp(x, low, high, out);
	}

	@Override
	public void clampGrad(final Tensor x, final Tensor low, final Tensor high, final Tensor d)
	{
		learnedLoops.clampGrad(x, low, high, d);
	}

	@Override
	public void divergence(final Tensor w, final int margin, final Tensor out)
	{
		learnedLoops.divergence(w, margin, out);
	}

	@Override
	public void divergenceGrad(final Tensor dOut, final int margin, final Tensor dW)
	{
		learnedLoops.divergenceGrad(dOut, margin, dW);
	}

	@Override
	public void regularized(final Tensor kernel, final Tensor blurry, final Tensor before, final Tensor targets,
		final Tensor logBeta, final Tensor power, final Tensor level, final Tensor out)
	{
		learnedLoops.regularized(kernel, blurry, before, targets, logBeta, power, level, out);
	}

	@Override
	public void regularizedGrad(final Tensor kernel, final Tensor before, final Tensor targets, final Tensor logBeta,
		final Tensor power, final Tensor level, final Tensor out, final Tensor g, final Tensor dBefore,
		final Tensor dTargets, final Tensor dLogBeta, final Tensor dPower)
	{
		learnedLoops.regularizedGrad(kernel, before, targets, logBeta, power, level, out, g, dBefore, dTargets, dLogBeta, dPower);
	}

	@Override
	public void imageError(final Tensor x, final Tensor target, final float floor, final float weight, final Tensor errors,
		final Tensor dX)
	{
		LearnedRestorationLoops.imageError(x, target, floor, weight, errors, dX);
	}
}
