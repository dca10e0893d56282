package io.github.learningtodeblur.util;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.logging.Logger;

import org.scijava.annotations.Index;
import org.scijava.annotations.IndexItem;
import org.scijava.plugin.Plugin;
import org.scijava.plugin.SciJavaPlugin;

/**
 * Implementations that are found on the class path, ours and those of others: classes with an empty constructor and
 * {@code @Plugin(type = ..., name = "...")}. SciJava's compiler plug-in writes what it annotates into an index, which is read
 * here directly: hence it works without a SciJava context, in plain Java and plain ImageJ, from the very declaration by which
 * SciJava's {@code PluginService} finds the same. ({@code ServiceLoader} would need a second one.)
 */
public final class Plugins {

	private static final Logger LOG = Logger.getLogger(Plugins.class.getName());

	/** By class loader and type: reading all indices of a Fiji takes a while. */
	private static final Map<ClassLoader, Map<Class<?>, Map<String, ?>>> KNOWN = new WeakHashMap<>();

	/** @param priority the higher, the further in front */
	private record Found<T>(String name, double priority, String className, T instance) {}

	private Plugins() {}

	/**
	 * By name, those of high priority first. Of equal names, the first counts. What cannot be made is left out, and the log
	 * says why.
	 */
	public static <T extends SciJavaPlugin> Map<String, T> of(final Class<T> type) {
		final ClassLoader loader = loader(type);
		synchronized (KNOWN) {
			@SuppressWarnings("unchecked")
			final Map<String, T> known = (Map<String, T>) KNOWN.computeIfAbsent(loader, l -> new HashMap<>()).computeIfAbsent(type,
				t -> find(type, loader));
			return known;
		}
	}

	/** The thread's, which in Fiji and ImageJ knows all plugins, unless it does not know us. */
	private static ClassLoader loader(final Class<?> type) {
		final ClassLoader context = Thread.currentThread().getContextClassLoader();
		try {
			if (context != null && context.loadClass(type.getName()) == type) return context;
		}
		catch (final ClassNotFoundException | LinkageError e) {
			// our own will do
		}
		return type.getClassLoader();
	}

	private static <T extends SciJavaPlugin> Map<String, T> find(final Class<T> type, final ClassLoader loader) {
		final List<Found<T>> all = new ArrayList<>();
		for (final IndexItem<Plugin> item : Index.load(Plugin.class, loader))
			if (isOf(item, type)) try {
				all.add(made(item, type, loader));
			}
			catch (final ReflectiveOperationException | RuntimeException | LinkageError e) {
				LOG.warning("The plugin " + item.className() + " is left out: " + e);
			}
		all.sort(Comparator.comparingDouble((Found<T> f) -> -f.priority).thenComparing(Found::className));
		final Map<String, T> byName = new LinkedHashMap<>();
		all.forEach(f -> byName.putIfAbsent(f.name, f.instance));
		return Collections.unmodifiableMap(byName);
	}

	private static boolean isOf(final IndexItem<Plugin> item, final Class<?> type) {
		try {
			return item.annotation().type() == type;
		}
		catch (final RuntimeException | LinkageError e) {
			return false; // of a type that is not there
		}
	}

	private static <T> Found<T> made(final IndexItem<Plugin> item, final Class<T> type, final ClassLoader loader)
		throws ReflectiveOperationException
	{
		final String name = item.annotation().name();
		if (name.isBlank()) throw new IllegalArgumentException("it has no name");
		return new Found<>(name, item.annotation().priority(), item.className(), Class.forName(item.className(), true, loader)
			.asSubclass(type).getDeclaredConstructor().newInstance());
	}

	/**
	 * @param what for the message, "Restoration"
	 * @throws IllegalArgumentException if there is none of that name
	 */
	public static <T extends SciJavaPlugin> T named(final Class<T> type, final String what, final String name) {
		final T found = of(type).get(name);
		if (found == null) throw new IllegalArgumentException(what + " must be one of " + List.copyOf(of(type).keySet()) +
			", got \"" + name + "\"");
		return found;
	}
}
