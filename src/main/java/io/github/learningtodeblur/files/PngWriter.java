package io.github.learningtodeblur.files;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

import io.github.learningtodeblur.util.Plane;

/** Writes an 8-bit PNG row by row: Java's writer wants the whole picture once more, in bytes. */
final class PngWriter {

	private static final byte[] SIGNATURE = { (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
	private static final byte GREY = 0, RGB = 2, PAETH = 4;

	private PngWriter() {}

	static void write(final OutputStream stream, final List<Plane> channels) throws IOException {
		final int width = channels.get(0).width(), height = channels.get(0).height(), bands = channels.size();
		final DataOutputStream out = new DataOutputStream(stream);
		out.write(SIGNATURE);
		final ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).put(bands == 1 ? GREY
			: RGB);
		chunk(out, "IHDR", header.array(), 13);

		final Deflater deflater = new Deflater();
		try {
			byte[] above = new byte[(width + 1) * bands], row = new byte[(width + 1) * bands];
			final byte[] filtered = new byte[1 + width * bands], compressed = new byte[1 << 15];
			for (int y = 0; y < height; y++) {
				for (int x = 0; x < width; x++)
					for (int b = 0; b < bands; b++)
						row[(x + 1) * bands + b] = (byte) Math.round(255 * Math.max(0, Math.min(1, channels.get(b).pixels()[y *
							width + x])));
				filtered[0] = PAETH;
				for (int i = bands; i < row.length; i++)
					filtered[i - bands + 1] = (byte) (row[i] - paeth(row[i - bands] & 255, above[i] & 255, above[i -
						bands] & 255));
				deflater.setInput(filtered);
				if (y == height - 1) deflater.finish();
				while (!deflater.needsInput() || y == height - 1 && !deflater.finished()) {
					final int n = deflater.deflate(compressed);
					if (n > 0) chunk(out, "IDAT", compressed, n);
				}
				final byte[] swap = above;
				above = row;
				row = swap;
			}
		}
		finally {
			deflater.end();
		}
		chunk(out, "IEND", new byte[0], 0);
		out.flush();
	}

	/** Whichever of the neighbours is closest to left + above - corner. */
	private static int paeth(final int left, final int above, final int corner) {
		final int l = Math.abs(above - corner), a = Math.abs(left - corner), c = Math.abs(left + above - 2 * corner);
		return l <= a && l <= c ? left : a <= c ? above : corner;
	}

	private static void chunk(final DataOutputStream out, final String type, final byte[] data, final int length)
		throws IOException
	{
		final byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
		final CRC32 sum = new CRC32();
		sum.update(name);
		sum.update(data, 0, length);
		out.writeInt(length);
		out.write(name);
		out.write(data, 0, length);
		out.writeInt((int) sum.getValue());
	}
}
