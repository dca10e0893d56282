package io.github.learningtodeblur.command;

import java.awt.GraphicsEnvironment;

import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.Plugin;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;

/**
 * In macros and without a screen, parameters that were not given take their defaults: no dialog, and not what
 * was typed into a dialog last time. The first image parameter takes the active image. Runs after the
 * preprocessors that fill in macro keys and services, and before those that ask or remember.
 */
@Plugin(type = PreprocessorPlugin.class, priority = Priority.HIGH)
public class MacroInputs extends AbstractPreprocessorPlugin {

	@Override
	public void process(final Module module) {
		if (!(module.getDelegateObject() instanceof LibraryCommand)) return;
		if (!IJ.isMacro() && !GraphicsEnvironment.isHeadless()) return;
		boolean first = true;
		for (final ModuleItem<?> input : module.getInfo().inputs()) {
			final String name = input.getName();
			final boolean image = input.getType() == ImagePlus.class;
			if (image && first && module.getInput(name) == null) module.setInput(name, WindowManager
				.getCurrentImage());
			if (image) first = false;
			module.resolveInput(name);
		}
	}
}
