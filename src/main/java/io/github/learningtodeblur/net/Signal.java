package io.github.learningtodeblur.net;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;

/**
 * What flows between modules: a value and, while training, its gradient.
 *
 * @param grad as large as {@code value}; null if there will be no backward pass
 */
public record Signal(Tensor value, Tensor grad) {

	static Signal allocate(final Backend backend, final boolean training, final int batch,
		final int channels, final int height, final int width)
	{
		return new Signal(backend.allocate(batch, channels, height, width), training ? backend.allocate(
			batch, channels, height, width) : null);
	}
}
