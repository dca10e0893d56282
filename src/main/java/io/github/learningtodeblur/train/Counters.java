package io.github.learningtodeblur.train;

/** Where a run is; those of the phase begin at zero with each phase. Kept in checkpoints under these names. */
final class Counters {

	/** Averages over about so many examples, in the end. */
	private static final double SLOWEST = 0.999;

	int phase;
	/** The first phase this run had to do, see {@link Trainer#startFrom}. */
	int firstPhase;
	/** Whether all stages of that phase had been trained before. */
	boolean warm;
	long step;
	long examples;
	long skipped;
	double phaseSeconds;
	long totalExamples;
	double seconds;
	/** Running average of the relative error; 0 at the start of a phase. */
	double error;
	/** The same of what training makes small, often the same. */
	double loss;
	/** Smallest validation error of the scale; 0 if none yet. */
	double best;
	/** The plan's text: a run can't be resumed with another. */
	String plan;

	/** @param newScale whether errors start anew as well */
	void nextPhase(final boolean newScale) {
		if (newScale) best = 0;
		phase++;
		step = 0;
		examples = 0;
		skipped = 0;
		phaseSeconds = 0;
		error = 0;
		loss = 0;
	}

	/** Of an example that was learned from. */
	void addError(final double relative, final double inLoss) {
		// at first a plain mean, later a slow exponential average
		final double decay = Math.min(SLOWEST, 1 - 1.0 / (examples - skipped + 1));
		error = error == 0 ? relative : error * decay + relative * (1 - decay);
		loss = loss == 0 ? inLoss : loss * decay + inLoss * (1 - decay);
	}

	void addStep(final int batch) {
		step++;
		examples += batch;
		totalExamples += batch;
	}

	void addSeconds(final double more) {
		phaseSeconds += more;
		seconds += more;
	}
}
