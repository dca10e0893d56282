package io.github.learningtodeblur.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.files.ImageFiles.Picture;

/** Files with changed, cut and inserted bytes: a picture, or a sentence that names the file, soon and in little memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedFilesTest {

	private static final int FILES = 1000, SECONDS = 5;

	/** Bytes that may be allocated for a file: ImageIO's own tables and buffers, and a factor for what is decoded. */
	private static final long ALLOWED = 24 << 20;

	private static final int W = 61, H = 43;

	@TempDir
	private Path folder;

	/** By file name. */
	private final Map<String, byte[]> whole = new LinkedHashMap<>();

	/** A picture that does not compress to nothing. */
	private static int value(final int i) {
		return 40 + i % W + i / W * 2 + (i * 7919 >> 3) % 23;
	}

	@BeforeAll
	void make() throws IOException {
		final BufferedImage grey = new BufferedImage(W, H, BufferedImage.TYPE_BYTE_GRAY);
		final BufferedImage rgb = new BufferedImage(W, H, BufferedImage.TYPE_3BYTE_BGR);
		final BufferedImage deep = new BufferedImage(W, H, BufferedImage.TYPE_USHORT_GRAY);
		final BufferedImage palette = new BufferedImage(W, H, BufferedImage.TYPE_BYTE_INDEXED);
		final BufferedImage bits = new BufferedImage(W, H, BufferedImage.TYPE_BYTE_BINARY);
		for (int i = 0; i < W * H; i++) {
			final int x = i % W, y = i / W;
			grey.getRaster().setSample(x, y, 0, value(i));
			deep.getRaster().setSample(x, y, 0, 256 * value(i));
			palette.getRaster().setSample(x, y, 0, value(i));
			bits.getRaster().setSample(x, y, 0, value(i) & 1);
			for (int c = 0; c < 3; c++)
				rgb.getRaster().setSample(x, y, c, value(i + 5 * c));
		}
		for (final String compression : new String[] { null, "LZW", "Deflate", "PackBits", "JPEG" }) {
			whole.put("grey-" + compression + ".tif", FormatsTest.encoded(grey, "tiff", compression));
			whole.put("rgb-" + compression + ".tif", FormatsTest.encoded(rgb, "tiff", compression));
		}
		whole.put("fax.tif", FormatsTest.encoded(bits, "tiff", "CCITT T.6"));
		whole.put("palette.tif", FormatsTest.encoded(palette, "tiff", "LZW"));
		whole.put("half.tif", tiff(1, 16, TiffBuilder.FLOAT).bytes(i -> value(i) / 255.0));
		whole.put("float.tif", tiff(1, 32, TiffBuilder.FLOAT).deflated().bytes(i -> value(i)));
		whole.put("double.tif", tiff(1, 64, TiffBuilder.FLOAT).bigEndian().bytes(i -> value(i)));
		whole.put("big.tif", tiff(3, 16, TiffBuilder.UNSIGNED).big().deflated().bytes(i -> 200 * value(i)));
		whole.put("signed.tif", tiff(1, 8, TiffBuilder.SIGNED).with(TiffDirectory.ORIENTATION, 6).bytes(i -> value(i) - 128));
		for (final String format : new String[] { "png", "gif", "bmp" }) {
			whole.put("palette." + format, FormatsTest.encoded(palette, format, null));
			whole.put("bits." + format, FormatsTest.encoded(bits, format, null));
		}
		whole.put("rgb.png", FormatsTest.encoded(rgb, "png", null));
		whole.put("rgb.bmp", FormatsTest.encoded(rgb, "bmp", null));
		whole.put("deep.png", FormatsTest.encoded(deep, "png", null));
		whole.put("grey.jpg", FormatsTest.encoded(grey, "jpeg", "JPEG"));
		whole.put("rgb.jpg", FormatsTest.encoded(rgb, "jpeg", "JPEG"));
		whole.put("cmyk.jpg", FormatsTest.cmykJpeg(false));
		final StringBuilder plain = new StringBuilder("P2\n" + W + " " + H + "\n4095\n");
		final ByteBuffer raw = ByteBuffer.allocate(3 * W * H);
		for (int i = 0; i < W * H; i++) {
			plain.append(16 * value(i)).append('\n');
			raw.put(3 * i, (byte) value(i)).put(3 * i + 1, (byte) value(i + 5)).put(3 * i + 2, (byte) value(i + 10));
		}
		whole.put("plain.pgm", ascii(plain.toString()));
		whole.put("raw.ppm", FormatsTest.inserted(raw.array(), 0, ascii("P6 " + W + " " + H + " 255\n")));
		final String cards = String.format("%-80s%-80s%-80s%-80s%-80s%-80s", "SIMPLE  =                    T", "BITPIX  = -32",
			"NAXIS   = 2", "NAXIS1  = " + W, "NAXIS2  = " + H, "END");
		final ByteBuffer fits = ByteBuffer.allocate(2880 * 5).put(ascii(String.format("%-2880s", cards)));
		for (int i = 0; i < W * H; i++)
			fits.putFloat(value(i));
		whole.put("float.fits", fits.array());
	}

	private static TiffBuilder tiff(final int samples, final int bits, final int kind) {
		return new TiffBuilder(W, H, samples, bits, kind).rowsPerStrip(9);
	}

	private static byte[] ascii(final String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	private Path file(final String name, final byte[] bytes) throws IOException {
		return Files.write(folder.resolve(name), bytes);
	}

	private String refusal(final String name, final byte[] bytes) throws IOException {
		final Path file = file(name, bytes);
		final String message = assertThrows(IOException.class, () -> ImageFiles.read(file), name).getMessage();
		assertTrue(message.startsWith(file.toString()) && message.lines().count() == 1, message);
		return message;
	}

	@Test
	void wholeOnesAreRead() throws IOException {
		for (final Map.Entry<String, byte[]> e : whole.entrySet())
			assertEquals(e.getKey().equals("cmyk.jpg") ? 24 : e.getKey().equals("signed.tif") ? H : W, ImageFiles.read(file(e
				.getKey(), e.getValue())).width(), e.getKey());
	}

	/** Bytes changed, cut out and put in, in the first part (what is said of the pixels) and anywhere. */
	private static byte[] damaged(final byte[] bytes, final SplittableRandom random) {
		byte[] b = bytes.clone();
		for (int n = 1 + random.nextInt(3); n > 0; n--) {
			final int within = random.nextBoolean() ? b.length : Math.min(b.length, 200);
			int at = random.nextInt(within);
			if (random.nextInt(4) == 0) at = b.length - 1 - at; // a TIFF's tags may lie at the end
			switch (random.nextInt(6)) {
				case 0 -> b[at] ^= 1 << random.nextInt(8);
				case 1 -> b[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
				case 2 -> {
					for (int i = at; i < Math.min(b.length, at + 1 + random.nextInt(12)); i++)
						b[i] = (byte) random.nextInt();
				}
				case 3 -> b = Arrays.copyOf(b, Math.max(1, at));
				case 4 -> {
					final int to = Math.min(b.length, at + 1 + random.nextInt(8));
					b = FormatsTest.inserted(Arrays.copyOf(b, at), at, Arrays.copyOfRange(b, to, b.length));
					if (b.length == 0) b = new byte[1];
				}
				default -> {
					final byte[] more = new byte[1 + random.nextInt(8)];
					random.nextBytes(more);
					b = FormatsTest.inserted(b, at, more);
				}
			}
		}
		return b;
	}

	@Test
	void aThousandDamagedFiles() throws Exception {
		final SplittableRandom random = new SplittableRandom(20_26);
		final String[] names = whole.keySet().toArray(String[]::new);
		final com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
		final PrintStream err = System.err;
		final ByteArrayOutputStream printed = new ByteArrayOutputStream();
		final ExecutorService reader = Executors.newSingleThreadExecutor();
		int read = 0, refused = 0;
		try {
			System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
			for (int n = 0; n < FILES; n++) {
				final String name = n + "-" + names[n % names.length];
				final Path file = file(name, damaged(whole.get(names[n % names.length]), random));
				// the decoders' share of a size that the file declares and could have
				final long[] allocated = new long[1];
				final boolean[] right = new boolean[1];
				final Throwable[] thrown = new Throwable[1];
				try {
					reader.submit(() -> {
						final long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
						try {
							final Picture p = ImageFiles.read(file);
							right[0] = true;
							allocated[0] = -60L * p.width() * p.height();
						}
						catch (final Throwable t) {
							thrown[0] = t;
						}
						allocated[0] += threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
					}).get(SECONDS, TimeUnit.SECONDS);
				}
				catch (final TimeoutException e) {
					throw new AssertionError(name + " takes more than " + SECONDS + " seconds", e);
				}
				if (right[0]) read++;
				else {
					assertEquals(IOException.class, thrown[0].getClass(), name + ": " + thrown[0]);
					final String message = thrown[0].getMessage();
					assertTrue(message.contains(name) && message.lines().count() == 1, message);
					refused++;
				}
				assertTrue(allocated[0] <= ALLOWED, name + " takes " + (allocated[0] >> 20) + " MB");
				Files.delete(file);
			}
		}
		finally {
			System.setErr(err);
			reader.shutdownNow();
		}
		assertEquals("", printed.toString(StandardCharsets.UTF_8));
		assertEquals(FILES, read + refused);
		System.out.println("Damaged files: " + refused + " of " + FILES + " refused");
		// Where bytes of uncompressed pixels are changed, nothing can tell
		assertTrue(refused > 550, refused + " refused");
	}

	@Test
	void whatIsCutIsNoticed() throws IOException {
		for (final Map.Entry<String, byte[]> e : whole.entrySet()) {
			final byte[] bytes = e.getValue();
			// what may be missing: the end marks of GIF, the filling of FITS, pages' ends
			for (final double part : new double[] { 0.05, 0.3, 0.5, 0.7, 0.85 }) {
				final int length = (int) (part * bytes.length);
				final String message = refusal("cut-" + e.getKey(), Arrays.copyOf(bytes, length));
				assertFalse(message.contains("Exception"), message);
			}
		}
	}

	@Test
	void checkSumsAreLookedAt() throws IOException {
		for (final String name : new String[] { "rgb.png", "palette.png", "deep.png", "float.tif", "big.tif" }) {
			final byte[] bytes = whole.get(name);
			for (int at = 60; at < bytes.length / 2; at += 37) {
				final byte[] changed = bytes.clone();
				changed[at] ^= 0x10;
				refusal("garbled-" + name, changed);
			}
		}
	}

	@Test
	void garbledJpegsAreNoticed() throws IOException {
		int noticed = 0;
		final byte[] bytes = whole.get("rgb.jpg");
		for (int i = 0; i < 40; i++) {
			final byte[] changed = bytes.clone();
			// 0xff begins a mark that cannot be there
			Arrays.fill(changed, 650 + 20 * i, 655 + 20 * i, (byte) (0x35 * i | 1));
			try {
				ImageFiles.read(file("garbled.jpg", changed));
			}
			catch (final IOException e) {
				noticed++;
			}
		}
		assertTrue(noticed >= 12, noticed + " of 40");
	}

	/** Declared sizes are compared with the file before memory is taken, and the memory there is before it is used. */
	@Test
	void sizesThatCannotBeAreRefused() throws IOException {
		final byte[] png = whole.get("rgb.png").clone();
		ByteBuffer.wrap(png).putInt(16, 30_000).putInt(20, 30_000);
		refusal("huge.png", png);
		final byte[] jpeg = whole.get("rgb.jpg").clone();
		for (int i = 0; i < jpeg.length - 9; i++)
			if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xc0) ByteBuffer.wrap(jpeg).putShort(i + 5, (short) 65_500)
				.putShort(i + 7, (short) 65_500);
		assertTrue(refusal("huge.jpg", jpeg).contains("65500x65500"));
		final byte[] bmp = whole.get("rgb.bmp").clone();
		ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 20_000).putInt(22, 20_000);
		refusal("huge.bmp", bmp);
		assertTrue(refusal("huge.pgm", ascii("P5 40000 40000 255\n")).contains("40000x40000"));
		assertTrue(refusal("huge.tif", tiff(1, 8, TiffBuilder.UNSIGNED).with(TiffDirectory.WIDTH, 50_000).with(
			TiffDirectory.HEIGHT, 40_000).bytes(i -> 7)).contains("huge.tif"));
		// 2 GB of zeros in 300 bytes for each strip: what Deflate can do
		final TiffBuilder zeros = new TiffBuilder(30_000, 64, 1, 8, TiffBuilder.UNSIGNED).deflated();
		assertTrue(refusal("zeros.tif", zeros.with(TiffDirectory.HEIGHT, 30_000).with(TiffDirectory.ROWS_PER_STRIP, 30_000)
			.bytes(i -> 0)).contains("zeros.tif"));
	}

	@Test
	void listsOfImagesEnd() throws IOException {
		final byte[] bytes = tiff(1, 8, TiffBuilder.UNSIGNED).bytes(i -> 9);
		final ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		final int list = b.getInt(4);
		b.putInt(list + 2 + 12 * b.getShort(list), list);
		assertTrue(refusal("loop.tif", bytes).contains("no end"));
	}
}
