package io.github.learningtodeblur.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;
import io.github.learningtodeblur.restore.Unexplained;
import io.github.learningtodeblur.util.Extent;
import io.github.learningtodeblur.util.KernelSimilarity;
import io.github.learningtodeblur.util.NoiseEstimate;
import io.github.learningtodeblur.util.Plane;

/**
 * What tells of a kernel whether it is right, though nobody knows the truth: numbers, of which none says much alone,
 * for a {@link Judge}. The shape of the kernel; how sharp the image gets by it, and how sharp it was; whether it
 * rings or shows everything twice; whether the blurred result is the blurry image again; noise and sizes.
 */
final class Evidence {

	/** Excess over the range, as a fraction of it. */
	private static final float[] BEYOND = { 0.02f, 0.1f, 0.3f };

	/** Fraction of the largest value of a kernel below which a value is haze. */
	private static final double HAZE = 0.1;

	/** Power of the gradients in natural images' statistics. */
	private static final double POWER = 0.8;

	private static final double TINY = 1e-4;

	/** Numbers that {@link Steepness} has of an image. */
	private static final int PLAIN = Steepness.plainNames().size();

	private final Backend backend;
	private final Plane blurry;
	private final int margin;
	private final double noise;
	private final double range;
	private final double sparsity;
	private final double[] gradients;
	private final double[] steepness;
	private final Overshoot overshoot;
	/** Root mean square of the blurry image's correlation with itself, by how far it reaches. */
	private final Map<Integer, Double> echoes = new HashMap<>();

	/**
	 * What all kernels for a region have in common.
	 *
	 * @param backend does the work
	 * @param blurry region that the kernels are judged by, NaN where unknown
	 * @param margin pixels at the borders that do not count
	 */
	Evidence(final Backend backend, final Plane blurry, final int margin) {
		this.backend = backend;
		this.blurry = blurry;
		this.margin = margin;
		noise = NoiseEstimate.of(blurry);
		range = Math.max(1e-12, Steepness.range(blurry));
		sparsity = NormalizedSparsity.of(blurry, margin);
		gradients = gradients(blurry);
		steepness = Steepness.plain(blurry, margin, noise);
		overshoot = new Overshoot(blurry);
	}

	/** What the numbers of {@link #of} mean, in their order. */
	static List<String> names() {
		final List<String> names = new ArrayList<>(List.of("size", "frame_by_image", "extent", "extent_by_frame", "pixels",
			"density", "haze", "largest", "parts", "main_part", "rim", "entropy", "sparsity_blurry", "sparsity_gain",
			"overshoot_2", "overshoot_10", "overshoot_30", "gradients_gain", "power_gain", "residual", "residual_correlation",
			"residual_signal", "echo_most", "echo_least", "echo_rms", "echo_blurry", "attainable"));
		for (final String of : new String[] { "blurry", "restored" })
			Steepness.plainNames().forEach(n -> names.add(n + "_" + of));
		return names;
	}

	/** What the numbers of {@link #agreement} mean, in their order. */
	static List<String> agreementNames() {
		return List.of("like_network", "like_nearest", "like_others", "like_turned", "others", "sharper_than_others",
			"differs_least", "differs_mean");
	}

	/** How a kernel, and what the image becomes by it, agree with others for the same image, found in other ways. */
	static double[] agreement(final Candidate candidate, final List<Candidate> others, final Plane network) {
		final Plane kernel = candidate.kernel();
		final double alike = KernelSimilarity.of(kernel, network).value();
		double nearest = 0, mean = 0, least = candidate.sparsity(), differsLeast = 1, differs = 0;
		for (final Candidate o : others) {
			final KernelSimilarity similarity = KernelSimilarity.of(kernel, o.kernel());
			nearest = Math.max(nearest, similarity.value());
			mean += similarity.value() / others.size();
			least = Math.min(least, o.sparsity());
			final double difference = difference(candidate.restored(), o.restored(), similarity.dx(), similarity.dy(), Math
				.max(kernel.width(), o.kernel().width()) / 2);
			differsLeast = Math.min(differsLeast, difference);
			differs += difference / others.size();
		}
		final double[] agreement = { alike, nearest, mean, KernelSimilarity.of(kernel, kernel.rotated180()).value(), others
			.size(), log(candidate.sparsity()) - log(least), log(differsLeast + TINY), log(differs + TINY) };
		if (others.isEmpty()) leaveAlone(agreement, 0);
		return agreement;
	}

	/** Evidence of a candidate after {@link Candidate#compared} as if it had been the only one. */
	static double[] alone(final double[] all) {
		final double[] out = all.clone();
		leaveAlone(out, all.length - agreementNames().size());
		return out;
	}

	/** @param at where numbers named {@link #agreementNames} begin */
	private static void leaveAlone(final double[] agreement, final int at) {
		agreement[at + 1] = agreement[at + 2] = agreement[at]; // the network's is the only other one
		agreement[at + 4] = agreement[at + 5] = 0;
		agreement[at + 6] = log(1 + TINY);
		agreement[at + 7] = log(TINY);
	}

	/** Mean squared difference of a(x, y) and b(x + dx, y + dy), by the variance of a. */
	private static double difference(final Plane a, final Plane b, final int dx, final int dy, final int margin) {
		double squares = 0, sum = 0, own = 0;
		long count = 0;
		for (int y = Math.max(margin, margin - dy); y < a.height() - margin - Math.max(0, dy); y++)
			for (int x = Math.max(margin, margin - dx); x < a.width() - margin - Math.max(0, dx); x++) {
				final float v = a.get(x, y), d = b.get(x + dx, y + dy) - v;
				if (Float.isNaN(d)) continue;
				squares += d * d;
				sum += v;
				own += v * v;
				count++;
			}
		if (count == 0) return 1;
		return squares / count / Math.max(1e-12, own / count - sum / count * sum / count);
	}

	/**
	 * @param restored the region restored with the kernel, whole
	 * @param marked the same without what is unknown in the blurry one
	 * @param restoredSparsity of {@code marked}
	 */
	double[] of(final Plane restored, final Plane marked, final double restoredSparsity, final Plane kernel) {
		final double[] own = new double[names().size() - 2 * PLAIN];
		int i = shape(kernel, own);
		own[i++] = log(sparsity);
		own[i++] = log(restoredSparsity) - log(sparsity);
		for (final float beyond : BEYOND)
			own[i++] = Math.log(overshoot.of(marked, beyond) + TINY);
		final double[] after = gradients(marked);
		own[i++] = log(after[0]) - log(gradients[0]);
		own[i++] = log(after[1]) - log(gradients[1]);
		i = residual(restored, kernel, own, i);
		i = echoes(marked, kernel, own, i);
		own[i++] = Math.log(attainable(kernel, after[0]));
		if (i != own.length) throw new IllegalStateException(i + " numbers for " + own.length + " names");
		// how steep edges are says more of the picture than of the kernel
		final double[] r = Steepness.plain(marked, margin, noise / 2);
		final double[] all = Arrays.copyOf(own, own.length + 2 * PLAIN);
		System.arraycopy(steepness, 0, all, own.length, PLAIN);
		System.arraycopy(r, 0, all, own.length + PLAIN, PLAIN);
		return all;
	}

	private static double log(final double v) {
		return Math.log(Math.max(1e-12, Math.min(1e12, v)));
	}

	/** The kernel alone, and its size. */
	private int shape(final Plane kernel, final double[] out) {
		final float[] k = kernel.pixels();
		final int size = kernel.width();
		final double box = Extent.of(kernel, Extent.NOTICEABLE).side();
		double squares = 0, haze = 0, rim = 0, entropy = 0, largest = 0;
		for (final float v : k)
			largest = Math.max(largest, v);
		final double sum = kernel.sum();
		final int border = Math.max(1, size / 10);
		for (int y = 0; y < size; y++)
			for (int x = 0; x < size; x++) {
				final double v = k[y * size + x] / sum;
				squares += v * v;
				if (v * sum < HAZE * largest) haze += v;
				if (Math.min(Math.min(x, y), Math.min(size - 1 - x, size - 1 - y)) < border) rim += v;
				if (v > 0) entropy -= v * Math.log(v);
			}
		final double[] parts = KernelCleaning.masses(kernel);
		int i = 0;
		out[i++] = Math.log(size);
		out[i++] = Math.log((double) size / Math.min(blurry.width(), blurry.height()));
		out[i++] = Math.log(box);
		out[i++] = box / size;
		out[i++] = -Math.log(squares);
		out[i++] = -Math.log(squares * box * box);
		out[i++] = haze;
		out[i++] = largest / sum;
		out[i++] = Math.log(Arrays.stream(parts).filter(m -> m > 0.01 * sum).count());
		out[i++] = Arrays.stream(parts).max().orElse(0) / sum;
		out[i++] = rim;
		out[i++] = entropy;
		return i;
	}

	/** Mean of the squared gradients, and of a lower power of them. */
	private double[] gradients(final Plane image) {
		double squares = 0, powers = 0;
		long count = 0;
		for (int y = margin; y < image.height() - margin - 1; y++)
			for (int x = margin; x < image.width() - margin - 1; x++) {
				final float v = image.get(x, y), dx = image.get(x + 1, y) - v, dy = image.get(x, y + 1) - v;
				if (Float.isNaN(dx + dy)) continue;
				squares += dx * dx + dy * dy;
				powers += Math.pow(Math.abs(dx), POWER) + Math.pow(Math.abs(dy), POWER);
				count++;
			}
		return new double[] { squares / Math.max(1, count), powers / Math.max(1, count) };
	}

	/** What the kernel and the restored image leave unexplained: by the noise, by the image, and whether it has structure. */
	private int residual(final Plane restored, final Plane kernel, final double[] out, final int at) {
		final Plane left = Unexplained.of(blurry, restored, kernel);
		final int inner = Math.max(0, margin - kernel.width() / 2);
		double squares = 0, neighbours = 0;
		long count = 0;
		for (int y = inner; y < left.height() - inner; y++) {
			float before = Float.NaN;
			for (int x = inner; x < left.width() - inner; x++) {
				final float d = left.get(x, y);
				if (!Float.isNaN(d)) {
					squares += d * d;
					count++;
					if (!Float.isNaN(before)) neighbours += d * before;
				}
				before = d;
			}
		}
		final double deviation = Math.sqrt(squares / Math.max(1, count));
		out[at] = log(deviation / Math.max(noise, TINY * range));
		out[at + 1] = squares > 0 ? neighbours / squares : 0;
		out[at + 2] = log(deviation / range);
		return at + 3;
	}

	/**
	 * Correlation of the restored image's gradients with themselves, beyond a few pixels and up to the kernel's size: a
	 * kernel that is wrong leaves everything there twice, or with dark lines beside it.
	 */
	private int echoes(final Plane restored, final Plane kernel, final double[] out, final int at) {
		final int reach = 2 * kernel.width() - 1;
		final double[] near = near(correlation(restored, reach));
		out[at] = Math.max(0, Arrays.stream(near).max().orElse(0));
		out[at + 1] = Math.min(0, Arrays.stream(near).min().orElse(0));
		out[at + 2] = rms(near);
		out[at + 3] = echoes.computeIfAbsent(reach, r -> rms(near(correlation(blurry, r))));
		return at + 4;
	}

	/** Of a correlation, what lies within a circle, but not within three pixels. */
	private static double[] near(final float[] correlation) {
		final int reach = (int) Math.round(Math.sqrt(correlation.length));
		return IntStream.range(0, correlation.length).filter(i -> {
			final int x = i % reach - reach / 2, y = i / reach - reach / 2;
			return x * x + y * y > 9 && x * x + y * y <= reach * reach / 4;
		}).mapToDouble(i -> correlation[i]).toArray();
	}

	private static double rms(final double[] values) {
		double squares = 0;
		for (final double v : values)
			squares += v * v;
		return Math.sqrt(squares / Math.max(1, values.length));
	}

	/**
	 * Mean squared error that a linear restoration would have if the kernel were right, by the squared range: natural
	 * images have a power that falls with the square of the frequency.
	 *
	 * @param power mean squared gradient of the restored image
	 */
	private double attainable(final Plane kernel, final double power) {
		final int side = backend.goodSize(2 * kernel.width() + 30);
		final double variance = Math.max(noise * noise, TINY * TINY * range * range);
		final float smoothness = (float) (variance / Math.max(power, 1e-12));
		final Tensor k = backend.allocate(1, 1, kernel.height(), kernel.width()), image = backend.allocate(1, 1, side, side);
		final Tensor spectrum = backend.allocateSpectra(1, 1, side, side), nothing = backend.allocateSpectra(1, 1, side, side),
			point = backend.allocateSpectra(1, 1, side, side);
		backend.write(kernel.normalized().pixels(), k);
		backend.fftKernel(k, spectrum);
		final float[] values = new float[side * side];
		values[0] = 1;
		backend.write(values, image);
		backend.fft(image, point);
		// g / (|K|^2 + g |D|^2) by frequency, the first pixel of which is the mean
		backend.solve(spectrum, nothing, 1, 0, smoothness, point, point);
		backend.ifft(point, image);
		backend.read(image, values);
		return power * Math.max(0, values[0] - smoothness / values.length) / (range * range) + 1e-9;
	}

	/** Of both gradients, up to half of {@code reach} in every direction; 1 in the middle. */
	private float[] correlation(final Plane image, final int reach) {
		final int w = image.width() - 2 * margin - 1, h = image.height() - 2 * margin - 1;
		final float[] both = new float[2 * w * h];
		for (int direction = 0; direction < 2; direction++)
			for (int y = 0; y < h; y++)
				for (int x = 0; x < w; x++) {
					final float d = image.get(x + margin + 1 - direction, y + margin + direction) - image.get(x + margin, y +
						margin);
					both[(direction * h + y) * w + x] = Float.isNaN(d) ? 0 : d;
				}
		final int height = backend.goodSize(h + reach), width = backend.goodSize(w + reach);
		final Tensor gradients = backend.allocate(1, 2, h, w), spectra = backend.allocateSpectra(1, 2, height, width);
		final Tensor auto = backend.allocateSpectra(1, 1, height, width), cross = backend.allocateSpectra(1, 1, height, width);
		final Tensor near = backend.allocate(1, 1, reach, reach);
		backend.write(both, gradients);
		backend.fft(gradients, spectra);
		backend.powers(spectra, spectra, auto, cross);
		backend.ifftKernel(auto, near);
		final float[] out = new float[reach * reach];
		backend.read(near, out);
		final float energy = Math.max(1e-20f, out[out.length / 2]);
		for (int i = 0; i < out.length; i++)
			out[i] /= energy;
		return out;
	}
}
