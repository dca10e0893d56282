package io.github.learningtodeblur.restore;

import java.util.Collections;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.net.RestorationProblem;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Unknown;

/**
 * What every deconvolution needs to know, for an image and one or several kernels of a size, side by side: the spectra
 * K of the kernels, and Y of the blurry image after its extension ({@link Borders}), which what is predicted makes
 * another one for each kernel. All for circular convolution at the size of the Fourier transform, of which the image is
 * the upper left part. Serves one restoration at a time: the extension changes.
 */
final class BlurModel {

	private final Backend backend;
	private final int width;
	private final int height;
	private final int count;
	private final int kernelWidth;
	private final int kernelHeight;

	/** The blurry image and its first extension: (height, width). */
	private final Plane blurry;

	/** The blurry image as it was given. */
	private final Tensor observed;
	private final boolean unknown;
	private final float white;

	/** K, and Y. */
	private final Tensor kernelSpectra;
	private final Tensor blurrySpectra;

	/** Whether the latter is that of {@link #blurry}. */
	private boolean fresh;

	BlurModel(final Backend backend, final Plane image, final Plane kernel) {
		this(backend, image, List.of(kernel), Float.POSITIVE_INFINITY);
	}

	/**
	 * @param kernels of one size
	 * @param white pixels from this value on may have been brighter: see {@link #predictUnknown}
	 */
	BlurModel(final Backend backend, final Plane image, final List<Plane> kernels, final float white) {
		this(backend, image, kernels.get(0).width(), kernels.get(0).height(), kernels.size(), white);
		setKernels(kernels);
	}

	/** Without kernels: see {@link #setKernels}. */
	BlurModel(final Backend backend, final Plane image, final int kernelWidth, final int kernelHeight, final int count,
		final float white)
	{
		if (kernelWidth % 2 == 0 || kernelHeight % 2 == 0) throw new IllegalArgumentException(
			"Kernel must have odd sizes, got " + kernelWidth + "x" + kernelHeight);
		Planes.checkValues(image, "Image", true);
		this.backend = backend;
		this.kernelWidth = kernelWidth;
		this.kernelHeight = kernelHeight;
		this.count = count;
		this.white = white;
		width = backend.goodSize(RestorationProblem.around(image.width(), kernelWidth));
		height = backend.goodSize(RestorationProblem.around(image.height(), kernelHeight));
		blurry = Borders.extend(Unknown.filled(image), width, height);
		observed = backend.allocate(1, 1, image.height(), image.width());
		backend.write(image.pixels(), observed);
		unknown = Unknown.isAny(image, white);
		kernelSpectra = allocateSpectra();
		blurrySpectra = allocateSpectra();
	}

	/** Other kernels, as many and of the same size; nothing is predicted yet. */
	void setKernels(final List<Plane> kernels) {
		if (kernels.size() != count) throw new IllegalArgumentException("Bound to " + count + " kernels, got " + kernels
			.size());
		final Tensor images = allocateImages();
		backend.writePlanes(kernels.stream().map(this::placed).toList(), images);
		backend.fft(images, kernelSpectra);
		if (fresh) return;
		writeBlurry(images);
		backend.fft(images, blurrySpectra);
		fresh = true;
	}

	/** Whether pixels inside the image are unknown, or saturated. */
	boolean hasUnknown() {
		return unknown;
	}

	/** The blurry image with its first extension: (height, width). Not to be changed. */
	Plane blurry() {
		return blurry;
	}

	/** The same, as often as there are kernels. */
	void writeBlurry(final Tensor images) {
		backend.writePlanes(Collections.nCopies(count, blurry), images);
	}

	/** The blurry image as it was given, on the device. */
	Tensor observed() {
		return observed;
	}

	/** Room for a spectrum for each kernel. */
	Tensor allocateSpectra() {
		return backend.allocateSpectra(count, 1, height, width);
	}

	/** Room for an image with its extension for each kernel. */
	Tensor allocateImages() {
		return backend.allocate(count, 1, height, width);
	}

	/** See {@link Backend#solve}; without {@code target} only ratios of c, b and g matter. */
	void solve(final float c, final float b, final float g, final Tensor target, final Tensor out) {
		backend.solve(kernelSpectra, blurrySpectra, c, b, g, target, out);
	}

	/**
	 * Replaces what was not observed by the blurred estimate: the extension of the blurry image, unknown pixels, and
	 * saturated ones where the estimate says that they were brighter than white.
	 *
	 * @param estimates spectra of the sharp images; overwritten
	 * @param scratch images; overwritten
	 */
	void predictUnknown(final Tensor estimates, final Tensor scratch) {
		backend.multiply(estimates, kernelSpectra, false, estimates);
		backend.ifft(estimates, scratch);
		backend.keepObserved(observed, white, scratch);
		backend.fft(scratch, blurrySpectra);
		fresh = false;
	}

	/**
	 * Circular convolution k * x, or correlation k^T x, of images with their extension.
	 *
	 * @param spectra overwritten
	 * @param out may be {@code x}
	 */
	void blur(final Tensor x, final Tensor spectra, final Tensor out, final boolean transposed) {
		backend.fft(x, spectra);
		backend.multiply(spectra, kernelSpectra, transposed, spectra);
		backend.ifft(spectra, out);
	}

	/** The images of spectra without the extension. */
	List<Plane> images(final Tensor spectra) {
		final int h = observed.height(), w = observed.width();
		final Tensor t = backend.allocate(count, 1, h, w);
		backend.ifft(spectra, t);
		return backend.readPlanes(t);
	}

	/** The kernel, scaled to sum 1, its middle pixel at (0, 0), the rest wrapped around. */
	private Plane placed(final Plane kernel) {
		check(kernel);
		final double sum = kernel.sum();
		final Plane out = new Plane(width, height);
		for (int y = 0; y < kernel.height(); y++) {
			final int row = Math.floorMod(y - kernel.height() / 2, height) * width;
			for (int x = 0; x < kernel.width(); x++)
				out.pixels()[row + Math.floorMod(x - kernel.width() / 2, width)] = (float) (kernel.get(x, y) / sum);
		}
		return out;
	}

	private void check(final Plane kernel) {
		if (kernel.width() != kernelWidth || kernel.height() != kernelHeight) throw new IllegalArgumentException(
			"Kernels of " + kernelWidth + "x" + kernelHeight + " are needed, got " + kernel);
		Planes.checkValues(kernel, "Kernel", false);
		if (!(kernel.sum() > 0)) throw new IllegalArgumentException(
			"Kernel must have a positive sum, got " + kernel.sum());
	}
}
