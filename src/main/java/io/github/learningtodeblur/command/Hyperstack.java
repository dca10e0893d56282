package io.github.learningtodeblur.command;

import java.awt.Rectangle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;
import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.observe.SeriesRange;
import io.github.learningtodeblur.restore.LearnedRestoration;
import io.github.learningtodeblur.restore.TiledRestoration;
import io.github.learningtodeblur.util.LinearLight;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Unknown;

/**
 * An image of any type as planes in [0, 1], by channel, slice and frame; and results of the same kind. Reads
 * plane by plane, so that virtual stacks stay virtual, and never changes the image, nor minds if it is changed or closed
 * while the work goes on.
 * <p>
 * 8-bit and RGB values are divided by 255; 16-bit values by the largest in the image, because cameras
 * seldom use all 16 bits; of 32-bit values the range from 0, or the smallest if that is negative, to the
 * largest becomes [0, 1]. (16-bit images with negative calibrated values, where 32768 stands for 0, begin at
 * their smallest value.) Results are put back into the same range. There 8- and 16-bit values beyond the
 * type's range are clipped, and counted; 32-bit values never are. Where 8-bit values are numbers in a palette of colours, as in
 * GIF files, and not brightness seen in false colours, the image is one of RGB.
 */
final class Hyperstack {

	/** Where a plane lies: counted from 1, but for the colour of an RGB image, 0 to 2, which is 0 in others. */
	record Position(int channel, int slice, int frame, int colour) {}

	/** What is done to one plane. */
	@FunctionalInterface
	interface PlaneTask {

		Plane apply(Plane plane, Position at, Progress progress) throws IOException;
	}

	/** What stands for 0 in signed images of 16 bits. */
	private static final int SIGNED_ZERO = 32768;

	/** What ImageJ calls the label of a single plane. */
	private static final String LABEL = "Label";

	private final ImagePlus image;
	private final ImageStack stack;
	private final Roi roi;
	/** Values {@code low} and {@code low + range} become 0 and 1. */
	private final double low;
	private final double range;
	private long clipped;
	/** Of each plane of the stack. */
	private long[] clippedOf = {};
	/** Of one plane, or of as many as the stack has; null if all pixels are to be believed. */
	private final ImageStack mask;
	private final boolean linear;
	/** Of every channel, each with a range for every colour; as far as they were asked for. */
	private final Map<Integer, List<SeriesRange>> ranges = new HashMap<>();

	Hyperstack(final ImagePlus source) {
		this(source, null, false);
	}

	/**
	 * @param mask 0 where pixels are not to be believed: they are NaN in all planes, and as they were in results. Null, or
	 *          the image itself, for none
	 * @param linear whether planes are amounts of light, and results are saved with the gamma of sRGB again
	 */
	Hyperstack(final ImagePlus source, final ImagePlus mask, final boolean linear) {
		this.linear = linear;
		this.mask = mask == null || mask == source ? null : copied(checked(mask, source).getStack());
		image = snapshot(source);
		stack = image.getStack();
		roi = source.getRoi();
		if (image.getBitDepth() == 8 || image.getBitDepth() == 24) {
			low = 0;
			range = 255;
			return;
		}
		double min = Double.POSITIVE_INFINITY, max = Double.NEGATIVE_INFINITY;
		for (int i = 1; i <= stack.getSize(); i++) {
			final ImageProcessor ip = stack.getProcessor(i);
			for (int p = 0; p < ip.getPixelCount(); p++) {
				final float v = ip.getf(p);
				if (Float.isNaN(v)) continue; // unknown
				if (Float.isInfinite(v)) throw new IllegalArgumentException("The image contains the value " + v +
					", at pixel " + p % ip.getWidth() + "," + p / ip.getWidth() + (stack.getSize() == 1 ? ""
						: " of plane " + i));
				min = Math.min(min, v);
				max = Math.max(max, v);
			}
		}
		low = image.getCalibration().isSigned16Bit() ? min : Math.min(0, min);
		range = max > low ? max - low : 1;
	}

	/** With the range of another image, to compare the two. */
	Hyperstack(final ImagePlus source, final Hyperstack like) {
		image = snapshot(source);
		stack = image.getStack();
		roi = source.getRoi();
		mask = null;
		linear = false;
		low = like.low;
		range = like.range;
	}

	private static ImagePlus checked(final ImagePlus mask, final ImagePlus image) {
		final int planes = mask.getStackSize();
		if (planes != 1 && planes != image.getStackSize()) throw new IllegalArgumentException("The mask has " + planes +
			" planes; it needs 1, or as many as the image (" + image.getStackSize() + ")");
		return mask;
	}

	/** The image as it is now, with whatever {@link #dressed} will ask for. */
	private static ImagePlus snapshot(final ImagePlus source) {
		final ImageStack from = source.getStack();
		return dressed(new ImagePlus(source.getTitle(), hasPalette(source) ? copied(from, ImageProcessor::convertToRGB) : copied(from)),
			source);
	}

	/** Of pixels in memory, copies, as others may work on them, and closing a window empties its stack. */
	private static ImageStack copied(final ImageStack from) {
		return from.isVirtual() ? from : copied(from, ImageProcessor::duplicate);
	}

	private static ImageStack copied(final ImageStack from, final UnaryOperator<ImageProcessor> copy) {
		final ImageStack out = new ImageStack(from.getWidth(), from.getHeight());
		for (int i = 1; i <= from.getSize(); i++)
			out.addSlice(from.getSliceLabel(i), copy.apply(from.getProcessor(i)));
		return out;
	}

	/** Whether pixels are numbers of colours. */
	private static boolean hasPalette(final ImagePlus image) {
		final ImageProcessor ip = image.getProcessor();
		return image.getBitDepth() == 8 && !image.isComposite() && ip.isColorLut() && !ip.isPseudoColorLut();
	}

	int width() {
		return image.getWidth();
	}

	int height() {
		return image.getHeight();
	}

	int channels() {
		return image.getNChannels();
	}

	int slices() {
		return image.getNSlices();
	}

	int frames() {
		return image.getNFrames();
	}

	boolean isRgb() {
		return image.getBitDepth() == 24;
	}

	/** One plane, or three (R, G, B) of an RGB image; as the mask and the light want them. */
	List<Plane> planes(final int channel, final int slice, final int frame) {
		final int index = image.getStackIndex(channel, slice, frame);
		List<Plane> planes = saved(index);
		if (linear) planes = planes.stream().map(LinearLight::of).toList();
		if (mask != null) {
			final Plane believed = mask(index);
			planes = planes.stream().map(p -> Unknown.masked(p, believed)).toList();
		}
		return planes;
	}

	private Plane mask(final int index) {
		final ImageProcessor ip = mask.getProcessor(mask.getSize() == 1 ? 1 : index);
		final Plane out = new Plane(ip.getWidth(), ip.getHeight());
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = ip instanceof ColorProcessor ? ip.get(i) & 0xffffff : ip.getf(i);
		return out;
	}

	/** What a task made of planes, in the way the image has them. */
	private List<Plane> back(final List<Plane> results, final int index) {
		List<Plane> out = results;
		if (linear) out = out.stream().map(LinearLight::saved).toList();
		if (mask == null) return out;
		final List<Plane> saved = saved(index), restored = out;
		final Plane believed = mask(index);
		return IntStream.range(0, saved.size()).mapToObj(i -> Unknown.unmasked(restored.get(i), saved.get(i), believed))
			.toList();
	}

	private List<Plane> saved(final int index) {
		final ImageProcessor ip = stack.getProcessor(index);
		if (!isRgb()) return List.of(plane(ip));
		final int[] packed = (int[]) ip.getPixels();
		final List<Plane> planes = new ArrayList<>();
		for (int shift = 16; shift >= 0; shift -= 8) {
			final Plane p = new Plane(width(), height());
			for (int i = 0; i < packed.length; i++)
				p.pixels()[i] = (packed[i] >> shift & 255) / 255f;
			planes.add(p);
		}
		return planes;
	}

	private Plane plane(final ImageProcessor ip) {
		final Plane p = new Plane(ip.getWidth(), ip.getHeight());
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = (float) ((ip.getf(i) - low) / range);
		return p;
	}

	/** In the image's own values what is told of planes. */
	Report inUnits(final Report report) {
		return report.inUnits(range, image.getCalibration().isSigned16Bit() ? low - SIGNED_ZERO : low);
	}

	/** The common range of a channel's planes, or three (R, G, B), which does not change from slice to slice and frame to frame. */
	List<SeriesRange> ranges(final int channel, final Progress progress) {
		return ranges.computeIfAbsent(channel, c -> IntStream.range(0, isRgb() ? 3 : 1).mapToObj(colour -> SeriesRange.of(slices() *
			frames(), i -> {
				progress.check();
				return planes(c, i % slices() + 1, i / slices() + 1).get(colour);
			})).toList());
	}

	/** The same of all channels. */
	List<SeriesRange> ranges(final Progress progress) {
		return IntStream.rangeClosed(1, channels()).mapToObj(c -> ranges(c, progress)).flatMap(List::stream).toList();
	}

	/** One channel in grey; the luminance of an RGB image. */
	Plane grey(final int channel, final int slice, final int frame) {
		return Planes.luminance(planes(channel, slice, frame));
	}

	/** The mean of all channels. */
	Plane grey(final int slice, final int frame) {
		final Plane sum = grey(1, slice, frame);
		for (int c = 2; c <= channels(); c++) {
			final Plane p = grey(c, slice, frame);
			for (int i = 0; i < sum.pixels().length; i++)
				sum.pixels()[i] += p.pixels()[i];
		}
		for (int i = 0; i < sum.pixels().length; i++)
			sum.pixels()[i] /= channels();
		return sum;
	}

	/** The plane on display, as the mean of all channels. */
	Plane currentGrey() {
		return grey(image.getSlice(), image.getFrame());
	}

	/** One channel of the slice and frame on display: one plane, or three (R, G, B). */
	List<Plane> current(final int channel) {
		return planes(channel, image.getSlice(), image.getFrame());
	}

	/** All channels of the slice and frame on display. */
	List<Plane> current() {
		return all(image.getSlice(), image.getFrame());
	}

	/** All channels of a slice and frame. */
	List<Plane> all(final int slice, final int frame) {
		final List<Plane> all = new ArrayList<>();
		for (int c = 1; c <= channels(); c++)
			all.addAll(planes(c, slice, frame));
		return all;
	}

	/** The bounds of the selected area, or the whole image. Selections that are no areas don't count. */
	Rectangle region() {
		final Rectangle all = new Rectangle(width(), height());
		if (roi == null || !roi.isArea()) return all;
		final Rectangle inside = roi.getBounds().intersection(all);
		if (inside.isEmpty()) throw new IllegalArgumentException(
			"The selection lies outside the image: move it, or remove it with Edit > Selection > Select None");
		return inside;
	}

	/** Bytes of the result, of a copy of what is in memory, of a plane's values before and after, and of the work on it, tile by tile if it is large. */
	static long memory(final ImagePlus image) {
		final long plane = (long) image.getWidth() * image.getHeight(), tile = TiledRestoration.DEFAULT_TILE;
		return plane * image.getStackSize() * (image.getStack().isVirtual() ? 1 : 2) * Math.max(1, image.getBitDepth() / 8) + plane * 4 * 8 + Math.min(plane, tile * tile) *
			LearnedRestoration.BYTES_PER_PIXEL;
	}

	/**
	 * Does the same to all planes, and makes an image of the results: of the type, size, calibration, colours,
	 * display range, overlay, slice labels and properties of this one.
	 *
	 * @param task also called for each colour of an RGB image
	 */
	ImagePlus map(final String title, final PlaneTask task, final Progress progress)
		throws IOException
	{
		final ImageStack out = new ImageStack(width(), height());
		final int colours = isRgb() ? 3 : 1, total = stack.getSize() * colours;
		clipped = 0;
		clippedOf = new long[stack.getSize()];
		for (int t = 1; t <= frames(); t++)
			for (int z = 1; z <= slices(); z++)
				for (int c = 1; c <= channels(); c++) {
					final int index = image.getStackIndex(c, z, t);
					final List<Plane> results = new ArrayList<>();
					final List<Plane> planes = planes(c, z, t);
					for (int i = 0; i < planes.size(); i++) {
						progress.check();
						results.add(task.apply(planes.get(i), new Position(c, z, t, i), progress.part((index - 1) * colours + i,
							total, "")));
					}
					// of a single plane ImageJ makes up a label, from title and info
					final long before = clipped;
					out.addSlice(stack.getSize() == 1 ? null : stack.getSliceLabel(index), processor(back(results, index)));
					clippedOf[index - 1] = clipped - before;
				}
		progress.check();
		return dressed(new ImagePlus(title, out), image);
	}

	/** Values of a plane of the last {@link #map} that did not fit the type. */
	long clipped(final int channel, final int slice, final int frame) {
		return clippedOf[image.getStackIndex(channel, slice, frame) - 1];
	}

	private ImageProcessor processor(final List<Plane> planes) {
		final float[] p = planes.get(0).pixels();
		if (image.getBitDepth() == 32) {
			final float[] pixels = new float[p.length];
			for (int i = 0; i < p.length; i++)
				pixels[i] = (float) (low + range * p[i]);
			return new FloatProcessor(width(), height(), pixels);
		}
		if (image.getBitDepth() == 16) {
			final short[] pixels = new short[p.length];
			for (int i = 0; i < p.length; i++)
				pixels[i] = (short) clip(low + range * p[i], 65535);
			return new ShortProcessor(width(), height(), pixels, null);
		}
		if (isRgb()) {
			final int[] pixels = new int[p.length];
			for (int i = 0; i < p.length; i++)
				for (final Plane colour : planes)
					pixels[i] = pixels[i] << 8 | clip(255 * colour.pixels()[i], 255);
			return new ColorProcessor(width(), height(), pixels);
		}
		final byte[] pixels = new byte[p.length];
		for (int i = 0; i < p.length; i++)
			pixels[i] = (byte) clip(255 * p[i], 255);
		return new ByteProcessor(width(), height(), pixels);
	}

	private int clip(final double value, final int max) {
		final long rounded = Math.round(value);
		if (rounded < 0 || rounded > max) clipped++;
		return (int) Math.max(0, Math.min(max, rounded));
	}

	/** Everything but the pixels. */
	private static ImagePlus dressed(final ImagePlus bare, final ImagePlus like) {
		bare.setDimensions(like.getNChannels(), like.getNSlices(), like.getNFrames());
		ImagePlus out = bare;
		if (like instanceof CompositeImage from) {
			final CompositeImage composite = new CompositeImage(bare, from.getMode());
			final LUT[] luts = from.getLuts();
			for (int i = 0; i < luts.length; i++)
				luts[i] = (LUT) luts[i].clone();
			composite.setLuts(luts);
			final boolean[] active = from.getActiveChannels();
			System.arraycopy(active, 0, composite.getActiveChannels(), 0, Math.min(active.length, composite
				.getActiveChannels().length));
			out = composite;
		}
		else if (bare.getBitDepth() != 24) {
			final LUT lut = like.getProcessor().getLut();
			if (lut != null) out.setLut(lut);
			out.setDisplayRange(like.getDisplayRangeMin(), like.getDisplayRangeMax());
		}
		out.setOpenAsHyperStack(like.isHyperStack());
		out.setPosition(like.getChannel(), like.getSlice(), like.getFrame());
		out.setCalibration(like.getCalibration().copy());
		if (like.getOverlay() != null) out.setOverlay(like.getOverlay().duplicate());
		final String[] properties = like.getPropertiesAsArray();
		for (int i = 0; properties != null && i < properties.length; i += 2)
			if (!ReportTable.isOfResult(properties[i])) out.setProp(properties[i], properties[i + 1]);
		for (final String key : List.of("Info", LABEL))
			if (like.getProperty(key) != null) out.setProperty(key, like.getProperty(key));
		return out;
	}

	/** A stack of 32-bit planes of equal size, stretched to the largest value. */
	static ImagePlus floats(final String title, final List<Plane> planes, final List<String> labels) {
		final ImageStack out = new ImageStack(planes.get(0).width(), planes.get(0).height());
		float max = Float.MIN_NORMAL, min = 0;
		for (int i = 0; i < planes.size(); i++) {
			out.addSlice(labels.get(i), new FloatProcessor(out.getWidth(), out.getHeight(), planes.get(i)
				.pixels()));
			for (final float v : planes.get(i).pixels()) {
				max = Math.max(max, v);
				min = Math.min(min, v);
			}
		}
		final ImagePlus image = new EnlargedImage(title, out);
		image.setDisplayRange(min, max);
		return image;
	}

	/**
	 * Tells in the image itself, and in the log if many values were clipped, how it came about.
	 *
	 * @return how many values were clipped; empty if none
	 */
	String sign(final ImagePlus result, final String how) {
		final long values = (long) width() * height() * stack.getSize() * (isRgb() ? 3 : 1);
		final String lost = clipped == 0 ? "" : clipped + " of " + values + " values clipped to the range of " +
			bits();
		result.setProp(ReportTable.HOW, lost.isEmpty() ? how : how + "; " + lost);
		if (clipped > values / 100) IJ.log(result.getTitle() + ": " + Math.round(100.0 * clipped / values) +
			" % of the values were clipped to the range of " + bits() + "\n    Image > Type > " + (isRgb()
				? "RGB Stack, then 32-bit," : "32-bit") + " before deblurring avoids this");
		return lost;
	}

	private String bits() {
		return isRgb() ? "8 bits per colour" : image.getBitDepth() + " bits";
	}
}
