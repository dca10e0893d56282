package io.github.learningtodeblur.restore;

import java.util.List;

/** The restorations by name, with default settings, for dialogs and command lines. */
public final class Restorations {

	/** In the order of a menu: the best first. */
	public static final List<String> NAMES = List.of("sparse", "wiener");

	private Restorations() {}

	/** @param name one of {@link #NAMES} */
	public static Restoration named(final String name) {
		return switch (name) {
			case "sparse" -> new SparseRestoration();
			case "wiener" -> new WienerRestoration();
			default -> throw new IllegalArgumentException("Restoration must be one of " + NAMES +
				", got \"" + name + "\"");
		};
	}
}
