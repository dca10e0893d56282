package io.github.learningtodeblur.testimages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.files.ImageFiles.Picture;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.ValidConvolution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files in test-images, as they are in the repository: nothing is drawn here. */
class TestImagesTest {

	private static final Path FOLDER = Path.of("test-images");

	@ParameterizedTest
	@CsvSource({ "street.png, 3, 480, 360, 255", "street-shaken.png, 3, 480, 360, 255",
		"street-kernel.tif, 1, 15, 15, 1", "nuclei.tif, 1, 256, 256, 65535", "text.png, 1, 320, 200, 255" })
	void filesCanBeRead(final String name, final int channels, final int width, final int height,
		final double range) throws IOException
	{
		final Picture picture = ImageFiles.read(FOLDER.resolve(name));
		assertEquals(channels, picture.channels().size());
		assertEquals(width, picture.width());
		assertEquals(height, picture.height());
		assertEquals(range, picture.factor());
		final String readme = Files.readString(FOLDER.resolve("README.md"));
		assertTrue(readme.contains("`" + name + "`"), name + " is not in the README");
	}

	/** What the sharp street, the kernel and the noise level say must be what the shaken street shows. */
	@Test
	void shakenStreetIsSharpStreetBlurredWithItsKernel() throws IOException {
		final Plane kernel = ImageFiles.read(FOLDER.resolve("street-kernel.tif")).luminance();
		assertEquals(1, kernel.sum(), 1e-5);
		for (int c = 0; c < 3; c++) {
			final Plane noise = difference(c, kernel);
			assertEquals(0, noise.sum() / noise.pixels().length, 0.2 / 255);
			assertEquals(TestImages.NOISE * Math.sqrt(2 / Math.PI), meanAbsolute(noise), 4e-4);
			// The noise of 64 pixels cancels: what is left of a wrong blur does not
			final Plane eighths = new Plane(noise.width() / 8, noise.height() / 8);
			for (int y = 0; y < 8 * eighths.height(); y++)
				for (int x = 0; x < 8 * eighths.width(); x++)
					eighths.pixels()[y / 8 * eighths.width() + x / 8] += noise.get(x, y) / 64;
			assertTrue(meanAbsolute(eighths) < 0.5 / 255, "channel " + c + ": " + meanAbsolute(eighths));
			assertTrue(meanAbsolute(difference(c, kernel.rotated180())) > 1.5 * TestImages.NOISE,
				"the kernel turned around must not fit");
		}
	}

	/** Shaken street minus blurred sharp street, where the sharp one is known. */
	private static Plane difference(final int channel, final Plane kernel) throws IOException {
		final Plane sharp = ImageFiles.read(FOLDER.resolve("street.png")).channels().get(channel);
		final Plane shaken = ImageFiles.read(FOLDER.resolve("street-shaken.png")).channels().get(channel);
		final Plane blurred = ValidConvolution.convolve(sharp, kernel);
		final int border = kernel.width() / 2;
		final Plane out = shaken.crop(border, border, blurred.width(), blurred.height());
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] -= blurred.pixels()[i];
		return out;
	}

	private static double meanAbsolute(final Plane plane) {
		double sum = 0;
		for (final float v : plane.pixels())
			sum += Math.abs(v);
		return sum / plane.pixels().length;
	}
}
