package io.github.learningtodeblur.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;

import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Safetensors.Contents;
import io.github.learningtodeblur.model.Safetensors.Entry;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {

	private static final ModelSpec SPEC = new ModelSpec(List.of(new ScaleSpec(5, "k5", List.of(
		new StageSpec(3, 3, 4, 2, 1, true)))));

	@TempDir
	private Path folder;

	private static Model model() {
		final LinkedHashMap<String, String> texts = new LinkedHashMap<>();
		texts.put("license", "CC0-1.0");
		texts.put("description", "A test");
		return Model.initial(SPEC, 3).withDescription(texts);
	}

	private static String refusal(final Contents contents) {
		return assertThrows(IOException.class, () -> Models.model(contents, "file")).getMessage();
	}

	@Test
	void writeReadWriteIsByteEqual() throws IOException {
		final Path first = folder.resolve("1.safetensors");
		final Path second = folder.resolve("2.safetensors");
		Models.save(first, model());
		final Model read = Models.open(first.toString());
		assertEquals(SPEC, read.spec());
		assertEquals(model().description(), read.description());
		for (final String name : SPEC.parameters().keySet())
			assertArrayEquals(model().parameter(name), read.parameter(name));
		Models.save(second, read);
		assertEquals(-1, Files.mismatch(first, second));
	}

	@Test
	void trainingStateIsPassedOverAndOtherTensorsAreRefused() throws IOException {
		final Contents contents = Models.contents(model());
		contents.tensors().put("training/k5/1/mix1", new Entry(new int[] { 1 }, new float[1]));
		assertEquals(SPEC.parameters().keySet(), Models.model(contents, "file").parameters().keySet());
		contents.tensors().put("k5/1/mix9", new Entry(new int[] { 1 }, new float[1]));
		assertTrue(refusal(contents).contains("k5/1/mix9 is not in"));
	}

	@Test
	void filesThatAreNoModelsAreRefused() {
		final Contents contents = Models.contents(model());
		contents.metadata().put("format", "deblur-9");
		assertTrue(refusal(contents).contains("'deblur-9'"));
		contents.metadata().remove("format");
		assertTrue(refusal(contents).contains("not a deblurring model"));
		contents.metadata().put("format", Models.FORMAT);
		contents.metadata().put("spec", "{}");
		assertTrue(refusal(contents).contains("not a valid model"));
		contents.metadata().put("spec", SpecJson.write(SPEC));
		contents.tensors().put("k5/1/mix1", new Entry(new int[] { 3, 4 }, new float[12]));
		assertTrue(refusal(contents).contains("must have the shape [4, 3], got [3, 4]"));
	}

	@Test
	void unknownNamesTellWhatThereIs() {
		for (final String name : List.of("no-such-model", "", "a/b", "nul\0")) {
			final String message = assertThrows(IOException.class, () -> Models.open(name)).getMessage();
			assertTrue(message.contains("There is no model '" + name + "'"), message);
			for (final String bundled : Models.bundled())
				assertTrue(message.contains(bundled), message);
		}
	}

	@Test
	void bundledModelsCanBeOpened() throws IOException {
		for (final String name : Models.bundled())
			assertEquals("deblur-1", Models.contents(Models.open(name)).metadata().get("format"), name);
	}

	/** The same classes from a jar, as in Fiji, with two models inside. */
	@Test
	void bundledModelsAreFoundInAJar() throws Exception {
		final Path file = folder.resolve("m.safetensors");
		Models.save(file, model());
		final Path jar = folder.resolve("with space.jar");
		final Path classes = Path.of(location(Models.class));
		try (OutputStream out = Files.newOutputStream(jar);
				JarOutputStream zip = new JarOutputStream(out);
				Stream<Path> compiled = Files.list(classes.resolve(Models.class.getPackageName().replace('.',
					'/'))))
		{
			for (final Path c : compiled.toList())
				add(zip, classes.relativize(c).toString().replace('\\', '/'), c);
			add(zip, "models/two.safetensors", file);
			add(zip, "models/one.safetensors", file);
			add(zip, "models/old/three.safetensors", file);
			add(zip, "models/README.md", file);
		}
		final URL[] urls = { jar.toUri().toURL(), location(Gson.class).toURL() };
		try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
			final Class<?> models = loader.loadClass(Models.class.getName());
			assertEquals(List.of("one", "two"), models.getMethod("bundled").invoke(null));
			assertTrue(models.getMethod("open", String.class).invoke(null, "two").toString().contains(
				"A test"));
		}
	}

	private static URI location(final Class<?> type) throws Exception {
		return type.getProtectionDomain().getCodeSource().getLocation().toURI();
	}

	private static void add(final JarOutputStream zip, final String name, final Path file)
		throws IOException
	{
		zip.putNextEntry(new JarEntry(name));
		zip.write(Files.readAllBytes(file));
		zip.closeEntry();
	}
}
