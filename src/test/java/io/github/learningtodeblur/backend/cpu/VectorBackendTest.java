package io.github.learningtodeblur.backend.cpu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.BackendContract;

/** {@link CpuBackend} with the loops of the vector module; skipped where the JVM was started without. */
class VectorBackendTest extends BackendContract {

	@BeforeEach
	void vectorModule() {
		assumeTrue(ModuleLayer.boot().findModule(KernelChoice.MODULE).isPresent(),
			"start Java with --add-modules " + KernelChoice.MODULE);
	}

	@Override
	protected Backend newBackend() {
		return new CpuBackend(new VectorKernels());
	}
}
