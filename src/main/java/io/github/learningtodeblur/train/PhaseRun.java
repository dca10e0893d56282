package io.github.learningtodeblur.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.train.ScaleTurn.Validation;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;

/** One phase of a run, from wherever the counters are to its end or until somebody cancels. */
final class PhaseRun {

	private static final double REPORT_SECONDS = 1;

	private final TrainingPlan plan;
	private final Backend backend;
	private final Counters counters;
	private final Optimizers optimizers;
	private final Map<String, String> description;
	private final RunFiles files;
	private final Consumer<TrainingStatus> listener;
	private final Phase phase;
	private final ModelSpec spec;
	private final Pace pace;
	private final List<ScaleTurn> turns = new ArrayList<>();
	private final Parameters weights;
	private final Clock clock = new Clock();
	private Model model;
	/** Null before the first one. */
	private TrainingStep step;
	/** Whether that trains the newest stage alone. */
	private boolean solo;

	/** @param model of the phase's spec */
	PhaseRun(final TrainingPlan plan, final Backend backend, final SharpImages trainingImages,
		final SharpImages validationImages, final Model model, final Counters counters,
		final Optimizers optimizers, final Map<String, String> description, final RunFiles files,
		final Consumer<TrainingStatus> listener)
	{
		this.plan = plan;
		this.backend = backend;
		this.model = model;
		this.counters = counters;
		this.optimizers = optimizers;
		this.description = description;
		this.files = files;
		this.listener = listener;
		phase = plan.phases().get(counters.phase);
		spec = model.spec();
		pace = new Pace(plan, counters);
		for (int i = phase.first(); i <= phase.scale(); i++)
			turns.add(new ScaleTurn(plan, phase, counters.phase, i, trainingImages, validationImages));
		weights = Parameters.of(backend, model);
	}

	/** As it was when last looked at. */
	Model model() {
		return model;
	}

	/** @return whether the phase is over; false if canceled */
	boolean run(final Progress progress) throws IOException {
		while (true) {
			final double done = pace.done();
			final boolean over = done >= 1, canceled = progress.canceled();
			if (over || canceled || clock.sinceCheckpoint() > plan.budget().checkpointMinutes() * 60) {
				if (step == null) return !canceled;
				model = weights.read(spec, plan.describe(description, counters.totalExamples));
				if (canceled || !validated(done, progress)) {
					// whoever cancels does not want to wait for a validation
					if (counters.best == 0) files.write(model);
					files.writeCheckpoint(model, optimizers, counters);
					return false;
				}
				if (over) return true;
			}
			else if (clock.sinceReport() > REPORT_SECONDS) report(done, progress);
			prepareStep();
			final ScaleTurn turn = turns.get((int) (counters.step % turns.size()));
			Threads.runInside(() -> step.run(turn, plan.updates().rate(phase, counters.step, done), counters));
			counters.addSeconds(clock.lap());
		}
	}

	/** Measures the model and writes all files. @return false if canceled before anything was written */
	private boolean validated(final double done, final Progress progress) throws IOException {
		final List<Validation> results = new ArrayList<>();
		for (final ScaleTurn turn : turns) {
			results.add(turn.validate(phase.stages() - 1, progress));
			if (progress.canceled()) return false;
		}
		final double error = results.stream().mapToDouble(Validation::error).average().orElseThrow();
		counters.best = counters.best == 0 ? error : Math.min(counters.best, error);
		for (int i = 0; i < turns.size(); i++) {
			final TrainingStatus status = status(turns.get(i), done, results.get(i));
			listener.accept(status);
			files.log(status);
		}
		if (error <= counters.best) files.write(model);
		clock.checkpoint();
		files.writeCheckpoint(model, optimizers, counters);
		return true;
	}

	private void report(final double done, final Progress progress) {
		final ScaleTurn finest = turns.get(turns.size() - 1);
		listener.accept(status(finest, done, new Validation(Double.NaN, List.of())));
		progress.report((long) (done * 1000), 1000, "Training " + finest.kernel() + "x" + finest.kernel() + ", stage " +
			phase.stages());
		clock.report();
	}

	/** A new stage is trained alone at first, unless it was there before. */
	private void prepareStep() {
		final boolean warm = counters.warm && counters.phase == counters.firstPhase;
		final boolean now = phase.stages() > 1 && !phase.allScales() && !warm && counters.step < plan.schedule()
			.soloSteps();
		if (step != null && solo == now) return;
		solo = now;
		final Parameters trained = weights.trained(phase.trained(spec, solo, plan.schedule().coarserBetaX()));
		for (final ScaleTurn turn : turns)
			turn.train(backend, trained);
		step = new TrainingStep(plan, trained, optimizers, phase.stages());
	}

	private TrainingStatus status(final ScaleTurn turn, final double done, final Validation validation) {
		return new TrainingStatus(turn.kernel(), phase.stages(), counters.phase + 1, plan.phases().size(),
			counters.examples, counters.totalExamples, counters.seconds, counters.error, validation.error(),
			counters.best == 0 ? Double.NaN : counters.best, plan.updates().rate(phase, counters.step, done),
			counters.skipped, pace.examplesPerSecond(), pace.secondsLeft(done), validation.samples());
	}
}
