package io.github.learningtodeblur.train;

import java.util.random.RandomGenerator;

import org.scijava.plugin.SciJavaPlugin;

import io.github.learningtodeblur.util.Plane;

/**
 * A kind of blur, from which random kernels are drawn. Implementations are immutable and thread-safe.
 * <p>
 * Another one becomes a choice for training, simulation and benchmarks by an empty constructor and
 * {@code @Plugin(type = BlurFamily.class, name = "...")}.
 */
@FunctionalInterface
public interface BlurFamily extends SciJavaPlugin {

	/**
	 * Draws a kernel: not negative, of sum 1, in convolution orientation, with its centre of mass within 0.05
	 * pixels of the middle pixel.
	 *
	 * @param size columns and rows, odd, at least 3
	 * @param random where all randomness comes from: equal states give equal kernels
	 * @throws IllegalArgumentException if the size is even or below 3
	 */
	Plane sample(int size, RandomGenerator random);
}
