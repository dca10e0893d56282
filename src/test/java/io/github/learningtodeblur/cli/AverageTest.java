package io.github.learningtodeblur.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Models;

/** One network of several. */
class AverageTest {

	@TempDir
	Path folder;

	private Path saved(final String name, final int kernel, final long seed) throws IOException {
		final Path file = folder.resolve(name);
		Models.save(file, Model.initial(new ModelSpec(List.of(new ScaleSpec(kernel, "a", List.of(new StageSpec(3, 5, 4, 2, 2, true))))),
			seed).withDescription(Map.of("description", name, "license", "CC0-1.0")));
		return file;
	}

	@Test
	void everyWeightIsTheMean() throws IOException {
		final Path a = saved("a.safetensors", 9, 1), b = saved("b.safetensors", 9, 2), c = saved("c.safetensors", 9, 3), out = folder
			.resolve("mean.safetensors");
		final Told told = Told.by("average", "--models=" + a + "," + b + "," + c, "--out=" + out);
		assertEquals(0, told.code(), told.err());
		assertEquals("mean of 3 models: " + out, told.lastLine());
		final Model mean = Models.read(out), first = Models.read(a), second = Models.read(b), third = Models.read(c);
		assertFalse(mean.parameters().isEmpty());
		for (final String name : first.parameters().keySet())
			for (int i = 0; i < first.parameter(name).length; i++)
				assertEquals(((double) first.parameter(name)[i] + second.parameter(name)[i] + third.parameter(name)[i]) / 3, mean.parameter(name)[i],
					1e-6, name);
		assertEquals(Map.of("description", "a.safetensors", "license", "CC0-1.0", "mean_of", "a.safetensors, b.safetensors, c.safetensors"),
			mean.description());
	}

	@Test
	void otherLayoutsAreRefused() throws IOException {
		final Path out = folder.resolve("mean.safetensors");
		final Told told = Told.by("average", "--models=" + saved("a.safetensors", 9, 1) + "," + saved("b.safetensors", 11, 1), "--out=" + out);
		assertEquals(1, told.code());
		assertTrue(told.err().contains("one layout"), told.err());
		assertFalse(Files.exists(out));
	}
}
