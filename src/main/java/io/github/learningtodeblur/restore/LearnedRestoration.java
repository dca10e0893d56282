package io.github.learningtodeblur.restore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.net.RestorationNetwork;
import io.github.learningtodeblur.net.RestorationProblem;
import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Saturation;

/**
 * Restoration by a network ({@link RestorationNetwork}) trained on kernels as the search estimates them, errors and all, and
 * on true ones. What it needs to know is taken from the image, as by {@link FittedRestoration}: the noise, and whether lights
 * are saturated. Borders and unknown pixels are predicted between its stages.
 */
public final class LearnedRestoration implements Restoration {

	/** Part of the strongest edges that may touch saturated pixels: of text on white paper at most 0.04 does. */
	private static final double MOST_CUT_OFF = 0.05;

	/**
	 * Standard deviation that adds to the noise's: kernels that were estimated or measured err, and real blur is not the
	 * same everywhere, while half of what the network was trained on has no errors but noise.
	 */
	private static final double MODEL_ERROR = 0.0065;

	private final RestorationModel model;
	private final Parameters parameters;
	private final Backend backend;
	private final double strength;
	/** NaN if it is to be found in each image. */
	private final double noise;
	private final float white;

	public LearnedRestoration(final RestorationModel model, final Backend backend) {
		this(model, Parameters.of(backend, model), backend, 1, Double.NaN, Float.POSITIVE_INFINITY);
	}

	private LearnedRestoration(final RestorationModel model, final Parameters parameters, final Backend backend,
		final double strength, final double noise, final float white)
	{
		if (!(strength > 0 && strength < 1e6)) throw new IllegalArgumentException(
			"Strength must be above 0 and below 1e6, got " + strength);
		this.model = model;
		this.parameters = parameters;
		this.backend = backend;
		this.strength = strength;
		this.noise = noise;
		this.white = white;
	}

	/** By name; read once, when first asked for. */
	private static final Map<String, RestorationModel> BUNDLED = new ConcurrentHashMap<>();

	/** The one that comes with this library, on the device that everybody uses. */
	public static LearnedRestoration bundled() {
		return bundled(Backends.shared());
	}

	/** The one for all kinds of images that comes with this library. */
	public static LearnedRestoration bundled(final Backend backend) {
		return bundled(RestorationModel.USUAL, backend);
	}

	/** The one that follows a network, see {@link Restorations#after}. */
	public static LearnedRestoration after(final String network, final Backend backend) {
		return bundled(Restorations.modelAfter(network), backend);
	}

	/** @param name of one that comes with this library */
	static LearnedRestoration bundled(final String name, final Backend backend) {
		return new LearnedRestoration(BUNDLED.computeIfAbsent(name, n -> {
			try {
				return RestorationModel.bundled(n);
			}
			catch (final IOException e) {
				throw new UncheckedIOException(e);
			}
		}), backend);
	}

	@Override
	public LearnedRestoration on(final Backend device) {
		return device == backend ? this : new LearnedRestoration(model, Parameters.of(device, model), device, strength, noise,
			white);
	}

	/** @param factor on the variance of the noise, above 0: above 1 smoother, below 1 sharper and noisier */
	@Override
	public LearnedRestoration withStrength(final double factor) {
		return new LearnedRestoration(model, parameters, backend, factor * strength, noise, white);
	}

	/** {@link FittedRestoration}, if what matters in the image is lights cut off at white: such it was not trained on. */
	@Override
	public Restoration fitted(final Plane image) {
		final boolean edges = Math.min(image.width(), image.height()) > 1;
		if (edges && Saturation.ofEdges(image) > MOST_CUT_OFF) return new FittedRestoration(strength, backend).fitted(image);
		return with(image);
	}

	/** With what it needs to know of an image. */
	private LearnedRestoration with(final Plane image) {
		return new LearnedRestoration(model, parameters, backend, strength, Math.hypot(MODEL_ERROR, NoiseEstimate.of(
			image)), Saturation.white(image));
	}

	@Override
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		if (Double.isNaN(noise)) return fitted(blurry).restore(blurry, kernel, progress);
		final RestorationNetwork network = network(blurry, kernel);
		network.forward(progress);
		return network.image(network.stageCount() - 1, 0);
	}

	/**
	 * For those who want to see how it works: the sparse restoration that it begins with, and the image after each stage.
	 *
	 * @param blurry,kernel as for {@link #restore}
	 */
	public List<Plane> stages(final Plane blurry, final Plane kernel, final Progress progress) {
		if (Double.isNaN(noise)) return with(blurry).stages(blurry, kernel, progress);
		final RestorationNetwork network = network(blurry, kernel);
		final List<Plane> images = new ArrayList<>(List.of(network.first(0)));
		network.forward(progress, stage -> images.add(network.image(stage, 0)));
		return images;
	}

	private RestorationNetwork network(final Plane blurry, final Plane kernel) {
		final RestorationNetwork network = new RestorationNetwork(backend, model.spec(), parameters, 1, RestorationProblem.around(blurry
			.height(), kernel.height()), RestorationProblem.around(blurry.width(), kernel.width()), false);
		network.set(List.of(new RestorationProblem(blurry, white, kernel, noise, strength)));
		return network;
	}

	@Override
	public String toString() {
		return "LearnedRestoration[strength=" + strength + ", noise=" + noise + ", white=" + white + ']';
	}

	/** The same model, on the same device, with the same settings. */
	@Override
	public boolean equals(final Object o) {
		return o instanceof LearnedRestoration r && r.model == model && r.backend == backend && r.strength == strength && Double.compare(
			r.noise, noise) == 0 && r.white == white;
	}

	@Override
	public int hashCode() {
		return Double.hashCode(strength) * 31 + Double.hashCode(noise);
	}
}
