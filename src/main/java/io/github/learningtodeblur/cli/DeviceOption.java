package io.github.learningtodeblur.cli;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import picocli.CommandLine.Option;

/** On what device to work, for all commands. */
final class DeviceOption {

	@Option(names = "--device", description = "auto (default): an NVIDIA GPU if one can be used, else the CPU; cpu; cuda: a GPU, or " +
		"an error that says what is missing")
	private String device = Backends.AUTO;

	/** As the user has named it. */
	String name() {
		return device;
	}

	/** The device of all who do not close it. */
	Backend shared() {
		return Backends.shared(device);
	}

	/** A device with memory of its own, to be closed. */
	Backend open() {
		return Backends.open(device);
	}
}
