package io.github.learningtodeblur.restore;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.observe.Observation;
import io.github.learningtodeblur.observe.SeriesRange;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;

/**
 * Another restoration for pictures as people have them: of any range of values, with dead pixels and with things drawn into
 * them ({@link Observation}), tile by tile if they are large ({@link TiledRestoration}). A kernel of a single point is no
 * blur: the picture is left as it is; so is one that is constant.
 *
 * @param method works on values in about [0, 1]
 * @param series whose planes are restored, or {@link SeriesRange#OWN}
 */
public record ObservedRestoration(Restoration method, SeriesRange series) implements Restoration {

	/** Of single pictures. */
	public ObservedRestoration(final Restoration method) {
		this(method, SeriesRange.OWN);
	}

	/** For the planes of a series. */
	public ObservedRestoration in(final SeriesRange other) {
		return new ObservedRestoration(method, other);
	}

	@Override
	public Restoration on(final Backend backend) {
		return new ObservedRestoration(method.on(backend), series);
	}

	@Override
	public int bytesPerPixel() {
		return method.bytesPerPixel();
	}

	/**
	 * @param blurry any values, NaN where unknown
	 * @return in the values of {@code blurry}; NaN where it is, and as it was where something was drawn
	 * @throws IllegalArgumentException if a value is infinite
	 */
	@Override
	public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
		Observation.check(blurry);
		final Observation observation = Planes.isPoint(kernel) ? null : Observation.of(blurry, series);
		if (observation == null || observation.isConstant()) {
			progress.report(1, 1, "Nothing to restore");
			return blurry.copy();
		}
		return observation.result(new TiledRestoration(method).restore(observation.image(), kernel, progress));
	}
}
