package io.github.learningtodeblur.util;

/**
 * The gamma of sRGB (IEC 61966-2-1), which cameras apply when they save a photograph: blur adds light, not the values of
 * files. Values beyond [0, 1], as restorations have them, go on along the same curve, negative ones mirrored.
 */
public final class LinearLight {

	private LinearLight() {}

	/** From values of a file to amounts of light; NaN stays. */
	public static Plane of(final Plane saved) {
		final Plane out = saved.copy();
		for (int i = 0; i < out.pixels().length; i++) {
			final double v = Math.abs((double) saved.pixels()[i]);
			final double light = v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
			out.pixels()[i] = (float) Math.copySign(light, saved.pixels()[i]);
		}
		return out;
	}

	/** The way back. */
	public static Plane saved(final Plane light) {
		final Plane out = light.copy();
		for (int i = 0; i < out.pixels().length; i++) {
			final double v = Math.abs((double) light.pixels()[i]);
			final double saved = v <= 0.0031308 ? 12.92 * v : 1.055 * Math.pow(v, 1 / 2.4) - 0.055;
			out.pixels()[i] = (float) Math.copySign(saved, light.pixels()[i]);
		}
		return out;
	}
}
