package io.github.learningtodeblur.files;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The check sums of a PNG, which Java's reader does not look at, and its orientation. */
final class PngChunks {

	private static final int HEADER = 13;
	/** First columns and rows, and steps, of the passes of an interlaced image. */
	private static final int[][] PASSES = { { 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 }, { 2, 0, 4, 4 }, { 0, 2, 2,
		4 }, { 1, 0, 2, 2 }, { 0, 1, 1, 2 } };

	private PngChunks() {}

	/**
	 * Refuses what is cut or garbled.
	 *
	 * @return tag 274 of its EXIF data; 1 if there is none
	 */
	static int check(final Path file) throws IOException {
		int orientation = 1;
		long expected = -1, inflated = 0;
		final byte[] buffer = new byte[1 << 14], out = new byte[1 << 14];
		final Inflater inflater = new Inflater();
		try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
			in.skipNBytes(8);
			while (true) {
				final int length = in.readInt();
				if (length < 0 || length > Files.size(file)) throw new Refusal("is damaged or cut: its chunk of " + Integer
					.toUnsignedString(length) + " bytes does not fit into the file");
				final byte[] name = new byte[4];
				in.readFully(name);
				final String type = new String(name, StandardCharsets.ISO_8859_1);
				if (expected < 0 && !(type.equals("IHDR") && length == HEADER)) throw new Refusal(
					"is damaged: it does not begin with a header");
				final CRC32 sum = new CRC32();
				sum.update(name);
				final byte[] kept = type.equals("IHDR") || type.equals("eXIf") ? new byte[length] : null;
				for (int done = 0; done < length;) {
					final int n = in.read(buffer, 0, Math.min(buffer.length, length - done));
					if (n < 0) throw new EOFException();
					sum.update(buffer, 0, n);
					if (kept != null) System.arraycopy(buffer, 0, kept, done, n);
					if (type.equals("IDAT")) {
						inflater.setInput(buffer, 0, n);
						for (int m = 1; m > 0 && inflated <= expected;)
							inflated += m = inflater.inflate(out);
					}
					done += n;
				}
				if ((int) sum.getValue() != in.readInt()) throw new Refusal("is damaged: the check sum of its chunk " + type
					.replaceAll("[^A-Za-z]", "?") + " is wrong");
				if (type.equals("IHDR")) expected = bytes(kept, Files.size(file));
				if (type.equals("eXIf")) orientation = Exif.ofBlock(kept);
				if (type.equals("IEND")) break;
			}
			if (inflated < expected) throw new Refusal("is cut: it has " + inflated + " bytes of pixels of " + expected);
			return orientation;
		}
		catch (final EOFException e) {
			throw new Refusal("is cut: the file ends before the image does");
		}
		catch (final DataFormatException e) {
			throw new Refusal("is damaged: " + e.getMessage());
		}
		finally {
			inflater.end();
		}
	}

	/** Bytes of all rows, each with its filter. */
	private static long bytes(final byte[] header, final long fileSize) throws Refusal {
		final long width = word(header, 0), height = word(header, 4);
		final int bits = header[8], channels = switch (header[9]) {
			case 0, 3 -> 1;
			case 4 -> 2;
			case 2 -> 3;
			case 6 -> 4;
			default -> throw new Refusal("is damaged: it has the colour type " + header[9]);
		};
		Refusal.checkSize(width, height, width * (double) height * channels * bits / 8, (double) fileSize *
			Decoder.MAX_RATIO);
		if (header[12] == 0) return row(width, channels * bits) * height;
		long sum = 0;
		for (final int[] p : PASSES) {
			final long columns = (width - p[0] + p[2] - 1) / p[2], rows = (height - p[1] + p[3] - 1) / p[3];
			if (columns > 0 && rows > 0) sum += row(columns, channels * bits) * rows;
		}
		return sum;
	}

	private static long row(final long width, final int bitsPerPixel) {
		return 1 + (width * bitsPerPixel + 7) / 8;
	}

	private static long word(final byte[] b, final int at) {
		return (b[at] & 255L) << 24 | (b[at + 1] & 255) << 16 | (b[at + 2] & 255) << 8 | b[at + 3] & 255;
	}
}
