package io.github.learningtodeblur.modules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.observe.Observation;
import io.github.learningtodeblur.observe.ValueRange;
import io.github.learningtodeblur.restore.ObservedRestoration;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.restore.TiledRestoration;
import io.github.learningtodeblur.util.Images;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.Interval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.converter.RealTypeConverters;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Intervals;
import net.imglib2.view.Views;

/**
 * Restoration of an image of any size with a known kernel: deconvolution for the eyes, block by block, within bounded memory.
 * Values may lie anywhere, NaN stands for unknown pixels; both stay as they are, and so does what was drawn into the image.
 * <p>
 * Of an image of no more than some four million pixels, all is looked at first, and the result is that of {@link
 * ObservedRestoration} but for what tiles of another size make. Of a larger one, the range of the values, the noise, and whether
 * lights are saturated, are found in 64 blocks; what was drawn into it, and dead pixels, in each tile. Blocks put together are, to
 * the last bit, the image restored at once, and have no seams.
 */
public final class BlockRestoration {

	/** Rows between blocks that are looked at: from further away little is blurred into them. */
	private static final int BETWEEN = 32;

	private final Restoration method;
	private final int tile;

	/** Null for what has not been looked at. */
	private final Fit fit;

	/**
	 * What was found in an image.
	 *
	 * @param whole all of it; null if it is large
	 * @param range null if it is constant
	 * @param method works on values in about [0, 1]
	 */
	private record Fit(Observation whole, ValueRange range, Restoration method) {}

	/** A part of an image. */
	private record Part(RandomAccessibleInterval<? extends RealType<?>> image, Interval interval) {

		Plane plane() {
			return Images.plane(image, interval);
		}
	}

	/** @param method works on values in about [0, 1], see {@code Restorations} */
	public BlockRestoration(final Restoration method) {
		this(method, TiledRestoration.DEFAULT_TILE);
	}

	/** @param tile columns and rows of the tiles, at least 64: less memory, more time */
	public BlockRestoration(final Restoration method, final int tile) {
		this(method, tile, null);
	}

	private BlockRestoration(final Restoration method, final int tile, final Fit fit) {
		this.method = method;
		this.tile = new TiledRestoration(method, tile).tile();
		this.fit = fit;
	}

	/**
	 * With settings that suit an image, for those who restore it in several blocks: else every call finds them anew.
	 *
	 * @param image two-dimensional, of any size
	 */
	public BlockRestoration fitted(final RandomAccessibleInterval<? extends RealType<?>> image) {
		return new BlockRestoration(method, tile, fit(image));
	}

	/**
	 * With settings that suit several images alike, such as the planes of a volume, of which some are looked at.
	 *
	 * @param images two-dimensional, all of one size
	 * @throws IllegalArgumentException if they are not
	 */
	public BlockRestoration fitted(final List<? extends RandomAccessibleInterval<? extends RealType<?>>> images) {
		return new BlockRestoration(method, tile, fit(images));
	}

	/** Pixels around a block that take part in its restoration, see {@link Restoration#halo}. */
	public int halo(final RandomAccessibleInterval<? extends RealType<?>> kernel) {
		return method.halo(Images.plane(kernel));
	}

	private Fit fit(final RandomAccessibleInterval<? extends RealType<?>> image) {
		if (!Samples.isSmall(image)) return fit(List.of(image));
		final Observation whole = Observation.of(Images.plane(image));
		return new Fit(whole, whole.range(), whole.isConstant() ? method : method.fitted(whole.image()));
	}

	private Fit fit(final List<? extends RandomAccessibleInterval<? extends RealType<?>>> images) {
		double low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
		final List<Part> seen = new ArrayList<>(); // read twice, as all of them take more memory than one
		for (int i = 0; i < images.size(); i++) {
			if (!Intervals.equalDimensions(images.get(i), images.get(0))) throw new IllegalArgumentException(
				"Settings can be found for images of one size, but here are " + Images.text(images.get(0)) + " and " + Images.text(images
					.get(i)));
			final List<Interval> all = Samples.of(images.get(i));
			// of many blocks, each image its share: as much memory as for one image
			for (int k = all.size() == 1 ? 0 : i; k < all.size(); k += all.size() == 1 ? 1 : images.size()) {
				final Part part = new Part(images.get(i), all.get(k));
				final ValueRange range = Observation.of(part.plane()).range();
				if (range == null) continue;
				seen.add(part);
				low = Math.min(low, range.low());
				high = Math.max(high, range.high());
			}
		}
		if (seen.isEmpty()) return new Fit(null, null, method);
		final ValueRange range = new ValueRange(low, high);
		return new Fit(null, range, method.fitted(sample(share(seen), range)));
	}

	/** As many, evenly, as have together about the pixels up to which one image is looked at as a whole. */
	private static List<Part> share(final List<Part> seen) {
		final int most = (int) Math.max(1, Samples.WHOLE / Intervals.numElements(seen.get(0).interval));
		if (seen.size() <= most) return seen;
		return IntStream.range(0, most).mapToObj(i -> seen.get((int) ((long) i * seen.size() / most))).toList();
	}

	/** What is believed of blocks of equal size, one below the other, in [0, 1]; unknown between them, as if each had borders. */
	private static Plane sample(final List<Part> blocks, final ValueRange range) {
		final int width = (int) blocks.get(0).interval.dimension(0), height = (int) blocks.get(0).interval.dimension(1);
		final Plane out = new Plane(width, (height + BETWEEN) * blocks.size() - BETWEEN);
		Arrays.fill(out.pixels(), Float.NaN);
		for (int i = 0; i < blocks.size(); i++)
			System.arraycopy(Observation.of(blocks.get(i).plane(), range).image().pixels(), 0, out.pixels(), i * width * (height +
				BETWEEN), width * height);
		return out;
	}

	/**
	 * All of an image that fits into memory.
	 *
	 * @param blurry (w, h)
	 * @param kernel see {@link #restore(RandomAccessibleInterval, RandomAccessibleInterval, RandomAccessibleInterval, Progress)}
	 * @return (w, h), in the values of {@code blurry}
	 */
	public Img<FloatType> restore(final RandomAccessibleInterval<? extends RealType<?>> blurry,
		final RandomAccessibleInterval<? extends RealType<?>> kernel)
	{
		final Img<FloatType> out = ArrayImgs.floats(blurry.dimension(0), blurry.dimension(1));
		restore(Views.zeroMin(blurry), kernel, out, Progress.NONE);
		return out;
	}

	/** {@link #restore(RandomAccessibleInterval, RandomAccessibleInterval, RandomAccessibleInterval, Progress)}, untold. */
	public void restore(final RandomAccessibleInterval<? extends RealType<?>> blurry,
		final RandomAccessibleInterval<? extends RealType<?>> kernel, final RandomAccessibleInterval<FloatType> out)
	{
		restore(blurry, kernel, out, Progress.NONE);
	}

	/**
	 * A block of an image of any size. What has to be seen around the block is asked from the image.
	 *
	 * @param blurry two-dimensional, finite or NaN, such as a {@code CellImg} that is read from a disk as it is needed
	 * @param kernel blurry = sharp * kernel, the middle pixel is the origin; odd width and height, finite, of positive sum, scaled
	 *          to sum 1 inside. A single point is no blur, and leaves the image as it is
	 * @param out an interval of the image, in its coordinates, such as one cell of a larger image; best some tiles wide and high
	 *          ({@link TiledRestoration})
	 * @param progress asked and told at every row of tiles
	 * @throws IllegalArgumentException if {@code out} leaves the image, or the kernel is none
	 * @throws java.util.concurrent.CancellationException if {@code progress} is canceled; then a part of {@code out} is written
	 */
	public void restore(final RandomAccessibleInterval<? extends RealType<?>> blurry,
		final RandomAccessibleInterval<? extends RealType<?>> kernel, final RandomAccessibleInterval<FloatType> out,
		final Progress progress)
	{
		final Plane k = Images.plane(kernel);
		final Fit found = Planes.isPoint(k) ? null : fit == null ? fit(blurry) : fit;
		if (found == null || found.range == null) RealTypeConverters.copyFromTo(blurry, out);
		else if (found.whole == null) new TiledRestoration(new InRange(found), tile).restore(blurry, k, out, progress);
		else {
			final Plane seen = found.whole.image(), restored = new Plane(seen.width(), seen.height());
			final long[] min = blurry.minAsLongArray();
			new TiledRestoration(found.method, tile).restore(Views.translate(Images.img(seen), min), k, Views.interval(Views
				.translate(Images.img(restored), min), out), progress);
			RealTypeConverters.copyFromTo(Views.translate(Images.img(found.whole.result(restored)), min), out);
		}
	}

	/** A restoration of values in about [0, 1] for tiles of an image of another range. */
	private record InRange(Fit fit) implements Restoration {

		@Override
		public Restoration on(final Backend backend) {
			return new InRange(new Fit(fit.whole, fit.range, fit.method.on(backend)));
		}

		@Override
		public int halo(final Plane kernel) {
			return fit.method.halo(kernel);
		}

		@Override
		public int bytesPerPixel() {
			return fit.method.bytesPerPixel();
		}

		@Override
		public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
			final Observation observation = Observation.of(blurry, fit.range);
			return observation.result(fit.method.restore(observation.image(), kernel, progress));
		}
	}
}
