package io.github.learningtodeblur.restore;

import java.util.Random;

import io.github.learningtodeblur.util.Plane;

/** Made-up sharp images, kernels, and photographs of them. */
public final class Scene {

	private Scene() {}

	/** Discs and bars of random grey on a slope, in [0, 1]. */
	public static Plane sharp(final int width, final int height, final long seed) {
		final Random random = new Random(seed);
		final Plane out = new Plane(width, height);
		for (int y = 0; y < height; y++)
			for (int x = 0; x < width; x++)
				out.pixels()[y * width + x] = 0.3f + 0.4f * x / width;
		for (int n = 0; n < width * height / 120; n++) {
			final int cx = random.nextInt(width), cy = random.nextInt(height), r = 2 + random.nextInt(8);
			final boolean disc = random.nextBoolean();
			final float grey = random.nextFloat();
			for (int y = Math.max(0, cy - r); y < Math.min(height, cy + r); y++)
				for (int x = Math.max(0, cx - r); x < Math.min(width, cx + r); x++)
					if (disc ? (x - cx) * (x - cx) + (y - cy) * (y - cy) < r * r : Math.abs(x - cx) < 3) out
						.pixels()[y * width + x] = grey;
		}
		return out;
	}

	/** A hook: not symmetric in any way, centred only roughly. */
	public static Plane hook(final int size) {
		final Plane out = new Plane(size, size);
		for (int i = 1; i < size - 1; i++) {
			out.pixels()[i * size + 1 + i / 3] += 1;
			out.pixels()[(size - 2) * size + i] += 0.5f;
		}
		return out;
	}

	/** conv2(sharp, kernel of sum 1) where the kernel lies inside, plus noise. */
	public static Plane photograph(final Plane sharp, final Plane kernel, final double noise) {
		final Random random = new Random(99);
		final Plane out = new Plane(sharp.width() - kernel.width() + 1, //
			sharp.height() - kernel.height() + 1);
		final double scale = 1 / kernel.sum();
		for (int y = 0; y < out.height(); y++) {
			for (int x = 0; x < out.width(); x++) {
				double sum = 0;
				for (int j = 0; j < kernel.height(); j++)
					for (int i = 0; i < kernel.width(); i++)
						if (kernel.get(i, j) != 0) sum += kernel.get(i, j) * //
							sharp.get(x + kernel.width() - 1 - i, y + kernel.height() - 1 - j);
				out.pixels()[y * out.width() + x] = (float) (sum * scale + noise * random.nextGaussian());
			}
		}
		return out;
	}

	/** The part of {@code sharp} that {@link #photograph} shows. */
	public static Plane shown(final Plane sharp, final Plane kernel) {
		return sharp.crop(kernel.width() / 2, kernel.height() / 2, sharp.width() - kernel.width() + 1,
			sharp.height() - kernel.height() + 1);
	}

	/** A kernel of one pixel, {@code dx, dy} off the middle. */
	public static Plane point(final int size, final int dx, final int dy) {
		final Plane out = new Plane(size, size);
		out.pixels()[(size / 2 + dy) * size + size / 2 + dx] = 1;
		return out;
	}

	/** RMS difference over pixels whose distance to the border is in [from, to). */
	public static double rms(final Plane a, final Plane b, final int from, final int to) {
		double sum = 0;
		int count = 0;
		for (int y = 0; y < a.height(); y++) {
			for (int x = 0; x < a.width(); x++) {
				final int margin = Math.min(Math.min(x, a.width() - 1 - x), //
					Math.min(y, a.height() - 1 - y));
				if (margin < from || margin >= to) continue;
				final double d = a.get(x, y) - b.get(x, y);
				sum += d * d;
				count++;
			}
		}
		return Math.sqrt(sum / count);
	}

	/** Of what is not saturated in the truth. */
	static double rmsOfTheDark(final Plane a, final Plane truth) {
		double sum = 0;
		int n = 0;
		for (int i = 0; i < truth.pixels().length; i++)
			if (truth.pixels()[i] < 1) {
				sum += Math.pow(a.pixels()[i] - truth.pixels()[i], 2);
				n++;
			}
		return Math.sqrt(sum / n);
	}
}
