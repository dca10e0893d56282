package io.github.learningtodeblur.command;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.macro.Interpreter;
import ij.process.ByteProcessor;

/** The macro that runs a command, if one does: what it is told, and when it ends. */
final class CallingMacro {

	private static volatile String lastError = "";

	private CallingMacro() {}

	/**
	 * Whether this thread runs a macro, or a script that called {@link IJ#run(String, String)}; not whether any
	 * other does.
	 */
	static boolean isThere() {
		return Macro.getOptions() != null || IJ.isMacro() && Thread.currentThread().getName().startsWith(
			"Run$_");
	}

	/**
	 * Tells what went wrong, and ends the macro: what follows would work on a wrong image. As with ImageJ's own
	 * commands, a macro that has called {@code IJ.redirectErrorMessages()} goes on, and finds the sentence in the
	 * log.
	 */
	static void fail(final String title, final String sentence) {
		lastError = sentence;
		if (IJ.redirectingErrorMessages()) {
			IJ.redirectErrorMessages(false);
			IJ.log(title + ": " + sentence);
			return;
		}
		final Interpreter macro = Interpreter.getInstance();
		if (macro != null && isThere()) macro.abort(sentence);
		else IJ.error(title, CommandDialog.wrapped(sentence));
	}

	/** Ends the macro without a word: the user knows. */
	static void cancel() {
		final Interpreter macro = Interpreter.getInstance();
		if (macro != null && isThere()) {
			macro.setIgnoreErrors(true);
			macro.abort(Macro.MACRO_CANCELED);
		}
		Macro.abort();
	}

	static String lastError() {
		return lastError;
	}

	static void forgetError() {
		lastError = "";
	}

	/**
	 * From here on, until the command ends, errors of ImageJ's own classes are no errors of the macro: {@link
	 * IJ#error(String, String)} would end it, redirected or not.
	 */
	static void ownErrors() {
		// IJ keeps the macro that runs a command in a private field, and this sets it; the image is any
		final ImagePlus active = WindowManager.getTempCurrentImage();
		try {
			WindowManager.setTempCurrentImage(new ImagePlus("", new ByteProcessor(1, 1)));
			IJ.getImage(null);
		}
		finally {
			WindowManager.setTempCurrentImage(active);
		}
	}
}
