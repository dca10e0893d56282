package io.github.learningtodeblur.command;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.command.CommandInfo;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.service.Service;
import org.scijava.task.TaskService;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.plugin.PlugIn;
import ij.plugin.frame.Recorder;
import io.github.learningtodeblur.restore.Restorations;

/**
 * Runs our commands from ImageJ's menus and macros, in plain ImageJ and in Fiji: asks for a command's
 * parameters in a {@link CommandDialog}, or takes them from a macro; records them; shows the outputs. All of it
 * happens in the thread of the caller, so that the next line of a macro finds the results. Keys are the names
 * of the parameters. (GenericDialog would make other keys, from labels: hence it neither reads nor records
 * here.)
 */
public final class CommandPlugIn implements PlugIn {

	/** Of the part of Fiji that brings ImageJ and SciJava together. */
	private static final String FIJI = "net.imagej.legacy.LegacyService";

	/** @param className of a command, from plugins.config */
	@Override
	public void run(final String className) {
		String title = "Deblur";
		try {
			final LibraryCommand command = Class.forName(className).asSubclass(LibraryCommand.class)
				.getDeclaredConstructor().newInstance();
			title = command.title();
			command.showAsTask(tasks());
			final Module module = new CommandInfo(command.getClass()).createModule(command);
			final List<ModuleItem<?>> inputs = new ArrayList<>();
			for (final ModuleItem<?> i : module.getInfo().inputs())
				if (!Service.class.isAssignableFrom(i.getType())) inputs.add(i);
			fillInActiveImage(module, inputs);
			// before the dialog rather than after it
			for (int i = WindowManager.getImageCount(); i < command.imagesNeeded().size(); i++)
				LibraryCommand.needed(null, command.imagesNeeded().get(i));
			final String options = Macro.getOptions();
			if (options != null) takeFromMacro(module, inputs, options);
			else if (!CallingMacro.isThere() && !new CommandDialog(title, module, inputs).ask()) return;
			// with the check that GenericDialog makes
			if (Recorder.record && (options == null || Recorder.recordInMacros)) record(module, inputs);
			run(module, command, title);
		}
		catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
			if (Macro.MACRO_CANCELED.equals(e.getMessage())) throw (RuntimeException) e;
			CallingMacro.fail(title, Failure.sentence(e, 0));
		}
		catch (final Error e) {
			// how ImageJ ends macros that are slow to stop after Esc; of older Java versions
			if (!e.getClass().getName().equals("java.lang.ThreadDeath")) throw e;
		}
	}

	/** Why the last command failed; empty if it did not. For macros that go on after errors. */
	public static String lastError() {
		return CallingMacro.lastError();
	}

	/** Those of Fiji's context; null in plain ImageJ. */
	private static TaskService tasks() {
		try {
			Class.forName(FIJI, false, IJ.getClassLoader());
			return IJ.runPlugIn(Context.class.getName(), "") instanceof Context context ? context.getService(
				TaskService.class) : null;
		}
		catch (ClassNotFoundException | LinkageError e) {
			return null;
		}
	}

	private static void run(final Module module, final LibraryCommand command, final String title) {
		CallingMacro.forgetError();
		command.run();
		if (command.isCanceled()) {
			if (command.getCancelReason() != null) CallingMacro.fail(title, command.getCancelReason());
			else {
				IJ.showStatus(title + " canceled");
				CallingMacro.cancel();
			}
			return;
		}
		command.showOutputs();
		for (final ModuleItem<?> output : module.getInfo().outputs())
			if (output.getType() == String.class && output.getValue(module) != null) IJ.showMessage(title,
				CommandDialog.wrapped((String) output.getValue(module)));
	}

	private static void fillInActiveImage(final Module module, final List<ModuleItem<?>> inputs) {
		inputs.stream().filter(i -> i.getType() == ImagePlus.class).findFirst().ifPresent(i -> module
			.setInput(i.getName(), WindowManager.getCurrentImage()));
	}

	static boolean isMessage(final ModuleItem<?> item) {
		return item.getVisibility() == ItemVisibility.MESSAGE;
	}

	private static void takeFromMacro(final Module module, final List<ModuleItem<?>> inputs,
		final String options)
	{
		final List<String> known = inputs.stream().filter(i -> !isMessage(i)).map(ModuleItem::getName).toList();
		for (final String key : MacroOptions.keys(options))
			if (!known.contains(key)) throw new IllegalArgumentException("There is no option \"" + key + "\"; there are " + String.join(", ",
				known) + ". (A value with spaces must be in [brackets].)");
		for (final ModuleItem<?> item : inputs) {
			if (isMessage(item)) continue;
			final String value = Macro.getValue(options, item.getName(), null);
			if (value != null) module.setInput(item.getName(), parsed(item, item.getName(), value));
			else if (item.getType() == boolean.class && (" " + options.replaceAll("\\[.*?\\]", "") + " ")
				.contains(" " + item.getName() + " ")) module.setInput(item.getName(), true);
		}
	}

	/**
	 * A value of the item's type.
	 *
	 * @param name of the item for whoever entered the text
	 * @throws IllegalArgumentException if the text is none
	 */
	static Object parsed(final ModuleItem<?> item, final String name, final String text) {
		final Class<?> type = item.getType();
		if (!Choices.allow(item, text)) throw new IllegalArgumentException(sentenceStart(name) + " must be one of " + Choices.of(item) +
			", got \"" + text + "\"");
		if (type == String.class) return text;
		if (type == File.class) return new File(text);
		if (type == boolean.class) {
			if (List.of("true", "1").contains(text.toLowerCase(Locale.ROOT))) return true;
			if (List.of("false", "0").contains(text.toLowerCase(Locale.ROOT))) return false;
			throw new IllegalArgumentException(sentenceStart(name) + " must be true or false, got \"" + text + "\"");
		}
		if (type == ImagePlus.class) {
			if (text.equals(CommandDialog.NONE)) return null;
			final ImagePlus image = WindowManager.getImage(text);
			if (image == null) throw new IllegalArgumentException("There is no open image \"" + text + "\"");
			return image;
		}
		try {
			final double number = Double.parseDouble(text);
			if (type == double.class && Double.isFinite(number)) return number;
			if (number == Math.rint(number) && Math.abs(number) < (type == int.class ? 1L << 31 : 1L << 53))
			{
				if (type == int.class) return (int) number;
				if (type == long.class) return (long) number;
			}
		}
		catch (final NumberFormatException e) {
			// the sentence below
		}
		throw new IllegalArgumentException(sentenceStart(name) + " must be a " + (type == double.class ? ""
			: "whole ") + "number, got \"" + text + "\"");
	}

	private static String sentenceStart(final String name) {
		return "The value of \"" + name + "\"";
	}

	/** All parameters but the first image, if it is the active one. */
	private static void record(final Module module, final List<ModuleItem<?>> inputs) {
		boolean first = true;
		for (final ModuleItem<?> item : inputs) {
			final Object value = item.getValue(module);
			final boolean activeImage = item.getType() == ImagePlus.class && first && value == WindowManager
				.getCurrentImage();
			if (item.getType() == ImagePlus.class) first = false;
			if (activeImage || isMessage(item) || value == null) continue;
			final String text = value instanceof ImagePlus image ? image.getTitle() : Objects.toString(
				value);
			final boolean path = value instanceof File || Choices.RESTORATION.equals(item.getWidgetStyle()) && Restorations.isFile(text);
			Recorder.recordOption(item.getName(), path ? Recorder.fixPath(text) : text);
		}
	}
}
