package io.github.learningtodeblur.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import ij.ImagePlus;
import io.github.learningtodeblur.util.Plane;

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
}
