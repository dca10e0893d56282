package io.github.learningtodeblur.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandModule;
import org.scijava.module.ModuleItem;

import ij.IJ;
import ij.ImagePlus;
import ij.VirtualStack;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import io.github.learningtodeblur.model.Models;

/** What users read for each mistake: one sentence, no stack trace, and no output. */
class BadInputTest {

	@TempDir
	static Path folder;
	private static Context context;
	private static String model;

	@BeforeAll
	static void start() throws IOException {
		context = new Context();
		model = Given.model(folder).toString();
		Files.createDirectories(folder.resolve("empty"));
		Files.createDirectories(folder.resolve("unreadable"));
		Files.writeString(folder.resolve("unreadable/broken.png"), "no image");
		Files.createDirectories(folder.resolve("small"));
		Files.createDirectories(folder.resolve("old/config/jaunch"));
		Files.writeString(folder.resolve("old/config/jaunch/fiji.toml"), "includes = ['jvm.toml']\n");
		IJ.saveAsTiff(new ImagePlus("s", Given.rectangles(40, 40, 1)), folder.resolve("small/a.tif")
			.toString());
		Files.createDirectories(folder.resolve("good"));
		IJ.saveAsTiff(new ImagePlus("s", Given.rectangles(130, 130, 1)), folder.resolve("good/a.tif")
			.toString());
		final byte[] bytes = Files.readAllBytes(Path.of(model));
		Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(bytes, bytes.length - 40));
		Files.writeString(folder.resolve("text.safetensors"), "This is not a model at all.");
	}

	@AfterAll
	static void stop() {
		context.dispose();
	}

	/** @param inputs keys and values; FOLDER stands for the folder of this test */
	private record Case(String name, Class<? extends Command> command, Object[] inputs,
		String sentence)
	{

		@Override
		public String toString() {
			return name;
		}
	}

	private static final String BUNDLED = Models.bundled().isEmpty() ? "none is bundled"
		: "bundled are " + String.join(", ", Models.bundled());
	private static final Map<String, Case> CASES = new LinkedHashMap<>();

	private static void add(final String name, final Class<? extends Command> command,
		final String sentence, final Object... inputs)
	{
		CASES.put(name, new Case(name, command, inputs, sentence));
	}

	private static ImagePlus grey() {
		return new ImagePlus("grey", Given.rectangles(61, 47, 1));
	}

	private static ImagePlus with(final Roi roi, final ImagePlus image) {
		image.setRoi(roi);
		return image;
	}

	private static ImagePlus nan() {
		final FloatProcessor ip = Given.rectangles(61, 47, 1).convertToFloatProcessor();
		ip.setf(4, 2, Float.POSITIVE_INFINITY);
		return new ImagePlus("nan", ip);
	}

	/** Stands for an image that does not fit into memory. */
	private static final class Huge extends VirtualStack {

		Huge() {
			super(40_000, 30_000, null, null);
		}

		@Override
		public ImageProcessor getProcessor(final int n) {
			throw new OutOfMemoryError("Java heap space");
		}

		@Override
		public int getSize() {
			return 1;
		}

		@Override
		public int size() {
			return 1;
		}

		@Override
		public int getBitDepth() {
			return 16;
		}
	}

	private static ImagePlus huge() {
		return new ImagePlus("huge", Given.rectangles(61, 47, 1)) {

			@Override
			public ij.ImageStack getStack() {
				return new Huge();
			}

			@Override
			public int getWidth() {
				return 40_000;
			}

			@Override
			public int getHeight() {
				return 30_000;
			}

			@Override
			public int getBitDepth() {
				return 16;
			}
		};
	}

	static Iterable<Case> cases() {
		CASES.clear();
		add("no image open", BlindDeconvolution.class, "There is no image: open one first.", "model",
			"FOLDER/tiny.safetensors");
		add("no kernel image", NonBlindDeconvolution.class, "There is no kernel image: open one first.",
			"image", grey());
		add("RGB, selection outside", BlindDeconvolution.class,
			"The selection lies outside the image: move it, or remove it with Edit > Selection > Select None.",
			"image", with(new Roi(500, 500, 40, 40), Given.image("RGB")), "model",
			"FOLDER/tiny.safetensors");
		add("selection too small", KernelEstimation.class,
			"The selection is too small: 20x30 pixels, but for blurs up to 9 pixels at least 27x27 are needed.",
			"size", "9", "image", with(new Roi(0, 0, 20, 30), grey()), "model", "FOLDER/tiny.safetensors");
		add("image too small", BlindDeconvolution.class,
			"The image is too small: 8x47 pixels, but for blurs up to 5 pixels at least 15x15 are needed.",
			"image", new ImagePlus("s", Given.rectangles(8, 47, 1)), "model", "FOLDER/tiny.safetensors");
		add("constant image", BlindDeconvolution.class,
			"The image is constant (all pixels are alike): there is no blur to be seen.", "image", new ImagePlus(
				"black", new ByteProcessor(61, 47)), "model", "FOLDER/tiny.safetensors");
		add("infinite", BlindDeconvolution.class, "The image contains the value Infinity, at pixel 4,2.", "image",
			nan(), "model", "FOLDER/tiny.safetensors");
		add("kernel larger than image", NonBlindDeconvolution.class,
			"The kernel image (65x65 pixels) is larger than the image (61x47): crop it around the kernel.",
			"image", grey(), "kernel", Given.point(65, 65, 3, 3));
		final ImagePlus both = grey();
		add("kernel is the image", NonBlindDeconvolution.class,
			"The image cannot be its own kernel: choose two images.", "image", both, "kernel", both);
		add("empty kernel", NonBlindDeconvolution.class,
			"The kernel is empty: it has no values above 0.", "image", grey(), "kernel", new ImagePlus(
				"k", new ByteProcessor(5, 5)));
		add("infinite in kernel", NonBlindDeconvolution.class, "The kernel image contains the value Infinity.",
			"image", new ImagePlus("g", Given.rectangles(70, 70, 1)), "kernel", nan());
		add("unknown model", BlindDeconvolution.class, "There is no model 'nonsense': neither a file nor a bundled model (" + BUNDLED + ").", "image", grey(), "model", "nonsense");
		add("model file missing", BlindDeconvolution.class, "There is no model 'FOLDER/none.safetensors': neither a file nor a bundled model (" + BUNDLED + ").", "image", grey(), "model",
			"FOLDER/none.safetensors");
		add("model file cut", BlindDeconvolution.class, "FOLDER/cut.safetensors is cut: it has 992 of 1032 bytes of data.", "image", grey(), "model",
			"FOLDER/cut.safetensors");
		add("model file is something else", BlindDeconvolution.class, "FOLDER/text.safetensors is not a safetensors file, or its header is too large: 2338328219631577172 bytes where 1048576 are allowed.", "image", grey(), "model",
			"FOLDER/text.safetensors");
		add("model is a folder", BlindDeconvolution.class, "FOLDER/empty is a folder, not a model file.",
			"image", grey(), "model", "FOLDER/empty");
		add("size too large", BlindDeconvolution.class, "The largest blur size must be \"auto\" or a number of pixels up to 255, got \"300\".",
			"image", grey(), "model", "FOLDER/tiny.safetensors", "size", "300");
		add("size no number", BlindDeconvolution.class,
			"The largest blur size must be \"auto\" or a number of pixels up to 255, got \"big\".", "image", grey(), "model",
			"FOLDER/tiny.safetensors", "size", "big");
		add("strength", BlindDeconvolution.class, "Strength must be 0.01 to 30, got -1.0.", "image", grey(),
			"model", "FOLDER/tiny.safetensors", "strength", -1.0);
		add("restoration", BlindDeconvolution.class,
			"Restoration must be one of [learned, learned-text, learned-microscopy, sparse, wiener, richardson-lucy], got \"magic\".", "image", grey(),
			"model", "FOLDER/tiny.safetensors", "restoration", "magic");
		add("restoration's file", BlindDeconvolution.class, "FOLDER/tiny.safetensors is not a learned restoration: its format is " +
			"'deblur-1' where 'deblur-restoration-2' is needed.", "image", grey(), "model", "FOLDER/tiny.safetensors", "restoration",
			"FOLDER/tiny.safetensors");
		add("device", BlindDeconvolution.class, "Device must be one of [auto, cpu, cuda], got \"gpu\".", "image", grey(),
			"model", "FOLDER/tiny.safetensors", "device", "gpu");
		add("device of training", TrainNetwork.class, "Device must be one of [auto, cpu, cuda], got \"gpu\".", "images",
			"FOLDER/good", "output", "FOLDER/x.safetensors", "size", 5, "examples", 8L, "device", "gpu");
		add("out of memory", NonBlindDeconvolution.class, "Not enough memory: about 38.2 GB are needed, " +
			"and ImageJ may use MEMORY (Edit > Options > Memory & Threads sets more); " +
			"a smaller image or selection needs less.", "image", huge(), "kernel", Given.point(3, 3, 1, 1));
		add("simulated kernel too large", CameraShakeSimulation.class,
			"The kernel (49x49 pixels) is larger than the image (61x47).", "image", grey(), "size", 49);
		add("simulated kernel even", CameraShakeSimulation.class,
			"Kernel size must be odd and at least 3, got 8.", "image", grey(), "size", 8);
		add("no folder of images", FolderDeblurring.class, "No folder of blurry images was chosen.", "output",
			"FOLDER/results");
		add("no folder for results", FolderDeblurring.class, "No folder for the results was chosen.", "input",
			"FOLDER/good");
		add("results among the images", FolderDeblurring.class,
			"The folder for the results must be another than that of the blurry images.", "input", "FOLDER/good",
			"output", "FOLDER/empty/../good");
		add("no files of this name", FolderDeblurring.class, "There are no files named *.gif in FOLDER/good.",
			"input", "FOLDER/good", "output", "FOLDER/results", "pattern", "*.gif");
		add("results into a file", FolderDeblurring.class, "FOLDER/good/a.tif is a file, not a folder.", "input",
			"FOLDER/good", "output", "FOLDER/good/a.tif");
		add("sizes differ", Evaluation.class, "Images of different size cannot be compared: grey has 61x47 " +
			"pixels, 1 slice, 1 frame and stack.tif has 61x47 pixels, 3 slices, 1 frame.", "image", grey(),
			"sharp", Given.image("stack"));
		add("restoration's training folder", TrainRestoration.class, "No folder of sharp images was chosen.", "output",
			"FOLDER/x.safetensors", "examples", 8L);
		add("restoration's images too small", TrainRestoration.class,
			"No usable images in FOLDER/good: 0 of 1 images taken (0 left out by name, 1 with a side below 239 pixels, 0 not readable).",
			"images", "FOLDER/good", "output", "FOLDER/x.safetensors",
			"examples", 8L);
		add("restoration, nothing to resume", TrainRestoration.class,
			"There is no run to resume: FOLDER/x.safetensors.checkpoint does not exist.", "images", "FOLDER/good", "output",
			"FOLDER/x.safetensors", "resume", true);
		add("restoration, even size", TrainRestoration.class, "Kernel sizes must be odd, from 3 on, got 8 to 8.", "images",
			"FOLDER/good", "output", "FOLDER/x.safetensors", "size", 8);
		add("no training folder", TrainNetwork.class, "No folder of sharp images was chosen.", "output",
			"FOLDER/x.safetensors", "size", 5);
		add("training folder missing", TrainNetwork.class, "There is no folder FOLDER/nowhere.", "images",
			"FOLDER/nowhere", "output", "FOLDER/x.safetensors", "size", 5);
		add("empty folder", TrainNetwork.class, "There are no image files in FOLDER/empty: " +
			"png, jpg, tif, bmp and gif are read, also in folders inside.", "images", "FOLDER/empty", "output",
			"FOLDER/x.safetensors", "size", 5);
		add("no readable images", TrainNetwork.class,
			"No usable images in FOLDER/unreadable: 0 of 1 images taken (0 left out by name, 0 with a side " +
				"below 108 pixels, 1 not readable); the first error: FOLDER/unreadable/broken.png is not an " +
				"image, or of a kind that cannot be read.", "images", "FOLDER/unreadable", "output",
			"FOLDER/x.safetensors", "size", 5);
		add("images too small", TrainNetwork.class,
			"No usable images in FOLDER/small: 0 of 1 images taken (0 left out by name, 1 with a side " +
				"below 108 pixels, 0 not readable).", "images", "FOLDER/small", "output",
			"FOLDER/x.safetensors", "size", 5);
		add("no output", TrainNetwork.class, "No model file to write was chosen.", "images", "FOLDER/good",
			"size", 5);
		add("output is a folder", TrainNetwork.class, "Cannot write FOLDER/empty.d: it is a folder.",
			"images", "FOLDER/good", "output", "FOLDER/empty.d", "size", 5);
		add("output nowhere", TrainNetwork.class,
			"Cannot write FOLDER/nowhere/x.safetensors: there is no folder FOLDER/nowhere.", "images",
			"FOLDER/good", "output", "FOLDER/nowhere/x", "size", 5);
		add("nothing to resume", TrainNetwork.class,
			"There is no run to resume: FOLDER/x.safetensors.checkpoint does not exist.", "images",
			"FOLDER/good", "output", "FOLDER/x.safetensors", "size", 5, "resume", true);
		add("noise", TrainNetwork.class, "Noise is a number or a range such as 0-0.02, got \"much\".",
			"images", "FOLDER/good", "output", "FOLDER/x.safetensors", "size", 5, "noise", "much");
		add("even size", TrainNetwork.class, "Kernel size must be odd, got 8.", "images", "FOLDER/good",
			"output", "FOLDER/x.safetensors", "size", 8);
		add("no budget", TrainNetwork.class, "Training needs a time or a number of examples above 0.",
			"images", "FOLDER/good", "output", "FOLDER/x.safetensors", "size", 5, "minutes", 0.0);
		add("an old Fiji", FastCpuSetup.class, "The launcher in FOLDER/old does not read files of settings " +
			"besides its own: update Fiji (Help > Update...), or add the line " +
			"'JAVA:17+|--add-modules=jdk.incubator.vector' to jvm.runtime-args in " +
			"FOLDER/old/config/jaunch/fiji.toml.", "folder", "FOLDER/old", "write", true);
		add("no Fiji", FastCpuSetup.class, "FOLDER/empty is not a Fiji that is started by Jaunch: it has no " +
			"folder config/jaunch. Elsewhere, start Java with --add-modules=jdk.incubator.vector.", "folder",
			"FOLDER/empty", "write", true);
		return CASES.values();
	}

	@ParameterizedTest
	@MethodSource("cases")
	void oneSentence(final Case c) throws Exception {
		Files.createDirectories(folder.resolve("empty.d"));
		final Object[] inputs = c.inputs.clone();
		for (int i = 1; i < inputs.length; i += 2)
			if (inputs[i] instanceof String s && (s.startsWith("FOLDER") || inputs[i - 1].equals("model")))
				inputs[i] = Path.of(s.replace("FOLDER", folder.toString())).toFile();
		final CommandModule[] module = new CommandModule[1];
		final String printed = Captured.err(() -> module[0] = CommandsTest.run(context, c.command,
			inputs));
		assertTrue(module[0].isCanceled(), "should have failed");
		final String told = module[0].getCancelReason().replace(folder.toString(), "FOLDER");
		System.out.println("| " + c.name + " | " + told + " |");
		assertEquals(c.sentence.replace("MEMORY", memory()), told.replace('\\',
			'/'));
		assertFalse(printed.contains("\tat "), printed);
		assertTrue(printed.contains(module[0].getCancelReason()), "also on stderr: " + printed);
		for (final ModuleItem<?> output : module[0].getInfo().outputs())
			assertEquals(null, output.getValue(module[0]), output.getName());
	}

	/** File systems often name the file and nothing else. */
	@Test
	void whatFileSystemsSayBecomesASentence() {
		final Map<IOException, String> sentences = new LinkedHashMap<>();
		sentences.put(new NoSuchFileException("a/b"), "There is no file a/b.");
		sentences.put(new AccessDeniedException("a/b"), "No permission to read or write a/b.");
		sentences.put(new FileAlreadyExistsException("a/b"), "There is a file a/b already.");
		sentences.put(new NotDirectoryException("a/b"), "a/b is not a folder.");
		sentences.put(new DirectoryNotEmptyException("a/b"), "The folder a/b is not empty.");
		sentences.put(new FileSystemException("a/b", null, "No space left on device"),
			"Cannot read or write a/b: No space left on device.");
		sentences.put(new FileSystemException("a/b"), "Cannot read or write a/b.");
		sentences.put(new IOException("The disk is on fire"), "The disk is on fire.");
		sentences.forEach((e, sentence) -> {
			assertEquals(sentence, Failure.sentence(e, 0));
			assertEquals(sentence, Failure.sentence(new RuntimeException(e), 0), "from a task");
		});
	}

	private static String memory() {
		final String sentence = Failure.sentence(new OutOfMemoryError(), 0);
		return sentence.substring(sentence.indexOf("may use ") + 8, sentence.indexOf(" (Edit"));
	}
}
