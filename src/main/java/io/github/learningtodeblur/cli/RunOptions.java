package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.learningtodeblur.train.Budget;
import picocli.CommandLine.Option;

/** A run that trains something: its file, its budget, its steps. What is not given is null, where plans know better. */
final class RunOptions {

	private static final double USUAL_MINUTES = 60;

	@Option(names = "--out", required = true, description = "model file to write (.safetensors)")
	Path out;

	@Option(names = "--threads", description = "default: all")
	int threads = Runtime.getRuntime().availableProcessors();

	@Option(names = "--from", description = "model to start from, a name or a file")
	String from;

	@Option(names = "--resume", arity = "0..1", fallbackValue = "true",
		description = "go on with the run whose checkpoint lies beside the output file")
	boolean resume;

	@Option(names = "--minutes", description = "budget of the run in minutes")
	private double minutes;

	@Option(names = "--examples", description = "or in examples")
	private long examples;

	@Option(names = "--validation-examples", description = "number of held-out examples, of each kind if there are several")
	private Integer validationExamples;

	@Option(names = "--checkpoint-minutes", description = "time between validations")
	private Double checkpointMinutes;

	@Option(names = "--seed", description = "of weights, examples and noise")
	long seed = 1;

	@Option(names = "--blur", description = "camera-shake, defocus, gaussian, motion, mixed or paper-shake")
	String blur;

	@Option(names = "--min-scale", description = "images are shrunk by random factors down to this")
	Double minScale;

	@Option(names = "--earlier-loss", description = "weight of the errors of all but the last stage")
	Double earlierLoss;

	@Option(names = "--batch", description = "examples per step")
	Integer batch;

	@Option(names = "--optimizer", description = "soap, adam or adadelta")
	String optimizer;

	@Option(names = "--rate", description = "learning rate; default: 0.03 for soap, else 0.01, and 0.006 for a refinement")
	Double rate;

	@Option(names = "--filters", description = "per stage")
	Integer filters;

	@Option(names = "--filter-size", description = "side in pixels, odd")
	Integer filterSize;

	@Option(names = "--hidden", description = "hidden images after the first recombination")
	Integer hidden;

	@Option(names = "--layers", description = "layers of tanh and recombination")
	Integer layers;

	@Option(names = "--description", description = "one sentence for the model file")
	private String description;

	@Option(names = "--training-data", description = "names and licences of the images, for the model file")
	private String trainingData;

	@Option(names = "--license", description = "licence of the weights, for the model file")
	private String license = "BSD-2-Clause";

	/** @throws IOException if the file can't be written */
	void checkOut() throws IOException {
		if (Files.isDirectory(out) || !Files.isWritable(Files.createDirectories(out.toAbsolutePath().getParent())))
			throw new IOException("Can't write " + out);
	}

	Budget budget() {
		Budget b = examples != 0 ? Budget.ofExamples(examples) : Budget.ofMinutes(minutes != 0 ? minutes : USUAL_MINUTES);
		if (validationExamples != null) b = b.withValidationExamples(validationExamples);
		return checkpointMinutes == null ? b : b.withCheckpointMinutes(checkpointMinutes);
	}

	/** For the model file. */
	Map<String, String> description(final String usual, final SharpImageOptions images) {
		return description(usual, String.join(", ", images.names()));
	}

	/** @param data that it is trained on */
	Map<String, String> description(final String usual, final String data) {
		final Map<String, String> d = new LinkedHashMap<>();
		d.put("description", or(description, usual));
		d.put("authors", "Learning to Deblur developers");
		d.put("license", license);
		d.put("training_data", or(trainingData, data));
		d.put("documentation", "models/TRAINING.md");
		return d;
	}

	static <V> V or(final V value, final V usual) {
		return value == null ? usual : value;
	}
}
