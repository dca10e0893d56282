package io.github.learningtodeblur.batch;

import java.io.Serializable;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import net.imglib2.FinalInterval;
import net.imglib2.Interval;

/**
 * A piece of a volume.
 *
 * @param min first position, one number for each dimension
 * @param max last position
 */
public record Box(long[] min, long[] max) implements Serializable {

	/** A single position. */
	public static Box at(final long... position) {
		return new Box(position, position);
	}

	public Interval interval() {
		return new FinalInterval(min, max);
	}

	/** Fit for a file, and sorted as the positions are. */
	@Override
	public String toString() {
		return IntStream.range(0, min.length).mapToObj(i -> String.format(Locale.ROOT, "%06d", min[min.length - 1 - i])).collect(Collectors
			.joining("-"));
	}
}
