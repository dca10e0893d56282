package io.github.learningtodeblur.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.net.KernelLoss;
import io.github.learningtodeblur.net.MultiScaleNetwork;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.train.TrainingPlan.Phase;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;

/**
 * Trains a model as section 3.3 of the paper says: stage after stage, a new stage alone at first, then end to
 * end; scale after scale, coarser scales frozen. Each example of a step is run on one thread, and the
 * gradients are added in the order of the examples, so the result does not depend on the number of threads.
 * Threads over the rows of one example after the other are slower: 20 to 24 against 28 examples/s (three
 * stages at 17x17, two cores of Zen 4).
 * <p>
 * Writes the best model so far to the output file, a checkpoint ({@link #checkpointFile}) and a log
 * ({@link #logFile}) beside it.
 */
public final class Trainer {

	private static final double RUNNING_AVERAGE = 0.999;
	private static final double REPORT_SECONDS = 1;
	/** Held-out examples shown to the listener. */
	private static final int SAMPLES = 6;
	/** Examples of a phase before the running average is trusted to tell outliers. */
	private static final int TRUSTED_AFTER = 200;

	private final TrainingPlan plan;
	private final Backend backend;
	private final SharpImages trainingImages;
	private final SharpImages validationImages;
	private final BlurFamily blur;
	private final Map<String, String> description;
	private final Consumer<TrainingStatus> listener;

	private Model model;
	private Map<String, Optimizer> optimizers = new LinkedHashMap<>();
	private Checkpoint.Counters counters = new Checkpoint.Counters();

	/**
	 * @param description of the model to be, see {@link Model#description}
	 * @param listener told about every validation and every second in between
	 */
	public Trainer(final TrainingPlan plan, final Backend backend, final SharpImages trainingImages,
		final SharpImages validationImages, final BlurFamily blur,
		final Map<String, String> description, final Consumer<TrainingStatus> listener)
	{
		this.plan = plan;
		this.backend = backend;
		this.trainingImages = trainingImages;
		this.validationImages = validationImages;
		this.blur = blur;
		this.description = description;
		this.listener = listener;
	}

	/** Where the state of a run is kept, beside its output file. */
	public static Path checkpointFile(final Path out) {
		return out.resolveSibling(out.getFileName() + ".checkpoint");
	}

	/** The log of a run in CSV, see {@link TrainingStatus#CSV_HEADER}. */
	public static Path logFile(final Path out) {
		return out.resolveSibling(out.getFileName() + ".csv");
	}

	/** Starts from weights of another model where names and shapes agree; phases it has done are left out. */
	public void startFrom(final Model start) {
		final List<Phase> phases = plan.phases();
		int done = 0;
		while (done < phases.size() - 1 && contains(start.spec(), phases.get(done).spec(plan.spec())))
			done++;
		counters.phase = counters.firstPhase = done;
		counters.warm = contains(start.spec(), phases.get(done).spec(plan.spec()));
		model = transfer(start, phases.get(done).spec(plan.spec()));
	}

	private static boolean contains(final ModelSpec whole, final ModelSpec part) {
		final Map<String, int[]> has = whole.parameters();
		return part.parameters().entrySet().stream().allMatch(e -> Arrays.equals(has.get(e.getKey()), e
			.getValue()));
	}

	/** Goes on where the checkpoint was written. */
	public void resume(final Path checkpoint) throws IOException {
		final Checkpoint c = Checkpoint.read(checkpoint);
		if (!plan.toString().equals(c.counters().plan)) throw new IOException(checkpoint +
			" belongs to a run with another plan: " + c.counters().plan);
		model = c.model();
		counters = c.counters();
		c.state().forEach((name, arrays) -> {
			final Optimizer o = plan.optimizer().create(model.spec().parameters().get(name));
			for (int i = 0; i < arrays.size(); i++)
				System.arraycopy(arrays.get(i), 0, o.state().get(i), 0, arrays.get(i).length);
			optimizers.put(name, o);
		});
	}

	/**
	 * Trains until the budget is used up or the progress is canceled. Then, too, a checkpoint is written, and
	 * the output file is the best model so far; a scale that was never validated counts as better than the
	 * coarser ones.
	 *
	 * @return the model as it is at the end
	 */
	public Model run(final Path out, final Progress progress) throws IOException {
		counters.plan = plan.toString();
		if (!Files.exists(logFile(out)) || counters.totalExamples == 0) Files.writeString(logFile(out),
			TrainingStatus.CSV_HEADER + "\n");
		final List<Phase> phases = plan.phases();
		// what a start model has done already is not charged: its share goes to the phases that are left
		double shares = 0;
		for (int p = counters.firstPhase; p < phases.size(); p++)
			shares += phases.get(p).share();
		for (; counters.phase < phases.size(); nextPhase()) {
			final Phase phase = phases.get(counters.phase);
			final ModelSpec spec = phase.spec(plan.spec());
			if (model == null) model = Model.initial(spec, plan.seed());
			else if (!model.spec().equals(spec)) model = transfer(model, spec);
			if (!train(phase, spec, phase.share() / shares, phases.size(), out, progress)) break;
		}
		return model;
	}

	private void nextPhase() {
		if (plan.phases().size() > counters.phase + 1 && plan.phases().get(counters.phase + 1)
			.scale() != plan.phases().get(counters.phase).scale()) counters.best = 0;
		counters.phase++;
		counters.step = 0;
		counters.examples = 0;
		counters.skipped = 0;
		counters.phaseSeconds = 0;
		counters.error = 0;
		optimizers = new LinkedHashMap<>();
	}

	/** Weights for a larger model: what the old one has, and a start for the rest. */
	private Model transfer(final Model from, final ModelSpec to) {
		final Map<String, float[]> all = new LinkedHashMap<>();
		final ScaleSpec newest = to.scales().get(to.scales().size() - 1);
		to.parameters().forEach((name, shape) -> {
			float[] v = same(from, name, shape);
			if (v == null && plan.growFromPrevious() && name.startsWith(newest.weights() + "/")) {
				final String[] part = name.split("/"); // weights / stage / parameter
				final int stage = Integer.parseInt(part[1]);
				if (stage > 1) v = same(from, part[0] + "/" + (stage - 1) + "/" + part[2], shape);
				// The first stage of a finer scale has a latent image before it, as has the second of the coarser.
				else if (to.scales().size() > 1) v = same(from, to.scales().get(to.scales().size() - 2)
					.weights() + "/2/" + part[2], shape);
			}
			all.put(name, v != null ? v.clone() : Model.initial(name, shape, plan.seed()));
		});
		return new Model(to, all, description);
	}

	private static float[] same(final Model from, final String name, final int[] shape) {
		final int[] has = from.spec().parameters().get(name);
		return has != null && Arrays.equals(has, shape) ? from.parameters().get(name) : null;
	}

	/** @return whether the phase is over; false if canceled */
	private boolean train(final Phase phase, final ModelSpec spec, final double share,
		final int phases, final Path out, final Progress progress) throws IOException
	{
		final List<Turn> turns = new ArrayList<>();
		for (int i = phase.first(); i <= phase.scale(); i++)
			turns.add(new Turn(phase, i));
		final Parameters weights = Parameters.of(backend, model);
		final int last = phase.stages() - 1;
		final float[] stageWeights = new float[phase.stages()];
		Arrays.fill(stageWeights, (float) plan.earlierLoss());
		stageWeights[last] = 1;
		final boolean warm = counters.warm && counters.phase == counters.firstPhase;
		final boolean solo = phase.stages() > 1 && !phase.allScales() && !warm;
		Boolean lanesSolo = null;
		final Clock clock = new Clock();
		while (true) {
			final double done = plan.examples() > 0 ? counters.examples / (plan.examples() * share)
				: counters.phaseSeconds / (plan.minutes() * 60 * share);
			final boolean over = done >= 1, canceled = progress.canceled();
			if (over || canceled || clock.sinceCheckpoint() > plan.checkpointMinutes() * 60) {
				if (lanesSolo == null) return !canceled;
				model = weights.read(spec, describe());
				for (final Turn turn : turns)
					if (!progress.canceled()) turn.validate(last, progress);
				final double error = turns.stream().mapToDouble(t -> t.validation).average().orElseThrow();
				if (canceled || progress.canceled()) {
					// no validation: whoever cancels does not want to wait for it
					if (counters.best == 0) Models.save(out, model);
					writeCheckpoint(out);
					return false;
				}
				counters.best = counters.best == 0 ? error : Math.min(counters.best, error);
				for (final Turn turn : turns) {
					final TrainingStatus status = status(phase, turn.kernel(), phases, done, share,
						turn.validation, turn.samples);
					listener.accept(status);
					Files.writeString(logFile(out), status.csv() + "\n",
						java.nio.file.StandardOpenOption.APPEND, java.nio.file.StandardOpenOption.CREATE);
				}
				if (error <= counters.best) Models.save(out, model);
				clock.checkpoint();
				writeCheckpoint(out);
				if (over) return true;
			}
			else if (clock.sinceReport() > REPORT_SECONDS) {
				final int kernel = turns.get(turns.size() - 1).kernel();
				listener.accept(status(phase, kernel, phases, done, share, Double.NaN, List.of()));
				progress.report((long) (done * 1000), 1000, "Training " + kernel + "x" + kernel +
					", stage " + phase.stages());
				clock.report();
			}
			final boolean now = solo && counters.step < plan.soloSteps();
			if (lanesSolo == null || lanesSolo != now) {
				for (final Turn turn : turns)
					turn.lanes = new Lanes(turn, weights.trained(trained(spec, phase, now)));
				lanesSolo = now;
			}
			step(turns.get((int) (counters.step % turns.size())), weights, stageWeights, last, plan.rate(
				phase, counters.step, done));
			final double lap = clock.lap();
			counters.phaseSeconds += lap;
			counters.seconds += lap;
		}
	}

	private ExampleSource source(final SharpImages images, final int crop, final int kernel,
		final long seed)
	{
		return new ExampleSource(images, blur, new ExamplePlan(crop, kernel, seed).withNoise(plan
			.noiseMin(), plan.noiseMax()).withShotNoise(plan.shotNoise()));
	}

	/**
	 * The parameters of the scale trained, or of all scales; only those of its newest stage while that is
	 * trained alone.
	 */
	private static Set<String> trained(final ModelSpec spec, final Phase phase, final boolean solo) {
		final String weights = spec.scales().get(phase.scale()).weights() + "/";
		final String prefix = phase.allScales() ? "" : solo ? weights + phase.stages() + "/" : weights;
		final Set<String> names = new LinkedHashSet<>();
		for (final String name : spec.parameters().keySet())
			if (name.startsWith(prefix)) names.add(name);
		return names;
	}

	/** One step: forward and backward for a batch of examples, then an update. */
	private void step(final Turn turn, final Parameters weights, final float[] stageWeights,
		final int last, final double rate)
	{
		final Lanes lanes = turn.lanes;
		final int n = plan.batch();
		final float[][] gradients = new float[n][];
		final double[] errors = new double[n];
		// the running average is over all scales taking turns: a coarse sieve is all this needs to be
		final double average = counters.examples < TRUSTED_AFTER ? Double.POSITIVE_INFINITY
			: counters.error * plan.outlier();
		final long first = counters.examples;
		Threads.forEach(n, i -> Parallelization.runSingleThreaded(() -> {
			final MultiScaleNetwork net = lanes.take();
			final ExampleSource.Example example = turn.training.example(first + i);
			net.setBlurry(List.of(example.blurry()));
			net.setTarget(List.of(example.kernel()), KernelLoss.USUAL);
			net.forward();
			errors[i] = net.errors(last)[0];
			if (errors[i] <= average) { // false for NaN, too
				net.parameters().clearGradients();
				net.backward(stageWeights, Float.POSITIVE_INFINITY);
				gradients[i] = lanes.gradients(net.parameters());
			}
			lanes.give(net);
		}));
		final float[] sum = new float[lanes.length];
		int used = 0;
		for (int i = 0; i < n; i++) {
			if (gradients[i] == null || !finite(gradients[i])) {
				counters.skipped++;
				continue;
			}
			used++;
			for (int j = 0; j < sum.length; j++)
				sum[j] += gradients[i][j];
			counters.error = counters.error == 0 ? errors[i] : counters.error * decay() + errors[i] * (1 -
				decay());
		}
		counters.step++;
		counters.examples += n;
		counters.totalExamples += n;
		if (used == 0) return;
		double norm = 0;
		for (final float g : sum)
			norm += (double) g * g;
		norm = Math.sqrt(norm) / used;
		final float scale = (float) (Math.min(1, plan.clip() / norm) / used);
		for (int j = 0; j < sum.length; j++)
			sum[j] *= scale;
		lanes.update(sum, weights, rate);
	}

	/** At first a plain mean, later a slow exponential average. */
	private double decay() {
		return Math.min(RUNNING_AVERAGE, 1 - 1.0 / (counters.examples - counters.skipped + 1));
	}

	private static boolean finite(final float[] a) {
		float sum = 0;
		for (final float v : a)
			sum += v * 0; // NaN and infinity leave a NaN
		return sum == 0;
	}

	private TrainingStatus status(final Phase phase, final int kernel, final int phases,
		final double done, final double share, final double validation,
		final List<TrainingStatus.Sample> samples)
	{
		final double perSecond = counters.examples / Math.max(1e-9, counters.phaseSeconds);
		double laterShares = 0;
		for (int p = counters.phase + 1; p < phases; p++)
			laterShares += plan.phases().get(p).share() / phase.share();
		final double phaseLeft = Math.max(0, 1 - done);
		final double phaseSeconds = plan.examples() > 0 ? plan.examples() * share / perSecond : plan
			.minutes() * 60 * share;
		return new TrainingStatus(kernel, phase.stages(), counters.phase + 1, phases,
			counters.examples, counters.totalExamples, counters.seconds, counters.error,
			validation, counters.best == 0 ? Double.NaN : counters.best, plan.rate(phase, counters.step, done),
			counters.skipped, perSecond, phaseSeconds * (phaseLeft + laterShares), samples);
	}

	private Map<String, String> describe() {
		final Map<String, String> d = new LinkedHashMap<>(description);
		d.put("noise", plan.noiseMin() == plan.noiseMax() ? "" + plan.noiseMin() : plan.noiseMin() +
			" to " + plan.noiseMax());
		if (plan.shotNoise() > 0) d.put("shot_noise", "0 to " + plan.shotNoise() + " at white");
		d.put("steps", "" + counters.totalExamples / plan.batch());
		d.put("seed", "" + plan.seed());
		d.put("plan", plan.toString());
		return d;
	}

	private void writeCheckpoint(final Path out) throws IOException {
		final Map<String, List<float[]>> state = new LinkedHashMap<>();
		optimizers.forEach((name, o) -> state.put(name, o.state()));
		new Checkpoint(model, state, counters).write(checkpointFile(out));
	}

	/** What one of the scales of a phase needs for its steps: it is the finest scale there. */
	private final class Turn {

		final ModelSpec spec;
		final int crop;
		final int firstTrained;
		final ExampleSource training;
		final ExampleSource heldOut;
		Lanes lanes;
		/** Mean error of the held-out examples at the last validation, and the first of them. */
		double validation;
		List<TrainingStatus.Sample> samples = List.of();

		Turn(final Phase phase, final int scale) {
			spec = phase.spec(plan.spec(), scale);
			firstTrained = phase.allScales() ? 0 : scale;
			crop = TrainingPlan.cropSize(kernel(), spec.scales().get(scale).stages().get(0).filterSize());
			training = source(trainingImages, crop, kernel(), plan.seed() + counters.phase * 1_000_003L +
				(scale - phase.first()) * 7_000_003L);
			heldOut = source(validationImages, crop, kernel(), -1);
		}

		int kernel() {
			return spec.largestKernel();
		}

		/** Of no use if {@code progress} is canceled meanwhile. */
		void validate(final int stage, final Progress progress) {
			final double[] errors = new double[plan.validationExamples()];
			final TrainingStatus.Sample[] shown = new TrainingStatus.Sample[Math.min(SAMPLES,
				errors.length)];
			Threads.forEach(errors.length, i -> Parallelization.runSingleThreaded(() -> {
				if (progress.canceled()) return;
				final MultiScaleNetwork net = lanes.take();
				final ExampleSource.Example example = heldOut.example(i);
				net.setBlurry(List.of(example.blurry()));
				net.setTarget(List.of(example.kernel()), KernelLoss.USUAL);
				net.forward();
				errors[i] = net.errors(stage)[0];
				if (i < shown.length) shown[i] = new TrainingStatus.Sample(example.blurry(), example
					.kernel(), net.kernel());
				lanes.give(net);
			}));
			samples = Arrays.stream(shown).filter(Objects::nonNull).toList();
			validation = Arrays.stream(errors).average().orElseThrow();
		}
	}

	/** Networks with gradients of their own that share the weights, one for each thread that asks. */
	private final class Lanes {

		private final Turn turn;
		private final Parameters trained;
		private final Deque<MultiScaleNetwork> free = new ArrayDeque<>();
		private final int length;

		Lanes(final Turn turn, final Parameters trained) {
			this.turn = turn;
			this.trained = trained;
			length = trained.trained().stream().mapToInt(n -> trained.value(n).size()).sum();
		}

		MultiScaleNetwork take() {
			synchronized (free) {
				if (!free.isEmpty()) return free.pop();
			}
			return MultiScaleNetwork.training(backend, turn.spec, trained.trained(trained.trained()), 1,
				turn.crop, turn.crop, turn.firstTrained);
		}

		void give(final MultiScaleNetwork net) {
			synchronized (free) {
				free.push(net);
			}
		}

		/** All gradients, one after the other. */
		float[] gradients(final Parameters p) {
			final float[] all = new float[length];
			int at = 0;
			for (final String name : p.trained()) {
				final float[] g = new float[p.value(name).size()];
				backend.read(p.gradient(name), g);
				System.arraycopy(g, 0, all, at, g.length);
				at += g.length;
			}
			return all;
		}

		/** The parameters side by side: a step of {@link Soap} takes its time. */
		void update(final float[] gradient, final Parameters weights, final double rate) {
			final List<String> names = new ArrayList<>(trained.trained());
			final int[] starts = new int[names.size()];
			final Map<String, float[]> changed = new LinkedHashMap<>();
			for (int i = 0, at = 0; i < starts.length; i++) {
				final String name = names.get(i);
				starts[i] = at;
				at += weights.value(name).size();
				changed.put(name, new float[weights.value(name).size()]);
				backend.read(weights.value(name), changed.get(name));
				optimizers.computeIfAbsent(name, n -> plan.optimizer().create(turn.spec.parameters().get(n)));
			}
			Threads.forEach(starts.length, i -> {
				final float[] w = changed.get(names.get(i));
				optimizers.get(names.get(i)).step(w, Arrays.copyOfRange(gradient, starts[i], starts[i] + w.length),
					rate);
			});
			weights.write(changed);
		}
	}

	/** Seconds spent training, and since the last report and checkpoint. */
	private static final class Clock {

		private long lap = System.nanoTime();
		private long reported = lap;
		private long written = lap;

		double lap() {
			final long before = lap;
			lap = System.nanoTime();
			return (lap - before) * 1e-9;
		}

		double sinceReport() {
			return (System.nanoTime() - reported) * 1e-9;
		}

		void report() {
			reported = System.nanoTime();
		}

		double sinceCheckpoint() {
			return (System.nanoTime() - written) * 1e-9;
		}

		void checkpoint() {
			written = reported = System.nanoTime();
		}
	}
}
