package io.github.learningtodeblur.command;

import ij.process.ImageProcessor;
import ij.process.ByteProcessor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scijava.Cancelable;
import org.scijava.Context;
import org.scijava.Priority;
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;
import org.scijava.event.EventHandler;
import org.scijava.event.EventService;
import org.scijava.event.EventSubscriber;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleService;
import org.scijava.module.process.LoadInputsPreprocessor;
import org.scijava.service.AbstractService;
import org.scijava.task.DefaultTask;
import org.scijava.task.Task;
import org.scijava.task.TaskService;
import org.scijava.task.event.TaskEvent;
import org.scijava.thread.ThreadService;

import com.sun.management.OperatingSystemMXBean;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Roi;
import ij.measure.ResultsTable;
import ij.process.ImageStatistics;
import ij.plugin.Duplicator;
import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.BackendUnavailable;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.modules.DeblurringNetwork;
import io.github.learningtodeblur.modules.NetworkResult;
import io.github.learningtodeblur.modules.StageResult;
import io.github.learningtodeblur.restore.LearnedRestoration;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.train.BlurFamilies;
import io.github.learningtodeblur.train.EstimatedExamples;
import io.github.learningtodeblur.train.Trainer;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/** The commands as SciJava runs them. */
class CommandsTest {

	@TempDir
	static Path folder;
	private static Context context;
	private static Path model;

	@BeforeAll
	static void start() throws IOException {
		context = new Context();
		model = Given.model(folder);
	}

	@AfterAll
	static void stop() {
		context.dispose();
	}

	static CommandModule run(final Context context, final Class<? extends Command> command,
		final Object... inputs) throws Exception
	{
		return context.service(CommandService.class).run(command, true, inputs).get();
	}

	private static CommandModule run(final Class<? extends Command> command, final Object... inputs)
		throws Exception
	{
		final CommandModule module = run(context, command, inputs);
		assertNull(module.getCancelReason());
		assertFalse(module.isCanceled());
		return module;
	}

	private static ImagePlus output(final CommandModule module, final String name) {
		return (ImagePlus) module.getOutput(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "8-bit", "16-bit", "32-bit", "RGB", "stack", "RGB stack", "composite",
		"virtual" })
	void blindDeconvolutionOfEveryType(final String type) throws Exception {
		final ImagePlus image = Given.image(type), before = new Duplicator().run(image);
		final CommandModule module = run(BlindDeconvolution.class, "image", image, "model", model.toFile(),
			"size", "5", "refine", false, "restoration", "wiener"); // of this model's refined kernels, none beats no blur
		final ImagePlus deblurred = output(module, "deblurred");
		assertEquals("deblurred-" + image.getTitle(), deblurred.getTitle());
		HyperstackTest.assertLikewise(image, deblurred);
		assertTrue(deblurred.getProp("Deblurring").contains("kernel size 5, restoration wiener, strength 1.0"),
			deblurred.getProp("Deblurring"));
		assertTrue(difference(image, deblurred, 1) > 0, "something was done");
		for (int i = 1; i <= image.getStackSize(); i++)
			assertEquals(0, difference(image, before, i), "the input is as it was");
		final ImagePlus kernel = output(module, "kernel");
		assertEquals("kernel-" + image.getTitle(), kernel.getTitle());
		assertArrayEquals(new int[] { 5, 5, 1, 1, 1 }, kernel.getDimensions());
		assertEquals(1, sum(kernel, 1), 1e-4);
	}

	private static double sum(final ImagePlus image, final int plane) {
		double sum = 0;
		for (int i = 0; i < image.getWidth() * image.getHeight(); i++)
			sum += image.getStack().getProcessor(plane).getf(i);
		return sum;
	}

	/** Mean over the pixels of a plane. */
	private static double difference(final ImagePlus a, final ImagePlus b, final int plane) {
		double sum = 0;
		final int n = a.getWidth() * a.getHeight();
		for (int i = 0; i < n; i++)
			sum += Math.abs(a.getStack().getProcessor(plane).convertToFloatProcessor().getf(i) - b.getStack()
				.getProcessor(plane).convertToFloatProcessor().getf(i));
		return sum / n;
	}

	@Test
	void kernelsPerChannelOrSlice() throws Exception {
		final ImagePlus image = Given.image("composite");
		for (final String[] scope : new String[][] { { "one", "1" }, { "channel", "2" }, { "slice", "6" } })
		{
			final ImagePlus kernel = output(run(KernelEstimation.class, "image", image, "model", model
				.toFile(), "kernels", scope[0]), "kernel");
			assertEquals(Integer.parseInt(scope[1]), kernel.getStackSize());
			assertEquals(9, kernel.getWidth(), "auto is the model's largest size");
			for (int i = 1; i <= kernel.getStackSize(); i++)
				assertEquals(1, sum(kernel, i), 1e-4);
		}
		final CommandModule module = run(BlindDeconvolution.class, "image", image, "model", model.toFile(),
			"kernels", "slice", "restoration", "wiener", "show", false);
		assertNull(output(module, "kernel"));
		assertNotNull(output(module, "deblurred"));
	}

	/** A frame with the lens cap on does not void a series. */
	@Test
	void aBlackPlaneTakesItsNeighboursKernel() throws Exception {
		final ImagePlus image = Given.image("composite");
		for (int c = 1; c <= image.getNChannels(); c++)
			image.getStack().getProcessor(image.getStackIndex(c, 1, 1)).set(0);
		final CommandModule module = run(BlindDeconvolution.class, "image", image, "model", model.toFile(), "kernels",
			"slice", "restoration", "wiener");
		final ImagePlus kernel = output(module, "kernel");
		assertEquals(6, kernel.getStackSize());
		assertArrayEquals((float[]) kernel.getStack().getPixels(2), (float[]) kernel.getStack().getPixels(1));
		final ImageProcessor black = output(module, "deblurred").getStack().getProcessor(1);
		for (int i = 0; i < black.getPixelCount(); i++)
			assertEquals(0, black.get(i));
		for (final String scope : new String[] { "one", "channel" }) {
			final String why = run(context, BlindDeconvolution.class, "image", new ImagePlus("black", new ByteProcessor(60, 60)),
				"model", model.toFile(), "kernels", scope).getDelegateObject() instanceof Cancelable c ? c.getCancelReason() : "";
			assertTrue(why.contains("constant"), why);
		}
	}

	/** In properties, table and log, by the same names; in the image's own values. */
	@Test
	void whatHappenedIsTold() throws Exception {
		final ImagePlus image = Given.image("16-bit");
		final int rows = ReportTable.table().size();
		final CommandModule module = run(BlindDeconvolution.class, "image", image, "model", model.toFile(), "size", "5");
		final ImagePlus deblurred = output(module, "deblurred");
		final Report report = Report.parse(Report.NAMES.stream().map(n -> deblurred.getProp("deblur." + n)).toList());
		assertEquals(5, report.kernelWidth());
		final ImageStatistics values = image.getStatistics();
		assertTrue(report.low() >= values.min && report.high() <= values.max && report.high() > values.max / 2, report
			.line());
		assertEquals(report.kernelWidth() + "", output(module, "kernel").getProp("deblur.kernel_width"));
		final ResultsTable table = ReportTable.table();
		assertEquals(rows + 1, table.size());
		assertEquals(image.getTitle(), table.getLabel(rows));
		for (final String name : Report.NAMES)
			assertTrue(table.columnExists(name), name);
		assertEquals(report.confidence().verdict().name().toLowerCase(), table.getStringValue("verdict", rows));
		assertEquals(report.high(), table.getValue("range_high", rows), 0.1);
		run(Evaluation.class, "image", deblurred, "sharp", image);
		final ResultsTable scores = ResultsTable.getResultsTable();
		assertEquals(report.high(), scores.getValue("range_high", scores.size() - 1), 0.1);
		scores.reset();
	}

	/** What is sharp comes back as it was, in every way told. */
	@Test
	void sharpImagesAreLeftAsTheyAre() throws Exception {
		final ImagePlus image = new ImagePlus("sharp", Given.rectangles(140, 120, 3));
		final ImagePlus deblurred = output(run(BlindDeconvolution.class, "image", image, "model", model.toFile()),
			"deblurred");
		assertEquals(0, difference(image, deblurred, 1));
		assertEquals("no_blur", deblurred.getProp("deblur.verdict"));
		assertEquals("no_blur", ReportTable.table().getStringValue("verdict", ReportTable.table().size() - 1));
		for (final Class<? extends LibraryCommand> command : List.of(BlindDeconvolution.class, KernelEstimation.class)) {
			final Object verdict = output(run(command, "image", image, "model", model.toFile(), "blurred", true, "refine", false),
				"kernel").getProp("deblur.verdict");
			assertTrue(Set.of("certain", "likely", "doubtful").contains(verdict), command + ": " + verdict);
		}
	}

	/** The first word of progress closes an image, in the thread that works. (Events of tasks may come when all is done.) */
	private static final class ClosingTasks extends AbstractService implements TaskService {

		private final Context context;
		private final ImagePlus image;

		ClosingTasks(final Context context, final ImagePlus image) {
			this.context = context;
			setPriority(Priority.EXTREMELY_HIGH);
			this.image = image;
		}

		@Override
		public Task createTask(final String name) {
			return new DefaultTask(context.service(ThreadService.class), context.service(EventService.class)) {

				@Override
				public void setStatusMessage(final String status) {
					image.flush();
				}
			};
		}
	}

	/** What closing its window does to an image. */
	@ParameterizedTest
	@ValueSource(strings = { "8-bit", "RGB", "composite", "virtual" })
	void anImageMayBeClosedMeanwhile(final String type) throws Exception {
		final ImagePlus image = Given.image(type);
		final Object[] inputs = { "image", image, "model", model.toFile(), "size", "5", "restoration",
			"wiener", "kernels", "channel" };
		final CommandModule undisturbed = run(BlindDeconvolution.class, inputs);
		final CommandModule closed;
		try (Context closing = new Context()) {
			closing.getServiceIndex().add(new ClosingTasks(closing, image));
			closed = run(closing, BlindDeconvolution.class, inputs);
		}
		assertNull(image.getProcessor(), "it was closed in the middle");
		final ImagePlus expected = output(undisturbed, "deblurred"), deblurred = output(closed, "deblurred");
		HyperstackTest.assertLikewise(expected, deblurred);
		for (int i = 1; i <= expected.getStackSize(); i++)
			assertEquals(0, difference(expected, deblurred, i));
		assertEquals(0, difference(output(undisturbed, "kernel"), output(closed, "kernel"), 1));
	}

	/** What a script has given is not what the next dialog begins with. */
	@Test
	void nothingIsRememberedForDialogs() throws Exception {
		final ImagePlus image = Given.image("8-bit");
		final CommandInfo info = context.service(CommandService.class).getCommand(BlindDeconvolution.class);
		final Module usual = context.service(ModuleService.class).createModule(info);
		run(BlindDeconvolution.class, "image", image, "model", model.toFile(), "size", "5", "refine", false,
			"restoration", "wiener", "strength", 3.0, "kernels", "channel", "show", false);
		final Module next = context.service(ModuleService.class).createModule(info);
		final LoadInputsPreprocessor load = new LoadInputsPreprocessor();
		context.inject(load);
		load.process(next);
		for (final ModuleItem<?> item : info.inputs())
			if (item.getName().matches("[a-z]+")) assertEquals(item.getValue(usual), item.getValue(next), item
				.getName());
	}

	/** Fiji opens a window for whatever is written to the standard error stream. */
	@Test
	void theLogOfTheLibraryGoesToImageJ() throws Exception {
		final List<String> elsewhere = new ArrayList<>();
		final Handler handler = new Handler() {

			@Override
			public void publish(final LogRecord entry) {
				if (entry.getLoggerName().startsWith("io.github.learningtodeblur")) elsewhere.add(entry
					.getMessage());
			}

			@Override
			public void flush() {}

			@Override
			public void close() {}
		};
		run(KernelEstimation.class, "image", Given.image("8-bit"), "model", model.toFile());
		final Logger log = Logger.getLogger("io.github.learningtodeblur.backend.cpu.KernelChoice");
		Logger.getLogger("").addHandler(handler);
		try {
			assertEquals("Look out\n", Captured.out(() -> {
				log.info("CPU loops: plain Java");
				log.warning("Look out");
				return null;
			}).replace("\r", ""));
			IJ.debugMode = true;
			assertEquals("CPU loops: plain Java\n", Captured.out(() -> {
				log.info("CPU loops: plain Java");
				return null;
			}).replace("\r", ""));
		}
		finally {
			IJ.debugMode = false;
			Logger.getLogger("").removeHandler(handler);
		}
		assertEquals(List.of(), elsewhere);
	}

	/** The kernel comes from the selection, and the whole image is restored. */
	@Test
	void theSelectionIsWhereTheKernelIsEstimated() throws Exception {
		final ImagePlus image = Given.image("8-bit");
		final Roi roi = new Roi(10, 5, 33, 30);
		image.setRoi(roi);
		final ImagePlus part = image.crop();
		final ImagePlus fromSelection = output(run(BlindDeconvolution.class, "image", image, "model", model
			.toFile(), "refine", false), "kernel");
		assertEquals(0, difference(fromSelection, output(run(KernelEstimation.class, "image", part, "model",
			model.toFile(), "refine", false), "kernel"), 1));
		image.deleteRoi();
		assertTrue(difference(fromSelection, output(run(KernelEstimation.class, "image", image, "model",
			model.toFile(), "refine", false), "kernel"), 1) > 0);
	}

	/** Shaken, and restored with the kernel that was drawn: much nearer to the sharp image. */
	@Test
	void simulateDeconvolveEvaluate() throws Exception {
		final ImagePlus sharp = new ImagePlus("sharp", Given.rectangles(140, 120, 3));
		final CommandModule shaken = run(CameraShakeSimulation.class, "image", sharp, "size", 9, "noise",
			0.002, "seed", 5L);
		final ImagePlus blurred = output(shaken, "blurred"), kernel = output(shaken, "kernel");
		assertEquals("blurred-sharp", blurred.getTitle());
		assertEquals(9, kernel.getWidth());
		assertEquals(0, difference(blurred, output(run(CameraShakeSimulation.class, "image", sharp, "size",
			9, "noise", 0.002, "seed", 5L), "blurred"), 1));
		final ImagePlus deblurred = output(run(NonBlindDeconvolution.class, "image", blurred, "kernel",
			kernel), "deblurred");
		final ResultsTable table = ResultsTable.getResultsTable();
		table.reset();
		run(Evaluation.class, "image", blurred, "sharp", sharp);
		run(Evaluation.class, "image", deblurred, "sharp", sharp, "reference", deblurred);
		run(Evaluation.class, "image", blurred, "sharp", sharp, "reference", deblurred);
		assertEquals(3, table.size());
		assertTrue(table.getValue("PSNR", 1) > table.getValue("PSNR", 0) + 6, "PSNR " + table.getValue(
			"PSNR", 0) + " to " + table.getValue("PSNR", 1));
		assertTrue(table.getValue("SSIM", 1) > table.getValue("SSIM", 0));
		assertTrue(table.getValue("Error ratio", 2) > 4);
	}

	/** A kernel image of even size with its only pixel off the middle changes nothing and shifts nothing. */
	@Test
	void anyKernelImageWillDo() throws Exception {
		final ImagePlus image = Given.image("16-bit");
		final ImagePlus out = output(run(NonBlindDeconvolution.class, "image", image, "kernel", Given.point(
			8, 6, 6, 1), "restoration", "richardson-lucy", "strength", 0.01), "deblurred");
		assertTrue(difference(image, out, 1) < 15, "of 2860: " + difference(image, out, 1));
	}

	@Test
	void inspection() throws Exception {
		final ImagePlus image = Given.image("RGB");
		final CommandModule module = run(NetworkInspection.class, "image", image, "model", model.toFile());
		assertEquals(3, output(module, "filters").getStackSize());
		assertEquals(6, output(module, "features").getStackSize(), "one pair per stage");
		assertArrayEquals(new int[] { 61, 47, 1, 3, 1 }, output(module, "latents").getDimensions());
		assertArrayEquals(new int[] { 9, 9, 1, 3, 1 }, output(module, "kernels").getDimensions());
		assertEquals("5x5, stage 2", output(module, "kernels").getStack().getSliceLabel(2));
		assertEquals("9x9, stage 1, y1", output(module, "features").getStack().getSliceLabel(6));
		final ImagePlus restored = output(module, "restored");
		assertEquals(13, restored.getStackSize(), "what the stages begin with, and what each makes of it");
		assertEquals("learned, stage 12", restored.getStack().getSliceLabel(13));
		final Plane grey = new Hyperstack(image).currentGrey(), kernel = new Plane((float[]) output(module, "kernels").getStack()
			.getPixels(3), 9, 9);
		assertEquals(LearnedRestoration.bundled().restore(grey, kernel, Progress.NONE), new Plane((float[]) restored.getStack()
			.getPixels(13), 61, 47));
		final CommandModule alone = run(NetworkInspection.class, "model", model.toFile());
		assertNotNull(output(alone, "filters"));
		assertNull(output(alone, "kernels"));
	}

	/** By commands as by the network: input, features, kernel, image, next stage. */
	@Test
	void modulesOneByOne() throws Exception {
		final ImagePlus image = Given.image("8-bit");
		final Model network = Models.open(model.toString());
		final NetworkResult expected = new DeblurringNetwork(new CpuBackend(), network).apply(Images.img(new Hyperstack(image)
			.currentGrey()));
		final ImagePlus input = output(run(NetworkInput.class, "image", image, "model", model.toFile(), "scale", 1), "input");
		assertArrayEquals(new int[] { 34, 26, 1, 1, 1 }, input.getDimensions(), "5 / 9 of the image");
		ImagePlus latent = null;
		for (int stage = 1; stage <= 2; stage++) {
			final ImagePlus features = output(run(FeatureImages.class, "image", input, "latent", latent, "model", model.toFile(),
				"scale", 1, "stage", stage), "features");
			assertEquals("x1 y1", features.getStack().getSliceLabel(1) + " " + features.getStack().getSliceLabel(2));
			assertTrue(features.getProp("Deblurring").startsWith("features of stage " + stage +
				" of scale 1, kernel size 5, beta_k 0.000100, beta_x 0.0100"), features.getProp("Deblurring"));
			final ImagePlus kernel = output(run(KernelOfFeatures.class, "image", features, "size", 5), "kernel");
			final CommandModule whole = run(StageOfNetwork.class, "image", input, "latent", latent, "model", model.toFile(),
				"scale", 1, "stage", stage);
			latent = output(run(ImageOfKernel.class, "image", input, "kernel", kernel), "restored");
			final StageResult result = expected.stages().get(0).get(stage - 1);
			for (final ImagePlus k : List.of(kernel, output(whole, "kernel")))
				assertArrayEquals(Images.values(result.kernel()), (float[]) k.getProcessor().getPixels(), 1e-4f);
			for (final ImagePlus x : List.of(latent, output(whole, "restored")))
				assertArrayEquals(Images.values(result.latent()), (float[]) x.getProcessor().getPixels(), 1e-4f);
			assertArrayEquals(Images.planes(result.features()).get(1).pixels(), (float[]) output(whole, "features").getStack()
				.getPixels(2), 1e-5f);
		}
	}

	private static Path photos(final String name, final int count, final int side) throws IOException {
		final Path photos = Files.createDirectories(folder.resolve(name).resolve("inner")).getParent();
		for (int i = 0; i < count; i++)
			IJ.saveAsTiff(new ImagePlus("p", Given.rectangles(side, side, i)), photos.resolve(i % 2 == 0
				? "inner" : ".").resolve("p" + i + ".tif").toString());
		return photos;
	}

	@Test
	void trainingWritesAModelThatCanBeUsedAndTrainedOn() throws Exception {
		final File out = folder.resolve("trained").toFile();
		final File photos = photos("photos", 3, 150).toFile();
		final CommandModule module = run(TrainNetwork.class, "images", photos, "size", 5, "stages", 1,
			"examples", 24L, "output", out);
		final Path file = folder.resolve("trained.safetensors");
		assertEquals(5, Models.read(file).spec().scales().get(0).kernel());
		assertEquals("camera-shake", Models.read(file).description().get("description").split(" ")[4]);
		assertTrue(output(module, "plot").getWidth() > 300);
		assertEquals(84 + 6 * 108 + 4, output(module, "samples").getWidth(), "six examples side by side");
		run(KernelEstimation.class, "image", Given.image("8-bit"), "model", file.toFile());
		run(TrainNetwork.class, "images", photos, "start", file.toFile(), "size", 9, "stages", 1,
			"examples", 8L, "output", out);
		assertEquals(2, Models.read(file).spec().scales().size());
	}

	/** The paper's scales up to the size asked for, and its camera shake where another blur was not. */
	@Test
	void thePapersNetworkCanBeTrained() throws Exception {
		final File photos = photos("large", 2, 270).toFile(), out = folder.resolve("paper.safetensors").toFile();
		run(TrainNetwork.class, "images", photos, "size", 19, "stages", 1, "examples", 4L, "preset", "paper", "output", out);
		final Model model = Models.read(out.toPath());
		assertEquals(List.of(17, 19), model.spec().kernels());
		assertFalse(model.spec().normalized());
		assertEquals(new StageSpec(32, 9, 32, 2, 2, false), model.spec().scales().get(0).stages().get(0));
		final String plan = model.description().get("plan");
		assertTrue(plan.contains("blur=paper-shake") && plan.contains("crop=256") && plan.contains("ADADELTA"), plan);
		run(TrainNetwork.class, "images", photos, "size", 17, "stages", 1, "examples", 2L, "preset", "paper", "blur",
			"defocus", "output", out);
		assertTrue(Models.read(out.toPath()).description().get("plan").contains("blur=defocus"));
	}

	/** On kernels as a model estimates them, and goes on from there. */
	@Test
	void aRestorationCanBeTrainedAndUsed() throws Exception {
		final File photos = photos("sharp", 3, 260).toFile(), out = folder.resolve("restoration").toFile();
		final Object[] inputs = { "images", photos, "model", model.toFile(), "size", 9, "noise", 0.01, "estimated", 11,
			"output", out, "examples", 8L };
		final CommandModule module = run(TrainRestoration.class, inputs);
		final Path file = folder.resolve("restoration.safetensors");
		final RestorationModel trained = RestorationModel.read(file), before = RestorationModel.bundled(RestorationModel.USUAL);
		assertEquals("sharp", trained.description().get("training_data"));
		assertEquals(before.spec(), trained.spec());
		assertTrue(change(before, trained) > 0 && change(before, trained) < 0.01, "begun elsewhere: " + change(before, trained));
		assertTrue(output(module, "plot").getWidth() > 300);
		final Path kernels = folder.resolve("restoration.safetensors.kernels");
		assertEquals(10, EstimatedExamples.read(kernels, false).size());
		assertEquals(208, EstimatedExamples.read(kernels, true).get(0).blurry().width());
		final CommandModule used = run(NonBlindDeconvolution.class, "image", Given.image("8-bit"), "kernel", Given.point(5, 5, 1, 2),
			"restoration", file.toString());
		assertNotNull(output(used, "deblurred"));
		run(TrainRestoration.class, "images", photos, "start", "scratch", "size", 5, "estimated", 0, "output", out, "examples", 4L);
		assertTrue(RestorationModel.read(file).description().get("plan").contains("largest=5"));
	}

	/** What is learned begins with the restoration that follows the model. */
	@Test
	void aRestorationOfAClassIsTrainedOn() throws Exception {
		final File photos = photos("pages", 2, 260).toFile(), out = folder.resolve("pages.safetensors").toFile();
		run(TrainRestoration.class, "images", photos, "model", new File("text"), "size", 5, "estimated", 0, "output", out, "examples",
			4L);
		final RestorationModel trained = RestorationModel.read(out.toPath()), text = RestorationModel.bundled("text");
		assertTrue(change(text, trained) < 0.01, "begun elsewhere: " + change(text, trained));
		final double other = change(RestorationModel.bundled(RestorationModel.USUAL), trained);
		assertTrue(other > 2 * change(text, trained), other + " from the general one");
	}

	/** Of all weights, squared and by their squares. */
	private static double change(final RestorationModel before, final RestorationModel after) {
		double change = 0, size = 0;
		for (final String name : before.parameters().keySet())
			for (int i = 0; i < before.parameters().get(name).length; i++) {
				change += Math.pow(after.parameters().get(name)[i] - before.parameters().get(name)[i], 2);
				size += Math.pow(before.parameters().get(name)[i], 2);
			}
		return change / size;
	}

	@Test
	void previewListsAndWritesNothing() throws Exception {
		final Path photos = photos("preview", 2, 130);
		IJ.saveAsTiff(new ImagePlus("p", Given.rectangles(40, 40, 1)), photos.resolve("small.tif")
			.toString());
		Files.writeString(photos.resolve("broken.png"), "no image");
		final long files = count(folder);
		final String told = Captured.out(() -> run(TrainNetwork.class, "images", photos.toFile(), "size", 5,
			"preview", true));
		assertTrue(told.contains("2 of 4 images taken"), told);
		assertTrue(told.contains("  used: p1.tif"), told);
		assertTrue(told.contains("small.tif is too small: 40x40 pixels, but a side of 108 is needed"), told);
		assertTrue(told.contains("  not used: " + photos.resolve("broken.png")), told);
		assertEquals(files, count(folder));
	}

	private static long count(final Path f) throws IOException {
		try (var files = Files.walk(f)) {
			return files.count();
		}
	}

	/**
	 * Cancels a task once it has told something. The command then ends within 0.1 to 0.4 s if nothing else is
	 * going on. Machines of continuous integration are not like that: hence the limit, one second of all
	 * processors, is on the time that the processors worked.
	 */
	private static void cancel(final Class<? extends Command> command,
		final String whenTold, final CommandModule[] result, final Object... inputs) throws Exception
	{
		final OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory
			.getOperatingSystemMXBean();
		final long[] canceled = new long[1];
		final EventService events = context.service(EventService.class);
		final Object listener = new Object() {

			@EventHandler
			public void onEvent(final TaskEvent e) {
				final Task task = e.getTask();
				if (canceled[0] != 0 || task.getStatusMessage() == null || !task.getStatusMessage().contains(
					whenTold)) return;
				canceled[0] = machine.getProcessCpuTime();
				task.cancel("enough");
			}
		};
		final List<EventSubscriber<?>> subscribers = events.subscribe(listener);
		final Future<CommandModule> future = context.service(CommandService.class).run(command, true,
			inputs);
		result[0] = future.get();
		final double seconds = (machine.getProcessCpuTime() - canceled[0]) * 1e-9;
		System.out.println(command.getSimpleName() + " worked for " + seconds + " s after cancel");
		events.unsubscribe(subscribers);
		assertTrue(canceled[0] != 0, "ended before it could be canceled");
		assertTrue(((Cancelable) result[0]).isCanceled());
		assertNull(result[0].getCancelReason(), "no message: the user knows");
		assertTrue(seconds < machine.getAvailableProcessors(), seconds + " s");
	}

	@Test
	void cancelInTheMiddleOfTraining() throws Exception {
		final File out = folder.resolve("canceled.safetensors").toFile();
		final CommandModule[] module = new CommandModule[1];
		cancel(TrainNetwork.class, "left", module, "images", photos(
			"cancel", 2, 130).toFile(), "size", 5, "stages", 1, "minutes", 10.0, "output", out);
		assertEquals(5, Models.read(out.toPath()).spec().scales().get(0).kernel());
		assertTrue(Files.exists(Trainer.checkpointFile(out.toPath())));
		assertNull(output(module[0], "plot"));
	}

	@Test
	void cancelInTheMiddleOfRestoration() throws Exception {
		final ImagePlus large = new ImagePlus("large", Given.rectangles(3000, 1500, 1));
		final ImagePlus kernel = Given.point(5, 5, 2, 2);
		kernel.getProcessor().setf(1, 2, kernel.getProcessor().getf(2, 2)); // a point alone is no blur, and takes no time
		final CommandModule[] module = new CommandModule[1];
		cancel(NonBlindDeconvolution.class, "Restoring", module, "image",
			large, "kernel", kernel, "restoration", "richardson-lucy");
		assertNull(output(module[0], "deblurred"));
	}

	@Test
	void fastPathIsWrittenOnlyIfWanted() throws Exception {
		final Path fiji = Files.createDirectories(folder.resolve("Fiji/config/jaunch")).getParent()
			.getParent();
		final Path file = fiji.resolve("config/jaunch/extra-deblur.toml");
		Files.writeString(fiji.resolve("config/jaunch/fiji.toml"),
			"includes = ['jvm.toml', 'python.toml', 'extra*.toml']\n");
		assertNotNull(run(FastCpuSetup.class, "folder", fiji.toFile()).getOutput("report"));
		assertFalse(Files.exists(file));
		final String report = (String) run(FastCpuSetup.class, "folder", fiji.toFile(), "write", true)
			.getOutput("report");
		assertTrue(report.startsWith("Wrote " + file + ". Restart Fiji"), report);
		assertEquals("jvm.runtime-args = ['JAVA:17+|--add-modules=jdk.incubator.vector']", Files.readAllLines(
			file).get(1));
	}

	/** In README, and on the page for ImageJ's wiki. */
	@Test
	void everyCommandIsExplained() throws Exception {
		for (final String page : List.of("README.md", "src/site/learning-to-deblur.md")) {
			final String text = Files.readString(Path.of(page));
			for (final String line : Files.readAllLines(Path.of("plugins.config")))
				if (!line.startsWith("#")) assertTrue(text.contains("| *" + line.split("\"")[1] + "* |"), page +
					" lacks " + line);
		}
	}

	/** Of what plugins can add to, dialogs list what there is. */
	@Test
	void choicesAreWhatThereIs() {
		int restorations = 0, blurs = 0;
		for (final CommandInfo info : context.service(CommandService.class).getCommands())
			for (final ModuleItem<?> item : info.inputs()) {
				if (!info.getClassName().startsWith("io.github.learningtodeblur")) continue;
				if (item.getName().equals("restoration")) {
					assertEquals(Restorations.names(), Choices.of(item));
					restorations++;
				}
				if (item.getName().equals("blur")) {
					assertEquals(BlurFamilies.names(), Choices.of(item));
					blurs++;
				}
				if (item.getName().equals("preset")) assertEquals(List.of("usual", "paper"), Choices.of(item));
			}
		assertEquals(3, restorations);
		assertEquals(3, blurs);
	}

	/** Whatever computes; the rest has nothing to ask. */
	@Test
	void theDeviceCanBeChosen() {
		final List<String> without = new ArrayList<>();
		for (final CommandInfo info : context.service(CommandService.class).getCommands()) {
			if (!info.getClassName().startsWith("io.github.learningtodeblur")) continue;
			final ModuleItem<?> device = info.getInput("device");
			if (device == null) without.add(info.getMenuPath().getLeaf().getName());
			else {
				assertEquals(List.of("auto", "cpu", "cuda"), Choices.of(device));
				assertEquals("auto", device.getDefaultValue());
				assertTrue(device.getDescription().startsWith("auto: an NVIDIA GPU"), device.getDescription());
			}
		}
		Collections.sort(without);
		assertEquals(List.of("Enable Fast CPU Path...", "Evaluate Deblurring...", "Simulate Camera Shake..."), without);
	}

	/** Where there is a GPU it is used; elsewhere a sentence says what is missing, and nothing else is done instead. */
	@Test
	void aGpuThatIsAskedForIsUsedOrMissed() throws Exception {
		String obstacle = null;
		try (Backend device = Backends.open(Backends.CUDA)) {
			assertNotNull(device.name());
		}
		catch (final BackendUnavailable e) {
			obstacle = e.getMessage() + ".";
		}
		final ImagePlus image = Given.image("8-bit"), point = Given.point(5, 5, 2, 2);
		for (final CommandModule module : List.of(run(context, KernelEstimation.class, "image", image, "model", model.toFile(),
			"device", "cuda"), run(context, NonBlindDeconvolution.class, "image", image, "kernel", point, "device", "cuda"), run(
				context, NetworkInput.class, "image", image, "model", model.toFile(), "device", "cuda")))
		{
			assertEquals(obstacle, module.getCancelReason());
			final String name = module.getInfo().outputs().iterator().next().getName();
			assertEquals(obstacle == null, module.getOutput(name) != null, name);
		}
	}

	/** The same labels in both menus, and keys that ImageJ's recorder leaves as they are. */
	@Test
	void bothMenusAgree() throws Exception {
		final List<String> scijava = new ArrayList<>(), plain = new ArrayList<>();
		for (final CommandInfo info : context.service(CommandService.class).getCommands()) {
			if (!info.getClassName().startsWith("io.github.learningtodeblur")) continue;
			scijava.add(info.getMenuPath().getMenuString(false).replace(" > ", ">") + " " + info.getMenuPath().getLeaf().getName() + " " +
				info.getClassName());
			assertEquals("Plugins > Deblur", info.getMenuPath().subList(0, 2).get(0).getName() + " > " + info
				.getMenuPath().get(1).getName());
			assertTrue(info.canRunHeadless());
			assertTrue(info.is("no-legacy"), "left to ImageJ in macros");
			info.inputs().forEach(i -> assertTrue(i.getName().matches("[a-z]+|.*Service"), i.getName()));
		}
		for (final String line : Files.readAllLines(Path.of("plugins.config")))
			if (!line.startsWith("#")) {
				final String[] part = line.split("\"");
				assertTrue(part[0].matches("Plugins>Deblur(>Modules)?, "), part[0]);
				assertEquals(", " + CommandPlugIn.class.getName() + "(", part[2]);
				plain.add(part[0].replace(", ", " ") + part[1] + " " + part[3]);
			}
		assertEquals(15, plain.size());
		Collections.sort(plain);
		Collections.sort(scijava);
		assertEquals(plain, scijava);
	}
}
