package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.train.BlurFamilies;
import io.github.learningtodeblur.train.Optimizer;
import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.train.Trainer;
import io.github.learningtodeblur.train.TrainingPlan;
import io.github.learningtodeblur.train.TrainingStatus;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.parallel.Parallelization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains a model on a folder of sharp images. */
@Command(name = "train", mixinStandardHelpOptions = true,
	description = "Trains a model on sharp images; writes the best so far, a checkpoint and a log.")
final class TrainCommand implements Callable<Integer> {

	@Option(names = "--images", required = true, split = ",",
		description = "folders of sharp images, read recursively")
	private List<Path> images;

	@Option(names = "--validation", split = ",",
		description = "folders of held-out images; default: every tenth of the others")
	private List<Path> validation = List.of();

	@Option(names = "--out", required = true, description = "model file to write (.safetensors)")
	private Path out;

	@Option(names = "--kernels", split = ",", description = "kernel sizes of the scales, coarse to fine")
	private List<Integer> kernels = List.of(9, 17);

	@Option(names = "--tied",
		description = "all scales but the first share their weights and are trained in turn")
	private boolean tied;

	@Option(names = "--stages", description = "stages per scale; or two numbers, of the first and of the others",
		split = ",")
	private List<Integer> stages = List.of(3);

	@Option(names = "--pairs", description = "pairs of feature images per stage")
	private int pairs = 4;

	@Option(names = "--filters")
	private int filters = 32;

	@Option(names = "--filter-size")
	private int filterSize = 9;

	@Option(names = "--hidden", description = "hidden images after the first recombination")
	private int hidden = 32;

	@Option(names = "--layers", description = "layers of tanh and recombination")
	private int layers = 2;

	@Option(names = "--blur", description = "camera-shake, defocus, gaussian, motion or mixed")
	private String blur = "camera-shake";

	@Option(names = "--noise", description = "standard deviation, or a range such as 0-0.02")
	private String noise = "0.01";

	@Option(names = "--shot-noise", description = "largest standard deviation of shot noise at white")
	private double shotNoise;

	@Option(names = "--stretch", description = "stretch every image to the range from black to white")
	private boolean stretch;

	@Option(names = "--invert", description = "invert half of the crops: text also becomes a blackboard")
	private boolean invert;

	@Option(names = "--minutes", description = "budget of the run in minutes")
	private double minutes;

	@Option(names = "--examples", description = "or in examples")
	private long examples;

	@Option(names = "--batch")
	private int batch = 8;

	@Option(names = "--optimizer", description = "soap, adam or adadelta")
	private String optimizer = "soap";

	@Option(names = "--rate", description = "learning rate; default: 0.03 for soap, else 0.01")
	private Double rate;

	@Option(names = "--earlier-loss", description = "weight of the errors of all but the last stage")
	private double earlierLoss;

	@Option(names = "--grow", description = "previous: new stages start from the ones before; or random")
	private String grow = "previous";

	@Option(names = "--fine-tune",
		description = "part of the budget in which at the end all scales are trained together")
	private double fineTune;

	@Option(names = "--min-scale", description = "images are shrunk by random factors down to this")
	private double minScale = 0.6;

	@Option(names = "--seed")
	private long seed = 1;

	@Option(names = "--validation-examples")
	private int validationExamples = 64;

	@Option(names = "--checkpoint-minutes")
	private double checkpointMinutes = 3;

	@Option(names = "--threads", description = "default: all")
	private int threads = Runtime.getRuntime().availableProcessors();

	@Option(names = "--from", description = "model to start from, a name or a file")
	private String from;

	@Option(names = "--resume", arity = "0..1", fallbackValue = "true",
		description = "go on with the run whose checkpoint lies beside the output file")
	private boolean resume;

	@Option(names = "--description", description = "one sentence for the model file")
	private String description = "Blind deblurring network";

	@Option(names = "--training-data", description = "names and licences of the images, for the model file")
	private String trainingData;

	@Option(names = "--license", description = "licence of the weights, for the model file")
	private String license = "BSD-2-Clause";

	/** Seconds of training at the last line printed. */
	private double printed;

	@Override
	public Integer call() throws IOException {
		if (minutes == 0 && examples == 0) minutes = 60;
		final Path folder = out.toAbsolutePath().getParent();
		if (Files.isDirectory(out) || !Files.isWritable(Files.createDirectories(folder)))
			throw new IOException("Can't write " + out);
		final double[] range = range(noise);
		final StageSpec stage = new StageSpec(filters, filterSize, hidden, layers, pairs, true);
		final List<ScaleSpec> scales = new ArrayList<>();
		for (final int k : kernels) {
			final boolean first = scales.isEmpty();
			scales.add(new ScaleSpec(k, first || !tied ? "k" + k : "fine", Collections.nCopies(stages.get(first
				? 0 : stages.size() - 1), stage)));
		}
		final Model start = from == null ? null : Models.open(from);
		// new networks are normalized, others go on as they began
		final boolean normalized = start == null || start.spec().normalized();
		final Optimizer.Kind rule = optimizer();
		final TrainingPlan plan = new TrainingPlan(new ModelSpec(scales, normalized), seed, batch, rule,
			rate == null ? rule.usualRate() : rate, 100, 0.02, 1, 10, 1000, earlierLoss, range[0], range[1],
			shotNoise, examples, examples > 0 ? 0 : minutes, grow.equals("previous"), fineTune, validationExamples,
			checkpointMinutes);
		return Parallelization.runWithNumThreads(threads, () -> train(plan, start));
	}

	private Integer train(final TrainingPlan plan, final Model start) throws IOException {
		final SharpImages training, heldOut;
		if (validation.isEmpty()) {
			training = load(images, name -> !SharpImages.heldOut(name), minScale, stretch, invert);
			heldOut = load(images, SharpImages::heldOut, 1, stretch, invert);
		}
		else {
			training = load(images, name -> true, minScale, stretch, invert);
			heldOut = load(validation, name -> true, 1, stretch, invert);
		}
		System.out.println("training images: " + training.summary());
		training.unreadable().forEach(why -> System.out.println("left out: " + why));
		System.out.println("validation images: " + heldOut.summary());
		final CpuBackend backend = new CpuBackend();
		System.out.println("backend: " + backend.name() + ", " + threads + " threads");
		final Trainer trainer = new Trainer(plan, backend, training, heldOut, BlurFamilies.of(blur),
			description(), this::print);
		if (resume) {
			trainer.resume(Trainer.checkpointFile(out));
			System.out.println("resumed from " + Trainer.checkpointFile(out));
		}
		else if (start != null) trainer.startFrom(start);
		final Canceler progress = new Canceler();
		trainer.run(out, progress);
		progress.finished();
		System.out.println("done model=" + out + " log=" + Trainer.logFile(out) + (progress.canceled()
			? " canceled" : ""));
		return 0;
	}

	/** Scans with visible JPEG loss are only used shrunk. */
	static SharpImages load(final List<Path> folders, final Predicate<String> accept,
		final double minScale, final boolean stretch, final boolean invert) throws IOException
	{
		for (final Path f : folders)
			if (!Files.exists(f)) throw new IOException("There is no folder " + f);
		return SharpImages.load(folders, new SharpImages.Selection(accept, minScale, Map.of("scene15",
			0.6), stretch, invert), 100, Progress.NONE);
	}

	private Map<String, String> description() {
		final Map<String, String> d = new LinkedHashMap<>();
		d.put("description", description);
		d.put("authors", "Learning to Deblur developers");
		d.put("cite", "Schuler, Hirsch, Harmeling, Schoelkopf: Learning to Deblur, arXiv 1406.7444");
		d.put("license", license);
		final List<String> names = new ArrayList<>();
		images.forEach(p -> names.add(p.getFileName().toString()));
		d.put("training_data", trainingData != null ? trainingData : String.join(", ", names));
		d.put("documentation", "models/TRAINING.md");
		return d;
	}

	private Optimizer.Kind optimizer() {
		try {
			return Optimizer.Kind.valueOf(optimizer.toUpperCase(Locale.ROOT));
		}
		catch (final IllegalArgumentException e) {
			throw new IllegalArgumentException("--optimizer is soap, adam or adadelta, got " + optimizer);
		}
	}

	private static double[] range(final String text) {
		try {
			final String[] part = text.split("-", 2);
			final double min = Double.parseDouble(part[0]);
			return new double[] { min, part.length == 1 ? min : Double.parseDouble(part[1]) };
		}
		catch (final NumberFormatException e) {
			throw new IllegalArgumentException("--noise is a number or a range such as 0-0.02, got " + text);
		}
	}

	private void print(final TrainingStatus s) {
		final boolean measured = !Double.isNaN(s.validation());
		if (!measured && s.seconds() - printed < 10) return;
		printed = s.seconds();
		System.out.printf(Locale.ROOT,
			"phase %d/%d  kernel %dx%d  stages %d  examples %d  %.1f/s  error %.4f%s  rate %.4f  left %s%n", s
				.phase(), s.phases(), s.kernel(), s.kernel(), s.stages(), s.examples(), s
					.examplesPerSecond(), s.error(), !measured ? "" : String.format(
						Locale.ROOT, "  validation %.4f (best %.4f)", s.validation(), s.best()), s.rate(), left(s
							.secondsLeft()));
	}

	private static String left(final double seconds) {
		return seconds < 90 ? Math.round(seconds) + " s" : Math.round(seconds / 60) + " min";
	}

	/** Ctrl-C: finish the step, write checkpoint and model, then leave. */
	private static final class Canceler implements Progress {

		private volatile boolean canceled;
		private volatile boolean finished;

		Canceler() {
			final Thread hook = new Thread(() -> {
				canceled = true;
				for (int i = 0; i < 600 && !finished; i++)
					try {
						Thread.sleep(50);
					}
					catch (final InterruptedException e) {
						return;
					}
			});
			Runtime.getRuntime().addShutdownHook(hook);
		}

		void finished() {
			finished = true;
		}

		@Override
		public void report(final long done, final long total, final String what) {}

		@Override
		public boolean canceled() {
			return canceled;
		}
	}
}
