package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.model.RestorationSpec;
import io.github.learningtodeblur.train.Budget;
import io.github.learningtodeblur.train.Optimizer;
import io.github.learningtodeblur.train.RestorationPlan;
import io.github.learningtodeblur.train.RestorationTrainer;
import net.imglib2.parallel.Parallelization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains the restoration that follows the search for a kernel. */
@Command(name = "train-restoration", mixinStandardHelpOptions = true,
	description = "Trains a learned restoration on sharp images and on kernels that were estimated (estimate-examples);" +
		" writes the best so far, a checkpoint and a log.")
final class TrainRestorationCommand implements Callable<Integer> {

	@Mixin
	private SharpImageOptions images;

	@Mixin
	private DeviceOption device;

	@Option(names = "--estimated", description = "folder of examples with estimated kernels; it may grow meanwhile")
	private Path estimated;

	@Option(names = "--out", required = true, description = "model file to write (.safetensors)")
	private Path out;

	@Option(names = "--from", description = "model file to start from")
	private Path from;

	@Option(names = "--resume", arity = "0..1", fallbackValue = "true",
		description = "go on with the run whose checkpoint lies beside the output file")
	private boolean resume;

	@Option(names = "--stages", description = "number of stages")
	private int stages = RestorationSpec.USUAL.stages();

	@Option(names = "--filters", description = "per stage")
	private int filters = RestorationSpec.USUAL.filters();

	@Option(names = "--filter-size", description = "side in pixels, odd")
	private int filterSize = RestorationSpec.USUAL.filterSize();

	@Option(names = "--hidden", description = "hidden images after the first recombination")
	private int hidden = RestorationSpec.USUAL.hidden();

	@Option(names = "--layers", description = "layers of tanh and recombination")
	private int layers = RestorationSpec.USUAL.layers();

	@Option(names = "--canvas", description = "side of the examples in pixels, with what is around them")
	private Integer canvas;

	@Option(names = "--blur", description = "camera-shake, defocus, gaussian, motion, mixed or paper-shake")
	private String blur;

	@Option(names = "--smallest", description = "smallest size of the kernels' frames, odd")
	private Integer smallest;

	@Option(names = "--largest", description = "largest size, odd")
	private Integer largest;

	@Option(names = "--noise", description = "largest standard deviation; most examples have much less")
	private Double noise;

	@Option(names = "--unseen", description = "largest standard deviation of smooth errors, which no estimate of the noise sees")
	private Double unseen;

	@Option(names = "--estimated-share", description = "share of the examples with an estimated kernel")
	private Double share;

	@Option(names = "--earlier-loss", description = "weight of the errors of all but the last stage")
	private Double earlierLoss;

	@Option(names = "--optimizer", description = "soap, adam or adadelta")
	private String optimizer;

	@Option(names = "--rate", description = "learning rate")
	private Double rate;

	@Option(names = "--batch", description = "examples per step")
	private Integer batch;

	@Option(names = "--min-scale", description = "images are shrunk by random factors down to this")
	private double minScale = 0.6;

	@Option(names = "--minutes", description = "budget of the run in minutes")
	private double minutes;

	@Option(names = "--examples", description = "or in examples")
	private long examples;

	@Option(names = "--seed", description = "of weights, examples and noise")
	private long seed = 1;

	@Option(names = "--validation-examples", description = "number of held-out examples of either kind")
	private int validationExamples = 64;

	@Option(names = "--checkpoint-minutes", description = "time between validations")
	private double checkpointMinutes = 3;

	@Option(names = "--threads", description = "default: all")
	private int threads = Runtime.getRuntime().availableProcessors();

	@Option(names = "--description", description = "one sentence for the model file")
	private String description = "Learned restoration";

	@Option(names = "--training-data", description = "names and licences of the images, for the model file")
	private String trainingData;

	@Option(names = "--license", description = "licence of the weights, for the model file")
	private String license = "BSD-2-Clause";

	@Override
	public Integer call() throws IOException {
		if (Files.isDirectory(out) || !Files.isWritable(Files.createDirectories(out.toAbsolutePath().getParent())))
			throw new IOException("Can't write " + out);
		if (estimated != null && !Files.isDirectory(estimated)) throw new IOException("There is no folder " + estimated);
		final RestorationPlan plan = plan();
		final RestorationModel start = from == null ? null : RestorationModel.read(from);
		return Parallelization.runWithNumThreads(threads, () -> {
			try (Backend backend = device.open()) {
				final RestorationTrainer trainer = new RestorationTrainer(plan, backend, images.load(minScale), estimated,
					description(), this::print);
				if (resume) trainer.resume(RestorationTrainer.checkpointFile(out));
				else if (start != null) trainer.startFrom(start);
				final Canceler progress = new Canceler();
				trainer.run(out, progress);
				progress.finished();
				System.out.println("done model=" + out + " log=" + RestorationTrainer.logFile(out) + (progress.canceled()
					? " canceled" : ""));
				return 0;
			}
		});
	}

	private RestorationPlan plan() {
		final RestorationPlan p = RestorationPlan.usual(new RestorationSpec(stages, filters, filterSize, hidden, layers));
		final Budget budget = (examples != 0 ? Budget.ofExamples(examples) : Budget.ofMinutes(minutes != 0 ? minutes : p
			.budget().minutes())).withValidationExamples(validationExamples).withCheckpointMinutes(checkpointMinutes);
		return new RestorationPlan(p.spec(), seed, or(canvas, p.canvas()), or(blur, p.blur()), or(smallest, p.smallest()), or(
			largest, p.largest()), or(noise, p.noise()), or(unseen, p.unseen()), or(share, p.estimated()), or(earlierLoss, p.earlierLoss()),
			optimizer == null ? p.optimizer() : Optimizer.Kind.named(optimizer), or(rate, p.rate()), or(batch, p.batch()),
			budget);
	}

	private static <T> T or(final T given, final T usual) {
		return given == null ? usual : given;
	}

	private Map<String, String> description() {
		final Map<String, String> d = new LinkedHashMap<>();
		d.put("description", description);
		d.put("authors", "Learning to Deblur developers");
		d.put("license", license);
		d.put("training_data", trainingData != null ? trainingData : String.join(", ", images.names()));
		d.put("documentation", "models/TRAINING.md");
		return d;
	}

	private void print(final RestorationTrainer.Status s) {
		System.out.printf(Locale.ROOT,
			"%.0f min  examples %d  %.1f/s  loss %.2f dB  held out: true kernels %.2f dB, estimated %.2f dB  rate %.4f  %.0f %%%n",
			s.seconds() / 60, s.examples(), s.examplesPerSecond(), -s.loss(), s.truePsnr(), s.estimatedPsnr(), s.rate(), 100 * s
				.done());
	}
}
