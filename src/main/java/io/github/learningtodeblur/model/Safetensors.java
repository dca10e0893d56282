package io.github.learningtodeblur.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.learningtodeblur.util.WholeFile;

/**
 * Reads and writes the safetensors format: 8 bytes header length (little endian), a JSON header, raw little
 * endian values. Values are 32-bit floats ({@code F32}); other types are refused. The reader trusts nothing:
 * sizes are limited, and the data must be covered by the tensors without gap or overlap.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">the format</a>
 */
public final class Safetensors {

	/** Largest header the reader takes, in bytes. */
	public static final int MAX_HEADER = 1 << 20;

	/** Largest file the reader takes, in bytes. */
	public static final int MAX_FILE = 1 << 28;

	private static final int CHUNK = 1 << 16;

	private static final String METADATA = "__metadata__";

	private Safetensors() {}

	/**
	 * One array.
	 *
	 * @param shape sizes, slowest first; empty for a single number
	 * @param values as many as the product of the shape says, not copied
	 */
	public record Entry(int[] shape, float[] values) {

		public Entry {
			long size = 1;
			for (final int n : shape)
				size = Math.multiplyExact(size, n);
			if (Arrays.stream(shape).anyMatch(n -> n < 0) || size != values.length)
				throw new IllegalArgumentException("Shape " + Arrays.toString(shape) + " does not fit " +
					values.length + " values");
		}
	}

	/**
	 * What is in a file, in the order of its header.
	 *
	 * @param tensors arrays by name
	 * @param metadata texts by key
	 */
	public record Contents(LinkedHashMap<String, Entry> tensors,
		LinkedHashMap<String, String> metadata)
	{}

	private record Header(String name, int[] shape, long begin, long end) {}

	/**
	 * Reads a file.
	 *
	 * @throws IOException with one sentence naming the file and what is wrong with it
	 */
	public static Contents read(final Path file) throws IOException {
		if (Files.isDirectory(file)) throw new IOException(file + " is a folder, not a model file");
		try (InputStream in = Files.newInputStream(file)) {
			return read(in, file.toString());
		}
		catch (final NoSuchFileException e) {
			throw new IOException("There is no file " + file, e);
		}
	}

	/**
	 * Reads a stream to its end; does not close it.
	 *
	 * @param name of the file, for error messages
	 * @throws IOException with one sentence naming the file and what is wrong with it
	 */
	public static Contents read(final InputStream in, final String name) throws IOException {
		final byte[] prefix = in.readNBytes(8);
		if (prefix.length < 8) throw new IOException(name + " is not a safetensors file: it has only " +
			prefix.length + " bytes");
		final long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
		if (length < 0 || length > MAX_HEADER) throw new IOException(name +
			" is not a safetensors file, or its header is too large: " + Long.toUnsignedString(length) +
			" bytes where " + MAX_HEADER + " are allowed");
		final byte[] header = in.readNBytes((int) length);
		if (header.length > 0 && header[0] != '{' || length < 2) throw new IOException(name +
			" is not a safetensors file: no JSON header at byte 8");
		if (header.length < length) throw new IOException(name + " is cut: its header has " +
			header.length + " of " + length + " bytes");

		final LinkedHashMap<String, String> metadata = new LinkedHashMap<>();
		final List<Header> headers = parse(header, metadata, name);
		final long size = checkLayout(headers, MAX_FILE - 8 - length, name);
		final byte[] data = in.readNBytes((int) size);
		if (data.length < size) throw new IOException(name + " is cut: it has " + data.length + " of " +
			size + " bytes of data");
		if (in.read() >= 0) throw new IOException(name + " has more data than its header describes");

		final LinkedHashMap<String, Entry> tensors = new LinkedHashMap<>();
		for (final Header h : headers) {
			final float[] values = new float[(int) (h.end - h.begin) / Float.BYTES];
			ByteBuffer.wrap(data, (int) h.begin, (int) (h.end - h.begin)).order(ByteOrder.LITTLE_ENDIAN)
				.asFloatBuffer().get(values);
			for (final float v : values)
				if (!Float.isFinite(v)) throw new IOException(name + " is damaged: tensor '" + h.name +
					"' holds the value " + v);
			tensors.put(h.name, new Entry(h.shape, values));
		}
		return new Contents(tensors, metadata);
	}

	/** Fills {@code metadata}, returns the tensors in the order of the header. */
	private static List<Header> parse(final byte[] bytes, final Map<String, String> metadata,
		final String file) throws IOException
	{
		final List<Header> headers = new ArrayList<>();
		final LinkedHashMap<String, Boolean> seen = new LinkedHashMap<>();
		final String text;
		try {
			text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (final CharacterCodingException e) {
			throw new IOException(file + " is damaged: its header is not UTF-8 text", e);
		}
		// Streamed, because a JSON tree would silently keep one of two tensors of the same name
		try (JsonReader json = new JsonReader(new StringReader(text))) {
			json.beginObject();
			while (json.hasNext()) {
				final String name = json.nextName();
				if (seen.put(name, true) != null) throw new IOException(file + " is damaged: '" + name +
					"' is there twice");
				if (name.equals(METADATA)) readMetadata(json, metadata, file);
				else headers.add(readHeader(json, name, file));
			}
			json.endObject();
			if (json.peek() != JsonToken.END_DOCUMENT) throw new IllegalStateException(
				"text after the header");
		}
		catch (final EOFException | MalformedJsonException
				| IllegalStateException | NumberFormatException e)
		{
			throw new IOException(file + " is damaged: its header is not the JSON of a safetensors file (" +
				e.getMessage() + ")", e);
		}
		return headers;
	}

	private static void readMetadata(final JsonReader json, final Map<String, String> metadata,
		final String file) throws IOException
	{
		json.beginObject();
		while (json.hasNext()) {
			final String key = json.nextName();
			if (json.peek() != JsonToken.STRING) throw new IOException(file + " is damaged: metadata '" +
				key + "' is not a text");
			if (metadata.put(key, json.nextString()) != null) throw new IOException(file +
				" is damaged: metadata '" + key + "' is there twice");
		}
		json.endObject();
	}

	private static Header readHeader(final JsonReader json, final String name, final String file)
		throws IOException
	{
		String type = null;
		long[] shape = null;
		long[] offsets = null;
		json.beginObject();
		while (json.hasNext()) {
			final String key = json.nextName();
			switch (key) {
				case "dtype" -> type = json.nextString();
				case "shape" -> shape = readLongs(json);
				case "data_offsets" -> offsets = readLongs(json);
				default -> throw new IOException(file + " is damaged: tensor '" + name +
					"' has the unknown field '" + key + "'");
			}
		}
		json.endObject();
		if (type == null || shape == null || offsets == null || offsets.length != 2)
			throw new IOException(file + " is damaged: tensor '" + name +
				"' needs dtype, shape and two data_offsets");
		if (!type.equals("F32")) throw new IOException(file + " cannot be used: tensor '" + name +
			"' is of type " + type + ", and only F32 is supported");
		long size = Float.BYTES;
		for (final long n : shape) {
			if (n < 0 || n > MAX_FILE || size * n > MAX_FILE) throw new IOException(file +
				" is damaged or too large: tensor '" + name + "' has the shape " + Arrays.toString(shape));
			size *= n;
		}
		if (offsets[0] < 0 || offsets[0] > MAX_FILE || offsets[1] - offsets[0] != size)
			throw new IOException(file + " is damaged: tensor '" + name + "' of shape " + Arrays.toString(
				shape) + " needs " + size + " bytes, its offsets are " + Arrays.toString(offsets));
		return new Header(name, Arrays.stream(shape).mapToInt(n -> (int) n).toArray(), offsets[0],
			offsets[1]);
	}

	private static long[] readLongs(final JsonReader json) throws IOException {
		final List<Long> values = new ArrayList<>();
		json.beginArray();
		while (json.hasNext())
			values.add(json.nextLong());
		json.endArray();
		return values.stream().mapToLong(Long::longValue).toArray();
	}

	/** Number of bytes of data; the tensors must follow each other without gap or overlap from byte 0. */
	private static long checkLayout(final List<Header> headers, final long limit, final String file)
		throws IOException
	{
		final List<Header> sorted = new ArrayList<>(headers);
		sorted.sort(Comparator.comparingLong(Header::begin).thenComparingLong(Header::end));
		long end = 0;
		for (final Header h : sorted) {
			if (h.begin != end) throw new IOException(file + " is damaged: tensor '" + h.name + (h.begin > end
				? "' leaves a gap before it" : "' overlaps another") + ", it begins at byte " + h.begin +
				" of the data, not at " + end);
			end = h.end;
		}
		if (end > limit) throw new IOException(file + " is too large: " + end +
			" bytes of data, files may have " + MAX_FILE + " bytes in all");
		return end;
	}

	/**
	 * Writes a file: completely, or not at all. Equal contents in equal order give equal bytes.
	 *
	 * @param file replaced if it exists; its folder must exist
	 * @throws IllegalArgumentException if a value is NaN or infinite, or the reader would refuse the size
	 * @throws IOException if the file cannot be written
	 */
	public static void write(final Path file, final Contents contents) throws IOException {
		final byte[] header = header(contents);
		WholeFile.write(file, out -> {
			out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
			out.write(header);
			final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
			for (final Entry entry : contents.tensors.values()) {
				for (int i = 0; i < entry.values.length; i += CHUNK / Float.BYTES) {
					final int n = Math.min(CHUNK / Float.BYTES, entry.values.length - i);
					chunk.clear().asFloatBuffer().put(entry.values, i, n);
					out.write(chunk.array(), 0, n * Float.BYTES);
				}
			}
		});
	}

	private static byte[] header(final Contents contents) {
		final JsonObject header = new JsonObject();
		if (!contents.metadata.isEmpty()) {
			final JsonObject texts = new JsonObject();
			contents.metadata.forEach(texts::addProperty);
			header.add(METADATA, texts);
		}
		long offset = 0;
		for (final Map.Entry<String, Entry> named : contents.tensors.entrySet()) {
			final Entry entry = named.getValue();
			if (named.getKey().equals(METADATA)) throw new IllegalArgumentException(
				"A tensor cannot have the name " + METADATA);
			for (final float v : entry.values)
				if (!Float.isFinite(v)) throw new IllegalArgumentException("Tensor " + named.getKey() +
					" holds the value " + v);
			final JsonArray shape = new JsonArray();
			for (final int n : entry.shape)
				shape.add(n);
			final JsonArray offsets = new JsonArray();
			offsets.add(offset);
			offset += (long) entry.values.length * Float.BYTES;
			offsets.add(offset);
			final JsonObject tensor = new JsonObject();
			tensor.addProperty("dtype", "F32");
			tensor.add("shape", shape);
			tensor.add("data_offsets", offsets);
			header.add(named.getKey(), tensor);
		}
		final byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
		// Spaces at the end are part of the format: values then begin at a multiple of 8 bytes
		final byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
		Arrays.fill(padded, text.length, padded.length, (byte) ' ');
		if (padded.length > MAX_HEADER || 8 + padded.length + offset > MAX_FILE)
			throw new IllegalArgumentException("Too large for a model file: header of " + padded.length +
				" bytes, data of " + offset + " bytes");
		return padded;
	}
}
