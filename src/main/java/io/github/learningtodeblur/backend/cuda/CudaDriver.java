package io.github.learningtodeblur.backend.cuda;

import java.util.ArrayList;
import java.util.List;

import io.github.learningtodeblur.backend.BackendUnavailable;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Whether the driver and the cards of this machine will do; if not, in one sentence why, and what to do. */
final class CudaDriver {

	/** CUDA version of the oldest drivers that read our PTX: 1000 times the major number, 10 times the minor. */
	static final int LEAST_VERSION = 9000;

	/** Compute capability from which on cards can run it. */
	static final int LEAST_CAPABILITY = 5;

	/** Bytes of memory below which a card is not worth the trouble: most pictures would not fit. */
	static final long LEAST_MEMORY = 1L << 30;

	/**
	 * A card.
	 *
	 * @param number by which the driver knows it
	 * @param memory in bytes
	 */
	record Device(int number, String name, int major, int minor, long memory) {}

	/** What a driver tells. */
	interface Answers {

		/** A {@link CUresult}. */
		int init();

		/** See {@link #LEAST_VERSION}; known before {@link #init}. */
		int version();

		/** In the driver's order: the fastest first, unless its user wants another. */
		List<Device> devices();
	}

	private CudaDriver() {}

	/**
	 * The first card that will do.
	 *
	 * @throws BackendUnavailable if there is none, for whatever reason
	 */
	static Device require() {
		Natives.load();
		return require(new JCudaAnswers());
	}

	static Device require(final Answers driver) {
		final int version = driver.version();
		if (version < LEAST_VERSION) throw new BackendUnavailable("The NVIDIA driver is too old: it is made for CUDA " + text(version) +
			", and " + text(LEAST_VERSION) + " is needed. Update the driver");
		final int result = driver.init();
		if (result == CUresult.CUDA_ERROR_NO_DEVICE) throw noDevice();
		if (result != CUresult.CUDA_SUCCESS) throw failed(result);
		final List<Device> devices = driver.devices();
		if (devices.isEmpty()) throw noDevice();
		return devices.stream().filter(d -> d.major >= LEAST_CAPABILITY && d.memory >= LEAST_MEMORY).findFirst().orElseThrow(
			() -> tooLittle(devices.get(0)));
	}

	private static BackendUnavailable noDevice() {
		return new BackendUnavailable("There is an NVIDIA driver, but no NVIDIA GPU that it can use. If there should be one, see whether" +
			" the program nvidia-smi lists it; a container must be given the GPU, and CUDA_VISIBLE_DEVICES can hide it");
	}

	private static BackendUnavailable failed(final int result) {
		return new BackendUnavailable("The NVIDIA driver does not work (" + CUresult.stringFor(result) + "). After an update of the" +
			" driver, restart the computer; see whether the program nvidia-smi lists the GPU");
	}

	private static BackendUnavailable tooLittle(final Device d) {
		return new BackendUnavailable(d.major < LEAST_CAPABILITY ? "The GPU " + d.name + " is too old: its compute capability is " +
			d.major + "." + d.minor + ", and " + LEAST_CAPABILITY + ".0 is needed. Another card is needed, or the device cpu"
			: "The GPU " + d.name + " has too little memory: " + (d.memory >> 20) + " MB, and " + (LEAST_MEMORY >> 20) +
				" MB are needed. Another card is needed, or the device cpu");
	}

	private static String text(final int version) {
		return version / 1000 + "." + version % 1000 / 10;
	}

	/** The driver of this machine. */
	private static final class JCudaAnswers implements Answers {

		@Override
		public int init() {
			return JCudaDriver.cuInit(0);
		}

		@Override
		public int version() {
			return number(n -> JCudaDriver.cuDriverGetVersion(n));
		}

		@Override
		public List<Device> devices() {
			final List<Device> all = new ArrayList<>();
			final int count = number(JCudaDriver::cuDeviceGetCount);
			for (int i = 0; i < count; i++)
				all.add(device(i));
			return all;
		}

		private static Device device(final int i) {
			final CUdevice device = new CUdevice();
			check(JCudaDriver.cuDeviceGet(device, i));
			final byte[] name = new byte[256];
			check(JCudaDriver.cuDeviceGetName(name, name.length, device));
			final long[] memory = new long[1];
			check(JCudaDriver.cuDeviceTotalMem(memory, device));
			return new Device(i, new String(name).replaceAll("\0.*", ""), attribute(device,
				CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR), attribute(device,
					CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR), memory[0]);
		}

		private static int attribute(final CUdevice device, final int attribute) {
			return number(n -> JCudaDriver.cuDeviceGetAttribute(n, attribute, device));
		}

		private interface Question {

			int ask(int[] answer);
		}

		private static int number(final Question question) {
			final int[] n = new int[1];
			check(question.ask(n));
			return n[0];
		}

		private static void check(final int result) {
			if (result != CUresult.CUDA_SUCCESS) throw failed(result);
		}
	}
}
