package io.github.learningtodeblur.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.learningtodeblur.files.ImageFiles.Picture;
import io.github.learningtodeblur.util.Plane;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.io.Opener;
import ij.ImageStack;
import ij.io.FileSaver;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;

class ImageFilesTest {

	@TempDir
	private Path folder;

	private final Plane ramp = new Plane(6, 4);

	@BeforeEach
	void fill() {
		for (int i = 0; i < 24; i++)
			ramp.pixels()[i] = i / 23f;
	}

	private void save(final String name, final ImageProcessor ip) throws IOException {
		Files.write(folder.resolve(name), new FileSaver(new ImagePlus("x", ip)).serialize());
	}

	private String refusal(final String name) {
		final String message = assertThrows(IOException.class, () -> ImageFiles.read(folder.resolve(name)))
			.getMessage();
		assertTrue(message.contains(name), message);
		return message;
	}

	@Test
	void floatsComeBackAsWritten() throws IOException {
		ImageFiles.writeTiff(folder.resolve("grey.tif"), List.of(ramp));
		final Picture grey = ImageFiles.read(folder.resolve("grey.tif"));
		assertEquals(List.of(ramp), grey.channels());
		assertEquals(1, grey.factor());
		assertEquals("grey.tif", grey.name());
		final List<Plane> colour = List.of(ramp, ramp.rotated180(), new Plane(6, 4));
		ImageFiles.writeTiff(folder.resolve("colour.tif"), colour);
		assertEquals(colour, ImageFiles.read(folder.resolve("colour.tif")).channels());
	}

	@Test
	void floatsAboveOneAreDividedByTheirMaximum() throws IOException {
		ramp.pixels()[0] = 4;
		ramp.pixels()[1] = -2;
		ImageFiles.writeTiff(folder.resolve("x.tif"), List.of(ramp));
		final Picture picture = ImageFiles.read(folder.resolve("x.tif"));
		assertEquals(4, picture.factor());
		assertEquals(0, picture.offset());
		assertEquals(1, picture.luminance().pixels()[0]);
		assertEquals(-0.5f, picture.luminance().pixels()[1]);
	}

	/** What was measured keeps its unit, and is shown from its own black to its own white; integers up to 16 bits are of [0, 1]. */
	@Test
	void resultsHaveTheUnitOfTheFile() throws IOException {
		for (int i = 0; i < 24; i++)
			ramp.pixels()[i] = 300 + 0.01f * i;
		ImageFiles.writeTiff(folder.resolve("kelvin.tif"), List.of(ramp));
		final Picture kelvin = ImageFiles.read(folder.resolve("kelvin.tif"));
		assertEquals(0, kelvin.channels().get(0).pixels()[0]);
		final List<Plane> back = kelvin.inUnits(kelvin.channels());
		assertArrayEquals(ramp.pixels(), back.get(0).pixels(), 1e-4f);
		assertEquals(0.23, kelvin.unit(), 1e-4);
		assertEquals(300, kelvin.zero());
		final ImageFiles.Shown shown = kelvin.shown(back);
		assertEquals(300, shown.low(), 0.02);
		assertEquals(300.23, shown.high(), 0.02);
		ImageFiles.writePng(folder.resolve("kelvin.png"), back, shown);
		final float[] seen = ImageFiles.read(folder.resolve("kelvin.png")).luminance().pixels();
		assertEquals(0, seen[0]);
		assertEquals(0.5, seen[12], 0.05);
		assertEquals(1, seen[23]);
		ImageFiles.writeTiff(folder.resolve("shown.tif"), back, shown);
		assertEquals(shown.high(), new Opener().openImage(folder.resolve("shown.tif").toString()).getDisplayRangeMax(), 1e-6);

		save("camera.tif", new ShortProcessor(3, 1, new short[] { 100, 4000, 4095 }, null));
		final Picture camera = ImageFiles.read(folder.resolve("camera.tif"));
		assertEquals(camera.channels(), camera.inUnits(camera.channels()));
		assertEquals(100 / 65535.0, camera.shown(camera.channels()).low(), 1e-6);
		save("bytes.tif", new ByteProcessor(2, 1, new byte[] { 10, 20 }));
		final Picture bytes = ImageFiles.read(folder.resolve("bytes.tif"));
		assertEquals(ImageFiles.Shown.ALL, bytes.shown(bytes.channels()));
	}

	/** Whatever else is in the folder by now. */
	@Test
	void resultsAreNamedAfterTheirFileAlone() throws IOException {
		for (final String name : List.of("x.png.tif", "a.tif", "b.2.tif"))
			Files.createFile(folder.resolve(name));
		assertEquals(List.of("a.tif", "b.2.tif", "x.png.tif.tif"), ImageFolder.list(folder, "*").stream().map(ImageFolder.Entry::result).toList());
		Files.createFile(folder.resolve("x.png"));
		assertEquals(List.of("a.tif", "b.2.tif", "x.png.tif", "x.png.tif.tif"), ImageFolder.list(folder, "*").stream().map(
			ImageFolder.Entry::result).toList());
	}

	@Test
	void pngHasEightBitsAndIsClipped() throws IOException {
		ramp.pixels()[0] = -3;
		ramp.pixels()[1] = 3;
		ImageFiles.writePng(folder.resolve("grey.png"), List.of(ramp));
		final Picture grey = ImageFiles.read(folder.resolve("grey.png"));
		assertEquals(255, grey.factor());
		assertEquals(SampleFormat.unsigned(8), grey.format());
		final float[] pixels = grey.channels().get(0).pixels();
		assertEquals(0, pixels[0]);
		assertEquals(1, pixels[1]);
		for (int i = 2; i < 24; i++)
			assertEquals(Math.round(255 * i / 23f) / 255f, pixels[i]);
		final Plane black = new Plane(6, 4);
		ImageFiles.writePng(folder.resolve("red.png"), List.of(ramp, black, black));
		final Picture red = ImageFiles.read(folder.resolve("red.png"));
		assertEquals(grey.channels().get(0), red.channels().get(0));
		assertEquals(black, red.channels().get(2));
		assertEquals(0.299f, red.luminance().pixels()[1], 1e-6f);
	}

	@Test
	void integersAreDividedByTheRangeOfTheirType() throws IOException {
		final byte[] bytes = new byte[24];
		bytes[3] = (byte) 200;
		save("8.tif", new ByteProcessor(6, 4, bytes));
		assertEquals(200 / 255f, ImageFiles.read(folder.resolve("8.tif")).luminance().pixels()[3]);
		final short[] shorts = new short[24];
		shorts[3] = (short) 60000;
		save("16.tif", new ShortProcessor(6, 4, shorts, null));
		final Picture picture = ImageFiles.read(folder.resolve("16.tif"));
		assertEquals(65535, picture.factor());
		assertEquals(60000 / 65535f, picture.luminance().pixels()[3]);
		final int[] colours = new int[24];
		colours[3] = 0x0033cc;
		save("rgb.tif", new ColorProcessor(6, 4, colours));
		final List<Plane> rgb = ImageFiles.read(folder.resolve("rgb.tif")).channels();
		assertArrayEquals(new float[] { 0, 0x33 / 255f, 0xcc / 255f }, new float[] { rgb.get(0)
			.pixels()[3], rgb.get(1).pixels()[3], rgb.get(2).pixels()[3] });
	}

	@Test
	void sixteenBitsAndPalettesOfPngAreRead() throws IOException {
		final BufferedImage deep = new BufferedImage(6, 4, BufferedImage.TYPE_USHORT_GRAY);
		deep.getRaster().setSample(3, 0, 0, 50001);
		ImageIO.write(deep, "png", folder.resolve("deep.png").toFile());
		assertEquals(50001 / 65535f, ImageFiles.read(folder.resolve("deep.png")).luminance().get(3, 0));
		final BufferedImage bits = new BufferedImage(6, 4, BufferedImage.TYPE_BYTE_BINARY);
		bits.setRGB(3, 0, 0xffffff);
		ImageIO.write(bits, "png", folder.resolve("bits.png").toFile());
		final Picture picture = ImageFiles.read(folder.resolve("bits.png"));
		assertEquals(1, picture.channels().size());
		assertEquals(1, picture.luminance().sum());
	}

	@Test
	void kernelsAreEnlargedAndStretched() throws IOException {
		final Plane kernel = new Plane(3, 3);
		kernel.pixels()[4] = 0.2f;
		kernel.pixels()[5] = 0.1f;
		ImageFiles.writeKernelPng(folder.resolve("k.png"), kernel);
		final Plane read = ImageFiles.read(folder.resolve("k.png")).luminance();
		assertEquals(24, read.width());
		assertEquals(1, read.get(8, 8));
		assertEquals(1, read.get(15, 15));
		assertEquals(128 / 255f, read.get(16, 15));
		assertEquals(0, read.get(7, 8));
	}

	@Test
	void whatCannotBeReadIsSaidInOneSentence() throws IOException {
		assertTrue(refusal("none.png").contains("There is no file"));
		Files.createDirectory(folder.resolve("dir.png"));
		assertTrue(refusal("dir.png").contains("is a folder"));
		Files.writeString(folder.resolve("text.png"), "no image");
		assertTrue(refusal("text.png").contains("is not an image"));
		Files.writeString(folder.resolve("text.txt"), "no image\n");
		assertTrue(refusal("text.txt").contains("is not an image"));
		Files.write(folder.resolve("empty.tif"), new byte[0]);
		assertTrue(refusal("empty.tif").contains("is not an image"));
		ImageFiles.writePng(folder.resolve("cut.png"), List.of(ramp));
		ImageFiles.writeTiff(folder.resolve("cut.tif"), List.of(ramp));
		for (final String name : List.of("cut.png", "cut.tif")) {
			final byte[] bytes = Files.readAllBytes(folder.resolve(name));
			for (int length = 0; length < bytes.length; length++) {
				Files.write(folder.resolve(name), Arrays.copyOf(bytes, length));
				refusal(name);
			}
		}
	}

	@Test
	void stacksAreRefused() throws IOException {
		final ImageStack stack = new ImageStack(6, 4);
		for (int i = 0; i < 3; i++)
			stack.addSlice(new ByteProcessor(6, 4));
		Files.write(folder.resolve("stack.tif"), new FileSaver(new ImagePlus("x", stack)).serialize());
		assertTrue(refusal("stack.tif").contains("stack of 3 images"));
	}

	@Test
	void writingSaysWhereItFails() {
		final Path none = folder.resolve("none").resolve("x.png");
		assertTrue(assertThrows(IOException.class, () -> ImageFiles.writePng(none, List.of(ramp)))
			.getMessage().contains("there is no folder"));
		assertThrows(IllegalArgumentException.class, () -> ImageFiles.writeTiff(folder.resolve("x"), List
			.of(ramp, ramp)));
		assertThrows(IllegalArgumentException.class, () -> ImageFiles.writeTiff(folder.resolve("x"), List
			.of(ramp, ramp, new Plane(4, 6))));
	}

	@Test
	void imagesAreFoundByExtensionInAllFolders() throws IOException {
		Files.createDirectories(folder.resolve("b/c"));
		for (final String name : List.of("b/c/2.JPG", "b/1.tiff", "a.gif", "notes.txt", ".hidden.png",
			"png", "z.bmp"))
			Files.createFile(folder.resolve(name));
		assertEquals(List.of("a.gif", "b/1.tiff", "b/c/2.JPG", "z.bmp").toString(), ImageFiles.images(
			folder).stream().map(p -> folder.relativize(p).toString().replace('\\', '/')).toList()
			.toString());
		assertEquals(1, ImageFiles.images(folder.resolve("notes.txt")).size());
		assertThrows(IOException.class, () -> ImageFiles.images(folder.resolve("nowhere")));
	}

	/** What ImageJ makes of our colours: a composite from 0 to 1. */
	@Test
	void imageJOpensWhatWasWritten() throws IOException {
		ImageFiles.writeTiff(folder.resolve("colour.tif"), List.of(ramp, ramp.rotated180(), ramp));
		final ImagePlus image = new ij.io.Opener().openImage(folder.resolve("colour.tif").toString());
		assertEquals(3, image.getNChannels());
		assertTrue(image.isComposite());
		assertEquals(CompositeImage.COMPOSITE, ((CompositeImage) image).getMode());
		for (int c = 1; c <= 3; c++) {
			assertEquals(0, ((CompositeImage) image).getChannelLut(c).min);
			assertEquals(1, ((CompositeImage) image).getChannelLut(c).max);
		}
		assertEquals(0xffff0000, ((CompositeImage) image).getChannelLut(1).getRGB(255));
		assertEquals(ramp.rotated180().pixels()[5], image.getStack().getProcessor(2).getf(5));
		ImageFiles.writeTiff(folder.resolve("grey.tif"), List.of(ramp));
		final ImagePlus grey = new ij.io.Opener().openImage(folder.resolve("grey.tif").toString());
		assertEquals(1, grey.getDisplayRangeMax());
	}

	/** Bytes that this thread allocates. */
	private static long allocated(final Executable task) {
		final com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
		final long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
		assertDoesNotThrow(task);
		return threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
	}

	@Test
	void largePicturesAreWrittenInPieces() throws IOException {
		final Plane large = new Plane(1200, 1000);
		for (int i = 0; i < large.pixels().length; i++)
			large.pixels()[i] = i * 7919L % 1009 / 1009f;
		final List<Plane> channels = List.of(large, large.rotated180(), large);
		final Path tiff = folder.resolve("large.tif"), png = folder.resolve("large.png");
		ImageFiles.writeTiff(tiff, List.of(ramp)); // what it overwrites; also loads classes
		ImageFiles.writePng(png, List.of(ramp));
		final long picture = 3L * 4 * large.pixels().length;
		assertTrue(allocated(() -> ImageFiles.writeTiff(tiff, channels)) < picture / 10, "TIFF");
		assertTrue(allocated(() -> ImageFiles.writePng(png, channels)) < picture / 10, "PNG");
		assertEquals(channels, ImageFiles.read(tiff).channels());
		assertEquals(channels.get(1).get(5, 7), ImageFiles.read(png).channels().get(1).get(5, 7), 0.5 / 255 + 1e-6);
		final Plane bright = ImageFiles.read(png).channels().get(0);
		assertEquals(Math.round(255 * large.get(1199, 999)) / 255f, bright.get(1199, 999));
		try (Stream<Path> files = Files.list(folder)) {
			assertEquals(List.of("large.png", "large.tif"), files.map(f -> f.getFileName().toString()).sorted().toList());
		}
	}

	@Test
	void readingTakesAFewTimesThePicture() throws IOException {
		final Plane large = new Plane(1200, 1000);
		final Path tiff = folder.resolve("large.tif"), png = folder.resolve("large.png");
		ImageFiles.writeTiff(tiff, List.of(large));
		ImageFiles.writePng(png, List.of(large));
		ImageFiles.read(tiff); // loads classes and tables
		ImageFiles.read(png);
		final long plane = 4L * large.pixels().length;
		assertTrue(allocated(() -> ImageFiles.read(tiff)) < 5 * plane, "TIFF");
		assertTrue(allocated(() -> ImageFiles.read(png)) < 3 * plane, "PNG");
	}
}
