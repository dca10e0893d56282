package io.github.learningtodeblur.observe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

import io.github.learningtodeblur.util.ConnectedParts;
import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.testimages.Disturbances.Disturbed;
import io.github.learningtodeblur.train.CameraShake;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Unknown;
import io.github.learningtodeblur.util.ValidConvolution;

class ObservationTest {

	private static final Plane BLURRY = Disturbances.shakenStreet().blurry();

	private static final Map<String, Function<Plane, Disturbed>> KINDS = Map.of("text", Disturbances::text, "text on bar",
		Disturbances::textOnBar, "scale bar", Disturbances::scaleBar, "data bar", Disturbances::dataBar, "letterbox",
		Disturbances::letterbox, "white frame", Disturbances::whiteFrame, "round field", Disturbances::roundField, "small round field",
		p -> Disturbances.roundField(p, 0.6), "rows", p -> Disturbances.rowNoise(p, 0.02, 3));

	/** The street as it is, and otherwise lit, shaken and noisy. */
	private static Map<String, Plane> scenes() {
		return Map.of("street", BLURRY, "dark", lit(0.4, 0, 17, 0.01), "negative", lit(-1, 1, 9, 0.01), "dark, hardly noisy", lit(
			0.4, 0, 25, 0.002));
	}

	private static Plane lit(final double gain, final double offset, final int size, final double noise) {
		return Disturbances.blurred(Disturbances.ranged(Disturbances.street(), gain, offset), new CameraShake(0, 1, 0.5).sample(
			size, new SplittableRandom(size)), noise, 3).blurry();
	}

	@Test
	void whatWasDrawnIsFoundAndKept() {
		scenes().forEach((scene, picture) -> KINDS.forEach((kind, draw) -> {
			final String name = kind + ", " + scene;
			final Disturbed disturbed = draw.apply(picture);
			final Observation o = Observation.of(disturbed.image());
			final boolean[] away = disturbed.away(4);
			int drawn = 0, found = 0, others = 0;
			for (int i = 0; i < away.length; i++) {
				final boolean unknown = Float.isNaN(o.image().pixels()[i]);
				if (disturbed.drawn()[i]) {
					drawn++;
					if (unknown) found++;
				}
				else if (unknown && away[i]) others++;
			}
			assertTrue(found >= 0.97 * drawn, name + ": found " + found + " of " + drawn);
			assertTrue(others < 0.01 * away.length, name + ": " + others + " pixels too many");
			assertTrue(o.drawn() >= found, name);
			assertEquals(kind.equals("rows"), o.banded(), name);
			final Plane result = o.result(new Plane(picture.width(), picture.height()));
			for (int i = 0; i < away.length; i++)
				if (Float.isNaN(o.image().pixels()[i])) assertEquals(disturbed.image().pixels()[i], result.pixels()[i], name);
		}));
	}

	/** A colon's dots are too small to be found by themselves. */
	@Test
	void dotsOfTheSameInkBelongToWhatWasDrawn() {
		final Plane p = BLURRY.copy();
		for (int y = 100; y < 120; y++)
			Arrays.fill(p.pixels(), y * p.width() + 200, y * p.width() + 204, 1);
		for (final int y : new int[] { 106, 107, 114, 115 })
			Arrays.fill(p.pixels(), y * p.width() + 209, y * p.width() + 211, 1);
		final Plane image = Observation.of(p).image();
		assertTrue(Float.isNaN(image.get(209, 106)) && Float.isNaN(image.get(210, 115)));
		assertFalse(Float.isNaN(image.get(230, 106)));
	}

	@Test
	void aDeadColumnOrRowIsFilled() {
		final Observation undisturbed = Observation.of(BLURRY);
		for (final boolean row : new boolean[] { false, true }) {
			final Disturbed dead = Disturbances.deadColumn(BLURRY);
			if (row) {
				System.arraycopy(BLURRY.pixels(), 0, dead.image().pixels(), 0, BLURRY.pixels().length);
				Arrays.fill(dead.drawn(), false);
				Arrays.fill(dead.drawn(), 90 * BLURRY.width(), 91 * BLURRY.width(), true);
				Arrays.fill(dead.image().pixels(), 90 * BLURRY.width(), 91 * BLURRY.width(), 0);
			}
			final Observation o = Observation.of(dead.image());
			double squares = 0;
			int count = 0;
			for (int i = 0; i < dead.drawn().length; i++)
				if (dead.drawn()[i]) {
					squares += Math.pow(o.image().pixels()[i] - undisturbed.image().pixels()[i], 2);
					count++;
				}
			assertTrue(Math.sqrt(squares / count) < 0.015, "off by " + Math.sqrt(squares / count));
			assertEquals(count, o.outliers(), 10);
			assertEquals(0, o.drawn());
		}
	}

	/** A thin line that ends within the picture is a drawing, and stays. */
	@Test
	void aThinLineIsADrawing() {
		final Plane p = BLURRY.copy();
		Arrays.fill(p.pixels(), 90 * p.width() + 60, 90 * p.width() + 180, 1);
		final Observation o = Observation.of(p);
		assertTrue(o.drawn() > 120);
		assertEquals(1, o.result(o.image()).get(100, 90));
	}

	@Test
	void blurredAndSharpPicturesAreBelieved() {
		for (final Plane p : List.of(BLURRY, Disturbances.street(), Disturbances.noise(200, 150, 0.05, 1))) {
			final Observation o = Observation.of(p);
			assertTrue(o.drawn() < 3e-3 * p.pixels().length, o.drawn() + " drawn");
			assertTrue(o.outliers() < 1e-4 * p.pixels().length, o.outliers() + " outliers");
			assertFalse(o.banded());
		}
	}

	@Test
	void hotAndDeadPixelsAreReplaced() {
		final Disturbed hot = Disturbances.hotPixels(BLURRY, 1e-3, true, 3);
		final Observation o = Observation.of(hot.image()), undisturbed = Observation.of(BLURRY);
		int count = 0, wrong = 0;
		for (int i = 0; i < hot.drawn().length; i++)
			if (hot.drawn()[i]) {
				count++;
				if (!(Math.abs(o.image().pixels()[i] - undisturbed.image().pixels()[i]) < 0.1)) wrong++;
			}
		assertTrue(count > 100, "only " + count + " pixels");
		assertTrue(wrong < 0.06 * count, wrong + " of " + count);
		assertEquals(count, o.outliers(), 0.1 * count);
	}

	@Test
	void oneHotPixelDoesNotSetTheRange() {
		final Plane hot = Disturbances.ranged(BLURRY, 255 * 16, 0);
		hot.pixels()[40 * hot.width() + 50] = 65535;
		final ValueRange range = Observation.of(hot).range(), usual = Observation.of(BLURRY).range();
		assertEquals(255 * 16 * usual.high(), range.high(), 1);
		assertEquals(255 * 16 * usual.low(), range.low(), 1);
	}

	@Test
	void unitsDoNotMatter() {
		final Observation usual = Observation.of(BLURRY);
		for (final double[] unit : new double[][] { { 10, 290 }, { 4095, 32000 }, { 1e-5, 0 }, { 255, 0 }, { -3, 1 } }) {
			final Plane other = Disturbances.ranged(BLURRY, unit[0], unit[1]);
			final Observation o = Observation.of(other);
			if (unit[0] > 0) assertArrayEquals(usual.image().pixels(), o.image().pixels(), 2e-3f);
			final float[] back = o.result(o.image()).pixels();
			int different = 0;
			for (int i = 0; i < back.length; i++)
				if (Math.abs(back[i] - other.pixels()[i]) > 2e-6 * (Math.abs(unit[0]) + Math.abs(unit[1]))) different++;
			assertEquals(o.outliers(), different);
		}
	}

	@Test
	void rowsOfTheirOwnLevelAreEvened() {
		final Plane banded = Disturbances.rowNoise(BLURRY, 0.02, 5).image();
		assertTrue(Observation.of(banded).banded());
		final Plane evened = Banding.in(banded).subtractedFrom(banded);
		final double usual = rowJumps(BLURRY), before = rowJumps(banded) - usual, after = rowJumps(evened) - usual;
		assertTrue(after < 0.3 * before, after + " against " + before);
	}

	/** Of a scene that changes slowly, bands of several lines are told apart, too. */
	@Test
	void bandsOfSeveralLinesAreEvened() {
		final Plane scene = new Plane(160, 120);
		for (int i = 0; i < scene.pixels().length; i++)
			scene.pixels()[i] = (float) (0.5 + 0.2 * Math.sin(i % 160 / 60.0) * Math.cos(i / 160 / 70.0));
		for (final Disturbed banded : List.of(Disturbances.rowNoise(scene, 0.02, 5), Disturbances.columnNoise(scene, 0.02, 6))) {
			final double left = rms(Banding.in(banded.image()).subtractedFrom(banded.image()), scene);
			assertTrue(left < 0.0055, left + " of 0.02");
		}
	}

	/**
	 * What shows the blur is the same whatever offsets the lines have, to which the kernel would be fitted, and is still the blurred
	 * image of something.
	 */
	@Test
	void offsetsOfLinesDoNotShowInTheBlur() {
		final Plane sharp = Disturbances.street(), kernel = Disturbances.shakenStreet().kernel();
		final Plane banded = Disturbances.rowNoise(BLURRY, 0.03, 5).image();
		final Plane shown = Observation.together(List.of(banded)), other = Observation.together(List.of(Disturbances.rowNoise(BLURRY, 0.03,
			9).image()));
		final Plane usual = Observation.of(banded).image();
		final double left = rms(shown, other), estimated = rms(usual, Observation.of(Disturbances.rowNoise(BLURRY, 0.03, 9).image()).image());
		assertTrue(left < 0.5 * estimated, left + ", with estimated offsets " + estimated);
		// lines' means taken off after the blur, and before it
		final Plane before = ValidConvolution.convolve(withoutLines(sharp), kernel), after = withoutLines(ValidConvolution.convolve(sharp,
			kernel));
		assertTrue(rms(before, after) < 0.01, "" + rms(before, after));
	}

	private static Plane withoutLines(final Plane p) {
		return new Banding(new double[p.height()], true).withoutLines(p);
	}

	/** Nearly all of a page is of one value with sharp edges, but what is left is many letters, not one field. */
	@Test
	void aPageIsToBeBelieved() throws IOException {
		final Plane page = ImageFiles.read(Path.of("test-images/text.png")).luminance();
		final Plane sharp = new Plane(page.width(), page.height());
		Arrays.fill(sharp.pixels(), 0.9f);
		for (int y = 8; y < sharp.height() - 12; y += 16)
			for (int x = 8; x < sharp.width() - 8; x += 10)
				for (int i = 0; i < 20; i++)
					sharp.pixels()[(y + i % 8) * sharp.width() + x + (i * i + x) % 5] = 0.1f;
		assertEquals(0, Observation.of(page).drawn());
		assertEquals(0, Observation.of(sharp).drawn());
	}

	/** Mean square of second differences of the rows' means. */
	private static double rowJumps(final Plane p) {
		final double[] mean = new double[p.height()];
		for (int i = 0; i < p.pixels().length; i++)
			mean[i / p.width()] += p.pixels()[i] / p.width();
		double sum = 0;
		for (int y = 1; y < mean.length - 1; y++)
			sum += Math.pow(mean[y - 1] - 2 * mean[y] + mean[y + 1], 2);
		return sum / (mean.length - 2);
	}

	/** Standard deviation of the difference. */
	private static double rms(final Plane a, final Plane b) {
		double sum = 0, squares = 0;
		int n = 0;
		for (int i = 0; i < a.pixels().length; i++) {
			final double d = a.pixels()[i] - b.pixels()[i];
			if (Double.isNaN(d)) continue;
			n++;
			sum += d;
			squares += d * d;
		}
		return Math.sqrt(squares / n - sum / n * sum / n);
	}

	@Test
	void unknownPixelsStayUnknown() {
		final Plane p = BLURRY.copy();
		Arrays.fill(p.pixels(), 0, 30 * p.width(), Float.NaN);
		final Observation o = Observation.of(p);
		final Plane result = o.result(Unknown.filled(o.image()));
		for (int i = 0; i < p.pixels().length; i++)
			assertEquals(i < 30 * p.width(), Float.isNaN(result.pixels()[i]));
	}

	@Test
	void constantPicturesSaySo() {
		final Plane flat = new Plane(50, 40);
		flat.pixels()[777] = 1;
		final Observation o = Observation.of(flat);
		assertTrue(o.isConstant());
		assertThrows(IllegalArgumentException.class, o::image);
	}

	@Test
	void channelsCountAsMuchAsTheyShow() {
		final Plane empty = new Plane(BLURRY.width(), BLURRY.height());
		final Plane noise = Disturbances.noise(BLURRY.width(), BLURRY.height(), 0.02, 9);
		final Plane alone = Observation.of(BLURRY).image();
		final double with = rms(Observation.together(List.of(empty, BLURRY, empty)), alone);
		assertTrue(with < 1e-5, "rms " + with);
		final double noisy = rms(Observation.together(List.of(noise, BLURRY, empty)), alone);
		assertTrue(noisy < 0.02, "rms " + noisy);
		for (int levels = 2; levels <= 6; levels++) { // the darkest of 256
			final Plane faint = new Plane(BLURRY.width(), BLURRY.height());
			final SplittableRandom random = new SplittableRandom(levels);
			for (int i = 0; i < faint.pixels().length; i++)
				faint.pixels()[i] = Math.max(0, Math.min(levels - 1, Math.round(0.4 * levels * random.nextGaussian() + 0.5f))) / 255f;
			final double dark = rms(Observation.together(List.of(faint, BLURRY, faint)), alone);
			assertTrue(dark < 0.04, levels + " levels: rms " + dark);
		}
		assertThrows(IllegalArgumentException.class, () -> Observation.together(List.of(empty, empty)));
	}

	/** Where the ground is nearly as bright as the letters, they have no edges; their value tells. */
	@Test
	void lettersAreFoundOnAGroundOfTheirBrightness() {
		final Plane bright = BLURRY.copy();
		for (int i = 0; i < bright.pixels().length; i++)
			if (i % bright.width() > 0.85 * bright.width()) bright.pixels()[i] = 0.965f + 0.02f * bright.pixels()[i];
		final Disturbed text = Disturbances.text(bright);
		final Observation o = Observation.of(text.image());
		int letters = 0, found = 0;
		for (int i = 0; i < text.drawn().length; i++)
			if (text.image().pixels()[i] == 1 && i % bright.width() > 0.87 * bright.width()) {
				letters++;
				if (Float.isNaN(o.image().pixels()[i])) found++;
			}
		assertTrue(letters > 50, letters + " pixels");
		assertTrue(found > 0.95 * letters, found + " of " + letters);
	}

	/** No crumbs of the picture are left in what was drawn, such as the inside of an O. */
	@Test
	void noIslandsAreLeft() {
		for (final Disturbed d : List.of(Disturbances.text(BLURRY), Disturbances.dataBar(BLURRY))) {
			final Plane image = Observation.of(d.image()).image();
			final boolean[] known = new boolean[image.pixels().length];
			for (int i = 0; i < known.length; i++)
				known[i] = !Float.isNaN(image.pixels()[i]);
			for (final int[] part : ConnectedParts.of(known, image.width(), image.height(), false))
				assertTrue(part.length > 2e-3 * known.length, part.length + " pixels");
		}
	}
}
