package io.github.learningtodeblur.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.model.Safetensors;
import io.github.learningtodeblur.net.KernelLoss;
import io.github.learningtodeblur.net.MultiScaleNetwork;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.search.KernelRefinement;
import io.github.learningtodeblur.util.Orientation;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;

/**
 * Trains a network that improves kernels on what searches have found ({@link EstimatedExamples}), and on its own kernels:
 * of each example, those of the last times it was applied are kept, and are what it begins with next. Writes the best model
 * so far to the output file, and a checkpoint and a log beside it. The result does not depend on the number of threads.
 */
public final class RefinementTrainer {

	/** Largest norm of the mean gradient of a step. */
	private static final double CLIP = 1;

	private static final String COUNTERS = "training", HEADER = "seconds,examples,loss,found,improved,rate\n";

	/**
	 * Where a run stands. Errors are relative squared errors of kernels, where they lie best; of held-out examples their
	 * geometric mean.
	 *
	 * @param loss running mean of the error of the last stage
	 * @param found error of the kernels as they were found; NaN if not measured now
	 * @param improved the same after each round
	 */
	public record Status(long examples, double seconds, double loss, double found, double[] improved, double rate, double done) {}

	/** Kept in checkpoints under these names. */
	private static final class State {

		long step;
		long examples;
		double seconds;
		double loss;
		double best;
		String plan;
	}

	/** @param kernels of rounds 0 (as it was found), 1, ...; null where there was none yet */
	private record Example(Plane blurry, Plane truth, Plane[] kernels) {}

	private record Turned(Plane blurry, Plane restored, Plane truth) {}

	private final RefinementPlan plan;
	private final Backend backend;
	private final Path folder;
	private final Map<String, String> description;
	private final Consumer<Status> listener;
	private final Optimizers optimizers;
	private final float[] stageWeights;
	private Model model;
	private State state = new State();
	private Parameters weights;
	private MultiScaleNetwork network;
	private int portion;
	private List<Example> examples;
	private List<Example> held;

	/**
	 * @param folder of {@link EstimatedExamples}
	 * @param description of the model to be
	 */
	public RefinementTrainer(final RefinementPlan plan, final Backend backend, final Path folder,
		final Map<String, String> description, final Consumer<Status> listener)
	{
		this.plan = plan;
		this.backend = backend;
		this.folder = folder;
		this.description = description;
		this.listener = listener;
		optimizers = new Optimizers(backend, plan.optimizer(), plan.spec().parameters());
		stageWeights = new float[plan.spec().scales().get(0).stages().size()];
		Arrays.fill(stageWeights, (float) plan.earlierLoss());
		stageWeights[stageWeights.length - 1] = 1;
		model = Model.initial(plan.spec(), plan.seed());
	}

	public static Path checkpointFile(final Path out) {
		return new RunFiles(out).checkpoint();
	}

	public static Path logFile(final Path out) {
		return new RunFiles(out).log();
	}

	/**
	 * Starts from other weights of the same layout, or from a network that finds kernels: its very last stage does nearly
	 * what is to be learned.
	 */
	public void startFrom(final Model start) {
		if (start.spec().equals(plan.spec())) {
			model = start;
			return;
		}
		final ScaleSpec finest = start.spec().scales().get(start.spec().scales().size() - 1), scale = plan.spec().scales().get(0);
		final int last = finest.stages().size() - 1;
		final Map<String, float[]> parameters = new LinkedHashMap<>();
		for (int s = 0; s < scale.stages().size(); s++) {
			if (last == 0 || !scale.stages().get(s).equals(finest.stages().get(last))) throw new IllegalArgumentException(
				"The stages of the model to start from are " + finest.stages() + ", not " + scale.stages());
			final String from = start.spec().prefix(start.spec().scales().size() - 1, last), to = plan.spec().prefix(0, s);
			start.parameters().forEach((name, values) -> {
				if (name.startsWith(from)) parameters.put(to + name.substring(from.length()), values.clone());
			});
		}
		model = new Model(plan.spec(), parameters, start.description());
	}

	/** Goes on where the checkpoint was written, but for the network's own kernels, which are found anew. */
	public void resume(final Path checkpoint) throws IOException {
		final Safetensors.Contents contents = Safetensors.read(checkpoint);
		final Model saved = Models.model(contents, checkpoint.toString());
		final Map<String, String> texts = new LinkedHashMap<>(saved.description());
		final String json = texts.remove(COUNTERS);
		if (json == null) throw new IOException(checkpoint + " is a model, but not a checkpoint of a training run");
		try {
			state = new Gson().fromJson(json, State.class);
		}
		catch (final JsonParseException e) {
			throw new IOException(checkpoint + " has damaged counters: " + e.getMessage(), e);
		}
		if (!plan.toString().equals(state.plan)) throw new IOException(checkpoint + " belongs to a run with another plan: " +
			state.plan);
		model = saved.withDescription(texts);
		optimizers.restore(Checkpoint.state(contents, model.spec().parameters().keySet()));
	}

	/**
	 * Trains until the budget is used up or the progress is canceled; then, too, a checkpoint is written.
	 *
	 * @return the model as it is at the end
	 */
	public Model run(final Path out, final Progress progress) throws IOException {
		final Path log = logFile(out);
		if (state.examples == 0 || !Files.exists(log)) Files.writeString(log, HEADER);
		state.plan = plan.toString();
		examples = read(false);
		held = read(true);
		final int side = examples.get(0).blurry.width();
		weights = Parameters.of(backend, model).trained(plan.spec().parameters().keySet());
		portion = Portion.of(plan.batch(), backend, side);
		network = MultiScaleNetwork.training(backend, plan.spec(), weights, portion, side, side);
		double lap = System.nanoTime() * 1e-9, written = lap;
		while (true) {
			final double done = plan.budget().examples() > 0 ? (double) state.examples / plan.budget().examples() : state.seconds /
				60 / plan.budget().minutes();
			final double now = System.nanoTime() * 1e-9;
			final boolean over = done >= 1, canceled = progress.canceled();
			if (over || canceled || now - written > 60 * plan.budget().checkpointMinutes()) {
				write(out, log, done, canceled);
				if (over || canceled) return model;
				lap = written = System.nanoTime() * 1e-9;
			}
			Threads.runInside(() -> step(plan.rate(state.step, done)));
			progress.report((long) (1000 * done), 1000, "Training the refinement");
			final double end = System.nanoTime() * 1e-9;
			state.seconds += end - lap;
			lap = end;
		}
	}

	private List<Example> read(final boolean heldOut) throws IOException {
		final List<Example> list = new ArrayList<>();
		for (final EstimatedExample e : EstimatedExamples.read(folder, heldOut)) {
			if (!list.isEmpty() && e.blurry().width() != list.get(0).blurry.width()) throw new IOException("The pictures of " + folder +
				" are of several sizes");
			final Plane[] kernels = new Plane[plan.rounds()];
			kernels[0] = framed(e.estimate());
			if (e.kernel().width() <= plan.kernel()) list.add(new Example(e.blurry(), framed(e.kernel()), kernels));
		}
		if (list.isEmpty()) throw new IOException(folder + " has no examples to " + (heldOut ? "measure with" : "learn from"));
		return list;
	}

	/** In the middle of the network's frame; what does not fit is lost. */
	private Plane framed(final Plane kernel) {
		final int size = plan.kernel(), from = size / 2 - kernel.width() / 2;
		final Plane out = new Plane(size, size);
		for (int y = Math.max(0, -from); y < Math.min(kernel.height(), size - from); y++)
			for (int x = Math.max(0, -from); x < Math.min(kernel.width(), size - from); x++)
				out.pixels()[(y + from) * size + x + from] = kernel.get(x, y);
		return out.normalized();
	}

	private void step(final double rate) {
		final int n = plan.batch();
		weights.clearGradients();
		final float[] errors = new float[n];
		for (int from = 0; from < n; from += portion) {
			final int first = from;
			final Example[] drawn = new Example[portion];
			final int[] rounds = new int[portion], turns = new int[portion];
			for (int i = 0; i < portion; i++) {
				final SplittableRandom random = new SplittableRandom(plan.seed() * 0x9E3779B97F4A7C15L + state.examples + first + i);
				drawn[i] = examples.get(random.nextInt(examples.size()));
				turns[i] = 1 + random.nextInt(Orientation.COUNT);
				rounds[i] = random.nextInt(plan.rounds());
				while (drawn[i].kernels[rounds[i]] == null)
					rounds[i]--;
			}
			forward(List.of(drawn), rounds, turns);
			System.arraycopy(network.errors(stageWeights.length - 1), 0, errors, first, portion);
			network.backward(stageWeights, Float.MAX_VALUE);
			for (int i = 0; i < portion; i++)
				if (rounds[i] + 1 < plan.rounds()) drawn[i].kernels[rounds[i] + 1] = Orientation.turned(KernelRefinement.cleaned(network
					.kernel(i)), Orientation.inverse(turns[i]));
		}
		if (optimizers.step(weights, n, CLIP, rate)) for (int i = 0; i < n; i++) {
			final double decay = Math.min(0.998, 1 - 1.0 / (state.examples + i + 1));
			state.loss = state.loss * decay + errors[i] * (1 - decay);
		}
		state.step++;
		state.examples += n;
	}

	/** Through the network, turned in some ways, with the kernels of some rounds. */
	private void forward(final List<Example> some, final int[] rounds, final int[] turns) {
		final Turned[] seen = new Turned[some.size()];
		Threads.forEach(seen.length, i -> Parallelization.runSingleThreaded(() -> {
			final Example e = some.get(i);
			final Plane restored = new FittedRestoration(1, backend).restore(e.blurry, e.kernels[rounds[i]], Progress.NONE);
			seen[i] = new Turned(Orientation.turned(e.blurry, turns[i]), Orientation.turned(restored, turns[i]), Orientation.turned(e.truth,
				turns[i]));
		}));
		network.setRestored(Arrays.stream(seen).map(Turned::blurry).toList(), Arrays.stream(seen).map(Turned::restored).toList());
		network.setTarget(Arrays.stream(seen).map(Turned::truth).toList(), KernelLoss.USUAL);
		network.forward();
	}

	/** Geometric means over the held-out examples: as found, and after each round. */
	private double[] measure() {
		final double[] logarithms = new double[plan.rounds() + 1];
		final int count = Math.min(plan.budget().validationExamples(), held.size()), last = stageWeights.length - 1;
		for (int from = 0; from < count; from += portion) {
			final List<Example> some = new ArrayList<>();
			for (int i = 0; i < portion; i++)
				some.add(held.get(Math.min(from + i, count - 1))); // the last one fills up
			final int real = Math.min(portion, count - from);
			for (int i = 0; i < real; i++)
				logarithms[0] += Math.log(KernelLoss.USUAL.error(some.get(i).kernels[0], some.get(i).truth));
			for (int round = 0; round < plan.rounds(); round++) {
				final int[] rounds = new int[portion], turns = new int[portion];
				Arrays.fill(rounds, round);
				Arrays.fill(turns, 1);
				forward(some, rounds, turns);
				final float[] errors = network.errors(last);
				for (int i = 0; i < real; i++) {
					logarithms[round + 1] += Math.log(Math.max(1e-6, errors[i]));
					if (round + 1 < plan.rounds()) some.get(i).kernels[round + 1] = KernelRefinement.cleaned(network.kernel(i));
				}
			}
		}
		return Arrays.stream(logarithms).map(l -> Math.exp(l / count)).toArray();
	}

	/** Measures, and writes all files. @param canceled who cancels does not want to wait for a measurement */
	private void write(final Path out, final Path log, final double done, final boolean canceled) throws IOException {
		final Map<String, String> texts = new LinkedHashMap<>(description);
		texts.put("steps", "" + state.step);
		texts.put("plan", plan.toString());
		model = weights.read(plan.spec(), texts);
		if (!canceled) {
			final double[] errors = measure(), improved = Arrays.copyOfRange(errors, 1, errors.length);
			final Status s = new Status(state.examples, state.seconds, state.loss, errors[0], improved, plan.rate(state.step, done), done);
			listener.accept(s);
			Files.writeString(log, String.format(Locale.ROOT, "%.0f,%d,%.4f,%.4f,%s,%.6f%n", state.seconds, state.examples, state.loss,
				errors[0], String.join(" ", Arrays.stream(improved).mapToObj(e -> String.format(Locale.ROOT, "%.4f", e)).toList()), s
					.rate()), StandardOpenOption.APPEND, StandardOpenOption.CREATE);
			final double last = improved[improved.length - 1];
			if (state.best == 0 || last <= state.best) {
				state.best = last;
				Models.save(out, model);
			}
		}
		else if (state.best == 0) Models.save(out, model);
		final Map<String, String> withCounters = new LinkedHashMap<>(texts);
		withCounters.put(COUNTERS, new Gson().toJson(state));
		final Safetensors.Contents contents = Models.contents(model.withDescription(withCounters));
		Checkpoint.addState(optimizers.state(), contents);
		Safetensors.write(checkpointFile(out), contents);
	}
}
