package io.github.learningtodeblur.files;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** PNG, JPEG, GIF and BMP. */
final class StandardFile {

	private StandardFile() {}

	/** @param format ImageIO's name of it */
	static Samples read(final Path file, final String format) throws IOException {
		final int orientation = switch (format) {
			case "png" -> PngChunks.check(file);
			case "jpeg" -> Exif.ofJpeg(file);
			default -> 1;
		};
		final List<String> notes = new ArrayList<>();
		try (Decoder decoder = new Decoder(file, format)) {
			final int width = decoder.width(0), height = decoder.height(0);
			// a bit per pixel, at least; what is said of the colours is read by now only for PNG
			Refusal.checkSize(width, height, width * (double) height / 8, (double) Files.size(file) *
				Decoder.MAX_RATIO);
			final BufferedImage image = decoder.image(0);
			decoder.checkWarnings(notes);
			if (format.equals("gif") && decoder.rows() < height) throw new Refusal("is damaged or cut: only " + decoder
				.rows() + " of its " + height + " rows could be read");
			return Pixels.of(image, notes).turned(orientation);
		}
	}
}
