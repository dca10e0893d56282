package io.github.learningtodeblur.batch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.util.Plane;

/** Folders of small blurred pictures, what becomes of them, and programs that are killed over them. */
public final class Folders {

	private static final String VECTORS = "jdk.incubator.vector";

	private Folders() {}

	/** The file of a network of one stage, not trained. */
	public static Path tinyModel(final Path folder) throws IOException {
		final Path model = folder.resolve("tiny.safetensors");
		Models.save(model, Model.initial(new ModelSpec(List.of(new ScaleSpec(5, "k5", List.of(new StageSpec(4, 3, 4, 2, 1,
			true))))), 1));
		return model;
	}

	/** So many pictures of 72x64 pixels, 00.tif, 01.png and so on, each another part of a blurred scene. */
	public static Path pictures(final Path folder, final int count) throws IOException {
		Files.createDirectories(folder);
		for (int i = 0; i < count; i++) {
			final List<Plane> part = List.of(blurred(i));
			if (i % 2 == 0) ImageFiles.writeTiff(folder.resolve(String.format("%02d.tif", i)), part);
			else ImageFiles.writePng(folder.resolve(String.format("%02d.png", i)), part);
		}
		return folder;
	}

	/** A part of 72x64 pixels of a blurred scene, of whose kernel the network finds something without refinement. */
	public static Plane blurred(final int number) {
		return Disturbances.shakenStreet().blurry().crop(10 + 17 * number % 100, 5 + 11 * number % 60, 72, 64);
	}

	/** Every image of the results by its name, with a number made of all bytes of its file. */
	public static Map<String, Integer> images(final Path results) throws IOException {
		final Map<String, Integer> images = new TreeMap<>();
		for (final String name : names(results))
			if (name.endsWith(".tif")) images.put(name, Arrays.hashCode(Files.readAllBytes(results.resolve(name))));
		return images;
	}

	/** Sorted; none if there is no such folder. */
	public static List<String> names(final Path folder) throws IOException {
		if (!Files.isDirectory(folder)) return List.of();
		try (Stream<Path> files = Files.list(folder)) {
			return files.map(f -> f.getFileName().toString()).sorted().toList();
		}
	}

	/**
	 * Starts a Java program with the classes of this one, and the same inner loops: others round otherwise.
	 *
	 * @param log what it prints
	 */
	public static Process java(final Path log, final List<String> options, final String... arguments) throws IOException {
		final List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
			"-cp", System.getProperty("java.class.path")));
		if (ModuleLayer.boot().findModule(VECTORS).isPresent()) command.add("--add-modules=" + VECTORS);
		command.addAll(options);
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
	}

	/** Kills a program, not gently, once so many images are among the results. */
	public static void killAfter(final int images, final Path results, final Process process) throws Exception {
		final long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
		while (names(results).stream().filter(n -> n.startsWith("deblurred-")).count() < images) {
			assertTrue(process.isAlive(), "it ended by itself");
			assertTrue(System.nanoTime() < end, "nothing happens");
			Thread.sleep(5);
		}
		process.descendants().forEach(ProcessHandle::destroyForcibly);
		process.destroyForcibly().waitFor();
	}
}
