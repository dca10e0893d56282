package io.github.learningtodeblur.backend;

/**
 * A shape over a buffer: batch x channels x height x width, planar, value (b, c, y, x) at
 * {@code ((b * channels + c) * height + y) * width + x}. Of a spectrum, height and width are those of the
 * real image, and the layout is the backend's own affair.
 */
public record Tensor(Buffer buffer, int batch, int channels, int height, int width,
	boolean spectrum)
{

	public Tensor {
		if (batch < 1 || channels < 1 || height < 1 || width < 1) throw new IllegalArgumentException(
			"Tensor sizes must be positive, got " + batch + "x" + channels + "x" + height + "x" + width);
	}

	/** Values in a tensor that is not a spectrum. */
	public int size() {
		return batch * channels * height * width;
	}

	@Override
	public String toString() {
		return (spectrum ? "spectra " : "") + batch + "x" + channels + "x" + height + "x" + width;
	}
}
