package io.github.learningtodeblur.testimages;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.StringJoiner;

import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.train.ExampleSource;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.ValidConvolution;

/**
 * What people and cameras add to a blurred picture, sharp: text, bars, frames, dead pixels, banding, other ranges,
 * and other ways to cut and lay it. All of it is drawn on pictures that the project draws itself, and always the
 * same.
 */
public final class Disturbances {

	/** A blurred picture of which all is known. {@code kernel} has its centre of mass in the middle. */
	public record Scene(Plane blurry, Plane sharp, Plane kernel) {

		/** The same scene, otherwise seen. */
		Scene with(final Plane otherBlurry) {
			return new Scene(otherBlurry, sharp, kernel);
		}
	}

	/**
	 * A picture with something in it.
	 *
	 * @param drawn the pixels that show no scene; row by row
	 */
	public record Disturbed(Plane image, boolean[] drawn) {

		/** Pixels at least so far, in x and in y, from what is drawn in: where results are to be scored. */
		public boolean[] away(final int pixels) {
			final int w = image.width(), h = image.height();
			final boolean[] away = new boolean[w * h];
			Arrays.fill(away, true);
			for (int i = 0; i < drawn.length; i++)
				if (drawn[i]) for (int y = Math.max(0, i / w - pixels); y <= Math.min(h - 1, i / w + pixels); y++)
					Arrays.fill(away, y * w + Math.max(0, i % w - pixels), y * w + Math.min(w - 1, i % w + pixels) + 1, false);
			return away;
		}
	}

	private static final String TEXT = "NOV AT NOON";

	private Disturbances() {}

	/** The street of test-images, grey. */
	public static Plane street() {
		try {
			return ImageFiles.read(Path.of("test-images/street.png")).luminance();
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** The street, blurred with the kernel of test-images, with half a per cent of noise, in 8 bits. */
	public static Scene shakenStreet() {
		try {
			return blurred(street(), ImageFiles.read(Path.of("test-images/street-kernel.tif")).luminance(), 0.005, 7);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/**
	 * Blurred in the valid region, in 8 bits.
	 *
	 * @param noise standard deviation
	 */
	public static Scene blurred(final Plane sharp, final Plane kernel, final double noise, final long seed) {
		final int r = kernel.width() / 2;
		final Plane blurry = ValidConvolution.convolve(sharp, kernel);
		ExampleSource.addNoise(blurry, noise, 0, new SplittableRandom(seed));
		return new Scene(rounded(blurry), sharp.crop(r, r, blurry.width(), blurry.height()), kernel);
	}

	/** White text without ground, as cameras and microscopes write it, in the lower right corner. */
	public static Disturbed text(final Plane image) {
		return drawn(image, g -> g.fill(lettering(image)));
	}

	/** The same on a black bar over the whole width. */
	public static Disturbed textOnBar(final Plane image) {
		return drawn(image, g -> {
			bar(g, image, 0.09, Color.BLACK);
			g.setColor(Color.WHITE);
			g.fill(lettering(image));
		});
	}

	/** Lines of black capitals on white paper, as a till prints them. */
	public static Plane receipt(final long seed) {
		final String[] words = { "TAX", "TEN", "MAG", "DET", "HV", "WD", "TOTAL", "CASH" };
		final Plane paper = new Plane(420, 520);
		Arrays.fill(paper.pixels(), 1);
		return drawn(paper, g -> {
			final SplittableRandom random = new SplittableRandom(seed);
			g.setColor(Color.BLACK);
			for (int y = 30; y < 510; y += 24 + random.nextInt(14)) {
				final StringJoiner line = new StringJoiner(" ");
				for (int i = random.nextInt(4); i >= 0; i--)
					line.add(words[random.nextInt(words.length)]);
				g.fill(Lettering.line(line.toString(), 20 + random.nextInt(120), y, 14, 0.2));
			}
		}).image();
	}

	/** A white scale bar with its length above. */
	public static Disturbed scaleBar(final Plane image) {
		return drawn(image, g -> {
			final double w = image.width(), h = image.height();
			g.fill(new Rectangle2D.Double(Math.round(0.7 * w), Math.round(0.92 * h), Math.round(0.22 * w), 5));
			g.fill(Lettering.line("TEN um", 0.73 * w, 0.9 * h, 0.035 * h, 0.18));
		});
	}

	/** A grey bar with text and a scale below the picture, as electron microscopes add it. */
	public static Disturbed dataBar(final Plane image) {
		return drawn(image, g -> {
			final double w = image.width(), h = image.height();
			bar(g, image, 0.12, new Color(40, 40, 40));
			g.setColor(Color.WHITE);
			g.fill(Lettering.line("HV MAG DET WD", 0.03 * w, 0.965 * h, 0.045 * h, 0.16));
			g.fill(new Rectangle2D.Double(Math.round(0.7 * w), Math.round(0.93 * h), Math.round(0.25 * w), 3));
		});
	}

	/** Black bars above and below, of a seventh of the height. */
	public static Disturbed letterbox(final Plane image) {
		return drawn(image, g -> {
			g.setColor(Color.BLACK);
			final int rows = image.height() / 7;
			g.fillRect(0, 0, image.width(), rows);
			g.fillRect(0, image.height() - rows, image.width(), rows);
		});
	}

	/** A white frame of 12 pixels. */
	public static Disturbed whiteFrame(final Plane image) {
		return drawn(image, g -> {
			final int w = image.width(), h = image.height();
			g.fillRect(0, 0, w, 12);
			g.fillRect(0, h - 12, w, 12);
			g.fillRect(0, 0, 12, h);
			g.fillRect(w - 12, 0, 12, h);
		});
	}

	/** Black around a round field of view that reaches nearly from border to border. */
	public static Disturbed roundField(final Plane image) {
		return roundField(image, 1);
	}

	/** @param part of the smaller side that the field's diameter has, but for 4 pixels; above 1 it is cut by the borders */
	public static Disturbed roundField(final Plane image, final double part) {
		return drawn(image, g -> {
			final double w = image.width(), h = image.height(), d = part * Math.min(w, h) - 4;
			final java.awt.geom.Area around = new java.awt.geom.Area(new Rectangle2D.Double(0, 0, w, h));
			around.subtract(new java.awt.geom.Area(new Ellipse2D.Double((w - d) / 2, (h - d) / 2, d, d)));
			g.setColor(Color.BLACK);
			g.fill(around);
		});
	}

	/** Lone pixels at the top of the range, or every second of them at its bottom. */
	public static Disturbed hotPixels(final Plane image, final double fraction, final boolean alsoDead,
		final long seed)
	{
		final Plane out = image.copy();
		final boolean[] drawn = new boolean[out.pixels().length];
		final SplittableRandom random = new SplittableRandom(seed);
		final int count = (int) Math.max(1, Math.round(fraction * drawn.length));
		for (int n = 0; n < count; n++) {
			final int i = random.nextInt(drawn.length);
			drawn[i] = true;
			out.pixels()[i] = alsoDead && n % 2 == 1 ? 0 : 1;
		}
		return new Disturbed(out, drawn);
	}

	/** A column that reads 0. */
	public static Disturbed deadColumn(final Plane image) {
		return drawn(image, g -> {
			g.setColor(Color.BLACK);
			g.fillRect((int) (0.62 * image.width()), 0, 1, image.height());
		});
	}

	/** Noise that is the same along a row, on top of the other one. Nothing is drawn in. */
	public static Disturbed rowNoise(final Plane image, final double sigma, final long seed) {
		final Plane out = image.copy();
		final SplittableRandom random = new SplittableRandom(seed);
		for (int y = 0; y < out.height(); y++) {
			final float of = (float) (sigma * random.nextGaussian());
			for (int x = 0; x < out.width(); x++)
				out.pixels()[y * out.width() + x] += of;
		}
		return new Disturbed(rounded(out), new boolean[out.pixels().length]);
	}

	/** Likewise, the same along a column. */
	public static Disturbed columnNoise(final Plane image, final double sigma, final long seed) {
		final Plane rows = rowNoise(mirrored(turned(image)), sigma, seed).image();
		return new Disturbed(mirrored(turned(rows)), new boolean[rows.pixels().length]);
	}

	/** In other units: {@code 290 + 10 v} as Kelvin, {@code 32000 + 4095 v} in 16 bits, {@code 1e-5 v}. */
	public static Plane ranged(final Plane image, final double gain, final double offset) {
		final Plane out = image.copy();
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = (float) (offset + gain * out.pixels()[i]);
		return out;
	}

	/** Few grey levels: between two of 0 to 1, in steps of a 255th. */
	public static Plane narrow(final Plane image, final double low, final double high) {
		return rounded(ranged(image, high - low, low));
	}

	/** Without some pixels at each border. */
	public static Scene cropped(final Scene scene, final int left, final int top, final int right,
		final int bottom)
	{
		final int w = scene.blurry.width() - left - right, h = scene.blurry.height() - top - bottom;
		return new Scene(scene.blurry.crop(left, top, w, h), scene.sharp.crop(left, top, w, h), scene.kernel);
	}

	/** Turned to the left by a quarter. */
	public static Scene turned(final Scene scene) {
		return new Scene(turned(scene.blurry), turned(scene.sharp), turned(scene.kernel));
	}

	/** Left and right exchanged. */
	public static Scene mirrored(final Scene scene) {
		return new Scene(mirrored(scene.blurry), mirrored(scene.sharp), mirrored(scene.kernel));
	}

	/** Bright and dark exchanged. */
	public static Scene inverted(final Scene scene) {
		return new Scene(ranged(scene.blurry, -1, 1), ranged(scene.sharp, -1, 1), scene.kernel);
	}

	/** White noise around grey, in 8 bits. */
	public static Plane noise(final int width, final int height, final double sigma, final long seed) {
		final Plane out = new Plane(width, height);
		Arrays.fill(out.pixels(), 0.5f);
		ExampleSource.addNoise(out, sigma, 0, new SplittableRandom(seed));
		return rounded(out);
	}

	private static Plane turned(final Plane in) {
		final Plane out = new Plane(in.height(), in.width());
		for (int y = 0; y < in.height(); y++)
			for (int x = 0; x < in.width(); x++)
				out.pixels()[(in.width() - 1 - x) * out.width() + y] = in.get(x, y);
		return out;
	}

	private static Plane mirrored(final Plane in) {
		final Plane out = new Plane(in.width(), in.height());
		for (int y = 0; y < in.height(); y++)
			for (int x = 0; x < in.width(); x++)
				out.pixels()[y * in.width() + in.width() - 1 - x] = in.get(x, y);
		return out;
	}

	private static Plane rounded(final Plane in) {
		final Plane out = in.copy();
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = Math.round(255 * Math.max(0, Math.min(1, out.pixels()[i]))) / 255f;
		return out;
	}

	private static Shape lettering(final Plane image) {
		return Lettering.line(TEXT, 0.55 * image.width(), 0.97 * image.height(), 0.05 * image.height(), 0.18);
	}

	private static void bar(final Graphics2D g, final Plane image, final double part, final Color color) {
		final int rows = (int) (part * image.height());
		g.setColor(color);
		g.fillRect(0, image.height() - rows, image.width(), rows);
	}

	private interface Painter {

		void paint(Graphics2D g);
	}

	/** Draws, white if not said otherwise; soft edges of letters are part of what is drawn. */
	private static Disturbed drawn(final Plane image, final Painter painter) {
		final int w = image.width(), h = image.height();
		// once on black and once on white: where both agree, nothing of the picture is left
		final BufferedImage[] grounds = new BufferedImage[2];
		for (int i = 0; i < 2; i++) {
			grounds[i] = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
			final Graphics2D g = grounds[i].createGraphics();
			g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
			g.setColor(i == 0 ? Color.BLACK : Color.WHITE);
			g.fillRect(0, 0, w, h);
			g.setColor(Color.WHITE);
			painter.paint(g);
			g.dispose();
		}
		final Plane out = image.copy();
		final boolean[] drawn = new boolean[w * h];
		for (int i = 0; i < drawn.length; i++) {
			final float onBlack = (grounds[0].getRGB(i % w, i / w) & 255) / 255f;
			final float onWhite = (grounds[1].getRGB(i % w, i / w) & 255) / 255f;
			final float opaque = 1 - (onWhite - onBlack);
			drawn[i] = opaque > 0;
			if (drawn[i]) out.pixels()[i] = Math.round(255 * (onBlack + (1 - opaque) * image.pixels()[i])) / 255f;
		}
		return new Disturbed(out, drawn);
	}
}
