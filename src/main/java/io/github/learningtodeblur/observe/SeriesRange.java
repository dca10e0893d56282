package io.github.learningtodeblur.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;

import io.github.learningtodeblur.util.Plane;

/**
 * One range of values for all planes of a series, such as the frames of a film: settings are relative to the range, so that
 * planes with ranges of their own would flicker. Where a plane's values are quite different, as in a much darker frame, the range
 * follows in few, large steps.
 */
public final class SeriesRange {

	/** Every plane has its own. */
	public static final SeriesRange OWN = new SeriesRange(null, 1);

	/** Planes that are looked at, at most. */
	private static final int LOOKED_AT = 9;

	/** The factor between the widths that ranges may have, and the part of the width by which they may be moved. */
	private static final double WIDER = 1.5, MOVED = 0.25;

	private final ValueRange common;
	private final int lookedAt;

	private SeriesRange(final ValueRange common, final int lookedAt) {
		this.common = common;
		this.lookedAt = lookedAt;
	}

	/**
	 * The middle of the ranges of some planes, evenly spread: a few flashes or dark frames do not matter.
	 *
	 * @param planes their number, at least 1; {@link #OWN} if there is one only
	 * @param plane asked for at most nine of them, by number from 0; one at a time
	 */
	public static SeriesRange of(final int planes, final IntFunction<Plane> plane) {
		if (planes == 1) return OWN;
		final int count = Math.min(LOOKED_AT, planes);
		final List<ValueRange> ranges = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			final ValueRange range = Observation.of(plane.apply((int) ((long) i * (planes - 1) / (count - 1)))).range();
			if (range != null) ranges.add(range);
		}
		if (ranges.isEmpty()) return OWN;
		return new SeriesRange(new ValueRange(middle(ranges, ValueRange::low), middle(ranges, ValueRange::high)), ranges.size());
	}

	private static double middle(final List<ValueRange> ranges, final ToDoubleFunction<ValueRange> end) {
		return ranges.stream().mapToDouble(end).sorted().toArray()[ranges.size() / 2];
	}

	/** Number of planes that it was taken from; 1 if every plane has its own. */
	int lookedAt() {
		return lookedAt;
	}

	/**
	 * @param own of a plane; null if that is constant
	 * @return the common one, or nearly that of the plane; null if {@code own} is
	 */
	ValueRange of(final ValueRange own) {
		if (own == null || common == null) return own;
		final double width = common.high() - common.low(), wider = Math.log((own.high() - own.low()) / width) / Math.log(WIDER);
		final double w = width * Math.pow(WIDER, (int) wider), step = MOVED * w;
		final double low = common.low() + step * (int) ((own.low() - common.low()) / step);
		return new ValueRange(low, low + w);
	}
}
