package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;

import org.apache.commons.math3.stat.StatUtils;

import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.evaluate.KernelError;
import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.restore.ObservedRestoration;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.restore.SparseRestoration;
import io.github.learningtodeblur.train.BlurFamilies;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scores a model on a folder of known blurs, as Levin et al. 2009 do. */
@Command(name = "benchmark", mixinStandardHelpOptions = true,
	description = "Restores all cases of a benchmark folder and scores the results.")
final class BenchmarkCommand implements Callable<Integer> {

	static final String TRUE_SIZE = "true";
	private static final String COLUMNS =
		"name,kernel_size,psnr_input,psnr,psnr_true_kernel,ssim,error_ratio,kernel_error,seconds," + Report.COLUMNS;

	@Option(names = "--benchmark",
		description = "folder with blurry/ sharp/ kernel/, or sharp/ kernel/")
	private Path folder;

	@Option(names = "--images",
		description = "instead: folder of images of a class, of which those kept out of training are blurred here")
	private Path images;

	@Option(names = "--blur",
		description = "of images of a class: camera-shake, defocus, gaussian, motion or mixed")
	private String blur = "camera-shake";

	@Option(names = "--kernels", split = ",", description = "of images of a class: kernel sizes, in turn")
	private List<Integer> kernels = List.of(9, 13, 17, 25, 33);

	@Option(names = "--count", description = "of images of a class: at most so many")
	private int count = 25;

	@Option(names = "--stretch", description = "stretch every image of a class to the range from black to white")
	private boolean stretch;

	@Option(names = "--invert", description = "invert every second image of a class")
	private boolean invert;

	@Option(names = "--shot-noise", description = "standard deviation at white, where the blur is made here")
	private double shotNoise;

	@Mixin
	private LearnedRefinementOption last;

	@Mixin
	private MethodOptions method;

	@Option(names = "--cases", description = "regular expression found in the names of the cases to run")
	private String cases = "";

	@Option(names = "--size",
		description = "largest blur in pixels; auto, as users do; or true (default), as benchmarks of" +
			" kernels do: that of the true kernel, or the next possible one")
	private String size = TRUE_SIZE;

	@Option(names = "--noise", description = "standard deviation where the blur is made here")
	private double noise = 0.01;

	@Option(names = "--lambda",
		description = "fixed weight of the sparse restoration, such as 2000, which published kernels are compared" +
			" with; default: fitted to the noise")
	private double lambda;

	@Option(names = "--csv", description = "default: benchmark-FOLDER.csv in the current folder")
	private Path csv;

	@Option(names = "--pictures", description = "folder for restored images and kernels as PNG")
	private Path pictures;

	/** One row; the seconds are those of estimation and restoration, without reading and scoring. */
	private record Row(String name, int kernelSize, double psnrInput, double psnr,
		double psnrTrueKernel, double ssim, double errorRatio, double kernelError, double seconds, Report report)
	{

		String csv() {
			return String.format(Locale.ROOT, "%s,%d,%.3f,%.3f,%.3f,%.4f,%.3f,%.4f,%.3f,%s", name, kernelSize,
				psnrInput, psnr, psnrTrueKernel, ssim, errorRatio, kernelError, seconds, report.csv());
		}
	}

	@Override
	public Integer call() throws IOException {
		if (folder == null == (images == null)) throw new IllegalArgumentException(
			"Either --benchmark or --images is needed");
		final Path source = folder != null ? folder : images;
		if (!Files.isDirectory(source)) throw new IOException("There is no folder " + source);
		final BenchmarkCases all = folder != null ? new BenchmarkCases(folder, noise)
			: new BenchmarkCases(new BenchmarkCases.ImageClass(images, BlurFamilies.of(blur), kernels, noise,
				shotNoise, stretch, invert, count));
		final List<String> names = all.names().stream().filter(n -> java.util.regex.Pattern.compile(cases)
			.matcher(n).find()).toList();
		if (names.isEmpty()) throw new IOException("No case of " + source + " matches '" + cases +
			"'; there are " + all.names());
		final Deblurring whole = last.applied(method.deblurring(), method.device);
		whole.withLargestBlur(sizeFor(size, 0)); // fail early
		final Restoration restoration = new ObservedRestoration(lambda > 0 ? new SparseRestoration(
			SparseRestoration.DEFAULT_ALPHA, lambda, Float.POSITIVE_INFINITY, method.device.shared()) : method.restoration());
		if (pictures != null) Files.createDirectories(pictures);

		System.out.println(COLUMNS.replace(',', ' '));
		final List<Row> rows = new ArrayList<>();
		final List<String> lines = new ArrayList<>(List.of(COLUMNS));
		for (final String name : names) {
			final Row row;
			try {
				final BenchmarkCases.Case c = all.cases.get(name).load();
				row = score(c, whole.withLargestBlur(sizeFor(size, c.kernel().width())), restoration);
			}
			catch (final IOException | IllegalArgumentException e) {
				all.leftOut.add(name + ": " + e.getMessage());
				continue;
			}
			rows.add(row);
			lines.add(row.csv());
			System.out.println(row.csv().replace(',', ' '));
		}
		all.leftOut.forEach(why -> System.out.println("left out: " + why));
		if (rows.isEmpty()) throw new IOException("No case of " + source + " could be run; the first error: " + all.leftOut
			.get(0));
		final Path file = csv != null ? csv : Path.of("benchmark-" + source.toAbsolutePath().normalize()
			.getFileName() + ".csv");
		if (file.toAbsolutePath().getParent() != null) Files.createDirectories(file.toAbsolutePath()
			.getParent());
		Files.write(file, lines);
		System.out.println("table: " + file);
		System.out.printf(Locale.ROOT, "mean psnr_input=%.2f psnr=%.2f psnr_true_kernel=%.2f ssim=%.4f error_ratio=%.2f kernel_error=%.3f%n",
			mean(rows, Row::psnrInput), mean(rows, Row::psnr), mean(rows, Row::psnrTrueKernel), mean(rows,
				Row::ssim), mean(rows, Row::errorRatio), mean(rows, Row::kernelError));
		System.out.printf(Locale.ROOT, "median psnr_input=%.2f psnr=%.2f psnr_true_kernel=%.2f ssim=%.4f error_ratio=%.2f kernel_error=%.3f%n",
			median(rows, Row::psnrInput), median(rows, Row::psnr), median(rows, Row::psnrTrueKernel),
			median(rows, Row::ssim), median(rows, Row::errorRatio), median(rows, Row::kernelError));
		System.out.printf(Locale.ROOT,
			"summary cases=%d psnr_input=%.2f psnr=%.2f psnr_true_kernel=%.2f ssim=%.4f error_ratio_median=%.2f success2=%.3f seconds_mean=%.3f%n",
			rows.size(), mean(rows, Row::psnrInput), mean(rows, Row::psnr), mean(rows,
				Row::psnrTrueKernel), mean(rows, Row::ssim), median(rows, Row::errorRatio), mean(rows, r -> r
					.errorRatio() <= 2 ? 1 : 0), mean(rows, Row::seconds));
		return 0;
	}

	/**
	 * @param size as users write it, or {@value #TRUE_SIZE}
	 * @param trueSize in pixels; 0 where there is no blur, of which no size can be known
	 */
	static BlurSize sizeFor(final String size, final int trueSize) {
		return size.equals(TRUE_SIZE) ? new BlurSize(trueSize) : BlurSize.parse(size);
	}

	private Row score(final BenchmarkCases.Case c, final Deblurring deblurring,
		final Restoration restoration) throws IOException
	{
		final long start = System.nanoTime();
		final Deblurring.Estimate estimate = deblurring.estimate(List.of(c.blurry()), Progress.NONE);
		final Plane kernel = estimate.kernel();
		final Plane restored = restoration.restore(c.blurry(), kernel, Progress.NONE);
		final double seconds = (System.nanoTime() - start) * 1e-9;
		final Score input = Score.of(c.blurry(), c.sharp());
		final Score score = Score.of(restored, c.sharp());
		final Score best = Score.of(restoration.restore(c.blurry(), c.kernel(), Progress.NONE), c.sharp());
		if (pictures != null) {
			ImageFiles.writePng(pictures.resolve(c.name() + "-blurry.png"), List.of(c.blurry()));
			ImageFiles.writePng(pictures.resolve(c.name() + "-deblurred.png"), List.of(restored));
			ImageFiles.writeKernelPng(pictures.resolve(c.name() + "-kernel.png"), kernel);
			ImageFiles.writeKernelPng(pictures.resolve(c.name() + "-true-kernel.png"), c.kernel());
		}
		return new Row(c.name(), c.kernel().width(), input.psnr(), score.psnr(), best.psnr(), score.ssim(),
			score.errorRatio(best), KernelError.of(kernel, c.kernel()).aligned(), seconds, estimate.report());
	}

	private static double mean(final List<Row> rows, final ToDoubleFunction<Row> of) {
		return StatUtils.mean(rows.stream().mapToDouble(of).toArray());
	}

	private static double median(final List<Row> rows, final ToDoubleFunction<Row> of) {
		return StatUtils.percentile(rows.stream().mapToDouble(of).toArray(), 50);
	}
}
