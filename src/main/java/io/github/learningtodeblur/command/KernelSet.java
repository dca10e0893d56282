package io.github.learningtodeblur.command;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;

import ij.ImagePlus;
import ij.process.ImageProcessor;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/**
 * The kernels of a hyperstack: one for all planes, one per channel, or one per slice and frame (slices run
 * faster). As an image: one plane each, in this order.
 */
final class KernelSet {

	static final String ONE = "one", CHANNEL = "channel", SLICE = "slice";

	private final List<Plane> kernels;
	private final String scope;
	private final int slices;

	private KernelSet(final List<Plane> kernels, final String scope, final int slices) {
		this.kernels = kernels;
		this.scope = scope;
		this.slices = slices;
	}

	/**
	 * Estimates kernels from the selected area. One for all, or one per channel, comes from the slice and frame
	 * on display; unless it is per channel, from the mean of the channels.
	 *
	 * @param scope {@link #ONE}, {@link #CHANNEL} or {@link #SLICE}
	 */
	static KernelSet estimate(final Hyperstack stack, final ImagePlus image,
		final Deblurring deblurring, final String scope, final Progress progress)
	{
		final Rectangle region = stack.region();
		final int least = deblurring.leastSide();
		if ((region.width < least || region.height < least) && (region.width < stack.width() ||
			region.height < stack.height())) throw new IllegalArgumentException(
				"The selection is too small: " + region.width + "x" + region.height +
					" pixels, but for blurs up to " + least / Deblurring.MIN_SIZE_FACTOR + " pixels at least " + least +
					"x" + least + " are needed");
		final int count = switch (scope) {
			case ONE -> 1;
			case CHANNEL -> stack.channels();
			case SLICE -> stack.slices() * stack.frames();
			default -> throw new IllegalArgumentException("Kernels must be one of [" + ONE + ", " + CHANNEL +
				", " + SLICE + "], got \"" + scope + "\"");
		};
		final List<Plane> kernels = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			progress.check();
			final Plane grey = scope.equals(ONE) ? stack.currentGrey() : scope.equals(CHANNEL) ? stack.grey(i +
				1, image.getSlice(), image.getFrame()) : stack.grey(i % stack.slices() + 1, i / stack.slices() +
					1);
			try {
				kernels.add(deblurring.estimateKernel(grey.crop(region.x, region.y, region.width,
					region.height), progress.part(i, count, count == 1 ? "" : "Kernel " + (i + 1) + " of " +
						count + ": ")));
			}
			catch (final IllegalArgumentException e) {
				throw count == 1 ? e : new IllegalArgumentException((scope.equals(CHANNEL) ? "Channel "
					: "Slice ") + (i + 1) + ": " + e.getMessage(), e);
			}
		}
		return new KernelSet(kernels, scope, stack.slices());
	}

	/**
	 * Kernels from an image, one for all planes of the stack, or as many as it has channels, or slices times
	 * frames. Each is cut out, padded to odd sizes and centred ({@link #centred}).
	 */
	static KernelSet of(final ImagePlus image, final Hyperstack stack) {
		if (image.getWidth() > stack.width() || image.getHeight() > stack.height())
			throw new IllegalArgumentException("The kernel image (" + image.getWidth() + "x" + image
				.getHeight() + " pixels) is larger than the image (" + stack.width() + "x" + stack.height() +
				"): crop it around the kernel");
		final int n = image.getStackSize(), planes = stack.slices() * stack.frames();
		final String scope = n == 1 ? ONE : n == stack.channels() ? CHANNEL : n == planes ? SLICE : null;
		if (scope == null) throw new IllegalArgumentException("The kernel image has " + n +
			" planes; it needs 1, or one per channel (" + stack.channels() + "), or one per slice and frame (" +
			planes + ")");
		final List<Plane> kernels = new ArrayList<>();
		for (int i = 1; i <= n; i++) {
			final ImageProcessor ip = image.getStack().getProcessor(i);
			final float[] values = (float[]) ip.convertToFloatProcessor().getPixelsCopy();
			kernels.add(centred(new Plane(values, ip.getWidth(), ip.getHeight())));
		}
		return new KernelSet(kernels, scope, stack.slices());
	}

	/**
	 * Divided by its sum, negative values set to 0, and moved by whole pixels so that its centre of mass lies
	 * in the middle: else the deblurred image would be shifted against the blurry one. Sizes are odd and as
	 * small as that allows.
	 */
	static Plane centred(final Plane kernel) {
		double sum = 0, sumX = 0, sumY = 0;
		int left = kernel.width(), right = -1, top = kernel.height(), bottom = -1;
		for (int y = 0; y < kernel.height(); y++)
			for (int x = 0; x < kernel.width(); x++) {
				final float v = kernel.get(x, y);
				if (!Float.isFinite(v)) throw new IllegalArgumentException("The kernel image contains the value " +
					v);
				if (v <= 0) continue;
				sum += v;
				sumX += (double) v * x;
				sumY += (double) v * y;
				left = Math.min(left, x);
				right = Math.max(right, x);
				top = Math.min(top, y);
				bottom = Math.max(bottom, y);
			}
		if (!(sum > 0)) throw new IllegalArgumentException(
			"The kernel image is empty: it has no values above 0");
		final int middleX = (int) Math.round(sumX / sum), middleY = (int) Math.round(sumY / sum);
		final int radiusX = Math.max(middleX - left, right - middleX);
		final int radiusY = Math.max(middleY - top, bottom - middleY);
		final Plane out = new Plane(2 * radiusX + 1, 2 * radiusY + 1);
		for (int y = top; y <= bottom; y++)
			for (int x = left; x <= right; x++)
				out.pixels()[(y - middleY + radiusY) * out.width() + x - middleX + radiusX] = (float) (Math.max(0,
					kernel.get(x, y)) / sum);
		return out;
	}

	/** Positions count from 1. */
	Plane at(final int channel, final int slice, final int frame) {
		return kernels.get(switch (scope) {
			case ONE -> 0;
			case CHANNEL -> channel - 1;
			default -> (frame - 1) * slices + slice - 1;
		});
	}

	ImagePlus image(final String title) {
		final List<String> labels = new ArrayList<>();
		for (int i = 0; i < kernels.size(); i++)
			labels.add(scope.equals(ONE) ? "kernel" : scope + " " + (i + 1));
		return Hyperstack.floats(title, kernels, labels);
	}
}
