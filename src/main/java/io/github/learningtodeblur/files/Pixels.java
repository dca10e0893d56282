package io.github.learningtodeblur.files;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.List;

/** What Java's images hold, as {@link Samples}. */
final class Pixels {

	private Pixels() {}

	/** 8- and 16-bit grey levels and colours as they are stored, palettes and packed colours as 8-bit RGB. */
	static Samples of(final BufferedImage image, final List<String> notes) throws Refusal {
		final ColorModel model = image.getColorModel();
		final Raster raster = image.getRaster();
		final int type = raster.getTransferType(), bands = raster.getNumBands();
		if (model instanceof ComponentColorModel && (type == DataBuffer.TYPE_BYTE ||
			type == DataBuffer.TYPE_USHORT))
		{
			// The samples as stored: BufferedImage.getRGB would put grey levels through a gamma curve
			final int colours = model.getNumColorComponents();
			if (colours != 1 && colours != 3) throw new Refusal("has " + colours +
				" inks or channels: save it as RGB");
			noteTransparency(raster, bands - 1, model.hasAlpha(), notes);
			return of(raster, colours, SampleFormat.unsigned(model.getComponentSize(0)), false, notes);
		}
		return packed(image, notes);
	}

	/** The first one or three bands. */
	static Samples of(final Raster raster, final int bands, final SampleFormat format, final boolean inverted,
		final List<String> notes)
	{
		final int width = raster.getWidth(), bits = format.bits();
		// Java's rasters know neither signed bytes nor unsigned 32-bit integers
		final boolean signedByte = format.kind() == SampleFormat.Kind.SIGNED && bits == 8;
		final boolean unsignedInt = format.kind() == SampleFormat.Kind.UNSIGNED && bits == 32;
		return new Samples(width, raster.getHeight(), bands, format, 0, inverted, 1, notes, (band, y, into) -> {
			raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, band, into);
			if (signedByte) for (int x = 0; x < width; x++)
				into[x] = (byte) (int) into[x];
			if (unsignedInt) for (int x = 0; x < width; x++)
				if (into[x] < 0) into[x] += 0x1p32;
		});
	}

	/** Grey if all pixels are. */
	private static Samples packed(final BufferedImage image, final List<String> notes) {
		final int width = image.getWidth(), height = image.getHeight();
		final int[] row = new int[width];
		boolean grey = true, opaque = true;
		for (int y = 0; y < height; y++) {
			image.getRGB(0, y, width, 1, row, 0, width);
			for (final int p : row) {
				grey &= (p >> 16 & 255) == (p & 255) && (p >> 8 & 255) == (p & 255);
				opaque &= p >>> 24 == 255;
			}
		}
		if (!opaque) noteTransparency(notes);
		final int bits = grey && image.getColorModel() instanceof IndexColorModel m ? greyBits(m) : 8;
		final double step = 255.0 / ((1 << bits) - 1);
		return new Samples(width, height, grey ? 1 : 3, SampleFormat.unsigned(bits), 0, false, 1, notes,
			(band, y, into) -> {
				image.getRGB(0, y, width, 1, row, 0, width);
				for (int x = 0; x < width; x++)
					into[x] = (row[x] >> 16 - 8 * band & 255) / step;
			});
	}

	/** Bits of a palette that is the grey levels of 1, 2 or 4 bits in order, as PNG's are made; else 8. */
	private static int greyBits(final IndexColorModel palette) {
		final int bits = palette.getPixelSize(), size = palette.getMapSize();
		if (bits > 4 || size != 1 << bits) return 8;
		for (int i = 0; i < size; i++)
			if (palette.getRed(i) != i * 255 / (size - 1)) return 8;
		return bits;
	}

	/** @param band that of transparency, if there is one */
	static void noteTransparency(final Raster raster, final int band, final boolean has, final List<String> notes) {
		if (!has) return;
		final int[] row = new int[raster.getWidth()];
		final int opaque = (1 << Math.min(30, raster.getSampleModel().getSampleSize(band))) - 1;
		for (int y = 0; y < raster.getHeight(); y++) {
			raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, band, row);
			for (final int alpha : row)
				if (alpha != opaque) {
					noteTransparency(notes);
					return;
				}
		}
	}

	private static void noteTransparency(final List<String> notes) {
		notes.add("is transparent in places: its colours are taken as they are stored, and the result is opaque");
	}
}
