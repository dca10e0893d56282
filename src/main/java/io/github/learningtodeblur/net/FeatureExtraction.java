package io.github.learningtodeblur.net;

import java.util.ArrayList;
import java.util.List;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;

/**
 * Feature extraction (section 3.1.1, Eq. 2): convolution with shared filters, tanh, recombinations with a
 * tanh between them, to the images x~_i (first half of the channels) and y~_i (second half).
 */
public final class FeatureExtraction {

	private final Backend backend;
	private final Tensor in;
	private final Tensor dIn;
	private final List<Tensor> weights = new ArrayList<>();
	private final List<Tensor> dWeights = new ArrayList<>();
	private final List<Tensor> kept;
	private final Signal features;

	/**
	 * @param in (batch, 1 or 2, h, w): the blurry image, or latent and blurry image
	 * @param dIn receives the gradient of the first channel (batch, 1, h, w); or null
	 * @param prefix of the parameters' names, "k9/1/"
	 * @param layers of tanh and recombination; the last gives as many images as its weights have rows
	 */
	public FeatureExtraction(final Backend backend, final Parameters parameters, final String prefix,
		final int layers, final Tensor in, final Tensor dIn, final boolean training)
	{
		this.backend = backend;
		this.in = in;
		this.dIn = dIn;
		use(parameters, prefix + "filters");
		for (int m = 1; m <= layers; m++)
			use(parameters, prefix + "mix" + m);
		final Tensor filters = weights.get(0);
		if (filters.channels() != in.channels()) throw new IllegalArgumentException("Filters for " +
			filters.channels() + " images can't be applied to " + in.channels());
		final int height = in.height() - filters.height() + 1;
		final int width = in.width() - filters.width() + 1;
		if (height < 1 || width < 1) throw new IllegalArgumentException("An image of " + in.width() +
			"x" + in.height() + " is smaller than the filters");
		kept = training ? new ArrayList<>() : null;
		if (training) {
			kept.add(backend.allocate(in.batch(), filters.batch(), height, width));
			for (int m = 1; m < layers; m++)
				kept.add(backend.allocate(in.batch(), weights.get(m).height(), height, width));
		}
		features = Signal.allocate(backend, training, in.batch(), weights.get(layers).height(), height, width);
	}

	/** The same memory with other weights: without training, one after the other may use it. */
	private FeatureExtraction(final FeatureExtraction other, final Parameters parameters, final String prefix) {
		backend = other.backend;
		in = other.in;
		dIn = other.dIn;
		kept = null;
		features = other.features;
		use(parameters, prefix + "filters");
		for (int m = 1; m < other.weights.size(); m++)
			use(parameters, prefix + "mix" + m);
	}

	FeatureExtraction with(final Parameters parameters, final String prefix) {
		return new FeatureExtraction(this, parameters, prefix);
	}

	private void use(final Parameters parameters, final String name) {
		weights.add(parameters.value(name));
		dWeights.add(parameters.gradient(name));
	}

	/** (batch, 2 * pairs, h - k + 1, w - k + 1) */
	public Signal features() {
		return features;
	}

	public void forward() {
		backend.features(in, weights, kept, features.value());
	}

	/** @param toInput whether the gradient of the input is needed, if there is room for it */
	void backward(final boolean toInput) {
		final boolean trained = dWeights.get(0) != null;
		final Tensor to = toInput ? dIn : null;
		if (trained || to != null) backend.featuresGrad(in, weights, kept, features.grad(), to, trained
			? dWeights : null);
	}
}
