package io.github.learningtodeblur.restore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

import org.scijava.Priority;
import org.scijava.plugin.Plugin;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Plugins;
import io.github.learningtodeblur.util.Progress;

/** The restorations by name, ours and those of others, for dialogs and command lines. */
public final class Restorations {

	/** Name of the one that is used unless another is asked for. */
	public static final String USUAL = "learned";

	/** Range of the strength. */
	public static final double MIN_STRENGTH = 0.01, MAX_STRENGTH = 30;

	private Restorations() {}

	/**
	 * What follows the search for a kernel with a network that was trained on a class of images: if a restoration was, too, that one.
	 *
	 * @param nameOrFile the restoration asked for; only {@link #USUAL} leaves a choice
	 * @param network name of the bundled model that finds the kernel, or its file
	 * @return a name, or the file
	 */
	public static String after(final String network, final String nameOrFile) {
		final String own = USUAL + "-" + network;
		return nameOrFile.equals(USUAL) && names().contains(own) ? own : nameOrFile;
	}

	/** Of the learned restorations that come with this library, the name of the one that follows a network. */
	public static String modelAfter(final String network) {
		return after(network, USUAL).equals(USUAL) ? RestorationModel.USUAL : network;
	}

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

	/** On the device that everybody uses; see {@link #named(String, double, Backend)}. */
	public static Restoration named(final String name, final double strength) {
		return named(name, strength, Backends.shared());
	}

	/**
	 * @param name one of {@link #names}
	 * @param strength factor on the default regularisation, {@value #MIN_STRENGTH} to {@value
	 *          #MAX_STRENGTH}: above 1 smoother, below 1 sharper and noisier
	 */
	public static Restoration named(final String name, final double strength, final Backend device) {
		checkStrength(strength);
		return Plugins.named(Restoration.class, "Restoration", name).on(device).withStrength(strength);
	}

	private static void checkStrength(final double strength) {
		if (!(strength >= MIN_STRENGTH && strength <= MAX_STRENGTH)) throw new IllegalArgumentException(
			"Strength must be " + MIN_STRENGTH + " to " + (int) MAX_STRENGTH + ", got " + strength);
	}

	/**
	 * With default settings.
	 *
	 * @param nameOrFile one of {@link #names}, or the model file of a learned one
	 * @throws IOException if the file cannot be read
	 */
	public static Restoration open(final String nameOrFile, final Backend device) throws IOException {
		return open(nameOrFile, 1, device);
	}

	/**
	 * @param nameOrFile one of {@link #names}, or the model file of a learned one
	 * @param strength see {@link #named(String, double, Backend)}
	 * @throws IOException if the file cannot be read
	 */
	public static Restoration open(final String nameOrFile, final double strength, final Backend device) throws IOException {
		if (!isFile(nameOrFile)) return named(nameOrFile, strength, device);
		checkStrength(strength);
		return new LearnedRestoration(RestorationModel.read(Path.of(nameOrFile)), device).withStrength(strength);
	}

	/** Whether this is no name, but looks like the file of a learned one. */
	public static boolean isFile(final String nameOrFile) {
		return nameOrFile.endsWith(RestorationModel.EXTENSION) && !names().contains(nameOrFile);
	}

	/**
	 * As a plugin, with usual settings. (Of records, SciJava's compiler plug-in makes none.) The device that everybody uses is opened
	 * only if no other is asked for: plugins are made when they are listed.
	 */
	private abstract static class Usual implements Restoration {

		private final Function<Backend, Restoration> usual;

		/** @param usual on a device */
		Usual(final Function<Backend, Restoration> usual) {
			this.usual = usual;
		}

		private Restoration shared() {
			return on(Backends.shared());
		}

		@Override
		public Restoration withStrength(final double strength) {
			return shared().withStrength(strength);
		}

		@Override
		public Restoration on(final Backend backend) {
			return usual.apply(backend);
		}

		@Override
		public int halo(final Plane kernel) {
			return shared().halo(kernel);
		}

		@Override
		public int bytesPerPixel() {
			return shared().bytesPerPixel();
		}

		@Override
		public Restoration fitted(final Plane image) {
			return shared().fitted(image);
		}

		@Override
		public Plane restore(final Plane blurry, final Plane kernel, final Progress progress) {
			return shared().restore(blurry, kernel, progress);
		}

		@Override
		public List<Plane> restore(final Plane blurry, final List<Plane> kernels, final Progress progress) {
			return shared().restore(blurry, kernels, progress);
		}
	}

	/** {@link LearnedRestoration}. */
	@Plugin(type = Restoration.class, name = "learned",
		description = "a network trained on true and estimated kernels, the best")
	public static final class Learned extends Usual {

		public Learned() {
			super(LearnedRestoration::bundled);
		}
	}

	/** {@link LearnedRestoration} for printed pages. */
	@Plugin(type = Restoration.class, name = "learned-text", priority = Priority.NORMAL - 0.5, description = "trained on text")
	public static final class LearnedText extends Usual {

		public LearnedText() {
			super(device -> LearnedRestoration.bundled("text", device));
		}
	}

	/** {@link LearnedRestoration} for micrographs. */
	@Plugin(type = Restoration.class, name = "learned-microscopy", priority = Priority.NORMAL - 0.6, description = "trained on micrographs")
	public static final class LearnedMicroscopy extends Usual {

		public LearnedMicroscopy() {
			super(device -> LearnedRestoration.bundled("microscopy", device));
		}
	}

	/** {@link FittedRestoration}. */
	@Plugin(type = Restoration.class, name = "sparse", priority = Priority.NORMAL - 1,
		description = "sparse gradients, faster")
	public static final class Sparse extends Usual {

		public Sparse() {
			super(device -> new FittedRestoration(1, device));
		}
	}

	/** {@link WienerRestoration}. */
	@Plugin(type = Restoration.class, name = "wiener", priority = Priority.NORMAL - 2, description = "fast")
	public static final class Wiener extends Usual {

		public Wiener() {
			super(WienerRestoration::new);
		}
	}

	/** {@link RichardsonLucyRestoration}. */
	@Plugin(type = Restoration.class, name = "richardson-lucy", priority = Priority.NORMAL - 3,
		description = "with total variation, for few photons")
	public static final class RichardsonLucy extends Usual {

		public RichardsonLucy() {
			super(RichardsonLucyRestoration::new);
		}
	}
}
