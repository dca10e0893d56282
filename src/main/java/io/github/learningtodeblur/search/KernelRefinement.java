package io.github.learningtodeblur.search;

import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.restore.L0Deconvolution;
import io.github.learningtodeblur.util.Extent;
import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Regions;
import io.github.learningtodeblur.util.Resampling;
import io.github.learningtodeblur.util.Saturation;
import io.github.learningtodeblur.util.Threads;
import io.github.learningtodeblur.util.Unknown;

/**
 * Improves a kernel in rounds of three steps, as classical blind deconvolution does: an image of few edges is
 * restored with the present kernel ({@link L0Deconvolution}, the prior of Pan, Hu, Su and Yang, <em>Deblurring
 * Text Images via L0-Regularized Intensity and Gradient Prior</em>, CVPR 2014); the kernel is estimated anew
 * from its strongest gradients and those of the blurry image ({@link KernelLeastSquares}); what can only be
 * noise is taken off the kernel ({@link KernelCleaning}). The price of an edge falls from round to round, so
 * that finer and finer ones take part. Classical methods begin with a point at a tiny scale and climb a
 * pyramid of ten scales; the network's kernel makes one scale enough.
 * <p>
 * What rounds, decay and part of the gradients bring is in models/TRAINING.md, "Constants".
 *
 * @param rounds 0 to 100; 0 leaves the kernel as it is
 */
public record KernelRefinement(int rounds) {

	public static final int DEFAULT_ROUNDS = 10;

	/** Price of an edge in the first round, its factor from round to round, and the lowest price. */
	private static final double FIRST_LAMBDA = 4e-3, LAMBDA_DECAY = 0.7, LAST_LAMBDA = 1e-4;

	/** Fraction of the pixels whose gradients tell about the kernel. */
	private static final double STRONGEST = 0.1;

	/** The same at every finer level of a pyramid, where the kernel is nearly right already. */
	private static final double FINER_LAMBDA = 1e-3;

	/** Step from level to level of a pyramid, at most. */
	private static final double STEP = 1.4;

	/**
	 * Price of differences between neighbours in what a round changes in the kernel, per standard deviation of the
	 * noise.
	 */
	private static final double SMOOTHNESS = 30;

	/** Side of the regions that are looked at, at least 8 kernels. */
	private static final int REGION = 512;

	/**
	 * With more saturated pixels than this, and more of the strong edges touching them, the kernel is left as it
	 * is: edges cut off at white tell of no blur.
	 */
	private static final double MOST_SATURATED = 0.2;

	public KernelRefinement {
		if (rounds < 0 || rounds > 100) throw new IllegalArgumentException(
			"Rounds of refinement must be 0 to 100, got " + rounds);
	}

	public KernelRefinement() {
		this(DEFAULT_ROUNDS);
	}

	/**
	 * @param blurry values in [0, 1], NaN where unknown, larger than the kernel; time grows with its size
	 * @param kernel square, odd size, not negative, positive sum
	 * @return a kernel of the same size: not negative, sum 1, the middle of its extent in the
	 *         middle. {@code kernel} itself if there are no rounds, or too much is saturated
	 * @throws java.util.concurrent.CancellationException if {@code progress} is canceled
	 */
	public Plane refine(final Backend backend, final Plane blurry, final Plane kernel, final Progress progress) {
		return refine(backend, blurry, List.of(kernel), rounds, FIRST_LAMBDA, progress).get(0);
	}

	/**
	 * Climbs a pyramid: a kernel found on a shrunk image is enlarged step by step, and refined on less and less
	 * shrunk ones. Several kernels are refined at the same time; those of one size are a batch.
	 *
	 * @param blurry values in [0, 1]; of large images, the regions with the strongest gradients are looked at
	 * @param kernels each found on the image shrunk by <code>kernel.width() / size</code>
	 * @param size of the kernels sought, odd, at least that of each of {@code kernels}
	 * @return as from {@link #refine}, of that size, in the order of {@code kernels}
	 */
	public List<Plane> climb(final Backend backend, final Plane blurry, final List<Plane> kernels, final int size,
		final Progress progress)
	{
		final int side = regionSide(size);
		final List<List<Integer>> groups = Planes.bySize(kernels, Math.min(blurry.pixels().length, side * side));
		final Plane[] climbed = new Plane[kernels.size()];
		Threads.forEach(groups.size(), g -> {
			final List<Integer> group = groups.get(g);
			final List<Plane> found = climbTogether(backend, blurry, group.stream().map(kernels::get).toList(), size,
				group.contains(0) ? progress : progress.cancelOnly());
			for (int i = 0; i < group.size(); i++)
				climbed[group.get(i)] = found.get(i);
		});
		return List.of(climbed);
	}

	/** @param kernels of one size */
	private List<Plane> climbTogether(final Backend backend, final Plane blurry, final List<Plane> kernels,
		final int size, final Progress progress)
	{
		final int base = kernels.get(0).width();
		final int levels = (int) Math.ceil(Math.log((double) size / base) / Math.log(STEP) - 1e-9);
		final int finer = (rounds + 1) / 2;
		final double whole = Math.max(1, rounds + levels * finer);
		List<Plane> k = refine(backend, shrunk(blurry, base, size), kernels, rounds, FIRST_LAMBDA, progress.span(0, rounds /
			whole));
		for (int level = 1; level <= levels; level++) {
			final int done = rounds + (level - 1) * finer;
			final int now = level == levels ? size : (int) Math.round(base * Math.pow((double) size / base,
				(double) level / levels)) | 1;
			k = refine(backend, shrunk(blurry, now, size), k.stream().map(p -> resized(p, now)).toList(), finer,
				FINER_LAMBDA, progress.span(done / whole, (done + finer) / whole));
		}
		return k;
	}

	/** Side of the regions that are looked at for kernels of a size. */
	public static int regionSide(final int size) {
		return Math.max(REGION, 8 * size);
	}

	/**
	 * The part of an image to look at, shrunk so that kernels of {@code whole} pixels have {@code size}: as many
	 * pixels at coarse levels as at fine ones. The same part at all levels saves a tenth of the time, but tells less.
	 */
	private static Plane shrunk(final Plane image, final int size, final int whole) {
		final Plane region = Regions.informative(image, (int) Math.ceil((double) regionSide(size) * whole /
			size));
		return size == whole ? region : Resampling.resize(region, Math.max(1, region.width() * size / whole),
			Math.max(1, region.height() * size / whole));
	}

	/** Without what can only be noise: small values, and small parts. Centred, sum 1. */
	public static Plane cleaned(final Plane kernel) {
		return KernelCleaning.clean(kernel);
	}

	/**
	 * A kernel with the middle of its bulk in the middle: in the rounds it is that of its extent, for which the frame has
	 * room, but faint debris far out would move the restored image.
	 *
	 * @return of odd size, as large as it takes for nothing to be lost; {@code kernel} itself if it lies right
	 */
	public static Plane registered(final Plane kernel) {
		final double[] middle = Extent.middleOfBulk(kernel);
		final int dx = (int) Math.round(middle[0]) - kernel.width() / 2, dy = (int) Math.round(middle[1]) - kernel.height() /
			2;
		if (dx == 0 && dy == 0) return kernel;
		final Extent extent = Extent.of(kernel, 0);
		final int cx = kernel.width() / 2 + dx, cy = kernel.height() / 2 + dy;
		int radius = kernel.width() / 2;
		for (final int r : new int[] { cx - extent.left(), extent.right() - cx, cy - extent.top(), extent.bottom() - cy })
			radius = Math.max(radius, r);
		final Plane out = new Plane(2 * radius + 1, 2 * radius + 1);
		for (int y = extent.top(); y <= extent.bottom(); y++)
			for (int x = extent.left(); x <= extent.right(); x++)
				out.pixels()[(y - cy + radius) * out.width() + x - cx + radius] = kernel.get(x, y);
		return out;
	}

	/** A kernel in another size, covering the same part of the frame. */
	public static Plane resized(final Plane kernel, final int size) {
		if (kernel.width() == size) return kernel;
		final Plane out = Resampling.resize(kernel, size, size);
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = Math.max(0, out.pixels()[i]);
		return out.normalized();
	}

	/** @param kernels of one size */
	private static List<Plane> refine(final Backend backend, final Plane blurry, final List<Plane> kernels,
		final int rounds, final double firstLambda, final Progress progress)
	{
		if (rounds == 0 || isTooSaturated(blurry)) return kernels;
		final int size = kernels.get(0).width(), w = blurry.width(), h = blurry.height(), n = kernels.size();
		final Tensor weights = backend.allocate(1, 1, h, w), image = backend.allocate(1, 1, h, w);
		backend.write(weights(blurry, size), weights);
		backend.write(Unknown.filled(blurry).pixels(), image);
		final Tensor observed = backend.allocate(1, 2, h, w), sharp = backend.allocate(n, 2, h, w);
		backend.gradients(image, weights, observed);
		final KernelLeastSquares leastSquares = new KernelLeastSquares(backend, size, n, SMOOTHNESS * Math.max(
			NoiseEstimate.ROUNDING, NoiseEstimate.of(blurry)), observed);
		final L0Deconvolution deconvolution = new L0Deconvolution(backend, blurry, size, n);
		List<Plane> k = kernels;
		double lambda = firstLambda;
		for (int round = 0; round < rounds; round++) {
			progress.check();
			progress.report(round, rounds, "Refining the blur kernel");
			final Tensor edges = deconvolution.restore(lambda, k, progress);
			backend.gradients(edges, weights, sharp);
			backend.keepStrongest(sharp, STRONGEST);
			k = leastSquares.solve(sharp, k).stream().map(KernelCleaning::clean).toList();
			lambda = Math.max(LAST_LAMBDA, lambda * LAMBDA_DECAY);
		}
		return k;
	}

	/** Whether edges cut off at white say too little of the blur. */
	static boolean isTooSaturated(final Plane blurry) {
		return Saturation.fraction(blurry) > MOST_SATURATED && Saturation.isCutOff(blurry);
	}

	/**
	 * Weights that fall to 0 over one kernel size at the borders: what shines in from outside is not explained
	 * by what is inside, and a window smooth on the scale of the kernel may be applied before or after the
	 * blur alike.
	 */
	private static float[] weights(final Plane image, final int size) {
		final int w = image.width(), h = image.height();
		final float[] weight = new float[w * h];
		final float[] across = window(w, size), down = window(h, size);
		for (int y = 0; y < h; y++)
			for (int x = 0; x < w; x++)
				weight[y * w + x] = across[x] * down[y];
		return weight;
	}

	private static float[] window(final int n, final int fade) {
		final float[] w = new float[n];
		for (int i = 0; i < n; i++) {
			final double at = Math.min(i + 0.5, n - 0.5 - i) / Math.min(fade, n / 2.0);
			w[i] = (float) (at >= 1 ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * at));
		}
		return w;
	}
}
