package io.github.learningtodeblur.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.model.Safetensors;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.net.RestorationNetwork;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;

/**
 * Trains a learned restoration, all stages end to end, on the logarithm of the squared error: a tenth of an error less counts
 * the same in easy pictures and in hard ones. Writes the best model so far to the output file, and a checkpoint and a log
 * beside it. Each example is run on one thread, and gradients are added in their order, so that the result does not depend
 * on the number of threads.
 */
public final class RestorationTrainer {

	/** Largest norm of the mean gradient of a step. */
	private static final double CLIP = 5;

	private static final String COUNTERS = "training";
	private static final String HEADER = "seconds,examples,loss,true_psnr,estimated_psnr,rate,examples_per_s\n";

	/**
	 * Where a run stands.
	 *
	 * @param loss running mean of the logarithm of the squared error, in decibels
	 * @param truePsnr of held-out pictures with true kernels, in dB; NaN if not measured now
	 * @param estimatedPsnr the same with estimated kernels; NaN if there are none
	 */
	public record Status(long examples, double seconds, double loss, double truePsnr, double estimatedPsnr,
		double rate, double examplesPerSecond, double done)
	{}

	/** Kept in checkpoints under these names. */
	private static final class State {

		long step;
		long examples;
		double seconds;
		double loss;
		double best;
		String plan;
	}

	private final RestorationPlan plan;
	private final Backend backend;
	private final SharpImages.Split images;
	/** Null if there are none. */
	private final Path estimated;
	private final Map<String, String> description;
	private final Consumer<Status> listener;
	private final Map<String, Optimizer> optimizers = new LinkedHashMap<>();
	private final Deque<RestorationNetwork> lanes = new ArrayDeque<>();
	private final float[] stageWeights;
	private RestorationModel model;
	private State state = new State();
	private Parameters weights;
	private RestorationExamples examples;
	private RestorationExamples held;

	/**
	 * @param estimated folder of {@link EstimatedExamples}; it may grow meanwhile. Or null
	 * @param description of the model to be
	 */
	public RestorationTrainer(final RestorationPlan plan, final Backend backend, final SharpImages.Split images,
		final Path estimated, final Map<String, String> description, final Consumer<Status> listener)
	{
		this.plan = plan;
		this.backend = backend;
		this.images = images;
		this.estimated = estimated;
		this.description = description;
		this.listener = listener;
		stageWeights = new float[plan.spec().stages()];
		Arrays.fill(stageWeights, (float) plan.earlierLoss());
		stageWeights[stageWeights.length - 1] = 1;
		model = RestorationModel.initial(plan.spec(), plan.seed());
	}

	public static Path checkpointFile(final Path out) {
		return out.resolveSibling(out.getFileName() + ".checkpoint");
	}

	public static Path logFile(final Path out) {
		return out.resolveSibling(out.getFileName() + ".csv");
	}

	/** Starts from other weights of the same layout. */
	public void startFrom(final RestorationModel start) {
		if (!start.spec().equals(plan.spec())) throw new IllegalArgumentException("The model to start from is laid out as " +
			start.spec() + ", not as " + plan.spec());
		model = start;
	}

	/** Goes on where the checkpoint was written. */
	public void resume(final Path checkpoint) throws IOException {
		final Safetensors.Contents contents = Safetensors.read(checkpoint);
		final RestorationModel saved = RestorationModel.of(contents, checkpoint.toString());
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
		model = new RestorationModel(saved.spec(), saved.parameters(), texts);
		model.spec().parameters().forEach((name, shape) -> {
			final Optimizer o = plan.optimizer().create(shape);
			for (int i = 0; i < o.state().size(); i++) {
				final Safetensors.Entry e = contents.tensors().get(Models.TRAINING + i + "/" + name);
				if (e != null) System.arraycopy(e.values(), 0, o.state().get(i), 0, e.values().length);
			}
			optimizers.put(name, o);
		});
	}

	/**
	 * Trains until the budget is used up or the progress is canceled; then, too, a checkpoint is written.
	 *
	 * @return the model as it is at the end
	 */
	public RestorationModel run(final Path out, final Progress progress) throws IOException {
		if (state.examples == 0 || !Files.exists(logFile(out))) Files.writeString(logFile(out), HEADER);
		state.plan = plan.toString();
		weights = Parameters.of(backend, model);
		held = new RestorationExamples(plan, images.validation(), read(true));
		look();
		double lap = System.nanoTime() * 1e-9, written = lap, reported = lap;
		long reportedExamples = state.examples;
		while (true) {
			final double done = plan.budget().examples() > 0 ? (double) state.examples / plan.budget().examples() : state.seconds /
				60 / plan.budget().minutes();
			final double now = System.nanoTime() * 1e-9;
			final boolean over = done >= 1, canceled = progress.canceled();
			if (over || canceled || now - written > 60 * plan.budget().checkpointMinutes()) {
				write(out, done, (state.examples - reportedExamples) / Math.max(1e-9, now - reported), canceled);
				if (over || canceled) return model;
				look();
				lap = written = reported = System.nanoTime() * 1e-9;
				reportedExamples = state.examples;
			}
			step(plan.rate(state.step, done));
			progress.report((long) (1000 * done), 1000, "Training the restoration");
			final double end = System.nanoTime() * 1e-9;
			state.seconds += end - lap;
			lap = end;
		}
	}

	/** At the estimated examples there are now. */
	private void look() throws IOException {
		examples = new RestorationExamples(plan, images.training(), read(false));
	}

	private List<EstimatedExample> read(final boolean heldOut) throws IOException {
		return estimated == null ? List.of() : EstimatedExamples.read(estimated, heldOut);
	}

	private void step(final double rate) {
		final int n = plan.batch();
		final float[][] gradients = new float[n][];
		final double[] errors = new double[n];
		final long next = state.examples;
		final int last = stageWeights.length - 1;
		Threads.forEach(n, i -> Parallelization.runSingleThreaded(() -> {
			final RestorationExamples.Example e = examples.example(next + i);
			run(e, net -> {
				errors[i] = net.errors(last)[0];
				net.parameters().clearGradients();
				net.backward(stageWeights);
				gradients[i] = gradients(net.parameters());
			});
		}));
		final float[] sum = new float[gradients[0].length];
		int used = 0;
		for (int i = 0; i < n; i++) {
			double finite = 0;
			for (final float g : gradients[i])
				finite += g * 0; // NaN and infinity leave a NaN
			if (finite != 0 || Double.isNaN(errors[i])) continue;
			used++;
			for (int j = 0; j < sum.length; j++)
				sum[j] += gradients[i][j];
			final double decay = Math.min(0.998, 1 - 1.0 / (state.examples + i + 1)), decibels = 10 * Math.log10(errors[i]);
			state.loss = state.loss * decay + decibels * (1 - decay);
		}
		state.step++;
		state.examples += n;
		if (used == 0) return;
		double norm = 0;
		for (final float g : sum)
			norm += (double) g * g;
		final float scale = (float) (Math.min(1, CLIP * used / Math.sqrt(norm)) / used);
		for (int j = 0; j < sum.length; j++)
			sum[j] *= scale;
		update(sum, rate);
	}

	private interface Work {

		void on(RestorationNetwork network);
	}

	/** On one of the networks with gradients of their own that share the weights, after a forward pass. */
	private void run(final RestorationExamples.Example e, final Work work) {
		RestorationNetwork net;
		synchronized (lanes) {
			net = lanes.poll();
		}
		if (net == null) net = new RestorationNetwork(backend, plan.spec(), weights.trained(plan.spec().parameters().keySet()), 1,
			plan.canvas(), plan.canvas(), true);
		net.set(List.of(e.problem()));
		net.setTarget(List.of(e.target()));
		net.forward(Progress.NONE);
		work.on(net);
		synchronized (lanes) {
			lanes.push(net);
		}
	}

	/** All gradients, one after the other. */
	private float[] gradients(final Parameters p) {
		final int length = p.trained().stream().mapToInt(name -> p.value(name).size()).sum();
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

	private void update(final float[] gradient, final double rate) {
		final Map<String, float[]> changed = new LinkedHashMap<>();
		int at = 0;
		for (final Map.Entry<String, int[]> e : plan.spec().parameters().entrySet()) {
			final float[] w = new float[weights.value(e.getKey()).size()];
			backend.read(weights.value(e.getKey()), w);
			optimizers.computeIfAbsent(e.getKey(), k -> plan.optimizer().create(e.getValue())).step(w, Arrays.copyOfRange(
				gradient, at, at + w.length), rate);
			at += w.length;
			changed.put(e.getKey(), w);
		}
		weights.write(changed);
	}

	/** Measures, and writes all files. @param canceled who cancels does not want to wait for a measurement */
	private void write(final Path out, final double done, final double speed, final boolean canceled) throws IOException {
		final Map<String, String> texts = new LinkedHashMap<>(description);
		texts.put("steps", "" + state.step);
		texts.put("plan", plan.toString());
		model = weights.read(plan.spec(), texts);
		if (!canceled) {
			final int n = plan.budget().validationExamples();
			final double[] psnr = new double[2 * n];
			final int withEstimate = Math.min(n, held.estimatedCount());
			Threads.forEach(n + withEstimate, i -> Parallelization.runSingleThreaded(() -> {
				final SplittableRandom random = new SplittableRandom(i);
				final RestorationExamples.Example e = i < n ? held.made(random) : held.estimated(i - n, random);
				run(e, net -> psnr[i] = -10 * Math.log10(net.errors(stageWeights.length - 1)[0]));
			}));
			final double real = Arrays.stream(psnr, 0, n).average().orElse(Double.NaN);
			final double found = Arrays.stream(psnr, n, n + withEstimate).average().orElse(Double.NaN);
			final Status s = new Status(state.examples, state.seconds, state.loss, real, found, plan.rate(state.step,
				done), speed, done);
			listener.accept(s);
			Files.writeString(logFile(out), String.format(Locale.ROOT, "%.0f,%d,%.4f,%.3f,%.3f,%.6f,%.2f%n", state.seconds,
				state.examples, state.loss, real, found, s.rate(), speed), StandardOpenOption.APPEND,
				StandardOpenOption.CREATE);
			final double mean = withEstimate == 0 ? real : (real + found) / 2;
			if (state.best == 0 || mean >= state.best) {
				state.best = mean;
				model.save(out);
			}
		}
		else if (state.best == 0) model.save(out);
		final Map<String, String> withCounters = new LinkedHashMap<>(texts);
		withCounters.put(COUNTERS, new Gson().toJson(state));
		final Safetensors.Contents contents = new RestorationModel(model.spec(), model.parameters(), withCounters).contents();
		optimizers.forEach((name, o) -> {
			for (int i = 0; i < o.state().size(); i++)
				contents.tensors().put(Models.TRAINING + i + "/" + name, new Safetensors.Entry(new int[] { o.state().get(
					i).length }, o.state().get(i)));
		});
		Safetensors.write(checkpointFile(out), contents);
	}
}
