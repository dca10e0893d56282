package io.github.learningtodeblur.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.BackendUnavailable;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.batch.Folders;
import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.train.NetworkLayout;
import io.github.learningtodeblur.train.Preset;
import io.github.learningtodeblur.train.TrainingPlan;
import io.github.learningtodeblur.util.LinearLight;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.ValidConvolution;
import picocli.CommandLine;

/** The command line as a user meets it: exit codes, last lines, and one sentence for each mistake. */
class MainTest {

	@TempDir
	Path folder;
	private Path model;
	private String out;
	private String err;

	/** It says once which loops it takes, on whatever stderr is then. */
	@BeforeAll
	static void loadBackend() {
		new CpuBackend();
	}

	@BeforeEach
	void writeModel() throws IOException {
		model = Folders.tinyModel(folder);
	}

	private int run(final String... args) {
		final Told told = Told.by(args);
		out = told.out();
		err = told.err();
		return told.code();
	}

	private Path image(final String name, final int width, final int height) throws IOException {
		final Plane p = new Plane(width + 4, height + 4);
		final Random random = new Random(5);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = random.nextFloat();
		final Path file = folder.resolve(name);
		Files.createDirectories(file.getParent());
		// what is sharp, or nothing but noise, would be left as it is
		final Plane disc = new Plane(5, 5);
		Arrays.fill(disc.pixels(), 1 / 25f);
		ImageFiles.writeTiff(file, List.of(ValidConvolution.convolve(p, disc)));
		return file;
	}

	private String lastLine() {
		return out.substring(out.lastIndexOf('\n') + 1);
	}

	@Test
	void deblurWritesImageAndKernel() throws IOException {
		final Path image = image("photo.tif", 70, 50), results = folder.resolve("results");
		assertEquals(0, run("deblur", "--image=" + image, "--model=" + model, "--out=" + results, "--size="),
			err);
		final Matcher last = Pattern.compile(
			"done kernel=5x5 seconds=[0-9.]+ image=(\\S+) kernel_image=(\\S+)").matcher(lastLine());
		assertTrue(last.matches(), out);
		final ImageFiles.Picture restored = ImageFiles.read(Path.of(last.group(1)));
		assertEquals(70, restored.width());
		assertEquals(50, restored.height());
		assertEquals(1, ImageFiles.read(Path.of(last.group(2))).channels().get(0).sum(), 1e-4);
		assertTrue(Files.exists(results.resolve("photo-deblurred.png")));
		assertTrue(Files.exists(results.resolve("photo-kernel.png")));
		final List<String> report = Files.readAllLines(results.resolve("photo-report.csv"));
		assertEquals("image," + Report.COLUMNS, report.get(0));
		final Report told = Report.parse(List.of(report.get(1).split(",")).subList(1, Report.NAMES.size() + 1));
		assertEquals(5, told.kernelWidth());
		assertTrue(out.contains(told.confidence().sentence()) || told.extentWidth() == 1, out);
	}

	/** The very same values, and the log says why. */
	@Test
	void sharpImagesAreLeftAsTheyAre() throws IOException {
		final Path results = folder.resolve("results"), image = folder.resolve("street.tif");
		ImageFiles.writeTiff(image, List.of(Disturbances.street()));
		assertEquals(0, run("deblur", "--image=" + image, "--model=" + model, "--out=" + results), err);
		assertTrue(out.contains("No blur found: the image is left as it is"), out);
		assertEquals(ImageFiles.read(image).channels(), ImageFiles.read(results.resolve("street-deblurred.tif")).channels());
		assertTrue(Files.readString(results.resolve("street-report.csv")).contains(",no_blur,1"));
		// but not against the word of the user
		assertEquals(0, run("deblur", "--image=" + image, "--model=" + model, "--out=" + results, "--blurred", "--refine=0"), err);
		assertTrue(Files.readString(results.resolve("street-report.csv")).matches("(?s).*,(certain|likely|doubtful),.*"), out);
	}

	/** Far from 0, in a unit: so are the result, what is told of it, and the picture to look at. */
	@Test
	void unitsAreKept() throws IOException {
		final Path image = image("photo.tif", 70, 50);
		final Plane kelvin = ImageFiles.read(image).luminance();
		for (int i = 0; i < kelvin.pixels().length; i++)
			kelvin.pixels()[i] = 290 + 20 * kelvin.pixels()[i];
		ImageFiles.writeTiff(image, List.of(kelvin));
		assertEquals(0, run("deblur", "--image=" + image, "--model=" + model, "--out=" + folder, "--refine=0", "--restoration=wiener"), err);
		final ImageFiles.Picture restored = ImageFiles.read(folder.resolve("photo-deblurred.tif"));
		assertEquals(kelvin.percentile(0.5), restored.inUnits(restored.channels()).get(0).percentile(0.5), 2);
		assertTrue(Pattern.compile("values from (29|30)\\d").matcher(out).find(), out);
		final Plane seen = ImageFiles.read(folder.resolve("photo-deblurred.png")).luminance();
		assertTrue(seen.percentile(0.02) < 0.3 && seen.percentile(0.98) > 0.7, "a picture to look at");
	}

	/** With a kernel that is a point with a camera's offset around, nothing changes, and nothing is estimated. */
	@Test
	void aKnownKernelIsTaken() throws IOException {
		final Path image = image("photo.tif", 70, 50), kernel = folder.resolve("psf.tif");
		final Plane measured = new Plane(9, 9);
		Arrays.fill(measured.pixels(), 0.1f);
		measured.pixels()[31] = 1;
		ImageFiles.writeTiff(kernel, List.of(measured));
		assertEquals(0, run("deblur", "--image=" + image, "--kernel=" + kernel, "--model=" + model, "--out=" + folder), err);
		assertTrue(out.contains("note: " + kernel + " has a background of 0.1000, which was taken off"), out);
		assertTrue(lastLine().startsWith("done kernel=1x1"), out);
		assertTrue(out.contains("note: the kernel is given, so nothing is estimated, and --model has no effect but on which restoration"), out);
		final Path report = Files.createFile(folder.resolve("photo-report.csv"));
		assertEquals(0, run("deblur", "--image=" + image, "--kernel=" + kernel, "--size=9", "--out=" + folder), err);
		assertTrue(out.contains("and --size has no effect"), out);
		assertTrue(!Files.exists(report), "it was of another result");
		assertError("pixels, more than the image", "deblur", "--image=" + image, "--kernel=" + image("wide.tif", 90, 90), "--out=" +
			folder);
		final Plane infinite = new Plane(70, 50), unknown = new Plane(70, 50);
		infinite.pixels()[5] = Float.POSITIVE_INFINITY;
		Arrays.fill(unknown.pixels(), Float.NaN);
		final Path inf = folder.resolve("inf.tif"), nan = folder.resolve("nan.tif"), shake = folder.resolve("shake.tif");
		measured.pixels()[30] = 1;
		ImageFiles.writeTiff(shake, List.of(measured));
		ImageFiles.writeTiff(inf, List.of(infinite));
		ImageFiles.writeTiff(nan, List.of(unknown));
		assertError("contains the value Infinity", "deblur", "--image=" + inf, "--kernel=" + shake, "--out=" + folder);
		assertError("nothing of it is known", "deblur", "--image=" + nan, "--kernel=" + shake, "--out=" + folder);
		assertArrayEquals(ImageFiles.read(image).luminance().pixels(), ImageFiles.read(folder.resolve("photo-deblurred.tif"))
			.luminance().pixels(), 1e-6f);
	}

	@Test
	void whatTheMaskLeavesOutStays() throws IOException {
		final Path image = image("photo.tif", 70, 50), mask = folder.resolve("mask.tif");
		final Plane dim = Disturbances.shakenStreet().blurry().crop(60, 20, 70, 50); // above 1, reading scales
		for (int i = 0; i < dim.pixels().length; i++)
			dim.pixels()[i] *= 0.5f;
		ImageFiles.writeTiff(image, List.of(dim));
		final Plane believed = new Plane(70, 50);
		Arrays.fill(believed.pixels(), 70 * 12, 70 * 50, 1);
		ImageFiles.writeTiff(mask, List.of(believed));
		final float[] before = ImageFiles.read(image).luminance().pixels();
		for (final String more : new String[] { "--size=", "--linear" }) {
			assertEquals(0, run("deblur", "--image=" + image, "--mask=" + mask, "--refine=0", "--out=" + folder, more), err);
			final float[] after = ImageFiles.read(folder.resolve("photo-deblurred.tif")).luminance().pixels();
			assertArrayEquals(Arrays.copyOf(before, 70 * 12), Arrays.copyOf(after, 70 * 12), 1e-6f);
			assertTrue(!Arrays.equals(Arrays.copyOfRange(before, 70 * 20, 70 * 50), Arrays.copyOfRange(after, 70 * 20, 70 * 50)));
		}
		ImageFiles.writeTiff(mask, List.of(new Plane(70, 50)));
		assertError("The mask is 0 everywhere", "deblur", "--image=" + image, "--mask=" + mask, "--model=" + model, "--out=" +
			folder);
	}

	/** What was blurred as light and saved with gamma is restored as light. */
	@Test
	void linearTakesTheGammaOff() throws IOException {
		final Plane kernel = new Plane(9, 9);
		Arrays.fill(kernel.pixels(), 36, 45, 1 / 9f);
		final Plane sharp = new Plane(128, 100);
		for (int i = 0; i < sharp.pixels().length; i++)
			sharp.pixels()[i] = i % 128 / 16 % 2 == 0 ? 0.1f : i % 128 / 32 % 2 == 0 ? 0.9f : 0.5f;
		final Plane blurry = LinearLight.saved(ValidConvolution.convolve(LinearLight.of(sharp), kernel));
		final Path image = folder.resolve("lights.tif"), psf = folder.resolve("psf.tif");
		ImageFiles.writeTiff(image, List.of(blurry));
		ImageFiles.writeTiff(psf, List.of(kernel));
		final double[] psnr = new double[2];
		for (int linear = 0; linear < 2; linear++) {
			assertEquals(0, run("deblur", "--image=" + image, "--kernel=" + psf, "--model=" + model, "--out=" + folder,
				"--restoration=sparse", "--linear=" + (linear == 1)), err);
			psnr[linear] = Score.of(ImageFiles.read(folder.resolve("lights-deblurred.tif")).luminance(), sharp.crop(4, 4, blurry
				.width(), blurry.height())).psnr();
		}
		assertTrue(psnr[1] > psnr[0] + 6, Arrays.toString(psnr));
	}

	@Test
	void theKernelComesFromTheRegion() throws IOException {
		final Path image = image("photo.tif", 70, 50), results = folder.resolve("results");
		ImageFiles.writeTiff(image, List.of(Disturbances.shakenStreet().blurry().crop(60, 20, 70, 50)));
		final Path part = folder.resolve("part.tif");
		ImageFiles.writeTiff(part, List.of(ImageFiles.read(image).luminance().crop(20, 5, 40, 44)));
		assertEquals(0, run("deblur", "--image=" + part, "--out=" + results, "--refine=0"), err);
		assertEquals(0, run("deblur", "--image=" + image, "--out=" + results, "--region=20,5, 40,44",
			"--refine=0"), err);
		assertEquals(ImageFiles.read(results.resolve("part-kernel.tif")).channels(), ImageFiles.read(results.resolve(
			"photo-kernel.tif")).channels());
		assertEquals(70, ImageFiles.read(results.resolve("photo-deblurred.tif")).width());
		assertEquals(0, run("deblur", "--image=" + image, "--out=" + folder, "--region=", "--refine=0"), err);
		assertTrue(!ImageFiles.read(folder.resolve("photo-kernel.tif")).channels().equals(ImageFiles.read(results.resolve(
			"photo-kernel.tif")).channels()));

		final String[] args = { "deblur", "--image=" + image, "--model=" + model, "--out=" + results, "" };
		for (final String[] bad : new String[][] { { "20,5,40", "x,y,width,height" }, { "a,b,c,d", "x,y,width,height" }, {
			"40,5,40,44", "not inside" }, { "0,0,0,44", "not inside" }, { "99999999,0,40,40", "not inside" }, { "20,5,14,44",
				"too small" } })
		{
			args[4] = "--region=" + bad[0];
			assertError(bad[1], args);
		}
	}

	/** All but the one that only adds up weights. */
	@Test
	void everyCommandHasADevice() {
		for (final CommandLine command : new CommandLine(new Main()).getSubcommands().values())
			assertEquals(!command.getCommandName().equals("average"), command.getCommandSpec().findOption("--device") != null, command
				.getCommandName());
	}

	@Test
	void aDeviceThatIsNotThereIsSaid() throws IOException {
		final Path image = image("photo.tif", 70, 50);
		final String[] args = { "deblur", "--image=" + image, "--model=" + model, "--out=" + folder, "--device=gpu" };
		assertError("Device must be one of [auto, cpu, cuda], got \"gpu\"", args);
		String obstacle = null;
		try (Backend device = Backends.open(Backends.CUDA)) {
			assertTrue(device.name().length() > 4);
		}
		catch (final BackendUnavailable e) {
			obstacle = e.getMessage();
		}
		args[4] = "--device=cuda";
		if (obstacle == null) assertEquals(0, run(args), err);
		else {
			assertEquals(1, run(args));
			assertEquals("error: " + obstacle, err.substring(err.lastIndexOf('\n') + 1));
		}
	}

	/** In a Java of its own, where nothing else could be opened: what auto would be is not asked. */
	@Test
	void onlyTheDeviceThatIsAskedForIsOpened() throws Exception {
		final Path image = folder.resolve("blurry.tif");
		ImageFiles.writeTiff(image, List.of(Disturbances.shakenStreet().blurry().crop(0, 0, 150, 120)));
		for (final String restoration : Restorations.names()) {
			final Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Ddeblur.device=none",
				"-cp", System.getProperty("java.class.path"), Main.class.getName(), "deblur", "--image=" + image, "--model=" + model,
				"--out=" + folder, "--refine=0", "--restoration=" + restoration, "--device=cpu").redirectErrorStream(true).start();
			final String told = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertEquals(0, java.waitFor(), told);
			assertTrue(!told.contains("it is left as it is") && !told.contains("No blur"), told);
		}
	}

	/** In a Java of its own, with little memory: a sentence before the work, and no files. */
	@Test
	void tooLittleMemoryIsSaidBeforeTheWork() throws Exception {
		final Path results = folder.resolve("results");
		// the first fits until it is restored, the second is not read
		for (final int side : new int[] { 1500, 8000 }) {
			final Path png = folder.resolve("large.png");
			// one bit a pixel: this Java, too, has little memory
			ImageIO.write(new BufferedImage(side, side, BufferedImage.TYPE_BYTE_BINARY), "png", png.toFile());
			final Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx96m", "-cp", System.getProperty("java.class.path"), Main.class.getName(), "deblur", "--image=" + png,
				"--model=" + model, "--out=" + results).redirectErrorStream(true).start();
			final String told = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertEquals(1, java.waitFor(), told);
			assertTrue(Pattern.compile("error: \\S*large.png has " + side + "x" + side +
				" pixels. Not enough memory: about [0-9.]+ [MG]B are needed, and Java may use ").matcher(told).find(), told);
			assertTrue(!told.contains("\tat ") && told.contains("-Xmx"), told);
		}
		assertTrue(!Files.exists(results));
	}

	@Test
	void whatWasLeftOutIsSaid() throws IOException {
		final BufferedImage clear = new BufferedImage(60, 50, BufferedImage.TYPE_INT_ARGB);
		for (int i = 0; i < 3000; i++)
			clear.setRGB(i % 60, i / 60, i * 7919 & 0x7fffffff);
		ImageIO.write(clear, "png", folder.resolve("clear.png").toFile());
		assertEquals(0, run("deblur", "--image=" + folder.resolve("clear.png"), "--model=" + model, "--out=" + folder),
			err);
		assertTrue(out.contains("note: " + folder.resolve("clear.png") + " is transparent in places"), out);
	}

	/** A folder goes on past what is damaged, and names it. */
	@Test
	void benchmarkAndTrainingGoOnPastBadFiles() throws IOException {
		image("bench/sharp/house.tif", 90, 80);
		image("bench/sharp/other.tif", 90, 80);
		final Plane kernel = new Plane(5, 5);
		kernel.pixels()[11] = kernel.pixels()[12] = kernel.pixels()[13] = 1 / 3f;
		Files.createDirectories(folder.resolve("bench/kernel"));
		ImageFiles.writeTiff(folder.resolve("bench/kernel/shake.tif"), List.of(kernel));
		Files.writeString(folder.resolve("bench/kernel/bad.tif"), "II*");
		final byte[] whole = Files.readAllBytes(folder.resolve("bench/sharp/house.tif"));
		Files.write(folder.resolve("bench/sharp/cut.tif"), java.util.Arrays.copyOf(whole, whole.length / 2));
		assertEquals(0, run("benchmark", "--benchmark=" + folder.resolve("bench"), "--model=" + model, "--csv=" + folder
			.resolve("t.csv")), err);
		assertTrue(lastLine().startsWith("summary cases=2 "), out);
		assertTrue(out.contains("cut.tif is cut") && out.contains("bad.tif is cut"), out);

		final Path sharp = folder.resolve("sharp");
		image("sharp/a.tif", 160, 160);
		Files.copy(folder.resolve("bench/sharp/cut.tif"), sharp.resolve("cut.tif"));
		final Plane hole = ImageFiles.read(sharp.resolve("a.tif")).channels().get(0);
		hole.pixels()[77] = Float.NaN;
		ImageFiles.writeTiff(sharp.resolve("hole.tif"), List.of(hole));
		assertEquals(0, run("train", "--images=" + sharp, "--validation=" + sharp, "--out=" + folder.resolve(
			"n.safetensors"), "--kernels=5", "--stages=1", "--examples=16", "--validation-examples=4"), err);
		assertTrue(out.contains("cut.tif is cut") && out.contains("hole.tif has pixels without a value"), out);
	}

	@Test
	void benchmarkScoresACaseAndSumsUp() throws IOException {
		image("bench/sharp/house.tif", 90, 80);
		final Plane kernel = new Plane(5, 5);
		kernel.pixels()[11] = kernel.pixels()[12] = kernel.pixels()[13] = 1 / 3f;
		final Path k = folder.resolve("bench/kernel/shake_conv.tif");
		Files.createDirectories(k.getParent());
		ImageFiles.writeTiff(k, List.of(kernel));
		final Path csv = folder.resolve("table.csv");
		assertEquals(0, run("benchmark", "--benchmark=" + folder.resolve("bench"), "--model=" + model,
			"--csv=" + csv), err);
		assertTrue(lastLine().matches("summary cases=1 psnr_input=[0-9.]+ psnr=[0-9.]+ " +
			"psnr_true_kernel=[0-9.]+ ssim=[0-9.]+ error_ratio_median=[0-9.]+ success2=[0-9.]+ " +
			"seconds_mean=[0-9.]+"), out);
		final List<String> lines = Files.readAllLines(csv);
		assertEquals(2, lines.size());
		assertTrue(lines.get(1).startsWith("house_shake,5,"), lines.get(1));

		assertError("No case", "benchmark", "--benchmark=" + folder.resolve("bench"), "--model=" + model,
			"--cases=boat");
	}

	@Test
	void trainWritesAModelThatCanBeUsed() throws IOException {
		image("sharp/a.tif", 160, 160);
		image("sharp/b.tif", 160, 160);
		final Path trained = folder.resolve("new/net.safetensors");
		assertEquals(0, run("train", "--images=" + folder.resolve("sharp"), "--validation=" + folder.resolve(
			"sharp"), "--out=" + trained, "--kernels=5", "--stages=1", "--examples=16",
			"--validation-examples=4"), err);
		assertTrue(lastLine().startsWith("done model=" + trained), out);
		assertEquals("0.01", Models.read(trained).description().get("noise"));
		assertEquals(0, run("deblur", "--image=" + image("photo.tif", 70, 50), "--model=" + trained,
			"--out=" + folder), err);
	}

	@Test
	void presetsAndOptionsInTheirPlace() throws IOException {
		image("sharp/a.tif", 160, 160);
		image("sharp/b.tif", 160, 160);
		image("sharp/soft_c.tif", 160, 160);
		final Path trained = folder.resolve("paper.safetensors");
		final String[] args = { "train", "--images=" + folder.resolve("sharp"), "--out=" + trained, "--preset=paper",
			"--kernels=5", "--stages=2", "--pairs=1,3", "--filters=4", "--hidden=4", "--crop=80", "--examples=8",
			"--validation-examples=2", "--max-scale=soft=0.6", "--sharpening=5=0.5", "--loss=", "--noise=" };
		assertEquals(0, run(args), err);
		final Model m = Models.read(trained);
		assertEquals(new ModelSpec(List.of(new ScaleSpec(5, "k5", List.of(new StageSpec(4, 9, 4, 2, 1, false),
			new StageSpec(4, 9, 4, 2, 3, false)), 0.5)), false), m.spec());
		final String plan = m.description().get("plan");
		for (final String part : List.of("blur=paper-shake", "crop=80", "strict=true", "optimizer=ADADELTA", "rate=0.01",
			"warmUpSteps=0", "finalRate=1.0", "laterRate=1.0", "clip=Infinity", "outlier=10.0", "soloSteps=1000",
			"relative=false", "shiftable=false", "levels=1", "coarserBetaX=true"))
			assertTrue(plan.contains(part), part + " in " + plan);
		assertTrue(out.contains("images: 2 of 3 images taken (0 left out by name, 1 with a side below 100"), out);
		assertError("known are usual, paper", "train", "--images=" + folder, "--out=" + trained, "--preset=papers");
		assertError("optimizer", "train", "--images=" + folder, "--out=" + trained, "--optimizer=sgd");
		assertError("--images is needed", "train", "--out=" + trained);
		assertError("no scale of 7 pixels", "train", "--images=" + folder, "--out=" + trained, "--sharpening=7=0.5");
	}

	/** What both kinds of training can be told does the same in both. */
	@Test
	void bothTrainingsTakeTheSameOptions() throws IOException {
		image("sharp/a.tif", 160, 160);
		for (final String command : List.of("train", "train-restoration")) {
			final Path trained = folder.resolve(command + ".safetensors");
			final List<String> args = new ArrayList<>(List.of(command, "--images=" + folder.resolve("sharp"), "--validation=" +
				folder.resolve("sharp"), "--out=" + trained, "--stages=1", "--filters=4", "--filter-size=3", "--hidden=5",
				"--layers=2", "--examples=4", "--batch=2", "--seed=11", "--blur=motion", "--optimizer=adadelta", "--rate=0.02",
				"--earlier-loss=0.3", "--validation-examples=2", "--checkpoint-minutes=7", "--threads=1", "--min-scale=0.9",
				"--description=mine", "--training-data=these", "--license=CC0"));
			args.addAll(command.equals("train") ? List.of("--kernels=5", "--crop=80") : List.of("--canvas=60", "--smallest=5",
				"--largest=7"));
			assertEquals(0, run(args.toArray(new String[0])), err);
			final Map<String, String> d = command.equals("train") ? Models.read(trained).description() : RestorationModel.read(
				trained).description();
			final String plan = d.get("plan");
			for (final String part : List.of("filters=4", "filterSize=3", "hidden=5", "layers=2", "batch=2", "seed=11",
				"blur=motion", "optimizer=ADADELTA", "rate=0.02", "earlierLoss=0.3",
				"Budget[examples=4, minutes=0.0, validationExamples=2, checkpointMinutes=7.0]"))
				assertTrue(plan.contains(part), part + " in " + plan);
			assertEquals(List.of("mine", "these", "CC0"), List.of(d.get("description"), d.get("training_data"), d.get("license")));
			// and it goes on where it was
			args.add("--resume");
			assertEquals(0, run(args.toArray(new String[0])), err);
			args.set(3, "--out=" + folder);
			assertError("Can't write", args.toArray(new String[0]));
		}
	}

	/** With nothing but a preset, the plan is the preset's. */
	@Test
	void withoutOptionsThePlanIsThePresets() {
		for (final Preset preset : Preset.values()) {
			final TrainingOptions options = new TrainingOptions();
			new CommandLine(options).parseArgs("--preset=" + preset);
			assertEquals(preset.plan(preset.layout().spec()), options.plan(new RunOptions(), null));
		}
		final TrainingOptions none = new TrainingOptions();
		assertEquals(TrainingPlan.usual(NetworkLayout.USUAL.spec()), none.plan(new RunOptions(), null));
	}

	@Test
	void everyFigureHasItsName() {
		assertError("--figure is stages, pairs, kernels", "figure", "--figure=8", "--out=" + folder);
		assertEquals(0, run("figure", "--figure=kernels", "--out=" + folder, "--kernels=17", "--blur=paper-shake"), err);
		assertTrue(Files.exists(folder.resolve("figure-3-paper-shake.png")));
		assertEquals(0, run("figure", "--figure=filters", "--out=" + folder, "--model=" + model), err);
		assertTrue(Files.exists(folder.resolve("figure-6-k5-1.png")), out);
		assertError("--image is needed", "figure", "--figure=inside", "--out=" + folder);
		assertError("--image is needed", "figure", "--figure=models", "--out=" + folder);
		assertError("--csv is needed", "figure", "--figure=cases", "--out=" + folder);
	}

	/** Fig. 2, in little. */
	@Test
	void figuresOfTrainings() throws IOException {
		for (int i = 0; i < 3; i++)
			image("sharp/" + i + ".tif", 120, 120);
		assertEquals(0, run("figure", "--figure=pairs", "--out=" + folder, "--images=" + folder.resolve("sharp"),
			"--validation=" + folder.resolve("sharp"), "--kernels=3", "--examples=8"), err);
		assertEquals(5, Files.readAllLines(folder.resolve("figure-2-pairs.csv")).size());
		assertEquals(8, Models.read(folder.resolve("pairs-8.safetensors")).spec().scales().get(0).stages().get(0).pairs());
	}

	private void assertError(final String part, final String... args) {
		final int code = run(args);
		assertTrue(code != 0, "should have failed: " + out);
		assertTrue(err.startsWith("error: ") && err.contains(part), err);
		assertEquals(1, err.lines().count(), err);
	}

	@Test
	void badImagesAreRefusedInOneLine() throws IOException {
		final String m = "--model=" + model;
		assertError("There is no file", "deblur", m, "--image=" + folder.resolve("none.png"));
		assertError("is a folder", "deblur", m, "--image=" + folder);
		final Path text = Files.writeString(folder.resolve("text.png"), "not an image");
		assertError("text.png", "deblur", m, "--image=" + text);
		assertError("too small", "deblur", m, "--image=" + image("small.tif", 14, 40));
		final Path flat = folder.resolve("flat.tif");
		ImageFiles.writeTiff(flat, List.of(new Plane(40, 40)));
		assertError("constant", "deblur", m, "--image=" + flat);
		final Plane hole = ImageFiles.read(image("hole.tif", 40, 40)).channels().get(0);
		hole.pixels()[3] = Float.POSITIVE_INFINITY;
		ImageFiles.writeTiff(folder.resolve("hole.tif"), List.of(hole));
		assertError("Infinity", "deblur", m, "--image=" + folder.resolve("hole.tif"));
		assertError("--image", "deblur", m);
		assertError("number of pixels", "deblur", m, "--size=big", "--image=" + image("ok.tif", 40, 40));
	}

	@Test
	void badModelsAreRefusedInOneLine() throws IOException {
		final String image = "--image=" + image("ok.tif", 40, 40);
		assertError("There is no model 'nonsense'", "deblur", image, "--model=nonsense");
		final byte[] bytes = Files.readAllBytes(model);
		final Path damaged = folder.resolve("damaged.safetensors");
		Files.write(damaged, java.util.Arrays.copyOf(bytes, bytes.length - 9));
		assertError("damaged.safetensors", "deblur", image, "--model=" + damaged);
		Files.write(damaged, new byte[0]);
		assertError("damaged.safetensors", "deblur", image, "--model=" + damaged);
		final byte[] huge = bytes.clone();
		huge[6] = 1; // header of 2^48 bytes
		Files.write(damaged, huge);
		assertError("damaged.safetensors", "deblur", image, "--model=" + damaged);
	}

	@Test
	void badFoldersAreRefusedInOneLine() throws IOException {
		final Path empty = Files.createDirectories(folder.resolve("empty"));
		final String o = "--out=" + folder.resolve("x.safetensors");
		assertError("empty", "train", o, "--images=" + empty);
		assertError("There is no folder", "train", o, "--images=" + folder.resolve("nowhere"));
		final Path file = Files.writeString(folder.resolve("file"), "");
		assertError("Cannot read or write " + file, "train", "--images=" + folder, "--out=" + file.resolve("a/b"));
		assertError("range", "train", o, "--images=" + folder, "--noise=much");
		assertError("sharp", "benchmark", "--benchmark=" + empty, "--model=" + model);
		assertError("There is no folder", "benchmark", "--benchmark=" + folder.resolve("nowhere"));
		assertEquals(Collections.emptyList(), Files.list(empty).toList());
	}
}
