package io.github.learningtodeblur.files;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileInfo;
import ij.io.FileSaver;
import ij.io.Opener;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;

/**
 * Reads and writes image files without windows, messages or a running ImageJ: PNG, JPEG, BMP and GIF with
 * {@link ImageIO}, TIFF, PGM and FITS with ImageJ 1's {@link Opener}. May be used by several threads.
 */
public final class ImageFiles {

	private static final Set<String> EXTENSIONS = Set.of("png", "jpg", "jpeg", "tif", "tiff", "bmp",
		"gif");

	/** Enlargement of kernels in {@link #writeKernelPng}. */
	private static final int KERNEL_ZOOM = 8;

	private ImageFiles() {}

	/**
	 * A picture read from a file.
	 *
	 * @param name file name without folder
	 * @param channels one grey plane, or three in the order R, G, B
	 * @param range what the values in the file were divided by: 255 for 8 bit, 65535 for 16 bit; for 32-bit
	 *          floats 1 if none is above 1, else their largest. Planes are then in [0, 1], except that
	 *          negative floats stay negative
	 */
	public record Picture(String name, List<Plane> channels, double range) {

		public Picture {
			Planes.checkChannels(channels);
			channels = List.copyOf(channels);
		}

		public int width() {
			return channels.get(0).width();
		}

		public int height() {
			return channels.get(0).height();
		}

		/** One plane: {@link Planes#luminance}. */
		public Plane luminance() {
			return Planes.luminance(channels);
		}
	}

	/**
	 * Reads a picture of 8, 16 or 32 bits grey, or of 8 or 16 bits RGB. Transparency is passed over.
	 *
	 * @throws IOException with one sentence naming the file: it is missing, a folder, not an image, or a
	 *           stack of other than three channels
	 */
	public static Picture read(final Path file) throws IOException {
		if (Files.isDirectory(file)) throw new IOException(file + " is a folder, not an image file");
		if (!Files.isRegularFile(file)) throw new IOException("There is no file " + file);
		if (!Files.isReadable(file)) throw new IOException("No permission to read " + file);
		final String name = file.getFileName().toString();
		try {
			final String path = file.toAbsolutePath().toString();
			final Opener opener = new Opener();
			opener.setSilentMode(true);
			final int type = opener.getFileType(path);
			Picture picture = null;
			// Only types that ImageJ opens by itself: for others it looks for plugins or opens text windows.
			// PNG, JPEG, BMP, GIF are left to ImageIO, which keeps 16-bit colours and prints nothing.
			if (type == Opener.TIFF && isCompleteTiff(file) || type == Opener.PGM ||
				type == Opener.FITS)
			{
				final ImagePlus image = opener.openImage(path);
				if (image != null) picture = picture(image, file);
			}
			if (picture == null) picture = readImageIo(file, name);
			if (picture != null) return picture;
		}
		catch (final RuntimeException e) { // what decoders throw at damaged files
			throw new IOException(file + " cannot be read as an image: " + e, e);
		}
		throw new IOException(file + " is not an image, or of a kind that cannot be read");
	}

	/**
	 * Looks at the directory of a TIFF before ImageJ does, which fills the missing part of a cut file with
	 * zeros, and shows a message if sizes make no sense.
	 *
	 * @return whether ImageJ can read it
	 * @throws IOException if the file is cut
	 */
	private static boolean isCompleteTiff(final Path file) throws IOException {
		final FileInfo[] infos = Opener.getTiffFileInfo(file.toAbsolutePath().toString());
		if (infos == null || infos.length == 0) return false;
		for (final FileInfo info : infos) {
			if (info.width <= 0 || info.height <= 0 || info.getOffset() < 8) throw new IOException(file +
				" is damaged: it describes an image of " + info.width + "x" + info.height +
				" pixels at byte " + info.getOffset());
			// Compressed and packed pixels need an unknown number of bytes
			if (info.compression > FileInfo.COMPRESSION_NONE || info.fileType == FileInfo.BITMAP ||
				info.fileType == FileInfo.GRAY12_UNSIGNED) continue;
			long end = (long) info.width * info.height * info.getBytesPerPixel() * Math.max(1, info.nImages);
			end += info.stripOffsets == null || info.stripOffsets.length < 2 ? info.getOffset() : Arrays
				.stream(info.stripOffsets).mapToLong(Integer::toUnsignedLong).min().getAsLong();
			if (end > Files.size(file)) throw new IOException(file + " is cut: its pixels end at byte " +
				end + ", the file at " + Files.size(file));
		}
		return true;
	}

	/** @return null if ImageIO does not know this kind of file */
	private static Picture readImageIo(final Path file, final String name) throws IOException {
		final BufferedImage image;
		try {
			image = ImageIO.read(file.toFile());
		}
		catch (final IOException e) {
			throw new IOException(file + " cannot be read as an image: " + e.getMessage(), e);
		}
		if (image == null) return null;
		final int width = image.getWidth();
		final int height = image.getHeight();
		final Raster raster = image.getRaster();
		final int type = raster.getTransferType();
		if (image.getColorModel() instanceof ComponentColorModel && (type == DataBuffer.TYPE_BYTE ||
			type == DataBuffer.TYPE_USHORT))
		{
			// The samples as stored: BufferedImage.getRGB would put grey levels through a gamma curve
			final double range = type == DataBuffer.TYPE_BYTE ? 255 : 65535;
			final List<Plane> planes = new ArrayList<>();
			for (int b = 0; b < (raster.getNumBands() < 3 ? 1 : 3); b++) {
				final float[] pixels = raster.getSamples(0, 0, width, height, b, (float[]) null);
				for (int i = 0; i < pixels.length; i++)
					pixels[i] /= (float) range;
				planes.add(new Plane(pixels, width, height));
			}
			return new Picture(name, planes, range);
		}
		return new Picture(name, rgb(image.getRGB(0, 0, width, height, null, 0, width), width, height),
			255);
	}

	private static Picture picture(final ImagePlus image, final Path file) throws IOException {
		final String name = file.getFileName().toString();
		final int slices = image.getStackSize();
		final List<Plane> planes = new ArrayList<>();
		double range = 1;
		if (slices == 1 && (image.getProcessor() instanceof ColorProcessor || image.getProcessor()
			.isColorLut()))
		{
			planes.addAll(rgb((int[]) image.getProcessor().convertToRGB().getPixels(), image.getWidth(),
				image.getHeight()));
			return new Picture(name, planes, 255);
		}
		if (slices != 1 && !(slices == 3 && image.getNChannels() == 3 && image.isComposite()))
			throw new IOException(file + " is a stack of " + slices +
				" images; save the one you want as a file of its own");
		for (int s = 1; s <= slices; s++) {
			final ImageProcessor ip = slices == 1 ? image.getProcessor() : image.getStack().getProcessor(s);
			final float[] pixels = new float[ip.getPixelCount()];
			for (int i = 0; i < pixels.length; i++) {
				pixels[i] = ip.getf(i);
				if (!Float.isFinite(pixels[i])) throw new IOException(file + " has the value " + pixels[i] +
					" at pixel " + i % ip.getWidth() + "," + i / ip.getWidth());
				if (ip instanceof FloatProcessor) range = Math.max(range, pixels[i]);
			}
			if (ip instanceof ByteProcessor) range = 255;
			if (ip instanceof ShortProcessor) range = 65535;
			planes.add(new Plane(pixels, ip.getWidth(), ip.getHeight()));
		}
		for (final Plane p : planes)
			for (int i = 0; i < p.pixels().length; i++)
				p.pixels()[i] /= (float) range;
		return new Picture(name, planes, range);
	}

	/** Packed 8-bit RGB to one plane if all pixels are grey, else to three. */
	private static List<Plane> rgb(final int[] packed, final int width, final int height) {
		final List<Plane> planes = new ArrayList<>();
		boolean grey = true;
		for (int shift = 16; shift >= 0; shift -= 8) {
			final Plane p = new Plane(width, height);
			for (int i = 0; i < packed.length; i++) {
				p.pixels()[i] = (packed[i] >> shift & 255) / 255f;
				grey &= (packed[i] & 255) == (packed[i] >> shift & 255);
			}
			planes.add(p);
		}
		return grey ? planes.subList(0, 1) : planes;
	}

	/**
	 * Writes an ImageJ TIFF of 32-bit floats: the values as they are.
	 *
	 * @param channels one plane, or three (R, G, B): a composite stack of three channels
	 * @throws IOException if the file cannot be written
	 */
	public static void writeTiff(final Path file, final List<Plane> channels) throws IOException {
		Planes.checkChannels(channels);
		final ImageStack stack = new ImageStack(channels.get(0).width(), channels.get(0).height());
		for (final Plane p : channels)
			stack.addSlice(new FloatProcessor(p.width(), p.height(), p.pixels()));
		ImagePlus image = new ImagePlus(String.valueOf(file.getFileName()), stack);
		image.setDisplayRange(0, 1);
		if (channels.size() == 3) {
			image.setDimensions(3, 1, 1);
			final CompositeImage composite = new CompositeImage(image, IJ.COMPOSITE);
			for (int c = 3; c >= 1; c--) {
				composite.setC(c);
				composite.setDisplayRange(0, 1);
			}
			image = composite;
		}
		final byte[] bytes = new FileSaver(image).serialize();
		if (bytes == null) throw new IOException("Cannot encode a TIFF of " + channels.get(0));
		write(file, bytes);
	}

	/**
	 * Writes an 8-bit PNG, grey or RGB. Values outside [0, 1] are clipped.
	 *
	 * @param channels one plane, or three (R, G, B)
	 * @throws IOException if the file cannot be written
	 */
	public static void writePng(final Path file, final List<Plane> channels) throws IOException {
		Planes.checkChannels(channels);
		final int width = channels.get(0).width();
		final int height = channels.get(0).height();
		final BufferedImage image = new BufferedImage(width, height, channels.size() == 1
			? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
		final WritableRaster raster = image.getRaster();
		final int[] samples = new int[width * height];
		for (int c = 0; c < channels.size(); c++) {
			for (int i = 0; i < samples.length; i++)
				samples[i] = Math.round(255 * Math.max(0, Math.min(1, channels.get(c).pixels()[i])));
			raster.setSamples(0, 0, width, height, c, samples);
		}
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		if (!ImageIO.write(image, "png", bytes)) throw new IOException("Cannot encode a PNG");
		write(file, bytes.toByteArray());
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
		final Plane large = new Plane(kernel.width() * KERNEL_ZOOM, kernel.height() * KERNEL_ZOOM);
		for (int y = 0; y < large.height(); y++)
			for (int x = 0; x < large.width(); x++)
				large.pixels()[y * large.width() + x] = kernel.get(x / KERNEL_ZOOM, y / KERNEL_ZOOM) / max;
		writePng(file, List.of(large));
	}

	private static void write(final Path file, final byte[] bytes) throws IOException {
		final Path folder = file.toAbsolutePath().getParent();
		if (folder == null || !Files.isDirectory(folder)) throw new IOException("Cannot write " + file +
			": there is no folder " + folder);
		if (Files.isDirectory(file)) throw new IOException("Cannot write " + file + ": it is a folder");
		try {
			Files.write(file, bytes);
		}
		catch (final IOException e) {
			throw new IOException("Cannot write " + file + ": " + e, e);
		}
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

	private static boolean isImage(final String name) {
		return name.indexOf('.') > 0 && EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1)
			.toLowerCase(Locale.ROOT));
	}
}
