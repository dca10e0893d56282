package io.github.learningtodeblur.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.net.RefiningNetwork;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.restore.Unexplained;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Regions;
import io.github.learningtodeblur.util.Unknown;

/**
 * Improves the kernel that a search has found, by a network that was trained on what searches find ({@link RefiningNetwork}).
 * Kernels that are very good already get worse by it; so what the improved one leaves unexplained of the image is compared
 * with what the other leaves.
 *
 * @param model see {@link ModelSpec#refining()}
 */
public record LearnedRefinement(ModelSpec model, Parameters parameters, Backend backend) {

	/**
	 * How much more an improved kernel may leave unexplained, as a ratio of standard deviations: more than chance makes, as the
	 * image restored with another kernel is another one, too.
	 */
	private static final double MOST_UNEXPLAINED = 1.01;

	/** Name of the model that comes with this library. */
	public static final String USUAL = "general";

	public LearnedRefinement {
		if (!model.refining()) throw new IllegalArgumentException("A model that improves kernels is needed, not one that finds them");
	}

	public LearnedRefinement(final Model model, final Backend backend) {
		this(model.spec(), Parameters.of(backend, model), backend);
	}

	/** Read once, when first asked for. */
	private static final class Bundled {

		private static final Model MODEL = read();

		private static Model read() {
			try {
				return Models.refinement(USUAL);
			}
			catch (final IOException e) {
				throw new UncheckedIOException(e);
			}
		}
	}

	/** With the model that comes with this library. */
	public static LearnedRefinement bundled(final Backend backend) {
		return new LearnedRefinement(Bundled.MODEL, backend);
	}

	/** The same on another device. */
	public LearnedRefinement on(final Backend device) {
		return new LearnedRefinement(model, parameters.copied(device), device);
	}

	/**
	 * @param blurry values in [0, 1], NaN where unknown; of large images, the regions with the strongest gradients are
	 *          looked at
	 * @param kernel of odd size, not negative, positive sum
	 * @return a better one of the same size: not negative, sum 1, without what can only be noise; or {@code kernel} itself, if that
	 *         explains the image clearly better
	 * @throws java.util.concurrent.CancellationException if {@code progress} is canceled
	 */
	public Plane improved(final Plane blurry, final Plane kernel, final Progress progress) {
		progress.check();
		final int size = kernel.width();
		final Plane region = Regions.informative(blurry, KernelRefinement.regionSide(size));
		final RefiningNetwork network = new RefiningNetwork(backend, model.withKernel(size), parameters, 1, region.height(), region
			.width(), false);
		final FittedRestoration restoration = new FittedRestoration(1, backend);
		final Plane found = kernel.normalized(), restored = restoration.restore(region, found, progress.span(0, 0.5));
		network.set(List.of(Unknown.filled(region)), List.of(restored), List.of(found));
		progress.check();
		network.forward();
		final Plane improved = KernelCleaning.clean(network.kernel(0)), again = restoration.restore(region, improved, progress.span(0.5, 1));
		final double before = Planes.deviation(Unexplained.of(region, restored, found)), after = Planes.deviation(Unexplained.of(region,
			again, improved));
		return after > MOST_UNEXPLAINED * before ? kernel : improved;
	}
}
