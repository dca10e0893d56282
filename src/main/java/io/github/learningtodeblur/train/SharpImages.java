package io.github.learningtodeblur.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;

/**
 * The sharp images of a training run, all in memory as 8-bit luminance (one byte per pixel), and random crops
 * of them. Immutable and thread-safe.
 */
public final class SharpImages {

	/**
	 * Which images to take, and how to treat them.
	 *
	 * @param accept decides by the name of a file, without its folder
	 * @param minScale crops are shrunk by a random factor, uniform in [minScale, 1], in (0, 1]; 1 leaves them
	 *          as they are. Images too small for that are shrunk less
	 * @param maxScale largest factor, in (0, 1], for images whose name begins with the key, applied on top of
	 *          {@code minScale}: for images with visible JPEG loss. If shrinking by it leaves too few pixels,
	 *          such an image is skipped
	 * @param stretch whether to stretch each image to [0, 1], less a thousandth of its pixels at either end:
	 *          for dark images as those of fluorescence microscopes
	 * @param invert whether half of the crops, drawn at random, have bright turned to dark: scanned text
	 *          becomes a blackboard as well
	 */
	public record Selection(Predicate<String> accept, double minScale, Map<String, Double> maxScale,
		boolean stretch, boolean invert)
	{

		/** All images as they are. */
		public static final Selection ALL = new Selection(name -> true, 1, Map.of(), false, false);

		public Selection {
			checkFactor(minScale);
			maxScale = Map.copyOf(maxScale);
			maxScale.values().forEach(Selection::checkFactor);
		}

		private static void checkFactor(final double factor) {
			if (!(factor > 0 && factor <= 1)) throw new IllegalArgumentException(
				"Scale factors must be in (0, 1], got " + factor);
		}

		double maxScaleOf(final String name) {
			return maxScale.entrySet().stream().filter(e -> name.startsWith(e.getKey())).mapToDouble(
				Map.Entry::getValue).min().orElse(1);
		}

		/** An image as it is kept. */
		Photograph photograph(final String name, final Plane image) {
			return Photograph.of(name, stretch ? stretched(image) : image, maxScaleOf(name));
		}
	}

	/** One image in so many is held out. */
	private static final int HELD_OUT = 10;

	private final List<Photograph> photographs;
	private final Selection selection;
	private final Rejected rejected;
	private final CropSampler crops;

	/**
	 * Files that were not taken.
	 *
	 * @param byName number of those that the selection left out
	 * @param unreadable one sentence for each
	 * @param tooSmall one sentence for each
	 */
	record Rejected(int byName, List<String> unreadable, List<String> tooSmall, int minSide) {

		static final Rejected NONE = new Rejected(0, List.of(), List.of(), 0);

		String summary(final int taken) {
			if (this == NONE) return taken + " images";
			return taken + " of " + (taken + byName + tooSmall.size() + unreadable.size()) + " images taken (" + byName +
				" left out by name, " + tooSmall.size() + " with a side below " + minSide + " pixels, " + unreadable.size() +
				" not readable)";
		}
	}

	SharpImages(final List<Photograph> photographs, final Selection selection, final Rejected rejected) {
		this.photographs = photographs;
		this.selection = selection;
		this.rejected = rejected;
		crops = new CropSampler(photographs, selection.minScale, selection.invert);
	}

	/**
	 * Loads all image files of some folders and the folders below them, as many at a time as the caller's
	 * {@link io.github.learningtodeblur.util.Threads} allow.
	 *
	 * @param folders also single files
	 * @param minSide images with a shorter side below this many pixels are left out
	 * @param progress told about every file
	 * @throws IOException if a folder does not exist, or no image is left
	 * @throws java.util.concurrent.CancellationException if the user cancels
	 */
	public static SharpImages load(final List<Path> folders, final Selection selection,
		final int minSide, final Progress progress) throws IOException
	{
		return new SharpImageReader(selection, minSide).read(folders, progress);
	}

	/**
	 * Images that are in memory already.
	 *
	 * @param images values in [0, 1], at least one image; they are copied, with 8 bits per pixel
	 */
	public static SharpImages of(final List<Plane> images, final Selection selection) {
		if (images.isEmpty()) throw new IllegalArgumentException("No sharp images");
		final List<Photograph> list = new ArrayList<>();
		for (final Plane p : images) {
			final String name = "image " + (list.size() + 1);
			list.add(selection.photograph(name, p));
		}
		return new SharpImages(list, selection, Rejected.NONE);
	}

	/**
	 * {@link #of(List, Selection)} for images of ImgLib2.
	 *
	 * @param images two-dimensional, values in [0, 1]; they are copied, with 8 bits per pixel
	 */
	public static SharpImages ofImages(final List<? extends RandomAccessibleInterval<? extends RealType<?>>> images,
		final Selection selection)
	{
		final List<Plane> planes = new ArrayList<>();
		for (final RandomAccessibleInterval<? extends RealType<?>> image : images)
			planes.add(Images.plane(image));
		return of(planes, selection);
	}

	/** An image from 0 to 1, where a thousandth of its pixels at either end is cut off. */
	public static Plane stretched(final Plane image) {
		final float[] sorted = image.pixels().clone();
		Arrays.sort(sorted);
		final float low = sorted[sorted.length / 1000];
		final float high = Math.max(low + 1f / 255, sorted[sorted.length - 1 - sorted.length / 1000]);
		final Plane out = image.copy();
		for (int i = 0; i < sorted.length; i++)
			out.pixels()[i] = Math.max(0, Math.min(1, (out.pixels()[i] - low) / (high - low)));
		return out;
	}

	/** Bright turned to dark, and 0 to 1. */
	public static Plane inverted(final Plane image) {
		final Plane out = image.copy();
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = 1 - out.pixels()[i];
		return out;
	}

	/**
	 * Whether a file is kept out of trainings that hold out a part of their own images, one in ten: decided by
	 * its name, so that a model can be measured at any time on images that it has not seen. Trainings with
	 * images for validation elsewhere take all.
	 */
	public static boolean heldOut(final String name) {
		return rank(name) == 0;
	}

	private static int rank(final String name) {
		return Math.floorMod(name.hashCode(), HELD_OUT);
	}

	/** A part for training and a part held out, for validation. */
	public record Split(SharpImages training, SharpImages validation) {}

	/**
	 * Holds out the images that {@link #heldOut} says, which are then never shrunk. Of few images, at least one is
	 * held out, and at least one is not; a single image serves both: then validation tells less than it seems.
	 */
	public Split split() {
		final List<Photograph> training = new ArrayList<>(), held = new ArrayList<>();
		for (final Photograph p : photographs)
			(heldOut(p.name()) ? held : training).add(p);
		if (photographs.size() == 1) return new Split(this, unshrunk(photographs));
		if (held.isEmpty()) {
			final Photograph next = training.stream().min(Comparator.comparingInt(p -> rank(p.name()))).orElseThrow();
			training.remove(next);
			held.add(next);
		}
		else if (training.isEmpty()) training.add(held.remove(held.size() - 1));
		return new Split(new SharpImages(training, selection, rejected), unshrunk(held));
	}

	private SharpImages unshrunk(final List<Photograph> some) {
		return new SharpImages(some, new Selection(selection.accept, 1, selection.maxScale, selection.stretch,
			selection.invert), Rejected.NONE);
	}

	/** Number of images. */
	public int count() {
		return photographs.size();
	}

	/** File names of all images, in the order of the folders. */
	public List<String> names() {
		return photographs.stream().map(Photograph::name).toList();
	}

	/** One line: how many images were taken, and why others were not. */
	public String summary() {
		return rejected.summary(photographs.size());
	}

	/** One sentence for each file that could not be read. */
	public List<String> unreadable() {
		return rejected.unreadable;
	}

	/** One sentence for each file with too few pixels. */
	public List<String> tooSmall() {
		return rejected.tooSmall;
	}

	/** Number of images from which crops of {@code size} pixels can be taken. */
	public int countFor(final int size) {
		return (int) photographs.stream().filter(p -> p.side() >= size).count();
	}

	/**
	 * A random square: of a random image (drawn in proportion to its pixels, but those above
	 * 2^18 do not count), at a random place, shrunk as the {@link Selection} says, turned and
	 * mirrored at random.
	 *
	 * @param random where all randomness comes from: equal states give equal crops
	 * @param size columns and rows
	 * @return values in [0, 1]
	 * @throws IllegalArgumentException if all images are too small
	 */
	public Plane crop(final RandomGenerator random, final int size) {
		return crops.crop(random, size);
	}
}
