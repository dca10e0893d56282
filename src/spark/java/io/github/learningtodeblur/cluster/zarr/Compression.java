package io.github.learningtodeblur.cluster.zarr;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;

import com.github.luben.zstd.Zstd;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.scalableminds.bloscjava.Blosc;

/**
 * How the bytes of a chunk are packed.
 *
 * @param id as NumCodecs names it; "raw" for not at all
 * @param settings of it, as they stand in the array's metadata; null if raw
 */
record Compression(String id, JsonObject settings) {

	/** @param json {@code compressor} of an array's metadata */
	static Compression of(final JsonElement json) throws IOException {
		if (json == null || json.isJsonNull()) return new Compression("raw", null);
		final String id = json.getAsJsonObject().get("id").getAsString();
		return switch (id) {
			case "zlib", "gzip", "zstd", "blosc" -> new Compression(id, json.getAsJsonObject());
			default -> throw new IOException("compressed by '" + id + "'; blosc, zstd, gzip and zlib are read");
		};
	}

	/** @param length of the bytes that were packed */
	byte[] unpack(final byte[] packed, final int length) throws IOException {
		final byte[] bytes = switch (id) {
			case "zlib" -> new InflaterInputStream(new ByteArrayInputStream(packed)).readAllBytes();
			case "gzip" -> new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
			case "zstd" -> Zstd.decompress(packed, length);
			case "blosc" -> Blosc.decompress(packed);
			default -> packed;
		};
		if (bytes.length != length) throw new IOException("a chunk has " + bytes.length + " bytes, but should have " + length);
		return bytes;
	}

	/** @param size of a value, in bytes */
	byte[] pack(final byte[] bytes, final int size) throws IOException {
		return switch (id) {
			case "zlib" -> through(bytes, out -> new DeflaterOutputStream(out, new Deflater(level(1))));
			case "gzip" -> through(bytes, GZIPOutputStream::new);
			case "zstd" -> Zstd.compress(bytes, level(1));
			case "blosc" -> Blosc.compress(bytes, size, compressor(), level(5), shuffle(size));
			default -> bytes;
		};
	}

	private interface Packer {

		OutputStream around(OutputStream out) throws IOException;
	}

	private static byte[] through(final byte[] bytes, final Packer packer) throws IOException {
		final ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (OutputStream packing = packer.around(out)) {
			packing.write(bytes);
		}
		return out.toByteArray();
	}

	private int level(final int usual) {
		final JsonElement level = settings.get(id.equals("blosc") ? "clevel" : "level");
		return level == null ? usual : level.getAsInt();
	}

	private Blosc.Compressor compressor() throws IOException {
		final String name = settings.get("cname").getAsString();
		for (final Blosc.Compressor c : Blosc.Compressor.values())
			if (c.getValue().equals(name)) return c;
		throw new IOException("compressed by blosc's '" + name + "', which cannot be written");
	}

	/** NumCodecs' -1 stands for bits if values are bytes, else for bytes. */
	private Blosc.Shuffle shuffle(final int size) {
		return switch (settings.has("shuffle") ? settings.get("shuffle").getAsInt() : 1) {
			case 0 -> Blosc.Shuffle.NO_SHUFFLE;
			case 1 -> Blosc.Shuffle.BYTE_SHUFFLE;
			case 2 -> Blosc.Shuffle.BIT_SHUFFLE;
			default -> size == 1 ? Blosc.Shuffle.BIT_SHUFFLE : Blosc.Shuffle.BYTE_SHUFFLE;
		};
	}
}
