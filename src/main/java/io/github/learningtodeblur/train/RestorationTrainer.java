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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.model.Safetensors;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.net.RestorationNetwork;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.train.RestorationExamples.Example;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;

/**
 * Trains a learned restoration, all stages end to end, on the logarithm of the squared error: a tenth of an error less counts
 * the same in easy pictures and in hard ones. Writes the best model so far to the output file, and a checkpoint and a log
 * beside it. Gradients are summed up on the device, in the order of the examples, so that the result does not depend on the
 * number of threads.
 */
public final class RestorationTrainer {

	/** Largest norm of the mean gradient of a step. */
	private static final double CLIP = 5;

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

	private final RestorationPlan plan;
	private final Backend backend;
	private final SharpImages.Split images;
	/** Null if there are none. */
	private final Path estimated;
	private final Map<String, String> description;
	private final Consumer<Status> listener;
	private final Optimizers optimizers;
	private final float[] stageWeights;
	private RestorationModel model;
	private RunState state = new RunState();
	/** With gradients. */
	private Parameters weights;
	/** Bound to a {@link Portion} of the batch. */
	private RestorationNetwork network;
	private int portion;
	private RestorationExamples examples;
	private RestorationExamples held;
	/** By file. */
	private final Map<Path, AlignedExample> aligned = new ConcurrentHashMap<>();

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
		optimizers = new Optimizers(backend, plan.optimizer(), plan.spec().parameters());
		stageWeights = new float[plan.spec().stages()];
		Arrays.fill(stageWeights, (float) plan.earlierLoss());
		stageWeights[stageWeights.length - 1] = 1;
		model = RestorationModel.initial(plan.spec(), plan.seed());
	}

	public static Path checkpointFile(final Path out) {
		return new RunFiles(out).checkpoint();
	}

	public static Path logFile(final Path out) {
		return new RunFiles(out).log();
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
		state = RunState.take(texts, plan, checkpoint);
		model = new RestorationModel(saved.spec(), saved.parameters(), texts);
		optimizers.restore(Checkpoint.state(contents, model.spec().parameters().keySet()));
	}

	/**
	 * Trains until the budget is used up or the progress is canceled; then, too, a checkpoint is written.
	 *
	 * @return the model as it is at the end
	 */
	public RestorationModel run(final Path out, final Progress progress) throws IOException {
		if (state.examples == 0 || !Files.exists(logFile(out))) Files.writeString(logFile(out), HEADER);
		state.plan = plan.toString();
		weights = Parameters.of(backend, model).trained(plan.spec().parameters().keySet());
		portion = Portion.of(plan.batch(), backend, plan.canvas());
		network = new RestorationNetwork(backend, plan.spec(), weights, portion, plan.canvas(), plan.canvas(), true);
		held = new RestorationExamples(backend, plan, images.validation(), read(true));
		look();
		double lap = System.nanoTime() * 1e-9, written = lap, reported = lap;
		long reportedExamples = state.examples;
		while (true) {
			final double done = state.done(plan.budget());
			final double now = System.nanoTime() * 1e-9;
			final boolean over = done >= 1, canceled = progress.canceled();
			if (over || canceled || now - written > 60 * plan.budget().checkpointMinutes()) {
				write(out, done, (state.examples - reportedExamples) / Math.max(1e-9, now - reported), canceled);
				if (over || canceled) return model;
				look();
				lap = written = reported = System.nanoTime() * 1e-9;
				reportedExamples = state.examples;
			}
			Threads.runInside(() -> step(plan.rate(state.step, done)));
			progress.report((long) (1000 * done), 1000, "Training the restoration");
			final double end = System.nanoTime() * 1e-9;
			state.seconds += end - lap;
			lap = end;
		}
	}

	/** At the estimated examples there are now. */
	private void look() throws IOException {
		examples = new RestorationExamples(backend, plan, images.training(), read(false));
	}

	private List<AlignedExample> read(final boolean heldOut) throws IOException {
		if (estimated == null) return List.of();
		final List<Path> files = EstimatedExamples.files(estimated, heldOut);
		final List<Path> fresh = files.stream().filter(f -> !aligned.containsKey(f)).toList();
		final List<EstimatedExample> read = new ArrayList<>();
		for (final Path file : fresh)
			read.add(EstimatedExample.read(file));
		final Restoration restoration = new FittedRestoration(1, backend);
		Threads.forEach(fresh.size(), i -> Parallelization.runSingleThreaded(() -> {
			aligned.put(fresh.get(i), AlignedExample.of(read.get(i), restoration));
		}));
		return files.stream().map(aligned::get).toList();
	}

	private void step(final double rate) {
		final int n = plan.batch();
		final float[] errors = new float[n];
		final List<Example> all = examples(state.examples, n, examples::example);
		weights.clearGradients();
		for (int from = 0; from < n; from += portion) {
			System.arraycopy(errors(all.subList(from, from + portion)), 0, errors, from, portion);
			network.backward(stageWeights);
		}
		if (optimizers.step(weights, n, CLIP, rate)) state.learned(errors);
		state.counted(n);
	}

	private static List<Example> examples(final long first, final int count, final LongFunction<Example> maker) {
		final Example[] all = new Example[count];
		Threads.forEach(count, i -> all[i] = maker.apply(first + i));
		return List.of(all);
	}

	/** Mean squared errors of the last stage, after a forward pass of as many examples as the network takes. */
	private float[] errors(final List<Example> some) {
		network.set(some.stream().map(Example::problem).toList());
		network.setTarget(some.stream().map(Example::target).toList());
		network.forward(Progress.NONE);
		return network.errors(stageWeights.length - 1);
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
			final int withEstimate = Math.min(n, held.estimatedCount()), count = n + withEstimate;
			for (int from = 0; from < count; from += portion) {
				final List<Example> some = examples(from, portion, i -> {
					final int which = (int) Math.min(i, count - 1); // the last one fills up
					final SplittableRandom random = new SplittableRandom(which);
					return which < n ? held.made(random) : held.estimated(which - n, random);
				});
				final float[] errors = errors(some);
				for (int i = 0; i < portion && from + i < count; i++)
					psnr[from + i] = -10 * Math.log10(errors[i]);
			}
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
		final Safetensors.Contents contents = model.contents();
		state.addTo(contents, optimizers);
		Safetensors.write(checkpointFile(out), contents);
	}
}
