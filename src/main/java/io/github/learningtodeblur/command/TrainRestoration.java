package io.github.learningtodeblur.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.IJ;
import ij.ImagePlus;
import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.model.RestorationSpec;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.train.Budget;
import io.github.learningtodeblur.train.EstimatedExamples;
import io.github.learningtodeblur.train.RestorationPlan;
import io.github.learningtodeblur.train.RestorationTrainer;
import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.util.Progress;

/**
 * Trains the restoration that follows the search for a kernel, on a folder of sharp images: first blurs some of them and
 * estimates their kernels, as they err in ways of their own, then learns from these and from true ones.
 */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Train Restoration...",
	attrs = @Attr(name = "no-legacy"))
public class TrainRestoration extends LibraryCommand {

	private static final String SCRATCH = "scratch", LEARNED = "learned";

	/** Sides of what is blurred for the search, and of what the network works on, in pixels; more for large kernels. */
	private static final int CROP = 208, CANVAS = 160;

	/** The same in kernels. */
	private static final int CROPS = 6, CANVASES = 4;

	private static final int SMALLEST = 9;

	/** Images are shrunk by random factors down to this. */
	private static final double MIN_SCALE = 0.6;

	/** Rate of a network that has learned before. */
	private static final double LATER_RATE = 0.003;

	@Parameter(label = "Folder of sharp images", persist = false, style = "directory", autoFill = false,
		required = false, description = "With all folders inside.")
	private File images;

	@Parameter(label = "Start from", persist = false, choices = { LEARNED, SCRATCH },
		description = "learned: the restoration that follows the model below, which is made to suit your images; scratch: from the beginning.")
	private String start = LEARNED;

	@Parameter(label = "Model that estimates the kernels", persist = false, style = CommandDialog.MODEL, autoFill = false,
		description = "A bundled model, by its name, or a model file: the one you deblur such images with.")
	private File model = new File(ModelFile.DEFAULT);

	@Parameter(label = "Kernel size (odd, pixels)", persist = false, min = "3", max = "75",
		description = "Blurs up to this size are trained on.")
	private int size = 31;

	@Parameter(label = "Blur", persist = false, style = Choices.BLUR)
	private String blur = "mixed";

	@Parameter(label = "Largest noise", persist = false, min = "0", max = "1",
		description = "Standard deviation for values in [0, 1]: 0.01 is 1 %. Most examples have less.")
	private double noise = 0.05;

	@Parameter(label = "Number of estimated kernels", persist = false, min = "0",
		description = "About a second each. They are kept in a folder beside the model file, and not estimated again. 0: true kernels only, as suits measured PSFs.")
	private int estimated = 300;

	@Parameter(label = "Time in minutes, after that", persist = false, min = "0",
		description = "Of training; more is better, up to hours.")
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
	private ImagePlus plot;

	@Override
	String title() {
		return "Train Restoration";
	}

	@Override
	void run(final SciJavaProgress progress) throws IOException {
		final RestorationModel first = start.equals(SCRATCH) ? null : RestorationModel.bundled(Restorations.modelAfter(ModelFile
			.name(model)));
		final RestorationPlan plan = plan(first == null ? RestorationSpec.USUAL : first.spec());
		final EstimatedExamples recipe = new EstimatedExamples(Math.max(CROP, CROPS * size), Math.min(SMALLEST, size), size, blur,
			noise, plan.seed());
		final Path out = TrainingFiles.output(output);
		if (resume) TrainingFiles.mustExist(RestorationTrainer.checkpointFile(out));
		else TrainingFiles.mayOverwrite(title(), out);
		final SharpImages all = TrainingFiles.load(images, MIN_SCALE, recipe.crop() + size, progress);
		final SharpImages.Split split = all.split();
		final long before = resume ? 0 : TrainingFiles.written(out); // what was there is of this run
		final RestorationMonitor monitor = new RestorationMonitor();
		try (Backend backend = Backends.open(device)) {
			final Path kernels = estimated > 0 ? estimated(recipe, split, out, backend, progress) : null;
			progress.check();
			final RestorationTrainer trainer = new RestorationTrainer(plan, backend, split, kernels, description(), monitor::update);
			if (resume) trainer.resume(RestorationTrainer.checkpointFile(out));
			else if (first != null) trainer.startFrom(first);
			trainer.run(out, progress);
		}
		if (progress.canceled() && TrainingFiles.written(out) == before) progress.check(); // before the first step
		IJ.log(TrainingFiles.ended(title(), progress.canceled(), out) + monitor.summary());
		IJ.log(all.summary());
		progress.check();
		plot = monitor.plotImage();
	}

	/** Beside the model file, where a run that is resumed finds them. */
	private Path estimated(final EstimatedExamples recipe, final SharpImages.Split split, final Path out, final Backend backend,
		final Progress progress) throws IOException
	{
		final Path folder = out.resolveSibling(out.getFileName() + ".kernels");
		final Deblurring deblurring = ModelFile.open(model, BlurSize.AUTO, true, false, backend);
		recipe.make(split, (blurry, pixels) -> deblurring.withLargestBlur(new BlurSize(pixels)).estimateKernel(blurry,
			Progress.NONE), "usual search", folder, estimated, progress);
		return folder;
	}

	private RestorationPlan plan(final RestorationSpec spec) {
		if (!(minutes > 0) && examples <= 0) throw new IllegalArgumentException(
			"Training needs a time or a number of examples above 0");
		final Budget budget = (examples > 0 ? Budget.ofExamples(examples) : Budget.ofMinutes(minutes)).withCheckpointMinutes(examples > 0
			? 1 : Math.max(0.02, Math.min(4, minutes / 20)));
		final RestorationPlan usual = RestorationPlan.usual(spec);
		return new RestorationPlan(spec, usual.seed(), Math.max(CANVAS, CANVASES * size), blur, Math.min(SMALLEST, size), size, noise,
			usual.unseen(), usual.estimated(), usual.earlierLoss(), usual.optimizer(), start.equals(SCRATCH) ? usual.rate()
				: LATER_RATE, usual.batch(), budget);
	}

	private Map<String, String> description() {
		final Map<String, String> d = new LinkedHashMap<>();
		d.put("description", String.format(Locale.ROOT, "Learned restoration for %s up to %d pixels, noise up to %s", blur, size,
			noise));
		d.put("training_data", images.getName());
		return d;
	}

	@Override
	List<ImagePlus> images() {
		return Arrays.asList(plot);
	}
}
