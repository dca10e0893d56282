package io.github.learningtodeblur.files;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The image of a FITS file's first part: its values in physical units (BSCALE, BZERO), undefined ones as NaN, and
 * the last row on top, as astronomers look at it.
 */
final class FitsFile {

	private static final int BLOCK = 2880, CARD = 80;

	private FitsFile() {}

	static Samples read(final Path file) throws IOException {
		try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
			final Map<String, String> header = new HashMap<>();
			header(in, header);
			final long start = (in.getFilePointer() + BLOCK - 1) / BLOCK * BLOCK;
			final int axes = (int) number(header, "NAXIS", 0), bits = (int) number(header, "BITPIX", 0);
			for (int i = 3; i <= axes; i++)
				if (number(header, "NAXIS" + i, 1) != 1) throw new Refusal("is a stack of " + (long) number(header, "NAXIS" +
					i, 1) + " images; save the one you want as a file of its own");
			if (axes < 2) throw new Refusal("holds no image in its first part");
			final long w = (long) number(header, "NAXIS1", 0), h = (long) number(header, "NAXIS2", 0);
			if (!List.of(8, 16, 32, 64, -32, -64).contains(bits)) throw new Refusal("is damaged: its values have " +
				bits + " bits");
			final int bytes = Math.abs(bits) / 8;
			Refusal.checkSize(w, h, (double) w * h * bytes, in.length() - start);
			final int width = (int) w, height = (int) h;
			Refusal.checkSize(w * bytes, h, 0, 0);
			Decoder.checkMemory(width, height, bytes);
			final byte[] data = new byte[width * height * bytes];
			in.seek(start);
			in.readFully(data);
			final double scale = number(header, "BSCALE", 1), zero = number(header, "BZERO", 0);
			final double blank = bits > 0 ? number(header, "BLANK", Double.NaN) : Double.NaN;
			// The usual ways to store what FITS has no type for
			final boolean unsigned = bits == 8 && zero == 0 || bits == 16 && zero == 32768;
			final SampleFormat format = bits < 0 || scale != 1 || header.containsKey("BLANK") || zero != 0 && !unsigned
				? new SampleFormat(Math.abs(bits), SampleFormat.Kind.FLOAT) : new SampleFormat(bits, unsigned
					? SampleFormat.Kind.UNSIGNED : SampleFormat.Kind.SIGNED);
			final ByteBuffer values = ByteBuffer.wrap(data);
			return new Samples(width, height, 1, format, bits == 8 ? 0 : Scaling.MEASURED, false, 1, List.of(), (band, y, into) -> {
				int at = (height - 1 - y) * width * bytes;
				for (int x = 0; x < width; x++, at += bytes) {
					final double v = switch (bits) {
						case 8 -> values.get(at) & 255;
						case 16 -> values.getShort(at);
						case 32 -> values.getInt(at);
						case 64 -> values.getLong(at);
						case -32 -> values.getFloat(at);
						default -> values.getDouble(at);
					};
					into[x] = v == blank ? Double.NaN : v * scale + zero;
				}
			});
		}
	}

	private static void header(final RandomAccessFile in, final Map<String, String> header) throws IOException {
		final byte[] card = new byte[CARD];
		while (true) {
			if (in.length() - in.getFilePointer() < CARD) throw new Refusal("is cut: its header does not end");
			in.readFully(card);
			final String text = new String(card, StandardCharsets.ISO_8859_1);
			final String key = text.substring(0, 8).strip();
			if (key.equals("END")) return;
			if (text.startsWith("= ", 8) && header.size() < 10_000) header.put(key, text.substring(10).replaceFirst("/.*",
				"").strip());
		}
	}

	private static double number(final Map<String, String> header, final String key, final double otherwise)
		throws Refusal
	{
		final String text = header.get(key);
		if (text == null) return otherwise;
		try {
			return Double.parseDouble(text.replace('D', 'E'));
		}
		catch (final NumberFormatException e) {
			throw new Refusal("is damaged: its " + key + " is no number");
		}
	}
}
