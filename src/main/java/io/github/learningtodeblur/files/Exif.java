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

/** How the camera was held. */
final class Exif {

	private static final int UPRIGHT = 1;

	private Exif() {}

	/** Tag 274 of a JPEG file; 1 if it has none, or damaged ones. */
	static int ofJpeg(final Path file) {
		return orientation(() -> Reader.ofJpeg(file));
	}

	/** Tag 274 in a block of EXIF data without header; 1 if it has none. */
	static int ofBlock(final byte[] block) {
		return orientation(() -> Reader.ofBlock(block));
	}

	private interface Tag {

		Integer get() throws Exception;
	}

	private static int orientation(final Tag tag) {
		try {
			final Integer value = tag.get();
			return value == null ? UPRIGHT : value;
		}
		// In Fiji the library may be missing; there, files are read for training only, which turns images at random
		catch (final LinkageError e) {
			return UPRIGHT;
		}
		catch (final Exception e) { // what it throws at damaged data
			return UPRIGHT;
		}
	}

	/** A class of its own, as it cannot be loaded without the library. */
	private static final class Reader {

		static Integer ofJpeg(final Path file) throws JpegProcessingException, IOException {
			return tag(JpegMetadataReader.readMetadata(file.toFile(), List.of(new ExifReader())));
		}

		static Integer ofBlock(final byte[] block) {
			final Metadata metadata = new Metadata();
			new ExifReader().extract(new ByteArrayReader(block), metadata);
			return tag(metadata);
		}

		private static Integer tag(final Metadata metadata) {
			final ExifIFD0Directory exif = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
			return exif == null ? null : exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
		}
	}
}
