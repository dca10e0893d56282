package io.github.learningtodeblur.backend.cpu;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.BackendContract;

/** {@link CpuBackend} with plain Java loops. */
class ScalarBackendTest extends BackendContract {

	@Override
	protected Backend newBackend() {
		return new CpuBackend(new ScalarKernels());
	}
}
