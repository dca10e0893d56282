package io.github.learningtodeblur.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.net.KernelLoss;

/**
 * All that decides how a model is trained. There are two: {@link #usual}, the one default, and {@link #paper}, which
 * follows sections 3 and 5 of the paper. Figures behind the reasons are in TRAINING.md, under "Preset paper".
 * <table>
 * <caption>What the paper does, and what we do</caption>
 * <tr><th></th><th>paper</th><th>default</th><th>reason of ours</th></tr>
 * <tr><td>kernel sizes</td><td>17, 25, 33, weights of their own</td><td>9, 17; shipped models 9, 13, 17, 25, 33,
 * shared from the second on</td><td>a coarser start is cheap; shared scales see all examples, and work at any size
 * between</td></tr>
 * <tr><td>pairs of feature images</td><td>2, in the third stage 4</td><td>4</td><td>error falls up to 4 (Fig. 2 of
 * ours)</td></tr>
 * <tr><td>filters, hidden images, stages</td><td>32, 32, 3</td><td>the same</td><td></td></tr>
 * <tr><td>beta_k</td><td>1e-4</td><td>learned</td><td>features are of order one; learned, it gets above 1000</td></tr>
 * <tr><td>beta_x after the last stage of a scale</td><td>learned, from the loss of the next scale</td><td>stays at
 * 1e-2</td><td>scales are trained one by one; the next scale's filters can adapt</td></tr>
 * <tr><td>input</td><td>as it is</td><td>mean 0, deviation 0.2</td><td>error 0.491 in place of 0.530</td></tr>
 * <tr><td>loss</td><td>squared L2 distance, last stage only</td><td>relative, over four resolutions</td><td>slow errors
 * spoil the image most</td></tr>
 * <tr><td>place of the kernel</td><td>centre of mass in the middle</td><td>wherever it comes out</td><td>a third of the
 * error was nothing but shifts</td></tr>
 * <tr><td>kernels</td><td>as large as their frame, a bare line</td><td>three in ten smaller, lines up to 0.5 pixels
 * wide</td><td>users do not know the size; lens and pixel have a width</td></tr>
 * <tr><td>sharp crops</td><td>256x256</td><td>by kernel size, shrunk down to 0.6</td><td>cheap sizes; sharper
 * images</td></tr>
 * <tr><td>noise</td><td>0.01</td><td>the same; shipped models 0 to 0.02</td><td>images of less noise</td></tr>
 * <tr><td>crops with gradients of 0.05 in less than 6 % of the pixels</td><td>never</td><td>the best of 100</td>
 * <td>folders of blank images do not stop the run</td></tr>
 * <tr><td>step</td><td>one example (a million of each)</td><td>8 examples</td><td>more at once; calmer
 * gradients</td></tr>
 * <tr><td>update rule</td><td>ADADELTA, 0.01, decay 0.95</td><td>SOAP, 0.03</td><td>error 0.461; Adam 0.489</td></tr>
 * <tr><td>rate</td><td>constant</td><td>warm-up, cosine, half of it for later stages</td><td>most of a run's gain comes
 * as the rate falls</td></tr>
 * <tr><td>gradients</td><td>not clipped</td><td>norm at most 1</td><td>outliers that pass the rule below</td></tr>
 * <tr><td>outliers</td><td>above 10 times the running error</td><td>the same</td><td></td></tr>
 * <tr><td>schedule</td><td>one stage, then one more, alone for 1000 steps; equally long</td><td>the same, in proportion
 * to size and number of stages</td><td>later stages cost more</td></tr>
 * <tr><td>new stages</td><td>random (it does not say)</td><td>from the stage before</td><td>less to learn</td></tr>
 * <tr><td>kernels of 33x33, applied</td><td>deconvolved by a Gaussian of 0.5 pixels</td><td>as they are</td><td>ours
 * score less after it</td></tr>
 * <tr><td>turned and mirrored crops</td><td>does not say</td><td>both: all eight</td><td>fewer photographs</td></tr>
 * </table>
 *
 * @param spec the finished model; it is trained scale after scale, stage after stage
 * @param seed of weights, examples and noise
 * @param earlierLoss weight of the errors of all but the last stage of a scale
 */
public record TrainingPlan(ModelSpec spec, long seed, ExampleRecipe recipe, KernelLoss loss, double earlierLoss,
	Updates updates, Schedule schedule, Budget budget)
{

	public TrainingPlan {
		check(earlierLoss >= 0, "Loss weight must not be negative, got " + earlierLoss);
	}

	static void check(final boolean ok, final String message) {
		if (!ok) throw new IllegalArgumentException(message);
	}

	/** The default, an hour. */
	public static TrainingPlan usual(final ModelSpec spec) {
		return new TrainingPlan(spec, 1, ExampleRecipe.USUAL, KernelLoss.USUAL, 0, Updates.USUAL, Schedule.USUAL, Budget
			.ofMinutes(60));
	}

	/** Training as in the paper, an hour; its network is {@link NetworkLayout#PAPER}. */
	public static TrainingPlan paper(final ModelSpec spec) {
		return new TrainingPlan(spec, 1, ExampleRecipe.PAPER, KernelLoss.PAPER, 0, Updates.PAPER, Schedule.PAPER, Budget
			.ofMinutes(60));
	}

	public TrainingPlan withSeed(final long other) {
		return new TrainingPlan(spec, other, recipe, loss, earlierLoss, updates, schedule, budget);
	}

	public TrainingPlan withRecipe(final ExampleRecipe other) {
		return new TrainingPlan(spec, seed, other, loss, earlierLoss, updates, schedule, budget);
	}

	public TrainingPlan withLoss(final KernelLoss other) {
		return new TrainingPlan(spec, seed, recipe, other, earlierLoss, updates, schedule, budget);
	}

	public TrainingPlan withEarlierLoss(final double weight) {
		return new TrainingPlan(spec, seed, recipe, loss, weight, updates, schedule, budget);
	}

	public TrainingPlan withUpdates(final Updates other) {
		return new TrainingPlan(spec, seed, recipe, loss, earlierLoss, other, schedule, budget);
	}

	public TrainingPlan withSchedule(final Schedule other) {
		return new TrainingPlan(spec, seed, recipe, loss, earlierLoss, updates, other, budget);
	}

	public TrainingPlan withBudget(final Budget other) {
		return new TrainingPlan(spec, seed, recipe, loss, earlierLoss, updates, schedule, other);
	}

	List<Phase> phases() {
		return schedule.phases(spec);
	}

	/** Pixels that the shorter side of a sharp image needs, so that all scales can be trained on it. */
	public int imageSide() {
		int side = 0;
		for (final ScaleSpec s : spec.scales())
			side = Math.max(side, recipe.cropSize(s.kernel(), s.stages().get(0).filterSize()) + s.kernel() - 1);
		return side;
	}

	/**
	 * A model's description, with what the training adds.
	 *
	 * @param examples seen so far
	 */
	Map<String, String> describe(final Map<String, String> description, final long examples) {
		final Map<String, String> d = new LinkedHashMap<>(description);
		d.put("noise", recipe.noise().toString());
		if (recipe.shotNoise() > 0) d.put("shot_noise", "0 to " + recipe.shotNoise() + " at white");
		d.put("steps", "" + examples / updates.batch());
		d.put("seed", "" + seed);
		d.put("plan", toString());
		return d;
	}
}
