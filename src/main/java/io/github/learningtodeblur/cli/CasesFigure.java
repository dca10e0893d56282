package io.github.learningtodeblur.cli;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.commons.math3.stat.StatUtils;

import ij.gui.Plot;

/** Median error ratio and its range for each kernel, from the tables of benchmarks (Fig. 5). */
final class CasesFigure implements Figure {

	@Override
	public void draw(final FigureOptions o) throws IOException {
		if (o.csv.isEmpty()) throw new IllegalArgumentException("--csv is needed for cases");
		final Plot plot = new Plot("Error ratio", "kernel", "error ratio");
		final Color[] colors = { Color.BLUE, Color.RED, new Color(0, 130, 0), Color.MAGENTA };
		final StringBuilder legend = new StringBuilder();
		double top = 2.5;
		int kernels = 0;
		for (int c = 0; c < o.csv.size(); c++) {
			final Map<String, List<Double>> byKernel = new TreeMap<>();
			final List<String> lines = Files.readAllLines(o.csv.get(c));
			final int column = List.of(lines.get(0).split(",")).indexOf("error_ratio");
			if (column < 0) throw new IOException(o.csv.get(c) + " is not a benchmark's table");
			for (final String line : lines.subList(1, lines.size())) {
				final String[] values = line.split(",");
				byKernel.computeIfAbsent(values[0].substring(values[0].lastIndexOf('_') + 1),
					k -> new ArrayList<>()).add(Double.parseDouble(values[column]));
			}
			final double[] x = new double[byKernel.size()], y = new double[x.length];
			plot.setColor(colors[c % colors.length]);
			int i = 0;
			for (final List<Double> list : byKernel.values()) {
				final double[] ratios = list.stream().mapToDouble(v -> v).toArray();
				x[i] = i + 1 + 0.1 * c;
				y[i] = StatUtils.percentile(ratios, 50);
				plot.drawLine(x[i], StatUtils.min(ratios), x[i], StatUtils.max(ratios));
				top = Math.max(top, StatUtils.max(ratios));
				i++;
			}
			kernels = Math.max(kernels, x.length);
			plot.add("circle", x, y);
			legend.append(o.csv.get(c).getFileName().toString().replaceFirst("\\.csv$", "")).append('\n');
		}
		plot.setColor(Color.GRAY);
		plot.drawLine(0, 2, kernels + 1, 2);
		plot.setLimits(0, kernels + 1, 0, Math.min(8, 1.05 * top));
		plot.setColor(Color.BLACK);
		plot.addLegend(legend.toString());
		Pictures.save(o.out, plot.getImagePlus(), "figure-5-error-by-kernel");
	}
}
