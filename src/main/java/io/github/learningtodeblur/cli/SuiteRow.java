package io.github.learningtodeblur.cli;

import java.util.List;
import java.util.Locale;

import io.github.learningtodeblur.Deblurred;
import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.search.Confidence.Verdict;
import io.github.learningtodeblur.restore.ObservedRestoration;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.util.KernelSimilarity;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;

/**
 * One case of the suite as it came out.
 *
 * @param errorRatio see {@code Score}; NaN if the picture was not blurred
 * @param dx of what is restored against the bulk of what is blurred, in pixels
 * @param similarity of the kernels, see {@code KernelSimilarity}
 * @param seconds CPU time of estimation and restoration
 * @param report what is told without the truth
 */
record SuiteRow(String name, String imageClass, String picture, String source, int size, double noise,
	boolean rounded, double psnrInput, double psnr, double psnrTrueKernel, double errorRatio, double dx, double dy,
	double similarity, double seconds, Report report)
{

	static final String COLUMNS = "case,class,picture,kernel,size,noise,rounded,psnr_input,psnr,psnr_true_kernel," +
		"error_ratio,dx,dy,kernel_similarity,seconds," + Report.COLUMNS;

	private static final Plane POINT = new Plane(new float[] { 1 }, 1, 1);

	/** Shifts that are tried even with the smallest kernels, as Levin et al. do. */
	private static final int LEAST_SHIFT = 5;

	Verdict verdict() {
		return report.confidence().verdict();
	}

	String csv() {
		return String.format(Locale.ROOT, "%s,%s,%s,%s,%d,%s,%s,%.3f,%.3f,%.3f,%.4f,%.2f,%.2f,%.4f,%.2f,%s", name,
			imageClass, picture.replace(',', ';'), source, size, noise, rounded, psnrInput, psnr, psnrTrueKernel, errorRatio,
			dx, dy, similarity, seconds, report.csv());
	}

	/** Scores a result. Where there was no blur, the picture is to stay as it is. */
	static SuiteRow of(final SuiteCases.Case c, final SuiteCases.Blurred given, final Deblurred result,
		final Restoration method, final double seconds)
	{
		final Plane restored = result.channels().get(0), kernel = result.kernel();
		final int maxShift = maxShift(c.isBlurred() ? c.size : Math.min(kernel.width(), 33));
		if (!c.isBlurred()) {
			final Score score = Score.of(restored, given.blurry(), maxShift);
			return new SuiteRow(c.name, c.imageClass, c.picture, c.source, c.size, c.noise, c.rounded,
				Double.POSITIVE_INFINITY, score.psnr(), Double.POSITIVE_INFINITY, Double.NaN, score.dx(), score.dy(),
				KernelSimilarity.of(kernel, POINT).value(), seconds, result.report());
		}
		final Score input = Score.of(given.blurry(), given.sharp(), maxShift);
		final Score score = Score.of(restored, given.sharp(), maxShift);
		final Score best = Score.of(new ObservedRestoration(method).restore(given.blurry(), given.kernel(), Progress.NONE),
			given.sharp(), maxShift);
		final double[] bulk = bulk(given.kernel());
		return new SuiteRow(c.name, c.imageClass, c.picture, c.source, c.size, c.noise, c.rounded, input.psnr(), score
			.psnr(), best.psnr(), score.errorRatio(best), score.dx() - bulk[0], score.dy() - bulk[1], KernelSimilarity.of(
				kernel, given.kernel()).value(), seconds, result.report());
	}

	/** How far a kernel of a size may move an image. */
	static int maxShift(final int size) {
		return Math.max(LEAST_SHIFT, (size + 1) / 2);
	}

	/** Where a kernel has its centre of mass, from the middle. */
	private static double[] bulk(final Plane kernel) {
		double x = 0, y = 0;
		for (int i = 0; i < kernel.pixels().length; i++) {
			x += kernel.pixels()[i] * (i % kernel.width() - kernel.width() / 2);
			y += kernel.pixels()[i] * (i / kernel.width() - kernel.height() / 2);
		}
		return new double[] { x / kernel.sum(), y / kernel.sum() };
	}

	/** @throws IllegalArgumentException if it is not a line of {@link #csv} */
	static SuiteRow parse(final String line) {
		final String[] v = line.split(",");
		if (v.length != COLUMNS.split(",").length) throw new IllegalArgumentException(
			"Not a row of the suite's table, remove the file or take another: " + line);
		int i = 0;
		return new SuiteRow(v[i++], v[i++], v[i++], v[i++], Integer.parseInt(v[i++]), number(v[i++]), Boolean
			.parseBoolean(v[i++]), number(v[i++]), number(v[i++]), number(v[i++]), number(v[i++]), number(v[i++]), number(
				v[i++]), number(v[i++]), number(v[i++]), Report.parse(List.of(v).subList(i, v.length)));
	}

	private static double number(final String text) {
		return text.equals("Infinity") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
	}

	boolean isBlurred() {
		return size > 1;
	}

	double shift() {
		return Math.hypot(dx, dy);
	}
}
