package io.github.learningtodeblur.net;

import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Threads;
import io.github.learningtodeblur.util.WrapAround;

/**
 * The spectrum of blurry images, padded at the right and at the bottom by a smooth transition to the opposite edge: what
 * {@link ImageEstimation} divides by a kernel's.
 */
public final class BlurrySpectrum {

	private final Backend backend;
	private final Tensor padded;
	private final Tensor spectrum;

	/**
	 * @param height of the images without padding
	 * @param kernel size of the kernels
	 */
	public BlurrySpectrum(final Backend backend, final int batch, final int height, final int width, final int kernel) {
		this.backend = backend;
		final int paddedHeight = backend.goodSize(height + kernel - 1);
		final int paddedWidth = backend.goodSize(width + kernel - 1);
		padded = backend.allocate(batch, 1, paddedHeight, paddedWidth);
		spectrum = backend.allocateSpectra(batch, 1, paddedHeight, paddedWidth);
	}

	/** @param images one for each batch element */
	public void set(final List<Plane> images) {
		final Plane[] wrapped = new Plane[images.size()];
		Threads.forEach(wrapped.length, b -> wrapped[b] = WrapAround.extend(images.get(b), padded.width(), padded.height()));
		backend.writePlanes(List.of(wrapped), padded);
		backend.fft(padded, spectrum);
	}

	/** (batch, 1, ...) */
	public Tensor value() {
		return spectrum;
	}
}
