package io.github.learningtodeblur.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;

/**
 * The sharp images of a training run, all in memory as 8-bit luminance (one byte per pixel), and random crops
 * of them. Immutable and thread-safe.
 */
public final class SharpImages {

	/**
	 * Pixels above which a larger image is not drawn more often: between that and zero, images are drawn in
	 * proportion to their pixels, so that crops differ; above, single photos would rule the training.
	 */
	static final int MAX_WEIGHT = 1 << 18;

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

		private double maxScaleOf(final String name) {
			return maxScale.entrySet().stream().filter(e -> name.startsWith(e.getKey())).mapToDouble(
				Map.Entry::getValue).min().orElse(1);
		}
	}

	/** @param maxScale largest factor by which crops may be scaled */
	private record Item(String name, byte[] pixels, int width, int height, double maxScale) {

		/** Length of the shorter side after the least shrinking. */
		double side() {
			return Math.min(width, height) * maxScale;
		}
	}

	private final List<Item> items;

	private final double minScale;

	private final boolean invert;

	private final String summary;

	private final List<String> unreadable;

	private final List<String> tooSmall;

	/** Running sums of the images' weights, by the size of the crops. */
	private final Map<Integer, double[]> cumulated = new ConcurrentHashMap<>();

	private SharpImages(final List<Item> items, final double minScale, final boolean invert,
		final String summary, final List<String> unreadable, final List<String> tooSmall)
	{
		this.items = items;
		this.minScale = minScale;
		this.invert = invert;
		this.summary = summary;
		this.unreadable = unreadable;
		this.tooSmall = tooSmall;
	}

	/**
	 * Loads all image files of some folders and the folders below them, as many at a time as the caller's
	 * {@link Threads} allow.
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
		final List<Path> files = new ArrayList<>();
		int dropped = 0;
		for (final Path folder : folders) {
			for (final Path file : ImageFiles.images(folder)) {
				if (selection.accept.test(file.getFileName().toString())) files.add(file);
				else dropped++;
			}
		}
		final Item[] loaded = new Item[files.size()];
		final String[] errors = new String[files.size()];
		final String[] small = new String[files.size()];
		final AtomicInteger done = new AtomicInteger();
		Threads.forEach(loaded.length, i -> {
			if (progress.canceled()) return;
			try {
				final ImageFiles.Picture picture = ImageFiles.read(files.get(i));
				for (final Plane p : picture.channels())
					for (final float v : p.pixels())
						if (!Float.isFinite(v)) throw new IOException(files.get(i) +
							" has pixels without a value (" + v + "), where training needs whole images");
				final double maxScale = selection.maxScaleOf(picture.name());
				// Small ones are not kept: their bytes would only take memory
				if (Math.min(picture.width(), picture.height()) * maxScale >= minSide) loaded[i] = item(picture
					.name(), picture.luminance(), selection, maxScale);
				else small[i] = files.get(i) + " is too small: " + picture.width() + "x" + picture.height() +
					" pixels, but a side of " + minSide + " is needed";
			}
			catch (final IOException e) {
				errors[i] = e.getMessage();
			}
			progress.report(done.incrementAndGet(), loaded.length, "Loading sharp images");
		});
		progress.check();
		final List<Item> items = Arrays.stream(loaded).filter(i -> i != null).toList();
		final List<String> unreadable = Arrays.stream(errors).filter(e -> e != null).toList();
		final List<String> tooSmall = Arrays.stream(small).filter(e -> e != null).toList();
		final String summary = items.size() + " of " + (files.size() + dropped) + " images taken (" + dropped +
			" left out by name, " + (files.size() - items.size() - unreadable.size()) +
			" with a side below " + minSide + " pixels, " + unreadable.size() + " not readable)";
		if (items.isEmpty()) throw new IOException("No usable images in " + folders.stream().map(
			Path::toString).collect(Collectors.joining(", ")) + ": " + summary +
			(unreadable.isEmpty() ? "" : "; the first error: " + unreadable.get(0)));
		return new SharpImages(items, selection.minScale, selection.invert, summary, unreadable, tooSmall);
	}

	/**
	 * Images that are in memory already.
	 *
	 * @param images values in [0, 1], at least one image; they are copied, with 8 bits per pixel
	 */
	public static SharpImages of(final List<Plane> images, final Selection selection) {
		if (images.isEmpty()) throw new IllegalArgumentException("No sharp images");
		final List<Item> items = images.stream().map(p -> item("", p, selection, selection.maxScaleOf("")))
			.toList();
		return new SharpImages(items, selection.minScale, selection.invert, items.size() + " images", List
			.of(), List.of());
	}

	private static Item item(final String name, final Plane image, final Selection selection,
		final double maxScale)
	{
		final float[] values = (selection.stretch ? stretched(image) : image).pixels();
		final byte[] bytes = new byte[values.length];
		for (int i = 0; i < bytes.length; i++)
			bytes[i] = (byte) Math.round(255 * Math.max(0, Math.min(1, values[i])));
		return new Item(name, bytes, image.width(), image.height(), maxScale);
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
		return Math.floorMod(name.hashCode(), 10) == 0;
	}

	/** A part for training and a part held out, for validation. */
	public record Split(SharpImages training, SharpImages validation) {}

	/**
	 * Holds out every n-th image, at least one, which is then never shrunk. A single image serves both: then
	 * validation tells less than it seems.
	 */
	public Split split(final int every) {
		if (items.size() == 1) return new Split(this, part(items));
		final List<Item> training = new ArrayList<>(), heldOut = new ArrayList<>();
		final int step = Math.min(every, items.size());
		for (int i = 0; i < items.size(); i++)
			(i % step == step / 2 ? heldOut : training).add(items.get(i));
		return new Split(new SharpImages(training, minScale, invert, summary, unreadable, tooSmall), part(
			heldOut));
	}

	private SharpImages part(final List<Item> heldOut) {
		return new SharpImages(heldOut, 1, invert, summary, List.of(), List.of());
	}

	/** Number of images. */
	public int count() {
		return items.size();
	}

	/** File names of all images, in the order of the folders. */
	public List<String> names() {
		return items.stream().map(Item::name).toList();
	}

	/** One line: how many images were taken, and why others were not. */
	public String summary() {
		return summary;
	}

	/** One sentence for each file that could not be read. */
	public List<String> unreadable() {
		return unreadable;
	}

	/** One sentence for each file with too few pixels. */
	public List<String> tooSmall() {
		return tooSmall;
	}

	/** Number of images from which crops of {@code size} pixels can be taken. */
	public int countFor(final int size) {
		return (int) items.stream().filter(i -> i.side() >= size).count();
	}

	/**
	 * A random square: of a random image (drawn in proportion to its pixels, but those above
	 * {@value #MAX_WEIGHT} do not count), at a random place, shrunk as the {@link Selection} says, turned and
	 * mirrored at random.
	 *
	 * @param random where all randomness comes from: equal states give equal crops
	 * @param size columns and rows
	 * @return values in [0, 1]
	 * @throws IllegalArgumentException if all images are too small
	 */
	public Plane crop(final RandomGenerator random, final int size) {
		final double[] sums = cumulated.computeIfAbsent(size, this::cumulate);
		final double total = sums[sums.length - 1];
		if (total == 0) throw new IllegalArgumentException("None of " + items.size() +
			" images is large enough for crops of " + size + " pixels");
		final double drawn = random.nextDouble() * total;
		int index = Arrays.binarySearch(sums, drawn);
		index = index < 0 ? -index - 1 : index + 1; // the first sum above what was drawn
		final Item item = items.get(index);

		final double least = Math.min(item.maxScale, Math.max(minScale * item.maxScale, size / (double) Math
			.min(item.width, item.height)));
		final double scale = least + (item.maxScale - least) * random.nextDouble();
		final int span = Math.min(Math.min(item.width, item.height), (int) Math.ceil(size / scale));
		final int x = random.nextInt(item.width - span + 1);
		final int y = random.nextInt(item.height - span + 1);
		final int turn = random.nextInt(8);
		final Plane crop = scale == 1 ? cut(item, x, y, size, turn) : turned(shrink(item, x, y, size, span,
			Math.min(span, size / scale)), turn);
		return invert && random.nextBoolean() ? inverted(crop) : crop;
	}

	private double[] cumulate(final int size) {
		final double[] sums = new double[items.size()];
		double sum = 0;
		for (int i = 0; i < sums.length; i++) {
			final Item item = items.get(i);
			if (item.side() >= size) sum += Math.min(MAX_WEIGHT, (double) item.width * item.height);
			sums[i] = sum;
		}
		return sums;
	}

	/** A square of {@code size} pixels at (x, y); {@code turn} in 0 to 7 is one of the ways to lay it. */
	private static Plane cut(final Item item, final int x, final int y, final int size, final int turn) {
		final Plane out = new Plane(size, size);
		final int[] steps = steps(turn, size, item.width);
		final int start = y * item.width + x + steps[0];
		for (int row = 0; row < size; row++) {
			int from = start + row * steps[2];
			for (int i = row * size; i < (row + 1) * size; i++, from += steps[1])
				out.pixels()[i] = (item.pixels[from] & 255) * (1 / 255f);
		}
		return out;
	}

	private static Plane turned(final Plane in, final int turn) {
		final int size = in.width();
		final Plane out = new Plane(size, size);
		final int[] steps = steps(turn, size, size);
		for (int row = 0; row < size; row++) {
			int from = steps[0] + row * steps[2];
			for (int i = row * size; i < (row + 1) * size; i++, from += steps[1])
				out.pixels()[i] = in.pixels()[from];
		}
		return out;
	}

	/** Offset of the first pixel, step per column, step per row. */
	private static int[] steps(final int turn, final int size, final int stride) {
		int start = 0;
		int right = 1;
		int down = stride;
		if ((turn & 1) != 0) {
			start += (size - 1) * right;
			right = -right;
		}
		if ((turn & 2) != 0) {
			start += (size - 1) * down;
			down = -down;
		}
		return (turn & 4) == 0 ? new int[] { start, right, down } : new int[] { start, down, right };
	}

	/**
	 * Shrinks the square of {@code length} pixels at (x, y) to {@code size}: every new pixel is the mean over
	 * the area it covers, which is at least one old pixel.
	 *
	 * @param span columns and rows that may be read, at least {@code length}
	 */
	private static Plane shrink(final Item item, final int x, final int y, final int size,
		final int span, final double length)
	{
		final double step = length / size;
		final int taps = (int) Math.ceil(step) + 1;
		final int[] first = new int[size];
		final float[] weights = new float[size * taps];
		for (int i = 0; i < size; i++) {
			// A window of fixed length that begins early enough to end inside
			first[i] = Math.max(0, Math.min((int) (i * step), span - taps));
			for (int t = 0; t < taps; t++) {
				final double from = Math.max(i * step, first[i] + t);
				final double to = Math.min((i + 1) * step, first[i] + t + 1);
				weights[i * taps + t] = (float) (Math.max(0, to - from) / step);
			}
		}
		final int usable = Math.min(taps, span);
		final Plane out = new Plane(size, size);
		final float[] row = new float[span];
		final float[] sums = new float[span];
		for (int i = 0; i < size; i++) {
			Arrays.fill(sums, 0);
			for (int t = 0; t < usable; t++) {
				final float weight = weights[i * taps + t] / 255;
				if (weight == 0) continue;
				final int from = (y + first[i] + t) * item.width + x;
				for (int c = 0; c < span; c++)
					row[c] = item.pixels[from + c] & 255;
				for (int c = 0; c < span; c++)
					sums[c] += weight * row[c];
			}
			for (int c = 0; c < size; c++) {
				float sum = 0;
				for (int t = 0; t < usable; t++)
					sum += weights[c * taps + t] * sums[first[c] + t];
				out.pixels()[i * size + c] = Math.min(1, sum);
			}
		}
		return out;
	}
}
