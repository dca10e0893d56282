package io.github.learningtodeblur.command;

import java.util.List;

import org.scijava.module.ModuleItem;

import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.train.BlurFamilies;

/** What can be chosen for a parameter: what its declaration lists, or what there is of a kind that plugins can add to. */
final class Choices {

	/** What is said of a device. */
	static final String DEVICE = "auto: an NVIDIA GPU if one can be used, else the CPU; cpu; cuda: a GPU, or an error that says what is missing.";

	/** What is said of the restorations. */
	static final String RESTORATIONS = "learned: a network trained on true and on estimated kernels, after the models text and microscopy one trained on such; or the file of one that " +
		"you trained; sparse: sparse gradients, faster; wiener: faster still; richardson-lucy: with total variation, for few photons.";

	/** Widget styles of parameters that are the name of a plugin. */
	static final String RESTORATION = "restoration", BLUR = "blur";

	private Choices() {}

	/** Whether a value will do. */
	static boolean allow(final ModuleItem<?> item, final String value) {
		final List<?> choices = of(item);
		return choices.isEmpty() || choices.contains(value) || RESTORATION.equals(item.getWidgetStyle()) && Restorations.isFile(
			value);
	}

	/** Empty if any value will do. */
	static List<?> of(final ModuleItem<?> item) {
		if (RESTORATION.equals(item.getWidgetStyle())) return Restorations.names();
		if (BLUR.equals(item.getWidgetStyle())) return BlurFamilies.names();
		return item.getChoices() == null ? List.of() : item.getChoices();
	}
}
