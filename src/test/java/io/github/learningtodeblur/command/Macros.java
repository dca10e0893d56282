package io.github.learningtodeblur.command;

import java.awt.event.KeyEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import ij.IJ;
import ij.ImagePlus;
import ij.Menus;
import ij.io.FileSaver;
import ij.plugin.frame.Recorder;
import ij.process.ByteProcessor;
import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.util.Plane;

/** Runs macros in a patched ImageJ 1.x; for {@link MacroTest}, which must not name a class of ImageJ. */
final class Macros {

	private Macros() {}

	/** Puts the commands where ImageJ's menus would put them if the plugin were a jar in its plugins folder. */
	@SuppressWarnings("unchecked")
	static void install(final Path config) throws IOException {
		IJ.run("Close All"); // makes the menus
		for (final String line : Files.readAllLines(config))
			if (!line.startsWith("#")) {
				final String[] part = line.split(",", 3);
				Menus.getCommands().put(part[1].strip().replace("\"", ""), part[2].strip());
			}
	}

	static void savePhoto(final String file) {
		final FileSaver saver = new FileSaver(new ImagePlus("photo", Given.rectangles(61, 57, 1)));
		if (file.endsWith(".png")) saver.saveAsPng(file);
		else if (file.endsWith(".gif")) saver.saveAsGif(file);
		else saver.saveAsTiff(file);
	}

	/**
	 * Saves a part of the street in grey, shaken and sharp.
	 *
	 * @return PSNR of the shaken one
	 */
	static double saveStreet(final Path shaken, final Path sharp) {
		for (final boolean isSharp : new boolean[] { true, false }) {
			final ImagePlus street = IJ.openImage("test-images/street" + (isSharp ? "" : "-shaken") + ".png");
			street.setRoi(120, 60, 200, 180);
			final ImagePlus part = new ImagePlus("street", street.crop().getProcessor().convertToByteProcessor());
			final Path file = isSharp ? sharp : shaken;
			IJ.save(part, file.toString());
		}
		return psnr(shaken, sharp);
	}

	static double psnr(final Path file, final Path sharp) {
		return Score.of(plane(file), plane(sharp)).psnr();
	}

	private static Plane plane(final Path file) {
		return new Hyperstack(IJ.openImage(file.toString())).grey(1, 1);
	}

	static void saveBlack(final Path file) {
		IJ.save(new ImagePlus("black", new ByteProcessor(61, 57)), file.toString());
	}

	static Path model(final Path folder) throws IOException {
		return Given.model(folder);
	}

	/** @return what the macro returns */
	static String run(final String macro) {
		return IJ.runMacro("close('*'); " + macro, "");
	}

	/** @return what is printed */
	static String runFile(final String file, final String argument) throws Exception {
		return Captured.out(() -> IJ.runMacroFile(Path.of(file).toAbsolutePath().toString(), argument));
	}

	static String property(final String file) {
		return IJ.openImage(file).getProp("Deblurring");
	}

	static boolean samePixels(final String a, final String b) {
		return Arrays.equals((byte[]) IJ.openImage(a).getProcessor().getPixels(), (byte[]) IJ.openImage(b)
			.getProcessor().getPixels());
	}

	/** @return the options of the last command */
	static String recorded(final String macro) {
		Recorder.record = Recorder.recordInMacros = true;
		Recorder.resetCommandOptions();
		try {
			run(macro);
			return Recorder.getCommandOptions();
		}
		finally {
			Recorder.record = Recorder.recordInMacros = false;
		}
	}

	/**
	 * Presses Esc after half a second, again and again, because what begins takes no notice of what was before.
	 *
	 * @return what is printed
	 */
	static String escaping(final String macro) throws Exception {
		final Thread keys = new Thread(() -> {
			for (int wait = 500; !Thread.currentThread().isInterrupted(); wait = 20) {
				try {
					Thread.sleep(wait);
				}
				catch (final InterruptedException e) {
					return;
				}
				IJ.setKeyDown(KeyEvent.VK_ESCAPE);
			}
		});
		keys.start();
		try {
			return failing(macro);
		}
		finally {
			keys.interrupt();
			keys.join();
			IJ.resetEscape();
		}
	}

	/** @return what is printed */
	static String failing(final String macro) throws Exception {
		final String told = told(macro + " print('went' + ' on');");
		if (told.contains("went on")) throw new AssertionError(told);
		return told;
	}

	/** @return what is printed */
	static String told(final String macro) throws Exception {
		final String[] printed = new String[2];
		printed[0] = Captured.err(() -> printed[1] = Captured.out(() -> run(macro)));
		return printed[0] + printed[1];
	}
}
