package io.github.learningtodeblur.util;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The parts of a set of pixels that hang together. */
public final class ConnectedParts {

	private ConnectedParts() {}

	/**
	 * @param set of {@code width * height} pixels, row by row; not changed
	 * @param corners whether pixels that touch at a corner only belong together
	 * @return indices of the pixels of each part, the parts in the order of their first pixels
	 */
	public static List<int[]> of(final boolean[] set, final int width, final int height, final boolean corners) {
		final boolean[] seen = new boolean[set.length];
		final int[] open = new int[set.length], part = new int[set.length];
		final List<int[]> parts = new ArrayList<>();
		for (int first = 0; first < set.length; first++) {
			if (!set[first] || seen[first]) continue;
			int waiting = 0, n = 0;
			open[waiting++] = first;
			seen[first] = true;
			while (waiting > 0) {
				final int i = open[--waiting], x0 = i % width, y0 = i / width;
				part[n++] = i;
				for (int y = Math.max(0, y0 - 1); y <= Math.min(height - 1, y0 + 1); y++)
					for (int x = Math.max(0, x0 - 1); x <= Math.min(width - 1, x0 + 1); x++) {
						final int j = y * width + x;
						if (seen[j] || !set[j] || !corners && x != x0 && y != y0) continue;
						seen[j] = true;
						open[waiting++] = j;
					}
			}
			parts.add(Arrays.copyOf(part, n));
		}
		return parts;
	}
}
