package io.github.learningtodeblur.command;

import java.io.File;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.scijava.ItemVisibility;
import org.scijava.command.CommandInfo;
import org.scijava.module.Module;
import org.scijava.module.ModuleException;
import org.scijava.module.ModuleItem;
import org.scijava.service.Service;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.plugin.PlugIn;
import ij.plugin.frame.Recorder;

/**
 * Runs our commands in plain ImageJ 1.x, where there is no SciJava context: asks for a command's parameters
 * in a {@link GenericDialog}, or takes them from a macro; records them; shows the outputs. Keys are the names
 * of the parameters, as in Fiji, so that one macro works in both. (GenericDialog would make other keys, from
 * labels: hence it neither reads nor records here.)
 */
public final class CommandPlugIn implements PlugIn {

	private static final String NONE = "(none)";

	/** Of this session's dialogs: command, parameter, value. */
	private static final Map<String, Map<String, Object>> LAST = new HashMap<>();

	/** @param className of a command, from plugins.config */
	@Override
	public void run(final String className) {
		String title = "Deblur";
		try {
			final LibraryCommand command = Class.forName(className).asSubclass(LibraryCommand.class)
				.getDeclaredConstructor().newInstance();
			title = command.title();
			final Module module = new CommandInfo(command.getClass()).createModule(command);
			final List<ModuleItem<?>> inputs = new ArrayList<>();
			for (final ModuleItem<?> i : module.getInfo().inputs())
				if (!Service.class.isAssignableFrom(i.getType())) inputs.add(i);
			fillInActiveImage(module, inputs);
			// before the dialog rather than after it
			if (command.needsImage() && activeImage(inputs).isPresent()) LibraryCommand.needed(WindowManager
				.getCurrentImage(), "image");
			final String options = Macro.getOptions();
			if (options != null) takeFromMacro(module, inputs, options);
			else if (!IJ.isMacro() && !ask(module, inputs, title)) return;
			// with the check that GenericDialog makes
			if (Recorder.record && (options == null || Recorder.recordInMacros)) record(module, inputs);
			run(module, command, title);
		}
		catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
			if (Macro.MACRO_CANCELED.equals(e.getMessage())) throw (RuntimeException) e;
			IJ.error(title, Failure.sentence(e, 0));
		}
	}

	private static void run(final Module module, final LibraryCommand command, final String title) {
		command.run();
		if (command.isCanceled()) {
			if (command.getCancelReason() != null) IJ.error(title, command.getCancelReason());
			else {
				IJ.showStatus(title + " canceled");
				Macro.abort();
			}
			return;
		}
		command.showOutputs();
		for (final ModuleItem<?> output : module.getInfo().outputs())
			if (output.getType() == String.class && output.getValue(module) != null) IJ.showMessage(title,
				(String) output.getValue(module));
	}

	private static void fillInActiveImage(final Module module, final List<ModuleItem<?>> inputs) {
		activeImage(inputs).ifPresent(i -> module.setInput(i.getName(), WindowManager.getCurrentImage()));
	}

	private static Optional<ModuleItem<?>> activeImage(final List<ModuleItem<?>> inputs) {
		return inputs.stream().filter(i -> i.getType() == ImagePlus.class).findFirst();
	}

	private static boolean isMessage(final ModuleItem<?> item) {
		return item.getVisibility() == ItemVisibility.MESSAGE;
	}

	private static String label(final ModuleItem<?> item) {
		return item.getLabel() == null || item.getLabel().isEmpty() ? item.getName() : item.getLabel();
	}

	private static void takeFromMacro(final Module module, final List<ModuleItem<?>> inputs,
		final String options)
	{
		for (final ModuleItem<?> item : inputs) {
			if (isMessage(item)) continue;
			final String value = Macro.getValue(options, item.getName(), null);
			if (value != null) module.setInput(item.getName(), parsed(item, value));
			else if (item.getType() == boolean.class && (" " + options.replaceAll("\\[.*?\\]", "") + " ")
				.contains(" " + item.getName() + " ")) module.setInput(item.getName(), true);
		}
	}

	/** A value of the item's type. */
	static Object parsed(final ModuleItem<?> item, final String text) {
		final Class<?> type = item.getType();
		final List<?> choices = item.getChoices();
		if (choices != null && !choices.isEmpty() && !choices.contains(text))
			throw new IllegalArgumentException(sentenceStart(item) + " must be one of " + choices + ", got \"" +
				text + "\"");
		if (type == String.class) return text;
		if (type == File.class) return new File(text);
		if (type == boolean.class) return !text.equalsIgnoreCase("false") && !text.equals("0");
		if (type == ImagePlus.class) {
			if (text.equals(NONE)) return null;
			final ImagePlus image = WindowManager.getImage(text);
			if (image == null) throw new IllegalArgumentException("There is no open image \"" + text + "\"");
			return image;
		}
		try {
			final double number = Double.parseDouble(text);
			if (type == double.class) return number;
			if (number == Math.rint(number) && Math.abs(number) < (type == int.class ? 1L << 31 : 1L << 53))
			{
				if (type == int.class) return (int) number;
				if (type == long.class) return (long) number;
			}
		}
		catch (final NumberFormatException e) {
			// the sentence below
		}
		throw new IllegalArgumentException(sentenceStart(item) + " must be a " + (type == double.class ? ""
			: "whole ") + "number, got \"" + text + "\"");
	}

	private static String sentenceStart(final ModuleItem<?> item) {
		return "The value of \"" + item.getName() + "\"";
	}

	/** @return false if the user canceled */
	private static boolean ask(final Module module, final List<ModuleItem<?>> inputs,
		final String title)
	{
		final Map<String, Object> last = LAST.computeIfAbsent(module.getInfo().getDelegateClassName(),
			n -> new LinkedHashMap<>());
		last.forEach(module::setInput);
		final boolean recording = Recorder.record;
		Recorder.record = false;
		try {
			final GenericDialog dialog = new GenericDialog(title);
			boolean first = true;
			final List<ModuleItem<?>> asked = new ArrayList<>();
			for (final ModuleItem<?> item : inputs) {
				final boolean activeImage = item.getType() == ImagePlus.class && first;
				if (item.getType() == ImagePlus.class) first = false;
				if (activeImage) continue;
				add(dialog, item, item.getValue(module));
				if (!isMessage(item)) asked.add(item);
			}
			final String help = help(inputs);
			if (help != null) dialog.addHelp(help);
			dialog.showDialog();
			if (dialog.wasCanceled()) return false;
			for (final ModuleItem<?> item : asked) {
				final Object value = read(dialog, item);
				module.setInput(item.getName(), value);
				if (item.isPersisted() && item.getType() != ImagePlus.class) last.put(item.getName(), value);
			}
			return true;
		}
		finally {
			Recorder.record = recording;
		}
	}

	private static void add(final GenericDialog dialog, final ModuleItem<?> item, final Object value) {
		final String label = label(item);
		final Class<?> type = item.getType();
		if (isMessage(item)) dialog.addMessage((String) value);
		else if (type == boolean.class) dialog.addCheckbox(label, (Boolean) value);
		else if (type == ImagePlus.class) {
			final ImagePlus active = WindowManager.getCurrentImage();
			final List<String> titles = new ArrayList<>(List.of(WindowManager.getImageTitles()));
			if (active != null) titles.remove(active.getTitle());
			final String likely = likely(item.getName(), titles, active == null ? "" : active.getTitle());
			titles.add(0, NONE);
			dialog.addChoice(label, titles.toArray(String[]::new), likely);
		}
		else if (item.getChoices() != null && !item.getChoices().isEmpty()) dialog.addChoice(label, item
			.getChoices().stream().map(Object::toString).toArray(String[]::new), (String) value);
		else if (type == File.class) {
			final String path = value == null ? "" : value.toString();
			if ("directory".equals(item.getWidgetStyle())) dialog.addDirectoryField(label, path);
			else dialog.addFileField(label, path);
		}
		else if (type == String.class) dialog.addStringField(label, (String) value, 12);
		else dialog.addNumericField(label, ((Number) value).doubleValue(), type == double.class
			? decimals((Double) value) : 0);
	}

	/** That the value has, at least 1. */
	private static int decimals(final double value) {
		return Math.max(1, BigDecimal.valueOf(value).stripTrailingZeros().scale());
	}

	/**
	 * The image most probably meant: our commands name what they make after their image, so a kernel's title
	 * begins with "kernel", and the sharp image of "deblurred-blurred-x" is "x".
	 */
	static String likely(final String parameter, final List<String> titles, final String active) {
		return titles.stream().filter(t -> t.startsWith(parameter) || parameter.equals("sharp") && active
			.endsWith("-" + t)).min(Comparator.comparingInt(String::length)).orElse(NONE);
	}

	/** The parameters' descriptions, in HTML; null if there are none. */
	private static String help(final List<ModuleItem<?>> inputs) {
		final StringBuilder html = new StringBuilder();
		for (final ModuleItem<?> item : inputs)
			if (item.getDescription() != null && !item.getDescription().isEmpty()) html.append("<p><b>")
				.append(escaped(label(item))).append("</b><br>").append(escaped(item.getDescription()));
		return html.isEmpty() ? null : "<html><font size=+1>" + html;
	}

	private static String escaped(final String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;");
	}

	private static Object read(final GenericDialog dialog, final ModuleItem<?> item) {
		final Class<?> type = item.getType();
		if (type == boolean.class) return dialog.getNextBoolean();
		if (type == ImagePlus.class || item.getChoices() != null && !item.getChoices().isEmpty())
			return parsed(item, dialog.getNextChoice());
		if (type == String.class || type == File.class) return parsed(item, dialog.getNextString());
		return parsed(item, Double.toString(dialog.getNextNumber()));
	}

	/** All parameters but the active image. */
	private static void record(final Module module, final List<ModuleItem<?>> inputs) {
		boolean first = true;
		for (final ModuleItem<?> item : inputs) {
			final boolean activeImage = item.getType() == ImagePlus.class && first;
			if (item.getType() == ImagePlus.class) first = false;
			final Object value = item.getValue(module);
			if (activeImage || isMessage(item) || value == null) continue;
			final String text = value instanceof ImagePlus image ? image.getTitle() : Objects.toString(
				value);
			Recorder.recordOption(item.getName(), value instanceof File ? Recorder.fixPath(text) : text);
		}
	}
}
