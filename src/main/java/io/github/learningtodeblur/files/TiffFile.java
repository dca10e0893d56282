package io.github.learningtodeblur.files;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import javax.imageio.ImageReader;

import io.github.learningtodeblur.files.SampleFormat.Kind;

/** TIFF and BigTIFF: one image of one or three channels, or three of one channel each as ImageJ writes colours. */
final class TiffFile {

	private static final int MIN_IS_WHITE = 0, MIN_IS_BLACK = 1, RGB = 2, PALETTE = 3, INKS = 5, Y_CB_CR = 6, LAB = 8;
	private static final int PLAIN = 1, LZW = 5, OLD_JPEG = 6, JPEG = 7, DEFLATE = 8, PACK_BITS = 32773,
			OLD_DEFLATE = 32946;
	/** 2 to 4 are those of fax machines, the last but one is PixTIFF's. */
	private static final Set<Long> COMPRESSIONS = Set.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 32773L, 50013L, 32946L);
	private static final long REDUCED = 1, MASK = 4;
	/** A code of at least 9 bits stands for a string of up to 4096 bytes. */
	private static final int LZW_RATIO = 3700;

	private static final Pattern IMAGES = Pattern.compile("(?m)^images=(\\d{1,9})$");
	private static final Pattern CHANNELS = Pattern.compile("(?m)^channels=3$");

	private final Path file;
	private final RandomAccessFile bytes;
	private final ImageReader reader;
	private final List<String> notes = new ArrayList<>();

	private TiffFile(final Path file, final RandomAccessFile bytes, final ImageReader reader) {
		this.file = file;
		this.bytes = bytes;
		this.reader = reader;
	}

	static Samples read(final Path file) throws IOException {
		return read(file, Decoder.reader("tiff", true));
	}

	static Samples read(final Path file, final ImageReader reader) throws IOException {
		try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
			return new TiffFile(file, bytes, reader).read();
		}
		catch (final EOFException e) {
			throw new Refusal("is cut: the file ends before the image does");
		}
	}

	private Samples read() throws IOException {
		final List<TiffDirectory> all = TiffDirectory.all(bytes);
		final List<Page> pages = new ArrayList<>();
		for (int i = 0; i < all.size(); i++)
			if ((all.get(i).number(TiffDirectory.SUBFILE_TYPE, 0) & (REDUCED | MASK)) == 0) pages.add(new Page(all.get(i),
				i));
		if (pages.isEmpty()) throw new Refusal("holds no image but a small one to look at: it may be a camera's raw file, " +
			"to be converted first");
		if (pages.size() < all.size()) notes.add("has " + (all.size() - pages.size()) +
			" more images, reduced ones or masks, which are left out");
		final Page first = pages.get(0);
		final String description = first.tags.text(TiffDirectory.DESCRIPTION);
		final Matcher images = IMAGES.matcher(description);
		final boolean byImageJ = description.startsWith("ImageJ=");
		final int count = byImageJ && pages.size() == 1 && images.find() ? Integer.parseInt(images.group(1)) : pages.size();
		final boolean colours = count == 3 && pages.size() == 3 && byImageJ && CHANNELS.matcher(description).find() &&
			pages.stream().allMatch(first::isGreyLike);
		if (count != 1 && !colours) throw new Refusal("is a stack of " + count +
			" images; save the one you want as a file of its own");
		for (final Page p : colours ? pages : List.of(first))
			p.check();
		try (Decoder decoder = new Decoder(file, reader)) {
			final Samples samples = colours ? first.samples(decoder, pages) : first.samples(decoder);
			decoder.checkWarnings(notes);
			return new Samples(samples.width(), samples.height(), samples.bands(), samples.format(), samples.white(), samples
				.inverted(), (int) first.tags.number(TiffDirectory.ORIENTATION, 1), notes, samples.rows());
		}
	}

	/** One image. */
	private final class Page {

		private final TiffDirectory tags;
		private final int index;
		private final long width, height, bits, channels, compression, photometric;
		private final SampleFormat format;

		Page(final TiffDirectory tags, final int index) throws IOException {
			this.tags = tags;
			this.index = index;
			width = tags.number(TiffDirectory.WIDTH, 0);
			height = tags.number(TiffDirectory.HEIGHT, 0);
			bits = tags.number(TiffDirectory.BITS, 1);
			channels = tags.number(TiffDirectory.SAMPLES, 1);
			compression = tags.number(TiffDirectory.COMPRESSION, PLAIN);
			photometric = tags.number(TiffDirectory.PHOTOMETRIC, channels < 3 ? MIN_IS_BLACK : RGB);
			if (bits < 1 || bits > 64) throw new Refusal("is damaged: its values have " + bits + " bits");
			final long kind = tags.number(TiffDirectory.SAMPLE_FORMAT, 1);
			if (kind > 4) throw new Refusal(kind <= 6 ? "has complex numbers: save their modulus"
				: "is damaged: its values are of the kind " + kind);
			format = new SampleFormat((int) bits, kind == 3 ? Kind.FLOAT : kind == 2 ? Kind.SIGNED : Kind.UNSIGNED);
		}

		boolean isGreyLike(final Page o) {
			return channels == 1 && o.channels == 1 && o.width == width && o.height == height && o.format.equals(format) &&
				photometric <= MIN_IS_BLACK && o.photometric == photometric;
		}

		private boolean isJpeg() {
			return compression == JPEG || compression == OLD_JPEG;
		}

		/** Refuses what is cut, garbled, or cannot be read, before anything is decoded. */
		void check() throws IOException {
			final String what = photometric == INKS && (channels < 4 || bits != 8 || isJpeg()) ? "inks of this kind"
				: photometric > LAB || photometric == 4 || photometric == 7 ? photometric == 32803 || photometric == 34892
					? "a camera's raw values" : "colours of the kind " + photometric : photometric <= MIN_IS_BLACK &&
						channels > 3 || channels < 1 || channels > 16 ? channels + " channels" : null;
			if (what != null) throw new Refusal("has " + what + ", which are not read: save it as grey levels or RGB");
			Refusal.checkSize(width, height, 0, 0);
			Refusal.checkSize(width * channels, height, 0, 0);
			if (!COMPRESSIONS.contains(compression)) throw new Refusal("is compressed in a way (number " + compression +
				") that is not read: save it with LZW, Deflate or no compression");
			if (bits > 32 && !format.isFloat()) throw new Refusal("has integers of " + bits +
				" bits, which are not read: save it with 32 bits or fewer");
			final boolean tiled = tags.has(TiffDirectory.TILE_OFFSETS);
			final long[] offsets = tags.numbers(tiled ? TiffDirectory.TILE_OFFSETS : TiffDirectory.STRIP_OFFSETS);
			final long[] counts = tags.numbers(tiled ? TiffDirectory.TILE_BYTES : TiffDirectory.STRIP_BYTES);
			final long columns = tiled ? tags.number(TiffDirectory.TILE_WIDTH, width) : width;
			final long rows = tiled ? tags.number(TiffDirectory.TILE_HEIGHT, height) : Math.min(height, tags.number(
				TiffDirectory.ROWS_PER_STRIP, height));
			if (columns < 1 || rows < 1 || columns > width + 65_536 || rows > height + 65_536) throw new Refusal(
				"is damaged: its pixels come in blocks of " + columns + "x" + rows);
			final boolean planar = tags.number(TiffDirectory.PLANAR, 1) == 2 && channels > 1;
			final long across = (width + columns - 1) / columns, down = (height + rows - 1) / rows;
			final long blocks = across * down * (planar ? channels : 1);
			if (offsets == null && compression == OLD_JPEG && tags.has(TiffDirectory.JPEG_OFFSET)) {
				checkSize(bytes.length());
				return;
			}
			if (offsets == null || offsets.length < blocks) throw new Refusal("is damaged: its pixels come in " + blocks +
				" blocks, of which " + (offsets == null ? 0 : offsets.length) + " are there");
			if (counts != null && counts.length < blocks) throw new Refusal("is damaged: it names the length of " +
				counts.length + " of " + blocks + " blocks");
			final long rowBytes = (columns * bits * (planar ? 1 : channels) + 7) / 8;
			final boolean subsampled = photometric == Y_CB_CR;
			long present = 0;
			for (int i = 0; i < blocks; i++) {
				final long needed = (tiled ? rows : Math.min(rows, height - i % down * rows)) * rowBytes;
				// some writers leave out the length of what is not compressed
				final long count = counts != null && counts[i] > 0 ? counts[i] : compression == PLAIN && !subsampled ? needed
					: bytes.length() - offsets[i];
				if (offsets[i] < 8 || count <= 0 || count > bytes.length() - offsets[i]) throw new Refusal("is cut: its pixels end at byte " + (offsets[i] + count) + ", the file at " + bytes.length());
				if (compression == PLAIN && !subsampled && count < needed) throw new Refusal("is damaged: block " + (i + 1) + " of " +
					blocks + " has " + count + " bytes, its pixels need " + needed);
				present += count;
				if (compression == DEFLATE || compression == OLD_DEFLATE) checkDeflate(offsets[i], count, needed,
					subsampled, i + 1);
			}
			checkSize(present);
		}

		private void checkSize(final long present) throws Refusal {
			final double ratio = compression == PLAIN ? 2 : compression == PACK_BITS ? 64 : compression == LZW ? LZW_RATIO
				: compression >= 2 && compression <= 4 ? 8 * width : Decoder.MAX_RATIO;
			Refusal.checkSize(width, height, width * (double) height * bits * channels / 8, present * ratio);
		}

		/** Decoders stop at the last pixel, before they come to the check sum. */
		private void checkDeflate(final long at, final long count, final long pixels, final boolean subsampled,
			final int block) throws IOException
		{
			final long needed = subsampled ? pixels / 3 : pixels;
			final Inflater inflater = new Inflater();
			final byte[] in = new byte[1 << 13], out = new byte[1 << 14];
			try {
				bytes.seek(at);
				long left = count, done = 0;
				// what comes after the pixels, and is no end yet, is not waited for
				while (!inflater.finished() && done <= 2 * needed + out.length) {
					final int n = inflater.inflate(out);
					done += n;
					if (n > 0) continue;
					if (inflater.needsDictionary() || left == 0) break;
					if (inflater.needsInput()) {
						final int length = (int) Math.min(in.length, left);
						bytes.readFully(in, 0, length);
						inflater.setInput(in, 0, length);
						left -= length;
					}
				}
				if (done < needed) throw new Refusal("is damaged or cut: block " + block + " has " + done +
					" bytes, its pixels need " + needed);
				// some writers leave the end away, but then nothing can follow
				if (!inflater.finished() && !subsampled && done > needed) throw new Refusal("is damaged: block " + block +
					" does not end");
			}
			catch (final DataFormatException e) {
				throw new Refusal("is damaged: block " + block + " has wrong bytes (" + e.getMessage() + ")");
			}
			finally {
				inflater.end();
			}
		}

		Samples samples(final Decoder decoder) throws IOException {
			if (!decoder.isBetter()) return plainSamples(decoder);
			if (isJpeg() || photometric == Y_CB_CR || photometric == LAB || photometric == PALETTE) {
				final BufferedImage image = decoder.image(index);
				if (photometric == PALETTE && !(image.getColorModel() instanceof IndexColorModel)) throw new Refusal(
					"has a palette of a kind that is not read: save it as RGB");
				return Pixels.of(image, notes);
			}
			final Raster raster = raster(decoder);
			if (photometric == INKS) return inks(raster);
			final int bands = channels < 3 ? 1 : 3;
			if (raster.getNumBands() < bands) throw new Refusal("has channels of a kind that is not read");
			final long[] extra = tags.numbers(TiffDirectory.EXTRA_SAMPLES);
			final boolean alpha = extra != null && extra.length > 0 && (extra[0] == 1 || extra[0] == 2);
			if (raster.getNumBands() > bands && alpha && !format.isFloat()) Pixels.noteTransparency(raster, bands, true, notes);
			else if (channels > bands) notes.add("has " + channels + " channels, of which the first " + (bands == 1 ? "is"
				: "three are") + " read");
			return Pixels.of(raster, bands, format, photometric == MIN_IS_WHITE, notes);
		}

		private Raster raster(final Decoder decoder) throws IOException {
			return decoder.raster(index, (int) (channels * Math.max(8, bits) / 8));
		}

		/** One channel from each page. */
		Samples samples(final Decoder decoder, final List<Page> pages) throws IOException {
			final List<Samples> planes = new ArrayList<>();
			for (final Page p : pages)
				planes.add(p.samples(decoder));
			final Samples first = planes.get(0);
			return new Samples(first.width(), first.height(), planes.size(), first.format(), first.white(), first
				.inverted(), 1, notes, (band, y, into) -> planes.get(band).rows().read(0, y, into));
		}

		/** Without the profile of a press, as most programs do. */
		private Samples inks(final Raster raster) {
			final int w = raster.getWidth();
			final double[] black = new double[w];
			return new Samples(w, raster.getHeight(), 3, format, 0, false, 1, notes, (band, y, into) -> {
				raster.getSamples(raster.getMinX(), raster.getMinY() + y, w, 1, 3, black);
				raster.getSamples(raster.getMinX(), raster.getMinY() + y, w, 1, band, into);
				for (int x = 0; x < w; x++)
					into[x] = (255 - into[x]) * (255 - black[x]) / 255;
			});
		}

		/** What Java's own reader is known to get right. */
		private Samples plainSamples(final Decoder decoder) throws IOException {
			final boolean usual = !tags.isBig() && !isJpeg() && (format.kind() == Kind.UNSIGNED && (bits == 8 || bits == 16) ||
				format.isFloat() && bits == 32) && (photometric == MIN_IS_BLACK && channels == 1 || photometric == RGB &&
					channels <= 4 || photometric == PALETTE && bits == 8);
			if (!usual) throw new Refusal("is a TIFF that only the command line reads: save it with 8 or 16 bits, or as 32-bit " +
				"floats, or as PNG");
			final BufferedImage image = decoder.image(index);
			if (photometric != PALETTE && (image.getSampleModel().getSampleSize(0) != bits || image.getSampleModel()
				.getNumBands() < channels)) throw new Refusal("is damaged: its tags are of the wrong type");
			return photometric == PALETTE ? Pixels.of(image, notes) : Pixels.of(image.getRaster(), channels < 3 ? 1 : 3,
				format, false, notes);
		}
	}
}
