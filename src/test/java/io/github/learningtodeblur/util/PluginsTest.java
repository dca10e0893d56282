package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.plugin.PluginInfo;
import org.scijava.plugin.PluginService;

import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.train.BlurFamilies;
import io.github.learningtodeblur.train.BlurFamily;

/** Restorations and blur families of ours and of others, with and without SciJava. */
class PluginsTest {

	private static final List<String> RESTORATIONS = List.of("learned", "learned-text", "learned-microscopy", "sparse", "wiener", "richardson-lucy");
	private static final List<String> BLURS = List.of("camera-shake", "defocus", "gaussian", "motion", "mixed", "paper-shake");

	/** What somebody else's jar has: compiled with SciJava's annotation processor, as Maven does it. */
	private static final String OTHERS = """
		package others;
		import io.github.learningtodeblur.restore.Restoration;
		import io.github.learningtodeblur.train.BlurFamily;
		import io.github.learningtodeblur.util.*;
		import org.scijava.plugin.Plugin;
		public class Others {
			@Plugin(type = Restoration.class, name = "as-it-is", priority = -50)
			public static class AsItIs implements Restoration {
				public Plane restore(Plane blurry, Plane kernel, Progress progress) { return blurry.copy(); }
			}
			@Plugin(type = Restoration.class, name = "broken")
			public static class Broken implements Restoration {
				public Broken() { throw new IllegalStateException("never"); }
				public Plane restore(Plane blurry, Plane kernel, Progress progress) { return null; }
			}
			@Plugin(type = Restoration.class)
			public static class Nameless extends AsItIs {}
			@Plugin(type = Restoration.class, name = "wiener", priority = -100)
			public static class Second extends AsItIs {}
			@Plugin(type = BlurFamily.class, name = "corner", priority = 100)
			public static class Corner implements BlurFamily {
				public Plane sample(int size, java.util.random.RandomGenerator random) {
					Plane p = new Plane(size, size);
					p.pixels()[size * size / 2] = 1;
					return p;
				}
			}
		}
		""";

	@Test
	void oursWithoutSciJava() {
		assertEquals(RESTORATIONS, Restorations.names());
		assertEquals(BLURS, BlurFamilies.names());
		for (final String name : RESTORATIONS)
			assertEquals(Restorations.named(name), Restorations.named(name, 2).withStrength(0.5), name);
		assertTrue(assertThrows(IllegalArgumentException.class, () -> ((Restoration) (b, k, p) -> b).withStrength(2)).getMessage()
			.contains("has no strength"));
		assertEquals("Blur must be one of " + BLURS + ", got \"haze\"", assertThrows(IllegalArgumentException.class,
			() -> BlurFamilies.of("haze")).getMessage());
	}

	/** SciJava finds the same, by the same declaration. */
	@Test
	void oursWithSciJava() {
		try (Context context = new Context(PluginService.class)) {
			final PluginService plugins = context.service(PluginService.class);
			assertEquals(RESTORATIONS, plugins.getPluginsOfType(Restoration.class).stream().map(PluginInfo::getName).toList());
			assertEquals(BLURS, plugins.getPluginsOfType(BlurFamily.class).stream().map(PluginInfo::getName).toList());
			assertEquals(Restorations.named("wiener", 2), plugins.createInstance(plugins.getPluginsOfType(Restoration.class).get(
				4)).withStrength(2));
			for (final PluginInfo<Restoration> p : plugins.getPluginsOfType(Restoration.class))
				assertFalse(p.getDescription().isBlank());
		}
	}

	@Test
	void othersAreFoundAndBrokenOnesLeftOut(@TempDir final Path folder) throws IOException {
		Files.writeString(folder.resolve("Others.java"), OTHERS);
		assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), "-cp", System
			.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), "-processor",
			"org.scijava.annotations.AnnotationProcessor", folder.resolve("Others.java").toString()));
		final ClassLoader before = Thread.currentThread().getContextClassLoader();
		try (URLClassLoader loader = new URLClassLoader(new URL[] { folder.toUri().toURL() }, before)) {
			Thread.currentThread().setContextClassLoader(loader);
			assertEquals(List.of("learned", "learned-text", "learned-microscopy", "sparse", "wiener", "richardson-lucy", "as-it-is"), Restorations.names());
			final Plane image = new Plane(9, 9);
			assertEquals(image, Restorations.named("as-it-is").restore(image, image, Progress.NONE));
			assertEquals("WienerRestoration", Restorations.named("wiener").getClass().getSimpleName());
			assertEquals("corner", BlurFamilies.names().get(0), "priority decides");
			assertEquals(1, BlurFamilies.of("corner").sample(5, new SplittableRandom(1)).get(2, 2));
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
		assertEquals(RESTORATIONS, Restorations.names(), "no longer there");
		assertNotNull(Plugins.of(Restoration.class));
	}

	/** As where a thread's class loader has never heard of us. */
	@Test
	void aStrangeClassLoader() {
		final ClassLoader before = Thread.currentThread().getContextClassLoader();
		try {
			Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
			assertEquals(RESTORATIONS, Restorations.names());
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
	}
}
