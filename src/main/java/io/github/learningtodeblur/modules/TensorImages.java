package io.github.learningtodeblur.modules;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.util.Images;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.FloatArray;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;

/** Tensors as images and images as tensors. */
public final class TensorImages {

	private TensorImages() {}

	/**
	 * A tensor as an image of its own values, if they lie in the JVM's heap, else of a copy.
	 *
	 * @param tensor not a spectrum
	 * @return (width, height, channels), and batch as the fourth dimension if that is not 1
	 */
	public static ArrayImg<FloatType, FloatArray> img(final Backend backend, final Tensor tensor) {
		if (tensor.spectrum()) throw new IllegalArgumentException("The values of " + tensor +
			" are the device's own affair: they are no image");
		final float[] values = values(backend, tensor);
		return tensor.batch() == 1 ? ArrayImgs.floats(values, tensor.width(), tensor.height(), tensor.channels()) : ArrayImgs
			.floats(values, tensor.width(), tensor.height(), tensor.channels(), tensor.batch());
	}

	/** The same of a tensor of one channel and one batch element: (width, height). */
	static ArrayImg<FloatType, FloatArray> plane(final Backend backend, final Tensor tensor) {
		return ArrayImgs.floats(values(backend, tensor), tensor.width(), tensor.height());
	}

	static float[] values(final Backend backend, final Tensor tensor) {
		final float[] own = tensor.buffer().hostArray();
		if (own != null && own.length == tensor.size()) return own;
		final float[] copy = new float[tensor.size()];
		backend.read(tensor, copy);
		return copy;
	}

	/** A tensor (1, channels, height, width) with the values of a two- or three-dimensional image. */
	static Tensor tensor(final Backend backend, final RandomAccessibleInterval<? extends RealType<?>> image) {
		final int channels = image.numDimensions() == 2 ? 1 : Math.toIntExact(image.dimension(2));
		final Tensor t = backend.allocate(1, channels, Math.toIntExact(image.dimension(1)), Math.toIntExact(image.dimension(
			0)));
		backend.write(Images.values(image), t);
		return t;
	}

	/** A tensor of a single value. */
	static Tensor value(final Backend backend, final double value) {
		final Tensor t = backend.allocate(1, 1, 1, 1);
		backend.write(new float[] { (float) value }, t);
		return t;
	}
}
