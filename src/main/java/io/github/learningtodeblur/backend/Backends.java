package io.github.learningtodeblur.backend;

import io.github.learningtodeblur.backend.cpu.CpuBackend;

/** Where a device is chosen: the only class outside their packages that knows which there are. */
public final class Backends {

	private Backends() {}

	/** A device with memory of its own, to be closed by whoever opened it. */
	public static Backend open() {
		return new CpuBackend();
	}

	/** The device of all who have none of their own. It lives as long as the Java VM: closing it does nothing. */
	public static Backend shared() {
		return Shared.DEVICE;
	}

	/** Opened on first use. */
	private static final class Shared {

		private static final Backend DEVICE = new CpuBackend() {

			@Override
			public void close() {
				// others use it
			}
		};
	}
}
