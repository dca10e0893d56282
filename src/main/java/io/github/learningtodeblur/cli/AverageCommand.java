package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.Models;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One network of several that were trained from the same one. */
@Command(name = "average", mixinStandardHelpOptions = true,
	description = "Writes the network whose weights are the means of those of networks that were trained from the same one.")
final class AverageCommand implements Callable<Integer> {

	@Option(names = "--models", split = ",", required = true, description = "names of bundled models, or files; all of one layout")
	private List<String> models;

	@Option(names = "--out", required = true, description = "file to write (.safetensors)")
	private Path out;

	@Override
	public Integer call() throws IOException {
		final List<Model> all = new ArrayList<>();
		for (final String model : models)
			all.add(Models.open(model));
		final Model mean = Model.mean(all);
		final Map<String, String> texts = new LinkedHashMap<>(mean.description());
		texts.put("mean_of", String.join(", ", models.stream().map(m -> Path.of(m).getFileName().toString()).toList()));
		Models.save(out, mean.withDescription(texts));
		System.out.println("mean of " + all.size() + " models: " + out);
		return 0;
	}
}
