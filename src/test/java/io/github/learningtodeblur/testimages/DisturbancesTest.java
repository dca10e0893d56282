package io.github.learningtodeblur.testimages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.testimages.Disturbances.Disturbed;
import io.github.learningtodeblur.testimages.Disturbances.Scene;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.ValidConvolution;

class DisturbancesTest {

	private static final Scene SCENE = Disturbances.shakenStreet();

	/** What is said to be drawn differs, and nothing else; each covers the part of the picture that it should. */
	@Test
	void changesWhatItSaysAndNothingElse() {
		final Map<String, double[]> covered = new TreeMap<>(Map.of("text", new double[] { 0.003, 0.05 }, "textOnBar",
			new double[] { 0.08, 0.1 }, "scaleBar", new double[] { 0.003, 0.03 }, "dataBar", new double[] { 0.11, 0.13 },
			"letterbox", new double[] { 0.27, 0.29 }, "whiteFrame", new double[] { 0.1, 0.14 }, "roundField",
			new double[] { 0.3, 0.5 }, "deadColumn", new double[] { 0.002, 0.003 }, "hotPixels", new double[] { 0.0009,
				0.0011 }));
		final Map<String, UnaryOperator<Disturbed>> kinds = new TreeMap<>();
		kinds.put("text", d -> Disturbances.text(d.image()));
		kinds.put("textOnBar", d -> Disturbances.textOnBar(d.image()));
		kinds.put("scaleBar", d -> Disturbances.scaleBar(d.image()));
		kinds.put("dataBar", d -> Disturbances.dataBar(d.image()));
		kinds.put("letterbox", d -> Disturbances.letterbox(d.image()));
		kinds.put("whiteFrame", d -> Disturbances.whiteFrame(d.image()));
		kinds.put("roundField", d -> Disturbances.roundField(d.image()));
		kinds.put("deadColumn", d -> Disturbances.deadColumn(d.image()));
		kinds.put("hotPixels", d -> Disturbances.hotPixels(d.image(), 0.001, true, 3));
		assertEquals(covered.keySet(), kinds.keySet());
		kinds.forEach((name, kind) -> {
			final Plane before = SCENE.blurry();
			final Disturbed after = kind.apply(new Disturbed(before.copy(), null));
			int drawn = 0, changed = 0;
			for (int i = 0; i < before.pixels().length; i++) {
				final boolean differs = before.pixels()[i] != after.image().pixels()[i];
				assertTrue(after.drawn()[i] || !differs, name + " changes what it does not name");
				if (after.drawn()[i]) drawn++;
				if (differs) changed++;
			}
			final double part = (double) drawn / before.pixels().length;
			assertTrue(part >= covered.get(name)[0] && part <= covered.get(name)[1], name + " covers " + part);
			assertTrue(changed > 0.8 * drawn, name + " changes " + changed + " of " + drawn);
		});
	}

	@Test
	void awayIsSoFarFromIt() {
		final boolean[] drawn = new boolean[9 * 7];
		drawn[3 * 9 + 2] = true;
		final boolean[] away = new Disturbed(new Plane(9, 7), drawn).away(2);
		for (int i = 0; i < away.length; i++)
			assertEquals(Math.max(Math.abs(i % 9 - 2), Math.abs(i / 9 - 3)) > 2, away[i], "pixel " + i);
	}

	/** A turned scene is the turned blur of the turned picture, and so on. */
	@Test
	void otherWaysToLayASceneKeepItTrue() {
		for (final Scene s : new Scene[] { SCENE, Disturbances.turned(SCENE), Disturbances.mirrored(SCENE), Disturbances
			.inverted(SCENE), Disturbances.cropped(SCENE, 3, 1, 4, 5) })
		{
			final Plane again = ValidConvolution.convolve(s.sharp(), s.kernel());
			final int r = s.kernel().width() / 2;
			double sum = 0;
			for (int y = 0; y < again.height(); y++)
				for (int x = 0; x < again.width(); x++)
					sum += Math.abs(again.get(x, y) - s.blurry().get(x + r, y + r));
			assertEquals(0.005 * Math.sqrt(2 / Math.PI), sum / again.pixels().length, 4e-4);
		}
	}

	@Test
	void rowNoiseIsTheSameAlongARow() {
		final Plane before = SCENE.blurry(), after = Disturbances.rowNoise(before, 0.02, 1).image();
		double rows = 0, rest = 0;
		for (int y = 0; y < before.height(); y++) {
			double mean = 0;
			for (int x = 0; x < before.width(); x++)
				mean += (after.get(x, y) - before.get(x, y)) / before.width();
			rows += mean * mean / before.height();
			for (int x = 0; x < before.width(); x++)
				rest += Math.abs(after.get(x, y) - before.get(x, y) - mean) / before.pixels().length;
		}
		assertEquals(0.02, Math.sqrt(rows), 0.003);
		assertTrue(rest < 0.004, "" + rest);
	}

	@Test
	void rangesAreAsAsked() {
		final Plane kelvin = Disturbances.ranged(SCENE.blurry(), 10, 290), low = Disturbances.narrow(SCENE.blurry(), 100 /
			255.0, 120 / 255.0);
		for (int i = 0; i < kelvin.pixels().length; i++) {
			assertEquals(SCENE.blurry().pixels()[i], (kelvin.pixels()[i] - 290) / 10, 1e-5);
			final double level = 255 * low.pixels()[i];
			assertEquals(Math.round(level), level, 1e-4);
			assertTrue(level > 99.9 && level < 120.1, "" + level);
		}
	}
}
