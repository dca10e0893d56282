package io.github.learningtodeblur.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.zip.DeflaterOutputStream;

/** Makes TIFFs of kinds that no writer at hand makes: BigTIFF, half floats, signed bytes, large values dark. */
final class TiffBuilder {

	static final int UNSIGNED = 1, SIGNED = 2, FLOAT = 3;

	private final int width, height, samples, bits, kind;
	private final Map<Integer, long[]> tags = new TreeMap<>();
	private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
	private boolean big, deflate;
	private int rowsPerStrip;
	private String description;

	TiffBuilder(final int width, final int height, final int samples, final int bits, final int kind) {
		this.width = width;
		this.height = height;
		this.samples = samples;
		this.bits = bits;
		this.kind = kind;
		rowsPerStrip = height;
		with(TiffDirectory.PHOTOMETRIC, samples < 3 ? 1 : 2);
	}

	TiffBuilder with(final int tag, final long... values) {
		tags.put(tag, values);
		return this;
	}

	TiffBuilder big() {
		big = true;
		return this;
	}

	TiffBuilder bigEndian() {
		order = ByteOrder.BIG_ENDIAN;
		return this;
	}

	TiffBuilder deflated() {
		deflate = true;
		return with(TiffDirectory.COMPRESSION, 8);
	}

	TiffBuilder rowsPerStrip(final int rows) {
		rowsPerStrip = rows;
		return this;
	}

	TiffBuilder description(final String text) {
		description = text + "\0";
		return this;
	}

	/** @param values of all pixels, all samples of a pixel together; halves as {@code float}s */
	byte[] bytes(final IntToDoubleFunction values) {
		final List<byte[]> strips = new ArrayList<>();
		for (int y = 0; y < height; y += rowsPerStrip)
			strips.add(strip(values, y, Math.min(height, y + rowsPerStrip)));
		final int head = big ? 16 : 8;
		final ByteBuffer out = ByteBuffer.allocate(4096 + 32 * strips.size() + strips.stream().mapToInt(s -> s.length).sum())
			.order(order);
		out.put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(StandardCharsets.ISO_8859_1));
		out.putShort((short) (big ? 43 : 42));
		if (big) out.putInt(order == ByteOrder.LITTLE_ENDIAN ? 8 : 8 << 16);
		out.position(head);
		final long[] offsets = new long[strips.size()], counts = new long[strips.size()];
		for (int i = 0; i < offsets.length; i++) {
			offsets[i] = out.position();
			counts[i] = strips.get(i).length;
			out.put(strips.get(i));
		}
		final Map<Integer, long[]> all = new TreeMap<>();
		all.put(TiffDirectory.WIDTH, new long[] { width });
		all.put(TiffDirectory.HEIGHT, new long[] { height });
		all.put(TiffDirectory.BITS, repeated(bits));
		all.put(TiffDirectory.STRIP_OFFSETS, offsets);
		all.put(TiffDirectory.SAMPLES, new long[] { samples });
		all.put(TiffDirectory.ROWS_PER_STRIP, new long[] { rowsPerStrip });
		all.put(TiffDirectory.STRIP_BYTES, counts);
		all.put(TiffDirectory.SAMPLE_FORMAT, repeated(kind));
		all.putAll(tags);
		if (description != null) all.put(TiffDirectory.DESCRIPTION, description.chars().asLongStream().toArray());
		// values that do not fit into their tag come first
		final Map<Integer, Long> where = new TreeMap<>();
		all.forEach((tag, v) -> {
			if (v.length * size(tag) <= (big ? 8 : 4)) return;
			where.put(tag, (long) out.position());
			for (final long n : v)
				put(out, n, size(tag));
		});
		final long list = out.position();
		put(out, all.size(), big ? 8 : 2);
		all.forEach((tag, v) -> {
			out.putShort((short) (int) tag).putShort((short) switch (size(tag)) {
				case 1 -> 2;
				case 2 -> 3;
				case 4 -> 4;
				default -> 16;
			});
			put(out, v.length, big ? 8 : 4);
			final int next = out.position() + (big ? 8 : 4);
			if (where.containsKey(tag)) put(out, where.get(tag), big ? 8 : 4);
			else for (final long n : v)
				put(out, n, size(tag));
			out.position(next);
		});
		put(out, 0, big ? 8 : 4);
		if (big) out.putLong(8, list);
		else out.putInt(4, (int) list);
		final byte[] bytes = new byte[out.position()];
		out.get(0, bytes);
		return bytes;
	}

	void write(final Path file, final IntToDoubleFunction values) throws IOException {
		Files.write(file, bytes(values));
	}

	private int size(final int tag) {
		return tag == TiffDirectory.DESCRIPTION ? 1 : tag != TiffDirectory.STRIP_OFFSETS && tag != TiffDirectory.STRIP_BYTES
			? 2 : big ? 8 : 4;
	}

	private static void put(final ByteBuffer out, final long value, final int bytes) {
		switch (bytes) {
			case 1 -> out.put((byte) value);
			case 2 -> out.putShort((short) value);
			case 4 -> out.putInt((int) value);
			default -> out.putLong(value);
		}
	}

	private long[] repeated(final long value) {
		final long[] all = new long[samples];
		java.util.Arrays.fill(all, value);
		return all;
	}

	private byte[] strip(final IntToDoubleFunction values, final int from, final int to) {
		final ByteBuffer b = ByteBuffer.allocate((to - from) * width * samples * bits / 8).order(order);
		for (int i = from * width * samples; i < to * width * samples; i++) {
			final double v = values.applyAsDouble(i);
			if (kind == FLOAT && bits == 64) b.putDouble(v);
			else if (kind == FLOAT && bits == 32) b.putFloat((float) v);
			else if (kind == FLOAT) b.putShort(half((float) v));
			else put(b, (long) v, bits / 8);
		}
		if (!deflate) return b.array();
		final ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (DeflaterOutputStream d = new DeflaterOutputStream(out)) {
			d.write(b.array());
		}
		catch (final IOException e) {
			throw new AssertionError(e);
		}
		return out.toByteArray();
	}

	/** For positive values from 2^-14 on. */
	static short half(final float v) {
		final int bits = Float.floatToIntBits(v);
		return v == 0 ? 0 : (short) ((bits >> 23) - 127 + 15 << 10 | bits >> 13 & 0x3ff);
	}
}
