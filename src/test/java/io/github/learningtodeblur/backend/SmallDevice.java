package io.github.learningtodeblur.backend;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.learningtodeblur.backend.cpu.CpuBackend;

/** Stands for a card with little memory: no tensor may be larger. */
public final class SmallDevice {

	private final CpuBackend cpu = new CpuBackend();
	private final AtomicInteger refused = new AtomicInteger();
	private final AtomicInteger granted = new AtomicInteger();
	private final Backend backend;

	/** @param values that a tensor may have at most */
	public SmallDevice(final int values) {
		backend = (Backend) Proxy.newProxyInstance(Backend.class.getClassLoader(), new Class<?>[] { Backend.class }, (self, method,
			args) -> {
			if (method.getName().equals("equals")) return self == args[0];
			if (method.getName().startsWith("allocate")) {
				if ((int) args[0] * (int) args[1] * (int) args[2] * (int) args[3] > values) {
					refused.incrementAndGet();
					throw new BackendUnavailable("The memory of a device for tests is full");
				}
				granted.incrementAndGet();
			}
			try {
				return method.invoke(cpu, args);
			}
			catch (final InvocationTargetException e) {
				throw e.getCause();
			}
		});
	}

	public Backend backend() {
		return backend;
	}

	/** How often there was too little memory. */
	public int refused() {
		return refused.get();
	}

	/** How often there was enough. */
	public int granted() {
		return granted.get();
	}
}
