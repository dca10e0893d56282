package io.github.learningtodeblur.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.search.Confidence;
import io.github.learningtodeblur.search.Confidence.Verdict;
import io.github.learningtodeblur.train.Imperfections;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.ValidConvolution;

/** The list of the suite: always the same, in two halves that share no picture, and a mixture in every part. */
class SuiteTest {

	@TempDir
	Path folder;
	private SuiteCases.Folders folders;

	@BeforeEach
	void draw() throws IOException {
		for (int i = 0; i < 12; i++) {
			picture("photos/house" + i + ".png", 384, 400, i);
			picture("text/page" + i + ".png", 230, 260, 20 + i);
			picture("text/wall_a_0" + i % 10 + ".png", 200, 200, 40 + i);
		}
		for (int i = 0; i < 3; i++)
			picture("bench/tower" + i + ".png", 450, 400, 60 + i);
		final Plane kernel = new Plane(19, 19);
		kernel.pixels()[0] = kernel.pixels()[200] = 1;
		Files.createDirectories(folder.resolve("kernels"));
		ImageFiles.writeTiff(folder.resolve("kernels/one.tif"), List.of(kernel));
		folders = new SuiteCases.Folders(Map.of("photos", List.of(folder.resolve("photos")), "text", List.of(folder
			.resolve("text"))), Map.of(), Map.of("bench", List.of(folder.resolve("bench"))), Map.of("measured", List.of(
				folder.resolve("kernels"))));
	}

	private void picture(final String name, final int width, final int height, final long seed) throws IOException {
		final Plane p = new Plane(width, height);
		final SplittableRandom random = new SplittableRandom(seed);
		for (int i = 0; i < p.pixels().length; i++)
			p.pixels()[i] = random.nextInt(256) / 255f;
		Files.createDirectories(folder.resolve(name).getParent());
		ImageFiles.writePng(folder.resolve(name), List.of(p));
	}

	private SuiteCases suite(final long seed) throws IOException {
		return suite(SuiteCases.SIDE, seed);
	}

	private SuiteCases suite(final int side, final long seed) throws IOException {
		return suite(side, Imperfections.NONE, seed);
	}

	private SuiteCases suite(final int side, final Imperfections imperfections, final long seed) throws IOException {
		return new SuiteCases(folders, new SuiteCases.Treatment(Set.of(), Set.of("text"), "wall_"), SuiteCases.SIZES, side, imperfections, seed);
	}

	@Test
	void sameListAndPixelsInEveryRun() throws IOException {
		final List<SuiteCases.Case> one = suite(1).all(), two = suite(1).all();
		assertTrue(one.size() >= 400, "only " + one.size() + " cases");
		assertEquals(one.size(), one.stream().map(c -> c.name).distinct().count());
		for (int i = 0; i < one.size(); i++)
			assertEquals(said(one.get(i)), said(two.get(i)));
		for (int i = 0; i < one.size(); i += 57) {
			assertEquals(one.get(i).load().blurry(), two.get(i).load().blurry());
			assertEquals(one.get(i).load().kernel(), two.get(i).load().kernel());
		}
		final List<SuiteCases.Case> other = suite(2).all();
		assertFalse(one.stream().map(SuiteTest::said).toList().equals(other.stream().map(SuiteTest::said).toList()));
	}

	private static String said(final SuiteCases.Case c) {
		return String.join(" ", c.name, c.picture, c.source, "" + c.size, "" + c.noise, "" + c.rounded);
	}

	@Test
	void halvesShareNoPicture() throws IOException {
		final Map<String, SuiteCases.Half> halves = new HashMap<>();
		for (final SuiteCases.Case c : suite(1).all()) {
			if (c.imageClass.equals("noise")) continue;
			final String photograph = c.picture.startsWith("wall_") ? "wall_a" : c.picture;
			assertEquals(c.half, halves.computeIfAbsent(photograph, p -> c.half), photograph);
			if (c.imageClass.equals("bench") || c.source.equals("measured")) assertEquals(SuiteCases.Half.BELIEVE, c.half);
		}
		assertEquals(Set.of(SuiteCases.Half.values()), Set.copyOf(halves.values()));
	}

	/** A tenth has all sizes from small to large, all noise levels, all classes. */
	@Test
	void everyPartIsAMixture() throws IOException {
		final List<SuiteCases.Case> all = suite(1).all();
		int together = 0;
		for (int part = 0; part < 6; part++) {
			final int p = part;
			final List<SuiteCases.Case> some = all.stream().filter(c -> c.isIn(p, 6)).toList();
			together += some.size();
			assertEquals(all.size() / 6.0, some.size(), 8);
			final List<SuiteCases.Case> blurred = some.stream().filter(SuiteCases.Case::isBlurred).toList();
			assertEquals(6, blurred.stream().map(c -> c.noise).distinct().count());
			assertTrue(blurred.stream().map(c -> c.size).distinct().count() >= 10);
			assertEquals(Set.of("bench", "photos", "text"), blurred.stream().map(c -> c.imageClass).collect(Collectors
				.toSet()));
			assertTrue(some.stream().anyMatch(c -> c.imageClass.equals("noise")));
			assertEquals(new TreeSet<>(List.of("believe", "tune")), blurred.stream().map(c -> c.half.name().toLowerCase())
				.collect(Collectors.toCollection(TreeSet::new)));
		}
		assertEquals(all.size(), together);
	}

	@Test
	void casesAreWhatTheySay() throws IOException {
		for (final SuiteCases.Case c : suite(1).all()) {
			if (!c.name.matches(".*[05]0")) continue;
			final SuiteCases.Blurred b = c.load();
			assertEquals(b.sharp().width(), b.blurry().width());
			if (!c.isBlurred()) {
				if (c.noise == 0) assertEquals(b.sharp(), b.blurry());
				continue;
			}
			assertEquals(c.size, b.kernel().width());
			assertTrue(Math.min(b.blurry().width(), b.blurry().height()) >= 4 * c.size, c.name);
			assertEquals(Math.hypot(c.noise, c.rounded ? 1 / (255 * Math.sqrt(12)) : 0), Math.sqrt(left(b)), 0.1 * c.noise +
				3e-4, c.name);
		}
	}

	/** The same cases, of which about half have blur that changes; its mean explains them less well than their noise would allow. */
	@Test
	void picturesMayBeImperfect() throws IOException {
		final List<SuiteCases.Case> perfect = suite(1).all(), imperfect = suite(SuiteCases.SIDE, new Imperfections(3, 0), 1).all();
		final List<SuiteCases.Case> files = suite(SuiteCases.SIDE, new Imperfections(0, 1), 1).all();
		int blurred = 0, changed = 0;
		for (int i = 0; i < perfect.size(); i++) {
			final SuiteCases.Case c = imperfect.get(i);
			assertEquals(said(perfect.get(i)), said(c));
			if (!c.isBlurred() || c.noise > 0.01 || !c.name.matches(".*[05]")) continue;
			final SuiteCases.Blurred before = perfect.get(i).load(), after = c.load();
			assertEquals(before.sharp(), after.sharp());
			blurred++;
			if (after.kernel().equals(before.kernel())) assertEquals(before.blurry(), after.blurry());
			else {
				changed++;
				assertTrue(left(after) > left(before), c.name);
			}
			assertFalse(files.get(i).load().blurry().equals(before.blurry()), c.name + " as a JPEG");
		}
		assertEquals(0.5, (double) changed / blurred, 0.2, changed + " of " + blurred);
	}

	/** What the kernel leaves unexplained: mean square. */
	private static double left(final SuiteCases.Blurred b) {
		final Plane again = ValidConvolution.convolve(b.sharp(), b.kernel());
		final int r = b.kernel().width() / 2;
		double squares = 0;
		for (int y = 0; y < again.height(); y++)
			for (int x = 0; x < again.width(); x++)
				squares += Math.pow(again.get(x, y) - b.blurry().get(x + r, y + r), 2);
		return squares / again.pixels().length;
	}

	/** Larger ones are of the pictures that are large enough, and as large as asked for where there are as many pixels. */
	@Test
	void picturesMayBeLarger() throws IOException {
		for (final SuiteCases.Case c : suite(440, 1).all()) {
			assertFalse(c.imageClass.equals("text"), c.name);
			if (!c.isBlurred() || c.size > 31 || !c.name.matches(".*[05]0")) continue;
			final Plane blurry = c.load().blurry();
			assertEquals(Math.min(440, (c.imageClass.equals("bench") ? 450 : 384) - c.size + 1), blurry.width(), c.name);
		}
	}

	@Test
	void rowsSurviveTheTable() {
		final List<String> columns = List.of(SuiteRow.COLUMNS.split(","));
		assertEquals(columns.size(), columns.stream().distinct().count(), "names twice");
		final SuiteRow row = new SuiteRow("tune-001", "photos", "a", "none", 1, 0, true, Double.POSITIVE_INFINITY, 31.5, 40,
			Double.NaN, 0.25, -1, 0.5, 2, report(1, Verdict.NO_BLUR));
		assertEquals(row, SuiteRow.parse(row.csv()));
		assertThrows(IllegalArgumentException.class, () -> SuiteRow.parse("tune-001,photos"));
	}

	@Test
	void summaryCounts() {
		final List<String> lines = SuiteSummary.lines(List.of(row("tune-0", 5, 20, 1, Verdict.CERTAIN), row("tune-1", 5,
			18, 4, Verdict.DOUBTFUL), row("believe-2", 7, 25, 2, Verdict.NO_BLUR), row("tune-sharp-0", 1,
				Double.POSITIVE_INFINITY, Double.NaN, Verdict.NO_BLUR)));
		final String all = lines.stream().filter(l -> l.startsWith("all ")).findFirst().orElseThrow();
		assertTrue(all.contains("cases=3 error_ratio_geometric=2.000 median=2.000 above3=0.333 below_input=1"), all);
		assertTrue(lines.stream().anyMatch(l -> l.startsWith("size 05") && l.contains("cases=2")), lines::toString);
		assertTrue(lines.stream().anyMatch(l -> l.startsWith("unblurred photos") && l.contains(
			"no_blur_found=1 left_as_they_are=1")), lines::toString);
		assertTrue(lines.contains("confidence certain=1 of which above3=0 below_input=0; likely=0; above3=1 of which doubtful=1;" +
			" blurred=3 of which held for sharp=1"), lines::toString);
		final List<String> worse = SuiteSummary.lines(List.of(row("tune-0", 5, 18, 1, Verdict.CERTAIN), row("tune-1", 5, 18.98, 1, Verdict.CERTAIN)));
		assertTrue(worse.stream().anyMatch(l -> l.startsWith("confidence certain=2 of which above3=0 below_input=1;")), worse::toString);
	}

	private static SuiteRow row(final String name, final int size, final double psnr, final double ratio,
		final Verdict verdict)
	{
		return new SuiteRow(name, "photos", "a", "shake", size, 0.01, true, 19, psnr, 26, ratio, 0, 0, 0.9, 1, report(ratio,
			verdict));
	}

	private static Report report(final double ratio, final Verdict verdict) {
		return new Report(9, 9, 5, 7, new Confidence(ratio, verdict), 0.5, 10, 250, 1, 1, 2, 3, true, 4);
	}
}
