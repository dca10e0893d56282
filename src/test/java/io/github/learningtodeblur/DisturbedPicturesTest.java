package io.github.learningtodeblur;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.testimages.Disturbances.Disturbed;
import io.github.learningtodeblur.testimages.Disturbances.Scene;
import io.github.learningtodeblur.util.Extent;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Unknown;

/**
 * What the bundled model and the whole search make of a blurred picture with something in it that the blur does not
 * explain: nearly what they make of it without.
 */
class DisturbedPicturesTest {

	private static final Scene SCENE = Disturbances.shakenStreet();

	/** Pixels around what was drawn in that do not count, and shifts that are tried. */
	private static final int AWAY = 16, SHIFT = 8;

	/** Decibels that may be lost; and of what is filled. */
	private static final double LOSS = 1, LITTLE = 0.4;

	/** Where bars, a third or two thirds of the picture are missing: what is left does not tell as much. */
	private static final double BARS = 1.2, SOME = 2, MORE = 3;

	/** Pixels between a result and the bulk of the blur: half a pixel, and what scores and kernels are rounded by. */
	private static final double REGISTERED = 0.75;

	private static Deblurring deblurring;
	private static Plane undisturbed;

	@BeforeAll
	static void deblurUndisturbed() throws IOException {
		deblurring = new Deblurring(Models.open("camera-shake"), new CpuBackend()).withLargestBlur(new BlurSize(17));
		undisturbed = deblurred(SCENE.blurry());
	}

	private static Plane deblurred(final Plane picture) {
		return deblurring.deblur(List.of(picture), Restorations.named(Restorations.USUAL), Progress.NONE).channels().get(0);
	}

	private static void assertNearlyAsGood(final String what, final Plane result, final boolean[] counted, final double loss) {
		final Score best = Score.of(undisturbed, SCENE.sharp(), SHIFT, counted), is = Score.of(result, SCENE.sharp(), SHIFT,
			counted), input = Score.of(SCENE.blurry(), SCENE.sharp(), SHIFT, counted);
		final String told = String.format("%s: %.2f dB, undisturbed %.2f, input %.2f, shift %.2f %.2f", what, is.psnr(), best
			.psnr(), input.psnr(), is.dx(), is.dy());
		System.out.println(told);
		assertTrue(is.psnr() > best.psnr() - loss, told);
		assertTrue(is.psnr() > input.psnr() + 2, told);
		final double[] bulk = Extent.middleOfBulk(SCENE.kernel());
		assertEquals(bulk[0] - SCENE.kernel().width() / 2, is.dx(), REGISTERED, told);
		assertEquals(bulk[1] - SCENE.kernel().height() / 2, is.dy(), REGISTERED, told);
	}

	private static void assertNearlyAsGood(final String what, final Disturbed disturbed, final int away, final double loss) {
		assertNearlyAsGood(what, deblurred(disturbed.image()), disturbed.away(away), loss);
	}

	@Test
	void drawnThings() {
		assertNearlyAsGood("text on a bar", Disturbances.textOnBar(SCENE.blurry()), AWAY, LOSS);
		assertNearlyAsGood("letterbox", Disturbances.letterbox(SCENE.blurry()), AWAY, BARS);
		assertNearlyAsGood("round field", Disturbances.roundField(SCENE.blurry()), AWAY, SOME);
		assertNearlyAsGood("small round field", Disturbances.roundField(SCENE.blurry(), 0.7), AWAY, MORE);
	}

	@Test
	void deadAndNoisyPixels() {
		assertNearlyAsGood("hot pixels", Disturbances.hotPixels(SCENE.blurry(), 1e-3, true, 3), 1, LOSS);
		assertNearlyAsGood("dead column", Disturbances.deadColumn(SCENE.blurry()), AWAY, LITTLE);
	}

	@Test
	void aMarginOfNaN() {
		final Plane margin = SCENE.blurry().copy();
		final boolean[] counted = new boolean[margin.pixels().length];
		Arrays.fill(counted, true);
		Arrays.fill(margin.pixels(), 0, 40 * margin.width(), Float.NaN);
		Arrays.fill(counted, 0, (40 + AWAY) * margin.width(), false);
		final Plane result = deblurred(margin);
		for (int i = 0; i < counted.length; i++)
			assertEquals(Float.isNaN(margin.pixels()[i]), Float.isNaN(result.pixels()[i]));
		assertNearlyAsGood("NaN", Unknown.filled(result), counted, LOSS);
	}

	@Test
	void otherUnits() {
		final boolean[] all = new boolean[SCENE.blurry().pixels().length];
		Arrays.fill(all, true);
		for (final double[] unit : new double[][] { { 10, 290 }, { 4095, 32000 }, { 1e-5, 0 } }) {
			final Plane result = deblurred(Disturbances.ranged(SCENE.blurry(), unit[0], unit[1]));
			final Plane back = Disturbances.ranged(result, 1 / unit[0], -unit[1] / unit[0]);
			assertNearlyAsGood("times " + unit[0] + ", plus " + unit[1], back, all, LOSS);
		}
	}
}
