package io.github.learningtodeblur.train;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.random.RandomGenerator;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.ValidConvolution;

/**
 * What pictures of cameras have and Eq. 1 of the paper has not: blur that changes over the picture, and the traces of JPEG.
 *
 * @param variation largest displacement of a kernel's rim between the middle of a crop and its border, in pixels; every other
 *          example has none
 * @param compressed share of the examples that go through a JPEG file, of a quality between 0.7 and 0.97
 */
public record Imperfections(double variation, double compressed) {

	public static final Imperfections NONE = new Imperfections(0, 0);

	/** A camera rolled by half a degree; every fifth file a JPEG. */
	public static final Imperfections OF_CAMERAS = new Imperfections(0.8, 0.2);

	private static final float WORST = 0.7f, BEST = 0.97f;

	public Imperfections {
		if (!(variation >= 0 && variation <= 10)) throw new IllegalArgumentException("Variation must be 0 to 10 pixels, got " + variation);
		if (!(compressed >= 0 && compressed <= 1)) throw new IllegalArgumentException("A share must be 0 to 1, got " + compressed);
	}

	/**
	 * Two kernels, for opposite borders of a picture, between which the blur changes evenly.
	 *
	 * @param first,second n * n each
	 * @param right,down direction of the change, a unit vector
	 */
	record Change(Plane first, Plane second, double right, double down) {

		/** In the middle of the picture, and the one that suits all of it best. */
		Plane mean() {
			final Plane mean = new Plane(first.width(), first.height());
			for (int i = 0; i < mean.pixels().length; i++)
				mean.pixels()[i] = (first.pixels()[i] + second.pixels()[i]) / 2;
			return mean;
		}

		/** As {@link ValidConvolution#convolve}. */
		Plane convolve(final Plane sharp) {
			final Plane out = ValidConvolution.convolve(sharp, first), other = ValidConvolution.convolve(sharp, second);
			final double length = out.width() * Math.abs(right) + out.height() * Math.abs(down);
			for (int y = 0; y < out.height(); y++)
				for (int x = 0; x < out.width(); x++) {
					final int i = y * out.width() + x;
					final float part = (float) (0.5 + ((x - 0.5 * (out.width() - 1)) * right + (y - 0.5 * (out.height() - 1)) * down) / length);
					out.pixels()[i] += part * (other.pixels()[i] - out.pixels()[i]);
				}
			return out;
		}
	}

	/** @param kernel the one that suits all of the picture best */
	public record Blurred(Plane blurry, Plane kernel) {}

	/**
	 * A sharp picture blurred by a kernel, which may change over it.
	 *
	 * @return smaller, as from {@link ValidConvolution#convolve}
	 */
	public Blurred blurred(final Plane sharp, final Plane kernel, final RandomGenerator random) {
		final Change change = change(kernel, random);
		return change == null ? new Blurred(ValidConvolution.convolve(sharp, kernel), kernel) : new Blurred(change.convolve(sharp), change
			.mean());
	}

	/** @return null if this kernel is that of the whole picture */
	Change change(final Plane kernel, final RandomGenerator random) {
		if (variation == 0 || random.nextBoolean()) return null;
		final double rim = variation * random.nextDouble() / (0.5 * kernel.width());
		final double[] e = { random.nextGaussian(), random.nextGaussian(), random.nextGaussian(), random.nextGaussian() };
		// the largest displacement of a point of the unit circle is the larger singular value
		final double sum = e[0] * e[0] + e[1] * e[1] + e[2] * e[2] + e[3] * e[3], det = e[0] * e[3] - e[1] * e[2];
		final double scale = rim / Math.sqrt((sum + Math.sqrt(Math.max(0, sum * sum - 4 * det * det))) / 2);
		for (int i = 0; i < e.length; i++)
			e[i] *= scale;
		final double angle = 2 * Math.PI * random.nextDouble();
		return new Change(moved(kernel, e, 1), moved(kernel, e, -1), Math.cos(angle), Math.sin(angle));
	}

	/** Every part goes from p to (1 + sign e) p, seen from the middle, and stays in the frame. */
	private static Plane moved(final Plane kernel, final double[] e, final int sign) {
		final int n = kernel.width(), middle = n / 2;
		final Plane out = new Plane(n, n);
		for (int y = 0; y < n; y++)
			for (int x = 0; x < n; x++) {
				final float v = kernel.get(x, y);
				if (v == 0) continue;
				final double u = x - middle, w = y - middle;
				final double toX = Math.max(0, Math.min(n - 1, x + sign * (e[0] * u + e[1] * w)));
				final double toY = Math.max(0, Math.min(n - 1, y + sign * (e[2] * u + e[3] * w)));
				final int left = Math.min(n - 2, (int) toX), top = Math.min(n - 2, (int) toY);
				final float partX = (float) (toX - left), partY = (float) (toY - top);
				out.pixels()[top * n + left] += v * (1 - partX) * (1 - partY);
				out.pixels()[top * n + left + 1] += v * partX * (1 - partY);
				out.pixels()[(top + 1) * n + left] += v * (1 - partX) * partY;
				out.pixels()[(top + 1) * n + left + 1] += v * partX * partY;
			}
		return out;
	}

	/** In so many examples, what is left of a picture in a JPEG file of 8 bits; in the others, the picture itself. */
	public Plane stored(final Plane picture, final RandomGenerator random) {
		return compressed > 0 && random.nextDouble() < compressed ? jpeg(picture, WORST + (BEST - WORST) * random.nextFloat()) : picture;
	}

	/**
	 * As a camera saves it.
	 *
	 * @param picture values in [0, 1]; others are cut off
	 * @param quality above 0, at most 1
	 */
	public static Plane jpeg(final Plane picture, final float quality) {
		final BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_BYTE_GRAY);
		final int[] bytes = new int[picture.pixels().length];
		for (int i = 0; i < bytes.length; i++)
			bytes[i] = Math.max(0, Math.min(255, Math.round(255 * picture.pixels()[i])));
		image.getRaster().setPixels(0, 0, picture.width(), picture.height(), bytes);
		final ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
		final ByteArrayOutputStream file = new ByteArrayOutputStream();
		try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
			writer.setOutput(out);
			final ImageWriteParam settings = writer.getDefaultWriteParam();
			settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
			settings.setCompressionQuality(quality);
			writer.write(null, new IIOImage(image, null, null), settings);
			out.flush();
			ImageIO.read(new ByteArrayInputStream(file.toByteArray())).getRaster().getPixels(0, 0, picture.width(), picture.height(), bytes);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
		finally {
			writer.dispose();
		}
		final Plane read = new Plane(picture.width(), picture.height());
		for (int i = 0; i < bytes.length; i++)
			read.pixels()[i] = bytes[i] / 255f;
		return read;
	}
}
