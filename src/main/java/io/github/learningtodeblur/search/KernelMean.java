package io.github.learningtodeblur.search;

import java.util.List;

import io.github.learningtodeblur.util.KernelSimilarity;
import io.github.learningtodeblur.util.Plane;

/** What several estimates of a kernel have in common, wherever each lies: their errors differ, and the mean has less of them. */
final class KernelMean {

	private KernelMean() {}

	/**
	 * Moved, by whole pixels, to where that one lies which is most like all others.
	 *
	 * @param kernels of one size, none 0 everywhere
	 * @return not cleaned, of sum 1
	 */
	static Plane of(final List<Plane> kernels) {
		Plane typical = kernels.get(0);
		double most = 0;
		for (final Plane k : kernels) {
			final double alike = kernels.stream().mapToDouble(o -> KernelSimilarity.of(k, o).value()).sum();
			if (alike <= most) continue;
			most = alike;
			typical = k;
		}
		final int size = typical.width();
		final Plane sum = new Plane(size, size);
		for (final Plane k : kernels) {
			final KernelSimilarity shift = KernelSimilarity.of(k, typical);
			for (int y = Math.max(0, -shift.dy()); y < size - Math.max(0, shift.dy()); y++)
				for (int x = Math.max(0, -shift.dx()); x < size - Math.max(0, shift.dx()); x++)
					sum.pixels()[y * size + x] += k.get(x + shift.dx(), y + shift.dy());
		}
		return sum.normalized();
	}
}
