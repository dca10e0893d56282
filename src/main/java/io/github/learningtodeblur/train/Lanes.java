package io.github.learningtodeblur.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

import io.github.learningtodeblur.net.KernelLoss;
import io.github.learningtodeblur.net.MultiScaleNetwork;
import io.github.learningtodeblur.train.ExampleSource.Example;

/** Networks with gradients of their own that share the weights, one for each thread that asks. */
final class Lanes {

	private final Supplier<MultiScaleNetwork> maker;
	private final KernelLoss loss;
	private final Deque<MultiScaleNetwork> free = new ArrayDeque<>();

	Lanes(final Supplier<MultiScaleNetwork> maker, final KernelLoss loss) {
		this.maker = maker;
		this.loss = loss;
	}

	/** What is done with a network that has seen an example. */
	interface Work {

		void on(MultiScaleNetwork network);
	}

	/** After a forward pass. The network is given back in any case. */
	void run(final Example example, final Work work) {
		final MultiScaleNetwork network = take();
		try {
			network.setBlurry(List.of(example.blurry()));
			network.setTarget(List.of(example.kernel()), loss);
			network.forward();
			work.on(network);
		}
		finally {
			synchronized (free) {
				free.push(network);
			}
		}
	}

	private MultiScaleNetwork take() {
		synchronized (free) {
			if (!free.isEmpty()) return free.pop();
		}
		return maker.get();
	}

	/** For tests. */
	int idle() {
		synchronized (free) {
			return free.size();
		}
	}
}
