package io.github.learningtodeblur.command;

import java.awt.Color;
import java.awt.GraphicsEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import ij.ImagePlus;
import ij.gui.Plot;
import ij.gui.PlotWindow;
import io.github.learningtodeblur.train.RestorationTrainer;

/**
 * What the training of a restoration looks like: a plot of how it does on pictures that are held out, against the examples
 * seen, which changes while the run goes on. Without a screen, an image.
 */
final class RestorationMonitor {

	private static final int WIDTH = 600, HEIGHT = 240;

	private final boolean headless = GraphicsEnvironment.isHeadless();
	private final List<RestorationTrainer.Status> seen = new ArrayList<>();
	private PlotWindow window;
	private Plot plot;

	void update(final RestorationTrainer.Status s) {
		seen.add(s);
		plot = new Plot("Training", "Examples", "PSNR of held-out pictures in dB");
		plot.setFrameSize(WIDTH, HEIGHT);
		final double[] x = seen.stream().mapToDouble(RestorationTrainer.Status::examples).toArray();
		plot.setColor(Color.blue, Color.blue);
		plot.add("connected circle", x, seen.stream().mapToDouble(RestorationTrainer.Status::truePsnr).toArray());
		final boolean estimated = !Double.isNaN(s.estimatedPsnr());
		if (estimated) {
			plot.setColor(Color.red, Color.red);
			plot.add("connected circle", x, seen.stream().mapToDouble(RestorationTrainer.Status::estimatedPsnr).toArray());
		}
		plot.setColor(Color.black);
		plot.addLegend(estimated ? "true kernels\nestimated kernels" : "true kernels", "bottom-right");
		plot.setLimitsToFit(true);
		if (headless) return;
		if (window == null) {
			window = plot.show();
			Windows.spread(List.of(window.getImagePlus()));
		}
		else if (window.isVisible()) window.drawPlot(plot); // a window the user closed stays closed
	}

	/** What was reached, if anything was measured. */
	String summary() {
		if (seen.isEmpty()) return "";
		final RestorationTrainer.Status last = seen.get(seen.size() - 1);
		return String.format(Locale.ROOT, "; held-out pictures: %.2f dB with true kernels", last.truePsnr()) + (Double.isNaN(last
			.estimatedPsnr()) ? "" : String.format(Locale.ROOT, ", %.2f dB with estimated ones", last.estimatedPsnr()));
	}

	/** For macros and scripts without a screen; null where a window shows it. */
	ImagePlus plotImage() {
		return headless && plot != null ? plot.getImagePlus() : null;
	}
}
