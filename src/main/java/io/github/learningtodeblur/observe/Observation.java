package io.github.learningtodeblur.observe;

import java.util.ArrayList;
import java.util.List;

import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Quantization;

/**
 * A picture as people have it, made fit for estimation and restoration, and the way back. Found by looking at the picture:
 * the range of its values, single pixels that are dead or hot, and what was drawn into it sharp, such as scale bars, text
 * and frames ({@link Disturbances}).
 */
public final class Observation {

	/** That of rounding to 8 bits: less does not make a channel more valuable. */
	private static final double LEAST_NOISE = 1 / 255.0;

	private final Plane original;
	private final Plane image;
	private final ValueRange range;
	private final Disturbances disturbances;
	private final int rangePlanes;

	private Observation(final Plane original, final Disturbances disturbances, final ValueRange range, final int rangePlanes) {
		this.rangePlanes = rangePlanes;
		this.original = original;
		this.disturbances = disturbances;
		this.range = range;
		image = range == null ? null : range.scaled(disturbances.believed());
	}

	/** What shows the blur, which a restoration does not ask for. */
	private Plane shown() {
		return banded() ? range.scaled(disturbances.banding().withoutLines(disturbances.believed())) : image;
	}

	/** @param picture any values; NaN where nothing is known. Not changed */
	public static Observation of(final Plane picture) {
		return of(picture, SeriesRange.OWN);
	}

	/** The same of a plane of a series, with the range of that. */
	public static Observation of(final Plane picture, final SeriesRange series) {
		final Disturbances disturbances = Disturbances.in(picture);
		return new Observation(picture, disturbances, series.of(ValueRange.of(disturbances.believed())), series.lookedAt());
	}

	/** The same with a range that is known already: that of the image from which a tile is cut. */
	public static Observation of(final Plane picture, final ValueRange range) {
		return new Observation(picture, Disturbances.in(picture), range, 1);
	}

	/** @throws IllegalArgumentException if a value is infinite; NaN is unknown */
	public static void check(final Plane image) {
		for (final float v : image.pixels())
			if (Float.isInfinite(v)) throw new IllegalArgumentException("The image contains the value " + v);
	}

	/**
	 * What several channels tell together about their common blur: their sum, each weighted by its contrast over the square
	 * of its noise, so that an empty channel, or one of nothing but noise, takes no part.
	 *
	 * @param channels of equal size, at least one; any values, NaN where unknown
	 * @return in about [0, 1]
	 * @throws IllegalArgumentException if all are constant
	 */
	public static Plane together(final List<Plane> channels) {
		return common(channels.stream().map(Observation::of).toList());
	}

	/** The same of channels that were looked at already. */
	public static Plane common(final List<Observation> channels) {
		if (channels.size() == 1 && !channels.get(0).isConstant()) return channels.get(0).shown();
		final List<Plane> seen = new ArrayList<>();
		final List<Double> weights = new ArrayList<>();
		Observation constant = null;
		for (final Observation o : channels) {
			if (o.isConstant()) {
				constant = o;
				continue;
			}
			final Plane shown = o.shown();
			final double noise = Math.max(NoiseEstimate.of(shown), o.rounding()), contrast = Math.sqrt(Math.max(0, meanSquareDifference(shown) -
				2 * noise * noise));
			seen.add(shown);
			weights.add(contrast / Math.max(LEAST_NOISE * LEAST_NOISE, noise * noise));
		}
		if (seen.isEmpty()) return constant.image(); // which throws
		final double sum = weights.stream().mapToDouble(w -> w).sum();
		final Plane out = new Plane(seen.get(0).width(), seen.get(0).height());
		for (int c = 0; c < seen.size(); c++) {
			// noise alone has a contrast of 0, by chance in all channels
			final float weight = (float) (sum > 0 ? weights.get(c) / sum : 1.0 / seen.size());
			for (int i = 0; i < out.pixels().length; i++)
				out.pixels()[i] += weight * seen.get(c).pixels()[i];
		}
		final ValueRange range = ValueRange.of(out);
		if (range == null) throw new IllegalArgumentException("The channels have nothing known in common");
		return range.scaled(out);
	}

	/** Standard deviation of what rounding took off, also of a picture of few levels, in the units of {@link #image}. */
	private double rounding() {
		return Quantization.anyStep(original) / Math.sqrt(12) / (range.unscaled(1) - range.unscaled(0));
	}

	/** Of neighbours, both known. */
	private static double meanSquareDifference(final Plane p) {
		double sum = 0;
		int count = 0;
		for (int y = 0; y < p.height() - 1; y++)
			for (int x = 0; x < p.width() - 1; x++) {
				final double v = p.get(x, y), dx = p.get(x + 1, y) - v, dy = p.get(x, y + 1) - v;
				if (Double.isNaN(dx + dy)) continue;
				sum += (dx * dx + dy * dy) / 2;
				count++;
			}
		return count == 0 ? 0 : sum / count;
	}

	/** Whether there is nothing to be seen: all pixels are alike, but for single ones, or unknown. */
	public boolean isConstant() {
		return range == null;
	}

	/**
	 * In about [0, 1]; dead and hot pixels are replaced by what lies around, NaN stands where the picture is unknown or
	 * something was drawn.
	 *
	 * @throws IllegalArgumentException if the picture is constant
	 */
	public Plane image() {
		if (range == null) throw new IllegalArgumentException("The image is constant" + inWhichWay() +
			": there is no blur to be seen");
		return image;
	}

	private String inWhichWay() {
		if (disturbances.drawn() > 0) return " but for what was drawn into it";
		float value = Float.NaN;
		for (final float v : original.pixels()) {
			if (Float.isNaN(v) || v == value) continue;
			if (!Float.isNaN(value)) return " but for single pixels";
			value = v;
		}
		return Float.isNaN(value) ? ", as nothing of it is known" : " (all pixels are alike)";
	}

	/** The values taken for 0 and 1; null if the picture is constant. */
	public ValueRange range() {
		return range;
	}

	/** Number of planes of a series that the range was taken from; 1 if it is the picture's own. */
	public int rangePlanes() {
		return rangePlanes;
	}

	/** Standard deviation, in the values of the picture. */
	public double noise() {
		return range.unscaled((float) NoiseEstimate.of(image())) - range.low();
	}

	/** Number of pixels of the picture that are NaN. */
	public int unknown() {
		int count = 0;
		for (final float v : original.pixels())
			if (Float.isNaN(v)) count++;
		return count;
	}

	/** Number of single pixels that are dead or hot. */
	public int outliers() {
		return disturbances.outliers();
	}

	/** Whether rows or columns had offsets of their own, which {@link #image} has not. */
	public boolean banded() {
		return disturbances.banding() != null;
	}

	/** Number of pixels that were drawn into the picture. */
	public int drawn() {
		return disturbances.drawn();
	}

	/**
	 * A restored image in the values of the picture. What was unknown still is; what was drawn stands as it was.
	 *
	 * @param restored from {@link #image}
	 */
	public Plane result(final Plane restored) {
		final Plane out = new Plane(restored.width(), restored.height());
		for (int i = 0; i < out.pixels().length; i++)
			out.pixels()[i] = Float.isNaN(image().pixels()[i]) ? original.pixels()[i] : range.unscaled(restored
				.pixels()[i]);
		return out;
	}
}
