package io.github.learningtodeblur.command;

import java.util.ArrayList;
import java.util.List;

import ij.ImagePlus;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.modules.NetworkResult;
import io.github.learningtodeblur.modules.StageResult;
import io.github.learningtodeblur.restore.LearnedRestoration;
import io.github.learningtodeblur.search.KernelSearch;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Regions;

/**
 * Pictures of a network: its filters (the paper's Fig. 6), and what it makes of an image (Fig. 7), one slice
 * per stage. Coarser scales are enlarged to the size of the finest.
 *
 * @param features windowed feature images, all x~ then all y~ of each stage; grey is 0
 * @param latents latent images
 * @param kernels estimated kernels, before any refinement
 * @param restored images of the learned restoration with the last of them: what it begins with, and after each of its stages
 */
public record NetworkPictures(ImagePlus features, ImagePlus latents, ImagePlus kernels, ImagePlus restored) {

	/** Pixels per filter value. */
	private static final int FILTER_ZOOM = 4;
	private static final int TILES_PER_ROW = 8;

	/**
	 * @param restoration that follows the network
	 * @param image in [0, 1]; its region with the strongest gradients is shown if it is large
	 */
	public static NetworkPictures of(final Deblurring deblurring, final LearnedRestoration restoration, final Plane image,
		final String title, final Progress progress)
	{
		final NetworkResult network = deblurring.run(Images.img(image), progress);
		final List<Plane> x = new ArrayList<>(), l = new ArrayList<>(), k = new ArrayList<>();
		final List<String> xNames = new ArrayList<>(), names = new ArrayList<>();
		final Plane full = Images.plane(network.latent()), largest = Images.plane(network.kernel());
		for (int s = 0; s < network.stages().size(); s++)
			for (int t = 0; t < network.stages().get(s).size(); t++) {
				progress.check();
				final StageResult stage = network.stages().get(s).get(t);
				final String name = deblurring.kernelSizes().get(s) + "x" + deblurring.kernelSizes().get(s) +
					", stage " + (t + 1);
				final List<Plane> both = Images.planes(stage.features());
				for (int i = 0; i < both.size(); i++) {
					x.add(resized(both.get(i), full.width(), full.height(), true));
					xNames.add(name + ", " + (i < both.size() / 2 ? "x" : "y") + (i % (both.size() / 2) + 1));
				}
				l.add(resized(Images.plane(stage.latent()), full.width(), full.height(), true));
				k.add(resized(Images.plane(stage.kernel()), largest.width(), largest.height(), false));
				names.add(name);
			}
		final ImagePlus features = Hyperstack.floats("features of " + title, x, xNames);
		// grey is 0; single strong edges would leave all else grey
		final double range = 4 * rootMeanSquare(x);
		features.setDisplayRange(-range, range);
		final ImagePlus latents = Hyperstack.floats("latent images of " + title, l, names);
		latents.setDisplayRange(0, 1);
		return new NetworkPictures(features, latents, Hyperstack.floats("kernels of " + title, k, names), restored(restoration, image,
			largest, title, progress));
	}

	private static ImagePlus restored(final LearnedRestoration restoration, final Plane image, final Plane kernel, final String title,
		final Progress progress)
	{
		final List<Plane> images = restoration.stages(Regions.informative(image, KernelSearch.MAX_REGION), kernel,
			progress.cancelOnly());
		final List<String> names = new ArrayList<>(List.of("sparse"));
		for (int s = 1; s < images.size(); s++)
			names.add("learned, stage " + s);
		final ImagePlus stack = Hyperstack.floats("restoration of " + title, images, names);
		stack.setDisplayRange(0, 1);
		return stack;
	}

	private static double rootMeanSquare(final List<Plane> planes) {
		double sum = 0;
		for (final Plane p : planes)
			for (final float v : p.pixels())
				sum += (double) v * v / p.pixels().length / planes.size();
		return Math.sqrt(sum);
	}

	private static Plane resized(final Plane p, final int width, final int height,
		final boolean smooth)
	{
		if (p.width() == width && p.height() == height) return p;
		final ImageProcessor ip = new FloatProcessor(p.width(), p.height(), p.pixels());
		ip.setInterpolationMethod(smooth ? ImageProcessor.BILINEAR : ImageProcessor.NONE);
		return new Plane((float[]) ip.resize(width, height).getPixels(), width, height);
	}

	/**
	 * One slice per stage: its filters as tiles, each stretched so that grey is 0. Where a stage has two input
	 * images, the filter for the latent image lies left of that for the blurry one.
	 */
	public static ImagePlus filters(final Model model, final String title) {
		final ModelSpec spec = model.spec();
		final List<Plane> tiled = new ArrayList<>();
		final List<String> names = new ArrayList<>();
		int width = 0, height = 0;
		for (int s = 0; s < spec.scales().size(); s++) {
			final ScaleSpec scale = spec.scales().get(s);
			for (int t = 0; t < scale.stages().size(); t++) {
				final Plane p = tiles(model.parameter(spec.prefix(s, t) + "filters"), spec.inputs(s, t), scale
					.stages().get(t).filterSize());
				tiled.add(p);
				names.add(scale.kernel() + "x" + scale.kernel() + ", stage " + (t + 1));
				width = Math.max(width, p.width());
				height = Math.max(height, p.height());
			}
		}
		final List<Plane> equal = new ArrayList<>();
		for (final Plane p : tiled) {
			final Plane out = new Plane(width, height);
			for (int y = 0; y < p.height(); y++)
				System.arraycopy(p.pixels(), y * p.width(), out.pixels(), y * width, p.width());
			equal.add(out);
		}
		final ImagePlus image = Hyperstack.floats(title, equal, names);
		image.setDisplayRange(-1, 1);
		return image;
	}

	/** Pixels from the left that the filters of a stage take in {@link #filters}. */
	public static int filtersWidth(final ModelSpec spec, final int scale, final int stage) {
		final StageSpec s = spec.scales().get(scale).stages().get(stage);
		return Math.min(s.filters(), TILES_PER_ROW) * tileWidth(spec.inputs(scale, stage), s.filterSize());
	}

	/** With one value of margin. */
	private static int tileWidth(final int inputs, final int side) {
		return (inputs * side + 1) * FILTER_ZOOM;
	}

	private static Plane tiles(final float[] filters, final int inputs, final int side) {
		final int area = side * side, count = filters.length / area / inputs;
		final int columns = Math.min(count, TILES_PER_ROW), rows = (count + columns - 1) / columns;
		// one value of margin below and right of each tile
		final int tileWidth = tileWidth(inputs, side), tileHeight = (side + 1) * FILTER_ZOOM;
		final Plane out = new Plane(columns * tileWidth, rows * tileHeight);
		for (int f = 0; f < count; f++) {
			float max = Float.MIN_NORMAL;
			for (int i = f * inputs * area; i < (f + 1) * inputs * area; i++)
				max = Math.max(max, Math.abs(filters[i]));
			for (int y = 0; y < side * FILTER_ZOOM; y++)
				for (int x = 0; x < inputs * side * FILTER_ZOOM; x++) {
					final int column = x / FILTER_ZOOM;
					final float v = filters[(f * inputs + column / side) * area + y / FILTER_ZOOM * side + column %
						side];
					out.pixels()[(f / columns * tileHeight + y) * out.width() + f % columns * tileWidth + x] = v /
						max;
				}
		}
		return out;
	}
}
