package io.github.learningtodeblur.cluster.zarr;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/**
 * An image of OME-Zarr 0.4: the array of its full resolution, and what its dimensions are.
 *
 * @param folder of the group
 * @param attributes of the group
 * @param path of the array within
 * @param channel which dimension, counted as ImgLib2 does, is that of channels; -1 for none
 */
public record OmeZarr(Path folder, JsonObject attributes, String path, ZarrArray array, int channel) {

	private static final String ATTRIBUTES = ".zattrs", GROUP = ".zgroup", PLAN = "deblur";

	/** @throws IOException with one sentence, if there is no such image, or of another version */
	public static OmeZarr open(final Path folder) throws IOException {
		if (!Files.isDirectory(folder)) throw new IOException("There is no folder " + folder);
		if (Files.exists(folder.resolve("zarr.json"))) throw new IOException(folder +
			" is of version 3 of Zarr (OME-Zarr 0.5); version 2 (OME-Zarr 0.4) is read");
		final JsonObject attributes = ZarrArray.json(folder.resolve(ATTRIBUTES));
		try {
			final JsonObject scales = attributes.getAsJsonArray("multiscales").get(0).getAsJsonObject();
			final String path = scales.getAsJsonArray("datasets").get(0).getAsJsonObject().get("path").getAsString();
			final JsonArray axes = scales.getAsJsonArray("axes");
			int channel = -1;
			for (int i = 0; i < axes.size(); i++)
				if (name(axes.get(i)).equals("c")) channel = axes.size() - 1 - i;
			final ZarrArray array = ZarrArray.open(folder.resolve(path));
			if (array.size().length != axes.size() || !name(axes.get(axes.size() - 1)).equals("x") || !name(axes.get(axes.size() - 2))
				.equals("y")) throw new IOException(folder + " has the axes " + axes + ", of which the last two must be y and x");
			return new OmeZarr(folder, attributes, path, array, channel);
		}
		catch (final RuntimeException e) {
			throw new IOException(folder + " is no image of OME-Zarr: its attributes lack multiscales, datasets or axes", e);
		}
	}

	/** Since version 0.4, axes are objects; before, only names. */
	private static String name(final JsonElement axis) {
		return axis.isJsonObject() ? axis.getAsJsonObject().get("name").getAsString() : axis.getAsString();
	}

	/**
	 * A new, empty image like this one, of full resolution only; if there is one that was begun with the same plan, that.
	 *
	 * @param plan how it is made, kept with it
	 * @param floats whether its values are floats of 32 bits
	 * @throws IOException also if there is another, or one of another plan
	 */
	public OmeZarr like(final Path other, final String plan, final boolean floats) throws IOException {
		final JsonObject copy = attributes.deepCopy();
		final JsonObject scales = copy.getAsJsonArray("multiscales").get(0).getAsJsonObject();
		final JsonArray first = new JsonArray();
		first.add(scales.getAsJsonArray("datasets").get(0));
		scales.add("datasets", first);
		copy.addProperty(PLAN, plan);
		final Path file = Files.createDirectories(other).resolve(ATTRIBUTES);
		if (Files.exists(file)) {
			final JsonElement begun = ZarrArray.json(file).get(PLAN);
			if (begun == null || !begun.getAsString().equals(plan)) throw new IOException(other + " was made otherwise (" + begun +
				"): take another folder, or the same settings (" + plan + ")");
		}
		else {
			final JsonObject format = new JsonObject();
			format.addProperty("zarr_format", 2);
			ZarrArray.write(other.resolve(GROUP), format);
			array.like(other.resolve(path), floats ? "<f4" : null);
			ZarrArray.write(file, copy);
		}
		return open(other);
	}
}
