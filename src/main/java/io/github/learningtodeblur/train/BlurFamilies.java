package io.github.learningtodeblur.train;

import java.util.List;
import java.util.random.RandomGenerator;

import org.scijava.Priority;
import org.scijava.plugin.Plugin;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Plugins;

/** The blur families by name, and what they have in common. */
public final class BlurFamilies {

	private BlurFamilies() {}

	/** All names that {@link #of} knows, ours and those of others. */
	public static List<String> names() {
		return List.copyOf(Plugins.of(BlurFamily.class).keySet());
	}

	/**
	 * A family with its default settings.
	 *
	 * @param name one of {@link #names}: {@code camera-shake}, {@code defocus}, {@code gaussian}, {@code motion}, {@code
	 *          mixed}, {@code paper-shake}, or that of a plugin
	 * @throws IllegalArgumentException for other names
	 */
	public static BlurFamily of(final String name) {
		return Plugins.named(BlurFamily.class, "Blur", name);
	}

	static void checkSize(final int size) {
		if (size < 3 || size % 2 == 0) throw new IllegalArgumentException(
			"Kernel size must be odd and at least 3, got " + size);
	}

	static double uniform(final RandomGenerator random, final double min, final double max) {
		return min + (max - min) * random.nextDouble();
	}

	/**
	 * Adds a point to a plane, shared out among the four nearest pixels: the centre of mass is kept exactly.
	 *
	 * @param x,y position in [0, size - 1]; the centre of pixel 0 is at 0
	 */
	static void splat(final float[] pixels, final int size, final double x, final double y,
		final double weight)
	{
		final int column = Math.min((int) x, size - 2);
		final int row = Math.min((int) y, size - 2);
		final double right = x - column;
		final double low = (y - row) * weight;
		final double up = weight - low;
		final int i = row * size + column;
		pixels[i] += (float) (up * (1 - right));
		pixels[i + 1] += (float) (up * right);
		pixels[i + size] += (float) (low * (1 - right));
		pixels[i + size + 1] += (float) (low * right);
	}

	/** As a plugin, with usual settings. (Of records, SciJava's compiler plug-in makes none.) */
	private abstract static class Usual implements BlurFamily {

		private final BlurFamily[] families;

		/** @param families each is as probable */
		Usual(final BlurFamily... families) {
			this.families = families;
		}

		@Override
		public Plane sample(final int size, final RandomGenerator random) {
			return families[families.length == 1 ? 0 : random.nextInt(families.length)].sample(size, random);
		}
	}

	/** {@link CameraShake}. */
	@Plugin(type = BlurFamily.class, name = "camera-shake")
	public static final class Shake extends Usual {

		public Shake() {
			super(new CameraShake());
		}
	}

	/** {@link DefocusDisc}. */
	@Plugin(type = BlurFamily.class, name = "defocus", priority = Priority.NORMAL - 1)
	public static final class Defocus extends Usual {

		public Defocus() {
			super(new DefocusDisc());
		}
	}

	/** {@link GaussianBlur}. */
	@Plugin(type = BlurFamily.class, name = "gaussian", priority = Priority.NORMAL - 2)
	public static final class Gaussian extends Usual {

		public Gaussian() {
			super(new GaussianBlur());
		}
	}

	/** {@link LinearMotion}. */
	@Plugin(type = BlurFamily.class, name = "motion", priority = Priority.NORMAL - 3)
	public static final class Motion extends Usual {

		public Motion() {
			super(new LinearMotion());
		}
	}

	/** Half of the kernels camera shake, a sixth each of the others. */
	@Plugin(type = BlurFamily.class, name = "mixed", priority = Priority.NORMAL - 4)
	public static final class Mixed extends Usual {

		public Mixed() {
			super(new CameraShake(), new CameraShake(), new CameraShake(), new DefocusDisc(), new GaussianBlur(),
				new LinearMotion());
		}
	}

	/** Camera shake that always fills its frame, a bare line, as in the paper. */
	@Plugin(type = BlurFamily.class, name = "paper-shake", priority = Priority.NORMAL - 5)
	public static final class PaperShake extends Usual {

		public PaperShake() {
			super(new CameraShake(0, 1, 0));
		}
	}
}
