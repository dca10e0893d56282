package io.github.learningtodeblur;

import java.util.List;

import io.github.learningtodeblur.util.Plane;

/**
 * Result of a blind deconvolution.
 *
 * @param channels restored planes, in the order, size and range of the input; not clipped
 * @param kernel the estimated blur kernel (PSF): odd size, not negative, sum 1, in convolution orientation
 * @param report how far it is to be believed, and what was done on the way
 */
public record Deblurred(List<Plane> channels, Plane kernel, Report report) {

	public Deblurred {
		channels = List.copyOf(channels);
	}
}
