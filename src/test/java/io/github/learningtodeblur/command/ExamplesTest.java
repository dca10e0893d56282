package io.github.learningtodeblur.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.script.AdaptedScriptLanguage;
import org.scijava.script.ScriptModule;
import org.scijava.script.ScriptService;

import ij.IJ;
import ij.ImagePlus;

/**
 * The examples that README shows, as Fiji runs them: SciJava reads the script's parameters and fills them in.
 * The macro is run by {@link MacroTest}.
 */
class ExamplesTest {

	@TempDir
	static Path folder;
	private static Context context;
	private static File photo;

	@BeforeAll
	static void start() {
		System.setProperty("python.cachedir.skip", "true"); // as Fiji does
		context = new Context();
		final ScriptService scripts = context.service(ScriptService.class);
		// what scripting-groovy and scripting-jython do in Fiji
		scripts.getIndex().add(new AdaptedScriptLanguage("groovy") {}, true);
		scripts.getIndex().add(new AdaptedScriptLanguage("python") {}, true);
		photo = folder.resolve("photo.tif").toFile();
		IJ.saveAsTiff(new ImagePlus("photo", Given.rectangles(80, 70, 1)), photo.getPath());
	}

	@AfterAll
	static void stop() {
		context.dispose();
	}

	private static ScriptModule run(final String file, final Object... inputs) throws Exception {
		return context.service(ScriptService.class).run(new File("src/examples", file), true, inputs).get();
	}

	private static ImagePlus open(final File file) {
		final ImagePlus image = IJ.openImage(file.getPath());
		assertEquals(80, image.getWidth());
		assertEquals(70, image.getHeight());
		assertEquals(8, image.getBitDepth());
		return image;
	}

	@Test
	void groovy() throws Exception {
		final File output = folder.resolve("groovy.tif").toFile();
		final ScriptModule module = run("deblur.groovy", "input", photo, "output", output);
		assertTrue(open(output).getProp("Deblurring").startsWith(
			"blind; model camera-shake, kernel size 17, refined, restoration wiener, strength 1.0"));
		assertEquals("17x17", module.getOutput("kernelSize").toString());
	}

	/** The network from its modules, by hand, is the network, and its kernel deblurs. */
	@Test
	void groovyModules() throws Exception {
		final Path shaken = folder.resolve("shaken.tif"), sharp = folder.resolve("sharp.tif"), output = folder.resolve(
			"modules.tif");
		final double before = Macros.saveStreet(shaken, sharp);
		final ScriptModule module = run("modules.groovy", "input", shaken.toFile(), "output", output.toFile(), "model",
			"camera-shake");
		assertEquals("33x33", module.getOutput("kernelSize").toString());
		assertEquals(0, (double) module.getOutput("difference"), 1e-4);
		final double after = Macros.psnr(output, sharp);
		System.out.println("modules.groovy, network alone: " + before + " to " + after + " dB");
		assertTrue(after > before + 1, before + " to " + after + " dB");
	}

	@Test
	void jython() throws Exception {
		final File output = folder.resolve("jython.tif").toFile(), kernel = folder.resolve("kernel.tif")
			.toFile();
		IJ.saveAsTiff(Given.point(6, 4, 2, 2), kernel.getPath());
		final ScriptModule module = run("deblur.py", "input", photo, "psf", kernel, "output", output);
		assertTrue(open(output).getProp("Deblurring").startsWith(
			"kernel kernel.tif, restoration richardson-lucy, strength 0.5"));
		assertEquals("deblurred-photo.tif", module.getOutput("title"));
	}

	/** Compiled as it stands, and run. */
	@Test
	void plainJava() throws Exception {
		final Path classes = folder.resolve("classes");
		assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(),
			"-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
			"src/examples/DeblurFile.java"));
		final File output = folder.resolve("java.tif").toFile(), kernel = folder.resolve("java-kernel.tif")
			.toFile();
		try (URLClassLoader loader = new URLClassLoader(new URL[] { classes.toUri().toURL() }, getClass()
			.getClassLoader()))
		{
			loader.loadClass("DeblurFile").getMethod("main", String[].class).invoke(null,
				(Object) new String[] { photo.getPath(), output.getPath(), kernel.getPath() });
		}
		assertEquals(80, IJ.openImage(output.getPath()).getWidth());
		assertEquals(17, IJ.openImage(kernel.getPath()).getWidth());
		assertFalse(Float.isNaN(IJ.openImage(output.getPath()).getProcessor().getf(40, 30)));
	}
}
