package io.github.learningtodeblur.cluster.zarr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import io.github.learningtodeblur.util.WholeFile;
import net.imglib2.Interval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.iterator.IntervalIterator;
import net.imglib2.img.basictypeaccess.array.FloatArray;
import net.imglib2.img.cell.Cell;
import net.imglib2.img.cell.CellGrid;
import net.imglib2.img.cell.LazyCellImg;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Intervals;
import net.imglib2.view.Views;

/**
 * An array of Zarr, version 2, in a folder: read as an image of floats, chunk by chunk as they are needed, and written in whole chunks,
 * each of which appears whole. Dimensions are in the order of ImgLib2: the first runs fastest, as the last of Zarr does.
 */
public final class ZarrArray {

	private static final String METADATA = ".zarray";

	private final Path folder;
	private final JsonObject metadata;
	private final long[] size;
	private final int[] chunk;
	private final ValueType type;
	private final Compression compression;
	private final String separator;
	private final double fill;

	private ZarrArray(final Path folder, final JsonObject metadata) throws IOException {
		this.folder = folder;
		this.metadata = metadata;
		try {
			if (metadata.get("zarr_format").getAsInt() != 2) throw new IOException("of the format " + metadata.get("zarr_format") +
				"; 2 is read");
			size = reversed(metadata.getAsJsonArray("shape"));
			chunk = Arrays.stream(reversed(metadata.getAsJsonArray("chunks"))).mapToInt(Math::toIntExact).toArray();
			type = ValueType.of(metadata.get("dtype").getAsString());
			compression = Compression.of(metadata.get("compressor"));
			final JsonElement filters = metadata.get("filters");
			if (!metadata.get("order").getAsString().equals("C") || filters != null && !filters.isJsonNull() && !filters.getAsJsonArray()
				.isEmpty()) throw new IOException("in another order than C, or with filters, which are not read");
			separator = metadata.has("dimension_separator") ? metadata.get("dimension_separator").getAsString() : ".";
			final JsonElement value = metadata.get("fill_value");
			fill = value == null || value.isJsonNull() ? 0 : Double.parseDouble(value.getAsString());
		}
		catch (final IOException e) {
			throw new IOException("The array " + folder + " is " + e.getMessage(), e);
		}
		catch (final RuntimeException e) {
			throw new IOException("The array " + folder + " has metadata that cannot be read: " + e.getMessage(), e);
		}
	}

	/** @throws IOException with one sentence naming the folder, if there is no array that can be read */
	public static ZarrArray open(final Path folder) throws IOException {
		return new ZarrArray(folder, json(folder.resolve(METADATA)));
	}

	/** One JSON object. */
	static JsonObject json(final Path file) throws IOException {
		try {
			return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
		}
		catch (final NoSuchFileException e) {
			throw new IOException("There is no " + file.getFileName() + " in " + file.getParent(), e);
		}
		catch (final JsonParseException | IllegalStateException e) {
			throw new IOException(file + " is not JSON: " + e.getMessage(), e);
		}
	}

	static void write(final Path file, final JsonObject json) throws IOException {
		WholeFile.write(file, out -> out.write(new Gson().newBuilder().serializeNulls().setPrettyPrinting().create().toJson(json).getBytes(
			StandardCharsets.UTF_8)));
	}

	/**
	 * A new, empty array like this one; if there is one already, that.
	 *
	 * @param values of its type, as NumPy writes it; null for those of this one
	 * @throws IOException also if there is another one
	 */
	ZarrArray like(final Path other, final String values) throws IOException {
		final JsonObject copy = metadata.deepCopy();
		if (values != null) copy.addProperty("dtype", values);
		return create(other, copy);
	}

	/** A new, empty array of floats, one file for each part that is 1 in the given dimensions; if there is one already, that. */
	public static ZarrArray floats(final Path folder, final long[] size, final int[] chunk) throws IOException {
		final JsonObject metadata = new JsonObject(), zlib = new JsonObject();
		zlib.addProperty("id", "zlib");
		zlib.addProperty("level", 1);
		metadata.addProperty("zarr_format", 2);
		metadata.add("shape", reversed(size));
		metadata.add("chunks", reversed(Arrays.stream(chunk).asLongStream().toArray()));
		metadata.addProperty("dtype", "<f4");
		metadata.add("compressor", zlib);
		metadata.addProperty("fill_value", 0);
		metadata.addProperty("order", "C");
		metadata.add("filters", JsonNull.INSTANCE);
		return create(folder, metadata);
	}

	private static ZarrArray create(final Path folder, final JsonObject metadata) throws IOException {
		final Path file = Files.createDirectories(folder).resolve(METADATA);
		if (!Files.exists(file)) write(file, metadata);
		else if (!json(file).equals(metadata)) throw new IOException("There is another array already in " + folder);
		return open(folder);
	}

	private static long[] reversed(final JsonArray numbers) {
		final long[] out = new long[numbers.size()];
		for (int d = 0; d < out.length; d++)
			out[d] = numbers.get(out.length - 1 - d).getAsLong();
		return out;
	}

	private static JsonArray reversed(final long[] numbers) {
		final JsonArray out = new JsonArray();
		for (int d = numbers.length - 1; d >= 0; d--)
			out.add(numbers[d]);
		return out;
	}

	public long[] size() {
		return size.clone();
	}

	public int[] chunk() {
		return chunk.clone();
	}

	/**
	 * The array as an image. For one thread at a time.
	 *
	 * @param memory bytes for chunks that were read, of which the latest are kept; one is always
	 */
	public RandomAccessibleInterval<FloatType> image(final long memory) {
		final CellGrid grid = new CellGrid(size, chunk);
		final long most = Math.max(1, memory / (4 * length()));
		final Map<Long, Cell<FloatArray>> kept = new LinkedHashMap<>(16, 0.75f, true) {

			@Override
			protected boolean removeEldestEntry(final Map.Entry<Long, Cell<FloatArray>> eldest) {
				return size() > most;
			}
		};
		return new LazyCellImg<>(grid, new FloatType(), index -> {
			Cell<FloatArray> cell = kept.get(index);
			if (cell == null) {
				cell = cell(grid, index);
				kept.put(index, cell);
			}
			return cell;
		});
	}

	private Cell<FloatArray> cell(final CellGrid grid, final long index) {
		final long[] min = new long[size.length], at = new long[size.length];
		final int[] dimensions = new int[size.length];
		grid.getCellDimensions(index, min, dimensions);
		grid.getCellGridPositionFlat(index, at);
		final float[] values = new float[(int) Intervals.numElements(dimensions)];
		try {
			final ByteBuffer bytes = read(at);
			if (bytes == null) Arrays.fill(values, (float) fill);
			else for (int i = 0; i < values.length; i++)
				values[i] = type.get(bytes, inChunk(i, dimensions));
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
		return new Cell<>(dimensions, min, new FloatArray(values));
	}

	/** Where a value is in a chunk, which is whole also where it leaves the array. */
	private int inChunk(final int index, final int[] dimensions) {
		int rest = index, out = 0, step = 1;
		for (int d = 0; d < dimensions.length; d++) {
			out += rest % dimensions[d] * step;
			rest /= dimensions[d];
			step *= chunk[d];
		}
		return out;
	}

	private int length() {
		return (int) Intervals.numElements(chunk);
	}

	private Path file(final long[] at) {
		final List<String> numbers = new ArrayList<>();
		for (int d = at.length - 1; d >= 0; d--)
			numbers.add("" + at[d]);
		return folder.resolve(numbers.stream().collect(Collectors.joining(separator)));
	}

	/** Null for a chunk that was not written. */
	private ByteBuffer read(final long[] at) throws IOException {
		final Path file = file(at);
		try {
			return ByteBuffer.wrap(compression.unpack(Files.readAllBytes(file), length() * type.size())).order(type.order());
		}
		catch (final NoSuchFileException e) {
			return null;
		}
		catch (final IOException | RuntimeException e) {
			throw new IOException(file + " cannot be read: " + e.getMessage(), e);
		}
	}

	/**
	 * Writes whole chunks.
	 *
	 * @param block of which each side begins and ends with a chunk, or with the array
	 * @return values that were cut off, as they did not fit the type
	 */
	public long write(final RandomAccessibleInterval<FloatType> block) throws IOException {
		final long[] first = new long[size.length], count = new long[size.length];
		for (int d = 0; d < size.length; d++) {
			if (block.min(d) % chunk[d] != 0 || block.max(d) + 1 != size[d] && (block.max(d) + 1) % chunk[d] != 0 || block.max(d) >= size[d])
				throw new IllegalArgumentException("The block from " + Arrays.toString(block.minAsLongArray()) + " to " + Arrays.toString(block
					.maxAsLongArray()) + " does not consist of chunks of " + Arrays.toString(chunk));
			first[d] = block.min(d) / chunk[d];
			count[d] = block.max(d) / chunk[d] - first[d] + 1;
		}
		long cut = 0;
		final CellGrid grid = new CellGrid(size, chunk);
		for (final var at = new IntervalIterator(count); at.hasNext();) {
			at.fwd();
			final long[] position = at.positionAsLongArray(), min = new long[size.length];
			final int[] dimensions = new int[size.length];
			for (int d = 0; d < size.length; d++)
				position[d] += first[d];
			grid.getCellDimensions(position, min, dimensions);
			cut += write(position, Views.interval(block, Intervals.createMinSize(minSize(min, dimensions))));
		}
		return cut;
	}

	private static long[] minSize(final long[] min, final int[] dimensions) {
		final long[] both = Arrays.copyOf(min, 2 * min.length);
		for (int d = 0; d < min.length; d++)
			both[min.length + d] = dimensions[d];
		return both;
	}

	private long write(final long[] at, final RandomAccessibleInterval<FloatType> values) throws IOException {
		final ByteBuffer bytes = ByteBuffer.allocate(length() * type.size()).order(type.order());
		final int[] dimensions = Intervals.dimensionsAsIntArray(values);
		if (Intervals.numElements((Interval) values) < length()) for (int i = 0; i < length(); i++)
			type.put(bytes, i, fill);
		long cut = 0;
		int i = 0;
		for (final var cursor = Views.flatIterable(values).cursor(); cursor.hasNext();)
			if (type.put(bytes, inChunk(i++, dimensions), cursor.next().get())) cut++;
		final Path file = file(at);
		Files.createDirectories(file.getParent());
		final byte[] packed = compression.pack(bytes.array(), type.size());
		WholeFile.write(file, out -> out.write(packed));
		return cut;
	}
}
