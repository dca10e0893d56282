package io.github.learningtodeblur.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import io.github.learningtodeblur.restore.ObservedRestoration;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.train.ExampleSource;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.ValidConvolution;

class KernelSetTest {

	@Test
	void asManyKernelsAsTheStackHasPlaces() {
		final Hyperstack stack = new Hyperstack(Given.image("composite"));
		final ImagePlus two = new ImagePlus("two", Given.point(3, 3, 1, 1).getStack());
		two.getStack().addSlice(Given.point(3, 3, 0, 0).getProcessor());
		assertEquals(1, KernelSet.of(new ImagePlus("two", two.getStack()), stack).at(2, 3, 2).sum(), 1e-6);
		two.getStack().addSlice(Given.point(3, 3, 0, 0).getProcessor());
		assertEquals("The kernel image has 3 planes; it needs 1, or one per channel (2), or one per slice " +
			"and frame (6)", assertThrows(IllegalArgumentException.class, () -> KernelSet.of(new ImagePlus(
				"three", two.getStack()), stack)).getMessage());
	}

	@Test
	void kernelsOfAnySizeMakeAStack() {
		final Plane small = new Plane(3, 1), large = new Plane(5, 7);
		small.pixels()[2] = 1;
		large.pixels()[3] = 1;
		final List<Plane> padded = KernelSet.padded(List.of(small, large));
		assertEquals(large, padded.get(1));
		final Plane expected = new Plane(5, 7);
		expected.pixels()[3 * 5 + 3] = 1; // still one to the right of the middle
		assertEquals(expected, padded.get(0));
	}

	@Test
	void theNearestStandsInForWhatIsMissing() {
		final Plane a = new Plane(1, 1), b = new Plane(3, 3);
		assertEquals(List.of(a, a, a, b, b, b), KernelSet.withNeighbours(Arrays.asList(null, a, null, b, null, null)));
	}

	/**
	 * A lamp that is brighter in one frame changes nothing far from it, as settings are relative to the range of the series; and a
	 * frame of a twentieth of the light is restored as it would be alone.
	 */
	@Test
	void framesDoNotFlicker() throws IOException {
		final Plane shake = Disturbances.shakenStreet().kernel(), scenery = withLamp(1, shake), lit = withLamp(1.5, shake), dark = Disturbances
			.ranged(scenery, 0.05, 0);
		final ImageStack frames = new ImageStack(200, 140);
		for (final Plane p : List.of(scenery, scenery, lit, dark, scenery))
			frames.addSlice(null, processor(p));
		final Hyperstack stack = new Hyperstack(new ImagePlus("film", frames));
		final ObservedRestoration method = new ObservedRestoration(Restorations.named(Restorations.USUAL));
		final KernelSet set = KernelSet.of(new ImagePlus("kernel", processor(shake)), stack);
		final ImageStack together = set.restored("together", stack, method, Progress.NONE).getStack();
		final double flicker = difference(together.getProcessor(2), together.getProcessor(3), 1);
		final Plane kernel = set.at(1, 1, 1);
		final double alone = difference(processor(method.restore(scenery, kernel, Progress.NONE)), processor(method.restore(lit,
			kernel, Progress.NONE)), 1);
		assertTrue(flicker < 0.3 * alone, flicker + ", each by itself " + alone);
		final double darker = difference(together.getProcessor(2), together.getProcessor(4), 20);
		assertTrue(darker < 0.005, "a dark frame differs by " + darker);
	}

	/** The shaken street with a lamp in its lower right corner, beyond white. */
	private static Plane withLamp(final double brightness, final Plane shake) {
		final Plane sharp = Disturbances.street().crop(0, 0, 199 + shake.width(), 139 + shake.height());
		for (int i = 0; i < sharp.pixels().length; i++)
			sharp.pixels()[i] += (float) (brightness * Math.exp(-0.02 * (Math.pow(i % sharp.width() - 180, 2) + Math.pow(i / sharp
				.width() - 115, 2))));
		final Plane out = ValidConvolution.convolve(sharp, shake);
		ExampleSource.addNoise(out, 0.015, 0, new SplittableRandom(1));
		return out;
	}

	private static FloatProcessor processor(final Plane p) {
		return new FloatProcessor(p.width(), p.height(), p.pixels());
	}

	/** Root mean square, in the left half. */
	private static double difference(final ImageProcessor a, final ImageProcessor b, final double factor) {
		double sum = 0;
		for (int y = 0; y < a.getHeight(); y++)
			for (int x = 0; x < a.getWidth() / 2; x++)
				sum += Math.pow(a.getf(x, y) - factor * b.getf(x, y), 2);
		return Math.sqrt(sum / (a.getHeight() * a.getWidth() / 2));
	}

	/** Each is cut out around its middle, so that they differ in size. */
	@Test
	void planesOfOneKernelImageMayDiffer() {
		final ImagePlus two = new ImagePlus("two", Given.point(9, 9, 4, 4).getStack());
		two.getStack().addSlice(Given.point(9, 9, 1, 1).getProcessor());
		two.getStack().getProcessor(2).setf(7, 7, 1);
		final KernelSet set = KernelSet.of(new ImagePlus("two", two.getStack()), new Hyperstack(Given.image("composite")));
		assertEquals(1, set.at(1, 1, 1).width());
		assertEquals(7, set.at(2, 1, 1).width());
		final ImagePlus image = set.image("kernels");
		assertEquals(7, image.getWidth());
		assertEquals(1, image.getStack().getProcessor(1).getf(3, 3), 1e-6);
	}

	/** Two channels of two slices: kernels say by their labels which of both they are for. */
	@Test
	void asManyChannelsAsSlices() {
		final ImageStack planes = new ImageStack(20, 20), two = new ImageStack(3, 3);
		for (int i = 0; i < 4; i++)
			planes.addSlice(Given.rectangles(20, 20, i));
		final ImagePlus image = new ImagePlus("four", planes);
		image.setDimensions(2, 2, 1);
		final Hyperstack stack = new Hyperstack(image);
		for (int i = 0; i < 2; i++)
			two.addSlice("slice " + (i + 1), new FloatProcessor(3, 3, new float[] { 0, i, 0, 0, 1, 0, 0, i, 0 }));
		final KernelSet ofSlices = KernelSet.of(new ImagePlus("kernels", two), stack);
		assertEquals(ofSlices.at(1, 2, 1), ofSlices.at(2, 2, 1));
		two.setSliceLabel("channel 1", 1);
		final KernelSet ofChannels = KernelSet.of(new ImagePlus("kernels", two), stack);
		assertEquals(ofChannels.at(2, 1, 1), ofChannels.at(2, 2, 1));
	}
}
