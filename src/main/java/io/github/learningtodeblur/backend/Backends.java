package io.github.learningtodeblur.backend;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.backend.cuda.CudaBackend;

/** Where a device is chosen: the only class outside their packages that knows which there are. */
public final class Backends {

	/** An NVIDIA GPU if one can be used, else the CPU, and a line in the log says why. */
	public static final String AUTO = "auto";

	public static final String CPU = "cpu";

	/** An NVIDIA GPU, or an error that says what is missing and what to do. */
	public static final String CUDA = "cuda";

	/** A property of the Java VM that says what {@value #AUTO} stands for: where a card makes trouble, and for tests. */
	public static final String PROPERTY = "deblur.device";

	private static final Logger LOG = Logger.getLogger(Backends.class.getName());

	/** Lines in the log, each of which is written once. */
	private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

	/** By name. */
	private static final Map<String, Backend> SHARED = new HashMap<>();

	private Backends() {}

	/** {@link #open(String)}, automatic. */
	public static Backend open() {
		return open(AUTO);
	}

	/**
	 * A device with memory of its own, to be closed by whoever opened it.
	 *
	 * @param device {@value #AUTO}, {@value #CPU} or {@value #CUDA}
	 * @throws BackendUnavailable if {@value #CUDA} is asked for, and cannot be used
	 */
	public static Backend open(final String device) {
		return switch (device) {
			case AUTO -> automatic(Backends::open);
			case CPU -> new CpuBackend();
			case CUDA -> cuda();
			default -> throw new IllegalArgumentException("Device must be one of [" + AUTO + ", " + CPU + ", " + CUDA +
				"], got \"" + device + "\"");
		};
	}

	/** {@link #shared(String)}, automatic. */
	public static Backend shared() {
		return shared(AUTO);
	}

	/**
	 * The device of all who have none of their own, opened on first use. It lives as long as the Java VM: closing it does nothing.
	 *
	 * @param device see {@link #open(String)}
	 */
	public static synchronized Backend shared(final String device) {
		Backend found = SHARED.get(device);
		if (found == null) {
			found = device.equals(AUTO) ? automatic(Backends::shared) : kept(open(device));
			SHARED.put(device, found);
		}
		return found;
	}

	/**
	 * What a device is asked for; if it cannot do that, as when its memory does not suffice, the same on the CPU, and a line in
	 * the log says why.
	 *
	 * @param onCpu the same work, on the device it is given
	 */
	public static <T> T orOnCpu(final Supplier<T> work, final Function<Backend, T> onCpu) {
		try {
			return work.get();
		}
		catch (final RuntimeException e) {
			Throwable cause = e; // what runs in tasks comes back wrapped
			while (!(cause instanceof BackendUnavailable))
				if ((cause = cause.getCause()) == null) throw e;
			tell(Level.WARNING, "Goes on with the CPU, which takes longer: " + cause.getMessage());
			return onCpu.apply(shared(CPU));
		}
	}

	/** @param opener opens a device by its name */
	static Backend automatic(final Function<String, Backend> opener) {
		final String wanted = System.getProperty(PROPERTY, AUTO);
		if (!wanted.equals(AUTO)) return opener.apply(wanted);
		try {
			final Backend device = opener.apply(CUDA);
			tell(Level.INFO, "Device: " + device.name() + ".");
			return device;
		}
		catch (final BackendUnavailable e) {
			tell(Level.INFO, "Device: the CPU. " + e.getMessage());
			return opener.apply(CPU);
		}
	}

	private static Backend cuda() {
		try {
			return CudaBackend.open();
		}
		catch (final LinkageError e) {
			throw new BackendUnavailable("JCuda, which NVIDIA GPUs are used through, is not installed, or of another version (" + e +
				"): install this plugin anew", e);
		}
	}

	/** The same device, which others use: it cannot be closed. */
	private static Backend kept(final Backend device) {
		return (Backend) Proxy.newProxyInstance(Backend.class.getClassLoader(), new Class<?>[] { Backend.class }, (self, method,
			args) -> switch (method.getName()) {
				case "close" -> null;
				case "equals" -> self == args[0];
				default -> invoke(method, device, args);
			});
	}

	private static Object invoke(final Method method, final Backend device, final Object[] args) throws Throwable {
		try {
			return method.invoke(device, args);
		}
		catch (final InvocationTargetException e) {
			throw e.getCause();
		}
	}

	private static void tell(final Level level, final String line) {
		if (TOLD.add(line)) LOG.log(level, line);
	}
}
