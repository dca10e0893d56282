package io.github.learningtodeblur.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.learningtodeblur.files.ImageFiles.Picture;

/** Files as users had them: the same few pictures in many kinds of file. Skipped where they are not at hand. */
class SharedCasesTest {

	private static final Path CASES = Path.of("../shared/data/cases");

	@BeforeAll
	static void look() {
		assumeTrue(Files.isDirectory(CASES), "there is no folder " + CASES);
	}

	/** Mean difference of what the files mean, where both have a value: units of the file against its white. */
	@ParameterizedTest
	@CsvSource({ //
		"bigtiff/big.tif, 12-bit-in-16-bit/g12.pgm, 1", //
		"half-float/f16.tif, 12-bit-in-16-bit/g12.pgm, 1", //
		"float64/f64_255.tif, 12-bit-in-16-bit/g12.pgm, 255", //
		"nan/f32_nan.tif, 12-bit-in-16-bit/g12.pgm, 1", //
		"exif-orientation/orient6.tif, 12-bit-in-16-bit/g12.pgm, 1", //
		"jpeg-in-tiff/u8_pil_jpeg.tif, 12-bit-in-16-bit/g12.pgm, 1", //
		"signed-8-bit/i8.tif, 12-bit-in-16-bit/g12.pgm, 1", //
		"min-is-white/inv.tif, 12-bit-in-16-bit/b8.tif, 1", //
		"exif-orientation/exif6.jpg, cmyk-jpeg/cmyk.jpg, 1", //
		"jpeg-in-tiff/rgbjpeg.tif, cmyk-jpeg/cmyk.jpg, 1" })
	void areTheSamePicture(final String name, final String other, final double white) throws IOException {
		final Picture a = ImageFiles.read(CASES.resolve(name)), b = ImageFiles.read(CASES.resolve(other));
		assertEquals(b.width(), a.width());
		assertEquals(b.height(), a.height());
		assertEquals(b.channels().size(), a.channels().size());
		double sum = 0;
		int count = 0;
		for (int c = 0; c < a.channels().size(); c++)
			for (int i = 0; i < a.width() * a.height(); i++) {
				float v = a.channels().get(c).pixels()[i];
				if (Float.isNaN(v)) continue;
				if (white != 1) v *= a.factor() / white;
				sum += Math.abs(v - b.channels().get(c).pixels()[i]);
				count++;
			}
		assertTrue(count > 0.99 * a.width() * a.height(), "" + count);
		assertTrue(sum / count < 0.02, name + " differs from " + other + " by " + sum / count);
	}

	@Test
	void fourChannelsOf16BitsAreThreeColours() throws IOException {
		assertEquals(3, ImageFiles.read(CASES.resolve("rgba16/rgba16.tif")).channels().size());
	}

	@Test
	void whatIsDamagedIsRefusedSoon() {
		final Path file = CASES.resolve("damaged-files/deflate-hangs.tif");
		Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertTrue(assertThrows(IOException.class,
			() -> ImageFiles.read(file)).getMessage().contains("deflate-hangs.tif is cut")));
	}
}
