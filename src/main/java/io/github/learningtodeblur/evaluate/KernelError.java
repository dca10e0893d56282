package io.github.learningtodeblur.evaluate;

import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;

/**
 * Relative squared error of a kernel, {@code ||k - k*||^2 / ||k*||^2}. Sizes may differ: middle
 * pixel lies on middle pixel, and everything outside a kernel is 0. Kernels are compared as they
 * are, not normalised.
 *
 * @param centred as they lie: what the training loss sees
 * @param aligned the smallest over whole shifts up to {@value #MAX_SHIFT} pixels: a shifted kernel
 *           merely shifts the restored image
 * @param dx shift of {@code aligned} in pixels: estimate(x + dx, y + dy) is compared with truth(x,
 *           y)
 * @param dy likewise, downwards
 */
public record KernelError(double centred, double aligned, int dx, int dy) {

	static final int MAX_SHIFT = 5;

	/**
	 * @param estimate kernel of odd width and height
	 * @param truth kernel of odd width and height, not all 0
	 */
	public static KernelError of(final Plane estimate, final Plane truth) {
		check(estimate, "Estimated");
		check(truth, "True");
		final double norm = inner(truth, truth, 0, 0);
		if (norm == 0) throw new IllegalArgumentException("True kernel " + truth + " is 0 everywhere");
		final double norms = norm + inner(estimate, estimate, 0, 0);
		// ||a - b||^2 = ||a||^2 + ||b||^2 - 2 <a, b>, where nothing is lost at the borders
		final double centred = Math.max(0, norms - 2 * inner(estimate, truth, 0, 0)) / norm;
		double aligned = centred;
		int bestX = 0, bestY = 0;
		for (int dy = -MAX_SHIFT; dy <= MAX_SHIFT; dy++) {
			for (int dx = -MAX_SHIFT; dx <= MAX_SHIFT; dx++) {
				final double error = Math.max(0, norms - 2 * inner(estimate, truth, dx, dy)) / norm;
				if (error >= aligned) continue;
				aligned = error;
				bestX = dx;
				bestY = dy;
			}
		}
		return new KernelError(centred, aligned, bestX, bestY);
	}

	/** {@link #of(Plane, Plane)} for two-dimensional images of ImgLib2. */
	public static KernelError of(final RandomAccessibleInterval<? extends RealType<?>> estimate,
		final RandomAccessibleInterval<? extends RealType<?>> truth)
	{
		return of(Images.plane(estimate), Images.plane(truth));
	}

	/** Sum of a(x + dx, y + dy) * b(x, y), coordinates counted from the middle pixels. */
	private static double inner(final Plane a, final Plane b, final int dx, final int dy) {
		final int ox = a.width() / 2 - b.width() / 2 + dx, oy = a.height() / 2 - b.height() / 2 + dy;
		double sum = 0;
		for (int y = Math.max(0, -oy); y < Math.min(b.height(), a.height() - oy); y++)
			for (int x = Math.max(0, -ox); x < Math.min(b.width(), a.width() - ox); x++)
				sum += (double) a.get(x + ox, y + oy) * b.get(x, y);
		return sum;
	}

	private static void check(final Plane kernel, final String which) {
		if (kernel.width() % 2 == 0 || kernel.height() % 2 == 0)
			throw new IllegalArgumentException(which + " kernel must have odd sizes, got " + kernel);
		for (final float v : kernel.pixels())
			if (!Float.isFinite(v)) throw new IllegalArgumentException(which + " kernel has the value " +
				v);
	}
}
