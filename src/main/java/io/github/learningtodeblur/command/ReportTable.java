package io.github.learningtodeblur.command;

import java.awt.GraphicsEnvironment;
import java.util.List;
import java.util.Map;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.macro.Interpreter;
import ij.measure.ResultsTable;
import io.github.learningtodeblur.Report;

/**
 * Where ImageJ's users are told what happened: in one line of the log, in properties of the image, by which macros find
 * it, and in a table of all results of this session.
 */
final class ReportTable {

	/** Of the table. */
	static final String TITLE = "Deblurring";

	/** Of the properties: what follows is a name of {@link Report#NAMES}. */
	static final String PROPERTY = "deblur.";

	/** Of the property that tells how a result was made. */
	static final String HOW = "Deblurring";

	private static ResultsTable table = new ResultsTable();

	private ReportTable() {}

	/** Whether a property tells of one result, and not of what is made of it. */
	static boolean isOfResult(final String property) {
		return property.equals(HOW) || property.startsWith(PROPERTY);
	}

	/** A result then carries its report; of several, the first. */
	static void mark(final ImagePlus image, final List<Report> reports) {
		final List<String> texts = reports.get(0).texts();
		for (int i = 0; i < texts.size(); i++)
			image.setProp(PROPERTY + Report.NAMES.get(i), texts.get(i));
	}

	/**
	 * In log and table.
	 *
	 * @param title of the image
	 * @param reports in the order of the kernels
	 */
	static synchronized void tell(final String title, final List<Report> reports) {
		final ResultsTable shown = windowless() ? null : ResultsTable.getResultsTable(TITLE);
		if (shown != null) table = shown;
		for (int i = 0; i < reports.size(); i++) {
			final String label = title + (reports.size() == 1 ? "" : ", kernel " + (i + 1));
			IJ.log(label + ": " + reports.get(i).line());
			table.incrementCounter();
			table.addLabel(label);
			add(reports.get(i).values(), table);
		}
		if (windowless()) return;
		table.show(TITLE);
		if (shown == null) Windows.spread(WindowManager.getWindow(TITLE)); // it would hide the log
	}

	/** To the last row. */
	static void add(final Map<String, Object> values, final ResultsTable to) {
		values.forEach((name, value) -> {
			if (value instanceof Number n) to.addValue(name, n.doubleValue());
			else to.addValue(name, value.toString());
		});
	}

	/** To the last row what an image carries, if it does. */
	static void addFrom(final ImagePlus image, final ResultsTable to) {
		if (image.getProp(PROPERTY + Report.NAMES.get(0)) == null) return;
		add(Report.parse(Report.NAMES.stream().map(name -> image.getProp(PROPERTY + name)).toList()).values(), to);
	}

	/** All results of this session. */
	static synchronized ResultsTable table() {
		return table;
	}

	private static boolean windowless() {
		return GraphicsEnvironment.isHeadless() || Interpreter.isBatchMode();
	}
}
