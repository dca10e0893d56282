package io.github.learningtodeblur.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.util.Progress;

/**
 * Trains a model as section 3.3 of the paper says: stage after stage, a new stage alone at first, then end to
 * end; scale after scale, coarser scales frozen.
 * <p>
 * Writes the best model so far to the output file, a checkpoint ({@link #checkpointFile}) and a log
 * ({@link #logFile}) beside it.
 */
public final class Trainer {

	private final TrainingPlan plan;
	private final Backend backend;
	private final SharpImages trainingImages;
	private final SharpImages validationImages;
	private final Map<String, String> description;
	private final Consumer<TrainingStatus> listener;

	private Model model;
	private final Optimizers optimizers;
	private Counters counters = new Counters();

	/**
	 * @param description of the model to be, see {@link Model#description}
	 * @param listener told about every validation and every second in between
	 */
	public Trainer(final TrainingPlan plan, final Backend backend, final SharpImages trainingImages,
		final SharpImages validationImages, final Map<String, String> description,
		final Consumer<TrainingStatus> listener)
	{
		this.plan = plan;
		this.backend = backend;
		this.trainingImages = trainingImages;
		this.validationImages = validationImages;
		this.description = description;
		this.listener = listener;
		optimizers = new Optimizers(backend, plan.updates().optimizer(), plan.spec().parameters());
	}

	/** Where the state of a run is kept, beside its output file. */
	public static Path checkpointFile(final Path out) {
		return new RunFiles(out).checkpoint();
	}

	/** The log of a run in CSV, see {@link TrainingStatus#CSV_HEADER}. */
	public static Path logFile(final Path out) {
		return new RunFiles(out).log();
	}

	/** Starts from weights of another model where names and shapes agree; phases it has done are left out. */
	public void startFrom(final Model start) {
		final List<Phase> phases = plan.phases();
		int done = 0;
		while (done < phases.size() - 1 && Growth.contains(start.spec(), phases.get(done).spec(plan.spec())))
			done++;
		final ModelSpec spec = phases.get(done).spec(plan.spec());
		counters.phase = counters.firstPhase = done;
		counters.warm = Growth.contains(start.spec(), spec);
		model = Growth.grow(start, spec, plan, description);
	}

	/** Goes on where the checkpoint was written. */
	public void resume(final Path checkpoint) throws IOException {
		final Checkpoint c = Checkpoint.read(checkpoint);
		RunState.checkPlan(plan, c.counters().plan, checkpoint);
		model = c.model();
		counters = c.counters();
		optimizers.restore(c.state());
	}

	/**
	 * Trains until the budget is used up or the progress is canceled. Then, too, a checkpoint is written, and
	 * the output file is the best model so far; a scale that was never validated counts as better than the
	 * coarser ones.
	 *
	 * @return the model as it is at the end
	 */
	public Model run(final Path out, final Progress progress) throws IOException {
		final RunFiles files = new RunFiles(out);
		counters.plan = plan.toString();
		files.beginLog(counters.totalExamples == 0);
		final List<Phase> phases = plan.phases();
		while (counters.phase < phases.size()) {
			final Phase phase = phases.get(counters.phase);
			final ModelSpec spec = phase.spec(plan.spec());
			if (model == null) model = Model.initial(spec, plan.seed());
			else if (!model.spec().equals(spec)) model = Growth.grow(model, spec, plan, description);
			final PhaseRun run = new PhaseRun(plan, backend, trainingImages, validationImages, model, counters, optimizers,
				description, files, listener);
			final boolean over = run.run(progress);
			model = run.model();
			if (!over) break;
			final int next = counters.phase + 1;
			counters.nextPhase(next < phases.size() && phases.get(next).scale() != phase.scale());
			optimizers.clear();
		}
		return model;
	}
}
