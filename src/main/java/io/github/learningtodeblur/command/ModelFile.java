package io.github.learningtodeblur.command;

import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

import ij.ImagePlus;
import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.search.KernelRefinement;
import io.github.learningtodeblur.search.KernelSearch;

/** The model a user names: that of a bundled model, or a file. */
final class ModelFile {

	static final String DEFAULT = "camera-shake";
	private static final int LINE = 60;

	private ModelFile() {}

	/** The bundled models: name, and in one line what it is for. */
	static Map<String, String> descriptions() {
		final Map<String, String> descriptions = new LinkedHashMap<>();
		for (final String name : Models.bundled())
			try {
				descriptions.put(name, shortened(Models.open(name).description().getOrDefault("description", "")
					.replaceFirst("(?i)^" + Pattern.quote(name) + ": ", "")));
			}
			catch (final IOException e) {
				descriptions.put(name, Failure.sentence(e, 0));
			}
		return descriptions;
	}

	/** To so many whole words as fit into a list. */
	private static String shortened(final String text) {
		return text.length() <= LINE ? text : text.substring(0, text.lastIndexOf(' ', LINE)) + " ...";
	}

	static Model read(final File nameOrFile) throws IOException {
		final String name = name(nameOrFile);
		if (nameOrFile.isDirectory() && !Models.bundled().contains(name)) throw new IOException(nameOrFile +
			" is a folder, not a model file");
		return Models.open(name);
	}

	/** The name of a bundled model, or the path of a file. */
	static String name(final File nameOrFile) throws IOException {
		if (nameOrFile == null || nameOrFile.getPath().isBlank()) throw new IOException(
			"No model was chosen: give the name of a bundled model, or a file");
		// dialogs may turn a name into a path in the current folder
		final boolean turned = nameOrFile.isAbsolute() && !nameOrFile.exists() && Models.bundled().contains(nameOrFile.getName());
		return turned ? nameOrFile.getName() : nameOrFile.getPath();
	}

	/**
	 * @param size see {@link BlurSize#parse}
	 * @param blurred whether a kernel is looked for even if an image looks sharp
	 */
	static Deblurring open(final File nameOrFile, final String size, final boolean refine, final boolean blurred,
		final Backend device) throws IOException
	{
		final Deblurring usual = new Deblurring(read(nameOrFile), device).withLargestBlur(BlurSize.parse(size)).withBlurAssumed(
			blurred);
		return refine ? usual : usual.withRefinement(new KernelRefinement(0));
	}

	/** Bytes that estimating a kernel from the image takes with a model of usual size, roughly. */
	static long memory(final ImagePlus image) {
		final long side = KernelSearch.MAX_REGION;
		return Math.min(side, image.getWidth()) * Math.min(side, image.getHeight()) * 4 * 9 * 24;
	}
}
