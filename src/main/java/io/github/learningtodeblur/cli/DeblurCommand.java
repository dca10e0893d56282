package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurred;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.batch.Table;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.files.ImageFiles.Picture;
import io.github.learningtodeblur.observe.MeasuredKernel;
import io.github.learningtodeblur.restore.ObservedRestoration;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.restore.TiledRestoration;
import io.github.learningtodeblur.search.KernelSearch;
import io.github.learningtodeblur.util.LinearLight;
import io.github.learningtodeblur.util.Memory;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Unknown;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Deblurs one image file. */
@Command(name = "deblur", mixinStandardHelpOptions = true,
	description = "Estimates the blur kernel of an image and restores the image.")
final class DeblurCommand implements Callable<Integer> {

	private static final Pattern RECTANGLE = Pattern.compile("(\\d{1,8})\\s*,\\s*(\\d{1,8})\\s*,\\s*(\\d{1,8})\\s*,\\s*(\\d{1,8})");

	/** Bytes per pixel that the network takes (650, measured on two sizes, and some more), and what is seen of a tile that is restored. */
	private static final long NETWORK_MEMORY = 780, SEEN_MEMORY = 12;
	/** Side of a tile with its overlap. */
	private static final int TILE = TiledRestoration.DEFAULT_TILE + 264;

	@Option(names = "--image", required = true,
		description = "PNG, JPEG, TIFF, BMP, GIF, PGM, PPM or FITS file, grey or RGB; src/site/command-line.md says of which kinds")
	private Path image;

	@Mixin
	private MethodOptions method;

	@Option(names = "--out", description = "folder for the results; default: deblurred, in the current one")
	private Path out = Path.of("deblurred");

	@Option(names = "--size",
		description = "largest blur to expect in pixels, or auto (default): what the image allows. The kernel may come out some pixels " +
			"larger, and has at least the model's smallest size")
	private String size = BlurSize.AUTO;

	@Option(names = "--region",
		description = "x,y,width,height of the part that shows the blur well: the kernel is estimated there, the " +
			"whole image restored")
	private String region;

	@Option(names = "--mask",
		description = "image of the same size, 0 where pixels tell nothing of the blur, such as labels: they take no part, and " +
			"stay as they are")
	private Path mask;

	@Option(names = "--kernel",
		description = "image of the blur, measured or estimated before: nothing is estimated then")
	private Path known;

	@Option(names = "--linear", arity = "0..1", fallbackValue = "true",
		description = "for photographs of bright lights or strong contrasts: takes the gamma of sRGB off before, and puts it on " +
			"again after")
	private boolean linear;

	@Spec
	private CommandSpec command;

	@Override
	public Integer call() throws IOException {
		if (Files.exists(out) && !Files.isDirectory(out)) throw new IOException("--out is a folder, but " +
			out + " is a file");
		final Picture picture = ImageFiles.read(image);
		final Deblurring deblurring = method.deblurring().withLargestBlur(BlurSize.parse(size));
		final Restoration restoration = method.restoration();
		final MeasuredKernel measured = known == null ? null : MeasuredKernel.of(ImageFiles.read(known).luminance());
		final List<Plane> believed = believed(picture.channels());
		if (measured != null && (measured.kernel().width() > picture.width() || measured.kernel().height() > picture.height()))
			throw new IllegalArgumentException("The kernel " + known + " has " + measured.kernel().width() + "x" + measured.kernel()
				.height() + " pixels, more than the image: crop it around the kernel");
		final List<Plane> shown = region == null ? believed : shown(believed, deblurring.leastSide());
		if (measured != null && believed.stream().noneMatch(DeblurCommand::showsSomething)) throw new IllegalArgumentException(
			"The image is constant, or nothing of it is known: there is nothing to restore");
		// Whatever can go wrong is said before the work
		final long estimation = measured == null ? memoryOfEstimation(picture, shown.get(0)) : 0;
		final long needed = Math.max(estimation, memoryOfRestoration(picture, restoration)) + (linear || mask != null ? memory(picture) : 0);
		if (!Memory.has(needed)) throw new IOException(image + " has " + picture.width() + "x" + picture.height() +
			" pixels. " + Memory.shortage(needed + memory(picture)));
		Files.createDirectories(out);
		for (final String note : picture.notes())
			System.out.println("note: " + image + " " + note);
		if (measured != null) {
			for (final String note : measured.notes())
				System.out.println("note: " + known + " " + note);
			final ParseResult given = command.commandLine().getParseResult();
			final List<String> idle = Stream.of("--model", "--size", "--region", "--blurred", "--refine").filter(given::hasMatchedOption).toList();
			if (!idle.isEmpty()) System.out.println("note: the kernel is given, so nothing is estimated, and " + String.join(", ", idle) + (idle
				.size() == 1 ? " has" : " have") + " no effect" + (idle.contains("--model") ? " but on which restoration is taken" : ""));
		}
		final long start = System.nanoTime();
		final Plane kernel;
		final List<Plane> restored;
		final Report report; // of a known kernel there is nothing to tell
		if (measured == null) {
			final Deblurred result = deblurring.deblur(believed, shown, restoration, Progress.NONE);
			kernel = result.kernel();
			report = result.report().inUnits(picture.unit(), picture.zero());
			restored = picture.inUnits(saved(result.channels(), picture.channels()));
		}
		else {
			kernel = measured.kernel();
			report = null;
			final Restoration observed = new ObservedRestoration(restoration);
			restored = picture.inUnits(saved(believed.stream().map(p -> observed.restore(p, kernel, Progress.NONE)).toList(), picture
				.channels()));
		}
		final double seconds = (System.nanoTime() - start) * 1e-9;

		final String name = picture.name().replaceFirst("\\.[^.]*$", "");
		final Path imageFile = out.resolve(name + "-deblurred.tif");
		final Path kernelFile = out.resolve(name + "-kernel.tif");
		final ImageFiles.Shown seen = picture.shown(restored);
		ImageFiles.writeTiff(imageFile, restored, seen);
		ImageFiles.writePng(out.resolve(name + "-deblurred.png"), restored, seen);
		ImageFiles.writeTiff(kernelFile, List.of(kernel));
		ImageFiles.writeKernelPng(out.resolve(name + "-kernel.png"), kernel);
		final Path reportFile = out.resolve(name + "-report.csv");
		if (report == null) Files.deleteIfExists(reportFile); // of an earlier result
		else Files.write(reportFile, List.of("image," + Report.COLUMNS, Table.field(picture.name()) + "," + report.csv()));
		System.out.println("image: " + picture.width() + "x" + picture.height() + ", " + picture.channels()
			.size() + " channel(s), " + (known == null ? "model " + method.model : "kernel " + known) + ", restoration " +
			method.restorationName() + (linear ? ", in linear light" : ""));
		if (report != null) System.out.println(report.line());
		System.out.println("files to look at: " + out.resolve(name + "-deblurred.png") + (seen.equals(ImageFiles.Shown.ALL) ? ""
			: String.format(Locale.ROOT, " (black is %.4g, white %.4g)", seen.low(), seen.high())) + ", " + out.resolve(name + "-kernel.png"));
		System.out.printf(Locale.ROOT, "done kernel=%dx%d seconds=%.2f image=%s kernel_image=%s%n", kernel
			.width(), kernel.height(), seconds, imageFile, kernelFile);
		return 0;
	}

	/** As the mask and the light want the channels. */
	private List<Plane> believed(final List<Plane> channels) throws IOException {
		final Plane of = mask == null ? null : ImageFiles.read(mask).luminance();
		return channels.stream().map(p -> linear ? LinearLight.of(p) : p).map(p -> of == null ? p : Unknown.masked(p, of))
			.toList();
	}

	/** The way back. */
	private List<Plane> saved(final List<Plane> restored, final List<Plane> original) throws IOException {
		final Plane of = mask == null ? null : ImageFiles.read(mask).luminance();
		return IntStream.range(0, restored.size()).mapToObj(i -> {
			final Plane p = linear ? LinearLight.saved(restored.get(i)) : restored.get(i);
			return of == null ? p : Unknown.unmasked(p, original.get(i), of);
		}).toList();
	}

	/** The part that {@link #region} names. */
	private List<Plane> shown(final List<Plane> channels, final int least) {
		final Matcher m = RECTANGLE.matcher(region.strip());
		if (!m.matches()) throw new IllegalArgumentException(
			"--region is x,y,width,height in pixels, such as 100,50,400,300, got \"" + region + "\"");
		final int[] n = IntStream.rangeClosed(1, 4).map(i -> Integer.parseInt(m.group(i))).toArray();
		if (n[2] < 1 || n[3] < 1 || n[0] + n[2] > channels.get(0).width() || n[1] + n[3] > channels.get(0)
			.height()) throw new IllegalArgumentException("The region " + region + " is not inside the image, which has " +
				channels.get(0).width() + "x" + channels.get(0).height() + " pixels");
		if (n[2] < least || n[3] < least) throw new IllegalArgumentException("The region is too small: " + n[2] + "x" +
			n[3] + " pixels, but for blurs up to " + least / KernelSearch.MIN_SIZE_FACTOR + " pixels at least " + least + "x" +
			least + " are needed");
		return channels.stream().map(p -> p.crop(n[0], n[1], n[2], n[3])).toList();
	}

	private static boolean showsSomething(final Plane plane) {
		return plane.percentile(0) < plane.percentile(1);
	}

	/** Bytes that are needed besides the picture; restoration comes when the estimation has ended. */
	private static long memoryOfEstimation(final Picture picture, final Plane shown) {
		final long w = picture.width(), h = picture.height(), region = KernelSearch.MAX_REGION;
		final long grey = picture.channels().size() == 1 ? 0 : 4 * w * h;
		return grey + Math.min(region, shown.width()) * Math.min(region, shown.height()) * NETWORK_MEMORY;
	}

	/** Of one tile after the other: of several, as many as there is memory for are worked on at a time. */
	private static long memoryOfRestoration(final Picture picture, final Restoration restoration) {
		final long w = picture.width(), h = picture.height();
		return memory(picture) + 4 * w * Math.min(TILE, h) + Math.min(TILE, w) * Math.min(TILE, h) * (restoration.bytesPerPixel() +
			SEEN_MEMORY);
	}

	private static long memory(final Picture picture) {
		return 4L * picture.width() * picture.height() * picture.channels().size();
	}
}
