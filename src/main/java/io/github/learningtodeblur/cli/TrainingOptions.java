package io.github.learningtodeblur.cli;

import static io.github.learningtodeblur.cli.RunOptions.or;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.net.KernelLoss;
import io.github.learningtodeblur.train.ExampleRecipe;
import io.github.learningtodeblur.train.NetworkLayout;
import io.github.learningtodeblur.train.NoiseRange;
import io.github.learningtodeblur.train.Optimizer;
import io.github.learningtodeblur.train.Preset;
import io.github.learningtodeblur.train.Schedule;
import io.github.learningtodeblur.train.TrainingPlan;
import io.github.learningtodeblur.train.Updates;
import picocli.CommandLine.Option;

/** A network and its plan: what a preset says, and what is given in its place. */
final class TrainingOptions {

	@Option(names = "--preset", description = "usual, or paper: the paper's own network and training; all other" +
		" options change what it says")
	private String preset = Preset.USUAL.toString();

	// -- the network --

	@Option(names = "--kernels", split = ",", description = "kernel sizes of the scales, coarse to fine")
	private List<Integer> kernels;

	@Option(names = "--tied", arity = "0..1", fallbackValue = "true",
		description = "all scales but the first share their weights and are trained in turn")
	private Boolean tied;

	@Option(names = "--stages", description = "stages per scale; or two numbers, of the first and of the others",
		split = ",")
	private List<Integer> stages;

	@Option(names = "--pairs", split = ",",
		description = "pairs of feature images per stage; or several numbers, of the first stage, the second, ...")
	private List<Integer> pairs;

	@Option(names = "--learn-beta-k", arity = "0..1", fallbackValue = "true",
		description = "whether beta_k is learned, true or false")
	private Boolean learnBetaK;

	@Option(names = "--normalized", arity = "0..1", fallbackValue = "true",
		description = "whether mean and contrast of the input are taken off, true or false")
	private Boolean normalized;

	@Option(names = "--sharpening", split = ",", paramLabel = "SIZE=PIXELS",
		description = "kernels of a size leave the network deconvolved by a Gaussian of so many pixels")
	private Map<Integer, Double> sharpening;

	// -- its examples --

	@Option(names = "--noise", description = "standard deviation, or a range such as 0-0.02")
	private String noise;

	@Option(names = "--shot-noise", description = "largest standard deviation of shot noise at white")
	private Double shotNoise;

	@Option(names = "--crop", description = "side of the sharp crops in pixels; 0 for what suits the kernel size")
	private Integer crop;

	@Option(names = "--strict", arity = "0..1", fallbackValue = "true",
		description = "whether crops with few gradients are never taken, true or false")
	private Boolean strict;

	// -- its training --

	@Option(names = "--loss", description = "usual (relative, at several resolutions, shifts taken off) or plain" +
		" (the squared distance)")
	private String loss;

	@Option(names = "--warm-up", description = "steps over which the rate grows")
	private Integer warmUp;

	@Option(names = "--final-rate", description = "fraction of the rate at the end of a phase; 1 for a constant rate")
	private Double finalRate;

	@Option(names = "--later-rate", description = "factor of the rate for all but a first stage alone")
	private Double laterRate;

	@Option(names = "--clip", description = "largest norm of a gradient, or Infinity")
	private Double clip;

	@Option(names = "--outlier", description = "examples with so many times the running error are left out")
	private Double outlier;

	@Option(names = "--solo", description = "steps in which a new stage is trained alone")
	private Integer solo;

	@Option(names = "--grow", description = "previous: new stages start from the ones before; or random")
	private String grow;

	@Option(names = "--fine-tune",
		description = "part of the budget in which at the end all scales are trained together")
	private Double fineTune;

	@Option(names = "--even", arity = "0..1", fallbackValue = "true",
		description = "whether all stages have the same part of the budget, true or false")
	private Boolean even;

	@Option(names = "--coarser-beta-x", arity = "0..1", fallbackValue = "true",
		description = "whether beta_x after the last stage of a scale is trained with the next scale, true or false")
	private Boolean coarserBetaX;

	/**
	 * @param run what both kinds of training can be told
	 * @param start the model to start from, or null; what it makes of its input, its successor does, too
	 */
	TrainingPlan plan(final RunOptions run, final Model start) {
		final Preset p = Preset.named(preset);
		final NetworkLayout layout = layout(run, p.layout(), start);
		final ModelSpec spec = layout.spec();
		TrainingPlan plan = p.plan(spec).withSeed(run.seed);
		plan = plan.withRecipe(recipe(run, plan.recipe())).withUpdates(updates(run, plan.updates())).withSchedule(schedule(plan
			.schedule())).withBudget(run.budget());
		plan = given(plan, loss, (t, v) -> t.withLoss(switch (v) {
			case "usual" -> KernelLoss.USUAL;
			case "plain" -> KernelLoss.PAPER;
			default -> throw new IllegalArgumentException("--loss is usual or plain, got " + v);
		}));
		return given(plan, run.earlierLoss, TrainingPlan::withEarlierLoss);
	}

	private NetworkLayout layout(final RunOptions run, final NetworkLayout usual, final Model start) {
		NetworkLayout l = given(usual, kernels, NetworkLayout::withKernels);
		l = given(l, tied, NetworkLayout::withTied);
		l = given(l, stages, NetworkLayout::withStages);
		l = given(l, pairs, NetworkLayout::withPairs);
		l = given(l, sharpening, NetworkLayout::withSharpening);
		l = given(l, normalized != null || start == null ? normalized : (Boolean) start.spec().normalized(),
			NetworkLayout::withNormalized);
		final StageSpec s = l.stage();
		return l.withStage(new StageSpec(or(run.filters, s.filters()), or(run.filterSize, s.filterSize()), or(run.hidden, s.hidden()),
			or(run.layers, s.layers()), s.pairs(), or(learnBetaK, s.learnBetaK())));
	}

	private ExampleRecipe recipe(final RunOptions run, final ExampleRecipe usual) {
		ExampleRecipe r = given(usual, run.blur, ExampleRecipe::withBlur);
		r = given(r, noise, (t, v) -> t.withNoise(NoiseRange.parse(v)));
		r = given(r, shotNoise, ExampleRecipe::withShotNoise);
		r = given(r, crop, ExampleRecipe::withCrop);
		r = given(r, strict, ExampleRecipe::withStrict);
		return given(r, run.minScale, ExampleRecipe::withMinScale);
	}

	private Updates updates(final RunOptions run, final Updates usual) {
		Updates u = given(usual, run.batch, Updates::withBatch);
		u = given(u, run.optimizer, (t, v) -> t.withOptimizer(Optimizer.Kind.named(v)));
		u = given(u, run.rate, Updates::withRate);
		u = given(u, warmUp, Updates::withWarmUpSteps);
		u = given(u, finalRate, Updates::withFinalRate);
		u = given(u, laterRate, Updates::withLaterRate);
		u = given(u, clip, Updates::withClip);
		return given(u, outlier, Updates::withOutlier);
	}

	private Schedule schedule(final Schedule usual) {
		Schedule s = given(usual, solo, Schedule::withSoloSteps);
		s = given(s, grow, (t, v) -> t.withGrowFromPrevious(switch (v) {
			case "previous" -> true;
			case "random" -> false;
			default -> throw new IllegalArgumentException("--grow is previous or random, got " + v);
		}));
		s = given(s, fineTune, Schedule::withFineTune);
		s = given(s, even, Schedule::withEven);
		return given(s, coarserBetaX, Schedule::withCoarserBetaX);
	}

	private static <T, V> T given(final T usual, final V value, final BiFunction<T, V, T> with) {
		return value == null ? usual : with.apply(usual, value);
	}
}
