package io.github.learningtodeblur.backend.cuda;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.BackendUnavailable;

/** All operations on an NVIDIA GPU. */
public final class CudaBackend {

	private CudaBackend() {}

	/** @throws BackendUnavailable if there is no driver, no device, or no kernels for it */
	public static Backend open() {
		final CudaDriver.Device device = CudaDriver.require();
		throw new BackendUnavailable("This version has no kernels for " + device.name());
	}
}
