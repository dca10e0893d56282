package io.github.learningtodeblur.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.train.SharpImages.Selection;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.view.Views;

class SharpImagesTest {

	@TempDir
	private Path folder;

	/** A plane of one grey level. */
	private static Plane grey(final int width, final int height, final int level) {
		final Plane p = new Plane(width, height);
		Arrays.fill(p.pixels(), level / 255f);
		return p;
	}

	@Test
	void imagesOfImgLib2() {
		final Plane p = grey(40, 30, 77);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = i % 40 / 40f;
		final SharpImages planes = SharpImages.of(List.of(p), Selection.ALL), images = SharpImages.ofImages(List.of(
			Views.translate(Images.img(p), 500, 3)), Selection.ALL);
		assertEquals(planes.crop(new SplittableRandom(3), 20), images.crop(new SplittableRandom(3), 20));
	}

	@Test
	void foldersAreLoadedAndCounted() throws IOException {
		ImageFiles.writePng(folder.resolve("a.png"), List.of(grey(30, 40, 10)));
		ImageFiles.writePng(folder.resolve("b.png"), List.of(grey(30, 30, 255), grey(30, 30, 0), grey(30,
			30, 0)));
		ImageFiles.writePng(folder.resolve("small.png"), List.of(grey(19, 40, 30)));
		ImageFiles.writePng(folder.resolve("lossy_a.png"), List.of(grey(30, 40, 30)));
		ImageFiles.writePng(folder.resolve("drop_a.png"), List.of(grey(30, 40, 40)));
		Files.writeString(folder.resolve("broken.jpg"), "no image");
		final Selection selection = new Selection(name -> !name.startsWith("drop"), 1, Map.of("lossy",
			0.6), false, false);
		final SharpImages images = SharpImages.load(List.of(folder), selection, 20, Progress.NONE);
		assertEquals(List.of("a.png", "b.png"), images.names());
		assertEquals("2 of 6 images taken (1 left out by name, 2 with a side below 20 pixels, " +
			"1 not readable)", images.summary());
		assertTrue(images.unreadable().get(0).contains("broken.jpg"));
		assertEquals(2, images.countFor(30));
		assertEquals(0, images.countFor(31));
		final Set<Float> levels = new HashSet<>();
		final SplittableRandom random = new SplittableRandom(1);
		for (int i = 0; i < 50; i++)
			levels.add(images.crop(random, 20).get(7, 7) * 255);
		assertEquals(Set.of(10f, 76f), levels); // 0.299 * 255 = 76.2
		assertThrows(IllegalArgumentException.class, () -> images.crop(random, 31));
		assertThrows(IOException.class, () -> SharpImages.load(List.of(folder), selection, 100,
			Progress.NONE));
	}

	@Test
	void largerImagesAreDrawnMoreOftenUpToALimit() {
		final SharpImages images = SharpImages.of(List.of(grey(100, 100, 1), grey(200, 100, 2), grey(512,
			512, 3), grey(1024, 1024, 4)), Selection.ALL);
		final SplittableRandom random = new SplittableRandom(1);
		final double[] share = new double[5];
		for (int i = 0; i < 20_000; i++)
			share[Math.round(images.crop(random, 3).get(0, 0) * 255)] += 1 / 20_000.0;
		final double total = 10_000 + 20_000 + 2 * CropSampler.MAX_WEIGHT;
		assertArrayEquals(new double[] { 0, 10_000 / total, 20_000 / total, CropSampler.MAX_WEIGHT / total,
			CropSampler.MAX_WEIGHT / total }, share, 0.02);
	}

	@Test
	void allEightWaysToLayACropOccur() {
		final Plane p = new Plane(3, 3);
		for (int i = 0; i < 9; i++)
			p.pixels()[i] = i / 255f;
		for (final double scale : new double[] { 1, 0.999999 }) { // both ways of cutting
			final SharpImages images = SharpImages.of(List.of(p), new Selection(n -> true, scale, Map.of(),
				false, false));
			final SplittableRandom random = new SplittableRandom(1);
			final Set<String> seen = new HashSet<>();
			for (int i = 0; i < 300; i++) {
				final StringBuilder text = new StringBuilder();
				for (final float v : images.crop(random, 3).pixels())
					text.append(Math.round(v * 255));
				seen.add(text.toString());
			}
			assertEquals(Set.of("012345678", "210543876", "678345012", "876543210", "036147258",
				"630741852", "258147036", "852741630"), seen);
		}
	}

	@Test
	void cropsReachEveryCorner() {
		final Plane p = new Plane(7, 5);
		for (int i = 0; i < 35; i++)
			p.pixels()[i] = i / 255f;
		final SharpImages images = SharpImages.of(List.of(p), Selection.ALL);
		final SplittableRandom random = new SplittableRandom(1);
		final Set<Float> seen = new HashSet<>();
		for (int i = 0; i < 500; i++)
			for (final float v : images.crop(random, 3).pixels())
				seen.add(v);
		assertEquals(35, seen.size());
	}

	@Test
	void shrinkingAveragesAreas() {
		final Plane p = new Plane(8, 8);
		for (int i = 0; i < 64; i++)
			p.pixels()[i] = (i / 8 / 2 * 4 + i % 8 / 2) * 10 / 255f + (i % 2 == 0 ? 1 : -1) * 5 / 255f + 5 /
				255f;
		final SharpImages images = SharpImages.of(List.of(p), new Selection(n -> true, 1, Map.of("", 0.5),
			false, false));
		assertEquals(1, images.countFor(4));
		assertEquals(0, images.countFor(5));
		final SplittableRandom random = new SplittableRandom(1);
		final Set<Integer> seen = new HashSet<>();
		for (final float v : images.crop(random, 4).pixels()) {
			assertEquals(Math.round(v * 255), v * 255, 1e-3);
			seen.add(Math.round(v * 255));
		}
		for (int i = 0; i < 16; i++)
			assertTrue(seen.contains(10 * i + 5), "mean " + (10 * i + 5));
	}

	@Test
	void shrinkingByAnyFactorKeepsLevelsAndRamps() {
		final Plane ramp = new Plane(60, 50);
		for (int i = 0; i < ramp.pixels().length; i++)
			ramp.pixels()[i] = i % 60 * 4 / 255f;
		final SharpImages images = SharpImages.of(List.of(ramp), new Selection(n -> true, 0.3, Map.of(),
			false, false));
		final SplittableRandom random = new SplittableRandom(1);
		double least = 1;
		double most = 0;
		for (int n = 0; n < 200; n++) {
			final Plane crop = images.crop(random, 14);
			final float stepX = (crop.get(13, 0) - crop.get(0, 0)) / 13;
			final float stepY = (crop.get(0, 13) - crop.get(0, 0)) / 13;
			final double scale = 4 / 255.0 / Math.max(Math.abs(stepX), Math.abs(stepY));
			least = Math.min(least, scale);
			most = Math.max(most, scale);
			for (int y = 0; y < 14; y++)
				for (int x = 0; x < 14; x++)
					// the mean over parts of pixels is off a straight line by up to a quarter of their step
					assertEquals(crop.get(0, 0) + x * stepX + y * stepY, crop.get(x, y), 2 / 255.0);
		}
		assertTrue(least > 0.29 && least < 0.35 && most > 0.95 && most < 1.03, least + " to " + most);
	}

	@Test
	void imagesCanBeStretchedAndHalfOfTheCropsInverted() {
		final Plane p = grey(40, 40, 20);
		Arrays.fill(p.pixels(), 0, 600, 60 / 255f);
		final SharpImages images = SharpImages.of(List.of(p), new Selection(n -> true, 1, Map.of(), true,
			true));
		final SplittableRandom random = new SplittableRandom(1);
		int inverted = 0;
		for (int i = 0; i < 100; i++) {
			double sum = 0;
			for (final float v : images.crop(random, 40).pixels()) {
				assertTrue(v == 0 || v == 1, () -> "value " + v);
				sum += v;
			}
			assertTrue(sum == 600 || sum == 1000, "sum " + sum);
			if (sum == 1000) inverted++;
		}
		assertTrue(inverted > 30 && inverted < 70, inverted + " of 100 inverted");
	}

	@Test
	void aTenthIsHeldOutByName() {
		int count = 0;
		for (int i = 0; i < 10_000; i++)
			if (SharpImages.heldOut("photo_" + i + ".png")) count++;
		assertTrue(count > 800 && count < 1200, count + " of 10000");
		assertEquals(SharpImages.heldOut("a.png"), SharpImages.heldOut("a.png"));
	}

	@Test
	void badValuesAreRefused() {
		assertThrows(IllegalArgumentException.class, () -> new Selection(n -> true, 0, Map.of(), false,
			false));
		assertThrows(IllegalArgumentException.class, () -> new Selection(n -> true, 1, Map.of("a", 1.5),
			false, false));
		assertThrows(IllegalArgumentException.class, () -> SharpImages.of(List.of(), Selection.ALL));
	}

	/** One rule for all trainings and for benchmarks, whatever the number of images. */
	@Test
	void namesDecideWhatIsHeldOut() throws IOException {
		final Set<String> expected = new HashSet<>(), all = new HashSet<>();
		for (int i = 0; i < 25; i++) {
			final String name = "photo_" + i + ".png";
			ImageFiles.writePng(folder.resolve(name), List.of(grey(9, 9, i)));
			all.add(name);
			if (SharpImages.heldOut(name)) expected.add(name);
		}
		final SharpImages.Split split = SharpImages.load(List.of(folder), Selection.ALL, 3, Progress.NONE).split();
		assertEquals(expected, Set.copyOf(split.validation().names()));
		all.removeAll(expected);
		assertEquals(all, Set.copyOf(split.training().names()));
	}

	@Test
	void ofFewImagesThereIsOneForEachPart() {
		for (int count = 2; count < 9; count++) {
			final List<Plane> planes = new ArrayList<>();
			for (int i = 0; i < count; i++)
				planes.add(new Plane(9, 9));
			final SharpImages.Split split = SharpImages.of(planes, Selection.ALL).split();
			assertTrue(split.training().count() >= 1 && split.validation().count() >= 1, count + " images");
			assertEquals(count, split.training().count() + split.validation().count());
			assertTrue(split.training().names().stream().noneMatch(split.validation().names()::contains));
		}
		final SharpImages.Split one = SharpImages.of(List.of(new Plane(9, 9)), Selection.ALL).split();
		assertEquals(1, one.training().count());
		assertEquals(1, one.validation().count());
	}

	/** The validation must not change with the training's random shrinking. */
	@Test
	void heldOutImagesAreNotShrunk() {
		final List<Plane> planes = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			final Plane p = new Plane(40, 40);
			for (int j = 0; j < 1600; j++)
				p.pixels()[j] = (j % 40 + j / 40) % 2;
			planes.add(p);
		}
		final SharpImages.Split split = SharpImages.of(planes, new Selection(n -> true, 0.3, Map.of(), false, false))
			.split();
		final SplittableRandom random = new SplittableRandom(1);
		boolean grey = false;
		for (int i = 0; i < 20; i++) {
			for (final float v : split.validation().crop(random, 10).pixels())
				assertTrue(v == 0 || v == 1, () -> "shrunk: " + v);
			for (final float v : split.training().crop(random, 10).pixels())
				grey |= v > 0.1f && v < 0.9f;
		}
		assertTrue(grey, "images for training are shrunk");
	}
}
