package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurred;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.files.ImageFiles.Picture;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Planes;
import io.github.learningtodeblur.util.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scores pictures as people have them: with bars, text, dead pixels, offsets. */
@Command(name = "disturbed", mixinStandardHelpOptions = true,
	description = "Restores disturbed pictures, and scores them away from what disturbs, beside the undisturbed ones.")
final class DisturbedCommand implements Callable<Integer> {

	private static final String COLUMNS = "case,psnr_input,psnr_undisturbed,psnr,lost,dx,dy," + Report.COLUMNS;

	/** Shifts that are tried, in pixels. */
	private static final int MAX_SHIFT = 14;

	@Option(names = "--list", required = true,
		description = "CSV file: case,file,truth,undisturbed,leave_out; files relative to it, the latter two may be empty")
	private Path list;

	@Option(names = "--cases", description = "regular expression found in the names of the cases to run")
	private String cases = "";

	@Mixin
	private MethodOptions method;

	@Option(names = "--size", description = "largest blur in pixels, or auto (default)")
	private String size = BlurSize.AUTO;

	@Option(names = "--csv", description = "default: disturbed.csv in the current folder")
	private Path csv = Path.of("disturbed.csv");

	@Option(names = "--pictures", description = "folder for restored images and kernels as PNG")
	private Path pictures;

	/** Results of undisturbed pictures, which several cases share. */
	private final Map<Path, Plane> undisturbed = new HashMap<>();

	@Override
	public Integer call() throws IOException {
		final List<DisturbedCases.Case> chosen = DisturbedCases.read(list).stream().filter(c -> Pattern.compile(cases)
			.matcher(c.name()).find()).toList();
		if (chosen.isEmpty()) throw new IOException("No case of " + list + " matches '" + cases + "'");
		final Deblurring deblurring = method.deblurring().withLargestBlur(BlurSize.parse(size));
		final Restoration restoration = method.restoration();
		if (pictures != null) Files.createDirectories(pictures);
		final List<String> lines = new ArrayList<>(List.of(COLUMNS));
		System.out.println(COLUMNS.replace(',', ' '));
		for (final DisturbedCases.Case c : chosen) {
			final String line = row(c, deblurring, restoration);
			lines.add(line);
			System.out.println(line.replace(',', ' '));
		}
		if (csv.toAbsolutePath().getParent() != null) Files.createDirectories(csv.toAbsolutePath().getParent());
		Files.write(csv, lines);
		System.out.println("table: " + csv);
		return 0;
	}

	/** A line that says so if a picture cannot be read or is refused: the others go on. */
	private String row(final DisturbedCases.Case c, final Deblurring deblurring, final Restoration restoration) {
		try {
			return scored(c, deblurring, restoration);
		}
		catch (final IOException | IllegalArgumentException e) {
			return c.name() + ",refused: " + e.getMessage().replace(',', ';');
		}
	}

	private String scored(final DisturbedCases.Case c, final Deblurring deblurring, final Restoration restoration)
		throws IOException
	{
		final Picture picture = ImageFiles.read(c.file());
		final Plane truth = ImageFiles.read(c.truth()).luminance(), input = picture.luminance();
		final Plane plain = c.undisturbed() == null ? null : ImageFiles.read(c.undisturbed()).luminance();
		final boolean comparable = plain != null && plain.width() == input.width() && plain.height() == input.height();
		final DisturbedCases.Scale scale = comparable ? DisturbedCases.scale(input, plain) : DisturbedCases.Scale.SAME;
		final boolean[] counted;
		if (!c.leaveOut().isEmpty() || !comparable) {
			counted = new boolean[input.pixels().length];
			Arrays.fill(counted, true);
			for (final int[] r : c.leaveOut())
				DisturbedCases.leaveOut(counted, input.width(), input.height(), r[0], r[1], r[2], r[3]);
		}
		else counted = DisturbedCases.counted(scale.apply(input), plain);

		final Deblurred result = deblurring.deblur(picture.channels(), restoration, Progress.NONE);
		final Plane restored = Planes.luminance(result.channels());
		if (pictures != null) {
			ImageFiles.writePng(pictures.resolve(c.name() + "-deblurred.png"), result.channels());
			ImageFiles.writeKernelPng(pictures.resolve(c.name() + "-kernel.png"), result.kernel());
		}
		final Score before = Score.of(scale.apply(input), truth, MAX_SHIFT, counted);
		final Score after = Score.of(scale.apply(restored), truth, MAX_SHIFT, counted);
		double best = Double.NaN;
		if (plain != null) {
			Plane without = undisturbed.get(c.undisturbed());
			if (without == null) {
				without = Planes.luminance(deblurring.deblur(ImageFiles.read(c.undisturbed()).channels(), restoration,
					Progress.NONE).channels());
				undisturbed.put(c.undisturbed(), without);
			}
			if (comparable) best = Score.of(without, truth, MAX_SHIFT, counted).psnr();
		}
		return String.format(Locale.ROOT, "%s,%.2f,%.2f,%.2f,%.2f,%.2f,%.2f,%s", c.name(), before.psnr(), best, after.psnr(),
			best - after.psnr(), after.dx(), after.dy(), result.report().csv());
	}
}
