package io.github.learningtodeblur.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a TIFF or BigTIFF says of one of its images. Decoders take such words for granted, reserve memory and loop
 * accordingly; here they are compared with what the file has.
 */
final class TiffDirectory {

	static final int SUBFILE_TYPE = 254, WIDTH = 256, HEIGHT = 257, BITS = 258, COMPRESSION = 259, PHOTOMETRIC = 262,
			DESCRIPTION = 270, STRIP_OFFSETS = 273, ORIENTATION = 274, SAMPLES = 277,
			ROWS_PER_STRIP = 278, STRIP_BYTES = 279, PLANAR = 284, TILE_WIDTH = 322, TILE_HEIGHT = 323,
			TILE_OFFSETS = 324, TILE_BYTES = 325, EXTRA_SAMPLES = 338, SAMPLE_FORMAT = 339, JPEG_OFFSET = 513;

	/** Bytes of a value, by type; 0 for types that do not exist. */
	private static final int[] LENGTHS = { 0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8 };
	private static final int ASCII = 2;

	private final RandomAccessFile file;
	private final ByteOrder order;
	private final boolean big;
	private final Map<Integer, Entry> entries = new HashMap<>();

	private record Entry(int type, long count, long at) {}

	private TiffDirectory(final RandomAccessFile file, final ByteOrder order, final boolean big) {
		this.file = file;
		this.order = order;
		this.big = big;
	}

	/** All images of a file, which must stay open while they are asked. */
	static List<TiffDirectory> all(final RandomAccessFile file) throws IOException {
		try {
			file.seek(0);
			final ByteOrder order = file.readByte() == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
			final boolean big = number(file, order, 2, 2) == 43;
			long next = big ? number(file, order, 8, 8) : number(file, order, 4, 4);
			final List<TiffDirectory> all = new ArrayList<>();
			final Set<Long> seen = new HashSet<>();
			long bytes = 0;
			while (next != 0) {
				if (next < 8 || next >= file.length()) {
					if (all.isEmpty()) throw new EOFException();
					throw new Refusal("is cut: it goes on at byte " + next + ", the file ends at " + file.length());
				}
				if (!seen.add(next)) throw new Refusal("is damaged: its list of images has no end");
				final TiffDirectory d = new TiffDirectory(file, order, big);
				final int entry = big ? 20 : 12;
				final long count = number(file, order, next, big ? 8 : 2), first = next + (big ? 8 : 2);
				// this also bounds the work: lists cannot be larger together than the file
				bytes += count * entry;
				if (count < 1 || count > 65535 || bytes > file.length() || first + count * entry > file.length())
					throw new Refusal("is damaged or cut: its list of " + count + " tags does not fit into the file");
				d.read(first, (int) count, entry);
				all.add(d);
				next = number(file, order, first + count * entry, big ? 8 : 4);
			}
			if (all.isEmpty()) throw new Refusal("is damaged: it describes no image");
			return all;
		}
		catch (final EOFException e) {
			throw new Refusal("is cut: it describes no image");
		}
	}

	private void read(final long first, final int count, final int length) throws IOException {
		double bytes = 0;
		for (int i = 0; i < count; i++) {
			final long at = first + (long) i * length;
			final int tag = (int) number(file, order, at, 2), type = (int) number(file, order, at + 2, 2);
			final long n = number(file, order, at + 4, big ? 8 : 4);
			final int size = type < LENGTHS.length ? LENGTHS[type] : 0;
			if (size == 0) continue; // to be passed over, says the standard
			final int inline = big ? 8 : 4;
			final long value = at + 4 + inline;
			final boolean inside = n >= 0 && n <= inline / size;
			final long where = inside ? value : number(file, order, value, inline);
			if (n < 0 || where < 0 || !inside && (n > file.length() || where + n * size > file.length()))
				throw new Refusal("is damaged or cut: its tag " + tag + " does not fit into the file");
			bytes += n * (double) size;
			entries.put(tag, new Entry(type, n, where));
		}
		// each may lie in the file, and all at the same place
		if (bytes > 2.0 * file.length() + (1 << 16)) throw new Refusal(
			"is damaged: its tags do not fit into the file");
	}

	private static long number(final RandomAccessFile file, final ByteOrder order, final long at, final int bytes)
		throws IOException
	{
		final byte[] b = new byte[bytes];
		file.seek(at);
		file.readFully(b);
		return number(ByteBuffer.wrap(b).order(order), bytes);
	}

	private static long number(final ByteBuffer b, final int bytes) {
		return switch (bytes) {
			case 1 -> b.get() & 0xff;
			case 2 -> b.getShort() & 0xffff;
			case 4 -> b.getInt() & 0xffffffffL;
			default -> b.getLong();
		};
	}

	/** Whether this is BigTIFF. */
	boolean isBig() {
		return big;
	}

	boolean has(final int tag) {
		return entries.containsKey(tag);
	}

	/** Whole numbers; null if the tag is missing. */
	long[] numbers(final int tag) throws IOException {
		final Entry e = entries.get(tag);
		if (e == null) return null;
		final int size = LENGTHS[e.type];
		if (e.type == 5 || e.type >= 10 && e.type <= 12) throw new Refusal("is damaged: its tag " + tag +
			" is no whole number");
		final byte[] bytes = new byte[Math.toIntExact(e.count * size)];
		file.seek(e.at);
		file.readFully(bytes);
		final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
		final long[] numbers = new long[(int) e.count];
		for (int i = 0; i < numbers.length; i++) {
			numbers[i] = number(buffer, size);
			if (numbers[i] < 0) throw new Refusal("is damaged: its tag " + tag + " is " + Long.toUnsignedString(
				numbers[i]));
		}
		return numbers;
	}

	/** The same number for all samples, or the only one. */
	long number(final int tag, final long otherwise) throws IOException {
		final long[] all = numbers(tag);
		if (all == null || all.length == 0) return otherwise;
		for (final long v : all)
			if (v != all[0]) throw new Refusal("has channels of different kind (tag " + tag + "): save it with channels of the " +
				"same kind");
		return all[0];
	}

	/** Empty if missing. */
	String text(final int tag) throws IOException {
		final Entry e = entries.get(tag);
		if (e == null || e.type != ASCII) return "";
		final byte[] bytes = new byte[(int) Math.min(e.count, 4096)];
		file.seek(e.at);
		file.readFully(bytes);
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}
}
