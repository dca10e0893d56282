package io.github.learningtodeblur.train;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.github.learningtodeblur.model.ModelSpec;

/** What a network and its training are like where nothing else is asked for. */
public enum Preset {

		/** What the shipped models were begun with; what each was trained with later, models/TRAINING.md says. */
		USUAL(NetworkLayout.USUAL),
		/** The paper's own network, see {@link TrainingPlan}. */
		PAPER(NetworkLayout.PAPER);

	private final NetworkLayout layout;

	Preset(final NetworkLayout layout) {
		this.layout = layout;
	}

	/** @throws IllegalArgumentException if there is none of that name */
	public static Preset named(final String name) {
		return Arrays.stream(values()).filter(p -> p.toString().equals(name.strip().toLowerCase(Locale.ROOT))).findFirst()
			.orElseThrow(() -> new IllegalArgumentException("Unknown preset '" + name + "'; known are " + names().stream()
				.collect(Collectors.joining(", "))));
	}

	public static List<String> names() {
		return Arrays.stream(values()).map(Preset::toString).toList();
	}

	public NetworkLayout layout() {
		return layout;
	}

	public TrainingPlan plan(final ModelSpec spec) {
		return this == PAPER ? TrainingPlan.paper(spec) : TrainingPlan.usual(spec);
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}
}
