package io.github.learningtodeblur.train;

import java.util.List;

import io.github.learningtodeblur.util.Plane;

/**
 * Where a training run stands.
 *
 * @param kernel kernel size of the scale trained
 * @param stages its number of stages so far
 * @param phase from 1
 * @param examples seen in this phase
 * @param totalExamples seen in the whole run
 * @param seconds of training so far, all sessions of the run together
 * @param error running average of the relative squared kernel error
 * @param validation relative squared kernel error of the held-out examples, mean; NaN if not measured now
 * @param best smallest {@code validation} of this scale so far, NaN at first
 * @param rate learning rate
 * @param skipped examples not back-propagated in this phase
 * @param examplesPerSecond of late
 * @param secondsLeft to the end of the budget
 * @param samples some of the held-out examples with what the network makes of them; empty if {@code
 *          validation} is not measured now
 */
public record TrainingStatus(int kernel, int stages, int phase, int phases, long examples,
	long totalExamples, double seconds, double error, double validation, double best, double rate,
	long skipped, double examplesPerSecond, double secondsLeft, List<Sample> samples)
{

	/**
	 * A held-out example.
	 *
	 * @param blurry the network's input
	 * @param kernel the true one, sum 1
	 * @param estimate the network's, sum 1
	 */
	public record Sample(Plane blurry, Plane kernel, Plane estimate) {}

	public TrainingStatus {
		samples = List.copyOf(samples);
	}

	/** Column titles of {@link #csv}. */
	public static final String CSV_HEADER =
		"seconds,kernel,stages,examples,total_examples,error,validation,best,rate,skipped,examples_per_s";

	public String csv() {
		return String.format(java.util.Locale.ROOT, "%.0f,%d,%d,%d,%d,%.5f,%.5f,%.5f,%.6f,%d,%.1f", seconds,
			kernel, stages, examples, totalExamples, error, validation, best, rate, skipped,
			examplesPerSecond);
	}
}
