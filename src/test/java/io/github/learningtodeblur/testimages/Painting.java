package io.github.learningtodeblur.testimages;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.Arrays;
import java.util.List;

import io.github.learningtodeblur.util.Plane;

/**
 * A colour picture that is painted shape over shape, in linear light and at {@value #FINE} times its size, and
 * then averaged over pixels: sharp, and without jagged lines. All coordinates are those of the small picture.
 */
final class Painting {

	private static final int FINE = 3;

	/** What a shape is made of: linear R, G, B at a point. */
	@FunctionalInterface
	interface Material {

		double[] at(double x, double y);
	}

	private final int width;
	private final int height;
	private final double[][] light;
	private final BufferedImage mask;
	private final byte[] covered;
	private final Graphics2D pen;

	Painting(final int width, final int height) {
		this.width = width * FINE;
		this.height = height * FINE;
		light = new double[this.width * this.height][];
		mask = new BufferedImage(this.width, this.height, BufferedImage.TYPE_BYTE_GRAY);
		covered = ((DataBufferByte) mask.getRaster().getDataBuffer()).getData();
		pen = mask.createGraphics();
		pen.setColor(Color.WHITE);
		pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
		pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
		Arrays.fill(light, new double[3]);
	}

	/** A colour as in web pages, in linear light. */
	static double[] rgb(final int hex) {
		final double[] c = new double[3];
		for (int i = 0; i < 3; i++)
			c[i] = Math.pow((hex >> 16 - 8 * i & 255) / 255.0, 2.2);
		return c;
	}

	static double[] times(final double[] c, final double f) {
		return new double[] { c[0] * f, c[1] * f, c[2] * f };
	}

	/** {@code a} for t at or below 0, {@code b} for t at or above 1. */
	static double[] mix(final double[] a, final double[] b, final double t) {
		final double s = Math.max(0, Math.min(1, t));
		return new double[] { a[0] + s * (b[0] - a[0]), a[1] + s * (b[1] - a[1]), a[2] + s * (b[2] -
			a[2]) };
	}

	/** A number in [0, 1) that depends on the cell only. */
	static double hash(final long x, final long y) {
		long h = x * 0x9E3779B97F4A7C15L + y * 0xC2B2AE3D27D4EB4FL + 0x165667B19E3779F9L;
		h = (h ^ h >>> 31) * 0xBF58476D1CE4E5B9L;
		h = (h ^ h >>> 29) * 0x94D049BB133111EBL;
		return ((h ^ h >>> 32) & 0xFFFFFF) / (double) 0x1000000;
	}

	/** Fractal noise around 0, mostly within 0.5: five octaves, the coarsest with a period of 1. */
	static double noise(final double x, final double y) {
		double sum = 0;
		for (int octave = 0; octave < 5; octave++) {
			final double u = x * (1 << octave) + 17.3 * octave;
			final double v = y * (1 << octave) - 9.1 * octave;
			final long i = (long) Math.floor(u);
			final long j = (long) Math.floor(v);
			final double s = (u - i) * (u - i) * (3 - 2 * (u - i));
			final double t = (v - j) * (v - j) * (3 - 2 * (v - j));
			final double up = hash(i, j) * (1 - s) + hash(i + 1, j) * s;
			final double low = hash(i, j + 1) * (1 - s) + hash(i + 1, j + 1) * s;
			sum += (up * (1 - t) + low * t - 0.5) / (1 << octave);
		}
		return sum;
	}

	/** An uneven surface: coarse stains and fine grain. */
	static Material rough(final int hex, final double amount) {
		final double[] c = rgb(hex);
		return (x, y) -> times(c, 1 + amount * (noise(x / 40, y / 40) + noise(x / 3, y / 3)));
	}

	/** @return the part of the fine picture that is covered by the shape, grown by some fine pixels */
	private Rectangle draw(final Shape shape, final int margin) {
		final Shape fine = AffineTransform.getScaleInstance(FINE, FINE).createTransformedShape(shape);
		pen.fill(fine);
		final Rectangle box = fine.getBounds();
		box.grow(margin + 1, margin + 1);
		final Rectangle inside = box.intersection(new Rectangle(width, height));
		return inside.isEmpty() ? new Rectangle() : inside;
	}

	private void clear(final Rectangle box) {
		for (int y = box.y; y < box.y + box.height; y++)
			Arrays.fill(covered, y * width + box.x, y * width + box.x + box.width, (byte) 0);
	}

	void fill(final Shape shape, final Material material) {
		fill(shape, material, 1);
	}

	/** @param opacity share of the material, the rest is what was there before */
	void fill(final Shape shape, final Material material, final double opacity) {
		final Rectangle box = draw(shape, 0);
		for (int y = box.y; y < box.y + box.height; y++)
			for (int x = box.x; x < box.x + box.width; x++) {
				final int i = y * width + x;
				if (covered[i] != 0) light[i] = mix(light[i], material.at((x + 0.5) / FINE, (y + 0.5) / FINE),
					opacity * (covered[i] & 255) / 255);
			}
		clear(box);
	}

	/**
	 * Throws a shadow: multiplies the light under a shape.
	 *
	 * @param blur width of the soft edge
	 */
	void shade(final Shape shape, final double blur, final double factor) {
		final int radius = (int) Math.round(blur * FINE / 2);
		final Rectangle box = draw(shape, 3 * radius);
		float[] soft = new float[box.width * box.height];
		for (int i = 0; i < soft.length; i++)
			soft[i] = (covered[(box.y + i / box.width) * width + box.x + i % box.width] & 255) / 255f;
		for (int pass = 0; pass < 3; pass++) {
			soft = box(soft, box.width, 1, box.height, box.width, radius);
			soft = box(soft, box.height, box.width, box.width, 1, radius);
		}
		for (int i = 0; i < soft.length; i++) {
			final int at = (box.y + i / box.width) * width + box.x + i % box.width;
			light[at] = times(light[at], 1 - soft[i] * (1 - factor));
		}
		clear(box);
	}

	/** Running mean over {@code 2 * radius + 1} values along lines. */
	private static float[] box(final float[] in, final int length, final int step, final int lines,
		final int lineStep, final int radius)
	{
		final float[] out = new float[in.length];
		for (int line = 0; line < lines; line++) {
			double sum = 0;
			for (int i = -radius; i < length; i++) {
				if (i + radius < length) sum += in[line * lineStep + (i + radius) * step];
				if (i - radius - 1 >= 0) sum -= in[line * lineStep + (i - radius - 1) * step];
				if (i >= 0) out[line * lineStep + i * step] = (float) (sum / (2 * radius + 1));
			}
		}
		return out;
	}

	/** R, G, B in [0, 1] as in a photograph, with the gamma of monitors. */
	List<Plane> channels() {
		final List<Plane> out = List.of(plane(), plane(), plane());
		for (int c = 0; c < 3; c++) {
			final float[] pixels = out.get(c).pixels();
			for (int i = 0; i < width * height; i++)
				pixels[i / width / FINE * (width / FINE) + i % width / FINE] += (float) (light[i][c] / FINE /
					FINE);
			for (int i = 0; i < pixels.length; i++)
				pixels[i] = (float) Math.min(1, Math.pow(Math.max(0, pixels[i]), 1 / 2.2));
		}
		return out;
	}

	private Plane plane() {
		return new Plane(width / FINE, height / FINE);
	}
}
