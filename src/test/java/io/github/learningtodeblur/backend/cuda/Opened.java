package io.github.learningtodeblur.backend.cuda;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Backends on the emulated GPU, closed after each test, when everything has to be freed. */
final class Opened implements BeforeEachCallback, AfterEachCallback {

	private final List<CudaBackend> all = new ArrayList<>();

	@Override
	public void beforeEach(final ExtensionContext context) {
		EmulatedDevice.load();
	}

	CudaBackend open() {
		return open(Limits.USUAL);
	}

	CudaBackend open(final Limits limits) {
		final CudaBackend backend = CudaBackend.open(limits);
		all.add(backend);
		return backend;
	}

	@Override
	public void afterEach(final ExtensionContext context) {
		all.forEach(CudaBackend::close);
		if (!all.isEmpty()) EmulatedDevice.assertClean();
		all.clear();
	}
}
