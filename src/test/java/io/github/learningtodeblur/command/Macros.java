package io.github.learningtodeblur.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import ij.IJ;
import ij.ImagePlus;
import ij.Menus;
import ij.plugin.frame.Recorder;

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
		IJ.saveAsTiff(new ImagePlus("photo", Given.rectangles(61, 57, 1)), file);
	}

	static Path model(final Path folder) throws IOException {
		return Given.model(folder);
	}

	/** @return what the macro returns */
	static String run(final String macro) {
		return IJ.runMacro("close('*'); " + macro, "");
	}

	static void runFile(final String file, final String argument) {
		IJ.runMacroFile(Path.of(file).toAbsolutePath().toString(), argument);
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
		try {
			run(macro);
			return Recorder.getCommandOptions();
		}
		finally {
			Recorder.record = Recorder.recordInMacros = false;
		}
	}

	/** @return what is printed */
	static String failing(final String macro) throws Exception {
		final String[] printed = new String[2];
		printed[0] = Captured.err(() -> printed[1] = Captured.out(() -> {
			if ("went on".equals(run(macro + " return 'went on';"))) throw new AssertionError("went on");
			return null;
		}));
		return printed[0] + printed[1];
	}
}
