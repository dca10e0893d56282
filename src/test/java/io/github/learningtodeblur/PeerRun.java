package io.github.learningtodeblur;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.LongStream;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.benchmark.Workload;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.model.Safetensors;
import io.github.learningtodeblur.model.Safetensors.Entry;
import io.github.learningtodeblur.net.KernelLoss;
import io.github.learningtodeblur.net.MultiScaleNetwork;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.train.ExampleSource;
import io.github.learningtodeblur.train.ExampleSource.Example;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;

/**
 * Our half of {@code src/test/python/torch_peer.py}, which starts it: writes a batch of examples and what
 * the network makes of them into a folder ({@code java.safetensors}), then takes the time of some training
 * steps whenever a line comes in. Steps are made as {@code train.Trainer} makes them, one example per
 * thread, but on examples that are ready, of all weights, and with plain gradient descent.
 */
public final class PeerRun {

	private static final int BATCH = 8;
	private static final String RANDOM = "random:";
	/** Steps after which the JIT has compiled all loops, and steps per line. */
	private static final int WARM_UP = 4, STEPS = 3;
	private static final float EARLIER_LOSS = 0.2f;
	/** So small that the weights stay nearly what they are. */
	private static final float RATE = 1e-7f;

	private final CpuBackend backend = new CpuBackend();
	private final Model model;
	private final ModelSpec spec;
	private final Parameters weights;
	private final Parameters trained;
	private final List<Example> examples;
	private final int crop;
	private final float[] stageWeights;
	private final ConcurrentLinkedDeque<MultiScaleNetwork> lanes = new ConcurrentLinkedDeque<>();

	private PeerRun(final Model model) {
		this.model = model;
		spec = model.spec();
		weights = Parameters.of(backend, model);
		trained = weights.trained(spec.parameters().keySet());
		final ScaleSpec finest = spec.scales().get(spec.scales().size() - 1);
		crop = Workload.cropSize(finest.kernel());
		final ExampleSource source = Workload.examples(crop, finest.kernel());
		examples = LongStream.range(0, BATCH).mapToObj(source::example).toList();
		stageWeights = new float[finest.stages().size()];
		Arrays.fill(stageWeights, EARLIER_LOSS);
		stageWeights[stageWeights.length - 1] = 1;
	}

	/**
	 * @param args a model file, or "random:" and the kernel sizes of its scales as in "random:9,17"; the
	 *          folder to write to; the number of threads
	 */
	public static void main(final String... args) throws IOException {
		final Path folder = Files.createDirectories(Path.of(args[1]));
		final Model model = args[0].startsWith(RANDOM) ? Model.initial(Workload.spec(Arrays.stream(args[0]
			.substring(RANDOM.length()).split(",")).mapToInt(Integer::parseInt).toArray()), 1) : Models.open(
				args[0]);
		Models.save(folder.resolve("model.safetensors"), model);
		Parallelization.runWithNumThreads(Integer.parseInt(args[2]), () -> {
			new PeerRun(model).run(folder);
			return null;
		});
	}

	private Void run(final Path folder) throws IOException {
		final LinkedHashMap<String, Entry> results = new LinkedHashMap<>();
		results.put("blurry", stack(examples.stream().map(Example::blurry).toList()));
		results.put("target", stack(examples.stream().map(Example::kernel).toList()));
		apply(results);
		gradients().forEach((name, g) -> results.put("gradient/" + name, new Entry(spec.parameters().get(
			name), g)));
		Safetensors.write(folder.resolve("java.safetensors"), new Safetensors.Contents(results,
			new LinkedHashMap<>(Map.of("earlier_loss", "" + EARLIER_LOSS))));
		for (int i = 0; i < WARM_UP; i++)
			step();
		System.out.println("ready " + backend.name() + ", Java " + System.getProperty("java.version"));
		try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in,
			StandardCharsets.US_ASCII)))
		{
			while (in.readLine() != null) {
				final long start = System.nanoTime();
				for (int i = 0; i < STEPS; i++)
					step();
				System.out.printf(Locale.ROOT, "seconds %.6f%n", (System.nanoTime() - start) * 1e-9 / STEPS);
			}
		}
		return null;
	}

	/** Kernels and latent images of all stages, the last one too, from a network without gradients. */
	private void apply(final Map<String, Entry> results) {
		final Map<String, List<Plane>> all = new LinkedHashMap<>();
		final MultiScaleNetwork net = new MultiScaleNetwork(backend, spec, weights, crop, crop);
		for (final Example example : examples) {
			net.setBlurry(List.of(example.blurry()));
			net.forward();
			for (int i = 0; i < net.scaleCount(); i++)
				for (int s = 0; s < net.stageCount(i); s++) {
					final String where = (i + 1) + "/" + (s + 1);
					all.computeIfAbsent("kernel/" + where, n -> new ArrayList<>()).add(net.kernel(i, s));
					all.computeIfAbsent("latent/" + where, n -> new ArrayList<>()).add(net.latent(i, s));
				}
		}
		all.forEach((name, planes) -> results.put(name, stack(planes)));
	}

	private static Entry stack(final List<Plane> planes) {
		final Plane first = planes.get(0);
		final float[] all = new float[planes.size() * first.pixels().length];
		for (int i = 0; i < planes.size(); i++)
			System.arraycopy(planes.get(i).pixels(), 0, all, i * first.pixels().length, first
				.pixels().length);
		return new Entry(new int[] { planes.size(), first.height(), first.width() }, all);
	}

	/** Sums over the batch, by name. */
	private Map<String, float[]> gradients() {
		final List<Map<String, float[]>> each = new ArrayList<>(java.util.Collections.nCopies(BATCH,
			null));
		Threads.forEach(BATCH, i -> Parallelization.runSingleThreaded(() -> {
			MultiScaleNetwork net = lanes.pollFirst();
			if (net == null) net = MultiScaleNetwork.training(backend, spec, trained.trained(trained
				.trained()), 1, crop, crop);
			net.setBlurry(List.of(examples.get(i).blurry()));
			net.setTarget(List.of(examples.get(i).kernel()), KernelLoss.PLAIN);
			net.forward();
			net.parameters().clearGradients();
			net.backward(stageWeights, Float.POSITIVE_INFINITY);
			final Map<String, float[]> g = new LinkedHashMap<>();
			for (final String name : trained.trained()) {
				g.put(name, new float[weights.value(name).size()]);
				backend.read(net.parameters().gradient(name), g.get(name));
			}
			each.set(i, g);
			lanes.addFirst(net);
		}));
		final Map<String, float[]> sum = new LinkedHashMap<>();
		for (final Map<String, float[]> gradient : each)
			gradient.forEach((name, g) -> sum.merge(name, g, PeerRun::add));
		return sum;
	}

	private static float[] add(final float[] sum, final float[] g) {
		for (int j = 0; j < sum.length; j++)
			sum[j] += g[j];
		return sum;
	}

	private void step() {
		gradients().forEach((name, g) -> {
			final float[] w = model.parameter(name); // the host's copy
			for (int j = 0; j < w.length; j++)
				w[j] -= RATE * g[j];
			backend.write(w, weights.value(name));
		});
	}
}
