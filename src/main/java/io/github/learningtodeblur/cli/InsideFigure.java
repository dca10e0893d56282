package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ij.ImagePlus;
import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.command.NetworkPictures;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.restore.LearnedRestoration;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/** Features, latent images and kernels for an image (Fig. 7). */
final class InsideFigure implements Figure {

	@Override
	public void draw(final FigureOptions o) throws IOException {
		if (o.image == null) throw new IllegalArgumentException("--image is needed for inside");
		final ImageFiles.Picture picture = ImageFiles.read(o.image);
		final Deblurring deblurring = new Deblurring(Models.open(o.model), o.device.shared()).withLargestBlur(BlurSize.parse(
			o.size));
		final NetworkPictures p = NetworkPictures.of(deblurring, LearnedRestoration.after(o.model, o.device.shared()), picture
			.luminance(), picture.name(), Progress.NONE);
		final Map<String, ImagePlus> stacks = new LinkedHashMap<>();
		stacks.put("features", p.features());
		stacks.put("latents", p.latents());
		stacks.put("kernels", p.kernels());
		for (final Map.Entry<String, ImagePlus> e : stacks.entrySet()) {
			final String name = e.getKey();
			final ImagePlus stack = e.getValue();
			final List<Plane> planes = new ArrayList<>();
			for (int i = 1; i <= stack.getStackSize(); i++)
				planes.add(new Plane((float[]) stack.getStack().getPixels(i), stack.getWidth(), stack
					.getHeight()));
			final boolean features = name.equals("features");
			Pictures.save(o.out, Pictures.montage(planes, features ? 8 : 5, features ? 120 : name.equals("kernels") ? 4 * stack
				.getWidth() : 200, features), "figure-7-" + name);
		}
	}
}
