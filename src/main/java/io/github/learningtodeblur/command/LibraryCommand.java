package io.github.learningtodeblur.command;

import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.scijava.Cancelable;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.task.TaskService;

import io.github.learningtodeblur.batch.Failures;
import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;

/**
 * What all commands share: progress, cancel, and mistakes told in one sentence. Needs no SciJava context. If
 * it is canceled or fails, it has no outputs.
 */
abstract class LibraryCommand implements Command, Cancelable {

	@Parameter(required = false)
	private StatusService statusService;

	@Parameter(required = false)
	private TaskService taskService;

	private volatile boolean canceled;
	private String reason;
	/** Not from ImageJ's menus, but by a script or another part of SciJava. */
	private boolean bySciJava = true;

	LibraryCommand() {
		LibraryLog.toImageJ(); // here, because parameters may begin with what the library says
	}

	/** For the task bar and the title of messages. */
	abstract String title();

	/**
	 * Does the work, and sets the outputs at the very end.
	 *
	 * @throws IOException or IllegalArgumentException with a sentence for the user
	 * @throws java.util.concurrent.CancellationException if the user cancels
	 */
	abstract void run(SciJavaProgress progress) throws IOException;

	/** Images to be shown, in this order; nulls are passed over. */
	List<ImagePlus> images() {
		return List.of();
	}

	/** What the images are called without which there is nothing to be done, the active one first. */
	List<String> imagesNeeded() {
		return List.of();
	}

	/** Bytes that {@link #run(SciJavaProgress)} takes, roughly; 0 if not known. */
	long memoryNeeded() {
		return 0;
	}

	/**
	 * Before a run in ImageJ's way.
	 *
	 * @param tasks where it is listed and can be stopped; or null
	 */
	final void showAsTask(final TaskService tasks) {
		taskService = tasks;
		bySciJava = false;
	}

	@Override
	public final void run() {
		IJ.resetEscape();
		try (SciJavaProgress progress = new SciJavaProgress(title(), statusService, taskService,
			() -> canceled))
		{
			run(progress);
		}
		catch (final Exception | OutOfMemoryError | LinkageError e) {
			if (Failures.isCancel(e)) canceled = true;
			else fail(Failure.sentence(e, memoryNeeded()), e);
		}
	}

	private void fail(final String sentence, final Throwable e) {
		cancel(sentence);
		if (IJ.debugMode) e.printStackTrace();
		// with a user interface, SciJava opens a dialog
		if (bySciJava && GraphicsEnvironment.isHeadless()) System.err.println(title() + ": " + sentence);
	}

	/** Shows images that are not shown already. */
	final void showOutputs() {
		final List<ImagePlus> hidden = images().stream().filter(Objects::nonNull).filter(i -> WindowManager
			.getImage(i.getID()) != i).toList();
		for (final ImagePlus image : hidden) {
			// recorded macros name images by their titles
			image.setTitle(unique(image.getTitle()));
			image.show();
		}
		Windows.spread(hidden);
	}

	/** With a number before its extension, if need be. ImageJ's way to do so does not look at images of macros in batch mode. */
	private static String unique(final String title) {
		final int dot = title.lastIndexOf('.'), end = dot > 0 ? dot : title.length();
		String name = title;
		for (int i = 1; WindowManager.getImage(name) != null; i++)
			name = title.substring(0, end) + "-" + i + title.substring(end);
		return name;
	}

	/** The image, if there is one. */
	static ImagePlus needed(final ImagePlus image, final String what) {
		if (image == null || image.getStackSize() == 0 || image.getProcessor() == null)
			throw new IllegalArgumentException("There is no " + what + ": open one first");
		return image;
	}

	static String plural(final int n, final String what) {
		return String.format(Locale.ROOT, "%d %s%s", n, what, n == 1 ? "" : "s");
	}

	@Override
	public boolean isCanceled() {
		return canceled;
	}

	@Override
	public void cancel(final String why) {
		canceled = true;
		reason = why;
	}

	/** Null if the user canceled. */
	@Override
	public String getCancelReason() {
		return reason;
	}
}
