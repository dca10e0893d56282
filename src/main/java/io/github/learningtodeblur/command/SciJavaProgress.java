package io.github.learningtodeblur.command;

import java.util.function.BooleanSupplier;

import org.scijava.app.StatusService;
import org.scijava.task.Task;
import org.scijava.task.TaskService;

import ij.IJ;
import io.github.learningtodeblur.util.Progress;

/**
 * Progress of a command: a task (whose stop button cancels) and the status bar; ImageJ's own status bar where
 * there are no services. Esc cancels, too.
 */
final class SciJavaProgress implements Progress, AutoCloseable {

	/** Of the progress bar. */
	private static final int STEPS = 1000;
	private static final long NANOS_BETWEEN_REPORTS = 100_000_000;

	private final StatusService status;
	private final Task task;
	private final BooleanSupplier canceled;
	private long reported = System.nanoTime() - NANOS_BETWEEN_REPORTS;

	/**
	 * @param status or null
	 * @param tasks or null
	 * @param canceled another reason to stop
	 */
	SciJavaProgress(final String name, final StatusService status, final TaskService tasks,
		final BooleanSupplier canceled)
	{
		this.status = status;
		this.canceled = canceled;
		task = tasks == null ? null : tasks.createTask(name);
		if (task != null) {
			task.setProgressMaximum(STEPS);
			task.start();
		}
	}

	@Override
	public synchronized void report(final long done, final long total, final String what) {
		final long now = System.nanoTime();
		if (now - reported < NANOS_BETWEEN_REPORTS) return;
		reported = now;
		final int step = total <= 0 ? 0 : (int) Math.min(STEPS, STEPS * done / total);
		if (task != null) {
			task.setStatusMessage(what);
			task.setProgressValue(step);
		}
		if (status != null) status.showStatus(step, STEPS, what);
		else {
			IJ.showStatus(what);
			IJ.showProgress(step, STEPS);
		}
	}

	@Override
	public boolean canceled() {
		return IJ.escapePressed() || task != null && task.isCanceled() || canceled.getAsBoolean();
	}

	@Override
	public void close() {
		if (task != null) task.finish();
		if (status != null) {
			status.showProgress(1, 1);
			status.clearStatus();
		}
		else {
			IJ.showProgress(1.0);
			IJ.showStatus("");
		}
	}
}
