package io.github.learningtodeblur.files;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** A folder of images, and what their results are called in another one. */
public final class ImageFolder {

	private static final String TIFF = ".tif";

	private ImageFolder() {}

	/**
	 * A file of the folder.
	 *
	 * @param name without the folder
	 * @param result the end of its results' names, a TIFF's, that belongs to this file and to no other of the folder: "1.png" and
	 *          "1.tif" are two files, and so are their results
	 */
	public record Entry(String name, String result) implements Serializable {

		/** Of the restored image. It comes last: what has one is done. */
		public String deblurred() {
			return "deblurred-" + result;
		}

		public String kernel() {
			return "kernel-" + result;
		}
	}

	/**
	 * The files, sorted by name. Hidden ones and folders inside are left out.
	 *
	 * @param folder null or blank if the user has given none
	 * @param pattern of the names, in which * stands for anything and {a,b} for a or b, small and capital letters being the same
	 * @return at least one
	 */
	public static List<Entry> list(final Path folder, final String pattern) throws IOException {
		if (folder == null || folder.toString().isBlank()) throw new IOException("No folder of blurry images was chosen");
		if (!Files.isDirectory(folder)) throw new IOException("There is no folder " + folder);
		final String names = pattern.isBlank() ? "*" : pattern.strip();
		final PathMatcher matcher;
		try {
			// small letters, so that *.tif is also A.TIF
			matcher = FileSystems.getDefault().getPathMatcher("glob:" + names.toLowerCase(Locale.ROOT));
		}
		catch (final PatternSyntaxException e) {
			throw new IllegalArgumentException("Names must be a pattern such as *.tif or *.{png,jpg}, got \"" + pattern + "\"", e);
		}
		final List<Entry> entries = new ArrayList<>();
		final Set<String> taken = new HashSet<>();
		try (Stream<Path> all = Files.list(folder)) {
			all.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).filter(n -> !n.startsWith(".") && matcher.matches(
				Path.of(n.toLowerCase(Locale.ROOT)))).sorted().forEach(n -> entries.add(new Entry(n, result(n, taken))));
		}
		if (entries.isEmpty()) throw new IOException("There are no files " + (names.equals("*") ? "" : "named " + names + " ") +
			"in " + folder);
		return entries;
	}

	/**
	 * Of what usual names come to, each says which file it belongs to, whatever others there are: files may come and go between runs.
	 *
	 * @param taken names of the other files' results, in small letters
	 */
	private static String result(final String file, final Set<String> taken) {
		final boolean tiff = file.toLowerCase(Locale.ROOT).endsWith(TIFF);
		// "1.png.tif" is what "1.png" comes to
		String name = tiff && !ImageFiles.isImage(file.substring(0, file.length() - TIFF.length())) ? file : file + TIFF;
		while (!taken.add(name.toLowerCase(Locale.ROOT)))
			name += TIFF;
		return name;
	}

	/**
	 * The folder for the results, made if need be.
	 *
	 * @param results null or blank if the user has given none
	 * @throws IOException if it is the folder of the images
	 */
	public static Path results(final Path folder, final Path results) throws IOException {
		if (results == null || results.toString().isBlank()) throw new IOException("No folder for the results was chosen");
		if (Files.exists(results) && !Files.isDirectory(results)) throw new IOException(results + " is a file, not a folder");
		final Path made = Files.createDirectories(results);
		if (Files.isSameFile(made, folder)) throw new IOException(
			"The folder for the results must be another than that of the blurry images");
		return made;
	}
}
