package io.github.learningtodeblur.command;

import java.awt.Choice;
import java.awt.TextField;
import java.io.File;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.plugin.frame.Recorder;

/**
 * Asks for the parameters of a command, in a dialog of ImageJ. Remembers what was entered, and nothing else, for
 * as long as ImageJ runs.
 */
final class CommandDialog {

	static final String NONE = "(none)";

	/** Attribute of parameters that are not remembered. */
	static final String ASK_ANEW = "ask-anew";

	/** Widget style of parameters that are a model: a bundled one, or a file. */
	static final String MODEL = "model";

	private static final String FILE = "file...";
	/** Characters of a line in a message. */
	private static final int LINE = 90;

	/** Of this session's dialogs: command, parameter, value. */
	private static final Map<String, Map<String, Object>> LAST = new HashMap<>();

	private final Module module;
	private final List<ModuleItem<?>> inputs;
	private final String title;
	private GenericDialog dialog;
	private final Map<ModuleItem<?>, Supplier<Object>> fields = new LinkedHashMap<>();

	/** The module's image, if it has any, is the active one. */
	CommandDialog(final String title, final Module module, final List<ModuleItem<?>> inputs) {
		this.module = module;
		this.inputs = inputs;
		this.title = title;
	}

	/**
	 * Until what is entered can be read.
	 *
	 * @return false if the user canceled
	 */
	boolean ask() {
		final Map<String, Object> last = LAST.computeIfAbsent(module.getInfo().getDelegateClassName(),
			n -> new LinkedHashMap<>());
		last.forEach(module::setInput);
		final boolean recording = Recorder.record;
		Recorder.record = false;
		try {
			while (true) {
				show();
				if (dialog.wasCanceled()) return false;
				try {
					take(last);
					return true;
				}
				catch (final IllegalArgumentException e) {
					IJ.error(title, wrapped(e.getMessage()));
				}
			}
		}
		finally {
			Recorder.record = recording;
		}
	}

	private void show() {
		dialog = new GenericDialog(title);
		fields.clear();
		addImages();
		for (final ModuleItem<?> item : inputs)
			if (item.getType() != ImagePlus.class) add(item, item.getValue(module));
		final String help = help();
		if (help != null) dialog.addHelp(help);
		dialog.showDialog();
	}

	/**
	 * What was entered; it is remembered if all of it can be read.
	 *
	 * @throws IllegalArgumentException if something cannot; all else is taken
	 */
	private void take(final Map<String, Object> last) {
		final Map<ModuleItem<?>, Object> values = new LinkedHashMap<>();
		IllegalArgumentException wrong = null;
		for (final Map.Entry<ModuleItem<?>, Supplier<Object>> field : fields.entrySet())
			try {
				values.put(field.getKey(), field.getValue().get());
			}
			catch (final IllegalArgumentException e) {
				if (wrong == null) wrong = e;
			}
		values.forEach((item, value) -> module.setInput(item.getName(), value));
		if (wrong != null) throw wrong;
		values.forEach((item, value) -> {
			if (item.getType() != ImagePlus.class && !item.is(ASK_ANEW)) last.put(item.getName(), value);
		});
	}

	/** One image is the active one, and not asked for. */
	private void addImages() {
		final List<ModuleItem<?>> items = inputs.stream().filter(i -> i.getType() == ImagePlus.class)
			.toList();
		final ImagePlus active = WindowManager.getCurrentImage();
		if (items.size() < 2 || active == null) return;
		final List<ImagePlus> open = openImages();
		final ImagePlus image = LikelyImage.main(items.get(1).getName(), open, active);
		for (final ModuleItem<?> item : items) {
			final boolean main = item == items.get(0);
			final List<ImagePlus> choices = new ArrayList<>(open);
			if (!main) choices.add(0, null);
			dialog.addChoice(label(item), choices.stream().map(i -> i == null ? NONE : i.getTitle()).toArray(
				String[]::new), null);
			final Choice list = lastChoice();
			list.select(choices.indexOf(main ? image : LikelyImage.of(item.getName(), open, image)));
			fields.put(item, () -> choices.get(dialog.getNextChoiceIndex()));
		}
	}

	private static List<ImagePlus> openImages() {
		final int[] ids = WindowManager.getIDList();
		return ids == null ? List.of() : Arrays.stream(ids).mapToObj(WindowManager::getImage).filter(
			Objects::nonNull).toList();
	}

	private Choice lastChoice() {
		return (Choice) dialog.getChoices().lastElement();
	}

	private void add(final ModuleItem<?> item, final Object value) {
		final String label = label(item);
		final Class<?> type = item.getType();
		if (CommandPlugIn.isMessage(item)) dialog.addMessage(wrapped((String) value));
		else if (MODEL.equals(item.getWidgetStyle())) addModel(item, value == null ? "" : value.toString());
		else if (type == boolean.class) {
			dialog.addCheckbox(label, (Boolean) value);
			fields.put(item, dialog::getNextBoolean);
		}
		else if (Choices.RESTORATION.equals(item.getWidgetStyle())) addNameOrFile(item, (String) value, Choices.of(item).stream()
			.collect(Collectors.toMap(Object::toString, Object::toString, (a, b) -> a, LinkedHashMap::new)), n -> n);
		else if (!Choices.of(item).isEmpty()) {
			dialog.addChoice(label, Choices.of(item).stream().map(Object::toString).toArray(String[]::new),
				(String) value);
			fields.put(item, () -> CommandPlugIn.parsed(item, label, dialog.getNextChoice()));
		}
		else if (type == File.class) {
			final String path = value == null ? "" : value.toString();
			if ("directory".equals(item.getWidgetStyle())) dialog.addDirectoryField(label, path);
			else dialog.addFileField(label, path);
			fields.put(item, () -> CommandPlugIn.parsed(item, label, dialog.getNextString()));
		}
		else if (type == String.class) {
			dialog.addStringField(label, (String) value, 12);
			fields.put(item, () -> CommandPlugIn.parsed(item, label, dialog.getNextString()));
		}
		else {
			dialog.addNumericField(label, ((Number) value).doubleValue(), type == double.class ? decimals(
				(Double) value) : 0);
			final TextField field = (TextField) dialog.getNumericFields().lastElement();
			fields.put(item, () -> {
				final double number = dialog.getNextNumber();
				return CommandPlugIn.parsed(item, label, Double.isNaN(number) ? field.getText() : Double.toString(number));
			});
		}
	}

	/** A list of the bundled models, each with what it is for. */
	private void addModel(final ModuleItem<?> item, final String value) {
		final Map<String, String> lines = new LinkedHashMap<>();
		ModelFile.descriptions().forEach((name, description) -> lines.put(name, name + ": " + description));
		addNameOrFile(item, value, lines, File::new);
	}

	/**
	 * A list whose last line opens a file chooser.
	 *
	 * @param known a line for each name
	 * @param parser of a name or a file
	 */
	private void addNameOrFile(final ModuleItem<?> item, final String value, final Map<String, String> known,
		final Function<String, Object> parser)
	{
		final List<String> names = new ArrayList<>(known.keySet()), lines = new ArrayList<>(known.values());
		final String usual = Objects.toString(item.getDefaultValue(), "");
		for (final String other : List.of(value, usual))
			if (!other.isEmpty() && !names.contains(other)) {
				names.add(0, other);
				lines.add(0, other);
			}
		names.add("");
		lines.add(FILE);
		dialog.addChoice(label(item), lines.toArray(String[]::new), lines.get(Math.max(0, names.indexOf(
			value))));
		final Choice list = lastChoice();
		final int[] before = { list.getSelectedIndex() };
		list.addItemListener(e -> {
			if (list.getSelectedItem().equals(FILE)) {
				final String file = IJ.getFilePath(label(item));
				if (file == null) list.select(before[0]);
				else {
					names.add(0, file);
					list.insert(file, 0);
					list.select(0);
				}
			}
			before[0] = list.getSelectedIndex();
		});
		fields.put(item, () -> parser.apply(names.get(dialog.getNextChoiceIndex())));
	}

	/** That the value has, at least 1. */
	private static int decimals(final double value) {
		return Math.max(1, BigDecimal.valueOf(value).stripTrailingZeros().scale());
	}

	private static String label(final ModuleItem<?> item) {
		return item.getLabel() == null || item.getLabel().isEmpty() ? item.getName() : item.getLabel();
	}

	/** The parameters' descriptions, in HTML; null if there are none. */
	private String help() {
		final StringBuilder html = new StringBuilder();
		for (final ModuleItem<?> item : inputs)
			if (item.getDescription() != null && !item.getDescription().isEmpty()) html.append("<p><b>")
				.append(escaped(label(item))).append("</b><br>").append(escaped(item.getDescription()));
		return html.isEmpty() ? null : "<html><font size=+1>" + html;
	}

	private static String escaped(final String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;");
	}

	/** In lines of a length to be read, broken between words. */
	static String wrapped(final String text) {
		return text.replaceAll("(.{1," + LINE + "})(?: +|\n|$)", "$1\n").strip();
	}
}
