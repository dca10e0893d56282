package io.github.learningtodeblur.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.batch.Folders;
import io.github.learningtodeblur.files.ImageFiles;

/** A folder at once, in parts, and in several goes: the same results to the last bit. */
class DeblurFolderTest {

	private static final int COUNT = 7;

	@TempDir
	Path folder;
	private Path from;

	@BeforeEach
	void pictures() throws IOException {
		from = Folders.pictures(folder.resolve("blurry"), COUNT);
	}

	/** @param more options; those given here win */
	private Told deblur(final Path to, final String... more) {
		final List<String> args = new ArrayList<>(List.of(more));
		for (final String usual : List.of("--images=" + from, "--out=" + to, "--restoration=wiener", "--refine=0", "--device=cpu"))
			if (args.stream().noneMatch(a -> a.startsWith(usual.substring(0, usual.indexOf('=') + 1)))) args.add(usual);
		args.add(0, "deblur-folder");
		return Told.by(args.toArray(String[]::new));
	}

	@Test
	void partsAreTheWhole() throws IOException {
		final Path whole = folder.resolve("whole"), parts = folder.resolve("parts");
		Told told = deblur(whole);
		assertEquals(0, told.code(), told.err());
		assertEquals("done part=1/1 files=7 deblurred=7 skipped=0 failed=0 table=" + whole.resolve("table.csv").toAbsolutePath(), told
			.lastLine());
		final Map<String, Integer> images = Folders.images(whole);
		assertEquals(2 * COUNT, images.size());
		assertEquals(72, ImageFiles.read(whole.resolve("deblurred-01.png.tif")).width());
		for (int i = 1; i <= 3; i++) {
			told = deblur(parts, "--part=" + i + "/3");
			assertEquals(0, told.code(), told.err());
			assertTrue(told.lastLine().startsWith("done part=" + i + "/3 files=" + (i == 1 ? 3 : 2) + " deblurred=" + (i == 1 ? 3 : 2) +
				" "), told.out());
		}
		assertEquals(images, Folders.images(parts));
		final List<String> table = Files.readAllLines(parts.resolve("table.csv"));
		assertEquals("file,seconds,failure,notes," + Report.COLUMNS, table.get(0));
		assertEquals(List.of("00.tif", "01.png", "02.tif", "03.png", "04.tif", "05.png", "06.tif"), table.stream().skip(1).map(
			l -> l.split(",")[0]).toList());
		final List<String> row = List.of(table.get(3).split(",", -1));
		assertEquals("", row.get(2));
		assertTrue(Report.parse(row.subList(4, row.size())).extentWidth() > 5, "a kernel: " + row);
	}

	/** Kernels are rewritten, since the file that tells of the end was missing. */
	@Test
	void whatIsDoneIsSkipped() throws IOException {
		final Path to = folder.resolve("results");
		deblur(to);
		final Map<String, Integer> images = Folders.images(to);
		final Object time = Files.getLastModifiedTime(to.resolve("deblurred-03.png.tif"));
		Files.delete(to.resolve("deblurred-02.tif"));
		Files.writeString(to.resolve("kernel-02.tif"), "cut");
		final Told told = deblur(to);
		assertTrue(told.lastLine().contains(" deblurred=1 skipped=6 failed=0 "), told.out());
		assertEquals(images, Folders.images(to));
		assertEquals(time, Files.getLastModifiedTime(to.resolve("deblurred-03.png.tif")));
		assertEquals(COUNT + 1, Files.readAllLines(to.resolve("table.csv")).size());
	}

	@Test
	void failuresAreListedAndTriedAgain() throws IOException {
		final Path to = folder.resolve("results"), bad = from.resolve("a, bad.png");
		Files.writeString(bad, "not an image");
		Told told = deblur(to);
		assertEquals(1, told.code());
		assertTrue(told.lastLine().contains(" deblurred=7 skipped=0 failed=1 "), told.out());
		assertTrue(told.err().matches("failed a, bad.png: .*is not an image.*"), told.err());
		String row = Files.readAllLines(to.resolve("table.csv")).stream().filter(l -> l.contains("bad")).findAny().orElseThrow();
		assertTrue(row.matches("\"a, bad.png\",[0-9.]+,.*is not an image.*"), row);
		Files.copy(from.resolve("01.png"), bad, StandardCopyOption.REPLACE_EXISTING);
		told = deblur(to);
		assertEquals(0, told.code(), told.err());
		assertTrue(told.lastLine().contains(" deblurred=1 skipped=7 failed=0 "), told.out());
		row = Files.readAllLines(to.resolve("table.csv")).stream().filter(l -> l.contains("bad")).findAny().orElseThrow();
		assertTrue(row.matches("\"a, bad.png\",[0-9.]+,,,[0-9]+,[0-9]+,.*"), row);
	}

	/** As for a single file. */
	@Test
	void whatWasReadOtherwiseIsTold() throws IOException {
		final Path to = folder.resolve("results");
		final BufferedImage glass = new BufferedImage(72, 64, BufferedImage.TYPE_INT_ARGB);
		for (int i = 0; i < 72 * 64; i++)
			glass.setRGB(i % 72, i / 72, (i % 5 + 1) << 29 | i * 7919 & 0xffffff);
		ImageIO.write(glass, "png", from.resolve("glass.png").toFile());
		deblur(to, "--names=glass*");
		assertTrue(Files.readAllLines(to.resolve("table.csv")).get(1).matches("glass.png,[0-9.]+,,.*transparen.*"), () -> "not told");
	}

	@Test
	void aDryRunDoesNothing() {
		final Path to = folder.resolve("results");
		final Told told = deblur(to, "--dry-run", "--part=2/3");
		assertEquals(0, told.code(), told.err());
		assertEquals("would deblur 01.png\nwould deblur 04.tif\ndry run: 2 of 2 files would be deblurred into " + to, told.out()
			.replace("\r", ""));
		assertFalse(Files.exists(to));
	}

	@Test
	void mistakesAreToldBeforeTheWork() throws IOException {
		final Path to = folder.resolve("results");
		for (final String[] bad : new String[][] { { "--part=4/3", "no part" }, { "--names=*.xyz", "no files named *.xyz" },
			{ "--model=nothing", "no model" }, { "--restoration=nothing", "nothing" }, { "--out=" + from, "must be another" } })
		{
			final Told told = deblur(to, bad[0]);
			assertEquals(1, told.code(), bad[0]);
			assertTrue(told.err().contains(bad[1]), told.err());
			assertEquals(List.of(), Folders.names(to));
		}
	}

	/** Killed twice, it goes on, and nothing tells of it afterwards. */
	@Test
	void survivesBeingKilled() throws Exception {
		final Path whole = folder.resolve("whole"), to = folder.resolve("killed"), log = folder.resolve("log");
		deblur(whole);
		for (int done = 1; done <= 3; done += 2)
			Folders.killAfter(done, to, Folders.java(log, List.of(), Main.class.getName(), "deblur-folder", "--images=" + from,
				"--out=" + to, "--restoration=wiener", "--refine=0", "--device=cpu"));
		for (final Map.Entry<String, Integer> e : Folders.images(to).entrySet())
			if (!e.getKey().startsWith(".")) assertEquals(Folders.images(whole).get(e.getKey()), e.getValue(), e.getKey());
		final Told told = deblur(to);
		assertEquals(0, told.code(), told.err());
		assertFalse(told.lastLine().contains(" skipped=0 "), told.out());
		assertEquals(Folders.images(whole), Folders.images(to));
		assertEquals(COUNT + 1, Files.readAllLines(to.resolve("table.csv")).size());
	}

	/** Each job of an array takes its part. */
	@Test
	void theScriptForSlurm() throws Exception {
		assumeTrue(File.separatorChar == '/', "needs bash");
		final Path to = folder.resolve("array"), whole = folder.resolve("whole");
		for (int i = 1; i <= 2; i++) {
			final ProcessBuilder bash = new ProcessBuilder("bash", "src/examples/deblur-folder.slurm", from.toString(), to.toString(),
				"--restoration=wiener", "--refine=0", "--device=cpu").inheritIO();
			bash.environment().putAll(Map.of("SLURM_ARRAY_TASK_ID", "" + i, "SLURM_ARRAY_TASK_COUNT", "2", "SLURM_MEM_PER_NODE", "512",
				"DEBLUR_CLASSPATH", System.getProperty("java.class.path")));
			assertEquals(0, bash.start().waitFor());
			assertEquals(i == 1 ? 2 * 4 : 2 * COUNT, Folders.images(to).size());
		}
		deblur(whole);
		assertEquals(Folders.images(whole), Folders.images(to));
		assertEquals(COUNT + 1, Files.readAllLines(to.resolve("table.csv")).size());
	}
}
