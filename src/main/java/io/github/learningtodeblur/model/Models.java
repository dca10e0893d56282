package io.github.learningtodeblur.model;

import io.github.learningtodeblur.model.Safetensors.Contents;
import io.github.learningtodeblur.model.Safetensors.Entry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Finds models by name or file, and maps {@link Model} to {@link Safetensors} and back. The metadata of a
 * model file are {@code format} = {@value #FORMAT}, {@code spec} = {@link SpecJson}, and the
 * model's description. Tensors whose name begins with {@value #TRAINING} are the state of a training run; they
 * are not part of the model and are passed over here.
 */
public final class Models {

	/** Value of the metadata key {@code format}. */
	public static final String FORMAT = "deblur-1";

	/** Prefix of tensors that belong to a checkpoint, not to the model. */
	public static final String TRAINING = "training/";

	private static final String FOLDER = "models/", REFINEMENTS = "refinement/";

	private static final String EXTENSION = ".safetensors";

	private Models() {}

	/**
	 * Opens a bundled model by its name or a model file by its path; a bundled name wins.
	 *
	 * @throws IOException if there is neither, naming the bundled models, or if the file is not a valid model
	 */
	public static Model open(final String nameOrFile) throws IOException {
		final byte[] bundled = bundled(nameOrFile);
		return bundled != null ? of(bundled, FOLDER + nameOrFile + EXTENSION) : read(file(nameOrFile));
	}

	/**
	 * The bytes of a model's file, to be sent to where the file is not; the way back is {@link #of}.
	 *
	 * @param nameOrFile see {@link #open}
	 */
	public static byte[] bytes(final String nameOrFile) throws IOException {
		final byte[] bundled = bundled(nameOrFile);
		return bundled != null ? bundled : Files.readAllBytes(file(nameOrFile));
	}

	/**
	 * @param bytes of a model's file
	 * @param name of the file, for error messages
	 * @throws IOException if they are not a valid model
	 */
	public static Model of(final byte[] bytes, final String name) throws IOException {
		return model(Safetensors.read(new ByteArrayInputStream(bytes), name), name);
	}

	/**
	 * A network that comes with this library and improves kernels, see {@link ModelSpec#refining}.
	 *
	 * @throws IOException if there is none of this name
	 */
	public static Model refinement(final String name) throws IOException {
		final byte[] bytes = resource(REFINEMENTS + name);
		if (bytes == null) throw new IOException("No refinement '" + name + "' comes with this library");
		return of(bytes, FOLDER + REFINEMENTS + name + EXTENSION);
	}

	/** Null if there is none of this name. */
	private static byte[] bundled(final String name) throws IOException {
		return name.matches("[A-Za-z0-9._-]+") ? resource(name) : null;
	}

	private static byte[] resource(final String name) throws IOException {
		try (InputStream in = Models.class.getClassLoader().getResourceAsStream(FOLDER + name + EXTENSION)) {
			return in == null ? null : in.readAllBytes();
		}
	}

	private static Path file(final String path) throws IOException {
		try {
			final Path file = Path.of(path);
			if (!path.isBlank() && Files.exists(file)) return file;
		}
		catch (final InvalidPathException e) {
			// not a path on this system: the error below fits
		}
		final List<String> names = bundled();
		throw new IOException("There is no model '" + path + "': neither a file nor a bundled model (" + (names.isEmpty()
			? "none is bundled" : "bundled are " + String.join(", ", names)) + ")");
	}

	/** Names of the models that come with this library, sorted; from a jar or a folder of classes. */
	public static List<String> bundled() {
		final CodeSource source = Models.class.getProtectionDomain().getCodeSource();
		if (source == null || source.getLocation() == null) return List.of();
		try {
			final Path root = Path.of(source.getLocation().toURI());
			if (Files.isRegularFile(root)) {
				try (JarFile jar = new JarFile(root.toFile())) {
					return names(jar.stream().map(ZipEntry::getName).filter(n -> n.startsWith(
						FOLDER)).map(n -> n.substring(FOLDER.length())));
				}
			}
			if (!Files.isDirectory(root.resolve(FOLDER))) return List.of();
			try (Stream<Path> files = Files.list(root.resolve(FOLDER))) {
				return names(files.map(f -> f.getFileName().toString()));
			}
		}
		catch (IOException | URISyntaxException | IllegalArgumentException
				| FileSystemNotFoundException e)
		{
			return List.of(); // an unusual class loader; bundled models can still be opened by their names
		}
	}

	private static List<String> names(final Stream<String> files) {
		return files.filter(n -> n.endsWith(EXTENSION) && n.indexOf('/') < 0).map(n -> n.substring(0, n
			.length() - EXTENSION.length())).sorted().toList();
	}

	/**
	 * Reads a model file.
	 *
	 * @throws IOException with one sentence naming the file and what is wrong with it
	 */
	public static Model read(final Path file) throws IOException {
		return model(Safetensors.read(file), file.toString());
	}

	/**
	 * Writes a model file, completely or not at all.
	 *
	 * @throws IOException if the file cannot be written
	 */
	public static void save(final Path file, final Model model) throws IOException {
		Safetensors.write(file, contents(model));
	}

	/** A model as tensors and metadata; the maps are new and may be added to, the arrays are not copied. */
	public static Contents contents(final Model model) {
		final LinkedHashMap<String, Entry> tensors = new LinkedHashMap<>();
		model.spec().parameters().forEach((name, shape) -> tensors.put(name, new Entry(shape, model
			.parameter(name))));
		final LinkedHashMap<String, String> metadata = new LinkedHashMap<>();
		metadata.put("format", FORMAT);
		metadata.put("spec", SpecJson.write(model.spec()));
		metadata.putAll(model.description());
		return new Contents(tensors, metadata);
	}

	/**
	 * A model from tensors and metadata; the arrays are not copied.
	 *
	 * @param name of the file, for error messages
	 * @throws IOException if the contents are no model, or do not fit its spec
	 */
	public static Model model(final Contents contents, final String name) throws IOException {
		final LinkedHashMap<String, String> description = new LinkedHashMap<>(contents.metadata());
		final String format = description.remove("format");
		final String json = description.remove("spec");
		if (format == null || json == null) throw new IOException(name +
			" is a safetensors file, but not a deblurring model: its metadata lack format or spec");
		if (!format.equals(FORMAT)) throw new IOException(name + " has the format '" + format +
			"'; this version reads '" + FORMAT + "'");
		try {
			final ModelSpec spec = SpecJson.read(json);
			final LinkedHashMap<String, int[]> shapes = spec.parameters();
			final LinkedHashMap<String, float[]> parameters = new LinkedHashMap<>();
			for (final Map.Entry<String, Entry> tensor : contents.tensors().entrySet()) {
				if (tensor.getKey().startsWith(TRAINING)) continue;
				final int[] shape = shapes.get(tensor.getKey());
				if (shape != null && !Arrays.equals(shape, tensor.getValue().shape()))
					throw new IllegalArgumentException("Parameter " + tensor.getKey() + " must have the shape " +
						Arrays.toString(shape) + ", got " + Arrays.toString(tensor.getValue().shape()));
				parameters.put(tensor.getKey(), tensor.getValue().values());
			}
			return new Model(spec, parameters, description);
		}
		catch (final IllegalArgumentException e) {
			throw new IOException(name + " is not a valid model: " + e.getMessage(), e);
		}
	}
}
