package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import io.github.learningtodeblur.train.BlurFamilies;
import io.github.learningtodeblur.util.Plane;

/** Sampled kernels (Fig. 3). */
final class KernelsFigure implements Figure {

	@Override
	public void draw(final FigureOptions o) throws IOException {
		final SplittableRandom random = new SplittableRandom(o.seed);
		final List<Plane> planes = new ArrayList<>();
		for (int i = 0; i < 32; i++)
			planes.add(BlurFamilies.of(o.blur).sample(o.kernel, random));
		Pictures.save(o.out, Pictures.montage(planes, 8, o.kernel * Math.max(1, 96 / o.kernel), false), "figure-3-" + o.blur);
	}
}
