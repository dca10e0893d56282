package io.github.learningtodeblur.backend.cuda;

import jcuda.driver.CUdeviceptr;

/** Memory of the device, whose address can be passed to kernels. */
final class DevicePointer extends CUdeviceptr {

	long address() {
		return getNativePointer();
	}
}
