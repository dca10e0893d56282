package io.github.learningtodeblur.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class KernelChoiceTest {

	/** The tests are run twice, with the vector module and without. */
	@Test
	void vectorsIfTheModuleIsLoaded() {
		final boolean loaded = ModuleLayer.boot().findModule(KernelChoice.MODULE).isPresent();
		final boolean wide = loaded && VectorKernels.bits() >= KernelChoice.leastBits(System.getProperty(
			"os.arch"));
		assertEquals(wide ? VectorKernels.class : ScalarKernels.class, KernelChoice.BEST.getClass());
	}

	@Test
	void narrowVectorsPayOnArmOnly() {
		assertEquals(128, KernelChoice.leastBits("aarch64"));
		assertEquals(256, KernelChoice.leastBits("amd64"));
	}
}
