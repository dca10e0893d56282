package io.github.learningtodeblur.command;

import java.awt.EventQueue;
import java.awt.Frame;
import java.awt.GraphicsEnvironment;
import java.awt.Rectangle;
import java.awt.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.GUI;

/** Puts new windows where they hide nothing, if the screen has room. */
final class Windows {

	/** Between windows, in pixels. */
	private static final int GAP = 4;

	private Windows() {}

	/**
	 * Moves the windows of images just shown, one after the other, each to the right of, below or left of a
	 * window that is there already. Returns at once.
	 *
	 * @param images those without windows are passed over
	 */
	static void spread(final List<ImagePlus> images) {
		if (GraphicsEnvironment.isHeadless()) return;
		// after EnlargedImage's work in the same queue, when sizes are known
		EventQueue.invokeLater(() -> {
			final List<Window> moving = new ArrayList<>();
			for (final ImagePlus image : images)
				if (image != null && image.getWindow() != null) moving.add(image.getWindow());
			move(moving);
		});
	}

	/** The same of another window; null is passed over. */
	static void spread(final Window window) {
		if (!GraphicsEnvironment.isHeadless() && window != null) EventQueue.invokeLater(() -> move(new ArrayList<>(List.of(window))));
	}

	private static void move(final List<Window> moving) {
		// large ones may have to stay where they are; small ones then avoid them
		moving.sort(Comparator.comparingInt(w -> -w.getWidth() * w.getHeight()));
		final List<Frame> frames = new ArrayList<>(List.of(Frame.getFrames()));
		if (frames.remove(IJ.getInstance())) frames.add(IJ.getInstance()); // rather beside an image
		final List<Rectangle> taken = new ArrayList<>();
		for (final Frame f : frames)
			if (f.isShowing() && !moving.contains(f) && f.getExtendedState() != Frame.ICONIFIED) taken.add(f
				.getBounds());
		for (final Window w : moving) {
			final Rectangle place = place(w.getBounds(), taken, GUI.getMaxWindowBounds(IJ.getInstance()));
			w.setLocation(place.x, place.y);
			taken.add(place);
		}
	}

	/**
	 * Where a rectangle of this size overlaps none of the others, beside one of them; where it is, if there is
	 * no such place.
	 */
	static Rectangle place(final Rectangle window, final List<Rectangle> others,
		final Rectangle screen)
	{
		final int w = window.width, h = window.height;
		if (others.stream().noneMatch(window::intersects)) return window;
		for (final Rectangle o : others) {
			final int right = o.x + o.width + GAP, below = o.y + o.height + GAP;
			for (final Rectangle r : Arrays.asList(new Rectangle(right, o.y, w, h), new Rectangle(o.x, below,
				w, h), new Rectangle(o.x - GAP - w, o.y, w, h), new Rectangle(o.x + o.width - w, below, w, h)))
				if (screen.contains(r) && others.stream().noneMatch(r::intersects)) return r;
		}
		return window;
	}
}
