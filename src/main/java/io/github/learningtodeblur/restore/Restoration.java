package io.github.learningtodeblur.restore;

import java.util.List;

import org.scijava.plugin.SciJavaPlugin;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/**
 * Finds the sharp image when the blur kernel is known. Implementations are immutable and
 * thread-safe.
 * <p>
 * Another one becomes a choice in all dialogs, macros and programs by an empty constructor and
 * {@code @Plugin(type = Restoration.class, name = "...", description = "...")}.
 */
@FunctionalInterface
public interface Restoration extends SciJavaPlugin {

	/**
	 * The same on another device; else all work is done on the one that everybody uses. Methods that have a device of
	 * their own return themselves.
	 */
	default Restoration on(final Backend backend) {
		return this;
	}

	/**
	 * This method with settings that suit a whole image, to be applied to parts of it, such as tiles, which
	 * alike settings keep from differing in look. Methods with nothing to fit return themselves.
	 */
	default Restoration fitted(final Plane image) {
		return this;
	}

	/**
	 * The same with other strength.
	 *
	 * @param strength factor on the usual regularisation, above 0: above 1 smoother, below 1 sharper and noisier
	 * @throws IllegalArgumentException if a method has no strength, and 1 is not asked for
	 */
	default Restoration withStrength(final double strength) {
		if (strength != 1) throw new IllegalArgumentException("This restoration has no strength: 1 is possible only, got " +
			strength);
		return this;
	}

	/**
	 * Pixels around a block of an image that have to be seen for the block to be restored: what lies beyond hardly matters. Four
	 * kernel widths, and at least 48 pixels, unless a method knows better.
	 */
	default int halo(final Plane kernel) {
		return Math.max(48, 4 * Math.max(kernel.width(), kernel.height()));
	}

	/** Memory that a restoration takes for each pixel of an image, and of what it predicts around it, about. */
	default int bytesPerPixel() {
		return 48;
	}

	/**
	 * @param blurry values in [0, 1] (settings are tuned to this range), NaN where unknown; not changed
	 * @param kernel blurry = conv2(sharp, kernel), the middle pixel is the origin; odd width and
	 *           height, all finite, positive sum; scaled to sum 1 inside. Brightness is therefore
	 *           kept
	 * @param progress asked and told at every step
	 * @return the sharp image, of the size of {@code blurry}, unknown pixels predicted. Not clipped: values may leave
	 *         [0, 1]
	 * @throws java.util.concurrent.CancellationException if {@code progress} is canceled
	 */
	Plane restore(Plane blurry, Plane kernel, Progress progress);

	/**
	 * An image with each of several kernels. A method that can do so works on those of one size side by side.
	 *
	 * @return in the order of the kernels
	 */
	default List<Plane> restore(final Plane blurry, final List<Plane> kernels, final Progress progress) {
		return kernels.stream().map(k -> restore(blurry, k, progress)).toList();
	}
}
