package io.github.learningtodeblur.files;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * PBM, PGM and PPM, plain and raw: the largest value that the header names is white, which ImageJ's reader and
 * others pass over.
 */
final class PnmFile {

	private PnmFile() {}

	static Samples read(final Path file) throws IOException {
		try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
			in.readByte();
			final int kind = in.readByte() - '0';
			final boolean plain = kind <= 3, bitmap = kind == 1 || kind == 4;
			final int bands = kind == 3 || kind == 6 ? 3 : 1;
			final int width = number(in), height = number(in), white = bitmap ? 1 : number(in);
			if (white < 1 || white > 65535) throw new Refusal("is damaged: it says that " + white + " is white");
			final int bytes = white > 255 ? 2 : 1;
			final double least = plain ? bands * (bitmap ? 1 : 2) : bitmap ? 1 / 8.0 : bands * bytes;
			Refusal.checkSize(width, height, width * (double) height * least - 1, Files.size(file));
			Refusal.checkSize((long) width * bands, height, 0, 0);
			Decoder.checkMemory(width, height, 2 * bands);
			final short[] values = new short[width * height * bands];
			if (kind == 4) bits(in, values, width);
			else for (int i = 0; i < values.length; i++) {
				final int v = plain ? bitmap ? digit(in) : number(in) : bytes == 2 ? in.readUnsignedShort() : in
					.readUnsignedByte();
				if (v > white) throw new Refusal("is damaged: it has the value " + v + ", and says that " + white +
					" is white");
				values[i] = (short) v;
			}
			return new Samples(width, height, bands, SampleFormat.unsigned(32 - Integer.numberOfLeadingZeros(white)),
				white, bitmap, 1, List.of(), (band, y, into) -> {
					for (int x = 0; x < width; x++)
						into[x] = values[(y * width + x) * bands + band] & 0xffff;
				});
		}
		catch (final EOFException e) {
			throw new Refusal("is cut: the file ends before the image does");
		}
	}

	private static void bits(final DataInputStream in, final short[] values, final int width) throws IOException {
		int bits = 0;
		for (int i = 0; i < values.length; i++) {
			final int x = i % width;
			if (x % 8 == 0) bits = in.readUnsignedByte();
			values[i] = (short) (bits >> 7 - x % 8 & 1);
		}
	}

	/** A digit of a plain bitmap, which needs no spaces between. */
	private static int digit(final InputStream in) throws IOException {
		final int c = skipped(in);
		if (c != '0' && c != '1') throw new Refusal("is damaged: a pixel is neither 0 nor 1");
		return c - '0';
	}

	/** A number and the one character after it. */
	private static int number(final InputStream in) throws IOException {
		int c = skipped(in), value = 0;
		if (c < '0' || c > '9') throw new Refusal("is damaged: there is no number where one should be");
		for (; c >= '0' && c <= '9'; c = in.read())
			value = Math.min(value * 10 + c - '0', 100_000_000);
		return value;
	}

	/** The first character that is neither white nor part of a comment. */
	private static int skipped(final InputStream in) throws IOException {
		int c = in.read();
		while (c == '#' || c >= 0 && c <= ' ') {
			if (c == '#') while (c >= 0 && c != '\n' && c != '\r')
				c = in.read();
			c = in.read();
		}
		if (c < 0) throw new EOFException();
		return c;
	}
}
