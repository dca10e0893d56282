package io.github.learningtodeblur.util;

import java.util.HashSet;
import java.util.Set;

/** Kernels as pictures to look at: every pixel becomes a square. */
public final class Enlargement {

	/** Side of the squares. */
	public static final int ZOOM = 8;

	/** Shapes that someone drew with squares of this size, such as a block, have fewer values. */
	private static final int LEAST_VALUES = 3;

	private Enlargement() {}

	public static Plane enlarged(final Plane kernel) {
		final Plane out = new Plane(kernel.width() * ZOOM, kernel.height() * ZOOM);
		for (int y = 0; y < out.height(); y++)
			for (int x = 0; x < out.width(); x++)
				out.pixels()[y * out.width() + x] = kernel.get(x / ZOOM, y / ZOOM);
		return out;
	}

	/** The kernel that was enlarged; {@code image} itself if it is none that was. */
	public static Plane undone(final Plane image) {
		final int w = image.width() / ZOOM, h = image.height() / ZOOM;
		if (image.width() % ZOOM != 0 || image.height() % ZOOM != 0) return image;
		final Plane small = new Plane(w, h);
		final Set<Float> values = new HashSet<>();
		for (int i = 0; i < small.pixels().length; i++)
			values.add(small.pixels()[i] = image.get(i % w * ZOOM, i / w * ZOOM));
		return values.size() >= LEAST_VALUES && enlarged(small).equals(image) ? small : image;
	}
}
