package io.github.learningtodeblur.command;

import java.awt.Color;
import java.awt.GraphicsEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import ij.ImagePlus;
import ij.gui.Plot;
import ij.gui.PlotWindow;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import io.github.learningtodeblur.train.TrainingStatus;
import io.github.learningtodeblur.util.Plane;

/**
 * What a training run looks like: a plot of the errors against the examples seen, and held-out examples, each
 * with its true and its estimated kernel beside it. Two windows that change while the run goes on; without a
 * screen, two images.
 */
final class TrainingMonitor {

	/** Pixels of a picture in the window of examples. */
	private static final int SIDE = 104;
	private static final int MARGIN = 4;
	/** Of the column that names the rows. */
	private static final int NAMES = 84;
	private static final String[] ROWS = { "blurry", "true kernel", "estimate" };
	/** Both windows fit below each other on a small screen. */
	private static final int PLOT_WIDTH = 600;
	private static final int PLOT_HEIGHT = 240;
	private static final int MAX_POINTS = 2000;

	private final boolean headless = GraphicsEnvironment.isHeadless();
	private final List<double[]> training = new ArrayList<>();
	private final List<double[]> validation = new ArrayList<>();
	/** Examples at which a phase began. */
	private final List<Double> phases = new ArrayList<>();
	private int phase;
	private PlotWindow window;
	private Plot plot;
	private ImagePlus samples;

	void update(final TrainingStatus s) {
		final double x = s.totalExamples();
		if (s.phase() != phase && phase != 0) phases.add(x);
		phase = s.phase();
		if (s.error() > 0) training.add(new double[] { x, s.error() });
		if (training.size() > MAX_POINTS) thin(training);
		if (!Double.isNaN(s.validation())) validation.add(new double[] { x, s.validation() });
		if (!s.samples().isEmpty()) show(s);
		if (training.isEmpty() && validation.isEmpty()) return;
		plot = plot(s);
		if (headless) return;
		if (window == null) {
			window = plot.show();
			Windows.spread(List.of(window.getImagePlus()));
		}
		else if (window.isVisible()) window.drawPlot(plot); // a window the user closed stays closed
	}

	/** Every other point. */
	private static void thin(final List<double[]> points) {
		for (int i = points.size() - 2; i >= 0; i -= 2)
			points.remove(i);
	}

	private Plot plot(final TrainingStatus s) {
		final Plot p = new Plot("Training", "Examples", "Kernel error (relative, squared)");
		p.setFrameSize(PLOT_WIDTH, PLOT_HEIGHT);
		double max = 0, last = 1;
		for (final List<double[]> points : List.of(training, validation))
			for (final double[] point : points) {
				max = Math.max(max, point[1]);
				last = Math.max(last, point[0]);
			}
		p.setLimits(0, last, 0, 1.05 * Math.min(2, Math.max(0.05, max)));
		p.setColor(Color.blue);
		p.add("line", column(training, 0), column(training, 1));
		p.setColor(Color.red, Color.red);
		p.add("connected circle", column(validation, 0), column(validation, 1));
		p.setColor(Color.lightGray);
		for (final double x : phases)
			p.drawLine(x, 0, x, 2);
		p.setColor(Color.black);
		p.addLabel(0, 0, summary(s));
		p.addLegend("training, running mean\nheld-out images", "bottom-left");
		return p;
	}

	private static double[] column(final List<double[]> points, final int i) {
		return points.stream().mapToDouble(p -> p[i]).toArray();
	}

	/** One line about where the run stands. */
	static String summary(final TrainingStatus s) {
		final double left = s.secondsLeft();
		return String.format(Locale.ROOT, "%dx%d, stage %d (phase %d of %d): error %.3f%s, %s left", s
			.kernel(), s.kernel(), s.stages(), s.phase(), s.phases(), s.error(), Double.isNaN(s.best()) ? ""
				: String.format(Locale.ROOT, ", best validation %.3f", s.best()), left < 90 ? Math.round(left) +
					" s" : left < 5400 ? Math.round(left / 60) + " min" : Math.round(left / 360) / 10.0 + " h");
	}

	private void show(final TrainingStatus s) {
		final int cell = SIDE + MARGIN, columns = s.samples().size();
		final ByteProcessor out = new ByteProcessor(NAMES + columns * cell + MARGIN, ROWS.length * cell +
			MARGIN);
		out.setValue(255);
		out.fill();
		out.setValue(0);
		out.setAntialiasedText(true);
		for (int i = 0; i < ROWS.length; i++)
			out.drawString(ROWS[i], MARGIN, MARGIN + i * cell + SIDE / 2);
		for (int i = 0; i < columns; i++) {
			final TrainingStatus.Sample sample = s.samples().get(i);
			final int x = NAMES + MARGIN + i * cell;
			out.insert(picture(sample.blurry(), 1, true), x, MARGIN);
			out.insert(picture(sample.kernel(), max(sample.kernel()), false), x, MARGIN + cell);
			out.insert(picture(sample.estimate(), max(sample.estimate()), false), x, MARGIN + 2 * cell);
		}
		if (samples == null) {
			samples = new ImagePlus("Held-out examples", out);
			if (!headless) {
				samples.show();
				Windows.spread(List.of(samples));
			}
		}
		else samples.setProcessor(out);
	}

	private static float max(final Plane p) {
		float max = Float.MIN_NORMAL;
		for (final float v : p.pixels())
			max = Math.max(max, v);
		return max;
	}

	/** [0, white] stretched to 8 bits. */
	private static ImageProcessor picture(final Plane p, final float white, final boolean smooth) {
		final ImageProcessor ip = new FloatProcessor(p.width(), p.height(), p.pixels().clone());
		ip.setInterpolationMethod(smooth ? ImageProcessor.BILINEAR : ImageProcessor.NONE);
		final ImageProcessor sized = ip.resize(SIDE, SIDE);
		sized.setMinAndMax(0, white);
		return sized.convertToByteProcessor();
	}

	/** For macros and scripts without a screen; null where a window shows it. */
	ImagePlus plotImage() {
		return headless && plot != null ? plot.getImagePlus() : null;
	}

	/** Likewise. */
	ImagePlus samplesImage() {
		return headless ? samples : null;
	}
}
