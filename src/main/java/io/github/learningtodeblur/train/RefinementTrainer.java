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
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.model.Safetensors;
import io.github.learningtodeblur.net.KernelLoss;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.net.RefiningNetwork;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.search.KernelRefinement;
import io.github.learningtodeblur.util.Orientation;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;

/**
 * Trains a network that improves kernels on what searches have found ({@link EstimatedExamples}). Writes the best model so
 * far to the output file, and a checkpoint and a log beside it. The result does not depend on the number of threads.
 */
public final class RefinementTrainer {

	/** Largest norm of the mean gradient of a step. */
	private static final double CLIP = 1;

	private static final String HEADER =
		"seconds,examples,loss,found_error,improved_error,found_psnr,improved_psnr,rate\n";

	/** Held-out images are compared within this distance of their borders, and at shifts up to this. */
	private static final int BORDER = 16, SHIFTS = 4;

	/**
	 * Where a run stands.
	 *
	 * @param loss running mean of the logarithm of the images' squared errors, in decibels
	 * @param foundError geometric mean of the relative squared errors of held-out kernels, as they were found
	 * @param improvedError the same of the stage's own
	 * @param foundPsnr of held-out pictures, restored with the kernels found, in dB
	 * @param improvedPsnr the same with the improved ones
	 */
	public record Status(long examples, double seconds, double loss, double foundError, double improvedError, double foundPsnr,
		double improvedPsnr, double rate, double done)
	{}

	/**
	 * @param restored with the kernel found
	 * @param sharp where that kernel puts it
	 * @param kernel found, in the network's frame
	 * @param truth the true one, likewise
	 */
	private record Example(Plane blurry, Plane restored, Plane sharp, Plane kernel, Plane truth) {

		Example turned(final int turn) {
			return new Example(Orientation.turned(blurry, turn), Orientation.turned(restored, turn), Orientation.turned(sharp, turn),
				Orientation.turned(kernel, turn), Orientation.turned(truth, turn));
		}
	}

	private final RefinementPlan plan;
	private final Backend backend;
	private final Path folder;
	private final Map<String, String> description;
	private final Consumer<Status> listener;
	private final Optimizers optimizers;
	private Model model;
	private RunState state = new RunState();
	private Parameters weights;
	private RefiningNetwork network;
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
		final int scale = start.spec().scales().size() - 1, last = start.spec().scales().get(scale).stages().size() - 1;
		final StageSpec given = start.spec().scales().get(scale).stages().get(last), stage = plan.spec().scales().get(0).stages()
			.get(0);
		if (start.spec().inputs(scale, last) < 2 || !stage.equals(given)) throw new IllegalArgumentException(
			"The last stage of the model to start from is " + given + ", not " + stage);
		final String from = start.spec().prefix(scale, last), to = plan.spec().prefix(0, 0);
		final Map<String, float[]> parameters = new LinkedHashMap<>();
		start.parameters().forEach((name, values) -> {
			if (name.startsWith(from)) parameters.put(to + name.substring(from.length()), values.clone());
		});
		model = new Model(plan.spec(), parameters, start.description());
	}

	/** Goes on where the checkpoint was written. */
	public void resume(final Path checkpoint) throws IOException {
		final Safetensors.Contents contents = Safetensors.read(checkpoint);
		final Model saved = Models.model(contents, checkpoint.toString());
		final Map<String, String> texts = new LinkedHashMap<>(saved.description());
		state = RunState.take(texts, plan, checkpoint);
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
		network = new RefiningNetwork(backend, plan.spec(), weights, portion, side, side, true);
		double lap = System.nanoTime() * 1e-9, written = lap;
		while (true) {
			final double done = state.done(plan.budget());
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

	/** Those of which the kernel found is near enough to the true one to tell where the sharp image lies. */
	private List<Example> read(final boolean heldOut) throws IOException {
		final List<EstimatedExample> all = EstimatedExamples.read(folder, heldOut);
		final Example[] made = new Example[all.size()];
		final FittedRestoration restoration = new FittedRestoration(1, backend);
		Threads.forEach(made.length, i -> Parallelization.runSingleThreaded(() -> {
			final EstimatedExample e = all.get(i);
			final AlignedExample aligned = AlignedExample.of(e, restoration);
			if (aligned.isLikely() && Math.max(e.kernel().width(), e.estimate().width()) <= plan.spec().largestKernel()) made[i] = new Example(e
				.blurry(), restoration.restore(e.blurry(), e.estimate(), Progress.NONE), aligned.sharp(), framed(e.estimate()), framed(e
					.kernel()));
		}));
		final List<Example> list = Arrays.stream(made).filter(Objects::nonNull).toList();
		if (list.isEmpty()) throw new IOException(folder + " has no examples to " + (heldOut ? "measure with" : "learn from"));
		for (final Example e : list)
			if (e.blurry.width() != list.get(0).blurry.width()) throw new IOException("The pictures of " + folder + " are of several sizes");
		return list;
	}

	/** In the middle of the network's frame. */
	private Plane framed(final Plane kernel) {
		return Planes.framed(kernel, plan.spec().largestKernel()).normalized();
	}

	private void step(final double rate) {
		final int n = plan.batch();
		weights.clearGradients();
		final float[] errors = new float[n];
		for (int from = 0; from < n; from += portion) {
			final List<Example> some = new ArrayList<>();
			for (int i = 0; i < portion; i++) {
				final SplittableRandom random = new SplittableRandom(plan.seed() * 0x9E3779B97F4A7C15L + state.examples + from + i);
				some.add(examples.get(random.nextInt(examples.size())).turned(1 + random.nextInt(Orientation.COUNT)));
			}
			forward(some);
			System.arraycopy(network.imageErrors(), 0, errors, from, portion);
			network.backward((float) plan.kernelLoss(), 1);
		}
		if (optimizers.step(weights, n, CLIP, rate)) state.learned(errors);
		state.counted(n);
	}

	private void forward(final List<Example> some) {
		network.set(some.stream().map(Example::blurry).toList(), some.stream().map(Example::restored).toList(), some.stream().map(
			Example::kernel).toList());
		network.forward();
		network.setTarget(some.stream().map(Example::sharp).toList(), some.stream().map(Example::truth).toList());
	}

	/** Of held-out examples. */
	private Status measure(final double done) {
		final int count = Math.min(plan.budget().validationExamples(), held.size());
		final double[] sums = new double[4];
		for (int from = 0; from < count; from += portion) {
			final List<Example> some = new ArrayList<>();
			for (int i = 0; i < portion; i++)
				some.add(held.get(Math.min(from + i, count - 1))); // the last one fills up
			forward(some);
			final float[] errors = network.kernelErrors();
			for (int i = 0; i < Math.min(portion, count - from); i++) {
				final Example e = some.get(i);
				sums[0] += Math.log(KernelLoss.USUAL.error(e.kernel, e.truth));
				sums[1] += Math.log(errors[i]);
				sums[2] += psnr(e.restored, e.sharp);
				sums[3] += psnr(new FittedRestoration(1, backend).restore(e.blurry, KernelRefinement.cleaned(network
					.kernel(i)), Progress.NONE), e.sharp);
			}
		}
		return new Status(state.examples, state.seconds, state.loss, Math.exp(sums[0] / count), Math.exp(sums[1] / count), sums[2] /
			count, sums[3] / count, plan.rate(state.step, done), done);
	}

	/** Over whole shifts, as a cleaned kernel is moved by such. */
	private static double psnr(final Plane a, final Plane b) {
		double least = Double.POSITIVE_INFINITY;
		for (int dy = -SHIFTS; dy <= SHIFTS; dy++)
			for (int dx = -SHIFTS; dx <= SHIFTS; dx++) {
				double sum = 0;
				for (int y = BORDER; y < a.height() - BORDER; y++)
					for (int x = BORDER; x < a.width() - BORDER; x++) {
						final double d = a.get(x + dx, y + dy) - b.get(x, y);
						sum += d * d;
					}
				least = Math.min(least, sum);
			}
		return -10 * Math.log10(least / ((a.width() - 2.0 * BORDER) * (a.height() - 2.0 * BORDER)));
	}

	/** Measures, and writes all files. @param canceled who cancels does not want to wait for a measurement */
	private void write(final Path out, final Path log, final double done, final boolean canceled) throws IOException {
		final Map<String, String> texts = new LinkedHashMap<>(description);
		texts.put("steps", "" + state.step);
		texts.put("plan", plan.toString());
		model = weights.read(plan.spec(), texts);
		if (!canceled) {
			final Status s = measure(done);
			listener.accept(s);
			Files.writeString(log, String.format(Locale.ROOT, "%.0f,%d,%.4f,%.4f,%.4f,%.3f,%.3f,%.6f%n", s.seconds, s.examples, s.loss, s.foundError,
				s.improvedError, s.foundPsnr, s.improvedPsnr, s.rate), StandardOpenOption.APPEND, StandardOpenOption.CREATE);
			if (state.best == 0 || s.improvedPsnr >= state.best) {
				state.best = s.improvedPsnr;
				Models.save(out, model);
			}
		}
		else if (state.best == 0) Models.save(out, model);
		final Safetensors.Contents contents = Models.contents(model);
		state.addTo(contents, optimizers);
		Safetensors.write(checkpointFile(out), contents);
	}
}
