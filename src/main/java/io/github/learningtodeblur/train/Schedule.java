package io.github.learningtodeblur.train;

import java.util.ArrayList;
import java.util.List;

import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;

/**
 * What is trained when.
 *
 * @param soloSteps steps in which a new stage is trained alone
 * @param growFromPrevious new stages and scales start from the weights of the stage before where shapes agree;
 *          otherwise random
 * @param fineTune part of the budget, 0 to below 1, in which at the end all scales are trained together
 * @param even whether all stages have the same part of the budget; else, those that cost more, more
 * @param coarserBetaX whether beta_x of the last stage of a scale learns what the next scale makes of the image,
 *          while all else of its scale stays as it is
 */
public record Schedule(int soloSteps, boolean growFromPrevious, double fineTune, boolean even, boolean coarserBetaX) {

	public static final Schedule USUAL = new Schedule(1000, true, 0, false, false);

	/** See the table of {@link TrainingPlan}. */
	public static final Schedule PAPER = new Schedule(1000, false, 0, true, true);

	public Schedule {
		TrainingPlan.check(soloSteps >= 0, "Number of steps must not be negative, got " + soloSteps);
		TrainingPlan.check(fineTune >= 0 && fineTune < 1, "Part for fine-tuning must be 0 to below 1, got " + fineTune);
	}

	public Schedule withSoloSteps(final int steps) {
		return new Schedule(steps, growFromPrevious, fineTune, even, coarserBetaX);
	}

	public Schedule withGrowFromPrevious(final boolean grow) {
		return new Schedule(soloSteps, grow, fineTune, even, coarserBetaX);
	}

	public Schedule withFineTune(final double part) {
		return new Schedule(soloSteps, growFromPrevious, part, even, coarserBetaX);
	}

	public Schedule withEven(final boolean equal) {
		return new Schedule(soloSteps, growFromPrevious, fineTune, equal, coarserBetaX);
	}

	public Schedule withCoarserBetaX(final boolean learned) {
		return new Schedule(soloSteps, growFromPrevious, fineTune, even, learned);
	}

	/**
	 * Scale after scale, one stage more in each phase; scales next to each other that share their weights are
	 * one phase. Unless even, the t-th stage of kernel size k gets t * k parts of the budget: it is trained together
	 * with all before it, and on larger images. Fine-tuning comes last.
	 */
	List<Phase> phases(final ModelSpec spec) {
		double total = 0;
		for (final ScaleSpec s : spec.scales())
			for (int t = 1; t <= s.stages().size(); t++)
				total += even ? 1 : t * s.kernel();
		final List<Phase> phases = new ArrayList<>();
		int first = 0;
		for (int i = 0; i < spec.scales().size(); i++) {
			final ScaleSpec s = spec.scales().get(i);
			if (i + 1 < spec.scales().size() && spec.scales().get(i + 1).weights().equals(s.weights()))
				continue;
			final int kernels = spec.scales().subList(first, i + 1).stream().mapToInt(ScaleSpec::kernel)
				.sum();
			for (int t = 1; t <= s.stages().size(); t++)
				phases.add(new Phase(first, i, t, (even ? i + 1 - first : t * kernels) / total * (1 - fineTune), false));
			first = i + 1;
		}
		final Phase last = phases.get(phases.size() - 1);
		if (fineTune > 0) phases.add(new Phase(last.first(), last.scale(), last.stages(), fineTune,
			true));
		return phases;
	}
}
