package io.github.learningtodeblur.search;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;

import io.github.learningtodeblur.model.Safetensors.Entry;

/**
 * Makes one number of many: evidence, brought to mean 0 and deviation 1 and limited, through a few tanh units, and
 * the mean over some such networks, which differ most where examples were few.
 *
 * @param names what the numbers of the evidence mean: a judge must see what it was trained on
 * @param mean of the examples, by evidence
 * @param deviation likewise
 * @param hidden by network, unit, and evidence and bias (last)
 * @param out by network, and unit, bias (last but one) and nothing else
 */
record Judge(List<String> names, float[] mean, float[] deviation, float[] hidden, float[] out, int networks,
	int units)
{

	/** Standard deviations beyond which evidence says no more. */
	private static final double LIMIT = 3;

	Judge {
		names = List.copyOf(names);
		final int n = names.size();
		if (mean.length != n || deviation.length != n || hidden.length != networks * units * (n + 1) ||
			out.length != networks * (units + 1)) throw new IllegalArgumentException("A judge of " + n + " numbers, " +
				networks + " networks and " + units + " units does not fit its arrays");
	}

	/** @param evidence in the order of {@link #names} */
	double of(final double[] evidence) {
		final double[] in = standardised(evidence, mean, deviation);
		double sum = 0;
		for (int network = 0; network < networks; network++)
			sum += of(in, network);
		return sum / networks;
	}

	private double of(final double[] in, final int network) {
		int at = network * units * (in.length + 1);
		double sum = out[network * (units + 1) + units];
		for (int u = 0; u < units; u++) {
			double v = 0;
			for (final double x : in)
				v += hidden[at++] * x;
			sum += out[network * (units + 1) + u] * Math.tanh(v + hidden[at++]);
		}
		return sum;
	}

	/** What the networks see. Evidence that is not finite, as of images without edges, says nothing. */
	static double[] standardised(final double[] evidence, final float[] mean, final float[] deviation) {
		if (evidence.length != mean.length) throw new IllegalArgumentException("A judge of " + mean.length +
			" numbers got " + evidence.length);
		final double[] out = new double[evidence.length];
		for (int i = 0; i < out.length; i++) {
			final double v = (evidence[i] - mean[i]) / deviation[i];
			out[i] = Double.isFinite(v) ? Math.max(-LIMIT, Math.min(LIMIT, v)) : 0;
		}
		return out;
	}

	/** Adds what this consists of to the contents of a file. */
	void write(final String prefix, final LinkedHashMap<String, Entry> tensors, final LinkedHashMap<String, String> metadata) {
		metadata.put(prefix + "evidence", String.join(" ", names));
		tensors.put(prefix + "mean", new Entry(new int[] { names.size() }, mean));
		tensors.put(prefix + "deviation", new Entry(new int[] { names.size() }, deviation));
		tensors.put(prefix + "hidden", new Entry(new int[] { networks, units, names.size() + 1 }, hidden));
		tensors.put(prefix + "out", new Entry(new int[] { networks, units + 1 }, out));
	}

	/**
	 * @param names of the evidence that this version collects
	 * @throws IOException if the file has no such judge, or one that sees something else
	 */
	static Judge read(final String prefix, final List<String> names, final LinkedHashMap<String, Entry> tensors,
		final LinkedHashMap<String, String> metadata, final String file) throws IOException
	{
		final Entry hidden = tensors.get(prefix + "hidden"), out = tensors.get(prefix + "out"), mean = tensors.get(prefix +
			"mean"), deviation = tensors.get(prefix + "deviation");
		final String seen = metadata.get(prefix + "evidence");
		if (hidden == null || out == null || mean == null || deviation == null || seen == null || hidden.shape().length != 3)
			throw new IOException(file + " holds no judge '" + prefix + "'");
		if (!List.of(seen.split(" ")).equals(names)) throw new IOException("The judge '" + prefix + "' of " + file +
			" was trained on other evidence than this version collects: train it again");
		return new Judge(names, mean.values(), deviation.values(), hidden.values(), out.values(), hidden.shape()[0], hidden
			.shape()[1]);
	}
}
