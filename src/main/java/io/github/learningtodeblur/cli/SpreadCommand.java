package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.commons.math3.stat.StatUtils;

import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.util.Orientation;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.Threads;
import net.imglib2.parallel.Parallelization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How much results depend on what should not matter. */
@Command(name = "spread", mixinStandardHelpOptions = true,
	description = "Deblurs blurred cases of the suite several times, a few pixels cropped, turned, mirrored, and says how far the results differ.")
final class SpreadCommand implements Callable<Integer> {

	/** Spread in dB that users would not mind. */
	private static final double LITTLE = 1;

	/**
	 * The same picture once more.
	 *
	 * @param left pixels that are cut off there, and so on
	 * @param turn see {@link Orientation}
	 */
	record View(String name, int left, int top, int right, int bottom, int turn) {

		/** All whole pictures are seen in the first one; crops come before turns. */
		static final List<View> ALL = List.of(new View("whole", 0, 0, 0, 0, 1), //
			new View("crop_3_0_0_0", 3, 0, 0, 0, 1), new View("crop_0_5_0_0", 0, 5, 0, 0, 1), //
			new View("crop_2_3_4_1", 2, 3, 4, 1, 1), new View("crop_0_0_6_7", 0, 0, 6, 7, 1), //
			new View("quarter_turn", 0, 0, 0, 0, 6), new View("half_turn", 0, 0, 0, 0, 3), //
			new View("three_quarters", 0, 0, 0, 0, 8), //
			new View("mirrored", 0, 0, 0, 0, 2), new View("upside_down", 0, 0, 0, 0, 4));

		/** What is left of a picture if all views are cut to what they share. */
		static Plane common(final Plane image) {
			return new View("common", most(View::left), most(View::top), most(View::right), most(View::bottom), 1).of(image);
		}

		private static int most(final ToIntFunction<View> margin) {
			return ALL.stream().mapToInt(margin).max().orElseThrow();
		}

		Plane of(final Plane image) {
			return Orientation.turned(image.crop(left, top, image.width() - left - right, image.height() - top - bottom), turn);
		}

		/** What became of a view, as it lies in the picture, and what is unknown of it cut off with what all views share. */
		Plane back(final Plane seen, final int width, final int height) {
			final Plane upright = Orientation.turned(seen, Orientation.inverse(turn)), whole = new Plane(width, height);
			for (int y = 0; y < upright.height(); y++)
				System.arraycopy(upright.pixels(), y * upright.width(), whole.pixels(), (y + top) * width + left, upright.width());
			return common(whole);
		}
	}

	/**
	 * One case.
	 *
	 * @param psnr of each view
	 */
	record Row(String name, int size, double psnrInput, double[] psnr) {

		static final String COLUMNS = "case,size,psnr_input," + View.ALL.stream().map(View::name).collect(Collectors.joining(
			",")) + ",spread,spread_crops,spread_turns";

		/** Of all views. */
		double spread() {
			return spread(i -> true);
		}

		/** Of the whole picture and the crops. */
		double spreadOfCrops() {
			return spread(i -> View.ALL.get(i).turn == 1);
		}

		/** Of the whole picture and what is turned and mirrored. */
		double spreadOfTurns() {
			return spread(i -> i == 0 || View.ALL.get(i).turn != 1);
		}

		private double spread(final IntPredicate counted) {
			final double[] of = IntStream.range(0, psnr.length).filter(counted).mapToDouble(i -> psnr[i]).toArray();
			return StatUtils.max(of) - StatUtils.min(of);
		}

		String csv() {
			return name + "," + size + String.format(Locale.ROOT, ",%.3f,", psnrInput) + Arrays.stream(psnr).mapToObj(
				v -> String.format(Locale.ROOT, "%.3f,", v)).collect(Collectors.joining()) + String.format(Locale.ROOT,
					"%.3f,%.3f,%.3f", spread(), spreadOfCrops(), spreadOfTurns());
		}
	}

	@Mixin
	private SuiteSelection selection;

	@Mixin
	private MethodOptions method;

	@Option(names = "--size", description = "as for the suite; default: auto")
	private String size = BlurSize.AUTO;

	@Option(names = "--threads", description = "cases at a time; default: all processors")
	private int threads = Runtime.getRuntime().availableProcessors();

	@Option(names = "--csv", description = "table of all cases; default: spread.csv in the current folder")
	private Path csv = Path.of("spread.csv");

	@Override
	public Integer call() throws IOException {
		final List<SuiteCases.Case> cases = selection.chosen().stream().filter(SuiteCases.Case::isBlurred).toList();
		final Deblurring deblurring = method.deblurring();
		final Restoration restoration = method.restoration();
		final Row[] rows = new Row[cases.size()];
		if (csv.toAbsolutePath().getParent() != null) Files.createDirectories(csv.toAbsolutePath().getParent());
		System.out.println(Row.COLUMNS.replace(',', ' '));
		Parallelization.runWithNumThreads(threads, () -> Threads.forEach(rows.length, i -> Parallelization.runSingleThreaded(
			() -> {
				final SuiteCases.Case c = cases.get(i);
				try {
					rows[i] = row(c, deblurring.withLargestBlur(SuiteCommand.sizeFor(c, size)), restoration);
				}
				catch (final IOException e) {
					throw new UncheckedIOException(e);
				}
				System.out.println(rows[i].csv().replace(',', ' '));
			})));
		final List<String> lines = new ArrayList<>(List.of(Row.COLUMNS));
		for (final Row row : rows)
			lines.add(row.csv());
		Files.write(csv, lines);
		System.out.println("table: " + csv);
		System.out.println(summary(List.of(rows)));
		return 0;
	}

	private static Row row(final SuiteCases.Case c, final Deblurring deblurring, final Restoration restoration)
		throws IOException
	{
		final SuiteCases.Blurred given = c.load();
		final int w = given.sharp().width(), h = given.sharp().height(), maxShift = SuiteRow.maxShift(c.size);
		final Plane sharp = View.common(given.sharp());
		final double[] psnr = View.ALL.stream().mapToDouble(view -> Score.of(view.back(deblurring.deblur(List.of(view.of(given
			.blurry())), restoration, Progress.NONE).channels().get(0), w, h), sharp, maxShift).psnr()).toArray();
		return new Row(c.name, c.size, Score.of(View.common(given.blurry()), sharp, maxShift).psnr(), psnr);
	}

	/** One line for all cases. */
	static String summary(final List<Row> rows) {
		final double[] spreads = rows.stream().mapToDouble(Row::spread).toArray();
		return String.format(Locale.ROOT, "cases=%d psnr=%.2f spread_median=%.2f spread_mean=%.2f spread_largest=%.2f above_%.0f_dB=%d" +
			" of_crops_median=%.2f of_turns_median=%.2f", spreads.length, rows.stream().flatMapToDouble(r -> Arrays.stream(
				r.psnr)).average().orElseThrow(), StatUtils.percentile(spreads, 50), StatUtils.mean(spreads), StatUtils.max(
					spreads), LITTLE, Arrays.stream(spreads).filter(s -> s > LITTLE).count(), StatUtils.percentile(rows.stream()
						.mapToDouble(Row::spreadOfCrops).toArray(), 50), StatUtils.percentile(rows.stream().mapToDouble(
							Row::spreadOfTurns).toArray(), 50));
	}
}
