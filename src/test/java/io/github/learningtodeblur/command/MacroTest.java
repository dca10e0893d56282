package io.github.learningtodeblur.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.model.RestorationModel;
import net.imagej.patcher.LegacyInjector;

/**
 * Macros without a screen, with the commands from {@code plugins.config}. Has a JVM of its own: ImageJ must
 * be patched before any of its classes is loaded, hence all code that names them is in {@link Macros}.
 */
class MacroTest {

	@TempDir
	static Path folder;
	private static String photo;
	private static String model;

	@BeforeAll
	static void start() throws Exception {
		LegacyInjector.preinit();
		Macros.install(Path.of("plugins.config"));
		photo = slashes(folder.resolve("a photo.tif"));
		Macros.savePhoto(photo);
		model = slashes(Macros.model(folder));
	}

	private static String slashes(final Path path) {
		return path.toString().replace('\\', '/');
	}

	@Test
	void openDeblurSave() throws IOException {
		final String out = slashes(folder.resolve("out.tif"));
		final String titles = Macros.run("open('" + photo +
			"'); run('Blind Deconvolution...', 'model=[" + model +
			"] size=5 restoration=wiener strength=2'); saveAs('Tiff', '" + out + "');" +
			" selectImage('kernel-a photo.tif'); k = getWidth();" +
			" return '' + nImages + ' ' + k + ' ' + getTitle();");
		assertEquals("3 5 kernel-a photo.tif", titles, "photo, kernel and result, nothing twice");
		final String how = Macros.property(out).replace('\\', '/');
		assertTrue(how.startsWith("blind; model " + model +
			", kernel size 5, refined, restoration wiener, strength 2.0"), how);
	}

	/** Keys left out take their defaults, and nothing asks. */
	@Test
	void defaults() {
		assertEquals("9 deblurred-a photo.tif", Macros.run("open('" + photo +
			"'); run('Blind Deconvolution...', 'model=[" + model + "]'); t = getTitle();" +
			" selectImage('kernel-a photo.tif'); return '' + getWidth() + ' ' + t;"));
	}

	@Test
	void noKernelIfNotWanted() {
		for (final String no : new String[] { "show=false", "show=0" })
			assertEquals("2", Macros.run("open('" + photo + "'); run('Blind Deconvolution...', 'model=[" +
				model + "] " + no + "'); return '' + nImages;"));
	}

	/** A word that is neither true nor false, or an option that there is not, ends the macro. */
	@Test
	void wrongWordsEndTheMacro() throws Exception {
		for (final String[] wrong : new String[][] { { "refine=no", "must be true or false, got" }, { "siz=9", "There is no option" }, {
			"size=9 Refine=false", "There is no option" }, { "size=9 model=my net", "There is no option" } })
		{
			final String told = Macros.failing("open('" + photo + "'); run('Blind Deconvolution...', '" + wrong[0] + "'); print('went' + ' on');");
			assertTrue(told.contains(wrong[1]) && !told.contains("went on"), told);
		}
	}

	/** As recorded macros name images by their titles. */
	@Test
	void everyResultHasATitleOfItsOwn() {
		final String run = "selectImage('a photo.tif'); run('Blind Deconvolution...', 'model=[" + model + "] size=5 restoration=wiener'); ";
		assertEquals("deblurred-a photo-1.tif 5", Macros.run("open('" + photo + "'); " + run + run +
			"t = getTitle(); selectImage('kernel-a photo-1.tif'); return t + ' ' + nImages;"));
	}

	/** What the recorder wrote, run again, gives the same pixels. */
	@Test
	void theRecordersOutputCanBeReplayed() throws IOException {
		final String first = slashes(folder.resolve("first.tif")), second = slashes(folder.resolve(
			"second.tif"));
		final String options = Macros.recorded("open('" + photo +
			"'); run('Blind Deconvolution...', 'model=[" + model +
			"] size=5 restoration=wiener strength=0.5 kernels=one device=cpu'); saveAs('Tiff', '" + first + "');");
		assertEquals("model=" + (model.contains(" ") ? "[" + model + "]" : model) +
			" size=5 refine=true restoration=wiener strength=0.5 kernels=one linear=false blurred=false show=true device=cpu", options);
		Macros.run("open('" + photo + "'); run('Blind Deconvolution...', '" + options +
			"'); saveAs('Tiff', '" + second + "');");
		assertTrue(Macros.samePixels(first, second));
	}

	@Test
	void otherImagesAreNamedByTheirTitles() {
		assertEquals("deblurred-blurred-a photo.tif", Macros.run("open('" + photo +
			"'); run('Simulate Camera Shake...', 'size=5 noise=0 seed=3');" +
			" run('Deconvolve with Kernel...', 'kernel=[kernel-a photo.tif]'); return getTitle();"));
		final String scores = Macros.run("run('Clear Results'); open('" + photo +
			"'); run('Simulate Camera Shake...', 'size=5 noise=0 seed=3');" +
			" run('Evaluate Deblurring...', 'sharp=[a photo.tif]'); return '' + nResults + ' ' + getResult('PSNR', 0);");
		assertTrue(scores.matches("1 [0-9.]+"), scores);
	}

	/** Module by module; what the recorder writes has the keys of the parameters. */
	@Test
	void modules() throws Exception {
		final String latents = "open('" + photo + "'); run('Network Input...', 'model=[" + model +
			"]'); run('Feature Images...', 'model=[" + model +
			"] stage=1'); run('Kernel Quotient...', 'size=5'); rename('k'); selectImage('input-a photo.tif');" +
			" run('Image Quotient...', 'kernel=k'); ";
		assertEquals("latent-input-a photo.tif 5", Macros.run(latents + "t = getTitle(); selectImage('k'); return t + ' ' + getWidth();"));
		assertEquals("6 kernel-input-a photo.tif", Macros.run(latents + "close('k'); close('features*'); selectImage('input-a photo.tif');" +
			" run('Network Stage...', 'latent=[latent-input-a photo.tif] model=[" + model +
			"] stage=2'); selectImage('kernel-input-a photo.tif'); return '' + nImages + ' ' + getTitle();"));
		final String features = slashes(folder.resolve("features.tif"));
		Macros.run(latents + "selectImage('features-input-a photo.tif'); saveAs('Tiff', '" + features + "');");
		assertEquals("size=7 beta=0.001 device=auto", Macros.recorded("open('" + features +
			"'); run('Kernel Quotient...', 'size=7 beta=0.001');"));
		assertEquals("latent=features.tif model=" + model + " scale=1 stage=2 device=auto", Macros.recorded("open('" + features +
			"'); run('Feature Images...', 'latent=features.tif stage=2 model=[" + model + "]');"));
		for (final String[] wrong : new String[][] { { "Network Input...", "scale=3", "The model has 2 scales, of which the first is 1, got 3" }, {
			"Feature Images...", "stage=3", "The model has 2 stages at scale 1, of which the first is 1, got 3" }, { "Feature Images...",
				"stage=2", "needs a latent image" }, { "Network Stage...", "scale=2", "needs a latent image" }, { "Kernel Quotient...",
					"size=5", "An even number of feature images is needed" }, { "Image Quotient...", "kernel=nothing",
						"There is no kernel image: open one first" } })
		{
			final String options = wrong[0].contains("Quotient") ? wrong[1] : wrong[1] + " model=[" + model + "]";
			final String told = Macros.failing("open('" + photo + "'); run('" + wrong[0] + "', '" + options + "');");
			assertTrue(told.contains(wrong[2]), told);
			assertFalse(told.contains("\tat "), told);
		}
	}

	/** A restoration that somebody trained, by its file. */
	@Test
	void restorationFromAFile() throws Exception {
		final Path file = folder.resolve("my restoration.safetensors");
		RestorationModel.bundled("general").save(file);
		final String macro = "open('" + photo + "'); newImage('k', '32-bit', 5, 5, 1); makeRectangle(1, 2, 3, 1);" +
			" run('Set...', 'value=1'); selectImage('a photo.tif'); run('Deconvolve with Kernel...', 'kernel=k restoration=";
		final String read = "'); return '' + getPixel(20, 20) + ' ' + getPixel(30, 25) + ' ' + getPixel(11, 31);";
		final String own = Macros.run(macro + "[" + slashes(file) + "]" + read);
		assertEquals(Macros.run(macro + "learned" + read), own);
		assertNotEquals(Macros.run(macro + "sparse" + read), own);
	}

	/** The macro ends there: it must not go on with the wrong image. */
	@Test
	void mistakesEndTheMacroWithASentence() throws Exception {
		final String out = slashes(folder.resolve("never.tif"));
		for (final String[] wrong : new String[][] { { "size=big",
			"The largest blur size must be \"auto\" or a number of pixels up to 255, got \"big\"." }, { "strength=lots",
				"The value of \"strength\" must be a number, got \"lots\"." }, { "restoration=magic",
					"The value of \"restoration\" must be one of [learned, learned-text, learned-microscopy, sparse, wiener, richardson-lucy], got \"magic\"." }, { "device=gpu",
						"The value of \"device\" must be one of [auto, cpu, cuda], got \"gpu\"." } })
		{
			final String told = Macros.failing("open('" + photo +
				"'); run('Blind Deconvolution...', 'model=[" + model + "] " + wrong[0] +
				"'); saveAs('Tiff', '" + out + "');");
			assertTrue(told.contains(wrong[1]), told);
			assertFalse(told.contains("\tat "), told);
			assertFalse(Files.exists(Path.of(out)));
		}
	}
}
