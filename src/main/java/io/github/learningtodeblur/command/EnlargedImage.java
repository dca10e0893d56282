package io.github.learningtodeblur.command;

import java.awt.EventQueue;
import java.awt.Rectangle;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.ImageCanvas;
import ij.gui.ImageWindow;

/**
 * An image whose window opens enlarged by a whole factor if it is small: a kernel of 17 pixels is not to be
 * seen otherwise, and its window's title would not be either. Whoever shows it, ImageJ or SciJava.
 */
final class EnlargedImage extends ImagePlus {

	/** Pixels on the screen of the longer side, at most. */
	private static final int SIDE = 272;

	EnlargedImage(final String title, final ImageStack stack) {
		super(title, stack);
	}

	/** Such as {@link #SIDE} allows; 1 for images that are large enough. */
	static int factor(final int width, final int height) {
		return Math.max(1, SIDE / Math.max(width, height));
	}

	@Override
	public void show(final String status) {
		super.show(status);
		if (getWindow() == null || factor(getWidth(), getHeight()) == 1) return;
		if (EventQueue.isDispatchThread()) enlarge();
		else EventQueue.invokeLater(this::enlarge);
	}

	private void enlarge() {
		final ImageWindow window = getWindow();
		if (window == null) return; // closed at once
		final int factor = factor(getWidth(), getHeight());
		final ImageCanvas canvas = window.getCanvas();
		canvas.setSourceRect(new Rectangle(getWidth(), getHeight()));
		canvas.setMagnification(factor);
		canvas.setSize(getWidth() * factor, getHeight() * factor);
		window.pack();
	}
}
