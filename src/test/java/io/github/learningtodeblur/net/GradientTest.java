package io.github.learningtodeblur.net;

import static io.github.learningtodeblur.backend.ReferenceBackend.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.learningtodeblur.backend.ReferenceBackend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/**
 * Gradients of every module against differences of its output, in double precision: the same layer code as
 * in use, on {@link ReferenceBackend}. Differences are of fourth order (five points). Where a value of a
 * kernel comes to or from zero between the points, closer ones are tried; if that does not help, the
 * coordinate is left out.
 */
class GradientTest {

	private static final double TOLERANCE = 1e-6;
	private static final double STEP = 1e-4;
	/** Coordinates tried of one tensor. */
	private static final int TRIED = 24;
	/** Errors are relative to the gradient, but at least to this part of the largest one in its tensor. */
	private static final double FLOOR = 1e-2;

	private final ReferenceBackend backend = new ReferenceBackend();
	private final Random random = new Random(20140628);
	/** Kernels whose zeros must stay where they are. */
	private final List<Tensor> kernels = new ArrayList<>();
	private double worst;
	private int checked;
	private int leftOut;
	private String name;

	@BeforeEach
	void name(final TestInfo info) {
		final String method = info.getTestMethod().orElseThrow().getName();
		name = info.getDisplayName().startsWith(method) ? method : method + ", " + info.getDisplayName();
	}

	@AfterEach
	void report() {
		System.out.printf("Gradients of %s: largest relative error %.1e in %d coordinates, %d left out%n",
			name, worst, checked, leftOut);
		assertTrue(checked > 2 * leftOut, "too many kinks");
	}

	// -- modules --

	@ParameterizedTest(name = "{0} layers, {1} inputs")
	@CsvSource({ "1,1", "2,1", "3,1", "1,2", "2,2", "3,2" })
	void featureExtraction(final int layers, final int inputs) {
		final Parameters p = parameters(5, layers, 2);
		final Tensor in = noise(2, inputs, 9, 11), dIn = backend.allocate(2, 1, 9, 11);
		final FeatureExtraction module = new FeatureExtraction(backend, p, "k5/" + inputs + "/", layers,
			in, dIn, true);
		final Tensor c = coefficients(module.features());
		final DoubleSupplier loss = () -> {
			module.forward();
			return dot(c, module.features().value());
		};
		loss.getAsDouble();
		module.backward(true);
		for (final String parameter : p.trained())
			if (parameter.startsWith("k5/" + inputs) && !parameter.contains("beta")) check(parameter, p
				.value(parameter), p.gradient(parameter), loss);
		final double[] all = values(in);
		// of every image, only the first channel has a gradient
		for (int b = 0; b < 2; b++)
			check("first channel", all, b * inputs * 99, values(dIn), b * 99, 99, loss);
	}

	@Test
	void kernelEstimation() {
		final Signal features = Signal.allocate(backend, true, 2, 6, 13, 17);
		final double[] before = values(noise(2, 6, 13, 17));
		final Tensor logBeta = number(Math.log(0.3)), dLogBeta = number(0);
		final KernelEstimation module = new KernelEstimation(backend, features, logBeta, dLogBeta, 5, true);
		kernels.add(module.kernel().value());
		final Tensor c = coefficients(module.kernel());
		final DoubleSupplier loss = () -> {
			// the window is applied in place
			System.arraycopy(before, 0, values(features.value()), 0, before.length);
			module.forward();
			return dot(c, module.kernel().value());
		};
		loss.getAsDouble();
		module.backward();
		check("log beta_k", logBeta, dLogBeta, loss);
		check("features", before, 0, values(features.grad()), 0, before.length, loss);
	}

	@Test
	void imageEstimation() {
		final Signal kernel = Signal.allocate(backend, true, 2, 1, 5, 5);
		final double[] k = values(kernel.value());
		for (int i = 0; i < k.length; i++)
			k[i] = random.nextDouble() / 12;
		final Tensor spectrum = backend.allocateSpectra(2, 1, 18, 16);
		backend.fft(noise(2, 1, 18, 16), spectrum);
		final Tensor logBeta = number(Math.log(0.05)), dLogBeta = number(0);
		final ImageEstimation module = new ImageEstimation(backend, kernel, spectrum, logBeta, dLogBeta, 14,
			11, true);
		final Tensor c = coefficients(module.latent());
		final DoubleSupplier loss = () -> {
			module.forward();
			return dot(c, module.latent().value());
		};
		loss.getAsDouble();
		module.backward();
		check("kernel", kernel.value(), kernel.grad(), loss);
		check("log beta_x", logBeta, dLogBeta, loss);
	}

	@Test
	void normalizeKernel() {
		final Tensor raw = noise(2, 1, 7, 7), dRaw = backend.allocate(2, 1, 7, 7);
		final Signal kernel = Signal.allocate(backend, true, 2, 1, 7, 7);
		kernels.add(kernel.value());
		final Tensor c = coefficients(kernel);
		final DoubleSupplier loss = () -> {
			backend.normalizeKernel(raw, kernel.value());
			return dot(c, kernel.value());
		};
		loss.getAsDouble();
		backend.normalizeKernelGrad(raw, kernel.value(), kernel.grad(), dRaw);
		check("raw kernel", raw, dRaw, loss);
	}

	@ParameterizedTest(name = "{0}x{1} to {2}x{3}")
	@CsvSource({ "9,7,13,16", "13,16,9,7", "6,1,6,5" })
	void resize(final int height, final int width, final int toHeight, final int toWidth) {
		final Tensor in = noise(2, 1, height, width), dIn = backend.allocate(2, 1, height, width);
		final Signal out = Signal.allocate(backend, true, 2, 1, toHeight, toWidth);
		final Tensor c = coefficients(out);
		final DoubleSupplier loss = () -> {
			backend.resize(in, out.value());
			return dot(c, out.value());
		};
		backend.resizeGrad(out.grad(), dIn);
		check("image", in, dIn, loss);
	}

	@ParameterizedTest(name = "{0} levels")
	@ValueSource(ints = { 1, 3 })
	void kernelError(final int levels) {
		final Signal kernel = Signal.allocate(backend, true, 2, 1, 5, 5);
		System.arraycopy(values(noise(2, 1, 5, 5)), 0, values(kernel.value()), 0, 50);
		final Tensor target = noise(2, 1, 5, 5), errors = backend.allocate(2, 1, 1, 1);
		final DoubleSupplier loss = () -> {
			backend.kernelError(kernel.value(), target, levels, true, errors);
			return 0.7f * (values(errors)[0] + values(errors)[1]);
		};
		backend.kernelError(kernel.value(), target, levels, true, 0.7f, errors, Float.POSITIVE_INFINITY, errors, kernel.grad());
		check("kernel", kernel.value(), kernel.grad(), loss);
	}

	// -- networks --

	@Test
	void stage() {
		final Parameters p = parameters(5, 2, 2);
		final Tensor in = noise(2, 2, 20, 18), dIn = backend.allocate(2, 1, 20, 18);
		final Tensor spectrum = backend.allocateSpectra(2, 1, 24, 24);
		backend.fft(noise(2, 1, 24, 24), spectrum);
		final Stage module = new Stage(backend, p, "k5/2/", stage(2), in, dIn, spectrum, 5, true, true);
		kernels.add(module.kernel().value());
		final Tensor ck = noise(2, 1, 5, 5), cx = coefficients(module.latent());
		final DoubleSupplier loss = () -> {
			module.forward();
			return dot(ck, module.kernel().value()) + dot(cx, module.latent().value());
		};
		loss.getAsDouble();
		module.backwardToKernel(true);
		add(ck, module.kernel().grad());
		module.backwardFromKernel(true);
		for (final String parameter : p.trained())
			if (parameter.startsWith("k5/2/")) check(parameter, p.value(parameter), p.gradient(parameter),
				loss);
		for (int b = 0; b < 2; b++)
			check("first channel", values(in), b * 720, values(dIn), b * 360, 360, loss);
	}

	@Test
	void scaleNetworkOfThreeStages() {
		final StageSpec s = stage(2);
		// not the first scale, for the sake of a latent image from a coarser one
		final ModelSpec spec = new ModelSpec(List.of(new ScaleSpec(3, "k3", List.of(s)), new ScaleSpec(5,
			"k5", List.of(s, s, stage(1)))));
		final Parameters p = parameters(spec);
		final Signal coarser = Signal.allocate(backend, true, 2, 1, 21, 18);
		System.arraycopy(values(noise(2, 1, 21, 18)), 0, values(coarser.value()), 0, 756);
		final ScaleNetwork net = new ScaleNetwork(backend, p, spec.scales().get(1), 2, 21, 18, coarser,
			true, 0);
		net.setBlurry(List.of(image(18, 21), image(18, 21)));
		final List<Tensor> ck = new ArrayList<>();
		for (final Stage stage : net.stages()) {
			kernels.add(stage.kernel().value());
			ck.add(noise(2, 1, 5, 5));
		}
		final Tensor cx = coefficients(net.last().latent());
		final DoubleSupplier loss = () -> {
			net.forward(Progress.NONE, 0, 3);
			double sum = dot(cx, net.last().latent().value());
			for (int i = 0; i < ck.size(); i++)
				sum += dot(ck.get(i), kernels.get(i));
			return sum;
		};
		loss.getAsDouble();
		net.backward(true, 0, (i, kernel) -> add(ck.get(i), kernel.grad()));
		for (final String parameter : p.trained())
			if (parameter.startsWith("k5/")) check(parameter, p.value(parameter), p.gradient(parameter), loss);
		check("coarser latent image", coarser.value(), coarser.grad(), loss);
	}

	@ParameterizedTest(name = "shared weights: {0}")
	@CsvSource({ "false", "true" })
	void multiScaleNetwork(final boolean shared) {
		final StageSpec s = stage(2);
		final List<ScaleSpec> scales = new ArrayList<>(List.of(new ScaleSpec(3, "first", List.of(s, s)),
			new ScaleSpec(5, shared ? "other" : "k5", List.of(s, s))));
		if (shared) scales.add(new ScaleSpec(7, "other", List.of(s, s)));
		final ModelSpec spec = new ModelSpec(scales);
		final Parameters p = parameters(spec);
		final MultiScaleNetwork net = MultiScaleNetwork.training(backend, spec, p, 2, 24, 22);
		net.setBlurry(List.of(image(22, 24), image(22, 24)));
		final int finest = scales.get(scales.size() - 1).kernel();
		final Tensor target = backend.allocate(2, 1, finest, finest);
		final List<Plane> truth = List.of(image(finest, finest), image(finest, finest));
		for (int i = 0; i < target.size(); i++)
			values(target)[i] = truth.get(i / (finest * finest)).pixels()[i % (finest * finest)] /= 20;
		net.setTarget(truth, KernelLoss.PLAIN);
		for (int i = 0; i < scales.size(); i++)
			for (final Stage stage : net.scale(i).stages())
				kernels.add(stage.kernel().value());
		final float[] weights = { 0.5f, 1 };
		final Tensor errors = backend.allocate(2, 1, 1, 1);
		final DoubleSupplier loss = () -> {
			net.forward();
			double sum = 0;
			for (int i = 0; i < 2; i++) {
				backend.kernelError(kernels.get(kernels.size() - 2 + i), target, 1, true, errors);
				sum += weights[i] * (values(errors)[0] + values(errors)[1]);
			}
			return sum;
		};
		loss.getAsDouble();
		net.backward(weights, Float.POSITIVE_INFINITY);
		for (final String parameter : p.trained())
			check(parameter, p.value(parameter), p.gradient(parameter), loss);
	}

	/** Frozen weights get no gradient, and what comes after them the same gradient as without freezing. */
	@ParameterizedTest(name = "trained: {0}")
	@ValueSource(strings = { "k5/2/", "k5/" })
	void frozenStages(final String prefix) {
		final StageSpec s = stage(2);
		final ModelSpec spec = new ModelSpec(List.of(new ScaleSpec(3, "k3", List.of(s)), new ScaleSpec(5,
			"k5", List.of(s, s))));
		final Parameters all = parameters(spec);
		final Set<String> late = new LinkedHashSet<>(all.trained());
		late.removeIf(n -> !n.startsWith(prefix));
		final Parameters some = all.trained(late);
		final Plane image = image(22, 24), target = image(5, 5);
		for (final Parameters p : List.of(all, some)) {
			final MultiScaleNetwork net = MultiScaleNetwork.training(backend, spec, p, 1, 24, 22);
			p.clearGradients();
			net.setBlurry(List.of(image));
			net.setTarget(List.of(target), KernelLoss.PLAIN);
			net.forward();
			net.backward(new float[] { 1, 1 }, Float.POSITIVE_INFINITY);
		}
		for (final String n : late) {
			final double[] a = values(all.gradient(n)), b = values(some.gradient(n));
			for (int i = 0; i < a.length; i++)
				worst = Math.max(worst, Math.abs(a[i] - b[i]));
			checked += a.length;
		}
		assertEquals(0, worst);
		for (final String n : all.trained())
			if (!n.startsWith(prefix)) assertNull(some.gradient(n));
	}

	/** All else of the coarser scale is frozen, and its last image estimation alone hands its gradient on. */
	@Test
	void coarserBetaX() {
		final StageSpec s = stage(2);
		final ModelSpec spec = new ModelSpec(List.of(new ScaleSpec(3, "k3", List.of(s, s)), new ScaleSpec(5, "k5", List.of(s,
			s))));
		final Parameters all = parameters(spec);
		final String betaX = "k3/2/log_beta_x";
		final Set<String> names = new LinkedHashSet<>(all.trained());
		names.removeIf(n -> !n.startsWith("k5/") && !n.equals(betaX));
		final Parameters p = all.trained(names);
		final MultiScaleNetwork net = MultiScaleNetwork.training(backend, spec, p, 2, 24, 22, 1, true);
		final List<Plane> images = List.of(image(22, 24), image(22, 24)), truth = List.of(image(5, 5), image(5, 5));
		final DoubleSupplier loss = lossOfLastStage(net, images, truth, KernelLoss.PLAIN);
		loss.getAsDouble();
		net.backward(new float[] { 0, 1 }, Float.POSITIVE_INFINITY);
		assertTrue(values(p.gradient(betaX))[0] != 0, "no gradient");
		for (final String n : names)
			check(n, p.value(n), p.gradient(n), loss);

		// without it, and where a later stage is trained alone, it is left out
		for (final boolean alone : new boolean[] { false, true }) {
			final Set<String> some = new LinkedHashSet<>(names);
			if (alone) some.removeIf(n -> n.startsWith("k5/1/"));
			final Parameters q = all.trained(some);
			final MultiScaleNetwork other = MultiScaleNetwork.training(backend, spec, q, 2, 24, 22, 1, alone);
			lossOfLastStage(other, images, truth, KernelLoss.PLAIN).getAsDouble();
			other.backward(new float[] { 0, 1 }, Float.POSITIVE_INFINITY);
			assertEquals(0, values(q.gradient(betaX))[0]);
		}
	}

	/** The squared distance itself: of each element of a batch in units of its own. */
	@Test
	void plainDistance() {
		final StageSpec s = stage(2);
		final ModelSpec spec = new ModelSpec(List.of(new ScaleSpec(5, "k5", List.of(s))));
		final Parameters p = parameters(spec);
		final MultiScaleNetwork net = MultiScaleNetwork.training(backend, spec, p, 2, 24, 22);
		final List<Plane> truth = List.of(image(5, 5), image(5, 5));
		for (int i = 0; i < 25; i++)
			truth.get(1).pixels()[i] *= 7;
		final DoubleSupplier loss = lossOfLastStage(net, List.of(image(22, 24), image(22, 24)), truth, KernelLoss.PAPER);
		final double sum = loss.getAsDouble();
		assertEquals(sum, net.losses(0)[0] + net.losses(0)[1], 1e-4 * sum);
		net.backward(new float[] { 1 }, Float.POSITIVE_INFINITY);
		for (final String n : p.trained())
			check(n, p.value(n), p.gradient(n), loss);
	}

	/** The stage's kernel, seen by its error and by that of the image; what is found is the mean of it and of the one given. */
	@ParameterizedTest(name = "weights {0} and {1}")
	@CsvSource({ "1,0", "0,1", "0.5,2" })
	void refiningNetwork(final float kernelWeight, final float imageWeight) {
		final ModelSpec spec = ModelSpec.refining(5, stage(2));
		assertEquals(2, spec.parameters().get("refine/1/filters")[1]);
		final Parameters p = parameters(spec);
		final RefiningNetwork net = new RefiningNetwork(backend, spec, p, 2, 24, 22, true);
		final List<Plane> images = List.of(image(22, 24), image(22, 24)), restored = List.of(image(22, 24), image(22, 24));
		final List<Plane> found = List.of(image(5, 5).normalized(), image(5, 5).normalized()), truth = List.of(image(5, 5), image(5, 5));
		net.set(images, restored, found);
		net.forward();
		net.setTarget(List.of(image(22, 24), image(22, 24)), truth);
		kernels.add(net.stage().kernel().value());
		final Tensor kernelErrors = backend.allocate(2, 1, 1, 1), imageErrors = backend.allocate(2, 1, 1, 1);
		final DoubleSupplier loss = () -> {
			net.forward();
			net.measureKernels(KernelLoss.USUAL.levels(), kernelErrors);
			net.measureImages(imageErrors);
			double sum = 0;
			for (int b = 0; b < 2; b++)
				sum += kernelWeight * values(kernelErrors)[b] + imageWeight * Math.log(values(imageErrors)[b] + RefiningNetwork.FLOOR);
			return sum;
		};
		loss.getAsDouble();
		net.backward(kernelWeight, imageWeight);
		for (final String n : p.trained())
			if (imageWeight > 0 || !n.endsWith("beta_x")) check(n, p.value(n), p.gradient(n), loss);
		final Plane before = net.kernel(0);
		for (final boolean other : new boolean[] { true, false }) {
			net.set(images, other ? images : restored, other ? found : List.of(found.get(1), found.get(0)));
			net.forward();
			assertNotEquals(before, net.kernel(0), other ? "the restored image is not looked at" : "the kernel found does not count");
		}
	}

	/** Computed here, of kernels as they lie. */
	private DoubleSupplier lossOfLastStage(final MultiScaleNetwork net, final List<Plane> images, final List<Plane> truth,
		final KernelLoss kind)
	{
		net.setBlurry(images);
		net.setTarget(truth, kind);
		kernels.clear();
		for (int i = 0; i < net.scaleCount(); i++)
			for (final Stage stage : net.scale(i).stages())
				kernels.add(stage.kernel().value());
		final double[] estimates = values(kernels.get(kernels.size() - 1));
		return () -> {
			net.forward();
			double sum = 0;
			for (int b = 0, at = 0; b < truth.size(); b++) {
				double error = 0, norm = 0;
				for (final float t : truth.get(b).pixels()) {
					error += (estimates[at] - t) * (estimates[at++] - t);
					norm += (double) t * t;
				}
				sum += kind.relative() ? error / norm : error;
			}
			return sum;
		};
	}

	// -- the check --

	private void check(final String what, final Tensor value, final Tensor gradient,
		final DoubleSupplier loss)
	{
		check(what, values(value), 0, values(gradient), 0, value.size(), loss);
	}

	private void check(final String what, final double[] a, final int aFrom, final double[] gradient,
		final int gradientFrom, final int count, final DoubleSupplier loss)
	{
		double largest = 0;
		for (int i = 0; i < count; i++)
			largest = Math.max(largest, Math.abs(gradient[gradientFrom + i]));
		final List<Integer> coordinates = new ArrayList<>();
		for (int i = 0; i < count; i++)
			coordinates.add(i);
		Collections.shuffle(coordinates, random);
		for (final int i : coordinates.subList(0, Math.min(count, TRIED))) {
			final double expected = gradient[gradientFrom + i];
			double difference = Double.NaN;
			for (double step = STEP; Double.isNaN(difference) && step > STEP / 200; step /= 10)
				difference = difference(a, aFrom + i, step, loss);
			if (Double.isNaN(difference)) {
				leftOut++;
				continue;
			}
			final double error = expected == difference ? 0 : Math.abs(expected - difference) / Math.max(Math
				.abs(expected), FLOOR * largest);
			assertTrue(error < TOLERANCE, what + "[" + i + "]: gradient " + expected + ", differences " +
				difference);
			worst = Math.max(worst, error);
			checked++;
		}
	}

	/** NaN if a value of a kernel comes to or from zero. */
	private double difference(final double[] a, final int i, final double step,
		final DoubleSupplier loss)
	{
		final double before = a[i];
		final double[] losses = new double[5];
		final Set<BitSet> signs = new HashSet<>();
		for (int s = 0; s < 5; s++) {
			a[i] = before + (s - 2) * step;
			losses[s] = loss.getAsDouble();
			signs.add(signs());
		}
		a[i] = before;
		return signs.size() > 1 ? Double.NaN : (8 * (losses[3] - losses[1]) - (losses[4] - losses[0])) /
			(12 * step);
	}

	private BitSet signs() {
		final BitSet positive = new BitSet();
		int at = 0;
		for (final Tensor kernel : kernels)
			for (final double v : values(kernel))
				positive.set(at++, v > 0);
		return positive;
	}

	// -- things to check --

	private static StageSpec stage(final int layers) {
		return new StageSpec(5, 3, 3, layers, 2, true);
	}

	/** Two stages: the first has one input image, the second two. */
	private Parameters parameters(final int kernel, final int layers, final int stages) {
		return parameters(new ModelSpec(List.of(new ScaleSpec(kernel, "k" + kernel, Collections
			.nCopies(stages, stage(layers))))));
	}

	private Parameters parameters(final ModelSpec spec) {
		final Model model = Model.initial(spec, 3);
		model.parameters().forEach((name, values) -> {
			for (int i = 0; i < values.length; i++) {
				if (name.endsWith("filters")) values[i] *= 0.4f;
				// large enough to be felt
				if (name.endsWith("log_beta_k")) values[i] = (float) Math.log(0.5);
				if (name.endsWith("log_beta_x")) values[i] = (float) Math.log(0.05);
			}
		});
		final Parameters p = Parameters.of(backend, model);
		return p.trained(spec.parameters().keySet());
	}

	private Tensor noise(final int batch, final int channels, final int height, final int width) {
		final Tensor t = backend.allocate(batch, channels, height, width);
		for (int i = 0; i < t.size(); i++)
			values(t)[i] = random.nextGaussian();
		return t;
	}

	private Plane image(final int width, final int height) {
		final float[] pixels = new float[width * height];
		for (int i = 0; i < pixels.length; i++)
			pixels[i] = random.nextFloat();
		return new Plane(pixels, width, height);
	}

	private Tensor number(final double value) {
		final Tensor t = backend.allocate(1, 1, 1, 1);
		values(t)[0] = value;
		return t;
	}

	/** Fills the gradient with random numbers c; the loss is then the dot product of c and the value. */
	private Tensor coefficients(final Signal output) {
		final Tensor t = output.value();
		final Tensor c = noise(t.batch(), t.channels(), t.height(), t.width());
		System.arraycopy(values(c), 0, values(output.grad()), 0, t.size());
		return c;
	}

	private static double dot(final Tensor a, final Tensor b) {
		double sum = 0;
		for (int i = 0; i < a.size(); i++)
			sum += values(a)[i] * values(b)[i];
		return sum;
	}

	private static void add(final Tensor from, final Tensor to) {
		for (int i = 0; i < from.size(); i++)
			values(to)[i] += values(from)[i];
	}
}
