package io.github.learningtodeblur.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.imagej.patcher.LegacyInjector;

/**
 * Macros where SciJava's commands replace ImageJ's, as they do in Fiji: what the next line works on is the
 * deblurred image, or there is no next line. Like {@link MacroTest}, this must not name a class of ImageJ.
 */
class BridgeMacroTest {

	@TempDir
	static Path folder;
	private static AutoCloseable bridge;
	private static Path shaken;
	private static Path sharp;
	private static double before;

	@BeforeAll
	static void start() throws Exception {
		LegacyInjector.preinit();
		Macros.install(Path.of("plugins.config"));
		bridge = Bridge.install();
		shaken = folder.resolve("shaken.tif");
		sharp = folder.resolve("sharp.tif");
		before = Macros.saveStreet(shaken, sharp);
	}

	@AfterAll
	static void stop() throws Exception {
		bridge.close();
	}

	private static String quoted(final Path file) {
		return "'" + file.toString().replace('\\', '/') + "'";
	}

	/** What the macro saves is much nearer to the sharp picture than what it opened. */
	@ParameterizedTest
	@ValueSource(strings = { "true", "false" })
	void theNextLineWorksOnTheDeblurredImage(final String batch) {
		final Path out = folder.resolve("out-" + batch + ".tif");
		assertEquals("deblurred-shaken.tif", Macros.run("setBatchMode(" + batch + "); open(" + quoted(shaken) +
			"); run('Blind Deconvolution...', 'size=17'); title = getTitle(); saveAs('Tiff', " + quoted(out) +
			"); return title;"));
		final double after = Macros.psnr(out, sharp);
		System.out.println("batch " + batch + ": " + before + " to " + after + " dB");
		assertTrue(after > before + 4, before + " to " + after + " dB");
	}

	/** Not the kernel, and not another one some moments later. */
	@Test
	void theActiveImageStaysTheSame() throws Exception {
		final Path model = Macros.model(folder);
		for (int i = 0; i < 3; i++)
			assertEquals("3 deblurred-shaken.tif deblurred-shaken.tif", Macros.run("open(" + quoted(shaken) +
				"); run('Blind Deconvolution...', 'size=5 model=[" + model.toString().replace('\\', '/') +
				"]'); first = getTitle(); wait(500); return '' + nImages + ' ' + first + ' ' + getTitle();"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "restoration=foo", "size=abc", "strength=999", "model=nonsense", "image=missing" })
	void mistakesEndTheMacro(final String wrong) throws Exception {
		for (final String batch : new String[] { "", "setBatchMode(true); " }) {
			final Path never = folder.resolve("never.tif");
			final String told = Macros.failing(batch + "open(" + quoted(shaken) +
				"); run('Blind Deconvolution...', '" + wrong + "'); saveAs('Tiff', " + quoted(never) + ");");
			assertTrue(told.contains(wrong.split("=")[1]), told);
			assertFalse(told.contains("\tat "), told);
			assertFalse(Files.exists(never));
		}
	}

	/** Without a word. */
	@ParameterizedTest
	@ValueSource(strings = { "true", "false" })
	void escEndsTheMacro(final String batch) throws Exception {
		final Path never = folder.resolve("never.tif");
		assertEquals("", Macros.escaping("setBatchMode(" + batch + "); open(" + quoted(shaken) +
			"); run('Blind Deconvolution...', 'size=33'); saveAs('Tiff', " + quoted(never) + ");"));
		assertFalse(Files.exists(never));
	}

	@Test
	void noImageEndsTheMacro() throws Exception {
		final String told = Macros.failing("run('Blind Deconvolution...', 'size=17');");
		assertTrue(told.contains("There is no image: open one first."), told);
	}
}
