package io.github.learningtodeblur.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.imagej.patcher.LegacyInjector;

/**
 * Folders of images: by the macro that README shows, and by the command, both without a screen. Like {@link
 * MacroTest}, this must not name a class of ImageJ.
 */
class FolderMacroTest {

	private static AutoCloseable bridge;

	@TempDir
	Path folder;
	private Path from;
	private Path to;

	@BeforeAll
	static void start() throws Exception {
		LegacyInjector.preinit();
		Macros.install(Path.of("plugins.config"));
		bridge = Bridge.install();
	}

	@AfterAll
	static void stop() throws Exception {
		bridge.close();
	}

	@BeforeEach
	void folders() throws IOException {
		from = Files.createDirectories(folder.resolve("blurry/more")).getParent();
		to = Files.createDirectories(folder.resolve("results"));
	}

	private static String slashes(final Path path) {
		return path.toString().replace('\\', '/');
	}

	/** The way that is tested: "macro" or "command". */
	private String deblur(final String way, final Path in, final Path out) throws Exception {
		if (way.equals("macro")) return Macros.runFile("src/examples/deblur-folder.ijm", slashes(in) + "," +
			slashes(out));
		return Macros.told("run('Deblur Folder...', 'input=[" + slashes(in) + "] output=[" + slashes(out) +
			"]'); print('went' + ' on');");
	}

	private static String names(final Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.map(f -> f.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new))
				.stream().collect(Collectors.joining(" "));
		}
	}

	/** What is saved is much nearer to the sharp picture than what was there. */
	@ParameterizedTest
	@ValueSource(strings = { "macro", "command" })
	void deblursWhatIsThere(final String way) throws Exception {
		final Path sharp = folder.resolve("sharp.tif");
		final double before = Macros.saveStreet(from.resolve("street.png"), sharp);
		Macros.savePhoto(slashes(from.resolve("b.tif")));
		deblur(way, from, to);
		assertEquals("deblurred-b.tif deblurred-street.png.tif kernel-b.tif kernel-street.png.tif", names(to));
		final double after = Macros.psnr(to.resolve("deblurred-street.png.tif"), sharp);
		assertTrue(after > before + 4, before + " to " + after + " dB");
		assertEquals("blind; model camera-shake, kernel size 17, refined, restoration learned, strength 1.0", Macros
			.property(slashes(to.resolve("deblurred-b.tif"))).split("; \\d")[0]);
		assertEquals("b.tif more street.png", names(from));
	}

	/** Each is told with its reason, and the others are done. */
	@ParameterizedTest
	@ValueSource(strings = { "macro", "command" })
	void goesOnAfterFilesThatFail(final String way) throws Exception {
		Macros.saveBlack(from.resolve("2-black.png"));
		Files.writeString(from.resolve("3-notes.txt"), "Taken on a Monday.\nOn Tuesday, nothing was taken.\n");
		Files.writeString(from.resolve("4-notes.png"), "This is not an image at all, but a text.\n");
		Files.writeString(from.resolve("5-notes.tif"), "This is not an image at all, but a text.\n");
		Files.write(from.resolve("6-empty.jpg"), new byte[0]);
		for (final String name : List.of("1.tif", "7-cut.png", "9.tif"))
			Macros.savePhoto(slashes(from.resolve(name)));
		Files.write(from.resolve("7-cut.png"), Arrays.copyOf(Files.readAllBytes(from.resolve("7-cut.png")), 150));
		final String told = deblur(way, from, to);
		assertEquals("deblurred-1.tif deblurred-9.tif kernel-1.tif kernel-9.tif", names(to));
		assertFalse(told.contains("\tat "), told);
		assertTrue(told.matches("(?s).*\\b7-cut.png\\b[^\n]*" + (way.equals("macro") ? "[Tt]his is not an image" : "is (cut|damaged)") + ".*"),
			told);
		for (final String name : List.of("3-notes.txt", "4-notes.png", "5-notes.tif", "6-empty.jpg"))
			assertTrue(told.matches("(?s).*\\b" + name + "\\b[^\n]*[Tt]his is not an image.*"), name + " in " + told);
		assertTrue(told.matches("(?s).*2-black.png[^\n]*The image is constant \\(all pixels are alike\\).*"), told);
	}

	/** ImageJ would fill up what is missing. Whoever may read the folder may read the results. */
	@Test
	void halfOfAFileIsNone() throws Exception {
		for (final String name : List.of("1.tif", "2.tif", "3.jpg"))
			Macros.savePhoto(slashes(from.resolve(name)));
		for (final String name : List.of("2.tif", "3.jpg")) {
			final byte[] all = Files.readAllBytes(from.resolve(name));
			Files.write(from.resolve(name), Arrays.copyOf(all, all.length * 2 / 3));
		}
		final String told = deblur("command", from, to);
		assertEquals("deblurred-1.tif kernel-1.tif", names(to));
		for (final String name : List.of("2.tif", "3.jpg"))
			assertTrue(told.matches("(?s).*\\b" + name + "\\b[^\n]*is (cut|damaged).*"), told);
		final Path usual = Files.createFile(folder.resolve("usual"));
		assumeTrue(Files.getFileStore(usual).supportsFileAttributeView("posix"));
		assertEquals(Files.getPosixFilePermissions(usual), Files.getPosixFilePermissions(to.resolve("deblurred-1.tif")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "macro", "command" })
	void neverReplacesAFile(final String way) throws Exception {
		for (final String name : List.of("1.tif", "1.png", "1.png.tif", "2.gif"))
			Macros.savePhoto(slashes(from.resolve(name)));
		Files.writeString(to.resolve("deblurred-2.gif.tif"), "dear to somebody");
		final String told = deblur(way, from, to);
		assertEquals("dear to somebody", Files.readString(to.resolve("deblurred-2.gif.tif")));
		assertTrue(told.contains("deblurred-2.gif.tif"), told);
		final String all = names(to);
		for (final String name : List.of("1.tif", "1.png.tif"))
			assertTrue(all.contains("deblurred-" + name) && all.contains("kernel-" + name), all);
		if (way.equals("command")) assertTrue(all.contains("deblurred-1.png.tif.tif"), all);
		else assertTrue(told.contains("1.png.tif: there is a result already"), told);
		// once more, nothing changes
		final Path result = to.resolve("deblurred-1.tif");
		final Object time = Files.getLastModifiedTime(result);
		deblur(way, from, to);
		assertEquals(all, names(to));
		assertEquals(time, Files.getLastModifiedTime(result));
		// nor are results taken for images
		deblur(way, from, from);
		assertEquals("1.png 1.png.tif 1.tif 2.gif more", names(from));
	}

	@ParameterizedTest
	@ValueSource(strings = { "macro", "command" })
	void commasInNames(final String way) throws Exception {
		final Path in = Files.createDirectories(folder.resolve("May, 2 and 3, blurry"));
		final Path out = Files.createDirectories(folder.resolve("May, 2, results"));
		Macros.savePhoto(slashes(in.resolve("a, b.tif")));
		deblur(way, in, out);
		assertEquals("deblurred-a, b.tif kernel-a, b.tif", names(out));
	}

	@ParameterizedTest
	@ValueSource(strings = { "macro", "command" })
	void nothingToDoIsSaid(final String way) throws Exception {
		final Path empty = Files.createDirectories(folder.resolve("empty"));
		String told = deblur(way, empty, to);
		assertTrue(told.contains("There are no files in " + slashes(empty)), told);
		assertFalse(told.contains("went on"), told);
		told = deblur(way, folder.resolve("nowhere"), to);
		assertTrue(told.contains(way.equals("macro") ? "two folders that exist" : "There is no folder"), told);
		assertFalse(told.contains("went on"), told);
	}

	/** Options that only the command has. */
	@Test
	void namesAndRepetition() throws Exception {
		for (final String name : List.of("a.TIF", "b.tif", "c.png"))
			Macros.savePhoto(slashes(from.resolve(name)));
		final String folders = "input=[" + slashes(from) + "] output=[" + slashes(to.resolve("new")) + "] ";
		final String settings = " size=5 restoration=wiener save=false model=[" + slashes(Macros.model(folder)) + "]";
		final String run = "run('Deblur Folder...', '" + folders + settings;
		Macros.run(run + " pattern=*.tif');");
		assertEquals("deblurred-a.TIF deblurred-b.tif", names(to.resolve("new")));
		Macros.run(run + " pattern={b,c}*');");
		assertEquals("deblurred-a.TIF deblurred-b.tif deblurred-c.png.tif", names(to.resolve("new")));
		final String told = Captured.out(() -> Macros.run(run + "');"));
		assertTrue(told.contains("Skipped: deblurred-c.png.tif is there already."), told);
		Macros.run(run + " pattern=b* skip=false');");
		assertEquals("deblurred-a.TIF deblurred-b-2.tif deblurred-b.tif deblurred-c.png.tif", names(to.resolve(
			"new")));
		assertTrue(Macros.samePixels(slashes(to.resolve("new/deblurred-b.tif")), slashes(to.resolve(
			"new/deblurred-b-2.tif"))));
		// parts of several machines; a kernel that a killed run has left is not written twice
		final String shared = "run('Deblur Folder...', 'input=[" + slashes(from) + "] output=[" + slashes(to.resolve("shared")) + "] " +
			settings.replace("save=false", "save=true");
		Macros.run(shared + " part=2/2');");
		assertEquals("deblurred-b.tif kernel-b.tif", names(to.resolve("shared")));
		Files.delete(to.resolve("shared/deblurred-b.tif"));
		Macros.run(shared + " part=2/2');");
		assertEquals("deblurred-b.tif kernel-b.tif", names(to.resolve("shared")));
		Macros.run(shared + " part=1/2');");
		assertEquals("deblurred-a.TIF deblurred-b.tif deblurred-c.png.tif kernel-a.TIF kernel-b.tif kernel-c.png.tif", names(to
			.resolve("shared")));
		assertTrue(Macros.failing(run + " part=3/2');").contains("There is no part 3 of 2"));
		assertTrue(Macros.failing(run + " pattern=[{]');").contains("Names must be a pattern such as *.tif"));
		assertTrue(Macros.failing(run + " kernels=foo');").contains("must be one of"));
	}
}
