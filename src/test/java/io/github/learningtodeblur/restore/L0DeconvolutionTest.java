package io.github.learningtodeblur.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

class L0DeconvolutionTest {

	private static final Backend DEVICE = Backends.shared();
	private static final Plane KERNEL = Scene.hook(7);

	private static Plane blurry() {
		return Scene.photograph(Scene.sharp(70, 60, 3), KERNEL, 0.005);
	}

	private static List<Plane> drawings(final L0Deconvolution l0, final double lambda, final Plane... kernels) {
		return DEVICE.readPlanes(l0.restore(lambda, List.of(kernels), Progress.NONE));
	}

	/** The dearer a gradient, the fewer there are; and most of a photograph with noise has some. */
	@Test
	void gradientsHaveAPrice() {
		final L0Deconvolution l0 = new L0Deconvolution(DEVICE, blurry(), 7, 1);
		final int cheap = edges(drawings(l0, 1e-4, KERNEL).get(0)), dear = edges(drawings(l0, 1e-2, KERNEL).get(0));
		final int all = edges(blurry());
		assertTrue(dear < 0.6 * cheap && cheap < 0.6 * all, dear + ", " + cheap + " of " + all);
	}

	private static int edges(final Plane p) {
		int count = 0;
		for (int y = 0; y < p.height(); y++)
			for (int x = 1; x < p.width(); x++)
				if (Math.abs(p.get(x, y) - p.get(x - 1, y)) > 0.004) count++;
		return count;
	}

	/** What was predicted with former kernels is forgotten. */
	@Test
	void earlierCallsLeaveNothingBehind() {
		final Plane holes = blurry();
		for (int y = 20; y < 28; y++)
			Arrays.fill(holes.pixels(), y * holes.width() + 30, y * holes.width() + 40, Float.NaN);
		for (final Plane image : List.of(blurry(), holes)) {
			final L0Deconvolution l0 = new L0Deconvolution(DEVICE, image, 7, 1);
			drawings(l0, 4e-3, Scene.point(7, 2, -1));
			assertEquals(drawings(new L0Deconvolution(DEVICE, image, 7, 1), 1e-3, KERNEL), drawings(l0, 1e-3, KERNEL));
		}
	}

	@Test
	void severalKernelsSideBySide() {
		final Plane turned = KERNEL.rotated180();
		final List<Plane> both = drawings(new L0Deconvolution(DEVICE, blurry(), 7, 2), 1e-3, KERNEL, turned);
		final L0Deconvolution one = new L0Deconvolution(DEVICE, blurry(), 7, 1);
		assertEquals(drawings(one, 1e-3, KERNEL).get(0), both.get(0));
		assertEquals(drawings(one, 1e-3, turned).get(0), both.get(1));
	}

	@Test
	void refusals() {
		final L0Deconvolution l0 = new L0Deconvolution(DEVICE, blurry(), 7, 1);
		for (final Runnable wrong : List.<Runnable>of(() -> drawings(l0, 0, KERNEL), () -> drawings(l0, 1e-3, Scene.hook(9)),
			() -> drawings(l0, 1e-3, KERNEL, KERNEL), () -> new L0Deconvolution(DEVICE, blurry(), 8, 1)))
			assertThrows(IllegalArgumentException.class, wrong::run);
	}
}
