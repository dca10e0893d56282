package io.github.learningtodeblur.files;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadUpdateListener;
import javax.imageio.stream.ImageInputStream;

import io.github.learningtodeblur.util.Memory;

/**
 * One of ImageIO's readers on a file, silent: what it warns of is kept. TwelveMonkeys' readers are taken where they
 * are on the class path (in Fiji they may not be), else Java's own.
 */
final class Decoder implements AutoCloseable {

	private static final String BETTER = "com.twelvemonkeys.";

	/** Bytes into which compressed ones can turn at most, each: so do Deflate's runs and empty blocks of JPEG. */
	static final int MAX_RATIO = 1100;

	/** Warnings of Java's JPEG reader that mean wrong pixels. */
	private static final Pattern LOSS = Pattern.compile(
		"(?i)premature end|corrupt jpeg|truncated|inconsistent progression|bad huffman|bad progression");
	/** Some cameras fill up with one or two bytes after the last pixel. */
	private static final Pattern FILLED = Pattern.compile("(?i)\\b[12] extraneous bytes before marker 0xd9");

	private final ImageReader reader;
	private final ImageInputStream input;
	private final List<String> warnings = new ArrayList<>();
	private int rows;

	/** @param format ImageIO's name */
	Decoder(final Path file, final String format) throws IOException {
		this(file, reader(format, true));
	}

	Decoder(final Path file, final ImageReader reader) throws IOException {
		this.reader = reader;
		input = ImageIO.createImageInputStream(file.toFile());
		if (input == null) throw new Refusal("cannot be opened");
		reader.setInput(input, false, true);
		reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
		reader.addIIOReadUpdateListener(new Rows());
	}

	/** @param better whether to prefer the better ones to Java's */
	static ImageReader reader(final String format, final boolean better) throws Refusal {
		ImageReader found = null;
		for (final Iterator<ImageReader> all = ImageIO.getImageReadersByFormatName(format); all.hasNext();) {
			final ImageReader r = all.next();
			final String name = r.getClass().getName();
			if (better && name.startsWith(BETTER)) return r;
			if (found == null && name.startsWith("com.sun.")) found = r;
		}
		if (found == null) throw new Refusal("is a " + format.toUpperCase(Locale.ROOT) + ", which cannot be read here");
		return found;
	}

	boolean isBetter() {
		return reader.getClass().getName().startsWith(BETTER);
	}

	int width(final int page) throws IOException {
		return reader.getWidth(page);
	}

	int height(final int page) throws IOException {
		return reader.getHeight(page);
	}

	/** Colours as the file means them: with its palette, and converted to RGB or grey. */
	BufferedImage image(final int page) throws IOException {
		checkMemory(page, 4);
		final BufferedImage image = reader.read(page);
		if (image == null) throw new Refusal("is damaged: it holds no pixels");
		return image;
	}

	/** Values as they are stored, whatever they mean. */
	Raster raster(final int page, final int bytesPerPixel) throws IOException {
		checkMemory(page, 2 * bytesPerPixel);
		return reader.readRaster(page, (ImageReadParam) null);
	}

	private void checkMemory(final int page, final int bytesPerPixel) throws IOException {
		checkMemory(reader.getWidth(page), reader.getHeight(page), bytesPerPixel);
	}

	/** @param bytesPerPixel while decoding; planes come to that */
	static void checkMemory(final int width, final int height, final int bytesPerPixel) throws Refusal {
		final long needed = (long) width * height * (bytesPerPixel + 12);
		if (!Memory.has(needed)) throw new Refusal("has " + width + "x" + height + " pixels. " + Memory.shortage(
			needed));
	}

	/** Rows that were said to be done; 0 if the reader does not say. */
	int rows() {
		return rows;
	}

	/** Refuses what was decoded with loss. */
	void checkWarnings(final List<String> notes) throws Refusal {
		for (final String w : warnings)
			if (FILLED.matcher(w).find()) notes.add("has one or two odd bytes after its last pixel");
			else if (LOSS.matcher(w).find()) throw new Refusal("is damaged or cut: " + w);
	}

	@Override
	public void close() throws IOException {
		reader.dispose();
		input.close();
	}

	/** Counts rows. */
	private final class Rows implements IIOReadUpdateListener {

		@Override
		public void imageUpdate(final ImageReader source, final BufferedImage image, final int minX, final int minY,
			final int width, final int height, final int periodX, final int periodY, final int[] bands)
		{
			rows += height;
		}

		@Override
		public void passStarted(final ImageReader source, final BufferedImage image, final int pass, final int minPass,
			final int maxPass, final int minX, final int minY, final int periodX, final int periodY, final int[] bands)
		{}

		@Override
		public void passComplete(final ImageReader source, final BufferedImage image) {}

		@Override
		public void thumbnailPassStarted(final ImageReader source, final BufferedImage image, final int pass,
			final int minPass, final int maxPass, final int minX, final int minY, final int periodX, final int periodY,
			final int[] bands)
		{}

		@Override
		public void thumbnailUpdate(final ImageReader source, final BufferedImage image, final int minX,
			final int minY, final int width, final int height, final int periodX, final int periodY, final int[] bands)
		{}

		@Override
		public void thumbnailPassComplete(final ImageReader source, final BufferedImage image) {}
	}
}
