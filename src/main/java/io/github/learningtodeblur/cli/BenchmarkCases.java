package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.train.BlurFamily;
import io.github.learningtodeblur.train.ExampleSource;
import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.ValidConvolution;

/**
 * The cases of a benchmark folder. With {@code blurry/}: each file there is a case; {@code sharp/} holds a
 * file of the same name, {@code kernel/} one whose name (without "_conv") ends the case's name. Without: all
 * images in {@code sharp/} times all kernels in {@code kernel/}, blurred in the valid region, with Gaussian
 * noise of a fixed seed. Or the images of a class, each with a kernel and noise drawn once and for all.
 */
final class BenchmarkCases {

	/** @param kernel true kernel, sum 1, in convolution orientation */
	record Case(String name, Plane blurry, Plane sharp, Plane kernel) {}

	/**
	 * A class of images.
	 *
	 * @param kernels sizes, in turn
	 * @param noise standard deviation in the dark
	 * @param shotNoise that of the shot noise of a white pixel
	 * @param stretch see {@link SharpImages.Selection}
	 * @param invert whether every second image is inverted
	 * @param count at most so many images, evenly from all that were kept out of training
	 */
	record ImageClass(Path folder, BlurFamily blur, List<Integer> kernels, double noise,
		double shotNoise, boolean stretch, boolean invert, int count)
	{}

	/** Sides of the sharp images of a class, in pixels, at most. */
	private static final int SIDE = 512;

	interface Loader {

		Case load() throws IOException;
	}

	/** Cases by name, loaded when asked for: they may be large. */
	final Map<String, Loader> cases = new LinkedHashMap<>();

	/** A sentence for each file that could not be read. */
	final List<String> leftOut = new ArrayList<>();

	BenchmarkCases(final Path folder, final double noise) throws IOException {
		final List<Path> sharp = images(folder, "sharp");
		final Map<String, Plane> kernels = new LinkedHashMap<>();
		for (final Path k : images(folder, "kernel"))
			try {
				kernels.put(stem(k).replaceFirst("_conv$", ""), kernel(k));
			}
			catch (final IOException e) {
				leftOut.add(e.getMessage());
			}
		if (kernels.isEmpty()) throw new IOException("None of the kernels can be read; the first error: " + leftOut.get(
			0));
		if (Files.isDirectory(folder.resolve("blurry"))) {
			final Map<String, Path> sharpByName = new LinkedHashMap<>();
			sharp.forEach(s -> sharpByName.put(stem(s), s));
			for (final Path blurry : images(folder, "blurry")) {
				final String name = stem(blurry);
				final Path s = sharpByName.get(name);
				final Plane k = kernels.entrySet().stream().filter(e -> name.endsWith(e.getKey())).max(Comparator.comparingInt(e -> e.getKey()
					.length())).map(Map.Entry::getValue).orElse(null);
				if (k == null && !leftOut.isEmpty()) continue; // may be one of those
				if (s == null || k == null) throw new IOException("No " + (s == null ? "sharp image"
					: "kernel") + " for " + blurry);
				cases.put(name, () -> new Case(name, plane(blurry), plane(s), k));
			}
		}
		else for (final Path s : sharp)
			kernels.forEach((kernelName, k) -> cases.put(stem(s) + "_" + kernelName, () -> blurred(stem(s) +
				"_" + kernelName, plane(s), k, noise, 0)));
	}

	/** Held-out images of a class that are large enough: four kernels, as network and score need them. */
	BenchmarkCases(final ImageClass of) throws IOException {
		final int largest = Collections.max(of.kernels);
		final List<Path> files = new ArrayList<>();
		for (final Path file : ImageFiles.images(of.folder))
			if (SharpImages.heldOut(file.getFileName().toString())) try {
				final Plane p = plane(file);
				if (Math.min(p.width(), p.height()) >= 5 * largest) files.add(file);
			}
			catch (final IOException e) {
				leftOut.add(e.getMessage());
			}
		if (files.isEmpty()) throw new IOException("None of the images in " + of.folder +
			" is both kept out of training and at least " + 5 * largest + " pixels wide and high");
		final int n = Math.min(of.count, files.size());
		for (int i = 0; i < n; i++) {
			final Path file = files.get(i * files.size() / n);
			final int size = of.kernels.get(i % of.kernels.size());
			final boolean inverted = of.invert && i % 2 == 1;
			final String name = stem(file) + (inverted ? "_inverted_" : "_") + size;
			cases.put(name, () -> {
				final Plane sharp = prepared(plane(file), of.stretch, inverted);
				final SplittableRandom random = new SplittableRandom(name.hashCode());
				return blurred(name, sharp, of.blur.sample(size, random), of.noise, of.shotNoise);
			});
		}
	}

	/** The middle of an image, treated as in training. */
	private static Plane prepared(final Plane image, final boolean stretch, final boolean invert) {
		final int w = Math.min(SIDE, image.width()), h = Math.min(SIDE, image.height());
		final Plane whole = stretch ? SharpImages.stretched(image) : image;
		final Plane p = whole.crop((image.width() - w) / 2, (image.height() - h) / 2, w, h);
		return invert ? SharpImages.inverted(p) : p;
	}

	private static List<Path> images(final Path folder, final String part) throws IOException {
		final Path sub = folder.resolve(part);
		if (!Files.isDirectory(sub)) throw new IOException(
			"A benchmark folder needs sharp/ and kernel/ (and perhaps blurry/); there is no folder " + sub);
		final List<Path> files = ImageFiles.images(sub);
		if (files.isEmpty()) throw new IOException("No images in " + sub);
		return files;
	}

	private static String stem(final Path p) {
		return p.getFileName().toString().replaceFirst("\\.[^.]*$", "");
	}

	private static Plane plane(final Path p) throws IOException {
		return ImageFiles.read(p).luminance();
	}

	/** Sum 1, squared and padded to an odd size. */
	static Plane kernel(final Path p) throws IOException {
		final Plane k = plane(p);
		final int side = Math.max(k.width(), k.height()) | 1;
		if (!(k.sum() > 0)) throw new IOException("The kernel " + p + " is empty");
		return Planes.framed(k, side).normalized();
	}

	private static Case blurred(final String name, final Plane sharp, final Plane kernel,
		final double noise, final double shotNoise)
	{
		final int r = kernel.width() / 2;
		final Plane blurry = ValidConvolution.convolve(sharp, kernel);
		final SplittableRandom random = new SplittableRandom(name.hashCode());
		ExampleSource.addNoise(blurry, noise, shotNoise, random);
		return new Case(name, blurry, sharp.crop(r, r, blurry.width(), blurry.height()), kernel);
	}

	/** Names of all cases. */
	List<String> names() {
		return new ArrayList<>(cases.keySet());
	}
}
