package io.github.learningtodeblur.modules;

import java.util.ArrayList;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.net.MultiScaleNetwork;
import io.github.learningtodeblur.util.Images;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;

/**
 * What the network makes of an image.
 *
 * @param stages by scale, coarse to fine, and by stage; coarser scales have seen a smaller image
 * @param kernel that of the last stage, not negative, of sum 1, or all 0; sharpened if the model's spec says so
 */
public record NetworkResult(List<List<StageResult>> stages, Img<FloatType> kernel) {

	/** @param network after a forward pass; not to be run again, as its tensors are shared where they can be */
	public static NetworkResult of(final Backend backend, final MultiScaleNetwork network) {
		final List<List<StageResult>> scales = new ArrayList<>();
		for (int s = 0; s < network.scaleCount(); s++) {
			final List<StageResult> stages = new ArrayList<>();
			for (int t = 0; t < network.stageCount(s); t++)
				stages.add(NetworkStage.result(backend, network.stage(s, t)));
			scales.add(stages);
		}
		return new NetworkResult(scales, Images.img(network.kernel()));
	}

	/** The image of the last stage. */
	public Img<FloatType> latent() {
		final List<StageResult> finest = stages.get(stages.size() - 1);
		return finest.get(finest.size() - 1).latent();
	}
}
