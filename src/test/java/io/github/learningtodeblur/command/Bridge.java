package io.github.learningtodeblur.command;

import java.util.HashMap;
import java.util.Map;

import org.scijava.Context;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleItem;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.Menus;
import net.imagej.patcher.EssentialLegacyHooks;
import net.imagej.patcher.LegacyInjector;

/**
 * Stands in for what Fiji does between ImageJ and SciJava: commands of SciJava take the places of menu entries
 * of the same name, unless they are marked "no-legacy". A macro that runs one waits for it, while its outputs
 * are shown by another thread, some time later; and no mistake ends the macro.
 */
public final class Bridge extends EssentialLegacyHooks {

	/** Milliseconds. */
	private static final int LATER = 300;

	private final Context context = new Context();
	private final Map<String, CommandInfo> commands = new HashMap<>();
	private final Map<String, String> entries = new HashMap<>();

	/** After {@link Macros#install}. */
	@SuppressWarnings("unchecked")
	static AutoCloseable install() {
		final Bridge bridge = new Bridge();
		for (final CommandInfo info : bridge.context.service(CommandService.class).getCommands()) {
			if (info.is("no-legacy") || info.getMenuPath().getLeaf() == null) continue;
			bridge.commands.put(info.getIdentifier(), info);
			final String label = info.getMenuPath().getLeaf().getName();
			bridge.entries.put(label, (String) Menus.getCommands().put(label, info.getIdentifier()));
		}
		LegacyInjector.installHooks(Bridge.class.getClassLoader(), bridge);
		return () -> {
			LegacyInjector.installHooks(Bridge.class.getClassLoader(), null);
			bridge.entries.forEach(Menus.getCommands()::put);
			bridge.context.dispose();
		};
	}

	@Override
	public Object interceptRunPlugIn(final String className, final String arg) {
		final CommandInfo info = commands.get(className);
		if (info == null) return null;
		final Map<String, Object> inputs = new HashMap<>();
		final String options = Macro.getOptions();
		for (final ModuleItem<?> item : info.inputs()) {
			final String value = options == null ? null : Macro.getValue(options, item.getName(), null);
			if (value != null) inputs.put(item.getName(), item.getType() == ImagePlus.class ? ij.WindowManager
				.getImage(value) : value);
			else if (item.getType() == ImagePlus.class && item.getName().equals("image")) inputs.put("image", IJ
				.getImage());
		}
		try {
			final CommandModule module = context.service(CommandService.class).run(info, true, inputs).get();
			new Thread(() -> {
				IJ.wait(LATER);
				for (final ModuleItem<?> item : info.outputs())
					if (item.getValue(module) instanceof ImagePlus image) image.show();
			}).start();
			return module;
		}
		catch (final Exception e) {
			throw new IllegalStateException(e);
		}
	}
}
