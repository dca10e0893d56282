package io.github.learningtodeblur.files;

import io.github.learningtodeblur.util.Enlargement;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;

import java.awt.Color;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import ij.ImageJ;
import ij.io.FileInfo;
import ij.io.TiffEncoder;
import ij.process.LUT;
import io.github.learningtodeblur.util.Memory;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.WholeFile;

/**
 * Reads and writes image files without windows, messages or a running ImageJ: PNG, JPEG, TIFF, BMP, GIF, PBM, PGM,
 * PPM and FITS. Whatever is wrong with a file is told in one sentence, within the time and memory that a good one of
 * its size takes. May be used by several threads.
 */
public final class ImageFiles {

	private static final Set<String> EXTENSIONS = Set.of("png", "jpg", "jpeg", "tif", "tiff", "bmp",
		"gif");

	private ImageFiles() {}

	/**
	 * A picture read from a file, upright.
	 *
	 * @param name file name without folder
	 * @param channels one grey plane, or three in the order R, G, B: {@code (value - offset) / factor} for each value of
	 *          the file, computed in double. Integers of up to 16 bits use [0, 1], of which their type's range is the
	 *          whole. Floats and longer integers are as they are if none is above 1, else divided by their largest; but
	 *          where they lie so far from 0 that a float could not tell them apart, their smallest becomes 0. Pixels
	 *          without a value are NaN
	 * @param format of the file's values
	 * @param factor see channels; negative where the file's large values are dark
	 * @param offset see channels
	 * @param notes what a user should know of the reading, such as that transparency was left out: predicates to the
	 *          file's name
	 */
	public record Picture(String name, List<Plane> channels, SampleFormat format, double factor, double offset,
		List<String> notes)
	{

		public Picture {
			Planes.checkChannels(channels);
			channels = List.copyOf(channels);
			notes = List.copyOf(notes);
		}

		/** Distance of neighbouring values in {@link #channels}: 0 for floats. */
		public double step() {
			return format.step() / Math.abs(factor);
		}

		public int width() {
			return channels.get(0).width();
		}

		public int height() {
			return channels.get(0).height();
		}

		/** Whether the file's values have a unit, and not only a place between black and white. */
		private boolean isMeasured() {
			return format.isFloat() || format.bits() > 16;
		}

		/** What results in {@link #channels} are multiplied by: 1 for integers of up to 16 bits, which stay in [0, 1]. */
		public double unit() {
			return isMeasured() ? factor : 1;
		}

		/** And what is added then. */
		public double zero() {
			return isMeasured() ? offset : 0;
		}

		/** Results as they are saved: what was measured keeps its unit. */
		public List<Plane> inUnits(final List<Plane> planes) {
			if (unit() == 1 && zero() == 0) return planes;
			return planes.stream().map(p -> {
				final Plane out = new Plane(p.width(), p.height());
				for (int i = 0; i < out.pixels().length; i++)
					out.pixels()[i] = (float) (zero() + unit() * p.pixels()[i]);
				return out;
			}).toList();
		}

		/** How to show such planes: of 8 bits, all values; else those that are there. */
		public Shown shown(final List<Plane> planes) {
			return isMeasured() || format.bits() > 8 ? Shown.of(planes) : Shown.ALL;
		}

		/** One plane: {@link Planes#luminance}. */
		public Plane luminance() {
			return Planes.luminance(channels);
		}
	}

	/**
	 * Reads a picture: grey or RGB, of integers up to 32 bits, or of floats of 16, 32 or 64. Palettes and inks become
	 * RGB. Transparency is passed over.
	 *
	 * @throws IOException with one sentence naming the file: it is missing, a folder, not an image, damaged, too large
	 *           for the memory, a stack of other than three channels, or of a kind that is not read
	 */
	public static Picture read(final Path file) throws IOException {
		if (Files.isDirectory(file)) throw new IOException(file + " is a folder, not an image file");
		if (!Files.isRegularFile(file)) throw new IOException("There is no file " + file);
		if (!Files.isReadable(file)) throw new IOException("No permission to read " + file);
		try {
			return decode(file).picture(String.valueOf(file.getFileName()));
		}
		catch (final Refusal e) {
			throw new IOException(file + " " + line(e.getMessage()), e);
		}
		catch (final OutOfMemoryError e) {
			throw new IOException(file + " cannot be read. " + Memory.shortage(0), e);
		}
		catch (final EOFException e) {
			throw new IOException(file + " is cut: the file ends before the image does", e);
		}
		// what decoders throw at damaged files; some of their errors as well
		catch (final IOException | RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
			final String why = e instanceof IOException && e.getMessage() != null ? e.getMessage() : e.toString();
			throw new IOException(file + " cannot be read as an image: " + line(why), e);
		}
	}

	/**
	 * Looks whether a PNG, JPEG or GIF is whole, for those who read it with something that does not mind. Others pass.
	 *
	 * @throws IOException with one sentence naming the file, if it is damaged or cut
	 */
	public static void checkWhole(final Path file) throws IOException {
		try {
			if (isStandard(file)) read(file);
		}
		catch (final IOException e) {
			if (e.getMessage().contains(" is damaged") || e.getMessage().contains(" is cut")) throw e;
		}
	}

	private static boolean isStandard(final Path file) throws IOException {
		try (InputStream in = Files.newInputStream(file)) {
			final String start = new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
			return start.equals("\u0089PNG") || start.startsWith("\u00ff\u00d8") || start.equals("GIF8");
		}
	}

	private static String line(final String message) {
		return message.replaceAll("\\s+", " ").strip();
	}

	/** By the first bytes: names mislead. */
	private static Samples decode(final Path file) throws IOException {
		final byte[] start;
		try (InputStream in = Files.newInputStream(file)) {
			start = Arrays.copyOf(in.readNBytes(12), 12);
		}
		final String s = new String(start, StandardCharsets.ISO_8859_1);
		if (s.startsWith("\u0089PNG\r\n\u001a\n")) return StandardFile.read(file, "png");
		if (s.startsWith("\u00ff\u00d8")) return StandardFile.read(file, "jpeg");
		if (s.startsWith("GIF8")) return StandardFile.read(file, "gif");
		if (s.startsWith("BM")) return StandardFile.read(file, "bmp");
		if (s.startsWith("II*\0") || s.startsWith("MM\0*") || s.startsWith("II+\0") || s.startsWith("MM\0+"))
			return TiffFile.read(file);
		if (s.matches("(?s)P[1-6][\\s#].*")) return PnmFile.read(file);
		if (s.startsWith("SIMPLE  =")) return FitsFile.read(file);
		final String kind = s.startsWith("ftyphei", 4) || s.startsWith("ftypmif", 4) ? "HEIF" : s.startsWith("ftypavif", 4)
			? "AVIF" : s.startsWith("WEBP", 8) ? "WebP" : s.startsWith("8BPS") ? "Photoshop" : s.startsWith("jP  ", 4)
				? "JPEG 2000" : null;
		throw new Refusal(kind == null ? "is not an image, or of a kind that cannot be read" : "is a " + kind +
			" image, a kind that is not read: save it as PNG, JPEG or TIFF");
	}

	/**
	 * What is shown black and white.
	 *
	 * @param high above {@code low}
	 */
	public record Shown(double low, double high) {

		/** Of values in [0, 1]. */
		public static final Shown ALL = new Shown(0, 1);

		/** Values below and above which a thousandth is shown black and white. */
		private static final double LEAST = 0.001;

		/** What planes have between them, but for single pixels; all that is in [0, 1] if they are constant. */
		public static Shown of(final List<Plane> channels) {
			final double low = channels.stream().mapToDouble(p -> p.percentile(LEAST)).min().orElse(0);
			final double high = channels.stream().mapToDouble(p -> p.percentile(1 - LEAST)).max().orElse(1);
			return high > low ? new Shown(low, high) : ALL;
		}

		private Plane of(final Plane plane) {
			if (equals(ALL)) return plane;
			final Plane out = new Plane(plane.width(), plane.height());
			for (int i = 0; i < out.pixels().length; i++)
				out.pixels()[i] = (float) ((plane.pixels()[i] - low) / (high - low));
			return out;
		}
	}

	/** Writes values in [0, 1], see {@link #writeTiff(Path, List, Shown)}. */
	public static void writeTiff(final Path file, final List<Plane> channels) throws IOException {
		writeTiff(file, channels, Shown.ALL);
	}

	/**
	 * Writes an ImageJ TIFF of 32-bit floats: the values as they are.
	 *
	 * @param channels one plane, or three (R, G, B): a composite stack of three channels
	 * @param shown what ImageJ begins with
	 * @throws IOException if the file cannot be written
	 */
	public static void writeTiff(final Path file, final List<Plane> channels, final Shown shown) throws IOException {
		Planes.checkChannels(channels);
		final int count = channels.size();
		// ImagePlus and FileSaver would make copies, or tell of failures in a window
		final FileInfo info = new FileInfo();
		info.fileType = FileInfo.GRAY32_FLOAT;
		info.width = channels.get(0).width();
		info.height = channels.get(0).height();
		info.nImages = count;
		final Object[] pixels = channels.stream().map(Plane::pixels).toArray();
		info.pixels = count == 1 ? pixels[0] : pixels;
		info.description = "ImageJ=" + ImageJ.VERSION + "\n" + (count == 1 ? ""
			: "images=3\nchannels=3\nmode=composite\nloop=false\n") + "min=" + shown.low + "\nmax=" + shown.high + "\n";
		if (count == 3) {
			info.displayRanges = new double[] { shown.low, shown.high, shown.low, shown.high, shown.low, shown.high };
			info.channelLuts = Stream.of(Color.RED, Color.GREEN, Color.BLUE).map(c -> LUT.createLutFromColor(c).getBytes())
				.toArray(byte[][]::new);
		}
		WholeFile.write(file, out -> new TiffEncoder(info).write(out));
	}

	/**
	 * Writes an 8-bit PNG, grey or RGB. Values outside [0, 1] are clipped.
	 *
	 * @param channels one plane, or three (R, G, B)
	 * @throws IOException if the file cannot be written
	 */
	public static void writePng(final Path file, final List<Plane> channels) throws IOException {
		writePng(file, channels, Shown.ALL);
	}

	/** The same of other values than those in [0, 1]. */
	public static void writePng(final Path file, final List<Plane> channels, final Shown shown) throws IOException {
		Planes.checkChannels(channels);
		final List<Plane> stretched = channels.stream().map(shown::of).toList();
		WholeFile.write(file, out -> PngWriter.write(out, stretched));
	}

	/**
	 * Writes a blur kernel for looking at: an 8-bit PNG, every value a square of 8x8 pixels, stretched so that
	 * the largest value is white.
	 *
	 * @throws IOException if the file cannot be written
	 */
	public static void writeKernelPng(final Path file, final Plane kernel) throws IOException {
		float max = Float.MIN_NORMAL;
		for (final float v : kernel.pixels())
			max = Math.max(max, v);
		final Plane large = Enlargement.enlarged(kernel);
		for (int i = 0; i < large.pixels().length; i++)
			large.pixels()[i] /= max;
		writePng(file, List.of(large));
	}

	/**
	 * The image files in a folder and all folders below, sorted by path; by extension (png, jpg, jpeg, tif,
	 * tiff, bmp, gif), without looking inside. Hidden files (name beginning with a dot) are left out.
	 *
	 * @param folder or a single file, which is then returned whatever its extension
	 * @throws IOException if there is no such folder, or it cannot be read
	 */
	public static List<Path> images(final Path folder) throws IOException {
		if (Files.isRegularFile(folder)) return List.of(folder);
		if (!Files.isDirectory(folder)) throw new IOException("There is no folder " + folder);
		try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
			return files.filter(f -> isImage(f.getFileName().toString()) && Files.isRegularFile(f)).sorted()
				.toList();
		}
		catch (final UncheckedIOException e) {
			throw new IOException("Cannot list " + folder + ": " + e.getCause(), e);
		}
	}

	static boolean isImage(final String name) {
		return name.indexOf('.') > 0 && EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1)
			.toLowerCase(Locale.ROOT));
	}
}
