package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Set;

import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.search.Judgement;
import io.github.learningtodeblur.train.BlurFamily;
import io.github.learningtodeblur.train.CameraShake;
import io.github.learningtodeblur.train.DefocusDisc;
import io.github.learningtodeblur.train.ExampleSource;
import io.github.learningtodeblur.train.GaussianBlur;
import io.github.learningtodeblur.train.Imperfections;
import io.github.learningtodeblur.train.LinearMotion;
import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Threads;

/**
 * A broad yardstick: a fixed list of blurred pictures of several classes, kernel sources, kernel sizes and noise
 * levels, and of pictures that are not blurred. Two halves, by picture: settings are chosen on one, and the other
 * tells whether they are good. Every feature of a case is one coordinate of a low-discrepancy sequence (the powers
 * of the generalised golden ratio), so that any run of neighbours has nearly the same mixture as the whole.
 */
final class SuiteCases {

	/** Settings may be chosen by their results, or only be confirmed by them. */
	enum Half {
		TUNE, BELIEVE
	}

	/**
	 * Folders by class of images.
	 *
	 * @param whole of which every picture takes part, in the half that its name says
	 * @param trained of which trainings use nine tenths: only those that they hold out take part
	 * @param benchmark whose pictures belong to the believed half, as nothing is tuned to a benchmark
	 * @param kernels measured kernels by source, in convolution orientation; for the believed half as well
	 */
	record Folders(Map<String, List<Path>> whole, Map<String, List<Path>> trained, Map<String, List<Path>> benchmark,
		Map<String, List<Path>> kernels)
	{}

	/**
	 * How classes are treated, as trainings on them do.
	 *
	 * @param stretch classes whose pictures are stretched from black to white
	 * @param invert classes of which every second picture is inverted
	 * @param tiles begin of the names of files that are parts of one photograph each: two digits at the end
	 *          number the part
	 */
	record Treatment(Set<String> stretch, Set<String> invert, String tiles) {}

	/** @param kernel null if there is no blur */
	record Blurred(Plane blurry, Plane sharp, Plane kernel) {}

	/** A picture that is large enough for something. */
	private record Picture(Path file, String name, String imageClass, Half half, int width, int height) {}

	/** A measured kernel. */
	private record Measured(String source, Plane kernel) {}

	/** A kind of kernels, and the largest sizes for which it is of use. */
	private record Source(String name, BlurFamily family, int largest) {}

	private static final List<Source> SOURCES = List.of( //
		new Source("shake", new CameraShake(0, 1, 0.5), 75), //
		new Source("motion", new LinearMotion(1), 51), //
		new Source("defocus", new DefocusDisc(1), 31), //
		new Source("gaussian", new GaussianBlur(0.7), 25));

	/** Kernel sizes of the suite. */
	static final List<Integer> SIZES = List.of(5, 7, 9, 13, 17, 21, 25, 31, 41, 51, 61, 75);
	private static final double[] NOISES = { 0, 0.002, 0.005, 0.01, 0.02, 0.05 };

	/** Blurred cases of a half; every fifth of the believed half has a measured kernel. */
	private static final int BLURRED = 220;
	private static final int MEASURED = 5;

	/** Unblurred pictures of a class in a half, at most, and images of nothing but noise in a half. */
	private static final int SHARP = 24, NOISE_ONLY = 10;

	/** Sides of a blurry image in pixels, unless others are asked for, and in kernels, at most. */
	static final int SIDE = 255;
	private static final int KERNELS = Judgement.SIDE_IN_KERNELS;

	/** The least of both; the first as a part of the side asked for. */
	private static final double LEAST_PART = 0.625;
	private static final int LEAST_KERNELS = 4;

	/** Places of which the one with the strongest gradients is cut out of a picture. */
	private static final int PLACES = 3;

	/** Of a sorted list, spreads what is taken. */
	private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

	/** Features of a case. */
	private static final int SIZE_AT = 0, CLASS_AT = 1, NOISE_AT = 2, SOURCE_AT = 3, PICTURE_AT = 4, ROUND_AT = 5;

	/**
	 * One case, without its pixels.
	 *
	 * @param name unique, the same in every run
	 * @param source of the kernel; {@code none}, and size 1, if there is no blur
	 * @param rounded to 8 bits, as files are
	 */
	final class Case {

		final String name;
		final Half half;
		final String imageClass;
		final String picture;
		final String source;
		final int size;
		final double noise;
		final boolean rounded;
		private final Path file;
		private final Plane measured;
		private final double place;

		private Case(final String name, final Picture picture, final String source, final int size,
			final double noise, final boolean rounded, final Plane measured, final double place)
		{
			this.name = name;
			this.half = picture.half;
			this.imageClass = picture.imageClass;
			this.picture = picture.name;
			this.source = source;
			this.size = size;
			this.noise = noise;
			this.rounded = rounded;
			this.file = picture.file;
			this.measured = measured;
			this.place = place;
		}

		/** Whether it belongs to one of several equal parts of the list, each a mixture like the whole. */
		boolean isIn(final int part, final int parts) {
			return (int) (place * parts) == part;
		}

		boolean isBlurred() {
			return size > 1;
		}

		/** Always the same pixels. */
		Blurred load() throws IOException {
			final SplittableRandom random = new SplittableRandom(mixed(seed, name));
			final Plane kernel = !isBlurred() ? null : measured != null ? measured : SOURCES.stream().filter(s -> s.name
				.equals(source)).findFirst().orElseThrow().family.sample(size, random);
			final int r = size / 2, side = Math.max(largest, KERNELS * size) + 2 * r;
			final Plane sharp = file == null ? grey() : cut(prepared(), side, random);
			final SplittableRandom besides = new SplittableRandom(mixed(seed, name + " imperfect"));
			final Imperfections.Blurred blurred = kernel == null ? new Imperfections.Blurred(sharp.copy(), null) : imperfections.blurred(sharp,
				kernel, besides);
			ExampleSource.addNoise(blurred.blurry(), noise, 0, random);
			final Plane blurry = imperfections.stored(blurred.blurry(), besides);
			if (rounded) for (int i = 0; i < blurry.pixels().length; i++)
				blurry.pixels()[i] = Math.round(255 * Math.max(0, Math.min(1, blurry.pixels()[i]))) / 255f;
			return new Blurred(blurry, sharp.crop(r, r, blurry.width(), blurry.height()), blurred.kernel());
		}

		/** All of the sharp picture. */
		Plane prepared() throws IOException {
			final Plane p = ImageFiles.read(file).luminance();
			final Plane whole = treatment.stretch.contains(imageClass) ? SharpImages.stretched(p) : p;
			final boolean inverted = treatment.invert.contains(imageClass) && (mixed(1, name) & 1) == 0;
			return inverted ? SharpImages.inverted(whole) : whole;
		}
	}

	private final long seed;
	private final Treatment treatment;
	private final List<Integer> sizes;
	private final int largest;
	private final Imperfections imperfections;
	private final List<Case> cases = new ArrayList<>();
	private final List<Case> everyPicture = new ArrayList<>();

	/**
	 * @param sizes of the kernels
	 * @param largest side of a blurry image, in pixels; smaller pictures than {@value #LEAST_PART} of it are left out
	 * @param imperfections what else than blur and noise the pictures have; kernels that change are given as their mean
	 * @param seed another one gives another list
	 * @throws IOException if a folder cannot be read, or a half has no pictures
	 */
	SuiteCases(final Folders folders, final Treatment treatment, final List<Integer> sizes, final int largest,
		final Imperfections imperfections, final long seed) throws IOException
	{
		this.imperfections = imperfections;
		this.largest = largest;
		this.seed = seed;
		this.treatment = treatment;
		this.sizes = sizes;
		final List<Picture> pictures = new ArrayList<>();
		pictures(folders.whole, false, false, pictures);
		pictures(folders.trained, true, false, pictures);
		pictures(folders.benchmark, false, true, pictures);
		final List<Measured> measured = new ArrayList<>();
		for (final Map.Entry<String, List<Path>> e : new TreeMap<>(folders.kernels).entrySet())
			for (final Path folder : e.getValue())
				for (final Path file : ImageFiles.images(folder))
					measured.add(new Measured(e.getKey(), BenchmarkCases.kernel(file)));
		for (final Half half : Half.values()) {
			final List<Picture> own = pictures.stream().filter(p -> p.half == half).toList();
			if (own.stream().noneMatch(p -> fits(p, sizes.get(0)))) throw new IOException("There are no pictures for the half '" +
				half.name().toLowerCase(Locale.ROOT) + "': more or larger ones are needed");
			blurred(half, own, half == Half.BELIEVE ? measured : List.of());
			unblurred(half, own);
			for (final Picture p : own)
				if (fits(p, 1)) everyPicture.add(new Case(name(half, "picture-", everyPicture.size()), p, "none", 1, 0, false, null,
					everyPicture.size() * GOLDEN % 1));
		}
	}

	/** All of them. */
	List<Case> all() {
		return cases;
	}

	/** Every picture once, sharp. */
	List<Case> pictures() {
		return everyPicture;
	}

	private void pictures(final Map<String, List<Path>> folders, final boolean heldOutOnly, final boolean benchmark,
		final List<Picture> to) throws IOException
	{
		for (final Map.Entry<String, List<Path>> e : new TreeMap<>(folders).entrySet())
			for (final Path folder : e.getValue()) {
				final List<Path> files = ImageFiles.images(folder).stream().filter(f -> !heldOutOnly || SharpImages.heldOut(f
					.getFileName().toString())).toList();
				final Picture[] read = new Picture[files.size()];
				final IOException[] failed = new IOException[1];
				Threads.forEach(read.length, i -> {
					final Path file = files.get(i);
					final String name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
					try {
						final ImageFiles.Picture p = ImageFiles.read(file);
						read[i] = new Picture(file, name, e.getKey(), benchmark ? Half.BELIEVE : half(name), p.width(), p
							.height());
					}
					catch (final IOException x) {
						failed[0] = x;
					}
				});
				if (failed[0] != null) throw failed[0];
				to.addAll(Arrays.asList(read));
			}
	}

	private Half half(final String name) {
		final boolean tile = !treatment.tiles.isEmpty() && name.startsWith(treatment.tiles);
		final String photograph = tile ? name.replaceFirst("_[0-9]{2}$", "") : name;
		return Half.values()[(int) (mixed(2, photograph) & 1)];
	}

	private void blurred(final Half half, final List<Picture> pictures, final List<Measured> measured) {
		for (int i = 0; i < BLURRED; i++) {
			final int number = i;
			final boolean rounded = at(i, ROUND_AT) < 0.5;
			final double noise = NOISES[(int) (at(i, NOISE_AT) * NOISES.length)];
			final Measured of = !measured.isEmpty() && i % MEASURED == 0 ? measured.get(i / MEASURED % measured.size())
				: null;
			int drawn = of != null ? of.kernel.width() : sizes.get((int) (at(i, SIZE_AT) * sizes.size()));
			// only measured kernels can be larger than every picture allows: then the picture has to do
			final int size = pictures.stream().anyMatch(p -> fits(p, drawn)) ? drawn : sizes.get(0);
			final List<String> classes = List.copyOf(new TreeSet<>(pictures.stream().filter(p -> fits(p, size)).map(
				Picture::imageClass).toList()));
			final String imageClass = classes.get((int) (at(i, CLASS_AT) * classes.size()));
			final List<Picture> fitting = pictures.stream().filter(p -> p.imageClass.equals(imageClass) && fits(p, size))
				.toList();
			final Picture picture = fitting.get((int) (at(number, PICTURE_AT) * fitting.size()));
			final List<Source> sources = SOURCES.stream().filter(s -> s.largest >= size).toList();
			final boolean own = of != null && size == drawn;
			cases.add(new Case(name(half, "", i), picture, own ? of.source : sources.get((int) (at(i, SOURCE_AT) * sources
				.size())).name, size, noise, rounded, own ? of.kernel : null, (double) i /
					BLURRED));
		}
	}

	/** As they are, every third with a little noise; and noise alone. */
	private void unblurred(final Half half, final List<Picture> pictures) {
		int i = 0;
		for (final String imageClass : new TreeSet<>(pictures.stream().map(Picture::imageClass).toList())) {
			final List<Picture> of = pictures.stream().filter(p -> p.imageClass.equals(imageClass) && fits(p, 1)).toList();
			final int count = Math.min(SHARP, of.size());
			for (int n = 0; n < count; n++, i++)
				cases.add(new Case(name(half, "sharp-", i), of.get((int) ((n * of.size() / count + seed - 1) % of.size())),
					"none", 1, i % 3 == 2 ? 0.01 : 0, i % 2 == 0, null, i * GOLDEN % 1));
		}
		for (int n = 0; n < NOISE_ONLY; n++)
			cases.add(new Case(name(half, "noise-", n), new Picture(null, "grey", "noise", half, SIDE, SIDE), "none", 1,
				0.01 + 0.02 * n, n % 2 == 0, null, n * GOLDEN % 1));
	}

	private static String name(final Half half, final String kind, final int number) {
		return String.format(Locale.ROOT, "%s-%s%03d", half.name().toLowerCase(Locale.ROOT), kind, number);
	}

	private boolean fits(final Picture p, final int size) {
		return Math.min(p.width, p.height) >= Math.max(Math.ceil(LEAST_PART * largest), LEAST_KERNELS * size) + size - 1;
	}

	private static Plane grey() {
		final Plane out = new Plane(SIDE, SIDE);
		Arrays.fill(out.pixels(), 0.5f);
		return out;
	}

	/** Of some places in a picture, the one where most happens. */
	private static Plane cut(final Plane picture, final int side, final SplittableRandom random) {
		final int w = Math.min(side, picture.width()), h = Math.min(side, picture.height());
		Plane best = null;
		double most = -1;
		for (int i = 0; i < PLACES; i++) {
			final Plane p = picture.crop(random.nextInt(picture.width() - w + 1), random.nextInt(picture.height() - h + 1),
				w, h);
			double sum = 0;
			for (int y = 1; y < h; y++)
				for (int x = 1; x < w; x++)
					sum += Math.abs(p.get(x, y) - p.get(x - 1, y)) + Math.abs(p.get(x, y) - p.get(x, y - 1));
			if (sum <= most) continue;
			most = sum;
			best = p;
		}
		return best;
	}

	/** Coordinate {@code d} of the {@code i}-th point of the sequence, in [0, 1). */
	private double at(final int i, final int d) {
		double ratio = 1.1; // root of x^(d + 1) = x + 1
		for (int n = 0; n < 60; n++)
			ratio = Math.pow(1 + ratio, 1.0 / (ROUND_AT + 2));
		final double v = 0.5 + (mixed(seed, "" + d) >>> 40) * 0x1p-24 + (i + 1) * Math.pow(ratio, -d - 1);
		return v - Math.floor(v);
	}

	/** The same in every Java. */
	private static long mixed(final long seed, final String text) {
		return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + text.hashCode()).nextLong();
	}
}
