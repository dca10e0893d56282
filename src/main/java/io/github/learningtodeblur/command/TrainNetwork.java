package io.github.learningtodeblur.command;

import java.awt.GraphicsEnvironment;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.IJ;
import ij.ImagePlus;
import ij.measure.ResultsTable;
import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.train.Budget;
import io.github.learningtodeblur.train.ExampleRecipe;
import io.github.learningtodeblur.train.NetworkLayout;
import io.github.learningtodeblur.train.NoiseRange;
import io.github.learningtodeblur.train.Preset;
import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.train.Trainer;
import io.github.learningtodeblur.train.TrainingPlan;
import io.github.learningtodeblur.train.TrainingStatus;
import io.github.learningtodeblur.util.Progress;

/** Trains a network on a folder of sharp images. */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Train Deblurring Network...",
	attrs = @Attr(name = "no-legacy"))
public class TrainNetwork extends LibraryCommand {

	private static final String SCRATCH = "scratch";
	/** Coarser scales have half the kernel of the next, down to this. */
	private static final int COARSEST = 9;

	@Parameter(label = "Folder of sharp images", persist = false, style = "directory", autoFill = false,
		required = false, description = "With all folders inside.")
	private File images;

	@Parameter(label = "Only list which images would be used", persist = false,
		attrs = @Attr(name = CommandDialog.ASK_ANEW),
		description = "And which not, and why; nothing is trained.")
	private boolean preview;

	@Parameter(label = "Start from", persist = false, style = CommandDialog.MODEL, autoFill = false,
		description = "What the model has learned is kept where kernel sizes agree.")
	private File start = new File(SCRATCH);

	@Parameter(label = "Kernel size (odd, pixels)", persist = false, min = "3", max = "129",
		description = "Blurs up to this size can be recognised.")
	private int size = 17;

	@Parameter(label = "Blur", persist = false, style = Choices.BLUR)
	private String blur = "camera-shake";

	@Parameter(label = "Noise (a value or a range, as 0-0.02)", persist = false,
		description = "Standard deviation for values in [0, 1]: 0.01 is 1 %.")
	private String noise = "0.01";

	@Parameter(label = "Preset", persist = false, choices = { "usual", "paper" },
		description = "paper: network, loss, kernels and update rule as Schuler et al. had them; slower to learn.")
	private String preset = "usual";

	@Parameter(label = "Stages per scale", persist = false, min = "1", max = "5")
	private int stages = 3;

	@Parameter(label = "Time in minutes", persist = false, min = "0",
		description = "Of training; more is better, up to days.")
	private double minutes = 60;

	@Parameter(label = "or examples (0: the time counts)", persist = false, min = "0")
	private long examples;

	@Parameter(label = "Model file to write", persist = false,
		style = "save", autoFill = false, required = false)
	private File output;

	@Parameter(label = "Resume the run that wrote this file", persist = false,
		attrs = @Attr(name = CommandDialog.ASK_ANEW),
		description = "After a cancel; with the same settings.")
	private boolean resume;

	@Parameter(label = "Device", persist = false, choices = { Backends.AUTO, Backends.CPU, Backends.CUDA },
		description = Choices.DEVICE)
	private String device = Backends.AUTO;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus samples;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus plot;

	@Override
	String title() {
		return "Train Deblurring Network";
	}

	@Override
	void run(final SciJavaProgress progress) throws IOException {
		final boolean scratch = start == null || start.getName().isBlank() || start.getName().equals(
			SCRATCH);
		final Model first = scratch ? null : ModelFile.read(start);
		final TrainingPlan plan = plan(first);
		if (preview) {
			list(load(plan, progress));
			return;
		}
		final Path out = TrainingFiles.output(output);
		if (resume) TrainingFiles.mustExist(Trainer.checkpointFile(out));
		else TrainingFiles.mayOverwrite(title(), out);
		final SharpImages all = load(plan, progress);
		final SharpImages.Split split = all.split();
		final long before = resume ? 0 : TrainingFiles.written(out); // what was there is of this run
		final TrainingMonitor monitor = new TrainingMonitor();
		try (Backend backend = Backends.open(device)) {
			final Trainer trainer = new Trainer(plan, backend, split.training(), split.validation(), description(),
				status -> {
					monitor.update(status);
					report(status, progress);
				});
			if (resume) trainer.resume(Trainer.checkpointFile(out));
			else if (first != null) trainer.startFrom(first);
			// the trainer's own reports know only about one phase
			trainer.run(out, progress.cancelOnly());
		}
		if (progress.canceled() && TrainingFiles.written(out) == before) progress.check(); // before the first step
		// not before: the window of the log would take the place of the plot
		IJ.log(TrainingFiles.ended(title(), progress.canceled(), out));
		IJ.log(all.summary());
		progress.check();
		samples = monitor.samplesImage();
		plot = monitor.plotImage();
	}

	private static void report(final TrainingStatus s, final SciJavaProgress progress) {
		progress.report(Math.round(s.seconds()), Math.round(s.seconds() + s.secondsLeft()), TrainingMonitor
			.summary(s));
	}

	private TrainingPlan plan(final Model first) {
		final Preset like = Preset.named(preset);
		final TrainingPlan plan = like.plan(spec(first, like.layout()));
		if (!(minutes > 0) && examples <= 0) throw new IllegalArgumentException(
			"Training needs a time or a number of examples above 0");
		final double validations = examples > 0 ? 0.5 : Math.max(0.02, Math.min(3, minutes / 50));
		// camera shake is as the preset draws it
		final ExampleRecipe recipe = blur.equals(ExampleRecipe.USUAL.blur()) ? plan.recipe() : plan.recipe().withBlur(blur);
		final Budget budget = examples > 0 ? Budget.ofExamples(examples) : Budget.ofMinutes(minutes);
		return plan.withRecipe(recipe.withNoise(NoiseRange.parse(noise))).withBudget(budget.withCheckpointMinutes(
			validations));
	}

	private ModelSpec spec(final Model first, final NetworkLayout layout) {
		if (first == null) return layout.withKernels(kernels(layout)).withStages(List.of(stages)).spec();
		final List<ScaleSpec> scales = new ArrayList<>();
		final List<ScaleSpec> has = first.spec().scales();
		for (final ScaleSpec s : has)
			if (s.kernel() <= size) scales.add(s);
		if (scales.isEmpty()) throw new IllegalArgumentException(
			"The kernel size must be at least that of the model's smallest scale, " + has.get(0).kernel() +
				", got " + size);
		if (scales.get(scales.size() - 1).kernel() < size) scales.add(new ScaleSpec(size, "k" + size,
			Collections.nCopies(stages, has.get(has.size() - 1).stages().get(0))));
		return first.spec().withScales(scales);
	}

	/** Up to the size asked for: those of the preset, or each with half the kernel of the next. */
	private List<Integer> kernels(final NetworkLayout layout) {
		final List<Integer> sizes = new ArrayList<>();
		if (layout.equals(NetworkLayout.USUAL)) for (int k = size; k > 2; k = k > COARSEST ? k / 2 | 1 : 0)
			sizes.add(0, k);
		else {
			layout.kernels().stream().filter(k -> k < size).forEach(sizes::add);
			sizes.add(size);
		}
		return sizes;
	}

	private SharpImages load(final TrainingPlan plan, final Progress progress) throws IOException {
		return TrainingFiles.load(images, plan.recipe().minScale(), plan.imageSide(), progress);
	}

	/** In a table; without a screen, as lines. */
	private void list(final SharpImages loaded) {
		final List<String> rejected = new ArrayList<>(loaded.tooSmall());
		rejected.addAll(loaded.unreadable());
		if (GraphicsEnvironment.isHeadless()) {
			System.out.println(title() + ", " + images + ": " + loaded.summary());
			loaded.names().forEach(n -> System.out.println("  used: " + n));
			rejected.forEach(n -> System.out.println("  not used: " + n));
			return;
		}
		IJ.showStatus(loaded.summary());
		final ResultsTable table = new ResultsTable();
		final String inside = images.getPath().replaceAll("[/\\\\]$", "") + File.separator;
		for (final String why : rejected)
			row(table, "no", why.replace(inside, ""));
		for (final String name : loaded.names())
			row(table, "yes", name);
		table.show("Images for training: " + loaded.names().size() + " of " + table.size());
	}

	private static void row(final ResultsTable table, final String used, final String image) {
		table.incrementCounter();
		table.addValue("Used", used);
		table.addValue("Image, and why it is not used", image);
	}

	private Map<String, String> description() {
		final Map<String, String> d = new LinkedHashMap<>();
		d.put("description", "Blind deblurring network for " + blur + " up to " + size + " pixels");
		d.put("cite", "Schuler, Hirsch, Harmeling, Schoelkopf: Learning to Deblur, arXiv 1406.7444");
		d.put("training_data", images.getName());
		return d;
	}

	@Override
	List<ImagePlus> images() {
		return Arrays.asList(samples, plot);
	}
}
