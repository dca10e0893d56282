package io.github.learningtodeblur.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.net.MultiScaleNetwork;
import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Regions;
import io.github.learningtodeblur.util.Unknown;

/**
 * Improves kernels as the later stages of the network do (section 3.2): features of the blurry image and of one restored
 * with the kernel so far tell a better kernel (Eqs. 2 to 4). In contrast to those stages it has seen kernels of every kind
 * in training: the network's, those of the whole search, and its own. See {@link ModelSpec#refining}.
 *
 * @param model of one scale
 */
public record LearnedRefinement(ModelSpec model, Parameters parameters, Backend backend) {

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

	/**
	 * @param blurry values in [0, 1], NaN where unknown; of large images, the regions with the strongest gradients are
	 *          looked at
	 * @param kernels of one odd size, not negative, positive sums
	 * @param rounds at least 1
	 * @return better ones, in their order: of the same size, not negative, sum 1, without what can only be noise
	 * @throws java.util.concurrent.CancellationException if {@code progress} is canceled
	 */
	public List<Plane> improved(final Plane blurry, final List<Plane> kernels, final int rounds, final Progress progress) {
		final int size = kernels.get(0).width(), n = kernels.size();
		final Plane region = Regions.informative(blurry, KernelRefinement.regionSide(size));
		final ModelSpec.ScaleSpec scale = model.scales().get(0);
		final MultiScaleNetwork network = new MultiScaleNetwork(backend, model.withScales(List.of(new ModelSpec.ScaleSpec(size, scale
			.weights(), scale.stages(), scale.sharpening()))), parameters, n, region.height(), region.width());
		final FittedRestoration restoration = new FittedRestoration(1, backend);
		final List<Plane> images = new ArrayList<>();
		for (int i = 0; i < n; i++)
			images.add(Unknown.filled(region));
		List<Plane> k = kernels;
		for (int round = 0; round < rounds; round++) {
			progress.check();
			progress.report(round, rounds, "Refining the blur kernel");
			network.setRestored(images, restoration.restore(region, k, progress.cancelOnly()));
			network.forward(progress.cancelOnly());
			final List<Plane> better = new ArrayList<>();
			for (int i = 0; i < n; i++)
				better.add(KernelCleaning.clean(network.kernel(i)));
			k = better;
		}
		return k;
	}
}
