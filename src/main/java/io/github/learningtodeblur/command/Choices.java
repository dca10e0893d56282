package io.github.learningtodeblur.command;

import java.util.List;

import org.scijava.module.ModuleItem;

import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.train.BlurFamilies;

/** What can be chosen for a parameter: what its declaration lists, or what there is of a kind that plugins can add to. */
final class Choices {

	/** Widget styles of parameters that are the name of a plugin. */
	static final String RESTORATION = "restoration", BLUR = "blur";

	private Choices() {}

	/** Empty if any value will do. */
	static List<?> of(final ModuleItem<?> item) {
		if (RESTORATION.equals(item.getWidgetStyle())) return Restorations.names();
		if (BLUR.equals(item.getWidgetStyle())) return BlurFamilies.names();
		return item.getChoices() == null ? List.of() : item.getChoices();
	}
}
