package io.github.learningtodeblur.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.net.RestorationNetwork;
import io.github.learningtodeblur.net.RestorationProblem;
import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Saturation;

class UnexplainedTest {

	private static final Plane KERNEL = Scene.hook(11), SHARP = Scene.sharp(240, 230, 7), BLURRY = Scene.photograph(SHARP, KERNEL, 0.003);

	private static double error(final Plane blurry, final Plane kernel) {
		return Unexplained.error(Backends.shared(), blurry, kernel, NoiseEstimate.of(blurry), Float.POSITIVE_INFINITY, Progress.NONE);
	}

	@Test
	void whatIsLeftIsTheNoiseWhereAllIsSeen() {
		final Plane left = Unexplained.of(BLURRY, Scene.shown(SHARP, KERNEL), KERNEL.normalized());
		assertEquals(BLURRY.width() - 10, left.width());
		assertEquals(BLURRY.height() - 10, left.height());
		double squares = 0;
		for (final float v : left.pixels())
			squares += v * v;
		assertEquals(0.003, Math.sqrt(squares / left.pixels().length), 0.0002);
	}

	/**
	 * A line wipes out details that other kernels leave: that they are there cannot be explained. Half of the picture, or all of
	 * it, is blurred by the hook.
	 */
	@Test
	void wrongKernelsAndBlurThatChangesLeaveMore() {
		final Plane line = new Plane(11, 11);
		Arrays.fill(line.pixels(), 5 * 11, 6 * 11, 1);
		final Plane lined = Scene.photograph(SHARP, line, 0.003), changed = lined.copy();
		for (int y = 0; y < changed.height(); y++)
			System.arraycopy(BLURRY.pixels(), y * BLURRY.width(), changed.pixels(), y * BLURRY.width(), BLURRY.width() / 2);
		final double right = error(lined, line), half = error(changed, line), all = error(BLURRY, line);
		assertTrue(right < 0.008, "only noise: " + right);
		assertTrue(half > 1.3 * right, half + " beside " + right);
		assertTrue(all > half, all + " beside " + half);
	}

	/** Neither pixels cut off at white nor unknown ones say that the kernel errs. */
	@Test
	void whatIsNotBelievedDoesNotCount() {
		final Plane sharp = Scene.sharp(150, 140, 8), kernel = Scene.hook(13);
		for (int i = 0; i < sharp.pixels().length; i++)
			sharp.pixels()[i] *= 0.4f;
		for (int y = 30; y < 120; y += 30)
			for (int x = 30; x < 130; x += 30)
				for (int i = 0; i < 9; i++)
					sharp.pixels()[(y + i / 3) * 150 + x + i % 3] = 4;
		final Plane cut = Scene.photograph(sharp, kernel, 0.003);
		for (int i = 0; i < cut.pixels().length; i++)
			cut.pixels()[i] = Math.min(1, cut.pixels()[i]);
		final double noise = NoiseEstimate.of(cut);
		final double careful = Unexplained.error(Backends.shared(), cut, kernel, noise, 1, Progress.NONE), believed = Unexplained.error(
			Backends.shared(), cut, kernel, noise, Float.POSITIVE_INFINITY, Progress.NONE);
		assertTrue(careful < 0.5 * believed, careful + " beside " + believed);
		final Plane hidden = BLURRY.copy();
		for (int i = 0; i < 30; i++)
			hidden.pixels()[(40 + 5 * i) * hidden.width() + 40 + 7 * i % 100] = Float.NaN;
		assertEquals(error(BLURRY, KERNEL), error(hidden, KERNEL), 0.001);
	}

	/** Measured ones are as they are. */
	@Test
	void kernelsNeedNotBeSquare() {
		final Plane wide = KERNEL.crop(0, 1, 11, 9), square = KERNEL.copy();
		Arrays.fill(square.pixels(), 0, 11, 0);
		Arrays.fill(square.pixels(), 110, 121, 0);
		assertEquals(error(BLURRY, square), error(BLURRY, wide), 1e-6);
	}

	/** Then nothing can be said, but for the noise. */
	@Test
	void kernelsAsLargeAsTheImageAreNotJudged() {
		final Plane small = BLURRY.crop(0, 0, 11, 30);
		assertEquals(error(small, KERNEL), error(small, Scene.hook(25)));
	}

	@Test
	void theLearnedRestorationAllowsForIt() throws Exception {
		final Plane kernel = Scene.hook(9);
		final CpuBackend backend = new CpuBackend();
		final RestorationModel model = RestorationModel.bundled("general");
		final RestorationNetwork net = new RestorationNetwork(backend, model.spec(), Parameters.of(backend, model), 1, RestorationProblem
			.around(BLURRY.height(), 9), RestorationProblem.around(BLURRY.width(), 9), false);
		net.set(List.of(new RestorationProblem(BLURRY, Saturation.white(BLURRY), kernel, Unexplained.error(backend, BLURRY, kernel,
			NoiseEstimate.of(BLURRY), Saturation.white(BLURRY), Progress.NONE))));
		net.forward(Progress.NONE);
		final Plane restored = LearnedRestoration.bundled().restore(BLURRY, kernel, Progress.NONE);
		assertEquals(0, Scene.rms(net.image(model.spec().stages() - 1, 0), restored, 0, 200), 1e-4);
	}
}
