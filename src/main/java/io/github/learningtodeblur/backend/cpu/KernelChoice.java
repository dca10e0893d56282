package io.github.learningtodeblur.backend.cpu;

import java.lang.reflect.InvocationTargetException;
import java.util.logging.Logger;

/** Chooses the hot loops, once per JVM, and says in one log line which and why. */
final class KernelChoice {

	private static final Logger LOG = Logger.getLogger(KernelChoice.class.getName());
	static final String MODULE = "jdk.incubator.vector";
	private static final String REMEDY = " Start a HotSpot Java VM with --add-modules " + MODULE +
		" for several times the speed (README, 'Fast CPU path').";
	static final Kernels BEST = choose();

	private KernelChoice() {}

	private static Kernels choose() {
		final String obstacle = obstacleToVectors();
		if (obstacle == null) try {
			// by name: the class must not be linked where the module is absent
			final Class<?> vectorKernels = Class.forName(KernelChoice.class.getPackageName() +
				".VectorKernels");
			final int bits = (int) vectorKernels.getDeclaredMethod("bits").invoke(null);
			final int least = leastBits(System.getProperty("os.arch", ""));
			if (bits < least) return plain("vectors of this processor have " + bits + " bit, and it takes " +
				least + " to be faster", "");
			final Kernels kernels = (Kernels) vectorKernels.getDeclaredConstructor().newInstance();
			LOG.info("CPU loops: " + kernels.name() + ", because the module is loaded; there are no faster ones.");
			return kernels;
		}
		catch (final ReflectiveOperationException | LinkageError e) {
			final Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
			return plain("the vector module does not start (" + cause + ")", "");
		}
		return plain(obstacle, REMEDY);
	}

	private static Kernels plain(final String why, final String remedy) {
		LOG.info("CPU loops: plain Java, because " + why + "." + remedy);
		return new ScalarKernels();
	}

	/** ARM multiplies vectors of 128 bit as fast as others do 256; on x86 those are from before 2011. */
	static int leastBits(final String architecture) {
		return architecture.equals("aarch64") ? 128 : 256;
	}

	/** Null where the vector module is there and compiled by C2; else the reason why not. */
	private static String obstacleToVectors() {
		if (ModuleLayer.boot().findModule(MODULE).isEmpty()) return "module " + MODULE +
			" is not loaded";
		final String vm = System.getProperty("java.vm.name", "") + ", " + System.getProperty(
			"java.vm.version", "");
		// elsewhere the module may be there, and run a thousand times slower
		if (!(vm.contains("HotSpot") || vm.contains("OpenJDK") || vm.contains("Server VM")) || vm
			.contains("jvmci")) return "this Java VM (" + vm + ") may run vector code unoptimised";
		return null;
	}
}
