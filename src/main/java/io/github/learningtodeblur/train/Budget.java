package io.github.learningtodeblur.train;

/**
 * How long a run may take, and how often it is measured.
 *
 * @param examples of the whole run, or 0 if {@code minutes} rules
 * @param minutes of the whole run, or 0 if {@code examples} rules
 * @param validationExamples number of held-out examples
 * @param checkpointMinutes time between validations and checkpoints
 */
public record Budget(long examples, double minutes, int validationExamples, double checkpointMinutes) {

	public Budget {
		TrainingPlan.check(examples > 0 ^ minutes > 0, "Training needs a budget above 0 in either minutes or examples");
		TrainingPlan.check(validationExamples >= 1, "At least one validation example is needed");
		TrainingPlan.check(checkpointMinutes > 0, "Time between checkpoints must be positive");
	}

	public static Budget ofMinutes(final double minutes) {
		return new Budget(0, minutes, 64, 3);
	}

	public static Budget ofExamples(final long examples) {
		return new Budget(examples, 0, 64, 3);
	}

	public Budget withValidationExamples(final int count) {
		return new Budget(examples, minutes, count, checkpointMinutes);
	}

	public Budget withCheckpointMinutes(final double between) {
		return new Budget(examples, minutes, validationExamples, between);
	}
}
