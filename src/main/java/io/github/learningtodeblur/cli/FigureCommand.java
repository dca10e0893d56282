package io.github.learningtodeblur.cli;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;

import javax.imageio.ImageIO;

import org.apache.commons.math3.stat.StatUtils;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Plot;
import ij.plugin.MontageMaker;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.command.NetworkPictures;
import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.refine.KernelRefinement;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.train.BlurFamilies;
import io.github.learningtodeblur.train.ExampleSource;
import io.github.learningtodeblur.train.Optimizer;
import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.train.Trainer;
import io.github.learningtodeblur.train.TrainingPlan;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.ValidConvolution;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws the paper's figures, with this project's networks and measurements. */
@Command(name = "figure", mixinStandardHelpOptions = true,
	description = "Draws a figure of the paper as PNG.")
final class FigureCommand implements Callable<Integer> {

	/** Side of the pictures of {@link #models}. */
	private static final int MODELS_SIDE = 256;

	@Option(names = "--figure", required = true, description = { "stages, pairs: kernel error against their number (Fig. 2), from short trainings;",
		"kernels: sampled kernels (Fig. 3);",
		"models: an image blurred here, and what several networks alone make of it (Fig. 4);",
		"cases: error ratio by kernel (Fig. 5), from a benchmark's CSV;",
		"filters: what a model has learned (Fig. 6);",
		"inside: features, latent images and kernels for an image (Fig. 7)" })
	private String figure;

	@Option(names = "--out", description = "folder; default: figures, in the current one")
	private Path out = Path.of("figures");

	@Option(names = "--model",
		description = "name of a bundled model, or a file; for models: several, with commas between them")
	private String model = "camera-shake";

	@Option(names = "--image", description = "for inside; for models: a sharp one")
	private Path image;

	@Option(names = "--size", description = "for inside: kernel size, or auto")
	private String size = Deblurring.AUTOMATIC;

	@Option(names = "--csv", split = ",", description = "for cases: one benchmark's table, or several")
	private List<Path> csv = List.of();

	@Option(names = "--images", split = ",", description = "for stages and pairs: folders of sharp images")
	private List<Path> images = List.of();

	@Option(names = "--validation", split = ",", description = "for stages and pairs: held-out images")
	private List<Path> validation = List.of();

	@Option(names = "--kernels", description = "for stages, pairs, kernels and models: kernel size")
	private int kernel = 9;

	@Option(names = "--examples", description = "for stages and pairs: of each training")
	private long examples = 16000;

	@Option(names = "--blur", description = "for kernels and models: camera-shake, defocus, gaussian, motion or mixed")
	private String blur = "camera-shake";

	@Option(names = "--noise", description = "for models: standard deviation")
	private double noise = 0.01;

	@Option(names = "--seed")
	private long seed = 1;

	@Override
	public Integer call() throws IOException {
		Files.createDirectories(out);
		switch (figure) {
			case "stages" -> trainings("stages", new int[] { 1, 2, 3, 4 });
			case "pairs" -> trainings("pairs", new int[] { 1, 2, 4, 8 });
			case "kernels" -> kernels();
			case "models" -> models();
			case "cases" -> cases();
			case "filters" -> filters();
			case "inside" -> inside();
			default -> throw new IllegalArgumentException(
				"--figure is stages, pairs, kernels, models, cases, filters or inside, got " + figure);
		}
		return 0;
	}

	private void save(final ImagePlus picture, final String name) throws IOException {
		final Path file = out.resolve(name + ".png");
		// IJ.saveAs needs menus, and those a screen
		if (!ImageIO.write(picture.getProcessor().getBufferedImage(), "png", file.toFile()))
			throw new IOException("Cannot write " + file);
		System.out.println("figure " + file);
	}

	/** Every number is a training of its own, all of the same number of examples, from the same weights. */
	private void trainings(final String what, final int[] numbers) throws IOException {
		if (images.isEmpty() || validation.isEmpty()) throw new IllegalArgumentException(
			"--images and --validation are needed for " + what);
		final SharpImages training = TrainCommand.load(images, n -> true, 0.6, false, false);
		final SharpImages heldOut = TrainCommand.load(validation, n -> true, 1, false, false);
		final double[] error = new double[numbers.length];
		final List<String> lines = new ArrayList<>(List.of(what + ",kernel,examples,validation"));
		for (int i = 0; i < numbers.length; i++) {
			final int stages = what.equals("stages") ? numbers[i] : 1;
			final StageSpec stage = StageSpec.DEFAULT.withPairs(what.equals("pairs") ? numbers[i] : 4);
			final TrainingPlan plan = new TrainingPlan(new ModelSpec(List.of(new ScaleSpec(kernel, "k" +
				kernel, Collections.nCopies(stages, stage))), true), seed, 8, Optimizer.Kind.SOAP,
				Optimizer.Kind.SOAP.usualRate(), 100, 0.02, 1, 10, 100, 0.2, 0, 0.015, 0, examples, 0, true, 0, 128, 1e6);
			final double[] last = new double[1];
			new Trainer(plan, new CpuBackend(), training, heldOut, BlurFamilies.of("camera-shake"), Map.of(),
				s -> {
					if (!Double.isNaN(s.validation())) last[0] = s.validation();
				}).run(out.resolve(what + "-" + numbers[i] + ".safetensors"), Progress.NONE);
			error[i] = last[0];
			lines.add(String.format(Locale.ROOT, "%d,%d,%d,%.4f", numbers[i], kernel, examples, error[i]));
			System.out.println(lines.get(lines.size() - 1));
		}
		Files.write(out.resolve("figure-2-" + what + ".csv"), lines);
		final Plot plot = new Plot("Kernel error", "number of " + what, "relative kernel error, " + kernel +
			"x" + kernel);
		final double[] x = new double[numbers.length];
		for (int i = 0; i < x.length; i++)
			x[i] = numbers[i];
		plot.setColor(Color.BLUE, Color.BLUE);
		plot.add("connected circles", x, error);
		plot.setLimits(0, x[x.length - 1] + 1, 0, 1.2 * StatUtils.max(error));
		save(plot.getImagePlus(), "figure-2-" + what);
	}

	private void kernels() throws IOException {
		final SplittableRandom random = new SplittableRandom(seed);
		final List<Plane> planes = new ArrayList<>();
		for (int i = 0; i < 32; i++)
			planes.add(BlurFamilies.of(blur).sample(kernel, random));
		save(montage(planes, 8, kernel * Math.max(1, 96 / kernel), false), "figure-3-" + blur);
	}

	/**
	 * All in one picture.
	 *
	 * @param width of each plane in the picture
	 * @param signed whether grey is 0; else each is stretched from 0 to its largest value
	 */
	private static ImagePlus montage(final List<Plane> planes, final int columns, final int width,
		final boolean signed)
	{
		final ImageStack stack = new ImageStack();
		for (final Plane p : planes) {
			final float largest = largest(p);
			final ImageProcessor bytes = bytes(p, signed ? -largest : 0, largest);
			bytes.setInterpolationMethod(width > p.width() ? ImageProcessor.NONE : ImageProcessor.BILINEAR);
			stack.addSlice(bytes.resize(width, width * p.height() / p.width(), true));
		}
		final int rows = (planes.size() + columns - 1) / columns;
		return new MontageMaker().makeMontage2(new ImagePlus("", stack), columns, rows, 1, 1, planes.size(),
			1, 2, false);
	}

	/** In the corner of each picture its kernel, below it what it is and its PSNR. */
	private void models() throws IOException {
		if (image == null) throw new IllegalArgumentException("--image is needed for models");
		final Plane whole = ImageFiles.read(image).luminance();
		final int side = MODELS_SIDE + kernel - 1;
		if (Math.min(whole.width(), whole.height()) < side) throw new IOException(image + " is too small: " + whole +
			", but " + side + " pixels a side are needed");
		final Plane large = whole.crop((whole.width() - side) / 2, (whole.height() - side) / 2, side, side);
		final Plane sharp = large.crop(kernel / 2, kernel / 2, MODELS_SIDE, MODELS_SIDE);
		final SplittableRandom random = new SplittableRandom(seed);
		final Plane truth = BlurFamilies.of(blur).sample(kernel, random);
		final Plane blurry = ValidConvolution.convolve(large, truth);
		ExampleSource.addNoise(blurry, noise, 0, random);
		final Restoration restoration = new FittedRestoration(1);
		final ImageStack panels = new ImageStack();
		panels.addSlice(panel("blurry", blurry, truth, sharp));
		for (final String name : model.split(",")) {
			final Plane k = new Deblurring(Models.open(name), new CpuBackend()).withRefinement(
				new KernelRefinement(0)).withLargestBlur("" + kernel).estimateKernel(blurry, Progress.NONE);
			panels.addSlice(panel(name, restoration.restore(blurry, k, Progress.NONE), k, sharp));
		}
		panels.addSlice(panel("true kernel", restoration.restore(blurry, truth, Progress.NONE), truth, sharp));
		save(new MontageMaker().makeMontage2(new ImagePlus("", panels), panels.size(), 1, 1, 1, panels.size(), 1,
			2, false), "figure-4-models");
	}

	private static ImageProcessor panel(final String name, final Plane picture, final Plane kernel,
		final Plane sharp)
	{
		final String text = String.format(Locale.ROOT, "%s: %.2f dB", name, Score.of(picture, sharp).psnr());
		System.out.println(text);
		final int inset = MODELS_SIDE / 4, strip = 16;
		final ImageProcessor out = new ByteProcessor(MODELS_SIDE, MODELS_SIDE + strip);
		out.insert(bytes(picture, 0, 1), 0, 0);
		out.insert(bytes(kernel, 0, largest(kernel)).resize(inset, inset, true), 0, 0);
		out.setColor(Color.WHITE);
		out.setAntialiasedText(true);
		out.drawString(text, 2, MODELS_SIDE + strip);
		return out;
	}

	/** Of the absolute values; above 0. */
	private static float largest(final Plane p) {
		float largest = Float.MIN_NORMAL;
		for (final float v : p.pixels())
			largest = Math.max(largest, Math.abs(v));
		return largest;
	}

	private static ImageProcessor bytes(final Plane p, final double black, final double white) {
		final FloatProcessor f = new FloatProcessor(p.width(), p.height(), p.pixels().clone());
		f.setMinAndMax(black, white);
		return f.convertToByteProcessor();
	}

	/** Median error ratio and its range for each kernel; the kernel is what follows the last underscore. */
	private void cases() throws IOException {
		if (csv.isEmpty()) throw new IllegalArgumentException("--csv is needed for cases");
		final Plot plot = new Plot("Error ratio", "kernel", "error ratio");
		final Color[] colors = { Color.BLUE, Color.RED, new Color(0, 130, 0), Color.MAGENTA };
		final StringBuilder legend = new StringBuilder();
		double top = 2.5;
		int kernels = 0;
		for (int c = 0; c < csv.size(); c++) {
			final Map<String, List<Double>> byKernel = new TreeMap<>();
			final List<String> lines = Files.readAllLines(csv.get(c));
			final int column = List.of(lines.get(0).split(",")).indexOf("error_ratio");
			if (column < 0) throw new IOException(csv.get(c) + " is not a benchmark's table");
			for (final String line : lines.subList(1, lines.size())) {
				final String[] values = line.split(",");
				byKernel.computeIfAbsent(values[0].substring(values[0].lastIndexOf('_') + 1),
					k -> new ArrayList<>()).add(Double.parseDouble(values[column]));
			}
			final double[] x = new double[byKernel.size()], y = new double[x.length];
			plot.setColor(colors[c % colors.length]);
			int i = 0;
			for (final List<Double> list : byKernel.values()) {
				final double[] ratios = list.stream().mapToDouble(v -> v).toArray();
				x[i] = i + 1 + 0.1 * c;
				y[i] = StatUtils.percentile(ratios, 50);
				plot.drawLine(x[i], StatUtils.min(ratios), x[i], StatUtils.max(ratios));
				top = Math.max(top, StatUtils.max(ratios));
				i++;
			}
			kernels = Math.max(kernels, x.length);
			plot.add("circle", x, y);
			legend.append(csv.get(c).getFileName().toString().replaceFirst("\\.csv$", "")).append('\n');
		}
		plot.setColor(Color.GRAY);
		plot.drawLine(0, 2, kernels + 1, 2);
		plot.setLimits(0, kernels + 1, 0, Math.min(8, 1.05 * top));
		plot.setColor(Color.BLACK);
		plot.addLegend(legend.toString());
		save(plot.getImagePlus(), "figure-5-error-by-kernel");
	}

	/** Filters of scales that share their weights are drawn once. */
	private void filters() throws IOException {
		final Model m = Models.open(model);
		final ImagePlus all = NetworkPictures.filters(m, model);
		final Set<String> drawn = new HashSet<>();
		int slice = 0;
		for (int s = 0; s < m.spec().scales().size(); s++)
			for (int t = 0; t < m.spec().scales().get(s).stages().size(); t++) {
				all.setSlice(++slice);
				if (!drawn.add(m.spec().prefix(s, t))) continue;
				final ImageProcessor tiles = all.getProcessor();
				// all slices are as wide as the widest
				if (m.spec().inputs(s, t) == 1) tiles.setRoi(0, 0, NetworkPictures.filtersWidth(m.spec(), s, t),
					tiles.getHeight());
				save(new ImagePlus("", tiles.crop().convertToByteProcessor()), "figure-6-" + m.spec().prefix(s,
					t).replaceAll("[^0-9a-z]+", "-").replaceFirst("-$", ""));
			}
	}

	private void inside() throws IOException {
		if (image == null) throw new IllegalArgumentException("--image is needed for inside");
		final ImageFiles.Picture picture = ImageFiles.read(image);
		final Deblurring deblurring = new Deblurring(Models.open(model), new CpuBackend()).withLargestBlur(
			size);
		final NetworkPictures p = NetworkPictures.of(deblurring, picture.luminance(), picture.name(),
			Progress.NONE);
		final Map<String, ImagePlus> stacks = new LinkedHashMap<>();
		stacks.put("features", p.features());
		stacks.put("latents", p.latents());
		stacks.put("kernels", p.kernels());
		for (final Map.Entry<String, ImagePlus> e : stacks.entrySet()) {
			final String name = e.getKey();
			final ImagePlus stack = e.getValue();
			final List<Plane> planes = new ArrayList<>();
			for (int i = 1; i <= stack.getStackSize(); i++)
				planes.add(new Plane((float[]) stack.getStack().getPixels(i), stack.getWidth(), stack
					.getHeight()));
			final boolean features = name.equals("features");
			save(montage(planes, features ? 8 : 5, features ? 120 : name.equals("kernels") ? 4 * stack
				.getWidth() : 200, features), "figure-7-" + name);
		}
	}
}
