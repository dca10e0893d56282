package io.github.learningtodeblur.backend.cpu;

import java.lang.reflect.InvocationTargetException;
import java.util.logging.Logger;

/** Chooses the hot loops, once per JVM, and says in one log line which and why. */
final class KernelChoice {

	private static final Logger LOG = Logger.getLogger(KernelChoice.class.getName());
	static final String MODULE = "jdk.incubator.vector";
	static final Kernels BEST = choose();

	private KernelChoice() {}

	private static Kernels choose() {
		final String obstacle = obstacleToVectors();
		if (obstacle == null) try {
			// by name: the class must not be linked where the module is absent
			final Kernels kernels = (Kernels) Class.forName(KernelChoice.class.getPackageName() +
				".VectorKernels").getDeclaredConstructor().newInstance();
			LOG.fine(() -> "CPU loops: " + kernels.name());
			return kernels;
		}
		catch (final ReflectiveOperationException | LinkageError e) {
			final Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
			return plain("the vector module does not start (" + cause + ")");
		}
		return plain(obstacle);
	}

	private static Kernels plain(final String why) {
		LOG.info("CPU loops: plain Java, because " + why + ". Start Java with --add-modules " + MODULE +
			" for several times the speed (README, 'Fast CPU path').");
		return new ScalarKernels();
	}

	/** Null where the vector module is there and compiled by C2; else the reason why not. */
	private static String obstacleToVectors() {
		if (ModuleLayer.boot().findModule(MODULE).isEmpty()) return "module " + MODULE +
			" is not loaded";
		final String vm = System.getProperty("java.vm.name", "");
		if (!vm.contains("HotSpot") && !vm.contains("OpenJDK") && !vm.contains("Server VM"))
			return "this Java VM (" + vm + ") may run vector code unoptimised";
		return null;
	}
}
