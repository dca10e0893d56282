package io.github.learningtodeblur.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.batch.FileDeblurring;
import io.github.learningtodeblur.batch.FolderJob;
import io.github.learningtodeblur.batch.Folders;
import io.github.learningtodeblur.files.ImageFolder;
import io.github.learningtodeblur.model.Models;

/** A folder on a real Spark: the same results as without, to the last bit, whoever is killed. */
class DeblurFolderTest {

	private static final int COUNT = 7;

	@TempDir
	Path folder;
	private Path from;
	private Path to;

	@BeforeEach
	void pictures() throws IOException {
		from = Folders.pictures(folder.resolve("blurry"), COUNT);
		to = folder.resolve("spark");
	}

	@AfterEach
	void forget() {
		Masters.forget();
	}

	private String[] arguments(final String... more) {
		final List<String> args = new ArrayList<>(List.of("deblur-folder", "--images=" + from, "--out=" + to, "--restoration=wiener",
			"--refine=0", "--device=cpu"));
		args.addAll(List.of(more));
		return args.toArray(String[]::new);
	}

	/** What comes of it without Spark. */
	private Map<String, Integer> expected() throws IOException {
		final Path plain = Files.createDirectories(folder.resolve("plain"));
		final FolderJob job = new FolderJob(from.toString(), plain.toString(), new FolderJob.Method(Models.bytes(
			"camera-shake"), "camera-shake", BlurSize.AUTOMATIC, 0, false, Backends.CPU),
			"wiener", false);
		try (FileDeblurring deblurring = new FileDeblurring(job, Backends.shared(Backends.CPU))) {
			for (final ImageFolder.Entry file : ImageFolder.list(from, "*"))
				assertFalse(deblurring.deblur(file).failed());
		}
		return Folders.images(plain);
	}

	@Test
	void isThePlainCommandInThreads() throws IOException {
		Masters.local(2);
		assertEquals(0, ClusterMain.execute(arguments()));
		assertEquals(expected(), Folders.images(to));
		assertEquals(COUNT + 1, Files.readAllLines(to.resolve("table.csv")).size());
	}

	/** A file that is no image, and one that becomes one. */
	@Test
	void failuresAreTriedAgainAndListed() throws IOException {
		Masters.local(2);
		final Map<String, Integer> good = expected();
		Files.writeString(from.resolve("bad.png"), "not an image");
		assertEquals(1, ClusterMain.execute(arguments()));
		assertEquals(good, Folders.images(to));
		assertTrue(Files.readString(to.resolve("table.csv")).contains("\nbad.png,"));
		Files.copy(from.resolve("01.png"), from.resolve("bad.png"), StandardCopyOption.REPLACE_EXISTING);
		assertEquals(0, ClusterMain.execute(arguments()));
		assertEquals(good.get("deblurred-01.png.tif"), Folders.images(to).get("deblurred-bad.png.tif"));
	}

	@Test
	void aDryRunNeedsNoSpark() throws IOException {
		assertEquals(0, ClusterMain.execute(arguments("--dry-run")));
		assertFalse(Files.exists(to));
	}

	/** Two executors, of which one is killed: what it was working on is done by another. */
	@Test
	void survivesTheDeathOfAnExecutor() throws Exception {
		Masters.cluster(folder);
		final CompletableFuture<Integer> run = CompletableFuture.supplyAsync(() -> ClusterMain.execute(arguments()));
		final long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
		while (Folders.images(to).keySet().stream().noneMatch(n -> n.startsWith("deblurred-"))) {
			assertFalse(run.isDone(), "it ended by itself");
			assertTrue(System.nanoTime() < end, "nothing happens");
			Thread.sleep(5);
		}
		final ProcessHandle victim = Masters.executors().get(0);
		assertTrue(victim.destroyForcibly());
		assertEquals(0, run.get(3, TimeUnit.MINUTES));
		assertEquals(expected(), Folders.images(to));
		assertEquals(COUNT + 1, Files.readAllLines(to.resolve("table.csv")).size());
	}

	/** The program that rules it all is killed, with all it has started; started again, it does what is left. */
	@Test
	void survivesTheDeathOfTheDriver() throws Exception {
		Folders.killAfter(2, to, Folders.java(folder.resolve("log"), Masters.options("local[2]"), args(ClusterMain.class.getName(),
			arguments())));
		final Map<String, Integer> left = Folders.images(to), expected = expected();
		assertTrue(left.size() < expected.size(), "killed too late");
		Masters.local(2);
		assertEquals(0, ClusterMain.execute(arguments()));
		assertEquals(expected, Folders.images(to));
		left.forEach((name, content) -> assertEquals(expected.get(name), content, name));
	}

	private static String[] args(final String first, final String... others) {
		final List<String> all = new ArrayList<>(List.of(first));
		all.addAll(List.of(others));
		return all.toArray(String[]::new);
	}
}
