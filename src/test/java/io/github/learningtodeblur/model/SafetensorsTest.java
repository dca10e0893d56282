package io.github.learningtodeblur.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.learningtodeblur.model.Safetensors.Contents;
import io.github.learningtodeblur.model.Safetensors.Entry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {

	@TempDir
	private Path folder;

	private static Contents example() {
		final LinkedHashMap<String, Entry> tensors = new LinkedHashMap<>();
		final float[] many = new float[40_000]; // more than the writer's buffer
		for (int i = 0; i < many.length; i++)
			many[i] = i - 0.5f;
		tensors.put("z", new Entry(new int[] { 2, 1, 3 }, new float[] { 1, -2, 3.5f, Float.MIN_VALUE, 0,
			-0f }));
		tensors.put("a \"quoted\" Ä", new Entry(new int[] {}, new float[] { 7 }));
		tensors.put("empty", new Entry(new int[] { 0, 4 }, new float[0]));
		tensors.put("many", new Entry(new int[] { 200, 200 }, many));
		final LinkedHashMap<String, String> metadata = new LinkedHashMap<>();
		metadata.put("b", "<text> with 'all' kinds\n of signs: µ");
		metadata.put("a", "");
		return new Contents(tensors, metadata);
	}

	/** The bytes of a file with this header and {@code floats} values of 1. */
	private static byte[] file(final String header, final int floats) {
		final byte[] text = header.getBytes(StandardCharsets.UTF_8);
		final ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 4 * floats).order(
			ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text);
		for (int i = 0; i < floats; i++)
			bytes.putFloat(1);
		return bytes.array();
	}

	private static String tensor(final String name, final String shape, final long from,
		final long to)
	{
		return "\"" + name + "\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[" + from +
			"," + to + "]}";
	}

	private static Contents read(final byte[] bytes) throws IOException {
		return Safetensors.read(new ByteArrayInputStream(bytes), "net.safetensors");
	}

	private static void assertRefused(final String words, final byte[] bytes) {
		final String message = assertThrows(IOException.class, () -> read(bytes)).getMessage();
		assertTrue(message.contains("net.safetensors") && message.contains(words), message);
	}

	@Test
	void readsAFileMadeByHand() throws IOException {
		// Data in another order than the header, as other writers may have it
		final Contents contents = read(file("{" + tensor("a", "[2]", 4, 12) + "," + tensor("b", "[1,1]", 0,
			4) + ",\"__metadata__\":{\"k\":\"v\"}}   ", 3));
		assertEquals(List.of("a", "b"), List.copyOf(contents.tensors().keySet()));
		assertArrayEquals(new int[] { 2 }, contents.tensors().get("a").shape());
		assertArrayEquals(new float[] { 1, 1 }, contents.tensors().get("a").values());
		assertEquals("v", contents.metadata().get("k"));
		assertTrue(read(file("{}", 0)).tensors().isEmpty());
	}

	@Test
	void writeReadWriteIsByteEqual() throws IOException {
		final Path first = folder.resolve("first.safetensors");
		final Path second = folder.resolve("second.safetensors");
		final Contents contents = example();
		Safetensors.write(first, contents);
		Safetensors.write(second, contents);
		final Contents read = Safetensors.read(second);
		assertEquals(contents.metadata(), read.metadata());
		assertEquals(List.copyOf(contents.tensors().keySet()), List.copyOf(read.tensors().keySet()));
		contents.tensors().forEach((name, entry) -> {
			assertArrayEquals(entry.shape(), read.tensors().get(name).shape());
			assertArrayEquals(entry.values(), read.tensors().get(name).values());
		});
		Safetensors.write(second, read); // replaces
		assertEquals(-1, Files.mismatch(first, second));
		assertEquals(0, ByteBuffer.wrap(Files.readAllBytes(first)).order(ByteOrder.LITTLE_ENDIAN)
			.getLong() % 8);
		try (Stream<Path> files = Files.list(folder)) {
			assertEquals(2, files.count(), "temporary files left");
		}
	}

	@Test
	void everyCutIsNoticed() throws IOException {
		final byte[] whole = file("{" + tensor("a", "[2]", 0, 8) + "}", 2);
		read(whole);
		for (int length = 0; length < whole.length; length++) {
			final byte[] cut = Arrays.copyOf(whole, length);
			assertThrows(IOException.class, () -> read(cut), "cut to " + length);
		}
		assertRefused("only 5 bytes", Arrays.copyOf(whole, 5));
		assertRefused("is cut: its header has 10 of", Arrays.copyOf(whole, 18));
		assertRefused("is cut: it has 7 of 8 bytes of data", Arrays.copyOf(whole, whole.length - 1));
		assertRefused("more data", Arrays.copyOf(whole, whole.length + 1));
	}

	@Test
	void otherFilesAreNoticed() {
		assertRefused("not a safetensors file", "This is a text.\n".getBytes(StandardCharsets.UTF_8));
		assertRefused("not a safetensors file", file("[1]", 0));
		assertRefused("header is too large: 1048577", ByteBuffer.allocate(16).order(
			ByteOrder.LITTLE_ENDIAN).putLong(Safetensors.MAX_HEADER + 1).array());
		assertRefused("header is too large", ByteBuffer.allocate(16).putLong(-1).array());
	}

	@Test
	void damagedHeadersAreRefused() {
		assertRefused("not the JSON", file("{\"a\":", 0));
		assertRefused("not the JSON", file("{} {}", 0));
		assertRefused("not the JSON", file("{\"a\":3}", 0));
		assertRefused("not the JSON", file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5]}}", 0));
		assertRefused("not UTF-8", new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, '{', (byte) 0xff, '}' });
		assertRefused("needs dtype, shape and two", file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 1));
		assertRefused("unknown field 'x'", file("{\"a\":{\"x\":1}}", 1));
		assertRefused("type F16", file("{" + tensor("a", "[2]", 0, 4).replace("F32", "F16") + "}", 1));
		assertRefused("'a' is there twice", file("{" + tensor("a", "[1]", 0, 4) + "," + tensor("a", "[1]",
			4, 8) + "}", 2));
		assertRefused("'k' is not a text", file("{\"__metadata__\":{\"k\":1}}", 0));
		assertRefused("'k' is there twice", file("{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}", 0));
	}

	@Test
	void badLayoutsAreRefused() {
		assertRefused("leaves a gap", file("{" + tensor("a", "[1]", 4, 8) + "}", 2));
		assertRefused("overlaps another", file("{" + tensor("a", "[2]", 0, 8) + "," + tensor("b", "[1]", 4,
			8) + "}", 2));
		assertRefused("needs 12 bytes", file("{" + tensor("a", "[3]", 0, 8) + "}", 2));
		assertRefused("offsets are [8, 0]", file("{" + tensor("a", "[2]", 8, 0) + "}", 2));
		assertRefused("offsets are [-4, 4]", file("{" + tensor("a", "[2]", -4, 4) + "}", 2));
		assertRefused("shape [-1, -2]", file("{" + tensor("a", "[-1,-2]", 0, 8) + "}", 2));
		assertRefused("shape [4294967296, 4294967296]", file("{" + tensor("a", "[4294967296,4294967296]",
			0, 0) + "}", 0));
		final String large = tensor("a", "[50000000]", 0, 200_000_000) + "," + tensor("b", "[50000000]",
			200_000_000, 400_000_000);
		assertRefused("too large", file("{" + large + "}", 0));
		// A header alone must not make the reader take memory
		assertRefused("is cut", file("{" + tensor("a", "[50000000]", 0, 200_000_000) + "}", 2));
	}

	@Test
	void valuesMustBeFinite() {
		final byte[] bytes = file("{" + tensor("a", "[2]", 0, 8) + "}", 2);
		ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
		assertRefused("'a' holds the value NaN", bytes);
		final Contents contents = example();
		contents.tensors().get("z").values()[0] = Float.POSITIVE_INFINITY;
		assertThrows(IllegalArgumentException.class, () -> Safetensors.write(folder.resolve("x"),
			contents));
		assertFalse(Files.exists(folder.resolve("x")));
	}

	@Test
	void placesThatCannotBeAreNamed() {
		final Path none = folder.resolve("none").resolve("x");
		assertTrue(assertThrows(IOException.class, () -> Safetensors.write(none, example())).getMessage()
			.contains("there is no folder"));
		assertTrue(assertThrows(IOException.class, () -> Safetensors.write(folder, example())).getMessage()
			.contains("it is a folder"));
		assertTrue(assertThrows(IOException.class, () -> Safetensors.read(none)).getMessage().contains(
			"There is no file"));
		assertTrue(assertThrows(IOException.class, () -> Safetensors.read(folder)).getMessage().contains(
			"is a folder"));
	}
}
