package io.github.learningtodeblur.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;

/**
 * Makes and reads folders of {@link EstimatedExample}s. Example i depends on the recipe, the images and i only, and a
 * file that is there is not made again: what was interrupted goes on.
 *
 * @param crop columns and rows of the blurry pictures
 * @param smallest size of a kernel's frame, odd
 * @param largest size, odd
 * @param noise largest standard deviation; most examples have less: it is squared evenly
 */
public record EstimatedExamples(int crop, int smallest, int largest, String blur, double noise, long seed) {

	/** One in so many is of held-out pictures, to measure with. */
	public static final int HELD_OUT = 10;

	private static final String TRAINING = "train-", HELD = "held-", EXTENSION = ".safetensors",
		RECIPE = "recipe.txt";

	/** Sampled kernels of a frame may be smaller; half of the searches are told the size of the frame. */
	private static final double TOLD = 0.5;

	/** Share of the examples with shot noise as well, and its largest standard deviation at white. */
	static final double SHOT = 0.3, MOST_SHOT = 0.07;

	public EstimatedExamples {
		BlurFamilies.of(blur); // or it is unknown
		if (!(3 <= smallest && smallest <= largest && largest % 2 == 1 && smallest % 2 == 1))
			throw new IllegalArgumentException("Kernel sizes must be odd, from 3 on, got " + smallest + " to " + largest);
		if (crop < 3 * largest) throw new IllegalArgumentException("To find kernels of " + largest +
			" pixels, crops need at least " + 3 * largest + ", got " + crop);
		if (!(noise >= 0 && noise <= 1)) throw new IllegalArgumentException("Noise must be 0 to 1, got " + noise);
	}

	/** The search for kernels. */
	@FunctionalInterface
	public interface Search {

		/**
		 * @param blurry picture
		 * @param size of the largest kernel to be found; 0 if the search has to find that itself
		 */
		Plane kernel(Plane blurry, int size);
	}

	/**
	 * Makes examples 0 to {@code count - 1}, side by side, each on one thread.
	 *
	 * @param how it is searched, for the recipe
	 * @throws IOException if a file cannot be written, or the folder holds examples by another recipe or of other images
	 */
	public void make(final SharpImages.Split images, final Search search, final String how, final Path folder, final int count,
		final Progress progress) throws IOException
	{
		Files.createDirectories(folder);
		check(folder.resolve(RECIPE), this + ", " + how + ", " + Imperfections.OF_CAMERAS + " of " + images.training().count() + " images, held out " + images.validation().count());
		final AtomicInteger done = new AtomicInteger();
		try {
			Threads.forEach(count, i -> Parallelization.runSingleThreaded(() -> {
				final boolean held = i % HELD_OUT == HELD_OUT - 1;
				final Path file = folder.resolve((held ? HELD : TRAINING) + String.format(Locale.ROOT, "%06d", i) +
					EXTENSION);
				if (progress.canceled() || Files.exists(file)) return;
				try {
					example(held ? images.validation() : images.training(), search, i).write(file);
				}
				catch (final IOException e) {
					throw new UncheckedIOException(e);
				}
				progress.report(done.incrementAndGet(), count, "Estimating kernels");
			}));
		}
		catch (final UncheckedIOException e) {
			throw e.getCause();
		}
	}

	private static void check(final Path file, final String recipe) throws IOException {
		if (!Files.exists(file)) Files.writeString(file, recipe + "\n");
		final String there = Files.readString(file).strip();
		if (!there.equals(recipe)) throw new IOException(file.toAbsolutePath().getParent() + " holds examples that were made" +
			" otherwise, as " + there + ": remove it, or take another folder");
	}

	private EstimatedExample example(final SharpImages images, final Search search, final int i) {
		final SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + i);
		final int size = smallest + 2 * random.nextInt((largest - smallest) / 2 + 1);
		final double part = random.nextDouble(), deviation = noise * part * part;
		final ExamplePlan plan = new ExamplePlan(crop, size, random.nextLong()).withNoise(deviation, deviation).withSharp().withShotNoise(random
			.nextDouble() < SHOT ? MOST_SHOT : 0).withImperfections(Imperfections.OF_CAMERAS);
		final ExampleSource.Example e = new ExampleSource(images, BlurFamilies.of(blur), plan).example(i);
		final Plane found = search.kernel(e.blurry(), random.nextDouble() < TOLD ? size : 0);
		return new EstimatedExample(e.blurry(), e.sharp(), e.kernel(), found, deviation);
	}

	/** All examples of a folder to train on, in the order of their names; or those to measure with. */
	public static List<EstimatedExample> read(final Path folder, final boolean held) throws IOException {
		final List<EstimatedExample> list = new ArrayList<>();
		for (final Path file : files(folder, held))
			list.add(EstimatedExample.read(file));
		return list;
	}

	/** Their files. */
	static List<Path> files(final Path folder, final boolean held) throws IOException {
		try (Stream<Path> all = Files.list(folder)) {
			return all.filter(f -> f.getFileName().toString().startsWith(held ? HELD : TRAINING) && f.getFileName()
				.toString().endsWith(EXTENSION)).sorted().toList();
		}
	}
}
