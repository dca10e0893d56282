package io.github.learningtodeblur.testimages;

import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

import ij.ImagePlus;
import ij.io.FileSaver;
import ij.measure.Calibration;
import ij.process.ShortProcessor;

import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.train.CameraShake;
import io.github.learningtodeblur.train.DefocusDisc;
import io.github.learningtodeblur.train.LinearMotion;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.ValidConvolution;

/** Draws the pictures in the folder test-images: always the same ones, as its README says. */
public final class TestImages {

	/** Share of white: noise of the shaken photograph. */
	static final double NOISE = 0.01;

	private static final int SHAKE_SIZE = 15;
	private static final long SHAKE_SEED = 1;

	private static final String[] PAGE = { "On the sharpness of a page", "",
		"A letter is a line that somebody drew", "with care, and a blurred letter is the",
		"same line drawn many times, each copy", "a little beside the last. Whoever knows",
		"the path of the camera can undo this,", "and whoever sees enough letters can",
		"guess the path. Edges tell the most,", "for an edge should be thin. Where two",
		"edges cross, the path shows itself in", "full, like a signature with a slow pen." };

	private TestImages() {}

	/** @param args the output folder */
	public static void main(final String... args) throws IOException {
		System.setProperty("java.awt.headless", "true");
		final Path folder = Files.createDirectories(Path.of(args[0]));
		street(folder);
		nuclei(folder.resolve("nuclei.tif"));
		text(folder.resolve("text.png"));
	}

	private static void street(final Path folder) throws IOException {
		final List<Plane> scene = StreetScene.channels();
		final Plane kernel = new CameraShake(0, 1, 0.5).sample(SHAKE_SIZE, new SplittableRandom(SHAKE_SEED));
		final SplittableRandom random = new SplittableRandom(2);
		final int border = SHAKE_SIZE / 2;
		ImageFiles.writePng(folder.resolve("street.png"), scene.stream().map(p -> p.crop(border, border, p
			.width() - 2 * border, p.height() - 2 * border)).toList());
		ImageFiles.writePng(folder.resolve("street-shaken.png"), scene.stream().map(p -> noisy(
			ValidConvolution.convolve(p, kernel), NOISE, random)).toList());
		ImageFiles.writeTiff(folder.resolve("street-kernel.tif"), List.of(kernel));
	}

	/** Dark print on paper in uneven light, sharp: 326x206. */
	public static Plane page() {
		final Painting page = new Painting(326, 206);
		page.fill(new Rectangle(326, 206), (x, y) -> Painting.times(Painting.rgb(0xe9e9e9), 1 -
			x / 1500 - y / 900 + 0.03 * Painting.noise(x / 2, y / 2)));
		for (int i = 0; i < PAGE.length; i++)
			page.fill(Lettering.line(PAGE[i], 24, 26 + 15 * i, i == 0 ? 11 : 9.2, i == 0 ? 0.19 : 0.15),
				Painting.rough(0x242424, 0.3));
		return page.channels().get(0);
	}

	/** The page, the camera moved in a straight line of 7 pixels. */
	private static void text(final Path file) throws IOException {
		final SplittableRandom random = new SplittableRandom(4);
		final Plane kernel = new LinearMotion(1).sample(7, random);
		ImageFiles.writePng(file, List.of(noisy(ValidConvolution.convolve(page(), kernel), 0.005,
			random)));
	}

	/**
	 * Stained nuclei, out of focus by a disc of 11 pixels: 16 bits, an offset of 200 as
	 * cameras have, and Poisson noise of 600 photons at 30000 grey levels.
	 */
	private static void nuclei(final Path file) throws IOException {
		final int size = 256;
		final SplittableRandom random = new SplittableRandom(3);
		final Plane kernel = new DefocusDisc(1).sample(11, random);
		final Plane sharp = nuclei(size + 10, random);
		final Plane blurry = ValidConvolution.convolve(sharp, kernel);
		final short[] grey = new short[size * size];
		for (int i = 0; i < grey.length; i++) {
			final double photons = 600 * (blurry.pixels()[i] + 0.02);
			final double counted = Math.max(0, photons + Math.sqrt(photons) * random.nextGaussian());
			grey[i] = (short) Math.min(65535, Math.round(200 + 50 * counted + 20 * random.nextGaussian()));
		}
		final ImagePlus image = new ImagePlus("nuclei", new ShortProcessor(size, size, grey, null));
		final Calibration micrometers = image.getCalibration();
		micrometers.setUnit("um");
		micrometers.pixelWidth = micrometers.pixelHeight = 0.2;
		image.setDisplayRange(0, 25000);
		Files.write(file, new FileSaver(image).serialize());
	}

	/** Stained nuclei on black, sharp, brighter ones at about 0.7. */
	public static Plane nuclei(final int side, final SplittableRandom random) {
		final Plane sharp = new Plane(side, side);
		for (int y = 0; y < 7; y++) // an uneven grid: they touch, but do not pile up
			for (int x = 0; x < 7; x++)
				if (random.nextInt(6) > 0) nucleus(sharp, 42 * (x + y % 2 * 0.5 + 0.6 * random.nextDouble()), 42 *
					(y + 0.6 * random.nextDouble()), random);
		return sharp;
	}

	/** Adds a dented ellipse of chromatin with grains, bright spots, and nucleoli as holes. */
	private static void nucleus(final Plane plane, final double cx, final double cy,
		final SplittableRandom random)
	{
		final double turn = Math.PI * random.nextDouble();
		final double radius = 11 + 7 * random.nextDouble();
		final double flat = 0.65 + 0.3 * random.nextDouble();
		final double brightness = 0.25 + 0.4 * random.nextDouble();
		final double[] dents = random.doubles(4, 0, 2 * Math.PI).toArray();
		final double[] spots = random.doubles(16, -0.75, 0.75).toArray();
		for (int y = 0; y < plane.height(); y++)
			for (int x = 0; x < plane.width(); x++) {
				final double u = ((x - cx) * Math.cos(turn) + (y - cy) * Math.sin(turn)) / radius;
				final double v = ((y - cy) * Math.cos(turn) - (x - cx) * Math.sin(turn)) / radius / flat;
				final double r = Math.hypot(u, v);
				if (r > 1.4) continue;
				final double a = Math.atan2(v, u);
				double edge = 1;
				for (int i = 0; i < dents.length; i++)
					edge += 0.05 * Math.cos((i + 2) * a + dents[i]);
				final double inside = Math.max(0, Math.min(1, (edge - r) * radius + 0.5));
				double chromatin = 0.8 + 0.9 * Painting.noise(x / 6.0 + 50 * turn, y / 6.0) + 0.25 * r;
				for (int i = 0; i < spots.length; i += 2) {
					final double d = Math.hypot(u - spots[i], v - spots[i + 1]) * radius;
					chromatin += i < 4 ? -0.6 * Math.exp(-d * d / 6) : 0.6 * Math.exp(-d * d / 2);
				}
				plane.pixels()[y * plane.width() + x] += (float) (brightness * inside * Math.max(0.1, chromatin));
			}
	}

	private static Plane noisy(final Plane plane, final double noise, final SplittableRandom random) {
		for (int i = 0; i < plane.pixels().length; i++)
			plane.pixels()[i] += (float) (noise * random.nextGaussian());
		return plane;
	}
}
