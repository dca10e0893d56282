package io.github.learningtodeblur.train;

import java.util.List;

/** How far a phase is along its part of the budget, and how long the run will take. */
final class Pace {

	private final TrainingPlan plan;
	private final Counters counters;
	/** Of the phase, in the budget. */
	private final double share;
	/** Of all phases after it, in shares of this one. */
	private final double later;

	/** Of the phase that the counters are in. */
	Pace(final TrainingPlan plan, final Counters counters) {
		this.plan = plan;
		this.counters = counters;
		final List<Phase> phases = plan.phases();
		final Phase phase = phases.get(counters.phase);
		// what a start model has done already is not charged: its share goes to the phases that are left
		double shares = 0, after = 0;
		for (int p = counters.firstPhase; p < phases.size(); p++)
			shares += phases.get(p).share();
		for (int p = counters.phase + 1; p < phases.size(); p++)
			after += phases.get(p).share() / phase.share();
		share = phase.share() / shares;
		later = after;
	}

	/** Fraction of the phase, 1 or more at its end. */
	double done() {
		final Budget budget = plan.budget();
		return budget.examples() > 0 ? counters.examples / (budget.examples() * share) : counters.phaseSeconds / (budget
			.minutes() * 60 * share);
	}

	double examplesPerSecond() {
		return counters.examples / Math.max(1e-9, counters.phaseSeconds);
	}

	/** To the end of the run. */
	double secondsLeft(final double done) {
		final Budget budget = plan.budget();
		final double whole = budget.examples() > 0 ? budget.examples() * share / examplesPerSecond() : budget.minutes() *
			60 * share;
		return whole * (Math.max(0, 1 - done) + later);
	}
}
