package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

import ij.ImagePlus;
import ij.process.ImageProcessor;
import io.github.learningtodeblur.command.NetworkPictures;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.Models;

/** What a model has learned (Fig. 6). Filters of scales that share their weights are drawn once. */
final class FiltersFigure implements Figure {

	@Override
	public void draw(final FigureOptions o) throws IOException {
		final Model m = Models.open(o.model);
		final ImagePlus all = NetworkPictures.filters(m, o.model);
		final Set<String> drawn = new HashSet<>();
		int slice = 0;
		for (int s = 0; s < m.spec().scales().size(); s++)
			for (int t = 0; t < m.spec().scales().get(s).stages().size(); t++) {
				all.setSlice(++slice);
				if (!drawn.add(m.spec().prefix(s, t))) continue;
				final ImageProcessor tiles = all.getProcessor();
				// all slices are as wide as the widest
				if (m.spec().inputs(s, t) == 1) tiles.setRoi(0, 0, NetworkPictures.filtersWidth(m.spec(), s, t),
					tiles.getHeight());
				Pictures.save(o.out, new ImagePlus("", tiles.crop().convertToByteProcessor()), "figure-6-" + m.spec().prefix(s,
					t).replaceAll("[^0-9a-z]+", "-").replaceFirst("-$", ""));
			}
	}
}
