package io.github.learningtodeblur.cli;

import java.util.Locale;

/**
 * One case of the suite as it came out.
 *
 * @param errorRatio see {@code Score}; NaN if the picture was not blurred
 * @param dx of what is restored against the bulk of what is blurred, in pixels
 * @param similarity of the kernels, see {@code KernelSimilarity}
 * @param seconds CPU time of estimation and restoration
 */
record SuiteRow(String name, String imageClass, String picture, String source, int size, double noise,
	boolean rounded, double psnrInput, double psnr, double psnrTrueKernel, double errorRatio, double dx, double dy,
	double similarity, double seconds)
{

	static final String COLUMNS = "case,class,picture,kernel,size,noise,rounded,psnr_input,psnr,psnr_true_kernel," +
		"error_ratio,dx,dy,kernel_similarity,seconds";

	String csv() {
		return String.format(Locale.ROOT, "%s,%s,%s,%s,%d,%s,%s,%.3f,%.3f,%.3f,%.4f,%.2f,%.2f,%.4f,%.2f", name,
			imageClass, picture.replace(',', ';'), source, size, noise, rounded, psnrInput, psnr, psnrTrueKernel, errorRatio,
			dx, dy, similarity, seconds);
	}

	/** @throws IllegalArgumentException if it is not a line of {@link #csv} */
	static SuiteRow parse(final String line) {
		final String[] v = line.split(",");
		if (v.length != COLUMNS.split(",").length) throw new IllegalArgumentException(
			"Not a row of the suite's table, remove the file or take another: " + line);
		int i = 0;
		return new SuiteRow(v[i++], v[i++], v[i++], v[i++], Integer.parseInt(v[i++]), number(v[i++]), Boolean
			.parseBoolean(v[i++]), number(v[i++]), number(v[i++]), number(v[i++]), number(v[i++]), number(v[i++]), number(
				v[i++]), number(v[i++]), number(v[i++]));
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
