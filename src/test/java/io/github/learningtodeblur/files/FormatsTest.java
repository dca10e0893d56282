package io.github.learningtodeblur.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.learningtodeblur.files.ImageFiles.Picture;
import io.github.learningtodeblur.files.SampleFormat.Kind;
import io.github.learningtodeblur.util.Plane;

/** One picture, a smooth ramp, in every kind of file: it must come back the same. */
class FormatsTest {

	private static final int W = 24, H = 17;

	@TempDir
	private Path folder;

	/** In [0, 1], different in all directions and colours. */
	private static double value(final int x, final int y, final int colour) {
		return (double) (2 * x + 5 * y + 10 * colour) / (2 * W + 5 * H + 20);
	}

	/** For {@link TiffBuilder}: the value of sample i. */
	private static double sample(final int i, final int samples) {
		return value(i / samples % W, i / samples / W, i % samples);
	}

	private Picture read(final String name) throws IOException {
		return ImageFiles.read(folder.resolve(name));
	}

	private Picture read(final TiffBuilder builder, final java.util.function.IntToDoubleFunction values)
		throws IOException
	{
		builder.write(folder.resolve("x.tif"), values);
		return read("x.tif");
	}

	private static void assertPicture(final Picture picture, final int colours, final double tolerance) {
		assertEquals(W, picture.width());
		assertEquals(H, picture.height());
		assertEquals(colours, picture.channels().size());
		for (int c = 0; c < colours; c++)
			for (int y = 0; y < H; y++)
				for (int x = 0; x < W; x++)
					assertEquals(value(x, y, c), picture.channels().get(c).get(x, y), tolerance, "channel " + c + " at " + x +
						"," + y);
	}

	/** What the file holds at a pixel. */
	private static double stored(final Picture p, final int x, final int y) {
		return p.channels().get(0).get(x, y) * p.factor() + p.offset();
	}

	@ParameterizedTest
	@ValueSource(ints = { 16, 32, 64 })
	void floats(final int bits) throws IOException {
		for (final int samples : new int[] { 1, 3 }) {
			final TiffBuilder b = new TiffBuilder(W, H, samples, bits, TiffBuilder.FLOAT).rowsPerStrip(5);
			final Picture p = read(b, i -> sample(i, samples));
			assertPicture(p, samples, 1e-3);
			assertEquals(new SampleFormat(bits, Kind.FLOAT), p.format());
			assertEquals(0, p.step());
			assertPicture(read(b.bigEndian().deflated(), i -> sample(i, samples)), samples, 1e-3);
		}
		final Picture large = read(new TiffBuilder(W, H, 1, bits, TiffBuilder.FLOAT), i -> 4095 * sample(i, 1));
		assertEquals(4095 * value(3, 9, 0), stored(large, 3, 9), bits == 16 ? 2 : 1e-3);
		assertEquals(1, large.channels().get(0).get(W - 1, H - 1));
	}

	@Test
	void smallDifferencesOfLargeDoublesAreKept() throws IOException {
		final Picture p = read(new TiffBuilder(W, H, 1, 64, TiffBuilder.FLOAT), i -> 1e6 + 1e-3 * sample(i, 1));
		final double largest = value(W - 1, H - 1, 0);
		for (int i = 0; i < W * H; i++)
			assertEquals(sample(i, 1) / largest, p.channels().get(0).pixels()[i], 1e-5);
		assertEquals(1e6, p.offset());
	}

	@Test
	void pixelsWithoutValueStayNaN() throws IOException {
		for (final int bits : new int[] { 32, 64 }) {
			final Picture p = read(new TiffBuilder(W, H, 1, bits, TiffBuilder.FLOAT), i -> i < W ? Double.NaN : 200 * sample(
				i, 1));
			assertTrue(Float.isNaN(p.channels().get(0).get(3, 0)));
			assertEquals(200 * value(3, 1, 0), stored(p, 3, 1), 1e-4);
			assertEquals(1, p.channels().get(0).get(W - 1, H - 1));
		}
	}

	@Test
	void signedIntegers() throws IOException {
		final Picture bytes = read(new TiffBuilder(W, H, 1, 8, TiffBuilder.SIGNED), i -> Math.round(255 * sample(i, 1)) -
			128);
		assertPicture(bytes, 1, 0.5 / 255 + 1e-6);
		assertEquals(new SampleFormat(8, Kind.SIGNED), bytes.format());
		assertEquals(-128, stored(bytes, 0, 0), 1e-4);
		final Picture shorts = read(new TiffBuilder(W, H, 1, 16, TiffBuilder.SIGNED), i -> Math.round(65535 * sample(i, 1)) -
			32768);
		assertPicture(shorts, 1, 0.5 / 65535 + 1e-6);
		assertEquals(1 / 65535.0, shorts.step());
		final Picture ints = read(new TiffBuilder(W, H, 1, 32, TiffBuilder.UNSIGNED), i -> 4e9 * sample(i, 1));
		assertEquals(4e9 * value(3, 9, 0), stored(ints, 3, 9), 300);
	}

	@Test
	void largeValuesMayBeDark() throws IOException {
		final Picture bytes = read(new TiffBuilder(W, H, 1, 8, TiffBuilder.UNSIGNED).with(TiffDirectory.PHOTOMETRIC, 0),
			i -> 255 - Math.round(255 * sample(i, 1)));
		assertPicture(bytes, 1, 0.5 / 255 + 1e-6);
		assertEquals(255, stored(bytes, 0, 0), 1e-4);
		assertEquals(1 / 255.0, bytes.step());
		assertPicture(read(new TiffBuilder(W, H, 1, 16, TiffBuilder.UNSIGNED).with(TiffDirectory.PHOTOMETRIC, 0),
			i -> 65535 - Math.round(65535 * sample(i, 1))), 1, 1e-5);
		assertPicture(read(new TiffBuilder(W, H, 1, 32, TiffBuilder.FLOAT).with(TiffDirectory.PHOTOMETRIC, 0), i -> 1 -
			sample(i, 1)), 1, 1e-5);
	}

	@Test
	void transparencyIsLeftOutAndNamed() throws IOException {
		final Picture p = read(new TiffBuilder(W, H, 4, 16, TiffBuilder.UNSIGNED).with(TiffDirectory.EXTRA_SAMPLES, 2),
			i -> i % 4 == 3 ? 40_000 : Math.round(65535 * sample(i / 4 * 3 + i % 4, 3)));
		assertPicture(p, 3, 1e-5);
		assertTrue(p.notes().get(0).contains("transparent"), p.notes().toString());
		assertEquals(List.of(), read(new TiffBuilder(W, H, 4, 16, TiffBuilder.UNSIGNED).with(TiffDirectory.EXTRA_SAMPLES, 2),
			i -> 65535).notes());
		final BufferedImage grey = new BufferedImage(new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_GRAY), true,
			false, Transparency.TRANSLUCENT, DataBuffer.TYPE_BYTE), Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, W, H,
				2, null), false, null);
		fill(grey.getRaster(), 1, 255);
		ImageIO.write(grey, "png", folder.resolve("alpha.png").toFile());
		assertPicture(read("alpha.png"), 1, 0.5 / 255 + 1e-6);
		assertTrue(read("alpha.png").notes().get(0).contains("transparent"));
	}

	private static void fill(final WritableRaster raster, final int colours, final int white) {
		for (int c = 0; c < colours; c++)
			for (int y = 0; y < H; y++)
				for (int x = 0; x < W; x++)
					raster.setSample(x, y, c, (int) Math.round(white * value(x, y, c)));
	}

	@Test
	void bigTiff() throws IOException {
		for (final boolean bigEndian : new boolean[] { false, true }) {
			final TiffBuilder b = new TiffBuilder(W, H, 3, 8, TiffBuilder.UNSIGNED).big().rowsPerStrip(4);
			assertPicture(read(bigEndian ? b.bigEndian() : b, i -> Math.round(255 * sample(i, 3))), 3, 0.5 / 255 + 1e-6);
		}
	}

	private static BufferedImage rgb() {
		final BufferedImage image = new BufferedImage(W, H, BufferedImage.TYPE_3BYTE_BGR);
		fill(image.getRaster(), 3, 255);
		return image;
	}

	@ParameterizedTest
	@ValueSource(strings = { "LZW", "JPEG", "ZLib", "PackBits", "Deflate" })
	void compressedTiffs(final String compression) throws IOException {
		final BufferedImage grey = new BufferedImage(W, H, BufferedImage.TYPE_BYTE_GRAY);
		fill(grey.getRaster(), 1, 255);
		for (final BufferedImage image : List.of(grey, rgb())) {
			Files.write(folder.resolve("x.tif"), encoded(image, "tiff", compression));
			assertPicture(read("x.tif"), image.getRaster().getNumBands(), compression.equals("JPEG") ? 0.05 : 0.5 / 255 +
				1e-6);
		}
	}

	/** By Java's own writers. */
	static byte[] encoded(final BufferedImage image, final String format, final String compression)
		throws IOException
	{
		for (final Iterator<ImageWriter> all = ImageIO.getImageWritersByFormatName(format); all.hasNext();) {
			final ImageWriter writer = all.next();
			if (!writer.getClass().getName().startsWith("com.sun.")) continue;
			final ImageWriteParam param = writer.getDefaultWriteParam();
			if (compression != null) {
				param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
				param.setCompressionType(compression);
				if (compression.equals("JPEG")) param.setCompressionQuality(0.95f);
			}
			final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
				writer.setOutput(out);
				writer.write(null, new IIOImage(image, null, null), param);
			}
			return bytes.toByteArray();
		}
		throw new AssertionError("Java cannot write " + format);
	}

	/**
	 * As all programs store inks: the other way round, and marked as Adobe's programs do.
	 *
	 * @param transformed whether the first three are stored as brightness and colour (YCCK)
	 */
	static byte[] cmykJpeg(final boolean transformed) throws IOException {
		final WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, W, H, 4, null);
		for (int y = 0; y < H; y++)
			for (int x = 0; x < W; x++) {
				final double r = value(x, y, 0), g = value(x, y, 1), b = value(x, y, 2), grey = 0.299 * r + 0.587 * g + 0.114 *
					b;
				// of what is stored otherwise, it is the negative that is transformed
				final double[] stored = transformed ? new double[] { 1 - grey, 0.5 - (b - grey) / 1.772, 0.5 - (r - grey) / 1.402, 1 }
					: new double[] { r, g, b, 1 };
				for (int c = 0; c < 4; c++)
					raster.setSample(x, y, c, (int) Math.round(255 * stored[c]));
			}
		final ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
			writer.setOutput(out);
			final ImageWriteParam param = writer.getDefaultWriteParam();
			param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
			param.setCompressionQuality(0.95f);
			writer.write(null, new IIOImage(raster, null, null), param);
		}
		final byte[] adobe = { (byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) (transformed
			? 2 : 0) };
		return inserted(bytes.toByteArray(), 2, adobe);
	}

	static byte[] inserted(final byte[] bytes, final int at, final byte[] more) {
		return ByteBuffer.allocate(bytes.length + more.length).put(bytes, 0, at).put(more).put(bytes, at, bytes.length - at)
			.array();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void inksAreConverted(final boolean transformed) throws IOException {
		Files.write(folder.resolve("inks.jpg"), cmykJpeg(transformed));
		assertPicture(read("inks.jpg"), 3, 0.08);
		assertPicture(read(new TiffBuilder(W, H, 4, 8, TiffBuilder.UNSIGNED).with(TiffDirectory.PHOTOMETRIC, 5), i -> i % 4 == 3
			? 0 : 255 - Math.round(255 * sample(i / 4 * 3 + i % 4, 3))), 3, 0.5 / 255 + 1e-6);
	}

	/** TIFF with nothing but an orientation, as EXIF data are. */
	private static byte[] exif(final int orientation) {
		return ByteBuffer.allocate(26).put("MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1\0".getBytes(StandardCharsets.ISO_8859_1)).put(
			(byte) orientation).array();
	}

	/** What a camera stores of the picture with the orientation. */
	private static double turned(final int orientation, final int x, final int y, final int c) {
		return switch (orientation) {
			case 2 -> value(W - 1 - x, y, c);
			case 3 -> value(W - 1 - x, H - 1 - y, c);
			case 4 -> value(x, H - 1 - y, c);
			case 5 -> value(y, x, c);
			case 6 -> value(W - 1 - y, x, c);
			case 7 -> value(W - 1 - y, H - 1 - x, c);
			case 8 -> value(y, H - 1 - x, c);
			default -> value(x, y, c);
		};
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void picturesAreTurnedUpright(final int orientation) throws IOException {
		final int w = orientation < 5 ? W : H, h = orientation < 5 ? H : W;
		final BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_3BYTE_BGR);
		for (int c = 0; c < 3; c++)
			for (int y = 0; y < h; y++)
				for (int x = 0; x < w; x++)
					image.getRaster().setSample(x, y, c, (int) Math.round(255 * turned(orientation, x, y, c)));
		assertPicture(read(new TiffBuilder(w, h, 3, 8, TiffBuilder.UNSIGNED).with(TiffDirectory.ORIENTATION, orientation),
			i -> image.getRaster().getSample(i / 3 % w, i / 3 / w, i % 3)), 3, 0.5 / 255 + 1e-6);

		final byte[] exif = exif(orientation);
		final ByteBuffer segment = ByteBuffer.allocate(10 + exif.length).putShort((short) 0xffe1).putShort((short) (8 +
			exif.length)).put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1)).put(exif);
		Files.write(folder.resolve("phone.jpg"), inserted(encoded(image, "jpeg", "JPEG"), 2, segment.array()));
		assertPicture(read("phone.jpg"), 3, 0.06);

		final CRC32 sum = new CRC32();
		final byte[] named = inserted(exif, 0, "eXIf".getBytes(StandardCharsets.ISO_8859_1));
		sum.update(named);
		final ByteBuffer chunk = ByteBuffer.allocate(8 + named.length).putInt(exif.length).put(named).putInt((int) sum
			.getValue());
		Files.write(folder.resolve("phone.png"), inserted(encoded(image, "png", null), 33, chunk.array()));
		assertPicture(read("phone.png"), 3, 0.5 / 255 + 1e-6);
	}

	@Test
	void portableMapsNameTheirWhite() throws IOException {
		for (final int white : new int[] { 100, 255, 4095, 65535 })
			for (final int colours : new int[] { 1, 3 }) {
				final int n = W * H * colours;
				final ByteBuffer raw = ByteBuffer.allocate(n * 2);
				final StringBuilder plain = new StringBuilder();
				for (int i = 0; i < n; i++) {
					final int v = (int) Math.round(white * sample(i, colours));
					plain.append(v).append(i % 10 == 9 ? '\n' : ' ');
					if (white > 255) raw.putShort((short) v);
					else raw.put((byte) v);
				}
				final String head = "# a comment\n" + W + " " + H + "\n" + white + "\n";
				Files.writeString(folder.resolve("plain.pnm"), (colours == 1 ? "P2\n" : "P3\n") + head + plain);
				Files.write(folder.resolve("raw.pnm"), inserted(Arrays.copyOf(raw.array(), raw.position()), 0, ((colours == 1
					? "P5\n" : "P6\n") + head).getBytes(StandardCharsets.ISO_8859_1)));
				for (final String name : List.of("plain.pnm", "raw.pnm")) {
					assertPicture(read(name), colours, 0.5 / white + 1e-6);
					assertEquals(white, read(name).factor());
				}
			}
		Files.write(folder.resolve("bits.pbm"), new byte[] { 'P', '4', ' ', '1', '0', ' ', '1', '\n', (byte) 0b10000000,
			0b01000000 });
		Files.writeString(folder.resolve("plain.pbm"), "P1 10 1\n1000 000001");
		for (final String name : List.of("bits.pbm", "plain.pbm")) {
			final Plane bits = read(name).channels().get(0);
			assertEquals(8, bits.sum());
			assertEquals(0, bits.get(0, 0));
			assertEquals(0, bits.get(9, 0));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 8, 16, 32, -32, -64 })
	void fits(final int bits) throws IOException {
		final String[] cards = { "SIMPLE  =                    T", "BITPIX  = " + bits + " / bits", "NAXIS   = 2",
			"NAXIS1  = " + W, "NAXIS2  = " + H, "BSCALE  = 0.5", "BZERO   = 10.0", "END" };
		final StringBuilder head = new StringBuilder();
		for (final String c : cards)
			head.append(String.format("%-80s", c));
		final ByteBuffer out = ByteBuffer.allocate(2880 * 4).put(String.format("%-2880s", head).getBytes(
			StandardCharsets.ISO_8859_1));
		for (int i = 0; i < W * H; i++) {
			final double v = 100 * value(i % W, H - 1 - i / W, 0);
			switch (bits) {
				case 8 -> out.put((byte) v);
				case 16 -> out.putShort((short) v);
				case 32 -> out.putInt((int) v);
				case -32 -> out.putFloat((float) v);
				default -> out.putDouble(v);
			}
		}
		Files.write(folder.resolve("x.fits"), out.array());
		final Picture p = read("x.fits");
		for (int y = 0; y < H; y++)
			for (int x = 0; x < W; x++)
				assertEquals(10 + 0.5 * (bits < 0 ? 100 * value(x, y, 0) : Math.floor(100 * value(x, y, 0))), stored(p, x, y),
					1e-4);
	}

	@Test
	void palettesAndBits() throws IOException {
		final byte[] red = new byte[256], green = new byte[256], blue = new byte[256];
		red[1] = 100;
		green[1] = 50;
		blue[0] = (byte) 255;
		final BufferedImage image = new BufferedImage(W, H, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 256, red,
			green, blue));
		image.getRaster().setSample(4, 2, 0, 1);
		for (final String format : List.of("png", "gif", "bmp", "tiff")) {
			Files.write(folder.resolve("x." + format), encoded(image, format, null));
			final Picture p = read("x." + format);
			assertEquals(3, p.channels().size(), format);
			assertEquals(100 / 255f, p.channels().get(0).get(4, 2), format);
			assertEquals(50 / 255f, p.channels().get(1).get(4, 2));
			assertEquals(1, p.channels().get(2).get(0, 0));
		}
		for (final int bits : new int[] { 1, 2, 4 }) {
			final int white = (1 << bits) - 1;
			final byte[] levels = new byte[white + 1];
			for (int i = 0; i <= white; i++)
				levels[i] = (byte) (255 * i / white);
			final BufferedImage few = new BufferedImage(W, H, BufferedImage.TYPE_BYTE_BINARY, new IndexColorModel(bits, white +
				1, levels, levels, levels));
			fill(few.getRaster(), 1, white);
			for (final String format : List.of("png", "tiff")) {
				Files.write(folder.resolve("x." + format), encoded(few, format, null));
				final Picture p = read("x." + format);
				assertPicture(p, 1, 0.5 / white + 1e-6);
				assertEquals(value(3, 9, 0) * white, stored(p, 3, 9), 0.5 + 1e-6);
			}
		}
	}

	private String refusal(final TiffBuilder builder) throws IOException {
		builder.write(folder.resolve("odd.tif"), i -> 1);
		final String message = assertThrows(IOException.class, () -> read("odd.tif")).getMessage();
		assertTrue(message.contains("odd.tif") && message.lines().count() == 1, message);
		return message;
	}

	@Test
	void whatIsNotReadIsNamed() throws IOException {
		assertTrue(refusal(new TiffBuilder(W, H, 1, 64, TiffBuilder.UNSIGNED)).contains("64 bits"));
		assertTrue(refusal(new TiffBuilder(W, H, 1, 32, 6)).contains("complex"));
		assertTrue(refusal(new TiffBuilder(W, H, 5, 8, TiffBuilder.UNSIGNED).with(TiffDirectory.PHOTOMETRIC, 1)).contains(
			"5 channels"));
		assertTrue(refusal(new TiffBuilder(W, H, 1, 16, TiffBuilder.UNSIGNED).with(TiffDirectory.PHOTOMETRIC, 32803)).contains(
			"camera's raw"));
		assertTrue(refusal(new TiffBuilder(W, H, 1, 8, TiffBuilder.UNSIGNED).with(TiffDirectory.COMPRESSION, 50000)).contains(
			"50000"));
		assertTrue(refusal(new TiffBuilder(W, H, 1, 8, TiffBuilder.UNSIGNED).with(TiffDirectory.SUBFILE_TYPE, 1)).contains(
			"camera's raw"));
		assertTrue(refusal(new TiffBuilder(W, H, 1, 8, TiffBuilder.UNSIGNED).description("ImageJ=1.54p\nimages=7\nslices=7\n"))
			.contains("stack of 7 images"));
		Files.write(folder.resolve("odd.webp"), "RIFF\0\0\0\0WEBPVP8 ".getBytes(StandardCharsets.ISO_8859_1));
		assertTrue(assertThrows(IOException.class, () -> read("odd.webp")).getMessage().contains("WebP"));
	}

	/** As in Fiji, where the better readers are not installed: right, or refused. */
	@Test
	void withoutTheBetterReaders() throws IOException {
		final Path x = folder.resolve("x.tif");
		int read = 0, refused = 0;
		for (final int samples : new int[] { 1, 3 })
			for (final int kind : new int[] { TiffBuilder.UNSIGNED, TiffBuilder.SIGNED, TiffBuilder.FLOAT })
				for (final int bits : new int[] { 8, 16, 32, 64 })
					for (final int dark : samples == 1 ? new int[] { 1, 0 } : new int[] { 2 }) {
						if (kind == TiffBuilder.FLOAT && bits == 8) continue;
						final double white = kind == TiffBuilder.FLOAT ? 1 : Math.pow(2, bits) - 1;
						new TiffBuilder(W, H, samples, bits, kind).with(TiffDirectory.PHOTOMETRIC, dark).write(x, i -> white *
							sample(i, samples));
						try {
							assertPicture(TiffFile.read(x, Decoder.reader("tiff", false)).picture("x"), samples, 1.0 / 255);
							read++;
						}
						catch (final Refusal e) {
							refused++;
						}
					}
		assertEquals(6, read);
		assertEquals(33, read + refused);
	}

	/** No class of ours may need what Fiji lacks. */
	@Test
	void classesLoadWithoutTheBetterReaders() throws Exception {
		final List<URL> urls = new ArrayList<>();
		for (final String entry : System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")).split(
			File.pathSeparator))
			if (!entry.matches(".*(imageio-|common-(lang|io|image)-|metadata-extractor-|xmpcore-)[^/\\\\]*"))
				urls.add(Path.of(entry).toUri().toURL());
		Files.write(folder.resolve("x.jpg"), encoded(rgb(), "jpeg", "JPEG"));
		Files.write(folder.resolve("x.png"), encoded(rgb(), "png", null));
		ImageFiles.writeTiff(folder.resolve("x.tif"), List.of(new Plane(W, H)));
		try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
			assertThrows(ClassNotFoundException.class, () -> loader.loadClass("com.drew.metadata.Metadata"));
			assertThrows(ClassNotFoundException.class, () -> loader.loadClass(
				"com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReader"));
			final Method read = loader.loadClass(ImageFiles.class.getName()).getMethod("read", Path.class);
			for (final String name : List.of("x.jpg", "x.png", "x.tif"))
				assertTrue(read.invoke(null, folder.resolve(name)).toString().contains("name=" + name), name);
		}
	}

	@Test
	void usualTypes() throws IOException {
		for (final String format : List.of("png", "bmp", "tiff")) {
			Files.write(folder.resolve("x." + format), encoded(rgb(), format, null));
			assertPicture(read("x." + format), 3, 0.5 / 255 + 1e-6);
		}
		final BufferedImage deep = new BufferedImage(W, H, BufferedImage.TYPE_USHORT_GRAY);
		fill(deep.getRaster(), 1, 65535);
		for (final String format : List.of("png", "tiff")) {
			Files.write(folder.resolve("x." + format), encoded(deep, format, null));
			assertPicture(read("x." + format), 1, 1e-5);
		}
	}
}
