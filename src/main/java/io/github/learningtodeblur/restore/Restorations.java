package io.github.learningtodeblur.restore;

import java.util.List;

/** The restorations by name, for dialogs and command lines. */
public final class Restorations {

	/** In the order of a menu: the best for photographs first. */
	public static final List<String> NAMES = List.of("sparse", "learned", "wiener", "richardson-lucy");

	/** Range of the strength. */
	public static final double MIN_STRENGTH = 0.01, MAX_STRENGTH = 30;

	private Restorations() {}

	/**
	 * With default settings.
	 *
	 * @param name one of {@link #NAMES}
	 */
	public static Restoration named(final String name) {
		return named(name, 1);
	}

	/**
	 * @param name one of {@link #NAMES}
	 * @param strength factor on the default regularisation, {@value #MIN_STRENGTH} to {@value
	 *          #MAX_STRENGTH}: above 1 smoother, below 1 sharper and noisier
	 */
	public static Restoration named(final String name, final double strength) {
		if (!(strength >= MIN_STRENGTH && strength <= MAX_STRENGTH)) throw new IllegalArgumentException(
			"Strength must be " + MIN_STRENGTH + " to " + (int) MAX_STRENGTH + ", got " + strength);
		return switch (name) {
			case "sparse" -> new FittedRestoration(strength);
			case "learned" -> LearnedRestoration.bundled().withStrength(strength);
			case "wiener" -> {
				final WienerRestoration usual = new WienerRestoration();
				yield new WienerRestoration(strength * usual.betaX(), strength * usual.betaGradient());
			}
			case "richardson-lucy" -> new RichardsonLucyRestoration(strength *
				RichardsonLucyRestoration.DEFAULT_LAMBDA, RichardsonLucyRestoration.DEFAULT_ITERATIONS);
			default -> throw new IllegalArgumentException("Restoration must be one of " + NAMES +
				", got \"" + name + "\"");
		};
	}
}
