package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.util.Progress;
import picocli.CommandLine.Option;

/** The photographs that networks are trained on, for all commands that train. */
final class SharpImageOptions {

	/** Pixels that a shorter side needs; what is too small for a scale is not used there. */
	private static final int LEAST_SIDE = 100;

	@Option(names = "--images", split = ",", description = "folders of sharp images, read recursively")
	private List<Path> images = List.of();

	@Option(names = "--validation", split = ",",
		description = "folders of held-out images; default: every tenth of the others, by name")
	private List<Path> validation = List.of();

	@Option(names = "--stretch", description = "stretch every image to the range from black to white")
	private boolean stretch;

	@Option(names = "--invert", description = "invert half of the crops: text also becomes a blackboard")
	private boolean invert;

	@Option(names = "--max-scale", split = ",", paramLabel = "PREFIX=FACTOR",
		description = "shrink images whose names begin so at least by this: for visible JPEG loss")
	private Map<String, Double> maxScale = Map.of();

	/** Names of the folders. */
	List<String> names() {
		return images.stream().map(p -> p.getFileName().toString()).toList();
	}

	/** @param minScale see {@link SharpImages.Selection} */
	SharpImages.Split load(final double minScale) throws IOException {
		if (images.isEmpty()) throw new IllegalArgumentException("--images is needed: folders of sharp images");
		if (validation.isEmpty()) {
			final SharpImages all = load("images", images, minScale);
			final SharpImages.Split split = all.split();
			System.out.println("held out: " + split.validation().count());
			return split;
		}
		return new SharpImages.Split(load("training images", images, minScale), load("validation images", validation, 1));
	}

	private SharpImages load(final String what, final List<Path> folders, final double minScale) throws IOException {
		for (final Path f : folders)
			if (!Files.exists(f)) throw new IOException("There is no folder " + f);
		final SharpImages loaded = SharpImages.load(new ArrayList<>(folders), new SharpImages.Selection(name -> true,
			minScale, maxScale, stretch, invert), LEAST_SIDE, Progress.NONE);
		System.out.println(what + ": " + loaded.summary());
		loaded.unreadable().forEach(why -> System.out.println("left out: " + why));
		return loaded;
	}
}
