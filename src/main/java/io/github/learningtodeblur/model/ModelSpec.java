package io.github.learningtodeblur.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The layout of a network: scales from coarse to fine (Sec. 3.2 of the paper), each a list of stages, each
 * of feature extraction, kernel estimation and image estimation (Sec. 3.1). Names and shapes of all weights
 * follow from it; the weights themselves are in {@link Model}.
 *
 * @param scales coarse to fine, 1 to 16, kernel sizes strictly increasing. Scales that share a
 *          {@link ScaleSpec#weights} name share their weights; the very first scale cannot, because its first
 *          stage sees the blurry image only, and all other stages see a latent image as well
 * @param normalized whether the blurry image is brought to a mean of 0 and a standard deviation of
 *          {@value #DEVIATION} before anything else. Brightness and contrast then make no difference, nor does it
 *          matter which of black and white is which: without biases, all parts are odd functions. The paper does
 *          not say
 * @param refining whether the network improves a kernel that was found before: then its first stage, too, sees a latent
 *          image, one restored with that kernel. Such a network has one scale of one stage
 */
public record ModelSpec(List<ScaleSpec> scales, boolean normalized, boolean refining) {

	/** Standard deviation of normalized images, that of usual photographs. */
	public static final float DEVIATION = 0.2f;

	/** Least ratio of the size of a scale made by {@link #upTo} to that of the scale before. */
	private static final double STEP = 1.15;

	/** A network that begins with the blurry image alone. */
	public ModelSpec(final List<ScaleSpec> scales, final boolean normalized) {
		this(scales, normalized, false);
	}

	/** The same, not normalized. */
	public ModelSpec(final List<ScaleSpec> scales) {
		this(scales, false);
	}

	/** A network that improves kernels of a size, see {@link #refining()}; normalized. */
	public static ModelSpec refining(final int kernel, final StageSpec stage) {
		return new ModelSpec(List.of(new ScaleSpec(kernel, "refine", List.of(stage))), true, true);
	}

	/** The same network for kernels of another size: that of a network that improves kernels does not matter to its weights. */
	public ModelSpec withKernel(final int size) {
		if (!refining) throw new IllegalStateException("Only networks that improve kernels are for any size");
		return refining(size, scales.get(0).stages.get(0));
	}

	public ModelSpec {
		scales = List.copyOf(scales);
		checkRange("Number of scales", scales.size(), 1, refining ? 1 : 16);
		if (refining) checkRange("Number of stages of a network that improves kernels", scales.get(0).stages.size(), 1, 1);
		final Map<String, ScaleSpec> byName = new HashMap<>();
		for (int i = 0; i < scales.size(); i++) {
			final ScaleSpec scale = scales.get(i);
			if (i > 0 && scale.kernel <= scales.get(i - 1).kernel) throw new IllegalArgumentException(
				"Kernel sizes must increase from scale to scale, got " + scale.kernel + " after " +
					scales.get(i - 1).kernel);
			final ScaleSpec twin = byName.putIfAbsent(scale.weights, scale);
			if (twin == null) continue;
			if (twin == scales.get(0)) throw new IllegalArgumentException("Scale " + (i + 1) +
				" cannot share the weights '" + scale.weights +
				"' of the first scale: its first stage has 2 input images, theirs has 1");
			if (!twin.stages.equals(scale.stages)) throw new IllegalArgumentException(
				"Scales that share the weights '" + scale.weights + "' must have equal stages");
		}
	}

	/**
	 * One scale: a network for one kernel size.
	 *
	 * @param kernel size of the estimated kernel in pixels of this scale, odd, 3 to 511
	 * @param weights prefix of the names of its parameters, such as {@code k9}: letters, digits, dot, dash,
	 *          underscore; not {@code training}
	 * @param stages 1 to 16
	 * @param sharpening standard deviation in pixels, 0 to 2, of the Gaussian by which the kernel is deconvolved
	 *          where it leaves the network after this scale: training with a squared error smooths kernels (Sec. 5).
	 *          0 leaves it as it is. Later scales and the loss see the kernel as it is in any case
	 */
	public record ScaleSpec(int kernel, String weights, List<StageSpec> stages, double sharpening) {

		/** Without sharpening. */
		public ScaleSpec(final int kernel, final String weights, final List<StageSpec> stages) {
			this(kernel, weights, stages, 0);
		}

		public ScaleSpec {
			if (!(sharpening >= 0 && sharpening <= 2)) throw new IllegalArgumentException(
				"The Gaussian that sharpens kernels must have 0 to 2 pixels, got " + sharpening);
			checkRange("Kernel size", kernel, 3, 511);
			checkOdd("Kernel size", kernel);
			if (!weights.matches("[A-Za-z0-9._-]+") || weights.equals("training"))
				throw new IllegalArgumentException("Not a name for weights: '" + weights + "'");
			stages = List.copyOf(stages);
			checkRange("Number of stages", stages.size(), 1, 16);
		}

		/** The same scale with other stages. */
		public ScaleSpec withStages(final List<StageSpec> others) {
			return new ScaleSpec(kernel, weights, others, sharpening);
		}
	}

	/**
	 * One stage. Its feature extractor is a convolution, then {@code layers} times a tanh and a pixel-wise
	 * recombination ("mix"), of which the last gives the feature images of Eq. 2.
	 *
	 * @param filters number of filters f_j, 1 to 1024
	 * @param filterSize side length of the filters in pixels, odd, 3 to 99; the paper does not tell it
	 * @param hidden images between two recombinations, 1 to 1024; without effect if {@code layers} is 1
	 * @param layers number of tanh + recombination layers, 1 to 8
	 * @param pairs number of pairs of feature images (x~_i, y~_i) in Eq. 3, 1 to 64
	 * @param learnBetaK whether beta_k of Eq. 3 is learned (Appendix A) or stays fixed (Sec. 3.1.2)
	 */
	public record StageSpec(int filters, int filterSize, int hidden, int layers, int pairs,
		boolean learnBetaK)
	{

		/** The stage of Sec. 5: 32 filters, 32 hidden images, two pairs of feature images. */
		public static final StageSpec DEFAULT = new StageSpec(32, 9, 32, 2, 2, true);

		public StageSpec {
			checkRange("Number of filters", filters, 1, 1024);
			checkRange("Filter size", filterSize, 3, 99);
			checkOdd("Filter size", filterSize);
			checkRange("Number of hidden images", hidden, 1, 1024);
			checkRange("Number of layers", layers, 1, 8);
			checkRange("Number of feature pairs", pairs, 1, 64);
		}

		/** @return the same stage with another number of feature pairs */
		public StageSpec withPairs(final int count) {
			return new StageSpec(filters, filterSize, hidden, layers, count, learnBetaK);
		}
	}

	/** The same network with other scales. */
	public ModelSpec withScales(final List<ScaleSpec> others) {
		return new ModelSpec(others, normalized, refining);
	}

	/** Kernel sizes of the scales, from coarse to fine. */
	public List<Integer> kernels() {
		return scales.stream().map(ScaleSpec::kernel).toList();
	}

	/** Kernel size of the finest scale. */
	public int largestKernel() {
		return scales.get(scales.size() - 1).kernel;
	}

	/** Whether there is a scale for kernels of a size, or {@link #upTo} can make one. */
	public boolean has(final int kernel) {
		final ScaleSpec next = next(kernel);
		return next != null && (next.kernel == kernel || kernel % 2 == 1 && kernel > scales.get(0).kernel &&
			scales.stream().filter(s -> s.weights.equals(next.weights)).count() > 1);
	}

	/** The coarsest scale for kernels of that size at least, or null. */
	public ScaleSpec next(final int kernel) {
		return scales.stream().filter(s -> s.kernel >= kernel).findFirst().orElse(null);
	}

	/**
	 * The network for kernels of one size. Scales that share their weights are one network at several sizes, hence
	 * another size can stand between them: then it comes after those that are clearly smaller.
	 *
	 * @throws IllegalArgumentException if there is no such scale and none can be made
	 */
	public ModelSpec upTo(final int kernel) {
		if (!has(kernel)) throw new IllegalArgumentException("There is no scale for kernels of " + kernel +
			" pixels, only of " + kernels());
		final ScaleSpec next = next(kernel);
		final List<ScaleSpec> list = new ArrayList<>(scales.subList(0, scales.indexOf(next)));
		if (next.kernel != kernel) list.removeIf(s -> s != scales.get(0) && s.kernel * STEP > kernel);
		list.add(new ScaleSpec(kernel, next.weights, next.stages, next.sharpening));
		return withScales(list);
	}

	/**
	 * Input images of a stage: 1 (the blurry image) for the very first unless the network is {@link #refining}, else 2
	 * (latent image, blurry image).
	 *
	 * @param scale from 0, coarse to fine
	 * @param stage from 0
	 */
	public int inputs(final int scale, final int stage) {
		return scale == 0 && stage == 0 && !refining ? 1 : 2;
	}

	/**
	 * Prefix of the parameter names of a stage, such as {@code k9/1/}: the number counts from 1.
	 *
	 * @param scale from 0, coarse to fine
	 * @param stage from 0
	 */
	public String prefix(final int scale, final int stage) {
		return scales.get(scale).weights + "/" + (stage + 1) + "/";
	}

	/**
	 * Names and shapes of all parameters, in the order of computation; shared ones once. Per stage:
	 * <ul>
	 * <li>{@code filters} (filters, inputs, size, size); of two inputs the first is the latent image</li>
	 * <li>{@code mix1} (hidden, filters), ..., {@code mixL} (2 * pairs, hidden or filters): rows are outputs,
	 * in the last one first all x~_i, then all y~_i</li>
	 * <li>{@code log_beta_k} (1): natural logarithm of beta_k of Eq. 3</li>
	 * <li>{@code log_beta_x} (1): the same for beta_x of Eq. 5, in the image estimation after this stage</li>
	 * </ul>
	 */
	public LinkedHashMap<String, int[]> parameters() {
		final LinkedHashMap<String, int[]> shapes = new LinkedHashMap<>();
		for (int s = 0; s < scales.size(); s++) {
			final List<StageSpec> stages = scales.get(s).stages;
			for (int t = 0; t < stages.size(); t++) {
				final StageSpec stage = stages.get(t);
				final String prefix = prefix(s, t);
				shapes.put(prefix + "filters", new int[] { stage.filters, inputs(s, t), stage.filterSize,
					stage.filterSize });
				int images = stage.filters;
				for (int l = 1; l <= stage.layers; l++) {
					final int outputs = l == stage.layers ? 2 * stage.pairs : stage.hidden;
					shapes.put(prefix + "mix" + l, new int[] { outputs, images });
					images = outputs;
				}
				shapes.put(prefix + "log_beta_k", new int[] { 1 });
				shapes.put(prefix + "log_beta_x", new int[] { 1 });
			}
		}
		return shapes;
	}

	private static void checkRange(final String what, final int value, final int min, final int max) {
		if (value < min || value > max) throw new IllegalArgumentException(what + " must be " + min +
			" to " + max + ", got " + value);
	}

	private static void checkOdd(final String what, final int value) {
		if (value % 2 == 0) throw new IllegalArgumentException(what + " must be odd, got " + value);
	}
}
