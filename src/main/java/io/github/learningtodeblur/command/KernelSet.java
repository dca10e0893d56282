package io.github.learningtodeblur.command;

import java.awt.Rectangle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import ij.IJ;
import ij.ImagePlus;
import ij.process.ImageProcessor;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.observe.MeasuredKernel;
import io.github.learningtodeblur.observe.SeriesRange;
import io.github.learningtodeblur.restore.ObservedRestoration;
import io.github.learningtodeblur.search.KernelSearch;
import io.github.learningtodeblur.util.Enlargement;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;

/**
 * The kernels of a hyperstack: one for all planes, one per channel, or one per slice and frame (slices run
 * faster). As an image: one plane each, in this order.
 */
final class KernelSet {

	static final String ONE = "one", CHANNEL = "channel", SLICE = "slice";

	private final List<Plane> kernels;
	private final List<Report> reports;
	private final String scope;
	private final int slices;

	private KernelSet(final List<Plane> kernels, final List<Report> reports, final String scope, final int slices) {
		this.kernels = kernels;
		this.reports = reports;
		this.scope = scope;
		this.slices = slices;
	}

	/**
	 * Estimates kernels from the selected area. One for all, or one per channel, comes from the slice and frame
	 * on display; unless it is per channel, from all channels together. A plane that tells no kernel, as a black one, takes
	 * that of its nearest neighbour, and the log says so.
	 *
	 * @param scope {@link #ONE}, {@link #CHANNEL} or {@link #SLICE}
	 */
	static KernelSet estimate(final Hyperstack stack, final Deblurring deblurring, final String scope,
		final Progress progress)
	{
		final Rectangle region = stack.region();
		final int least = deblurring.leastSide();
		if ((region.width < least || region.height < least) && (region.width < stack.width() ||
			region.height < stack.height())) throw new IllegalArgumentException(
				"The selection is too small: " + region.width + "x" + region.height +
					" pixels, but for blurs up to " + least / KernelSearch.MIN_SIZE_FACTOR + " pixels at least " + least +
					"x" + least + " are needed");
		if (scope.equals(CHANNEL) && stack.isRgb()) IJ.log("An RGB image has one kernel for its three colours; for one of each: Image > Type > RGB Stack");
		final int count = switch (scope) {
			case ONE -> 1;
			case CHANNEL -> stack.channels();
			case SLICE -> stack.slices() * stack.frames();
			default -> throw new IllegalArgumentException("Kernels must be one of [" + ONE + ", " + CHANNEL +
				", " + SLICE + "], got \"" + scope + "\"");
		};
		final List<Deblurring.Estimate> found = new ArrayList<>();
		final List<Integer> failed = new ArrayList<>();
		IllegalArgumentException reason = null;
		for (int i = 0; i < count; i++) {
			progress.check();
			final List<SeriesRange> series = scope.equals(CHANNEL) ? stack.ranges(i + 1, progress) : stack.ranges(progress);
			final List<Plane> shown = scope.equals(ONE) ? stack.current() : scope.equals(CHANNEL) ? stack
				.current(i + 1) : stack.all(i % stack.slices() + 1, i / stack.slices() + 1);
			try {
				found.add(deblurring.estimate(shown.stream().map(p -> p.crop(region.x, region.y, region.width,
					region.height)).toList(), series, progress.part(i, count, count == 1 ? "" : "Kernel " + (i + 1) + " of " +
						count + ": ")));
			}
			catch (final IllegalArgumentException e) {
				if (count == 1) throw e;
				if (reason == null) reason = e;
				failed.add(i + 1);
				found.add(null);
			}
		}
		final String what = scope.equals(CHANNEL) ? "Channel " : "Slice ";
		if (failed.size() == count) throw new IllegalArgumentException(what + failed.get(0) + ": " + reason.getMessage(),
			reason);
		for (final int i : failed)
			IJ.log(what + i + " tells no kernel, and takes that of its nearest neighbour: " + reason.getMessage());
		final List<Deblurring.Estimate> all = withNeighbours(found);
		return new KernelSet(all.stream().map(Deblurring.Estimate::kernel).toList(), all.stream().map(e -> stack.inUnits(e
			.report())).toList(), scope, stack.slices());
	}

	/** What is missing becomes the nearest that is not; of two, the earlier. */
	static <T> List<T> withNeighbours(final List<T> kernels) {
		final List<T> out = new ArrayList<>();
		for (int i = 0; i < kernels.size(); i++) {
			T nearest = null;
			for (int d = 0; nearest == null; d++) {
				if (i - d >= 0) nearest = kernels.get(i - d);
				if (nearest == null && i + d < kernels.size()) nearest = kernels.get(i + d);
			}
			out.add(nearest);
		}
		return out;
	}

	/** Padded to one size, their middles in its middle. */
	static List<Plane> padded(final List<Plane> kernels) {
		final int width = kernels.stream().mapToInt(Plane::width).max().orElse(1);
		final int height = kernels.stream().mapToInt(Plane::height).max().orElse(1);
		return kernels.stream().map(k -> Planes.framed(k, width, height)).toList();
	}

	/**
	 * Kernels from an image, one for all planes of the stack, or as many as it has channels, or slices times
	 * frames; if these are as many, its labels tell which. Each is cut out, padded to odd sizes and centred, without its background ({@link MeasuredKernel}). The log tells
	 * what was found in them.
	 */
	static KernelSet of(final ImagePlus image, final Hyperstack stack) {
		final int n = image.getStackSize(), planes = stack.slices() * stack.frames();
		final String label = image.getStack().getSliceLabel(1);
		final boolean ofSlices = n == planes && label != null && label.startsWith(SLICE + " ");
		final String scope = n == 1 ? ONE : n == stack.channels() && !ofSlices ? CHANNEL : n == planes ? SLICE : null;
		if (scope == null) throw new IllegalArgumentException("The kernel image has " + n +
			" planes; it needs 1, or one per channel (" + stack.channels() + "), or one per slice and frame (" +
			planes + ")");
		final List<Plane> kernels = new ArrayList<>();
		for (int i = 1; i <= n; i++) {
			final ImageProcessor ip = image.getStack().getProcessor(i);
			final float[] values = (float[]) ip.convertToFloatProcessor().getPixelsCopy();
			final Plane plane = Enlargement.undone(new Plane(values, ip.getWidth(), ip.getHeight()));
			if (plane.width() > stack.width() || plane.height() > stack.height()) throw new IllegalArgumentException(
				"The kernel image (" + plane.width() + "x" + plane.height() + " pixels) is larger than the image (" + stack
					.width() + "x" + stack.height() + "): crop it around the kernel");
			final MeasuredKernel measured = MeasuredKernel.of(new Plane(values, ip.getWidth(), ip.getHeight()));
			for (final String note : measured.notes())
				IJ.log("The kernel " + image.getTitle() + (n == 1 ? " " : ", plane " + i + ", ") + note);
			kernels.add(measured.kernel());
		}
		return new KernelSet(kernels, List.of(), scope, stack.slices());
	}

	/** Positions count from 1. */
	Plane at(final int channel, final int slice, final int frame) {
		return kernels.get(number(channel, slice, frame));
	}

	private int number(final int channel, final int slice, final int frame) {
		return switch (scope) {
			case ONE -> 0;
			case CHANNEL -> channel - 1;
			default -> (frame - 1) * slices + slice - 1;
		};
	}

	/** All planes of the stack, each restored with its kernel. */
	ImagePlus restored(final String title, final Hyperstack stack, final ObservedRestoration method, final Progress progress)
		throws IOException
	{
		return stack.map(title, (plane, at, p) -> method.in(stack.ranges(at.channel(), p).get(at.colour())).restore(plane, at(at.channel(),
			at.slice(), at.frame()), p), progress);
	}

	/**
	 * What is to be told of each kernel that was estimated; none of given ones.
	 *
	 * @param stack that was restored with them: what was clipped of the planes of each kernel is told, too
	 */
	List<Report> reports(final Hyperstack stack) {
		final long[] clipped = new long[kernels.size()];
		for (int c = 1; c <= stack.channels(); c++)
			for (int z = 1; z <= stack.slices(); z++)
				for (int t = 1; t <= stack.frames(); t++)
					clipped[number(c, z, t)] += stack.clipped(c, z, t);
		return IntStream.range(0, reports.size()).mapToObj(i -> reports.get(i).withClipped(clipped[i])).toList();
	}

	/** The same where nothing was restored. */
	List<Report> reports() {
		return reports;
	}

	ImagePlus image(final String title) {
		final List<String> labels = new ArrayList<>();
		for (int i = 0; i < kernels.size(); i++)
			labels.add(scope.equals(ONE) ? "kernel" : scope + " " + (i + 1));
		return LikelyImage.asKernel(Hyperstack.floats(title, padded(kernels), labels));
	}
}
