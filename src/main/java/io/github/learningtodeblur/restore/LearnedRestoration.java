package io.github.learningtodeblur.restore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
 * on true ones. What it needs to know is taken from the image: the noise and what the kernel leaves unexplained ({@link
 * Unexplained#error}), and whether lights are saturated. Borders and unknown pixels are predicted between its stages.
 */
public final class LearnedRestoration implements Restoration {

	/** Kernels for which it is known what they leave unexplained; pictures with many kernels are restored one after the other. */
	private static final int KNOWN = 32;

	/** More than any other restoration takes, see {@link Restoration#bytesPerPixel()}. */
	public static final int BYTES_PER_PIXEL = 136;

	private final RestorationModel model;
	private final Parameters parameters;
	private final Backend backend;
	private final double strength;
	/** Null if each image is looked at anew. */
	private final Seen seen;

	/**
	 * What was seen of an image.
	 *
	 * @param region where the error that a kernel leaves is measured
	 * @param errors of the kernels asked for last, see {@link Unexplained#error}
	 */
	private record Seen(Plane region, double noise, float white, Map<Plane, Double> errors) {

		Seen(final Plane image) {
			this(Unexplained.region(image), NoiseEstimate.of(image), Saturation.white(image), new LinkedHashMap<>() {

				@Override
				protected boolean removeEldestEntry(final Map.Entry<Plane, Double> eldest) {
					return size() > KNOWN;
				}
			});
		}

		/** The same for all tiles, whatever device they are restored on. */
		double error(final Backend backend, final Plane kernel, final Progress progress) {
			synchronized (errors) {
				Double error = errors.get(kernel);
				if (error == null) errors.put(kernel, error = Unexplained.error(backend, region, kernel, noise, white, progress));
				return error;
			}
		}
	}

	public LearnedRestoration(final RestorationModel model, final Backend backend) {
		this(model, Parameters.of(backend, model), backend, 1, null);
	}

	private LearnedRestoration(final RestorationModel model, final Parameters parameters, final Backend backend,
		final double strength, final Seen seen)
	{
		if (!(strength > 0 && strength < 1e6)) throw new IllegalArgumentException(
			"Strength must be above 0 and below 1e6, got " + strength);
		this.model = model;
		this.parameters = parameters;
		this.backend = backend;
		this.strength = strength;
		this.seen = seen;
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
		return device == backend ? this : new LearnedRestoration(model, Parameters.of(device, model), device, strength, seen);
	}

	/** @param factor on the variance of the noise, above 0: above 1 smoother, below 1 sharper and noisier */
	@Override
	public LearnedRestoration withStrength(final double factor) {
		return new LearnedRestoration(model, parameters, backend, factor * strength, seen);
	}

	/** {@link FittedRestoration}, if what matters in the image is lights cut off at white: such it was not trained on. */
	@Override
	public Restoration fitted(final Plane image) {
		final boolean edges = Math.min(image.width(), image.height()) > 1;
		if (edges && Saturation.isCutOff(image)) return new FittedRestoration(strength, backend).fitted(image);
		return with(image);
	}

	/** With what it needs to know of an image. */
	private LearnedRestoration with(final Plane image) {
		return new LearnedRestoration(model, parameters, backend, strength, new Seen(image));
	}

	@Override
	public int bytesPerPixel() {
		return BYTES_PER_PIXEL;
	}

	@Override
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		if (seen == null) return fitted(blurry).restore(blurry, kernel, progress);
		final RestorationNetwork network = network(blurry, kernel, progress);
		network.forward(progress);
		return network.image(network.stageCount() - 1, 0);
	}

	/**
	 * For those who want to see how it works: the sparse restoration that it begins with, and the image after each stage.
	 *
	 * @param blurry,kernel as for {@link #restore}
	 */
	public List<Plane> stages(final Plane blurry, final Plane kernel, final Progress progress) {
		if (seen == null) return with(blurry).stages(blurry, kernel, progress);
		final RestorationNetwork network = network(blurry, kernel, progress);
		final List<Plane> images = new ArrayList<>(List.of(network.first(0)));
		network.forward(progress, stage -> images.add(network.image(stage, 0)));
		return images;
	}

	private RestorationNetwork network(final Plane blurry, final Plane kernel, final Progress progress) {
		final double error = seen.error(backend, kernel, progress.cancelOnly());
		final RestorationNetwork network = new RestorationNetwork(backend, model.spec(), parameters, 1, RestorationProblem.around(blurry
			.height(), kernel.height()), RestorationProblem.around(blurry.width(), kernel.width()), false);
		network.set(List.of(new RestorationProblem(blurry, seen.white, kernel, error, strength)));
		return network;
	}

	@Override
	public String toString() {
		return "LearnedRestoration[strength=" + strength + ", " + (seen == null ? "of any image" : "noise=" + seen.noise + ", white=" + seen.white) + ']';
	}

	/** The same model, on the same device, with the same settings. */
	@Override
	public boolean equals(final Object o) {
		return o instanceof LearnedRestoration r && r.model == model && r.backend == backend && r.strength == strength && (seen == null
			? r.seen == null : r.seen != null && r.seen.noise == seen.noise && r.seen.white == seen.white && r.seen.region.equals(seen.region));
	}

	@Override
	public int hashCode() {
		return Double.hashCode(strength) * 31 + (seen == null ? 0 : seen.region.hashCode());
	}
}
