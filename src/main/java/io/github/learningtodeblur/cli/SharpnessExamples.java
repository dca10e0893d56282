package io.github.learningtodeblur.cli;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import io.github.learningtodeblur.train.BlurFamily;
import io.github.learningtodeblur.train.CameraShake;
import io.github.learningtodeblur.train.DefocusDisc;
import io.github.learningtodeblur.train.ExampleSource;
import io.github.learningtodeblur.train.GaussianBlur;
import io.github.learningtodeblur.train.Imperfections;
import io.github.learningtodeblur.train.LinearMotion;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Resampling;
import io.github.learningtodeblur.util.ValidConvolution;

/**
 * What sharp pictures look like, and blurred ones: by a little mostly, as that is where it is hard to say. Both come whole
 * or cut, at several resolutions, with noise or without, rounded or after JPEG.
 */
final class SharpnessExamples {

	/**
	 * One of them.
	 *
	 * @param source of the kernel; {@code none} and size 1 if it is not blurred
	 */
	record Example(Plane image, String source, int size, double noise) {}

	private static final int LARGEST_SIDE = 1024, LEAST_SIDE = 160;
	private static final double[] NOISES = { 0, 0, 0.002, 0.005, 0.01, 0.02, 0.05 };
	private static final int[] SMALL = { 5, 5, 5, 7, 7, 9 }, LARGE = { 13, 17, 25, 33, 51 };
	/** Largest noise of sharp examples: above it, nobody can tell. */
	private static final double SHARP_NOISE = 0.02;
	/** Standard deviations in pixels. */
	private static final double LEAST_SIGMA = 0.7, LARGEST_SIGMA = 2.5;

	private SharpnessExamples() {}

	/** @param picture in [0, 1], sharp */
	static Example of(final Plane picture, final boolean blurred, final SplittableRandom random) {
		final Plane sharp = part(picture, random);
		Plane image = sharp;
		String source = "none";
		int size = 1;
		if (blurred) {
			final double kind = random.nextDouble();
			if (kind < 0.35) {
				source = "gaussian";
				final double sigma = LEAST_SIGMA * Math.pow(LARGEST_SIGMA / LEAST_SIGMA, random.nextDouble());
				size = 5 + 2 * (int) Math.round(1.5 * sigma); // at least 5, and 2.5 deviations on both sides
				image = ValidConvolution.convolve(sharp, GaussianBlur.gaussian(size, sigma));
			}
			else {
				size = kind < 0.7 ? SMALL[random.nextInt(SMALL.length)] : LARGE[random.nextInt(LARGE.length)];
				while (size > 9 && Math.min(sharp.width(), sharp.height()) < LEAST_SIDE + size)
					size = SMALL[random.nextInt(SMALL.length)];
				final List<BlurFamily> families = List.of(new CameraShake(0, 1, 0.5), new LinearMotion(1), new DefocusDisc(1));
				final int which = random.nextInt(4) % 3;
				source = List.of("shake", "motion", "defocus").get(which);
				image = ValidConvolution.convolve(sharp, families.get(which).sample(size, random));
			}
		}
		final Plane out = image.copy();
		double noise = NOISES[random.nextInt(NOISES.length)];
		if (!blurred && noise > SHARP_NOISE) noise = 0;
		ExampleSource.addNoise(out, noise, 0, random);
		final double file = random.nextDouble();
		if (file < 0.3) return new Example(Imperfections.jpeg(out, 0.7f + 0.28f * (float) random.nextDouble()), source, size, noise);
		if (file < 0.75) for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = Math.round(255 * Math.max(0, Math.min(1, out.pixels()[i]))) / 255f;
		return new Example(out, source, size, noise);
	}

	/** Nothing but noise. */
	static Example noise(final SplittableRandom random) {
		final Plane out = new Plane(LEAST_SIDE + random.nextInt(400), LEAST_SIDE + random.nextInt(400));
		Arrays.fill(out.pixels(), 0.2f + 0.6f * (float) random.nextDouble());
		final double noise = Math.pow(10, -2.3 + 1.8 * random.nextDouble());
		ExampleSource.addNoise(out, noise, 0, random);
		if (random.nextBoolean()) for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = Math.round(255 * Math.max(0, Math.min(1, out.pixels()[i]))) / 255f;
		return new Example(out, "none", 1, noise);
	}

	/** Shrunk a little, where there are pixels enough, and cut. */
	private static Plane part(final Plane picture, final SplittableRandom random) {
		final int side = Math.min(picture.width(), picture.height());
		Plane p = picture;
		if (side > 1.2 * LEAST_SIDE && random.nextDouble() < 0.5) {
			final double factor = 1 + random.nextDouble() * Math.min(1, side / (1.1 * LEAST_SIDE) - 1);
			p = Resampling.resize(p, (int) (p.width() / factor), (int) (p.height() / factor));
		}
		final double whole = random.nextDouble();
		final int w = side(p.width(), whole), h = side(p.height(), whole);
		return p.crop(random.nextInt(p.width() - w + 1), random.nextInt(p.height() - h + 1), w, h);
	}

	private static int side(final int pixels, final double whole) {
		final int most = Math.min(pixels, LARGEST_SIDE);
		return whole < 0.5 || most <= LEAST_SIDE ? most : LEAST_SIDE + (int) ((2 * whole - 1) * (most - LEAST_SIDE));
	}
}
