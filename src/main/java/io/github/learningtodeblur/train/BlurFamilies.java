package io.github.learningtodeblur.train;

import java.util.List;
import java.util.random.RandomGenerator;


/** The blur families by name, and what they have in common. */
public final class BlurFamilies {

	private static final List<String> NAMES = List.of("camera-shake", "defocus", "gaussian", "motion",
		"mixed", "paper-shake");

	private BlurFamilies() {}

	/** All names that {@link #of} knows. */
	public static List<String> names() {
		return NAMES;
	}

	/**
	 * A family with its default settings.
	 *
	 * @param name {@code camera-shake}, {@code defocus}, {@code gaussian}, {@code motion}, {@code mixed}:
	 *          half of the kernels camera shake, a sixth each of the others; or {@code paper-shake}: camera shake that
	 *          always fills its frame, a bare line, as in the paper
	 * @throws IllegalArgumentException for other names
	 */
	public static BlurFamily of(final String name) {
		return switch (name) {
			case "camera-shake" -> new CameraShake();
			case "paper-shake" -> new CameraShake(0, 1, 0);
			case "defocus" -> new DefocusDisc();
			case "gaussian" -> new GaussianBlur();
			case "motion" -> new LinearMotion();
			case "mixed" -> {
				final BlurFamily shake = new CameraShake();
				final BlurFamily[] six = { shake, shake, shake, new DefocusDisc(), new GaussianBlur(),
					new LinearMotion() };
				yield (size, random) -> six[random.nextInt(six.length)].sample(size, random);
			}
			default -> throw new IllegalArgumentException("Unknown blur '" + name + "'; known are " + String
				.join(", ", NAMES));
		};
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
}
