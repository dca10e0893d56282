package io.github.learningtodeblur.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.train.BlurFamilies;
import io.github.learningtodeblur.train.ExamplePlan;
import io.github.learningtodeblur.train.ExampleSource;
import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.util.Plane;

/** What is measured on: pictures of rectangles, so that no data is needed, and networks as we train them. */
public final class Workload {

	/** As {@code cli.TrainCommand} has it, with its four pairs of feature images. */
	private static final StageSpec STAGE = StageSpec.DEFAULT.withPairs(4);
	private static final int STAGES = 3;

	private Workload() {}

	/** Three stages per scale, coarse to fine. */
	public static ModelSpec spec(final int... kernels) {
		final List<ScaleSpec> scales = new ArrayList<>();
		for (final int k : kernels)
			scales.add(new ScaleSpec(k, "k" + k, Collections.nCopies(STAGES, STAGE)));
		return new ModelSpec(scales);
	}

	/** Side of the blurry images on which a kernel size is trained, as {@code train.TrainingPlan} has it. */
	public static int cropSize(final int kernel) {
		final int features = kernel <= 5 ? 96 : kernel <= 9 ? 128 : kernel <= 13 ? 160 : kernel <= 17 ? 192
			: kernel <= 25 ? 240 : 256;
		return features + STAGE.filterSize() - 1;
	}

	/** Overlapping rectangles of random grey, 8 to 40 pixels a side, on a slope. */
	public static Plane rectangles(final int width, final int height, final long seed) {
		final SplittableRandom random = new SplittableRandom(seed);
		final Plane out = new Plane(width, height);
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = 0.2f + 0.6f * (i % width) / width;
		for (int n = 0; n < width * height / 250; n++) {
			final int x = random.nextInt(-8, width), y = random.nextInt(-8, height);
			final int right = Math.min(width, x + random.nextInt(8, 41));
			final int bottom = Math.min(height, y + random.nextInt(8, 41));
			final float grey = (float) random.nextDouble();
			for (int v = Math.max(0, y); v < bottom; v++)
				for (int u = Math.max(0, x); u < right; u++)
					out.pixels()[v * width + u] = grey;
		}
		return out;
	}

	public static SharpImages sharpImages() {
		return SharpImages.of(List.of(rectangles(420, 380, 1), rectangles(360, 440, 2)),
			SharpImages.Selection.ALL);
	}

	/** Rectangles under camera shake, 1 % noise. */
	public static ExampleSource examples(final int crop, final int kernel) {
		return new ExampleSource(sharpImages(), BlurFamilies.of("camera-shake"), new ExamplePlan(crop,
			kernel, 1));
	}
}
