package io.github.learningtodeblur.backend.cuda;

import org.junit.jupiter.api.extension.RegisterExtension;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.BackendContract;

/** The contract on the emulated GPU. */
class CudaBackendTest extends BackendContract {

	@RegisterExtension
	final Opened opened = new Opened();

	@Override
	protected Backend newBackend() {
		return opened.open();
	}
}
