package io.github.learningtodeblur.command;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;
import io.github.learningtodeblur.observe.Observation;
import io.github.learningtodeblur.observe.SeriesRange;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/** What goes in comes out: types, values, and everything that is not a pixel. */
class HyperstackTest {

	private static final SciJavaProgress QUIET = new SciJavaProgress("test", null, null, () -> false);

	static ImagePlus same(final ImagePlus image) throws IOException {
		return new Hyperstack(image).map("same", (plane, at, p) -> plane, QUIET);
	}

	@ParameterizedTest
	@ValueSource(strings = { "8-bit", "16-bit", "32-bit", "RGB", "stack", "RGB stack", "composite",
		"virtual" })
	void nothingDoneChangesNothing(final String type) throws IOException {
		final ImagePlus image = Given.image(type), out = same(image);
		assertLikewise(image, out);
		for (int i = 1; i <= image.getStackSize(); i++)
			for (int p = 0; p < image.getWidth() * image.getHeight(); p++)
				if (image.getBitDepth() == 24) assertEquals(image.getStack().getProcessor(i).get(p), out
					.getStack().getProcessor(i).get(p));
				else assertEquals(image.getStack().getProcessor(i).getf(p), out.getStack().getProcessor(i)
					.getf(p), 1e-5);
	}

	/** Everything but pixels and title. */
	static void assertLikewise(final ImagePlus image, final ImagePlus out) {
		assertEquals(image.getBitDepth(), out.getBitDepth());
		assertArrayEquals(image.getDimensions(), out.getDimensions());
		assertTrue(image.getCalibration().equals(out.getCalibration())); // an overload
		assertEquals(2, out.getCalibration().frameInterval);
		assertEquals(image.isHyperStack(), out.isHyperStack());
		assertEquals(image.getChannel(), out.getChannel());
		assertEquals(image.getSlice(), out.getSlice());
		assertEquals(image.getFrame(), out.getFrame());
		assertEquals(1, out.getOverlay().size());
		assertEquals(image.getOverlay().get(0).getBounds(), out.getOverlay().get(0).getBounds());
		assertTrue(image.getOverlay().get(0) != out.getOverlay().get(0), "a copy");
		assertEquals("taken on a Monday", out.getProperty("Info"));
		assertEquals("40x", out.getProp("Objective"));
		for (int i = 1; i <= image.getStackSize() && image.getStackSize() > 1; i++)
			assertEquals(image.getStack().getSliceLabel(i), out.getStack().getSliceLabel(i));
		assertEquals(image.isComposite(), out.isComposite());
		if (image.getBitDepth() == 24) return;
		final LUT[] before = image.getLuts(), after = out.getLuts();
		assertEquals(before.length, after.length);
		for (int i = 0; i < before.length; i++) {
			assertArrayEquals(before[i].getBytes(), after[i].getBytes());
			assertEquals(before[i].min, after[i].min);
			assertEquals(before[i].max, after[i].max);
		}
		assertEquals(image.getDisplayRangeMin(), out.getDisplayRangeMin());
		assertEquals(image.getDisplayRangeMax(), out.getDisplayRangeMax());
		if (image.isComposite()) assertEquals(((CompositeImage) image).getMode(), assertInstanceOf(
			CompositeImage.class, out).getMode());
	}

	/** Twice the brightness does not fit in: clipped, never wrapped, and it is said how often. */
	@Test
	void valuesBeyondTheTypeAreClippedAndCounted() throws IOException {
		final ImagePlus bytes = new ImagePlus("b", new ByteProcessor(3, 1, new byte[] { 100, (byte) 200,
			0 }));
		final Hyperstack stack = new Hyperstack(bytes);
		final ImagePlus out = stack.map("out", (plane, at, p) -> times(plane, 2), QUIET);
		assertEquals(200, out.getProcessor().get(0));
		assertEquals(255, out.getProcessor().get(1));
		assertEquals(1, stack.clipped(1, 1, 1));
		stack.sign(out, "test");
		assertEquals("test; 1 of 3 values clipped to the range of 8 bits", out.getProp("Deblurring"));
		assertEquals(0, stack.map("out", (plane, at, p) -> times(plane, -1), QUIET).getProcessor()
			.get(1));

		final ImagePlus rgb = new ImagePlus("c", new ColorProcessor(1, 1, new int[] { 0x0a80ff }));
		final Hyperstack colours = new Hyperstack(rgb);
		final ImagePlus brighter = colours.map("out", (plane, at, p) -> times(plane, 2), QUIET);
		assertEquals(0x14ffff, brighter.getProcessor().get(0) & 0xffffff);
		colours.sign(brighter, "test");
		assertEquals("test; 2 of 3 values clipped to the range of 8 bits per colour", brighter.getProp(
			"Deblurring"));

		// up to 1000: the range is that of the image, room above is used
		final ImagePlus shorts = new ImagePlus("s", new ShortProcessor(2, 1, new short[] { 1000,
			(short) 500 }, null));
		assertEquals(1, new Hyperstack(shorts).grey(1, 1).get(0, 0), 1e-6);
		assertEquals(2000, new Hyperstack(shorts).map("out", (plane, at, p) -> times(plane, 2), QUIET)
			.getProcessor().get(0));

		final ImagePlus floats = new ImagePlus("f", new FloatProcessor(2, 1, new float[] { -1, 3 }));
		assertArrayEquals(new float[] { 0, 1 }, new Hyperstack(floats).grey(1, 1).pixels());
		assertEquals(7, new Hyperstack(floats).map("out", (plane, at, p) -> times(plane, 2), QUIET)
			.getProcessor().getf(1), 1e-5);
	}

	private static Plane times(final Plane plane, final float factor) {
		final Plane out = plane.copy();
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] *= factor;
		return out;
	}

	/** Planes by position: channel c, slice z, frame t of the stack is plane c + 2 (z - 1) + 6 (t - 1). */
	@Test
	void planesAreFoundByPosition() throws IOException {
		final ImagePlus image = Given.image("composite");
		final StringBuilder order = new StringBuilder();
		new Hyperstack(image).map("out", (plane, at, p) -> {
			assertEquals(image.getStack().getProcessor(at.channel() + 2 * (at.slice() - 1) + 6 * (at.frame() - 1)).getf(5, 9), 13 * 219 *
				plane.get(5, 9), 20);
			order.append(at.channel()).append(at.slice()).append(at.frame()).append(' ');
			return plane;
		}, QUIET);
		assertEquals("111 211 121 221 131 231 112 212 122 222 132 232 ", order.toString());
	}

	/** One range for each channel, and of RGB images for each colour; of a long film, a few frames are read. */
	@Test
	void rangesBelongToChannels() {
		assertEquals(2, new Hyperstack(Given.image("composite")).ranges(Progress.NONE).size());
		final Hyperstack colours = new Hyperstack(Given.image("RGB stack"));
		assertEquals(3, colours.ranges(Progress.NONE).size());
		for (int i = 0; i < 3; i++) {
			final Plane first = colours.planes(1, 1, 1).get(i), second = colours.planes(1, 2, 1).get(i);
			assertEquals(Observation.of(first, colours.ranges(Progress.NONE).get(i)).range(), Observation.of(second, colours.ranges(1, Progress.NONE).get(i))
				.range());
		}
		assertEquals(List.of(SeriesRange.OWN), new Hyperstack(Given.image("8-bit")).ranges(Progress.NONE));
		final Set<Integer> read = new HashSet<>();
		new Hyperstack(new ImagePlus("film", new Given.Virtual(1000) {

			@Override
			public ImageProcessor getProcessor(final int n) {
				read.add(n);
				return super.getProcessor(n);
			}
		})).ranges(Progress.NONE);
		assertTrue(read.size() < 12 && read.contains(1) && read.contains(1000), read.toString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "8-bit", "16-bit", "32-bit", "RGB", "composite" })
	void whatTheMaskLeavesOutIsUnknownAndStays(final String type) throws IOException {
		final ImagePlus image = Given.image(type);
		final ColorProcessor colours = new ColorProcessor(Given.WIDTH, Given.HEIGHT);
		for (int i = 0; i < colours.getPixelCount(); i++)
			colours.set(i, i % 3 == 0 ? 0xff000000 : 0xff000100);
		final ImagePlus out = new Hyperstack(image, new ImagePlus("mask", colours), false).map("out", (plane, at, p) -> {
			for (int i = 0; i < plane.pixels().length; i++)
				assertEquals(i % 3 == 0, Float.isNaN(plane.pixels()[i]));
			return new Plane(plane.width(), plane.height());
		}, QUIET);
		final ImagePlus black = new Hyperstack(image).map("black", (plane, at, p) -> new Plane(plane.width(), plane
			.height()), QUIET);
		for (int n = 1; n <= image.getStackSize(); n++)
			for (int i = 0; i < colours.getPixelCount(); i++)
				assertEquals((i % 3 == 0 ? image : black).getStack().getProcessor(n).getf(i), out.getStack().getProcessor(n).getf(
					i), 1e-4f);
	}

	@Test
	void masksFitTheImage() {
		final ImagePlus image = Given.image("8-bit"), two = new ImagePlus("two", Given.image("stack").getStack());
		assertEquals("The mask has " + two.getStackSize() + " planes; it needs 1, or as many as the image (1)", assertThrows(
			IllegalArgumentException.class, () -> new Hyperstack(image, two, false)).getMessage());
		assertEquals(new Hyperstack(image).planes(1, 1, 1), new Hyperstack(image, image, false).planes(1, 1, 1));
		final Hyperstack small = new Hyperstack(image, new ImagePlus("small", new ByteProcessor(5, 4)), false);
		assertThrows(IllegalArgumentException.class, () -> small.planes(1, 1, 1));
	}

	/** Half the light is not half the value; and the way back is found. */
	@Test
	void linearPlanesAreAmountsOfLight() throws IOException {
		final ImagePlus image = new ImagePlus("grey", new ByteProcessor(8, 8));
		image.getProcessor().set(188);
		final Hyperstack linear = new Hyperstack(image, null, true);
		assertEquals(0.503, linear.planes(1, 1, 1).get(0).get(3, 3), 1e-3);
		assertEquals(188, linear.map("out", (plane, at, p) -> plane, QUIET).getProcessor().get(3, 3));
	}

	/** Of GIF files, pixels are numbers of colours; false colours are another thing. */
	@Test
	void palettesAreColours() throws IOException {
		final byte[] red = new byte[256], green = new byte[256], blue = new byte[256];
		final SplittableRandom random = new SplittableRandom(1);
		for (int i = 0; i < 256; i++) {
			red[i] = (byte) random.nextInt(256);
			green[i] = (byte) random.nextInt(256);
			blue[i] = (byte) random.nextInt(256);
		}
		final ImageProcessor ip = Given.rectangles(30, 20, 1);
		ip.setLut(new LUT(red, green, blue));
		final ImagePlus image = new ImagePlus("palette", ip);
		final Hyperstack stack = new Hyperstack(image);
		final int number = ip.get(7, 9);
		final int[] colour = { red[number] & 255, green[number] & 255, blue[number] & 255 };
		for (int i = 0; i < 3; i++)
			assertEquals(colour[i] / 255f, stack.planes(1, 1, 1).get(i).get(7, 9));
		final ImagePlus out = stack.map("out", (plane, at, p) -> plane, QUIET);
		assertEquals(24, out.getBitDepth());
		assertEquals(colour[0] << 16 | colour[1] << 8 | colour[2], out.getProcessor().get(7, 9) & 0xffffff);
		assertEquals(8, image.getBitDepth(), "never changed");
		for (int i = 0; i < 256; i++) { // as Fire is: from dark to bright
			red[i] = (byte) Math.min(255, 2 * i);
			green[i] = (byte) i;
			blue[i] = (byte) (i / 2);
		}
		ip.setLut(new LUT(red, green, blue));
		assertEquals(8, new Hyperstack(new ImagePlus("false colours", ip)).map("out", (plane, at, p) -> plane, QUIET).getBitDepth());
	}

	/** Whoever works on the image meanwhile does not change the result. */
	@Test
	void theImageAsItWas() throws IOException {
		for (final String kind : List.of("8-bit", "stack", "RGB")) {
			final ImagePlus image = Given.image(kind), expected = image.duplicate();
			final Hyperstack stack = new Hyperstack(image);
			for (int i = 1; i <= image.getStackSize(); i++)
				image.getStack().getProcessor(i).invert();
			final ImagePlus out = stack.map("out", (plane, at, p) -> plane, QUIET);
			for (int i = 1; i <= image.getStackSize(); i++)
				for (int p = 0; p < out.getWidth() * out.getHeight(); p++)
					assertEquals(expected.getStack().getProcessor(i).getf(p), out.getStack().getProcessor(i).getf(p), 1e-3, kind);
		}
	}

	/** What a result tells of itself is not true of what is made of it; all else is kept, a single plane's label as well. */
	@Test
	void propertiesOfResultsStayThere() throws IOException {
		final ImagePlus image = Given.image("8-bit");
		image.setProp("Deblurring", "blind");
		image.setProp("deblur.verdict", "certain");
		image.setProp("Objective", "40x");
		image.setProperty("Label", "the third");
		final ImagePlus out = new Hyperstack(image).map("out", (plane, at, p) -> plane, QUIET);
		assertNull(out.getProp("Deblurring"));
		assertNull(out.getProp("deblur.verdict"));
		assertEquals("40x", out.getProp("Objective"));
		assertEquals("the third", out.getProperty("Label"));
		assertEquals("certain", image.getProp("deblur.verdict"));
	}

	@Test
	void clippedPlaneByPlane() throws IOException {
		final ImageStack planes = new ImageStack(3, 1);
		planes.addSlice(new ByteProcessor(3, 1, new byte[] { 100, (byte) 200, (byte) 250 }));
		planes.addSlice(new ByteProcessor(3, 1, new byte[] { 1, 2, (byte) 130 }));
		final Hyperstack stack = new Hyperstack(new ImagePlus("two", planes));
		stack.map("out", (plane, at, p) -> times(plane, 2), QUIET);
		assertEquals(2, stack.clipped(1, 1, 1));
		assertEquals(1, stack.clipped(1, 2, 1));
	}
}
