package io.github.learningtodeblur.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.learningtodeblur.model.Safetensors;
import io.github.learningtodeblur.util.Plane;

/**
 * A blurred picture with the kernel that the whole search found for it. Kernels err in ways of their own, and a
 * restoration that is to bear with that has to be trained on them. Kept in a file, as finding them takes its time.
 *
 * @param blurry square, as the search saw it
 * @param sharp the pixels under {@code blurry}
 * @param kernel the true one
 * @param estimate what was found: another size, and shifted, as an image does not tell where its kernel lies
 * @param noise standard deviation in the dark
 */
public record EstimatedExample(Plane blurry, Plane sharp, Plane kernel, Plane estimate, double noise) {

	private static final String NOISE = "noise", BLURRY = "blurry", SHARP = "sharp", KERNEL = "kernel",
		ESTIMATE = "estimate";

	/** Completely or not at all. */
	void write(final Path file) throws IOException {
		final LinkedHashMap<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
		Map.of(BLURRY, blurry, SHARP, sharp, KERNEL, kernel, ESTIMATE, estimate).forEach((name, p) -> tensors.put(name,
			new Safetensors.Entry(new int[] { p.height(), p.width() }, p.pixels())));
		final LinkedHashMap<String, String> metadata = new LinkedHashMap<>();
		metadata.put(NOISE, "" + noise);
		Safetensors.write(file, new Safetensors.Contents(tensors, metadata));
	}

	static EstimatedExample read(final Path file) throws IOException {
		final Safetensors.Contents contents = Safetensors.read(file);
		try {
			return new EstimatedExample(plane(contents, BLURRY), plane(contents, SHARP), plane(contents, KERNEL), plane(
				contents, ESTIMATE), Double.parseDouble(contents.metadata().get(NOISE)));
		}
		catch (final NullPointerException | IllegalArgumentException e) {
			throw new IOException(file + " is not an example with an estimated kernel: make it anew", e);
		}
	}

	private static Plane plane(final Safetensors.Contents contents, final String name) {
		final Safetensors.Entry e = contents.tensors().get(name);
		return new Plane(e.values(), e.shape()[1], e.shape()[0]);
	}
}
