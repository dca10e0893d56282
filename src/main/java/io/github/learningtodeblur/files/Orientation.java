package io.github.learningtodeblur.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.jpeg.JpegProcessingException;
import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;

/**
 * Where the pixels of a file, row by row, lie in the upright picture.
 *
 * @param width of the upright picture
 * @param height of the upright picture
 * @param start index of the file's first pixel
 * @param right step to the file's next pixel
 * @param down step to the file's next row
 */
record Orientation(int width, int height, int start, int right, int down) {

	/** @param tag what tag 274 of TIFF and EXIF says; upright if it makes no sense */
	static Orientation of(final int tag, final int w, final int h) {
		return switch (tag) {
			case 2 -> new Orientation(w, h, w - 1, -1, w);
			case 3 -> new Orientation(w, h, w * h - 1, -1, -w);
			case 4 -> new Orientation(w, h, w * (h - 1), 1, -w);
			case 5 -> new Orientation(h, w, 0, h, 1);
			case 6 -> new Orientation(h, w, h - 1, h, -1);
			case 7 -> new Orientation(h, w, w * h - 1, -h, -1);
			case 8 -> new Orientation(h, w, h * (w - 1), -h, 1);
			default -> new Orientation(w, h, 0, 1, w);
		};
	}

	/** The tag of a JPEG file; 1 if it has none. */
	static int ofJpeg(final Path file) {
		try {
			return tag(JpegMetadataReader.readMetadata(file.toFile(), List.of(new ExifReader())));
		}
		// what it throws at damaged metadata. In Fiji this reader may be missing; there, files are read for training
		// only, which turns images at random
		catch (JpegProcessingException | IOException | RuntimeException | LinkageError e) {
			return 1;
		}
	}

	/** The tag in a block of EXIF data without header; 1 if it has none. */
	static int ofExif(final byte[] block) {
		try {
			final Metadata metadata = new Metadata();
			new ExifReader().extract(new ByteArrayReader(block), metadata);
			return tag(metadata);
		}
		catch (RuntimeException | LinkageError e) {
			return 1;
		}
	}

	private static int tag(final Metadata metadata) {
		final ExifIFD0Directory exif = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
		final Integer tag = exif == null ? null : exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
		return tag == null ? 1 : tag;
	}
}
