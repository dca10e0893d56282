package io.github.learningtodeblur.train;

import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/**
 * An {@link EstimatedExample} to compare restorations with: its sharp image lies where the estimated kernel puts it, to a
 * few hundredths of a pixel. A quarter of a pixel costs sharp images more than restorations differ by.
 *
 * @param blurry as the search saw it
 * @param sharp moved
 * @param kernel the estimate
 * @param likeness of the estimate and the true kernel, see {@link KernelShift}
 * @param shift largest of both directions, in pixels
 * @param noise as {@link NoiseEstimate} tells it
 */
public record AlignedExample(Plane blurry, Plane sharp, Plane kernel, double likeness, double shift, double noise) {

	/** Estimates less like the truth than this teach nothing, and there is nowhere to lie. */
	static final double LEAST_LIKENESS = 0.5;

	/** @param restoration with which the images are compared; any will do */
	public static AlignedExample of(final EstimatedExample example, final Restoration restoration) {
		KernelShift shift = KernelShift.of(example.kernel(), example.estimate());
		if (shift.likeness() >= LEAST_LIKENESS) shift = shift.improved(restoration.restore(example.blurry(), example.estimate(),
			Progress.NONE), example.sharp());
		return new AlignedExample(example.blurry(), shift.moved(example.sharp()), example.estimate(), shift.likeness(), Math.max(
			Math.abs(shift.dx()), Math.abs(shift.dy())), NoiseEstimate.of(example.blurry()));
	}

	boolean isLikely() {
		return likeness >= LEAST_LIKENESS;
	}
}
