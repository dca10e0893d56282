package io.github.learningtodeblur.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;

import io.github.learningtodeblur.model.Safetensors;

/**
 * Where a run stands that trains one network with one plan. Kept in its checkpoints, under the names of the fields, as one
 * more text of the model.
 */
final class RunState {

	private static final String KEY = "training";

	/** That are told, of two plans. */
	private static final int DIFFERENCES = 5;

	/** Part of the rate that is left at the end. */
	private static final double FINAL_RATE = 0.02;

	long step;
	long examples;
	double seconds;
	double loss;
	double best;
	String plan;

	/**
	 * @param texts of a checkpoint; what is found is taken out
	 * @param plan of the run that is to go on
	 * @throws IOException if there is no such state, or it belongs to another plan
	 */
	static RunState take(final Map<String, String> texts, final Object plan, final Object checkpoint) throws IOException {
		final String json = texts.remove(KEY);
		if (json == null) throw new IOException(checkpoint + " is a model, but not a checkpoint of a training run");
		final RunState state;
		try {
			state = new Gson().fromJson(json, RunState.class);
		}
		catch (final JsonParseException e) {
			throw new IOException(checkpoint + " has damaged counters: " + e.getMessage(), e);
		}
		checkPlan(plan, state.plan, checkpoint);
		return state;
	}

	/** @throws IOException if a checkpoint is of another plan, saying in what they differ */
	static void checkPlan(final Object plan, final String before, final Object checkpoint) throws IOException {
		final String now = plan.toString();
		if (now.equals(before)) return;
		final List<String> was = settings(before), is = settings(now);
		final List<String> different = new ArrayList<>();
		for (int i = 0; was.size() == is.size() && i < was.size(); i++)
			if (!was.get(i).equals(is.get(i))) different.add(was.get(i) + " and not " + is.get(i).replaceFirst(".*=", ""));
		throw new IOException(checkpoint + " belongs to a run with other settings" + (different.isEmpty() ? ": of another network" : ": " +
			String.join(", ", different.subList(0, Math.min(DIFFERENCES, different.size()))) + (different.size() > DIFFERENCES ? ", ..." : "")));
	}

	/** Of all records within each other, what has no parts. */
	private static List<String> settings(final String plan) {
		return Pattern.compile("\\w+=[^,\\[\\]]*(?=[,\\]])").matcher(plan).results().map(MatchResult::group).toList();
	}

	/** Makes a checkpoint of a model's contents, which are added to. */
	void addTo(final Safetensors.Contents contents, final Optimizers optimizers) {
		contents.metadata().put(KEY, new Gson().toJson(this));
		Checkpoint.addState(optimizers.state(), contents);
	}

	/** Fraction of a budget that is used up. */
	double done(final Budget budget) {
		return budget.examples() > 0 ? (double) examples / budget.examples() : seconds / 60 / budget.minutes();
	}

	/** After a step that was taken. @param errors squared, of its examples; the loss is a running mean, in decibels */
	void learned(final float[] errors) {
		for (int i = 0; i < errors.length; i++) {
			final double decay = Math.min(0.998, 1 - 1.0 / (examples + i + 1));
			loss = loss * decay + 10 * Math.log10(errors[i]) * (1 - decay);
		}
	}

	void counted(final int more) {
		step++;
		examples += more;
	}

	/**
	 * Learning rate that grows over some steps, and then falls as a cosine does.
	 *
	 * @param step from 0
	 * @param done fraction of the budget that is used up
	 */
	static double rate(final double rate, final int warmUp, final long step, final double done) {
		return rate * Math.min(1, (step + 1.0) / warmUp) * (FINAL_RATE + (1 - FINAL_RATE) * (0.5 + 0.5 * Math.cos(Math.PI * Math.min(
			1, done))));
	}
}
