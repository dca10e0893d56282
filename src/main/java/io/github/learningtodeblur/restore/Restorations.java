package io.github.learningtodeblur.restore;

import java.util.List;

import org.scijava.Priority;
import org.scijava.plugin.Plugin;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Plugins;
import io.github.learningtodeblur.util.Progress;

/** The restorations by name, ours and those of others, for dialogs and command lines. */
public final class Restorations {

	/** Range of the strength. */
	public static final double MIN_STRENGTH = 0.01, MAX_STRENGTH = 30;

	private Restorations() {}

	/** All there are, in the order of a menu: the best for photographs first. */
	public static List<String> names() {
		return List.copyOf(Plugins.of(Restoration.class).keySet());
	}

	/**
	 * With default settings.
	 *
	 * @param name one of {@link #names}
	 */
	public static Restoration named(final String name) {
		return named(name, 1);
	}

	/**
	 * @param name one of {@link #names}
	 * @param strength factor on the default regularisation, {@value #MIN_STRENGTH} to {@value
	 *          #MAX_STRENGTH}: above 1 smoother, below 1 sharper and noisier
	 */
	public static Restoration named(final String name, final double strength) {
		if (!(strength >= MIN_STRENGTH && strength <= MAX_STRENGTH)) throw new IllegalArgumentException(
			"Strength must be " + MIN_STRENGTH + " to " + (int) MAX_STRENGTH + ", got " + strength);
		return Plugins.named(Restoration.class, "Restoration", name).withStrength(strength);
	}

	/** As a plugin, with usual settings. (Of records, SciJava's compiler plug-in makes none.) */
	private abstract static class Usual implements Restoration {

		private final Restoration usual;

		Usual(final Restoration usual) {
			this.usual = usual;
		}

		@Override
		public Restoration withStrength(final double strength) {
			return usual.withStrength(strength);
		}

		@Override
		public Restoration on(final Backend backend) {
			return usual.on(backend);
		}

		@Override
		public int halo(final Plane kernel) {
			return usual.halo(kernel);
		}

		@Override
		public Restoration fitted(final Plane image) {
			return usual.fitted(image);
		}

		@Override
		public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
			return usual.restore(blurry, kernel, progress);
		}

		@Override
		public List<Plane> restore(final Plane blurry, final List<Plane> kernels, final Progress progress) {
			return usual.restore(blurry, kernels, progress);
		}
	}

	/** {@link FittedRestoration}. */
	@Plugin(type = Restoration.class, name = "sparse", description = "sparse gradients, best for photographs")
	public static final class Sparse extends Usual {

		public Sparse() {
			super(new FittedRestoration());
		}
	}

	/** {@link LearnedRestoration}. */
	@Plugin(type = Restoration.class, name = "learned", priority = Priority.NORMAL - 1,
		description = "a network trained on estimated kernels")
	public static final class Learned extends Usual {

		public Learned() {
			super(LearnedRestoration.bundled());
		}
	}

	/** {@link WienerRestoration}. */
	@Plugin(type = Restoration.class, name = "wiener", priority = Priority.NORMAL - 2, description = "fast")
	public static final class Wiener extends Usual {

		public Wiener() {
			super(new WienerRestoration());
		}
	}

	/** {@link RichardsonLucyRestoration}. */
	@Plugin(type = Restoration.class, name = "richardson-lucy", priority = Priority.NORMAL - 3,
		description = "with total variation, for few photons")
	public static final class RichardsonLucy extends Usual {

		public RichardsonLucy() {
			super(new RichardsonLucyRestoration());
		}
	}
}
