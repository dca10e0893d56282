package io.github.learningtodeblur.train;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;

/**
 * Where an estimated kernel lies relative to the true one. A shifted kernel shifts the restored image, which is to be learned
 * from nevertheless: the sharp image is then moved to where the kernel puts it.
 *
 * @param dx,dy pixels by which the estimate lies farther right and down
 * @param likeness normalized correlation at that shift, 1 for equal kernels
 */
record KernelShift(double dx, double dy, double likeness) {

	/** Half width of the windowed sinc with which images are moved. */
	private static final int LOBES = 8;

	/** Steps in which a shift is improved, in pixels, how far it may go, and the border that does not count. */
	private static final double LARGEST_STEP = 0.5, LEAST_STEP = 0.03, MOST = 3;
	private static final int BORDER = 16;

	/** The shift with the largest correlation of both, a little smoothed; between pixels by parabolas. */
	static KernelShift of(final Plane truth, final Plane estimate) {
		final int size = Math.max(Math.max(truth.width(), truth.height()), Math.max(estimate.width(), estimate.height())) + 2 | 1;
		final Plane a = smoothed(Planes.framed(truth, size)), b = smoothed(Planes.framed(estimate, size));
		final int reach = size / 2;
		double best = Double.NEGATIVE_INFINITY;
		int x = 0, y = 0;
		for (int dy = -reach; dy <= reach; dy++)
			for (int dx = -reach; dx <= reach; dx++) {
				final double c = correlation(a, b, dx, dy);
				if (c <= best) continue;
				best = c;
				x = dx;
				y = dy;
			}
		return new KernelShift(x + peak(correlation(a, b, x - 1, y), best, correlation(a, b, x + 1, y)), y + peak(correlation(
			a, b, x, y - 1), best, correlation(a, b, x, y + 1)), best / Math.sqrt(correlation(a, a, 0, 0) * correlation(b, b, 0,
				0)));
	}

	/** Where a parabola through three neighbours has its largest value, relative to the middle one. */
	private static double peak(final double before, final double here, final double after) {
		final double bend = 2 * here - before - after;
		return bend <= 0 ? 0 : Math.max(-0.5, Math.min(0.5, (after - before) / (2 * bend)));
	}

	/** With [1 2 1] / 4, both ways. The border is 0. */
	private static Plane smoothed(final Plane p) {
		final int n = p.width();
		final Plane out = new Plane(n, n);
		for (int y = 1; y < n - 1; y++)
			for (int x = 1; x < n - 1; x++) {
				float sum = 0;
				for (int v = -1; v <= 1; v++)
					for (int u = -1; u <= 1; u++)
						sum += (2 - Math.abs(u)) * (2 - Math.abs(v)) * p.get(x + u, y + v);
				out.pixels()[y * n + x] = sum / 16;
			}
		return out;
	}

	private static double correlation(final Plane a, final Plane b, final int dx, final int dy) {
		final int n = a.width();
		double sum = 0;
		for (int y = Math.max(0, dy); y < Math.min(n, n + dy); y++)
			for (int x = Math.max(0, dx); x < Math.min(n, n + dx); x++)
				sum += (double) a.get(x - dx, y - dy) * b.get(x, y);
		return sum;
	}

	/**
	 * The shift at which the sharp image is nearest to one that was restored with the estimate, begun with this one: kernels
	 * that err are not alike where the images are.
	 *
	 * @param restored as large as {@code sharp}; what is near its borders does not count
	 */
	KernelShift improved(final Plane restored, final Plane sharp) {
		KernelShift best = this;
		double least = difference(restored, moved(sharp));
		for (double step = LARGEST_STEP; step >= LEAST_STEP; ) {
			KernelShift better = null;
			for (int i = 0; i < 4; i++) {
				final double by = i % 2 == 0 ? step : -step;
				final KernelShift tried = new KernelShift(best.dx + (i < 2 ? by : 0), best.dy + (i < 2 ? 0 : by), likeness);
				if (Math.max(Math.abs(tried.dx - dx), Math.abs(tried.dy - dy)) > MOST) continue;
				final double d = difference(restored, tried.moved(sharp));
				if (d >= least) continue;
				least = d;
				better = tried;
			}
			if (better == null) step /= 2;
			else best = better;
		}
		return best;
	}

	private static double difference(final Plane a, final Plane b) {
		double sum = 0;
		for (int y = BORDER; y < a.height() - BORDER; y++)
			for (int x = BORDER; x < a.width() - BORDER; x++) {
				final double d = a.get(x, y) - b.get(x, y);
				sum += d * d;
			}
		return sum;
	}

	/** The sharp image as it comes out with the estimated kernel; at its borders, what is beyond is the border. */
	Plane moved(final Plane sharp) {
		return along(along(sharp, dx, 1, sharp.width(), sharp.height()), dy, sharp.width(), sharp.height(), sharp.width());
	}

	/** out(i) = in(i + by) by a windowed sinc, which leaves the image as sharp as it is. */
	private static Plane along(final Plane in, final double by, final int step, final int length, final int lines) {
		final int whole = (int) Math.floor(by), stride = step == 1 ? in.width() : 1;
		final double part = by - whole;
		final double[] w = new double[2 * LOBES];
		double sum = 0;
		for (int k = 0; k < w.length; k++) {
			final double t = k - LOBES + 1 - part;
			sum += w[k] = t == 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t) * Math.max(0, 0.5 + 0.5 * Math.cos(Math.PI * t /
				LOBES));
		}
		final Plane out = new Plane(in.width(), in.height());
		for (int line = 0; line < lines; line++)
			for (int i = 0; i < length; i++) {
				double v = 0;
				for (int k = 0; k < w.length; k++) {
					final int from = Math.max(0, Math.min(length - 1, i + whole + k - LOBES + 1));
					v += w[k] * in.pixels()[line * stride + from * step];
				}
				out.pixels()[line * stride + i * step] = (float) (v / sum);
			}
		return out;
	}
}
